"""What has come to a survivor since a merge: whose it is only staff can say, though much of it tells by itself."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    Row,
    Table,
    and_,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.change import Change, items_of
from console.data.dialect import DIALECTS
from console.data.errors import Refused
from console.data.impact import chunks
from console.data.models.base import metadata
from console.data.models.billing import credit_lot, invoice
from console.data.models.clients import client, client_tag, identity, tag
from console.data.models.contacts import contact
from console.data.models.incidents import held, incident, message
from console.data.models.journal import journal_entry, journal_item
from console.data.models.notes import note
from console.data.models.settings import merge
from console.data.rebase import MERGES
from console.data.records.merging import NewRow

SHOWN = 200
"""Rows of a page that is shown; those that are only handed out are read ``AT_ONCE``."""

AT_ONCE = 1_000
LISTED: tuple[Table, ...] = (incident, held, note, contact, identity, invoice, credit_lot, client_tag)
item = journal_item.c


@dataclass(frozen=True, slots=True)
class _Traces:
    """By what somebody who was merged is known: their addresses and numbers, their contacts; each with their id."""

    addresses: Mapping[str, int]
    contacts: Mapping[int, int]


async def holder(connection: AsyncConnection, entry: Row[Any]) -> int:
    """Who has the rows of a merge now: its survivor, or whom that one was merged into."""
    table = metadata.tables[entry.object_type]
    query = select(table.c.absorbed_into).where(table.c.id == entry.object_id)
    return (await connection.execute(query)).scalar() or int(entry.object_id)


async def lock(change: Change, entry: Row[Any]) -> None:
    """Keep others from writing to those a merge is about, in the order in which everybody locks: clients first."""
    table = metadata.tables[entry.object_type]
    absorbed = select(merge.c.absorbed_id).where(merge.c.entry_id == entry.id)
    giver = await holder(change.connection, entry)
    await change.dialect.lock(change.connection, table, or_(table.c.id == giver, table.c.id.in_(absorbed)))


async def check_there(connection: AsyncConnection, entry: Row[Any]) -> None:
    """Refused where whoever has the rows of a merge now is deleted: their addresses are free, and may be others'."""
    table = metadata.tables[entry.object_type]
    query = select(table.c.name, table.c.deleted_at).where(table.c.id == await holder(connection, entry))
    found = (await connection.execute(query)).first()
    if found is None or found.deleted_at is not None:
        name = found.name if found else "The survivor"
        raise Refused(f"{name} is deleted, so the merge cannot be undone. Restore them first.")


async def count(connection: AsyncConnection, entry: Row[Any], *, after: int = 0) -> int:
    """How many rows behind that id came since a merge; an organization's clients are told by their own records."""
    if entry.object_type != "client":
        return 0
    since = await _since(connection, entry)
    counts = [
        select(func.count().label("number")).select_from(table).where(since(table), table.c.id > after)
        for table in LISTED
    ]
    every = union_all(*counts).subquery()
    return int((await connection.execute(select(func.sum(every.c.number)))).scalar_one())


async def rows(connection: AsyncConnection, entry: Row[Any], *, after: int = 0) -> list[NewRow]:
    """The next ``SHOWN`` rows behind that id, oldest first, with whose each seems to be."""
    if entry.object_type != "client":
        return []
    came = await _came(connection, entry)
    return [
        NewRow(
            one.table.name,
            one.row.id,
            await _label(connection, one.table, one.row),
            getattr(one.row, "created_at", None),
            one.suggested,
            one.why,
        )
        for one in await _page(connection, came, after, SHOWN)
    ]


async def suggestions(connection: AsyncConnection, entry: Row[Any]) -> AsyncIterator[tuple[str, int, int]]:
    """Of every row its table, its id, and whose it seems to be; read a page at a time."""
    if entry.object_type != "client":
        return
    came, after = await _came(connection, entry), 0
    while page := await _page(connection, came, after, AT_ONCE):
        for one in page:
            yield one.table.name, one.row.id, one.suggested
        after = page[-1].row.id


async def known_by(connection: AsyncConnection, entry: Row[Any]) -> dict[int, str]:
    """An address or number of each of those merged, where there is one: it tells apart who has the same name."""
    if entry.object_type != "client":
        return {}
    giver = await holder(connection, entry)
    brought = (await _traces(connection, entry)).addresses
    mine = and_(identity.c.client_id == giver, identity.c.contact_id.is_(None))
    query = select(identity.c.normalized, identity.c.raw).where(mine)
    own = (await connection.execute(query.order_by(identity.c.position, identity.c.id))).all()
    found = {brought.get(row.normalized, giver): row.raw for row in reversed(own)}
    return {one: raw for one, raw in found.items() if raw}


