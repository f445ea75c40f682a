"""Statements that run in every edit, built once: building them costs more than running them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Delete,
    Insert,
    Table,
    Update,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    update,
)

from console.data.dialect import Dialect
from console.data.keys import from_items, parking
from console.data.models.base import BIGINT, TEXT, metadata
from console.data.models.journal import journal_entry, journal_item
from console.data.models.staff import staff
from console.data.touched import in_step, step_items

ITEM_COLUMNS = (
    "entry_id",
    "step",
    "row_id",
    "table_name",
    "op",
    "subject_id",
    "columns",
    "before",
    "after",
)


def subject_column(table: Table) -> ColumnElement[Any]:
    """The id of the record whose timeline a row of the table belongs to: the row's own where there is none."""
    subject = table.info.get("subject", "id")
    return table.c.id if subject == "id" else func.coalesce(table.c[subject], table.c.id)


@dataclass(frozen=True, slots=True)
class OneRow:
    """The update of one row: ``items`` takes entry, step, row, seen and new_…; ``write`` takes row, at and new_…."""

    items: Insert
    write: Update


@lru_cache(maxsize=512)
def one_row(table: Table, columns: tuple[str, ...], beside: tuple[str, ...], dialect: Dialect) -> OneRow:
    """The statements that set these columns (sorted) of one row to plain values, and derived ones ``beside``."""
    kept = [name for name in columns if not table.c[name].info.get("secret")]
    where = and_(
        table.c.id == bindparam("the_row", type_=BIGINT),
        or_(*(table.c[name].is_distinct_from(_new(table.c[name])) for name in columns)),
    )
    if "version" in table.c:
        seen = bindparam("the_seen", type_=BIGINT)
        where = and_(where, or_(seen.is_(None), table.c.version == seen))
    after = dialect.pack([(name, _new(table.c[name])) for name in kept]) if kept else null()
    items = items_insert(table, where, "update", kept, after, dialect)
    values = raised(table, {name: _new(table.c[name]) for name in (*columns, *beside)})
    write = update(table).where(table.c.id == bindparam("the_row", type_=BIGINT)).values(values)
    return OneRow(items, write)


@dataclass(frozen=True, slots=True)
class ManyRows:
    """The update of all rows that meet a condition.

    ``items`` takes entry, step, new_… and what the condition takes; ``write`` and ``parked``, for rows that may trade
    unique values and first step out of each other's way, take the same and the time.
    """

    items: Insert
    write: Update
    parked: tuple[Update, ...]


Expressions = tuple[tuple[str, ColumnElement[Any] | None], ...]
"""By column, sorted, what it is set to; None: the parameter new_…"""


def many_rows_once(
    table: Table, where: ColumnElement[bool], values: Expressions, dialect: Dialect
) -> ManyRows:
    """The statements for a condition that is made for one change."""
    new = {name: _new(table.c[name]) if given is None else given for name, given in values}
    kept = [name for name in new if not table.c[name].info.get("secret")]
    differs = or_(*(table.c[name].is_distinct_from(value) for name, value in new.items()))
    items = items_insert(
        table,
        and_(where, differs),
        "update",
        kept,
        dialect.pack([(name, new[name]) for name in kept]) if kept else null(),
        dialect,
    )
    # Rows that all get the same cannot trade it; see ``keys.parking``.
    trades = any(value is not None for name, value in values if name in parking(table, kept))
    parked = parking(table, kept) if trades else {}
    after = journal_item.c.after
    unpacked = {
        name: dialect.unpack(after, table.c[name], name) if name in kept else new[name] for name in new
    }
    return ManyRows(
        items,
        update(table).where(in_step(table)).values(raised(table, new)),
        tuple(from_items(table, step_items(), raised(table, unpacked), parked)) if parked else (),
    )


many_rows = lru_cache(maxsize=512)(many_rows_once)
"""The same for one that is built once and comes again."""


def items_insert(
    table: Table,
    where: ColumnElement[bool],
    op: str,
    columns: Sequence[str],
    after: ColumnElement[Any],
    dialect: Dialect,
) -> Insert:
    """Makes the items of the rows that meet a condition, which it locks; takes entry and step."""
    rows = (
        select(
            bindparam("the_entry", type_=BIGINT),
            bindparam("the_step", type_=BIGINT),
            table.c.id,
            literal(table.name),
            literal(op),
            subject_column(table),
            literal(",".join(columns)),
            dialect.pack([(name, table.c[name]) for name in columns]),
            after,
        )
        .where(where)
        .with_for_update(of=table, key_share=op == "update")
    )
    return insert(journal_item).from_select(list(ITEM_COLUMNS), rows)


def raised(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of an update, with the row's version raised and its time set to ``the_time``."""
    changed = dict(values)
    if "version" in table.c:
        changed["version"] = table.c.version + 1
    if "updated_at" in table.c:
        changed["updated_at"] = bindparam("the_time", type_=table.c.updated_at.type)
    return changed


def delete_once(table: Table, where: ColumnElement[bool], dialect: Dialect) -> Insert:
    """Makes the items of rows that are about to be deleted, for a condition that is made for one change."""
    return items_insert(table, where, "delete", kept_columns(table), null(), dialect)


delete_items = lru_cache(maxsize=512)(delete_once)
"""The same for one that is built once and comes again."""


@cache
def deletes(table: Table) -> tuple[Delete, ...]:
    """Deletes the rows of a step and, before them, what is no change of its own but hangs on them."""
    rows = select(journal_item.c.row_id).where(step_items())
    return (
        *(delete(column.table).where(column.in_(rows)) for column in hangers_on(table)),
        delete(table).where(in_step(table)),
    )


def _new(column: Column[Any]) -> BindParameter[Any]:
    return bindparam(f"new_{column.name}", type_=column.type)


@cache
def inserting(table: Table) -> Insert:
    """Inserts rows, whose columns are the parameters."""
    return insert(table)


ENTRY_COLUMNS = (
    "id",
    "at",
    "actor_id",
    "acting_as",
    "via",
    "action",
    "object_type",
    "object_id",
    "client_id",
    "reason",
    "detail",
    "batch_id",
    "undoes",
    "rows",
    "fixed",
    "revision",
)


@cache
def entry_insert(dialect: Dialect) -> Insert:
    """The insert of an entry; ENTRY_COLUMNS are parameters, and ``the_role``, which the actor must still have.

    It inserts nothing where the actor is no longer active, or has another role by now.
    """
    given = {name: bindparam(name, type_=journal_entry.c[name].type) for name in ENTRY_COLUMNS}
    same = and_(
        staff.c.id == given["actor_id"], staff.c.active, staff.c.role == bindparam("the_role", type_=TEXT)
    )
    row = select(*given.values(), dialect.position()).where(
        or_(given["actor_id"].is_(None), select(staff.c.id).where(same).exists())
    )
    return insert(journal_entry).from_select([*given, "position"], row)


def kept_columns(table: Table) -> list[str]:
    """The columns whose values the journal keeps of a deleted row, sorted: all but derived ones and secrets."""
    return sorted(c.name for c in table.c if not any(c.info.get(name) for name in ("derived", "secret")))


@cache
def hangers_on(table: Table) -> tuple[Column[Any], ...]:
    """The columns by which rows that are no changes refer to this table; the journal itself is not among them."""
    return tuple(
        column
        for child in metadata.tables.values()
        if not child.info.get("journal", True) and not child.name.startswith("journal_")
        for column in child.columns
        if any(foreign.column.table is table for foreign in column.foreign_keys)
    )
