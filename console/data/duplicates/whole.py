"""What a search of the whole base ends with: all pairs that it has found put where staff find them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.desk import Desk
from console.data.duplicates import groups, pairs
from console.data.duplicates.model import Model
from console.data.duplicates.state import State
from console.data.models.duplicates import duplicate_decision, duplicate_pair

_GROUPED = 2_000

Progress = Callable[[str, int, int], None]
"""Told what is done ('reading', 'comparing', 'grouping'), how much of it so far, and how much there is."""
Held = Callable[[AsyncConnection], Awaitable[None]]


class Whole:
    """A search of the whole base; ``held`` keeps its lease in each transaction (see ``scan.alone``)."""

    def __init__(self, desk: Desk, held: Held, progress: Progress) -> None:
        self._desk = desk
        self._held = held
        self._progress = progress

    async def _hold(self) -> None:
        async with self._desk.quiet() as connection:
            await self._held(connection)

    async def _group(self, model: Model, stands: State) -> None:
        """Take out what was not found again, and put the rest into groups."""
        async with self._desk.quiet() as connection:
            await self._held(connection)
            await pairs.drop_older(connection, stands.run)
        async with self._desk.read() as connection:
            linked = await _linked(connection, model)
        parts = await asyncio.to_thread(_components, linked)
        done = 0
        for some in _bundles(parts):
            async with self._desk.quiet() as connection:
                await self._held(connection)
                await groups.place(connection, some, model, of_all=True)
            done += len(some)
            self._progress("grouping", done, sum(map(len, parts)))


async def _linked(connection: AsyncConnection, model: Model) -> list[tuple[int, int, bool]]:
    """All stored pairs, and whether they may bring two groups together."""
    pair, decision = duplicate_pair.c, duplicate_decision.c
    strong = and_(pair.relation == "duplicate", pair.score >= groups.line(model))
    rows = await connection.execute(select(pair.first_id, pair.second_id, strong))
    same = select(decision.first_id, decision.second_id).where(decision.decision == "same")
    decided = await connection.execute(same)
    return [(row[0], row[1], bool(row[2])) for row in rows] + [(row[0], row[1], True) for row in decided]


def _components(linked: Iterable[tuple[int, int, bool]]) -> list[list[int]]:
    """The clients of all pairs, those together that hang together."""
    above: dict[int, int] = {}

    def top(one: int) -> int:
        while (up := above.setdefault(one, one)) != one:
            above[one] = above[up]
            one = above[one]
        return one

    for one, other, strong in linked:
        first, second = sorted((top(one), top(other)))
        if strong:
            above[second] = first
    found: dict[int, list[int]] = {}
    for one in sorted(above):
        found.setdefault(top(one), []).append(one)
    return list(found.values())


def _bundles(parts: list[list[int]]) -> Iterable[list[int]]:
    """Whole parts, some thousand clients at a time."""
    some: list[int] = []
    for part in parts:
        some += part
        if len(some) >= _GROUPED:
            yield some
            some = []
    if some:
        yield some
