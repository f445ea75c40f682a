"""The words clients and organizations are found by, and the list columns made beside them.

Kept in the same transaction as the rows they come from. A word table instead of the engines' own full-text
indexes: the same prefix search, ordering and result on SQLite and PostgreSQL.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    Delete,
    FromClause,
    Row,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    cast,
    delete,
    exists,
    false,
    literal_column,
    null,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.client_words import ClientWords
from console.data.freed import theirs
from console.data.models.base import BIGINT, TEXT
from console.data.models.clients import client, client_tag, client_word, identity, tag
from console.data.models.contacts import contact
from console.data.models.organizations import (
    mail_domain,
    organization,
    organization_manager,
    organization_word,
)
from console.data.normalize import fold, identity_words, words
from console.data.normalize import mail_domain as domain_of
from console.data.one_trip import run_together, written

K = TypeVar("K")
V = TypeVar("V")
LAST = "\U0010ffff"
_CLIENT_COLUMNS = ("sort_name", "email", "mobile", "mail_domain", "organization_sort")
_INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_BESIDE = ("sort_name", "kind", "heads")
_ORGANIZATION_COLUMNS = ("sort_name", "domains", "manager")


# Refreshing


@dataclass(frozen=True, slots=True)
class Comparison:
    """How stored list columns and words differ from what they should be.

    ``managers`` are those of the clients who are managers, ``renamed`` the organizations with another name, ``moved``
    those with other mail domains.
    """

    columns: list[dict[str, Any]]
    gone: set[tuple[int, str]]
    wrong_words: dict[tuple[int, str], dict[str, Any]]
    """What rows that are missing, or hold something else, should hold beside record and word."""
    managers: frozenset[int] = frozenset()
    renamed: frozenset[int] = frozenset()
    moved: frozenset[int] = frozenset()

    @property
    def wrong(self) -> set[int]:
        """The ids of the records that differ."""
        return {row["row_id"] for row in self.columns} | self._wordy

    @property
    def _wordy(self) -> set[int]:
        return {one for one, _ in (*self.gone, *self.wrong_words)}

    def sentences(self, noun: str) -> list[str]:
        """One for each record that is wrong."""
        worded = self._wordy
        listed = {row["row_id"] for row in self.columns}
        return [f"{noun} {one}: the list columns are out of date" for one in sorted(listed)] + [
            f"{noun} {one}: the search words are out of date" for one in sorted(worded)
        ]


async def refresh_clients(connection: AsyncConnection, ids: Sequence[int]) -> Comparison:
    """Make list columns and words of these clients anew, writing only what differs; returns what did.

    The caller has locked them: of two that touch one client, the second must see what the first has written.
    """
    found = await compare_clients(connection, ids)
    await _write_columns(connection, client, _CLIENT_COLUMNS, found.columns)
    await _write_words(connection, client_word, client_word.c.client_id, found)
    return found


async def compare_clients(connection: AsyncConnection, ids: Sequence[int]) -> Comparison:
    """What is wrong with the list columns and words of these clients."""
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in await connection.execute(_clients(), {"ids": ids}):
        found[row.client_id].append(row)
    columns: list[dict[str, Any]] = []
    stored: dict[tuple[int, str], dict[str, Any]] = {}
    fresh: dict[tuple[int, str], dict[str, Any]] = {}
    for client_id, rows in found.items():
        identities = sorted((r for r in rows if r.kind == "identity"), key=lambda r: (r.position, r.own_id))
        new = _client_columns(rows[0], identities)
        if any(new[name] != getattr(rows[0], name) for name in _CLIENT_COLUMNS):
            columns.append({"row_id": client_id, **new})
        for r in rows:
            if r.kind == "word":
                stored[client_id, r.text] = {"sort_name": r.normalized, "kind": r.position, "heads": r.own_id}
        for word, one, *beside in _client_words(new["sort_name"], rows).rows(client_id):
            fresh[one, word] = dict(zip(_BESIDE, beside, strict=True))
    managers = frozenset(client_id for client_id, rows in found.items() if rows[0].manages)
    return Comparison(columns, stored.keys() - fresh.keys(), _differing(stored, fresh), managers)


def _differing(stored: Mapping[K, V], fresh: Mapping[K, V]) -> dict[K, V]:
    return {key: value for key, value in fresh.items() if stored.get(key) != value}


@cache
def _clients() -> Select[Any]:
    """Clients (``ids`` is the parameter) beside each of their identities, contacts, tags and stored words.

    One query, built once, for it runs in every edit. A word's kind, heads and name stand in the columns that an
    identity has for its position, id and normalized form.
    """
    i, c, w = identity.c, contact.c, client_word.c
    ids = bindparam("ids", expanding=True, type_=BIGINT)
    nobody, zero, empty = cast(null(), BIGINT), literal_column("0", BIGINT), literal_column("''", TEXT)
    own = (i.contact_id, i.position, i.id.label("own_id"), i.type, i.normalized, i.mobile)
    blank = (nobody, zero, zero, empty, empty, false())
    belongings = union_all(
        select(_kind("identity"), i.client_id.label("owner"), i.raw.label("text"), *own).where(
            i.client_id.in_(ids), theirs()
        ),
        select(_kind("contact"), c.client_id, c.name, *blank).where(
            c.client_id.in_(ids), c.deleted_at.is_(None)
        ),
        select(_kind("tag"), client_tag.c.client_id, tag.c.name, *blank)
        .join(tag, tag.c.id == client_tag.c.tag_id)
        .where(client_tag.c.client_id.in_(ids)),
        select(
            _kind("word"), w.client_id, w.word, nobody, w.kind, w.heads, empty, w.sort_name, false()
        ).where(w.client_id.in_(ids)),
    ).subquery()
    manages = exists().where(organization_manager.c.client_id == client.c.id)
    return (
        select(
            client.c.id.label("client_id"),
            client.c.name,
            client.c.username,
            client.c.external_id,
            *(client.c[name] for name in _CLIENT_COLUMNS),
            organization.c.sort_name.label("organization_name"),
            manages.label("manages"),
            *belongings.c,
        )
        .outerjoin(organization, organization.c.id == client.c.organization_id)
        .outerjoin(belongings, belongings.c.owner == client.c.id)
        .where(client.c.id.in_(ids))
    )


def _kind(name: str) -> ColumnElement[str]:
    return literal_column(f"'{name}'", TEXT).label("kind")


async def refresh_organizations(connection: AsyncConnection, ids: Sequence[int]) -> Comparison:
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
    return found


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
    columns: list[dict[str, Any]] = []
    fresh: dict[tuple[int, str], dict[str, Any]] = {}
    renamed, moved = set(), set()
    for organization_id, row in rows.items():
        new = {
            "sort_name": fold(row.name),
            "domains": ", ".join(domains[organization_id]),
            "manager": ", ".join(managers[organization_id]),
        }
        if any(new[name] != getattr(row, name) for name in _ORGANIZATION_COLUMNS):
            columns.append({"row_id": organization_id, **new})
        if new["sort_name"] != row.sort_name:
            renamed.add(organization_id)
        if new["domains"] != row.domains:
            moved.add(organization_id)
        found = words(row.name) | words(row.external_id)
        for name in domains[organization_id]:
            found |= identity_words("domain", name)
        fresh |= {(organization_id, word): {} for word in found}
    owner, word = organization_word.c.organization_id, organization_word.c.word
    kept = await connection.execute(select(owner, word).where(owner.in_(ids)))
    stored: dict[tuple[int, str], dict[str, Any]] = {(row[0], row[1]): {} for row in kept}
    gone, wrong_words = stored.keys() - fresh.keys(), _differing(stored, fresh)
    return Comparison(columns, gone, wrong_words, renamed=frozenset(renamed), moved=frozenset(moved))


async def _pairs(connection: AsyncConnection, query: Select[Any]) -> dict[int, list[str]]:
    grouped: dict[int, list[str]] = defaultdict(list)
    for owner, name in await connection.execute(query):
        grouped[owner].append(name)
    return grouped


def _client_columns(row: Row[Any], identities: Iterable[Row[Any]]) -> dict[str, str]:
    own = [found for found in identities if found.contact_id is None]
    email = next((found.text for found in own if found.type == "email"), "")
    phones = [found for found in own if found.type == "phone"]
    mobile = next((found.text for found in phones if found.mobile), phones[0].text if phones else "")
    return {
        "sort_name": fold(row.name),
        "email": email,
        "mobile": mobile,
        "mail_domain": domain_of(email) if email else "",
        "organization_sort": row.organization_name or "",
    }


def _client_words(sort_name: str, rows: Sequence[Row[Any]]) -> ClientWords:
    row = rows[0]
    found = ClientWords(sort_name, row.name)
    found.coded(row.username or "", row.external_id)
    found.belongs(row.organization_name or "")
    for one in rows:
        if one.kind == "identity":
            found.reached(one.type, one.normalized)
        elif one.kind == "contact":
            found.named(one.text)
        elif one.kind == "tag":
            found.tagged(one.text)
    return found


async def _write_columns(
    connection: AsyncConnection, table: Table, names: tuple[str, ...], rows: list[dict[str, Any]]
) -> None:
    if rows:
        await connection.execute(_columns_update(table, names), rows)


async def _write_words(
    connection: AsyncConnection, table: Table, owner: Column[Any], found: Comparison
) -> None:
    parts: list[tuple[Any, list[dict[str, Any]]]] = []
    if found.gone:
        gone = [{"record_id": one, "the_word": word} for one, word in sorted(found.gone)]
        parts.append((_word_delete(table, owner), gone))
    if found.wrong_words:
        rows = [
            {"record_id": one, "the_word": word, **beside}
            for (one, word), beside in sorted(found.wrong_words.items(), key=lambda pair: pair[0])
        ]
        parts.append((_word_upsert(table, owner, connection.dialect.name), rows))
    if connection.dialect.name != "sqlite":
        for statement, given in parts:
            await connection.execute(statement, given)
        return
    trips = []
    for statement, given in parts:
        sql, names = written(statement, connection.dialect)
        trips.append((sql, [tuple([row[name] for name in names]) for row in given]))
    if trips:
        await run_together(connection, trips)


@cache
def _columns_update(table: Table, names: tuple[str, ...]) -> Update:
    new: dict[str, Any] = {name: bindparam(name) for name in names}
    return update(table).where(table.c.id == bindparam("row_id")).values(new)


@cache
def _word_delete(table: Table, owner: Column[Any]) -> Delete:
    return delete(table).where(owner == bindparam("record_id"), table.c.word == bindparam("the_word"))


@cache
def _word_upsert(table: Table, owner: Column[Any], dialect: str) -> Any:
    """New words and those with something else beside them in one statement, for it runs in every edit of a name."""
    beside = [name for name in _BESIDE if name in table.c]
    values: dict[str, Any] = {owner.name: bindparam("record_id"), "word": bindparam("the_word")}
    statement: Any = _INSERTS[dialect](table).values(values | {name: bindparam(name) for name in beside})
    if not beside:
        return statement
    key = [column.name for column in table.primary_key]
    return statement.on_conflict_do_update(
        index_elements=key, set_={name: statement.excluded[name] for name in beside}
    )


# Finding


def prefix(table: FromClause, word: str) -> ColumnElement[bool]:
    """Words that begin so, as a range that an index serves on both engines."""
    return and_(table.c.word >= word, table.c.word < word + LAST)


def organization_matches(typed: Sequence[str]) -> ColumnElement[bool]:
    """The condition that an organization has a word beginning with each typed one."""
    owner = organization_word.c.organization_id
    return and_(
        *(exists().where(owner == organization.c.id, prefix(organization_word, word)) for word in typed)
    )
