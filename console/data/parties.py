"""Those a merge was of, once it is to be undone: who has its rows now, and what is theirs by itself."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Row,
    Table,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.change import Change
from console.data.errors import Refused
from console.data.models.base import BIGINT, metadata
from console.data.models.billing import invoice
from console.data.models.clients import identity
from console.data.models.contacts import contact
from console.data.models.incidents import incident, message
from console.data.models.journal import journal_item
from console.data.models.settings import merge
from console.data.rebase import CONTACT

item = journal_item.c


@dataclass(frozen=True, slots=True)
class Parties:
    """Those a merge was of: ``holder`` has its rows now, the survivor or whom that one was merged into.

    ``people`` are their names, the holder's first; ``there`` says that the holder is not deleted.
    """

    holder: int
    people: dict[int, str]
    there: bool


async def parties(connection: AsyncConnection, entry: Row[Any]) -> Parties:
    """Who they are now."""
    given = {"the_merge": entry.id, "the_survivor": int(entry.object_id)}
    found = (await connection.execute(_parties(metadata.tables[entry.object_type]), given)).all()
    names = {row.id: row.name if row.known else str(row.id) for row in found}
    first = next((row for row in found if row.place == 0), None)
    if first is None:  # purged
        return Parties(int(entry.object_id), {int(entry.object_id): str(entry.object_id)} | names, False)
    return Parties(first.id, names, first.deleted_at is None)


@cache
def _parties(table: Table) -> CompoundSelect[Any]:
    survivor, there, gone = table.alias(), table.alias(), table.alias()
    now = func.coalesce(survivor.c.absorbed_into, survivor.c.id)
    zero, yes = literal_column("0", BIGINT).label("place"), literal_column("1", BIGINT).label("known")
    first = (
        select(there.c.id, there.c.name, there.c.deleted_at, yes, zero)
        .select_from(survivor.join(there, there.c.id == now))
        .where(survivor.c.id == bindparam("the_survivor", type_=BIGINT))
    )
    known = case((gone.c.id.is_not(None), 1), else_=0)
    others = (
        select(merge.c.absorbed_id, gone.c.name, gone.c.deleted_at, known, merge.c.id)
        .select_from(merge.outerjoin(gone, gone.c.id == merge.c.absorbed_id))
        .where(merge.c.entry_id == bindparam("the_merge", type_=BIGINT))
    )
    return union_all(first, others).order_by("place")


async def lock(change: Change, entry: Row[Any]) -> Parties:
    """Keep others from writing to those a merge is about, in the order in which everybody locks: clients first.

    Refused where whoever has the rows now is deleted: their addresses are free, and may be others'.
    """
    given = {"the_merge": entry.id, "the_survivor": int(entry.object_id)}
    table = metadata.tables[entry.object_type]
    await change.dialect.lock(change.connection, table, _either(table), given)
    found = await parties(change.connection, entry)
    if found.holder != given["the_survivor"]:  # perhaps only since we asked for the lock
        await change.dialect.lock(change.connection, table, table.c.id == found.holder)
    await change.dialect.give_way(change.connection)
    if entry.object_type == "client":
        change.derived.locked(found.people)
    if not found.there:
        raise Refused(
            f"{found.people[found.holder]} is deleted, so the merge cannot be undone. Restore them first."
        )
    return found


@cache
def _either(table: Table) -> ColumnElement[bool]:
    """The condition that a record is the holder, or was absorbed."""
    survivor = table.alias()
    now = func.coalesce(survivor.c.absorbed_into, survivor.c.id)
    holder = select(now).where(survivor.c.id == bindparam("the_survivor", type_=BIGINT))
    absorbed = select(merge.c.absorbed_id).where(merge.c.entry_id == bindparam("the_merge", type_=BIGINT))
    return or_(table.c.id == holder.scalar_subquery(), table.c.id.in_(absorbed))


async def let_contacts_go(change: Change, entry: Row[Any]) -> None:
    """What a contact made by a merge has opened or got since is that former client's own again."""
    if entry.action != CONTACT:
        return  # no other makes one
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
