"""Contacts of clients who are apart again: each client has a primary one, and nobody's incident names another's."""

from collections.abc import Sequence

from sqlalchemy import and_, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.change import Change, items_of
from console.data.merging.newer import no_merge
from console.data.models.billing import invoice
from console.data.models.contacts import contact
from console.data.models.incidents import incident
from console.data.models.journal import journal_entry, journal_item


async def second_to_their_own(change: Change, ids: Sequence[int], target: int) -> None:
    """Contacts who are about to be ``target``'s are not the primary one where that client has one."""
    other = contact.alias()
    has_one = exists().where(other.c.client_id == target, other.c.is_primary, other.c.deleted_at.is_(None))
    await change.update_where(contact, and_(contact.c.id.in_(ids), has_one), {"is_primary": False})


async def settle(change: Change, people: Sequence[int], since: int) -> None:
    """Once a merge, the entry ``since``, is undone: who has lost the primary contact gets another, and what came since
    no longer names a contact of somebody else."""
    if await _written_since(change.connection, people, since, change.entry_id):
        for one in people:
            await _one_primary(change, one)
    for table in (incident, invoice):
        whose = select(contact.c.client_id).where(contact.c.id == table.c.contact_id).scalar_subquery()
        came = and_(table.c.client_id.in_(people), table.c.id > since)
        await change.update_where(table, and_(came, whose != table.c.client_id), {"contact_id": None})


async def _written_since(connection: AsyncConnection, people: Sequence[int], since: int, now: int) -> bool:
    """Whether staff have done anything to their contacts since: undoing a merge changes no more than it must."""
    later, head = journal_item.alias(), journal_entry.alias()
    written = exists().where(
        items_of(later, contact.c.id),
        later.c.table_name == "contact",
        later.c.entry_id > since,
        later.c.entry_id != now,
        head.c.id == later.c.entry_id,
        no_merge(head),
    )
    query = select(contact.c.id).where(contact.c.client_id.in_(people), written).limit(1)
    return (await connection.execute(query)).first() is not None


async def _one_primary(change: Change, client_id: int) -> None:
    theirs = and_(contact.c.client_id == client_id, contact.c.deleted_at.is_(None))
    query = select(func.count().filter(contact.c.is_primary), func.min(contact.c.id)).where(theirs)
    primary, oldest = (await change.connection.execute(query)).one()
    if oldest is not None and not primary:
        await change.update(contact, oldest, is_primary=True)
