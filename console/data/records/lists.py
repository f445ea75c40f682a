"""Where a row stands in a list, and a page of rows."""

from dataclasses import dataclass
from typing import Generic, TypeVar

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Sort:
    """The order of a list: a column's name and its direction."""

    column: str = "name"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a row stands in an order: the sort column's value and the row's id."""

    value: str | int
    id: int


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """Rows in order, and whether there are more before the first and after the last.

    ``reached`` is False where none stands at or after the place that was asked for: the rows are the last ones then.
    ``near`` are words by which the rows were found where nobody has what was typed.
    """

    rows: tuple[R, ...]
    has_before: bool
    has_after: bool
    reached: bool = True
    near: tuple[str, ...] = ()