@dataclass(frozen=True, slots=True)
class _Came:
    """How what came since a merge is found: its entry, who has it, by what it tells whose it is, and where."""

    entry: Row[Any]
    giver: int
    traces: _Traces
    where: Callable[[Table], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class _New:
    """A row that came since, whose it seems to be, and why."""

    table: Table
    row: Row[Any]
    suggested: int
    why: str


async def _came(connection: AsyncConnection, entry: Row[Any]) -> _Came:
    giver, where = await holder(connection, entry), await _since(connection, entry)
    return _Came(entry, giver, await _traces(connection, entry), where)


async def _page(connection: AsyncConnection, came: _Came, after: int, limit: int) -> list[_New]:
    """The next rows behind an id, of all tables together."""
    found: list[tuple[Table, Row[Any]]] = []
    for table in LISTED:
        query = select(table).where(came.where(table), table.c.id > after).order_by(table.c.id).limit(limit)
        found += [(table, row) for row in await connection.execute(query)]
    listed = sorted(found, key=lambda one: one[1].id)[:limit]
    former: dict[int, int] = {}
    for table in LISTED:
        older = [row.id for mine, row in listed if mine is table and row.id < came.entry.id]
        former |= await _former(connection, came.entry, table, older)
    page = []
    for table, row in listed:
        whose, why = (former[row.id], "was theirs") if row.id in former else _whose(row, came.traces)
        page.append(_New(table, row, whose or came.giver, why))
    return page


async def tables_of(connection: AsyncConnection, entry: Row[Any], ids: Sequence[int]) -> dict[int, str]:
    """Of these rows those that came since, shown or not, each with its table."""
    if entry.object_type != "client":
        return {}
    since = await _since(connection, entry)
    found: dict[int, str] = {}
    for table in LISTED:
        for some in chunks(ids):
            query = select(table.c.id).where(table.c.id.in_(some), since(table))
            found |= dict.fromkeys((await connection.execute(query)).scalars(), table.name)
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


async def let_contacts_go(change: Change, entry: Row[Any]) -> None:
    """What a contact made by a merge has opened or got since is that former client's own again."""
    made = select(item.row_id).where(
        item.entry_id == entry.id, item.table_name == "contact", item.op == "insert"
    )
    query = select(contact.c.id, contact.c.was_client_id).where(contact.c.id.in_(made))
    for contact_id, former in (await change.connection.execute(query)).all():
        if former is None:
            continue
        for table in (incident, message, identity):
            newer = and_(table.c.contact_id == contact_id, table.c.id > entry.id)
            await change.update_where(table, newer, {"contact_id": None, "client_id": former})
        newer = and_(invoice.c.contact_id == contact_id, invoice.c.id > entry.id)
        await change.update_where(invoice, newer, {"contact_id": None})
        for name in ("portal_token", "portal_session"):
            links = metadata.tables[name]
            ended = update(links).where(links.c.contact_id == contact_id).values(contact_id=None)
            await change.connection.execute(ended)


async def _since(connection: AsyncConnection, entry: Row[Any]) -> Callable[[Table], ColumnElement[bool]]:
    """By table: rows that came to the holder after the merge, and not by it: younger ones, and those given to them.

    Where the survivor was merged in turn, those the holder got before that are none of theirs.
    """
    giver = await holder(connection, entry)
    outer = None if giver == entry.object_id else await _outer(connection, int(entry.object_id))
    dialect = DIALECTS[connection.dialect.name]

    def since(table: Table) -> ColumnElement[bool]:
        merged = select(item.row_id).where(item.entry_id == entry.id, item.table_name == table.name)
        came = or_(table.c.id > entry.id, _given(table, entry.id))
        younger = and_(table.c.client_id == giver, table.c.id.not_in(merged), came)
        if table is identity:
            younger = and_(younger, identity.c.contact_id.is_(None))
        if table is held:
            younger = and_(younger, held.c.incident_id.is_(None))
        if outer is None:
            return younger
        brought = select(item.row_id).where(
            item.entry_id == outer,
            item.table_name == table.name,
            item.op == "update",
            dialect.unpack(item.before, _owner(table), "client_id") == entry.object_id,
        )
        return and_(younger, or_(table.c.id > outer, _given(table, outer), table.c.id.in_(brought)))

    return since


def _given(table: Table, since: int) -> ColumnElement[bool]:
    """Whether a row was brought back or given to another after an entry, but by no merge nor the undo of one."""
    later, head = journal_item.alias(), journal_entry.alias()
    written = literal(",").concat(later.c.columns).concat(",")
    return exists().where(
        items_of(later, table.c.id),
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


async def people(connection: AsyncConnection, ids: tuple[int, ...], table: Table = client) -> dict[int, str]:
    """The names of records, by id."""
    query = select(table.c.id, table.c.name).where(table.c.id.in_(ids))
    return {row[0]: row[1] for row in await connection.execute(query)}
