"""The full scan: every client compared with those who share rare keys with them.

It is kept in steps, so that one that was stopped or killed goes on where it was, and ends with the same queue. What
changes meanwhile is scored after it. One process scans at a time; the feed waits for it.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import lease
from console.data.desk import Desk
from console.data.duplicates import (
    batches,
    candidates,
    feed,
    models,
    pairs,
    postings,
    shelf,
    state,
    store,
    training,
)
from console.data.duplicates.batches import AllBits, Batch, Scores
from console.data.duplicates.both import Ids
from console.data.duplicates.candidates import Candidates
from console.data.duplicates.crew import Crew, crew
from console.data.duplicates.model import SHIPPED, Model
from console.data.duplicates.scratch import scratch
from console.data.duplicates.state import State
from console.data.duplicates.whole import Held, Progress, Whole
from console.data.errors import Refused
from console.data.models.base import milliseconds
from console.data.models.duplicates import duplicate_form, duplicate_pair

BUSY = "Another process is looking for duplicates right now. Wait until it is done, then try again."
_CLEARED = 5_000
_SCORED_BY = "model"

Collect = Callable[[AllBits], None]


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
    helpers: Crew | None = None,
    wait: float = 25,
    progress: Progress = _silent,
    collect: Collect | None = None,
) -> Scanned:
    """Compare all clients; goes on with a scan that was stopped, unless ``retrain`` asks for new weights first.

    The ``helpers`` are used for big bases. ``collect`` gets all pairs that were compared, with their bits, some at a
    time. Refused where another process still scans after ``wait`` seconds.
    """
    async with alone(desk, wait) as held, AsyncExitStack() as running:
        used = await running.enter_async_context(crew(1)) if helpers is None else helpers
        folder = running.enter_context(scratch())
        running.callback(shelf.opened.cache_clear)
        return await Scan(desk, held, progress, collect, used, folder).run(retrain=retrain)


@asynccontextmanager
async def alone(desk: Desk, wait: float) -> AsyncIterator[Held]:
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


class Scan(Whole):
    """One search of the base by its keys, with the lease held (see ``alone``)."""

    def __init__(
        self,
        desk: Desk,
        held: Held,
        progress: Progress,
        collect: Collect | None,
        helpers: Crew,
        folder: Path,
    ) -> None:
        super().__init__(desk, held, progress)
        self._collect = collect
        self._crew = helpers
        self._folder = folder

    async def run(self, *, retrain: bool) -> Scanned:
        """The whole scan, or what was left of one."""
        async with self._desk.read() as connection:
            stands = await state.load(connection)
        await store.key_waiting(self._desk)
        resumed = stands.runs and not retrain
        if not resumed:
            stands = await self._begin(stands)
        ids = await shelf.put_forms(self._desk, self._folder)
        found = await candidates.find(self._desk, ids, self._reading)
        await asyncio.to_thread(shelf.put_pairs, self._folder, found)
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
            return await training.estimate(
                self._desk, self._folder, found, SHIPPED, self._crew, self._progress
            )
        return model

    async def _compare(self, found: Candidates, model: Model, stands: State) -> State:
        shelf.put_model(self._folder, _SCORED_BY, model)
        done, many = _place(found, (stands.first, stands.second)), len(found) >= batches.MANY
        ends = [min(begin + batches.SIZE, len(found)) for begin in range(done, len(found), batches.SIZE)]
        wanted = (self._batch(*span, stands.run) for span in pairwise([done, *ends]))
        async for scores in self._crew.calls(batches.scored, wanted, many=many):
            last = found.ids[found.firsts[scores.end - 1]], found.ids[found.seconds[scores.end - 1]]
            stands = await self._written(scores, stands.at((int(last[0]), int(last[1])), scores.end))
            self._progress("comparing", scores.end, len(found))
        return stands

    def _batch(self, begin: int, end: int, run: int) -> Batch:
        return Batch(
            self._folder, begin, end, _SCORED_BY, run, self._desk.now(), scores=self._collect is not None
        )

    async def _written(self, scores: Scores, stands: State) -> State:
        """Write a batch with how far it is; a scan that is killed goes on behind it."""
        if self._collect is not None and scores.bits is not None:
            self._collect(scores.bits)
        ids = iter([await self._desk.new_id() for _ in scores.rows])
        async with self._desk.quiet() as connection:
            await self._held(connection)
            await pairs.put(connection, await _still_looked_for(connection, scores.rows), ids.__next__)
            await state.keep(connection, stands)
        return stands

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


async def _still_looked_for(connection: AsyncConnection, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The pairs of which neither has left the lists, or the database, since their forms were read."""
    known = await postings.looked_for(
        connection, (row[name] for row in rows for name in ("first_id", "second_id"))
    )
    return [row for row in rows if row["first_id"] in known and row["second_id"] in known]
