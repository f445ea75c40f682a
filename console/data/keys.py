"""Rows that trade unique values: parked on values that collide with nothing before they get the new ones.

Both engines check unique keys row by row, so even an update that ends well may fail half way.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Table,
    UniqueConstraint,
    Update,
    and_,
    case,
    func,
    literal,
    null,
    select,
    update,
)

from console.data.models.journal import journal_item


def parking(table: Table, columns: Iterable[str]) -> dict[str, Any]:
    """Expressions, by column, that take rows out of the table's unique keys; empty if none of them is in a key."""
    keys, conditions = _unique(table)
    checked = _checked(table)
    parked: dict[str, Any] = {}
    for name in columns:
        column = table.c[name]
        if name in conditions:
            parked[name] = False if isinstance(column.type, Boolean) else _own(column)
        elif name in keys and name not in checked:
            # A key column that is empty collides with nothing as it is.
            parked[name] = case((column.is_(None), null()), else_=_own(column))
    return parked


def may_clash(table: Table, columns: Iterable[str]) -> bool:
    """Whether writing these columns may give a row a value that another has, and only one may have."""
    keys, conditions = _unique(table)
    return not (keys | conditions).isdisjoint(columns)


def from_items(
    table: Table,
    mine: ColumnElement[bool],
    values: Mapping[str, Any],
    parked: Mapping[str, Any],
    *,
    joined: bool = True,
) -> list[Update]:
    """Statements that write values to the rows that the items ``mine`` name; ``joined``: they name their documents."""
    named = table.c.id.in_(select(journal_item.c.row_id).where(mine))
    rows = and_(mine, table.c.id == journal_item.c.row_id) if joined else named
    statements = [update(table).where(named).values(dict(parked))] if parked else []
    return [*statements, update(table).where(rows).values(dict(values))]


def _own(column: Column[Any]) -> ColumnElement[Any]:
    """A value that only this row can have."""
    if column.type.python_type is str:
        return literal("~") + func.cast(column.table.c.id, column.type)
    return -column.table.c.id


@cache
def _unique(table: Table) -> tuple[frozenset[str], frozenset[str]]:
    """The columns of the unique keys, and those of the conditions under which partial keys hold."""
    keys: set[str] = set()
    conditions: set[str] = set()
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            keys |= {column.name for column in constraint.columns}
    for index in table.indexes:
        if index.unique:
            keys |= {column.name for column in index.columns}
            where = str(index.dialect_options["sqlite"]["where"])
            words = set(where.replace("(", " ").replace(")", " ").split())
            conditions |= {column.name for column in table.c if column.name in words}
    return frozenset(keys), frozenset(conditions - _checked(table))


@cache
def _checked(table: Table) -> frozenset[str]:
    """The columns that hold one of a list of words, and so cannot be parked on another."""
    checks = [
        str(constraint.sqltext) for constraint in table.constraints if isinstance(constraint, CheckConstraint)
    ]
    return frozenset(
        column.name for column in table.c if any(text.startswith(f"{column.name} IN (") for text in checks)
    )
