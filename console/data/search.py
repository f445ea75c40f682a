"""The words clients and organizations are found by, and the list columns made beside them.

Kept in the same transaction as the rows they come from. A word table instead of the engines' own full-text
indexes: the same prefix search, ordering and result on SQLite and PostgreSQL.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.models.clients import client, client_word, identity
from console.data.models.contacts import contact
from console.data.models.organizations import (
    mail_domain,
    organization,
    organization_manager,
    organization_word,
)
from console.data.normalize import fold, identity_words, words
from console.data.normalize import mail_domain as domain_of

LAST = "\U0010ffff"
_CLIENT_COLUMNS = ("sort_name", "email", "mobile", "mail_domain", "organization_sort")
_ORGANIZATION_COLUMNS = ("sort_name", "domains", "manager")


# Refreshing


@dataclass(frozen=True, slots=True)
class Comparison:
    """How stored list columns and words differ from what they should be."""

    columns: list[dict[str, Any]]
    gone: set[tuple[int, str]]
    new: set[tuple[int, str]]

    def sentences(self, noun: str) -> list[str]:
        """One for each record that is wrong."""
        worded = {one for one, _ in self.gone | self.new}
        listed = {row["row_id"] for row in self.columns}
        return [f"{noun} {one}: the list columns are out of date" for one in sorted(listed)] + [
            f"{noun} {one}: the search words are out of date" for one in sorted(worded)
        ]


async def refresh_clients(connection: AsyncConnection, ids: Sequence[int]) -> int:
    """Make list columns and words of these clients anew, writing only what differs; returns how many differed."""
    found = await compare_clients(connection, ids, lock=True)
    await _write_columns(connection, client, _CLIENT_COLUMNS, found.columns)
    await _write_words(connection, client_word, client_word.c.client_id, found)
    return len({row["row_id"] for row in found.columns} | {one for one, _ in found.gone | found.new})


async def compare_clients(
    connection: AsyncConnection, ids: Sequence[int], *, lock: bool = False
) -> Comparison:
    """What is wrong with the list columns and words of these clients.

    ``lock`` keeps them from changing until the transaction ends: of two that touch one client, the second must
    see what the first has written.
    """
    owned = (
        select(client, organization.c.sort_name.label("organization_name"))
        .outerjoin(organization, organization.c.id == client.c.organization_id)
        .where(client.c.id.in_(ids))
    )
    if lock:
        owned = owned.order_by(client.c.id).with_for_update(of=client, key_share=True)
    rows = {row.id: row for row in await connection.execute(owned)}
    identities = await _grouped(
        connection, identity, ids, identity.c.live, identity.c.position, identity.c.id
    )
    names = await _grouped(connection, contact, ids, contact.c.deleted_at.is_(None), contact.c.id)
    columns, wanted = [], {}
    for client_id, row in rows.items():
        new = _client_columns(row, identities[client_id])
        if any(new[name] != getattr(row, name) for name in _CLIENT_COLUMNS):
            columns.append({"row_id": client_id, **new})
        wanted[client_id] = _client_words(row, identities[client_id], names[client_id])
    return await _compared(connection, client_word, client_word.c.client_id, ids, columns, wanted)


async def refresh_organizations(connection: AsyncConnection, ids: Sequence[int]) -> int:
    """The same for organizations, and the name their clients are sorted by."""
    found = await compare_organizations(connection, ids, lock=True)
    await _write_columns(connection, organization, _ORGANIZATION_COLUMNS, found.columns)
    await _write_words(connection, organization_word, organization_word.c.organization_id, found)
    for changed in found.columns:
        mine = client.c.organization_id == changed["row_id"]
        stale = client.c.organization_sort != changed["sort_name"]
        await connection.execute(
            update(client).where(mine, stale).values(organization_sort=changed["sort_name"])
        )
    return len({row["row_id"] for row in found.columns} | {one for one, _ in found.gone | found.new})


async def compare_organizations(
    connection: AsyncConnection, ids: Sequence[int], *, lock: bool = False
) -> Comparison:
    """What is wrong with the list columns and words of these organizations (``lock`` as for clients)."""
    listed = select(organization).where(organization.c.id.in_(ids))
    if lock:
        listed = listed.order_by(organization.c.id).with_for_update(key_share=True)
    rows = {row.id: row for row in await connection.execute(listed)}
    owned = (
        select(mail_domain.c.organization_id, mail_domain.c.domain)
        .where(mail_domain.c.organization_id.in_(ids))
        .order_by(mail_domain.c.id)
    )
    domains = await _pairs(connection, owned)
    people = (
        select(organization_manager.c.organization_id, client.c.name)
        .join(client, client.c.id == organization_manager.c.client_id)
        .where(organization_manager.c.organization_id.in_(ids))
        .order_by(organization_manager.c.id)
    )
    managers = await _pairs(connection, people)
    columns, wanted = [], {}
    for organization_id, row in rows.items():
        new = {
            "sort_name": fold(row.name),
            "domains": ", ".join(domains[organization_id]),
            "manager": ", ".join(managers[organization_id]),
        }
        if any(new[name] != getattr(row, name) for name in _ORGANIZATION_COLUMNS):
            columns.append({"row_id": organization_id, **new})
        found = words(row.name) | words(row.external_id)
        for name in domains[organization_id]:
            found |= identity_words("domain", name)
        wanted[organization_id] = found
    owner = organization_word.c.organization_id
    return await _compared(connection, organization_word, owner, ids, columns, wanted)


async def _pairs(connection: AsyncConnection, query: Select[Any]) -> dict[int, list[str]]:
    grouped: dict[int, list[str]] = defaultdict(list)
    for owner, name in await connection.execute(query):
        grouped[owner].append(name)
    return grouped


def _client_columns(row: Row[Any], identities: Iterable[Row[Any]]) -> dict[str, str]:
    own = [found for found in identities if found.contact_id is None]
    email = next((found.raw for found in own if found.type == "email"), "")
    phones = [found for found in own if found.type == "phone"]
    mobile = next((found.raw for found in phones if found.mobile), phones[0].raw if phones else "")
    return {
        "sort_name": fold(row.name),
        "email": email,
        "mobile": mobile,
        "mail_domain": domain_of(email) if email else "",
        "organization_sort": row.organization_name or "",
    }


def _client_words(row: Row[Any], identities: Iterable[Row[Any]], contacts: Iterable[Row[Any]]) -> set[str]:
    found = words(row.name) | words(row.username or "") | words(row.external_id)
    for one in identities:
        found |= identity_words(one.type, one.normalized)
    for one in contacts:
        found |= words(one.name)
    return found


async def _grouped(
    connection: AsyncConnection, table: Table, ids: Sequence[int], where: ColumnElement[bool], *order: Any
) -> dict[int, list[Row[Any]]]:
    grouped: dict[int, list[Row[Any]]] = defaultdict(list)
    query = select(table).where(table.c.client_id.in_(ids), where).order_by(*order)
    for row in await connection.execute(query):
        grouped[row.client_id].append(row)
    return grouped


async def _write_columns(
    connection: AsyncConnection, table: Table, names: Sequence[str], rows: list[dict[str, Any]]
) -> None:
    if rows:
        statement = (
            update(table)
            .where(table.c.id == bindparam("row_id"))
            .values({name: bindparam(name) for name in names})
        )
        await connection.execute(statement, rows)


async def _compared(
    connection: AsyncConnection,
    table: Table,
    owner: ColumnElement[int],
    ids: Sequence[int],
    columns: list[dict[str, Any]],
    wanted: dict[int, set[str]],
) -> Comparison:
    query = select(owner, table.c.word).where(owner.in_(ids))
    stored = {(row[0], row[1]) for row in await connection.execute(query)}
    fresh = {(record_id, word) for record_id, found in wanted.items() for word in found}
    return Comparison(columns, stored - fresh, fresh - stored)


async def _write_words(
    connection: AsyncConnection, table: Table, owner: Column[Any], found: Comparison
) -> None:
    if found.gone:
        one = delete(table).where(owner == bindparam("record_id"), table.c.word == bindparam("lost"))
        await connection.execute(
            one, [{"record_id": record_id, "lost": word} for record_id, word in sorted(found.gone)]
        )
    if found.new:
        await connection.execute(
            insert(table), [{owner.name: record_id, "word": word} for record_id, word in sorted(found.new)]
        )


# Finding


def prefix(table: Table, word: str) -> ColumnElement[bool]:
    """Words that begin so, as a range that an index serves on both engines."""
    return and_(table.c.word >= word, table.c.word < word + LAST)


def _beginnings(table: Table, word: str) -> ColumnElement[bool]:
    if word.isdigit() and len(word) >= 3:
        return or_(prefix(table, word), prefix(table, "~" + word[::-1]))
    return prefix(table, word)


def client_matches(typed: Sequence[str]) -> ColumnElement[bool]:
    """The condition that a client, or the client's organization, has a word beginning with each typed one."""
    return and_(*(_client_has(word) for word in typed))


