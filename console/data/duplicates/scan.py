"""The full scan: every client compared with those who share rare keys with them.

It is kept in steps, so that one that was stopped or killed goes on where it was, and ends with the same queue. What
changes meanwhile is scored after it. One process scans at a time; the feed waits for it.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from sqlalchemy import and_, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import lease
from console.data.desk import Desk
from console.data.duplicates import (
    batches,
    candidates,
    feed,
    groups,
    models,
    pairs,
    postings,
    state,
    store,
    training,
)
from console.data.duplicates.batches import Batch, Scores
from console.data.duplicates.both import Ids
from console.data.duplicates.candidates import Candidates
from console.data.duplicates.model import SHIPPED, Model
from console.data.duplicates.state import State
from console.data.errors import Refused
from console.data.models.base import milliseconds
from console.data.models.duplicates import duplicate_decision, duplicate_form, duplicate_pair

BUSY = "Another process is looking for duplicates right now. Wait until it is done, then try again."
_CLEARED = 5_000
_GROUPED = 1_000

Progress = Callable[[str, int, int], None]
"""Told what is done ('reading', 'comparing', 'grouping'), how much of it so far, and how much there is."""
Collect = Callable[[list[tuple[Ids, float]]], None]


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan did: how many clients there were, pairs compared and kept, and whether it went on with another."""

    clients: int
    compared: int
    kept: int
    model_version: int
    resumed: bool


def _silent(_what: str, _done: int, _total: int) -> None:
    pass


async def scan(
    desk: Desk,
    *,
    retrain: bool = False,
    processes: int = 1,
    wait: float = 25,
    progress: Progress = _silent,
    collect: Collect | None = None,
) -> Scanned:
    """Compare all clients; goes on with a scan that was stopped, unless ``retrain`` asks for new weights first.

    ``processes`` help with big bases. ``collect`` gets every pair that was compared, with its bits. Refused where
    another process still scans after ``wait`` seconds.
    """
    async with alone(desk, wait) as held:
        return await Scan(desk, held, progress, collect, processes).run(retrain=retrain)


@asynccontextmanager
async def alone(desk: Desk, wait: float) -> AsyncIterator[Callable[[AsyncConnection], Awaitable[None]]]:
    """The lease, and what keeps it in each transaction of the scan."""
    holder = secrets.token_hex(8)

    async def held(connection: AsyncConnection) -> None:
        if not await lease.take(desk, connection, feed.LEASE, holder, feed.LASTS):
            raise Refused(BUSY)

    while True:
        try:
            async with desk.quiet() as connection:
                await held(connection)
            break
        except Refused:
            if wait <= 0:
                raise
        await asyncio.sleep(min(wait, 0.5))
        wait -= 0.5
    try:
        yield held
    finally:
        async with desk.quiet() as connection:
            await lease.give_back(connection, feed.LEASE, holder)


class Scan:
    """One search of the base, with the lease held (see ``alone``)."""

    def __init__(
        self,
        desk: Desk,
        held: Callable[[AsyncConnection], Awaitable[None]],
        progress: Progress,
        collect: Collect | None,
        processes: int,
    ) -> None:
        self._desk = desk
        self._held = held
        self._progress = progress
        self._collect = collect
        self._processes = processes

    async def run(self, *, retrain: bool) -> Scanned:
        """The whole scan, or what was left of one."""
        async with self._desk.read() as connection:
            stands = await state.load(connection)
        await store.key_waiting(self._desk)
        resumed = stands.runs and not retrain
        if not resumed:
            stands = await self._begin(stands)
        found = await candidates.find(self._desk, self._reading)
        model = await self._model(found, stands, retrain=retrain, resumed=resumed)
        stands = replace(stands, model_version=model.version, total=len(found), clients=len(found.ids))
        stands = await self._compare(found, model, stands)
        await self._group(model, stands)
        async with self._desk.quiet() as connection:
            await self._held(connection)
            await state.keep(connection, replace(stands, finished=milliseconds(self._desk.now())))
        while await feed.step(self._desk):
            await self._hold()
        kept = await self._count()
        return Scanned(len(found.ids), len(found), kept, model.version, resumed)

    async def _begin(self, before: State) -> State:
        """A new scan: what was changed up to now need not be scored by the feed."""
        stands = State(run=before.run + 1, started=milliseconds(self._desk.now()))
        done = _CLEARED
        form = duplicate_form.c
        while done == _CLEARED:
            async with self._desk.quiet() as connection:
                await self._held(connection)
                waiting = select(form.client_id).where(text("unscored"), form.form != "").limit(_CLEARED)
                cleared = update(duplicate_form).where(form.client_id.in_(waiting)).values(unscored=False)
                done = (await connection.execute(cleared)).rowcount
                if done < _CLEARED:
                    await state.keep(connection, stands)
        return stands

    async def _hold(self) -> None:
        async with self._desk.quiet() as connection:
            await self._held(connection)

    async def _reading(self, done: int, total: int) -> None:
        self._progress("reading", done, total)
        await self._hold()

    async def _model(self, found: Candidates, stands: State, *, retrain: bool, resumed: bool) -> Model:
        """The model to score by: of a base that is large enough its own, made once, or anew where that is asked for."""
        async with self._desk.read() as connection:
            model = await models.current(connection)
        if resumed and stands.model_version:
            return model
        if retrain or (model.version == SHIPPED.version and len(found.ids) >= models.LEARNED_FROM):
            return await training.estimate(self._desk, found, SHIPPED, self._progress)
        return model

    async def _compare(self, found: Candidates, model: Model, stands: State) -> State:
        done = _place(found, (stands.first, stands.second))
        waiting: deque[tuple[Ids, int, asyncio.Future[Scores]]] = deque()
        async with batches.scorer(found, model, self._processes) as scorer:
            while done < len(found) or waiting:
                while done < len(found) and len(waiting) <= self._processes:
                    end = min(done + batches.SIZE, len(found))
                    batch = await self._batch(found.pairs(done, end), stands)
                    waiting.append((batch.pairs[-1], end, scorer.score(batch)))
                    done = end
                last, end, scores = waiting.popleft()
                stands = await self._written(await scores, stands.at(last, end))
                self._progress("comparing", end, len(found))
        return stands

    async def _batch(self, wanted: list[Ids], stands: State) -> Batch:
        async with self._desk.read() as connection:
            forms = await postings.forms(connection, (one for pair in wanted for one in pair))
        return Batch(wanted, forms, stands.run, self._desk.now(), self._collect is not None)

    async def _written(self, scores: Scores, stands: State) -> State:
        """Write a batch with how far it is; a scan that is killed goes on behind it."""
        if self._collect is not None:
            self._collect(scores.bits)
        ids = iter([await self._desk.new_id() for _ in scores.rows])
        async with self._desk.quiet() as connection:
            await self._held(connection)
            await pairs.put(connection, scores.rows, ids.__next__)
            await state.keep(connection, stands)
        return stands

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
                await groups.place(connection, some, model)
            done += len(some)
            self._progress("grouping", done, sum(map(len, parts)))

    async def _count(self) -> int:
        async with self._desk.read() as connection:
            number = select(func.count()).select_from(duplicate_pair)
            return int((await connection.execute(number)).scalar_one())


def _place(found: Candidates, pair: Ids) -> int:
    """How many of the pairs stand before or at this one."""
    import numpy as np

    if pair[0] < 0:
        return 0
    firsts, seconds = found.ids[found.firsts], found.ids[found.seconds]
    return int(np.count_nonzero((firsts < pair[0]) | ((firsts == pair[0]) & (seconds <= pair[1]))))


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
