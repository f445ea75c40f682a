"""Statements that run in every edit, built once: building them costs more than running them."""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Insert,
    Table,
    Update,
    and_,
    bindparam,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    update,
)

from console.data.dialect import Dialect
from console.data.models.base import BIGINT, TEXT, metadata
from console.data.models.journal import journal_entry, journal_item
from console.data.models.staff import staff

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
    rows = (
        select(
            bindparam("the_entry", type_=BIGINT),
            bindparam("the_step", type_=BIGINT),
            table.c.id,
            literal(table.name),
            literal("update"),
            subject_column(table),
            literal(",".join(kept)),
            dialect.pack([(name, table.c[name]) for name in kept]),
            dialect.pack([(name, _new(table.c[name])) for name in kept]) if kept else null(),
        )
        .where(where)
        .with_for_update(of=table, key_share=True)
    )
    values: dict[str, Any] = {name: _new(table.c[name]) for name in (*columns, *beside)}
    if "version" in table.c:
        values["version"] = table.c.version + 1
    if "updated_at" in table.c:
        values["updated_at"] = bindparam("the_time", type_=table.c.updated_at.type)
    write = update(table).where(table.c.id == bindparam("the_row", type_=BIGINT)).values(values)
    return OneRow(insert(journal_item).from_select(list(ITEM_COLUMNS), rows), write)


def _new(column: Column[Any]) -> BindParameter[Any]:
    return bindparam(f"new_{column.name}", type_=column.type)


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
