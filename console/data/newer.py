"""What has come to a survivor since a merge: whose it is only staff can say, though much of it tells by itself."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    FromClause,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    exists,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.change import items_of
from console.data.dialect import DIALECTS, Dialect
from console.data.impact import chunks
from console.data.models.base import BIGINT
from console.data.models.billing import credit_lot, invoice
from console.data.models.clients import client_tag, identity, tag
from console.data.models.contacts import contact
from console.data.models.incidents import held, incident
from console.data.models.journal import journal_entry, journal_item
from console.data.models.notes import note
from console.data.models.settings import merge
from console.data.rebase import MERGES
from console.data.records.merging import NewRow

SHOWN = 200
"""Rows of a page that is shown; those that are only handed out are read ``AT_ONCE``."""

AT_ONCE = 1_000
LISTED: tuple[Table, ...] = (incident, held, note, contact, identity, invoice, credit_lot, client_tag)
FEW = 2_000
"""Items written since a merge up to which what came is looked for among them, and not among all rows of the holder."""
item = journal_item.c


@dataclass(frozen=True, slots=True)
class _Traces:
    """By what somebody who was merged is known: their addresses and numbers, their contacts; each with their id."""

    addresses: Mapping[str, int]
    contacts: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class _Kind:
    """How what came since is found: whether the survivor was merged in turn, and whether little was written since."""

    dialect: Dialect
    outer: bool
    few: bool


@dataclass(frozen=True, slots=True)
class Since:
    """Where to find what came to ``holder`` since a merge of clients; ``given`` is what the conditions take.

    An organization's clients are told by their own records: nothing comes to it. Where the survivor was merged in turn,
    those the holder got before that are none of theirs.
    """

    entry: Row[Any]
    holder: int
    kind: _Kind
    given: Mapping[str, int]

    @property
    def listed(self) -> bool:
        """Whether anything can have come."""
        return bool(self.entry.object_type == "client")

    def rows(self, table: Table) -> ColumnElement[bool]:
        """The condition that a row of a table came."""
        return _came(table, self.kind)


async def since(connection: AsyncConnection, entry: Row[Any], holder: int) -> Since:
    """The same for the merge ``entry``, whose rows ``holder`` has now."""
    given = {"the_giver": holder, "the_merge": entry.id, "the_survivor": int(entry.object_id)}
    if holder != entry.object_id:
        given["the_outer"] = await _outer(connection, int(entry.object_id))
    few = len((await connection.execute(_WRITTEN, {"the_merge": entry.id})).all()) <= FEW
    kind = _Kind(DIALECTS[connection.dialect.name], outer="the_outer" in given, few=few)
    return Since(entry, holder, kind, given)


_WRITTEN = (
    select(literal_column("1", BIGINT))
    .where(item.entry_id > bindparam("the_merge", type_=BIGINT))
    .limit(FEW + 1)
)


async def count(connection: AsyncConnection, found: Since, *, after: int = 0) -> int:
    """How many rows behind that id came."""
    if not found.listed:
        return 0
    given = {**found.given, "the_after": after}
    return int((await connection.execute(_count(found.kind), given)).scalar_one())


@cache
def _count(kind: _Kind) -> Select[Any]:
    after = bindparam("the_after", type_=BIGINT)
    counts = [
        select(func.count().label("number")).select_from(table).where(_came(table, kind), table.c.id > after)
        for table in LISTED
    ]
    every = union_all(*counts).subquery()
    return select(func.sum(every.c.number))


async def rows(connection: AsyncConnection, found: Since, *, after: int = 0) -> list[NewRow]:
    """The next ``SHOWN`` rows behind that id, oldest first, with whose each seems to be."""
    if not found.listed:
        return []
    traces = await _traces(connection, found.entry)
    return [
        NewRow(
            one.table.name,
            one.row.id,
            await _label(connection, one.table, one.row),
            getattr(one.row, "created_at", None),
            one.suggested,
            one.why,
        )
        for one in await _page(connection, found, traces, after, SHOWN)
    ]


async def suggestions(connection: AsyncConnection, found: Since) -> AsyncIterator[tuple[str, int, int]]:
    """Of every row its table, its id, and whose it seems to be; read a page at a time."""
    if not found.listed:
        return
    traces, after = await _traces(connection, found.entry), 0
    while page := await _page(connection, found, traces, after, AT_ONCE):
        for one in page:
            yield one.table.name, one.row.id, one.suggested
        after = page[-1].row.id


async def known_by(connection: AsyncConnection, since: Since) -> dict[int, str]:
    """An address or number of each of those merged, where there is one: it tells apart who has the same name."""
    if not since.listed:
        return {}
    giver = since.holder
    brought = (await _traces(connection, since.entry)).addresses
    mine = and_(identity.c.client_id == giver, identity.c.contact_id.is_(None))
    query = select(identity.c.normalized, identity.c.raw).where(mine)
    own = (await connection.execute(query.order_by(identity.c.position, identity.c.id))).all()
    found = {brought.get(row.normalized, giver): row.raw for row in reversed(own)}
    return {one: raw for one, raw in found.items() if raw}


@dataclass(frozen=True, slots=True)
class _New:
    """A row that came since, whose it seems to be, and why."""

    table: Table
    row: Row[Any]
    suggested: int
    why: str


async def _page(
    connection: AsyncConnection, since: Since, traces: _Traces, after: int, limit: int
) -> list[_New]:
    """The next rows behind an id, of all tables together."""
    found: list[tuple[Table, Row[Any]]] = []
    for table in LISTED:
        behind = and_(since.rows(table), table.c.id > after)
        query = select(table).where(behind).order_by(table.c.id).limit(limit)
        found += [(table, row) for row in await connection.execute(query, since.given)]
    listed = sorted(found, key=lambda one: one[1].id)[:limit]
    former: dict[int, int] = {}
    for table in LISTED:
        older = [row.id for mine, row in listed if mine is table and row.id < since.entry.id]
        former |= await _former(connection, since.entry, table, older)
    page = []
    for table, row in listed:
        whose, why = (former[row.id], "was theirs") if row.id in former else _whose(row, traces)
        page.append(_New(table, row, whose or since.holder, why))
    return page


async def tables_of(connection: AsyncConnection, since: Since, ids: Sequence[int]) -> dict[int, str]:
    """Of these rows those that came since, shown or not, each with its table."""
    found: dict[int, str] = {}
    for table in LISTED if since.listed else ():
        for some in chunks(ids):
            query = select(table.c.id).where(table.c.id.in_(some), since.rows(table))
            ours = await connection.execute(query, since.given)
            found |= dict.fromkeys(ours.scalars(), table.name)
    return found


async def _former(
    connection: AsyncConnection, entry: Row[Any], table: Table, ids: Sequence[int]
) -> dict[int, int]:
    """Whose rows were when they were deleted, before a merge: one of those whom it absorbed."""
    whose = DIALECTS[connection.dialect.name].unpack(item.before, _owner(table), "client_id")
    absorbed = select(merge.c.absorbed_id).where(merge.c.entry_id == entry.id)
    query = (
        select(item.row_id, whose)
        .where(
            item.row_id.in_(ids),
            item.subject_id != item.row_id,
            item.table_name == table.name,
            item.op == "delete",
            item.entry_id < entry.id,
            whose.in_(absorbed),
        )
        .order_by(item.entry_id)
    )
    return {row[0]: row[1] for row in await connection.execute(query)} if ids else {}


@cache
def _came(table: Table, kind: _Kind) -> ColumnElement[bool]:
    """Rows of a table that came to the holder after the merge, and not by it: younger ones, and those given to them."""
    since, beyond = bindparam("the_merge", type_=BIGINT), bindparam("the_outer", type_=BIGINT)
    given = _given_lately if kind.few else _given
    merged = select(item.row_id).where(item.entry_id == since, item.table_name == table.name)
    came = or_(table.c.id > since, given(table, since))
    whose = table.c.client_id == bindparam("the_giver", type_=BIGINT)
    younger = and_(whose, came, table.c.id.not_in(merged))
    if table is identity:
        younger = and_(younger, identity.c.contact_id.is_(None))
    if table is held:
        younger = and_(younger, held.c.incident_id.is_(None))
    if not kind.outer:
        return younger
    former = kind.dialect.unpack(item.before, _owner(table), "client_id")
    brought = select(item.row_id).where(
        item.entry_id == beyond,
        item.table_name == table.name,
        item.op == "update",
        former == bindparam("the_survivor", type_=BIGINT),
    )
    return and_(younger, or_(table.c.id > beyond, given(table, beyond), table.c.id.in_(brought)))


def _given(table: Table, since: BindParameter[int]) -> ColumnElement[bool]:
    """Whether a row was brought back or given to another after an entry, but by no merge nor the undo of one."""
    later, head = journal_item.alias(), journal_entry.alias()
    return exists().where(items_of(later, table.c.id), *_gives(table, since, later, head))


def _given_lately(table: Table, since: BindParameter[int]) -> ColumnElement[bool]:
    """The same where all that was written after it is soon looked through."""
    later, head = journal_item.alias(), journal_entry.alias()
    return table.c.id.in_(select(later.c.row_id).where(*_gives(table, since, later, head)))


def _gives(
    table: Table, since: BindParameter[int], later: FromClause, head: FromClause
) -> tuple[ColumnElement[bool], ...]:
    written = literal(",").concat(later.c.columns).concat(",")
    return (
        later.c.table_name == table.name,
        later.c.entry_id > since,
        or_(later.c.op == "insert", written.contains(",client_id,")),
        head.c.id == later.c.entry_id,
        no_merge(head),
    )


def no_merge(entry: FromClause) -> ColumnElement[bool]:
    """Whether an entry (of the journal's, or an alias of it) is neither a merge nor the undo of one."""
    undone = and_(entry.c.undoes.is_not(None), entry.c.detail.in_(MERGES))
    return and_(entry.c.action.not_in(MERGES), not_(undone))


def _owner(table: Table) -> Column[Any]:
    return table.c.client_id


async def _outer(connection: AsyncConnection, absorbed: int) -> int:
    """The merge by which a survivor was merged in turn."""
    query = (
        select(merge.c.entry_id).where(merge.c.absorbed_id == absorbed).order_by(merge.c.id.desc()).limit(1)
    )
    return int((await connection.execute(query)).scalar_one())


async def _traces(connection: AsyncConnection, entry: Row[Any]) -> _Traces:
    dialect = DIALECTS[connection.dialect.name]

    def moved(table: Table) -> Any:
        whose = dialect.unpack(item.before, _owner(table), "client_id")
        mine = and_(
            item.entry_id == entry.id,
            item.table_name == table.name,
            item.op == "update",
            item.columns.contains("client_id"),
        )
        return whose, journal_item.join(table, table.c.id == item.row_id), mine

    whose, joined, mine = moved(identity)
    query = select(identity.c.normalized, whose).select_from(joined).where(mine)
    addresses = {row[0]: row[1] for row in await connection.execute(query)}
    whose, joined, mine = moved(contact)
    query = select(contact.c.id, whose).select_from(joined).where(mine)
    contacts = {row[0]: row[1] for row in await connection.execute(query)}
    made = select(contact.c.id, contact.c.was_client_id).where(
        contact.c.id.in_(select(item.row_id).where(item.entry_id == entry.id, item.op == "insert")),
        contact.c.was_client_id.is_not(None),
    )
    contacts |= {row[0]: row[1] for row in await connection.execute(made)}
    return _Traces(addresses, contacts)


def _whose(row: Row[Any], traces: _Traces) -> tuple[int | None, str]:
    """Whose a row seems to be, and why; None where nothing tells."""
    person = getattr(row, "contact_id", None)
    if person is not None and person in traces.contacts:
        return traces.contacts[person], "by a contact of theirs"
    for name in ("reply_address", "sender_address", "sender"):
        address = str(getattr(row, name, "")).strip().lower()
        if address in traces.addresses:
            return traces.addresses[address], f"from {address}"
    return None, ""


async def _label(connection: AsyncConnection, table: Table, row: Row[Any]) -> str:
    if table is incident:
        return f"INC-{row.number:06d} {row.subject}"
    if table is client_tag:
        return "tag " + str(
            (await connection.execute(select(tag.c.name).where(tag.c.id == row.tag_id))).scalar_one()
        )
    if table is credit_lot:
        unit = "min" if row.unit == "minutes" else "incidents"
        return f"credit {row.remaining} {unit} {row.reason}".strip()
    texts = {note: "text", contact: "name", identity: "raw", invoice: "number", held: "subject"}
    noun = "held" if table is held else table.name
    return f"{noun} {getattr(row, texts[table])}"
