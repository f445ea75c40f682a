"""Where the clients who match what was typed stand in their list: few of them ranked, many in the list's own order.

Of many, a piece of the list is walked in its order: where many have the word, that is enough for a page. Where it is
not, those who have the rarest of the words are read: by name as their words stand, by another order after sorting.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import client_search
from console.data.models.clients import client, client_word
from console.data.normalize import fold
from console.data.paging import GREATEST, LAST, Order
from console.data.records import Anchor
from console.data.typed import Term, Terms
from console.data.views import listed

RARE = 20_000  # words that begin alike, which are read as fast as a piece of the list is walked
PIECES = (1_000, 5_000)  # rows of the list that are walked
HOPEFUL = 6  # a second piece is walked where the first has this part of a page
_ROUNDS = 3
_AHEAD = 4  # rows read for one client: several words of theirs may begin so, and some are not shown

Place = tuple[Any, int]
"""Value of the order's column and id."""


class Ranking:
    """The few who match, the best first; of those who match equally well, by name. Nothing else decides."""

    def __init__(self, found: Mapping[int, str]) -> None:
        self._places = sorted((value, one) for one, value in found.items())

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
        here, included = anchor, inclusive
        term, number = await client_search.rarest(self.connection, self.terms)
        for piece in () if self.narrow or number < RARE else PIECES:
            end = await self._end(here, piece, forward=forward)
            found += await self._between(
                here, end, forward=forward, inclusive=included, limit=limit - len(found)
            )
            if end is None or len(found) >= limit:
                return found
            here, included = end, False
            if len(found) * HOPEFUL < limit:
                break
        rest = self._by_name if self.order.column is client.c.sort_name and not self.narrow else self._sorted
        return await rest(term, anchor, forward=forward, inclusive=inclusive, limit=limit)

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
        order = Order(client_word.c.sort_name, client_word.c.client_id, self.order.descending)
        parts = [
            part.with_only_columns(order.column, order.id).order_by(*order.by(forward=forward))
            for part in client_search.postings(term, self.terms)
        ]
        found: list[Place] = []
        size = limit * _AHEAD
        for _ in range(_ROUNDS):
            if anchor is not None:
                beyond = order.beyond(anchor, forward=forward, inclusive=inclusive)
                rows = [await self._run(part.where(beyond).limit(size)) for part in parts]
            else:
                rows = [await self._run(part.limit(size)) for part in parts]
            backward = forward is order.descending
            ends = [some[-1] for some in rows if len(some) == size]
            known = _until({row for some in rows for row in some}, ends, backward=backward)
            found += await self._shown(known, limit - len(found))
            if not ends or len(found) >= limit:
                return found[:limit]
            anchor, inclusive, size = Anchor(*known[-1]), False, size * _AHEAD
        rest = await self._sorted(term, anchor, forward=forward, inclusive=False, limit=limit - len(found))
        return found + rest

    async def _shown(self, places: Sequence[Place], limit: int) -> list[Place]:
        """The first of them who are in the list."""
        kept: list[Place] = []
        piece = limit + limit // 4
        for start in range(0, len(places), piece):
            some = places[start : start + piece]
            query = select(client.c.id).where(client.c.id.in_([one for _, one in some]), *self.conditions)
            there = set((await self.connection.execute(query)).scalars())
            kept += [place for place in some if place[1] in there]
            if len(kept) >= limit:
                break
        return kept[:limit]

    async def _sorted(
        self, term: Term, anchor: Anchor | None, *, forward: bool, inclusive: bool, limit: int
    ) -> list[Place]:
        """All who have the rarest of the words, sorted by the column of the order."""
        having = client_search.ids_of(client_search.postings(term, self.terms))
        order = self.order.unindexed()
        query = select(order.column, order.id).where(client.c.id.in_(having), *self.conditions)
        if anchor is not None:
            query = query.where(order.beyond(anchor, forward=forward, inclusive=inclusive))
        return await self._run(query.order_by(*order.by(forward=forward)).limit(limit))

    async def _run(self, query: Select[Any]) -> list[Place]:
        return [(row[0], row[1]) for row in await self.connection.execute(query)]


def _until(places: Iterable[Place], ends: Sequence[Place], *, backward: bool) -> list[Place]:
    """The places in order up to the first of the ends: what comes behind where a query was cut off is not known yet."""
    ordered = sorted(places, reverse=backward)
    if not ends:
        return ordered
    end = max(ends) if backward else min(ends)
    return ordered[: ordered.index(end) + 1]
