"""What was scored elsewhere, taken into the queue: as if a scan had found it when the export was made."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.desk import Desk
from console.data.duplicates import feed, models, pairs, postings, state
from console.data.duplicates.model import Model, from_json
from console.data.duplicates.scaleout import evidence
from console.data.duplicates.scaleout import folder as files
from console.data.duplicates.scaleout.folder import About
from console.data.duplicates.scan import alone
from console.data.duplicates.state import State
from console.data.duplicates.whole import Whole
from console.data.errors import Refused
from console.data.models.base import milliseconds
from console.data.models.duplicates import duplicate_form, duplicate_model, duplicate_pair
from console.data.models.words import DUPLICATE_RELATIONS

SIZE = 2_000
Told = Callable[[str, int, int], None]
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Brought:
    """How many pairs were taken in, and how many were left out: their clients have changed or gone since the export.

    Who has changed is scored anew at once.
    """

    pairs: int
    changed: int
    model_version: int


async def bring(desk: Desk, folder: Path, told: Told, *, wait: float = 25) -> Brought:
    """Take the result in a folder into the queue, in place of what a scan found before.

    Refused where it was scored by other weights than the desk's, is damaged, or a scan is under way for longer than
    ``wait`` seconds. One that is stopped has not ended the last scan: begin it again.
    """
    about = files.about(folder)
    total = _whole(folder)
    model = from_json(about.model)
    async with alone(desk, wait) as held:
        await _check(desk, model)
        return await _Bringing(desk, held, told).bring(folder, about, model, total)


async def _check(desk: Desk, model: Model) -> None:
    async with desk.read() as connection:
        now = await models.current(connection)
        known = select(duplicate_model.c.weights).where(duplicate_model.c.model_version == model.version)
        weights = (await connection.execute(known)).scalar()
    if now.version != model.version or (weights is not None and weights != model.to_json()):
        raise Refused(
            "It was scored by other weights than this desk has now. Export, score and import again."
        )


class _Bringing(Whole):
    """A search whose pairs come from a file."""

    async def bring(self, folder: Path, about: About, model: Model, total: int) -> Brought:
        """Take everything in; pairs that the feed has scored since the export stay as they are."""
        now = milliseconds(self._desk.now())
        async with self._desk.quiet() as connection:
            await self._held(connection)
            before = await state.load(connection)
            stands = State(run=before.run + 1, started=now, model_version=model.version)
            stands = replace(stands, clients=about.clients, total=total)
            await state.keep(connection, stands)
        taken = left = 0
        for some in _batches(folder):
            rows, changed = await self._take(some, about, model, stands.run)
            taken, left = taken + rows, left + changed
            self._progress("reading", taken + left, total)
        async with self._desk.quiet() as connection:
            since = duplicate_pair.c.scored_at >= about.at
            await connection.execute(update(duplicate_pair).where(since).values(run=stands.run))
        await self._group(model, stands)
        await self._end(replace(stands, done=total))
        return Brought(taken, left, model.version)

    async def _take(self, some: Rows, about: About, model: Model, run: int) -> tuple[int, int]:
        """Write some pairs whose clients are as they were; returns how many, and how many were not."""
        ids = {one for row in some for one in (row["first_id"], row["second_id"])}
        async with self._desk.quiet() as connection:
            await self._held(connection)
            forms = await postings.forms(connection, ids)
            marks = {one: evidence.mark(form) for one, form in forms.items()}
            fresh = [row for row in some if _is_fresh(row, marks)]
            changed = [row for row in some if not _is_fresh(row, marks)]
            if changed:
                await _unscored(connection, changed)
            newer = await _newer(connection, ids, about.at)
        fresh = [row for row in fresh if (row["first_id"], row["second_id"]) not in newer]
        new = iter(await self._desk.new_ids(len(fresh)))
        values = [_values(row, model, run, about.at) for row in fresh]
        async with self._desk.quiet() as connection:
            await self._held(connection)
            await pairs.put(connection, values, new.__next__)
        return len(some) - len(changed), len(changed)

    async def _end(self, stands: State) -> None:
        async with self._desk.quiet() as connection:
            await self._held(connection)
            await state.keep(connection, replace(stands, finished=milliseconds(self._desk.now())))
        while await feed.step(self._desk):
            await self._hold()


def _whole(folder: Path) -> int:
    """How many pairs the result has; Refused, before anything is written, where it is not all of it."""
    expected, found = files.scored(folder).get("kept"), sum(map(len, _batches(folder)))
    if found != expected:
        raise Refused(f"{folder / files.PAIRS} is not the whole result. Score again, or copy it again.")
    return found


def _batches(folder: Path) -> Iterator[Rows]:
    rows = (_read(folder, row) for row in files.rows_of(folder, files.PAIRS, files.OF_PAIRS))
    while some := list(itertools.islice(rows, SIZE)):
        yield some


def _read(folder: Path, row: dict[str, str]) -> dict[str, Any]:
    """A row of the result as numbers and texts; Refused where it is none."""
    try:
        found: dict[str, Any] = {
            name: row[name] if name in ("relation", "levels") else int(row[name]) for name in files.OF_PAIRS
        }
    except (KeyError, TypeError, ValueError):
        found = {}
    if found.get("relation") not in DUPLICATE_RELATIONS or not found["first_id"] < found["second_id"]:
        raise Refused(f"{folder / files.PAIRS} holds a row that is no pair. Score again.")
    return found


def _is_fresh(row: dict[str, Any], marks: dict[int, int]) -> bool:
    """Whether both clients are as they were compared."""
    return all(marks.get(row[f"{side}_id"]) == row[f"{side}_form"] for side in ("first", "second"))


async def _unscored(connection: AsyncConnection, rows: Rows) -> None:
    ids = sorted({one for row in rows for one in (row["first_id"], row["second_id"])})
    mine = duplicate_form.c.client_id.in_(ids)
    await connection.execute(update(duplicate_form).where(mine).values(unscored=True))


async def _newer(connection: AsyncConnection, ids: set[int], at: int) -> set[tuple[int, int]]:
    """The pairs of these clients that the feed has scored since."""
    pair = duplicate_pair.c
    mine = select(pair.first_id, pair.second_id).where(pair.first_id.in_(ids), pair.scored_at >= at)
    return {(row.first_id, row.second_id) for row in await connection.execute(mine)}


def _values(row: dict[str, Any], model: Model, run: int, at: int) -> dict[str, Any]:
    """What is stored of a pair (see ``pairs.row_of``)."""
    kept = {name: row[name] for name in ("first_id", "second_id", "relation", "score", "percent", "levels")}
    return {**kept, "model_version": model.version, "run": run, "scored_at": at}