def _client_has(word: str) -> ColumnElement[bool]:
    own = exists().where(client_word.c.client_id == client.c.id, _beginnings(client_word, word))
    named = select(organization_word.c.organization_id).where(prefix(organization_word, word))
    return or_(own, client.c.organization_id.in_(named))


def organization_matches(typed: Sequence[str]) -> ColumnElement[bool]:
    """The condition that an organization has a word beginning with each typed one."""
    owner = organization_word.c.organization_id
    return and_(
        *(exists().where(owner == organization.c.id, prefix(organization_word, word)) for word in typed)
    )


async def client_candidates(
    connection: AsyncConnection, typed: Sequence[str], limit: int
) -> list[int] | None:
    """The clients that have the rarest typed word, or None where more than ``limit`` have each of them."""
    for word in sorted(typed, key=len, reverse=True):
        own = (
            select(client_word.c.client_id).where(_beginnings(client_word, word)).distinct().limit(limit + 1)
        )
        found = set((await connection.execute(own)).scalars())
        if len(found) > limit:
            continue
        named = select(organization_word.c.organization_id).where(prefix(organization_word, word))
        members = select(client.c.id).where(client.c.organization_id.in_(named)).limit(limit + 1)
        found |= set((await connection.execute(members)).scalars())
        if len(found) <= limit:
            return sorted(found)
    return None
