"""The journal as people read it: the timeline of a record, and the list of everything that was done."""

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.models import metadata
from console.data.models.base import Moment, from_milliseconds
from console.data.models.journal import journal_entry, journal_item
from console.data.naming import names_of
from console.data.paging import FIRST, At, Order
from console.data.paging import page as keyset_page
from console.data.records import FieldChange, HistoryLine, Page

PAGE = 100
_SHOWN_ROWS = 12
# Said by other words of a line already, or of no use to a reader.
_QUIET = {"status_by", "status_at", "status_before", "folder_before", "organization_by", "position"}


async def of_record(
    connection: AsyncConnection, table: str, record_id: int, *, before: int | None = None, limit: int = PAGE
) -> list[HistoryLine]:
    """What was done to a record and what belongs to it, newest first; older than entry ``before``."""
    return await _lines(connection, _newest(_about(table, record_id), before, limit), record_id)


async def page(
    connection: AsyncConnection, table: str, record_id: int, *, at: At = FIRST, limit: int = PAGE
) -> Page[HistoryLine]:
    """A page of a record's timeline, newest first; a line's anchor is its id, twice."""
    order = Order(journal_entry.c.id, journal_entry.c.id, descending=True)
    query = select(journal_entry).where(_about(table, record_id))
    found = await keyset_page(connection, query, order, lambda row: row, at=at, limit=limit)
    lines = await told(connection, found.rows, record_id)
    return Page(tuple(lines), found.has_before, found.has_after)


def _about(table: str, record_id: int) -> ColumnElement[bool]:
    """Entries that wrote a row of the record's timeline, and those about a client; each found by its own index."""
    entries = select(journal_item.c.entry_id).where(journal_item.c.subject_id == record_id)
    if table == "client":
        about = select(journal_entry.c.id).where(journal_entry.c.client_id == record_id)
        return journal_entry.c.id.in_(union(entries, about))
    return journal_entry.c.id.in_(entries)


async def newest(
    connection: AsyncConnection, *, actor_id: int | None = None, before: int | None = None, limit: int = PAGE
) -> list[HistoryLine]:
    """Everything that was done, newest first; by one member of staff if ``actor_id`` is given."""
    condition = journal_entry.c.id > 0
    if actor_id is not None:
        condition = journal_entry.c.actor_id == actor_id
    return await _lines(connection, _newest(condition, before, limit), None)


def _newest(condition: ColumnElement[bool], before: int | None, limit: int) -> Select[Any]:
    query = select(journal_entry).where(condition)
    if before is not None:
        query = query.where(journal_entry.c.id < before)
    return query.order_by(journal_entry.c.id.desc()).limit(limit)


async def _lines(connection: AsyncConnection, query: Select[Any], record_id: int | None) -> list[HistoryLine]:
    return await told(connection, (await connection.execute(query)).all(), record_id)


async def told(
    connection: AsyncConnection, entries: Sequence[Row[Any]], record_id: int | None
) -> list[HistoryLine]:
    people = await names_of(connection, "staff", [e.actor_id for e in entries if e.actor_id])
    clients = await names_of(connection, "client", [e.acting_as for e in entries if e.acting_as])
    subjects = await _subjects(connection, entries)
    changes = await _changes(connection, [entry.id for entry in entries], record_id)
    return [
        HistoryLine(
            id=entry.id,
            at=entry.at,
            actor=people.get(entry.actor_id, "the system"),
            acting_as=clients.get(entry.acting_as, ""),
            via=entry.via,
            action=entry.action,
            subject=subjects.get((entry.object_type, entry.object_id), ""),
            subject_id=entry.object_id,
            reason=entry.reason,
            detail=entry.detail,
            rows=entry.rows,
            batch_id=entry.batch_id,
            undoes=entry.undoes,
            undone=entry.undone_by is not None,
            fixed=entry.fixed,
            changes=tuple(changes[entry.id]),
        )
        for entry in entries
    ]


async def _subjects(connection: AsyncConnection, entries: Sequence[Row[Any]]) -> dict[tuple[str, int], str]:
    """The names of what entries are about."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        if entry.object_type in metadata.tables and entry.object_id:
            wanted[entry.object_type].add(entry.object_id)
    found = {}
    for table, ids in wanted.items():
        for record_id, name in (await names_of(connection, table, ids)).items():
            found[table, record_id] = name
    return found


async def _changes(
    connection: AsyncConnection, entry_ids: Sequence[int], record_id: int | None
) -> dict[int, list[FieldChange]]:
    """The fields each entry changed (of one record, if given), as text; a bounded number an entry."""
    found: dict[int, list[FieldChange]] = defaultdict(list)
    ranked = select(
        journal_item,
        func.row_number()
        .over(partition_by=journal_item.c.entry_id, order_by=(journal_item.c.step, journal_item.c.row_id))
        .label("rank"),
    ).where(journal_item.c.entry_id.in_(entry_ids))
    if record_id is not None:
        ranked = ranked.where(journal_item.c.subject_id == record_id)
    some = ranked.subquery()
    rows = await connection.execute(select(some).where(some.c.rank <= _SHOWN_ROWS).order_by(some.c.step))
    for row in rows:
        if row.op == "update" and row.before and row.after:
            found[row.entry_id] += _fields(row.table_name, json.loads(row.before), json.loads(row.after))
        elif row.op == "delete" and row.before:
            found[row.entry_id] += _removed(row.table_name, json.loads(row.before))
    return found


def _fields(table: str, before: dict[str, Any], after: dict[str, Any]) -> list[FieldChange]:
    return [
        FieldChange(
            name.removesuffix("_id").replace("_", " "),
            shown(table, name, before[name]),
            shown(table, name, new),
        )
        for name, new in after.items()
        if name not in _QUIET and name in before and before[name] != new and not name.endswith("_id")
    ]


def _removed(table: str, before: dict[str, Any]) -> list[FieldChange]:
    for name in ("name", "raw", "text", "domain", "title", "number"):
        if before.get(name):
            return [FieldChange(table.replace("_", " "), str(before[name]), "")]
    return []


def shown(table: str, column: str, value: Any) -> str:
    """A journalled value as text: moments in UTC, yes and no, '' for nothing."""
    model = metadata.tables.get(table)
    if value is None:
        return ""
    kind = model.c[column].type if model is not None and column in model.c else None
    if isinstance(kind, Moment) and isinstance(value, int):
        return from_milliseconds(value).strftime("%Y-%m-%d %H:%M")
    if kind is not None and kind.python_type is bool:
        return "yes" if value else "no"
    return str(value)
