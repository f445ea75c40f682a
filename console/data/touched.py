"""The rows that a write is about: a condition built once, and the numbers it is given each time.

To build a statement costs several times what it costs to run it, so whatever runs in every change is built once, and
found again by its condition.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, bindparam, select

from console.data.models.base import BIGINT
from console.data.models.journal import journal_item


@dataclass(frozen=True, slots=True)
class Touched:
    """Rows of a table: those that meet ``where``, whose parameters are ``given``."""

    where: ColumnElement[bool]
    given: Mapping[str, Any]


def of_step(table: Table, entry_id: int, step: int) -> Touched:
    """The rows of which one step of a journal entry tells."""
    return Touched(in_step(table), {"the_entry": entry_id, "the_step": step})


def one(table: Table, row_id: int) -> Touched:
    """The row with this id."""
    return Touched(_by_id(table), {"the_row": row_id})


def such(where: ColumnElement[bool]) -> Touched:
    """Rows by a condition of its own, made for this once."""
    return Touched(where, {})


@cache
def in_step(table: Table) -> ColumnElement[bool]:
    """The condition that a row is of the step ``the_step`` of the entry ``the_entry``."""
    return table.c.id.in_(select(journal_item.c.row_id).where(step_items()))


@cache
def step_items() -> ColumnElement[bool]:
    """The same of an item of the journal."""
    entry, step = (bindparam(name, type_=BIGINT) for name in ("the_entry", "the_step"))
    return and_(journal_item.c.entry_id == entry, journal_item.c.step == step)


@cache
def _by_id(table: Table) -> ColumnElement[bool]:
    return table.c.id == bindparam("the_row", type_=BIGINT)
