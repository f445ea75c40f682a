"""The words clients and organizations are found by, and the list columns made beside them.

Kept in the same transaction as the rows they come from. A word table instead of the engines' own full-text
indexes: the same prefix search, ordering and result on SQLite and PostgreSQL.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
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


async def refresh_clients(connection: AsyncConnection, ids: Sequence[int]) -> None:
    """Make list columns and words of these clients anew, writing only what differs."""
    owned = (
        select(client, organization.c.sort_name.label("organization_name"))
        .outerjoin(organization, organization.c.id == client.c.organization_id)
        .where(client.c.id.in_(ids))
    )
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
    await _write_columns(connection, client, _CLIENT_COLUMNS, columns)
    await _write_words(connection, client_word, client_word.c.client_id, ids, wanted)


async def refresh_organizations(connection: AsyncConnection, ids: Sequence[int]) -> None:
    """The same for organizations, and the name their clients are sorted by."""
    rows = {
        row.id: row
        for row in await connection.execute(select(organization).where(organization.c.id.in_(ids)))
    }
    domains: dict[int, list[str]] = defaultdict(list)
    listed = (
        select(mail_domain.c.organization_id, mail_domain.c.domain)
        .where(mail_domain.c.organization_id.in_(ids))
        .order_by(mail_domain.c.id)
    )
    for owner, name in await connection.execute(listed):
        domains[owner].append(name)
    managers: dict[int, list[str]] = defaultdict(list)
    people = (
        select(organization_manager.c.organization_id, client.c.name)
        .join(client, client.c.id == organization_manager.c.client_id)
        .where(organization_manager.c.organization_id.in_(ids))
        .order_by(organization_manager.c.id)
    )
    for owner, name in await connection.execute(people):
        managers[owner].append(name)
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
    await _write_columns(connection, organization, _ORGANIZATION_COLUMNS, columns)
    await _write_words(connection, organization_word, organization_word.c.organization_id, ids, wanted)
    for changed in columns:
        mine = client.c.organization_id == changed["row_id"]
        stale = client.c.organization_sort != changed["sort_name"]
        await connection.execute(
            update(client).where(mine, stale).values(organization_sort=changed["sort_name"])
        )


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


async def _write_words(
    connection: AsyncConnection,
    table: Table,
    owner: ColumnElement[int],
    ids: Sequence[int],
    wanted: dict[int, set[str]],
) -> None:
    query = select(owner, table.c.word).where(owner.in_(ids))
    stored = {(row[0], row[1]) for row in await connection.execute(query)}
    fresh = {(record_id, word) for record_id, found in wanted.items() for word in found}
    name = owner.name  # type: ignore[attr-defined]
    if gone := stored - fresh:
        for record_id in {one for one, _ in gone}:
            lost = [word for one, word in gone if one == record_id]
            await connection.execute(delete(table).where(owner == record_id, table.c.word.in_(lost)))
    if new := fresh - stored:
        await connection.execute(insert(table), [{name: one, "word": word} for one, word in sorted(new)])


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
        own = select(client_word.c.client_id).where(_beginnings(client_word, word)).limit(limit + 1)
        found = set((await connection.execute(own)).scalars())
        if len(found) > limit:
            continue
        named = select(organization_word.c.organization_id).where(prefix(organization_word, word))
        members = select(client.c.id).where(client.c.organization_id.in_(named)).limit(limit + 1)
        found |= set((await connection.execute(members)).scalars())
        if len(found) <= limit:
            return sorted(found)
    return None
