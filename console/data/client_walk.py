"""Where the clients who match what was typed stand in their list: few of them ranked, many in the list's own order.

Of many, a piece of the list is walked in its order: where many have the word, that is enough for a page. Where it is
not, those who have the rarest of the words are read: by name as their words stand, by another order after sorting.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import client_search
from console.data.models.clients import client
from console.data.normalize import fold
from console.data.paging import GREATEST, LAST, Order
from console.data.records import Anchor
from console.data.typed import Term, Terms
from console.data.views import listed

PIECES = (2_000, 8_000)  # rows of the list that are walked, the second time where the word is common
COMMON = 40_000  # words that begin so
_ROUNDS = 3
_AHEAD = 4  # rows read for one client: several words of theirs may begin so, and some are not shown

Place = tuple[Any, int]
"""Value of the order's column and id."""


class Ranking:
    """The few who match, the best first; of those who match equally well, by name. Nothing else decides.

    The value of a place is the rank, one digit, with the folded name behind it.
    """

    def __init__(self, places: list[Place]) -> None:
        self._places = sorted(places)

    @classmethod
    async def of(cls, connection: AsyncConnection, ranks: Mapping[int, int]) -> "Ranking":
        """The clients of these ids with these ranks."""
        query = select(client.c.id, client.c.sort_name).where(client.c.id.in_(ranks))
        rows = await connection.execute(query) if ranks else ()
        return cls([(f"{ranks[one]}{name}", one) for one, name in rows])

    async def places(
        self, anchor: Anchor | None, *, forward: bool = True, inclusive: bool = False, limit: int
    ) -> list[Place]:
        """See ``Walk.places``."""
        places = self._places
        if anchor is not None:
            here = (str(anchor.value), anchor.id)
            right = inclusive is not forward
            at = bisect_right(places, here) if right else bisect_left(places, here)
            places = places[at:] if forward else places[:at]
        return (places if forward else places[::-1])[:limit]

    def start(self, letters: str) -> Anchor:
        """The best whose name begins so; behind all where there is none."""
        begun = fold(letters)
        for value, one in self._places:
            if value[1:].startswith(begun):
                return Anchor(value, one)
        return Anchor(LAST, GREATEST)

    def between(self, one: Anchor, other: Anchor) -> list[int]:
        """The ids of those from one place to another, both included, whichever comes first."""
        begin, end = sorted(((str(one.value), one.id), (str(other.value), other.id)))
        return [client_id for value, client_id in self._places if begin <= (value, client_id) <= end]


@dataclass(frozen=True)
class Walk:
    """Those of a list who have all ``terms``; ``conditions`` say who is in the list, ``narrow`` that few of all are."""

    connection: AsyncConnection
    order: Order
    conditions: Sequence[ColumnElement[bool]]
    terms: Terms
    narrow: bool

    async def places(
        self, anchor: Anchor | None, *, forward: bool = True, inclusive: bool = False, limit: int
    ) -> list[Place]:
        """Up to ``limit`` places from the anchor (or the end) on, in the direction that is read."""
        found: list[Place] = []
        rarest: tuple[Term, int] | None = None
        for piece in () if self.narrow else PIECES:
            end = await self._end(anchor, piece, forward=forward)
            found += await self._between(
                anchor, end, forward=forward, inclusive=inclusive, limit=limit - len(found)
            )
            if end is None or len(found) >= limit:
                return found
            anchor, inclusive = end, False
            rarest = rarest or await client_search.rarest(self.connection, self.terms)
            if rarest[1] < COMMON:
                break
        term, _ = rarest or await client_search.rarest(self.connection, self.terms)
        rest = self._by_name if self.order.column is client.c.sort_name and not self.narrow else self._sorted
        return found + await rest(
            term, anchor, forward=forward, inclusive=inclusive, limit=limit - len(found)
        )

    async def _end(self, anchor: Anchor | None, piece: int, *, forward: bool) -> Anchor | None:
        """The last row of the piece of the whole list that begins behind the anchor, None where the list ends first."""
        query = select(self.order.column, self.order.id).where(listed())
        if anchor is not None:
            query = query.where(self.order.beyond(anchor, forward=forward, inclusive=False))
        query = query.order_by(*self.order.by(forward=forward)).offset(piece - 1).limit(1)
        row = (await self.connection.execute(query)).first()
        return None if row is None else Anchor(row[0], row[1])

    async def _between(
        self, anchor: Anchor | None, end: Anchor | None, *, forward: bool, inclusive: bool, limit: int
    ) -> list[Place]:
        query = select(self.order.column, self.order.id).where(
            *self.conditions, client_search.has_all(self.terms)
        )
        if anchor is not None:
            query = query.where(self.order.beyond(anchor, forward=forward, inclusive=inclusive))
        if end is not None:
            query = query.where(self.order.beyond(end, forward=not forward, inclusive=True))
        return await self._run(query.order_by(*self.order.by(forward=forward)).limit(limit))

    async def _by_name(
        self, term: Term, anchor: Anchor | None, *, forward: bool, inclusive: bool, limit: int
    ) -> list[Place]:
        """By the names that stand beside the words; who is not shown is left out after that."""
        some = client_search.postings(term, self.terms).subquery()
        order = Order(some.c.sort_name, some.c.client_id, self.order.descending)
        query = select(some.c.sort_name, some.c.client_id).order_by(*order.by(forward=forward))
        found: list[Place] = []
        size = limit * _AHEAD
        for _ in range(_ROUNDS):
            here = query
            if anchor is not None:
                here = here.where(order.beyond(anchor, forward=forward, inclusive=inclusive))
            rows = await self._run(here.limit(size))
            found += await self._shown(list(dict.fromkeys(rows)))
            if len(rows) < size or len(found) >= limit:
                return found[:limit]
            anchor, inclusive, size = Anchor(*rows[-1]), False, size * _AHEAD
        rest = await self._sorted(term, anchor, forward=forward, inclusive=False, limit=limit - len(found))
        return found + rest

    async def _shown(self, places: Sequence[Place]) -> list[Place]:
        """Those of them who are in the list."""
        kept: set[int] = set()
        for start in range(0, len(places), client_search.CAP):
            ids = [one for _, one in places[start : start + client_search.CAP]]
            query = select(client.c.id).where(client.c.id.in_(ids), *self.conditions)
            kept.update((await self.connection.execute(query)).scalars())
        return [place for place in places if place[1] in kept]

    async def _sorted(
        self, term: Term, anchor: Anchor | None, *, forward: bool, inclusive: bool, limit: int
    ) -> list[Place]:
        """All who have the rarest of the words, sorted by the column of the order."""
        some = client_search.postings(term, self.terms).subquery()
        order = self.order.unindexed()
        query = select(order.column, order.id).where(
            client.c.id.in_(select(some.c.client_id)), *self.conditions
        )
        if anchor is not None:
            query = query.where(order.beyond(anchor, forward=forward, inclusive=inclusive))
        return await self._run(query.order_by(*order.by(forward=forward)).limit(limit))

    async def _run(self, query: Select[Any]) -> list[Place]:
        return [(row[0], row[1]) for row in await self.connection.execute(query)]
