"""Contacts of clients who are apart again: each client has a primary one, and nobody's incident names another's."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Table,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    select,
    union_all,
)

from console.data.change import Change, items_of
from console.data.models.base import BIGINT, TEXT
from console.data.models.billing import invoice
from console.data.models.contacts import contact
from console.data.models.incidents import incident
from console.data.models.journal import journal_entry, journal_item
from console.data.newer import no_merge


async def second_to_their_own(change: Change, ids: Sequence[int], target: int) -> None:
    """Contacts who are about to be ``target``'s are not the primary one where that client has one."""
    other = contact.alias()
    has_one = exists().where(other.c.client_id == target, other.c.is_primary, other.c.deleted_at.is_(None))
    await change.update_where(contact, and_(contact.c.id.in_(ids), has_one), {"is_primary": False})


async def settle(change: Change, people: Sequence[int], since: int) -> None:
    """Once a merge, the entry ``since``, is undone: who has lost the primary contact gets another, and what came since
    no longer names a contact of somebody else."""
    given = {"the_people": people, "the_merge": since, "the_undo": change.entry_id}
    unsettled = {*(await change.connection.execute(_unsettled(), given)).scalars()}
    if "contact" in unsettled:
        for one in people:
            await _one_primary(change, one)
    for table in _NAMING:
        if table.name in unsettled:
            await change.update_where(table, _naming_others(table), {"contact_id": None}, given)


_NAMING = (incident, invoice)


@cache
def _unsettled() -> CompoundSelect[Any]:
    """What is to be looked after: 'contact' where staff have done anything to their contacts since, and the tables
    with rows that name another's. Undoing a merge changes no more than it must."""
    later, head = journal_item.alias(), journal_entry.alias()
    written = exists().where(
        items_of(later, contact.c.id),
        later.c.table_name == "contact",
        later.c.entry_id > bindparam("the_merge", type_=BIGINT),
        later.c.entry_id != bindparam("the_undo", type_=BIGINT),
        head.c.id == later.c.entry_id,
        no_merge(head),
    )
    theirs = exists().where(
        contact.c.client_id.in_(bindparam("the_people", expanding=True, type_=BIGINT)), written
    )
    return union_all(
        select(literal_column("'contact'", TEXT)).where(theirs),
        *(
            select(literal_column(f"'{table.name}'", TEXT)).where(exists().where(_naming_others(table)))
            for table in _NAMING
        ),
    )


@cache
def _naming_others(table: Table) -> ColumnElement[bool]:
    """Rows that came since and name a contact of somebody else."""
    whose = (
        select(contact.c.client_id)
        .where(contact.c.id == table.c.contact_id)
        .correlate(table)
        .scalar_subquery()
    )
    return and_(
        table.c.client_id.in_(bindparam("the_people", expanding=True, type_=BIGINT)),
        table.c.id > bindparam("the_merge", type_=BIGINT),
        whose != table.c.client_id,
    )


async def _one_primary(change: Change, client_id: int) -> None:
    theirs = and_(contact.c.client_id == client_id, contact.c.deleted_at.is_(None))
    query = select(func.count().filter(contact.c.is_primary), func.min(contact.c.id)).where(theirs)
    primary, oldest = (await change.connection.execute(query)).one()
    if oldest is not None and not primary:
        await change.update(contact, oldest, is_primary=True)
