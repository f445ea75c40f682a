"""Keyset paging: a page is found by where a row stands in the order, never by counting rows before it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, Row, Select, literal, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.errors import Invalid
from console.data.normalize import fold
from console.data.records import Anchor, Page, Sort

R = TypeVar("R")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
LAST = "\U0010ffff"
"""What no text stands after that begins alike."""
GREATEST = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class At:
    """Which page: after or before a row, from a row on (``start``, with it if it still is there), from the first row

    at or after some ``letters`` on, the ``last``, or, with nothing said, the first.
    """

    after: Anchor | None = None
    before: Anchor | None = None
    start: Anchor | None = None
    letters: str = ""
    last: bool = False


FIRST = At()


@dataclass(frozen=True)
class Order:
    """A sort column with the id behind it, in one direction; ``spelled`` writes letters as the column holds them."""

    column: ColumnElement[Any]
    id: ColumnElement[int]
    descending: bool
    spelled: Callable[[str], str] = fold

    def beyond(self, anchor: Anchor, *, forward: bool, inclusive: bool) -> ColumnElement[bool]:
        """Rows that stand after (``forward``) or before the anchor; with the anchor's own if ``inclusive``."""
        here = tuple_(self.column, self.id)
        there = tuple_(literal(anchor.value, self.column.type), literal(anchor.id, self.id.type))
        if forward is not self.descending:
            return here >= there if inclusive else here > there
        return here <= there if inclusive else here < there

    def unindexed(self) -> "Order":
        """The same order in a form that no index serves: for few rows, which are sorted then."""
        value = (
            self.column.concat("")
            if self.column.type.python_type is str
            else self.column + literal(0, self.column.type)
        )
        return replace(self, column=value)

    def by(self, *, forward: bool) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        """The ORDER BY that reads forward or backward."""
        if forward is not self.descending:
            return self.column.asc(), self.id.asc()
        return self.column.desc(), self.id.desc()


def order_of(columns: Mapping[str, ColumnElement[Any]], key: ColumnElement[int], sort: Sort) -> Order:
    """The order a user asked for; Invalid if there is no such column."""
    if sort.column not in columns:
        raise Invalid("sort", f"There is no order by {sort.column!r}. Use one of {', '.join(columns)}.")
    return Order(columns[sort.column], key, sort.descending)


def place_of(order: Order, letters: str) -> Anchor:
    """Where rows begin whose value begins so, or comes after that in the order's direction.

    Invalid where the order is by a number and the letters are none.
    """
    if order.column.type.python_type is str:
        begun = order.spelled(letters)
        return Anchor(begun + LAST, GREATEST) if order.descending else Anchor(begun, -GREATEST)
    if not letters.isdecimal():
        raise Invalid("sort", "This order is by a number: type digits, or press o for another order.")
    return Anchor(min(int(letters), GREATEST), GREATEST if order.descending else -GREATEST)


class Beyond(Protocol[T_co]):
    """Reads up to ``limit`` rows of a list from the anchor (or the end) on, and says whether there are more.

    They come in the order of the list, whichever way it is read.
    """

    async def __call__(
        self, anchor: Anchor | None, *, forward: bool, inclusive: bool, limit: int
    ) -> tuple[Sequence[T_co], bool]:
        """See the class."""
        ...


async def rows_beyond(
    connection: AsyncConnection,
    query: Select[Any],
    order: Order,
    anchor: Anchor | None,
    *,
    forward: bool = True,
    inclusive: bool = False,
    limit: int,
) -> tuple[list[Row[Any]], bool]:
    """Up to ``limit`` rows from the anchor (or the end) on, in list order, and whether there are more."""
    if anchor is not None:
        query = query.where(order.beyond(anchor, forward=forward, inclusive=inclusive))
    found = list(
        (await connection.execute(query.order_by(*order.by(forward=forward)).limit(limit + 1))).all()
    )
    more = len(found) > limit
    found = found[:limit]
    return (found if forward else found[::-1]), more


async def page(
    connection: AsyncConnection,
    query: Select[Any],
    order: Order,
    record: Callable[[Row[Any]], R],
    *,
    at: At,
    limit: int,
) -> Page[R]:
    """One page of a query in an order, each row as a record."""
    start = place_of(order, at.letters) if at.letters else at.start
    beyond = partial(rows_beyond, connection, query, order)
    return await page_of(beyond, record, at=replace(at, start=start), limit=limit)


async def page_of(beyond: Beyond[T], record: Callable[[T], R], *, at: At, limit: int) -> Page[R]:
    """One page of what ``beyond`` reads, each row as a record; ``at`` names a place, no letters."""
    after, before, start = at.after, at.before, at.start
    if before is not None or at.last:
        rows, more = await beyond(before, forward=False, inclusive=False, limit=limit)
        return Page(tuple(map(record, rows)), more, before is not None)
    rows, more = await beyond(start or after, forward=True, inclusive=start is not None, limit=limit)
    earlier = after is not None
    if start is not None:
        before_rows, earlier = await beyond(start, forward=False, inclusive=False, limit=0 if rows else limit)
        if not rows:  # the list is shorter, or has become shorter, than where the reader looks
            return Page(tuple(map(record, before_rows)), earlier, more, reached=False)
    return Page(tuple(map(record, rows)), earlier, more)
