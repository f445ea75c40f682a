"""Undo where records were merged: who owned a row may since be absorbed, and an inner merge be undone before an outer.

Owners are compared, and restored, through the redirect of absorbed records: a row that belongs to whom its owner was
merged into is where it was left. What an undo has handed back to a record that is apart again is no longer the
business of the merges that came later, so their undo passes over it.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    CompoundSelect,
    Row,
    Table,
    and_,
    bindparam,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.models.base import BIGINT, metadata
from console.data.models.journal import journal_entry, journal_item

CONTACT = "client.merge_contact"
"""The action that makes a client a contact of another."""
MERGES = ("client.merge", CONTACT, "organization.merge")
"""The actions that move rows from one record to another."""

item = journal_item.c


@dataclass
class Leeway:
    """What an undo may leave as it is: with ``keep_changed``, rows that were changed since. ``kept`` names those."""

    keep_changed: bool = False
    kept: dict[tuple[str, int], str] = field(default_factory=dict)


def owner_table(column: Column[Any]) -> Table | None:
    """The table of the record that a column names as the owner of its row; None for other columns."""
    if not column.info.get("owner"):
        return None
    return next(iter(column.foreign_keys)).column.table


def through(column: Column[Any], value: ColumnElement[Any]) -> ColumnElement[Any]:
    """An owner, or whom that one was merged into."""
    table = owner_table(column)
    if table is None:
        return value
    gone = table.alias()
    redirect = select(gone.c.absorbed_into).where(gone.c.id == value).correlate(journal_item, column.table)
    return func.coalesce(redirect.scalar_subquery(), value)


def as_left(column: Column[Any], value: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the row is as an entry left it that wrote ``value``."""
    if column.info.get("loose"):
        return literal(True)
    same = column.is_not_distinct_from(value)
    if owner_table(column) is None:
        return same
    return or_(same, column == through(column, value))


def hands_over(table: Table, columns: Iterable[str]) -> bool:
    """Whether writing these columns does nothing but give rows another owner."""
    names = [*columns]
    owners = [name for name in names if table.c[name].info.get("owner")]
    return bool(owners) and all(name in owners or table.c[name].info.get("loose") for name in names)


def handovers(table: Table) -> list[str]:
    """What ``journal_item.columns`` holds where a row of the table did nothing but change hands.

    That a record was merged is more than that: it is no longer there to be worked on.
    """
    owners = [one.name for one in table.c if one.info.get("owner") and one.name != "absorbed_into"]
    loose = [column.name for column in table.c if column.info.get("loose")]
    return owners + [",".join(sorted((one, other))) for one in owners for other in loose]


async def takers(connection: AsyncConnection, entry: Row[Any]) -> tuple[int, ...]:
    """The undos, later than a merge, of entries earlier than it: what they gave back stays where they gave it."""
    if entry.action not in MERGES:
        return ()
    return tuple((await connection.execute(_TAKERS, {"the_merge": entry.id})).scalars())


_MERGE = bindparam("the_merge", type_=BIGINT)
_TAKERS = select(journal_entry.c.id).where(
    journal_entry.c.id > _MERGE,
    journal_entry.c.undoes < _MERGE,
    journal_entry.c.undone_by.is_(None),
    journal_entry.c.undoes.is_not(None),
)


def handed_back(table: Table, columns: Iterable[str], by: Iterable[int]) -> ColumnElement[bool]:
    """Whether an item's row was given back by one of these undos."""
    later = journal_item.alias()
    written = literal(",").concat(later.c.columns).concat(",")
    owners = [name for name in columns if table.c[name].info.get("owner")]
    ways = [later.c.op != "update", *(written.contains(f",{name},") for name in owners)]
    return item.row_id.in_(
        select(later.c.row_id).where(
            later.c.entry_id.in_([*by]), later.c.table_name == table.name, or_(*ways)
        )
    )


async def deleted_since(
    connection: AsyncConnection, entry_id: int, table: Table, row_id: int
) -> dict[str, Any] | None:
    """A row as a later merge that stands found it when it became one with another; None if none did that."""
    later, head = journal_item.alias(), journal_entry.alias()
    query = (
        select(later.c.before)
        .join(head, head.c.id == later.c.entry_id)
        .where(
            later.c.row_id == row_id,
            later.c.entry_id > entry_id,
            later.c.table_name == table.name,
            later.c.op == "delete",
            head.c.action.in_(MERGES),
            head.c.undone_by.is_(None),
        )
        .order_by(later.c.entry_id.desc())
        .limit(1)
    )
    found = (await connection.execute(query)).scalar()
    return None if found is None else dict(json.loads(found))


FOLLOWERS = (
    ("credit_entry", "lot_id", "credit_lot"),
    ("identity", "contact_id", "contact"),
    ("approval", "incident_id", "incident"),
    ("held", "incident_id", "incident"),
    ("outbox", "incident_id", "incident"),
    ("message", "incident_id", "incident"),
)
"""Rows that belong to whom another row belongs to, and go with it: the table, how it names it, and where that is."""


async def follow(change: Any, giver: int, since: int) -> None:
    """Rows that came since an entry to what its undo hands back go with it, from ``giver`` to whom it belongs now."""
    given = {"the_undo": change.entry_id, "the_giver": giver, "the_since": since}
    for place in sorted((await change.connection.execute(_any_follower(), given)).scalars()):
        table = metadata.tables[FOLLOWERS[place][0]]
        await change.update_where(table, _following(place), {"client_id": _whose_now(place)}, given)


@cache
def _any_follower() -> CompoundSelect[Any]:
    """The places among ``FOLLOWERS`` of tables with rows that follow."""
    return union_all(
        *(
            select(literal_column(str(place), BIGINT)).where(exists().where(_following(place)))
            for place in range(len(FOLLOWERS))
        )
    )


@cache
def _following(place: int) -> ColumnElement[bool]:
    child, column, parent = FOLLOWERS[place]
    table, owner = metadata.tables[child], metadata.tables[parent]
    giver = bindparam("the_giver", type_=BIGINT)
    moved = select(item.row_id).where(
        item.entry_id == bindparam("the_undo", type_=BIGINT),
        item.table_name == parent,
        item.op == "update",
        item.columns.in_(handovers(owner)),
    )
    return and_(
        table.c[column].in_(moved),
        table.c.client_id == giver,
        table.c.id > bindparam("the_since", type_=BIGINT),
        _whose_now(place) != giver,
    )


@cache
def _whose_now(place: int) -> ColumnElement[int]:
    child, column, parent = FOLLOWERS[place]
    table, owner = metadata.tables[child], metadata.tables[parent]
    return select(owner.c.client_id).where(owner.c.id == table.c[column]).correlate(table).scalar_subquery()
