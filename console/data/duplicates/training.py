"""Weights from the base itself: estimated once it is large enough, and tuned by what staff decide.

Each makes a new version of the model, whose ``origin`` says what it was made from; none is ever changed.
"""

import asyncio
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.desk import Desk
from console.data.duplicates import batches, learn, models, scoring, train
from console.data.duplicates.compare import Levels
from console.data.duplicates.crew import Crew
from console.data.duplicates.model import Model
from console.data.duplicates.score import Rarity, is_ruled_out, score
from console.data.duplicates.shelf import opened, put_model
from console.data.duplicates.terms import Terms
from console.data.models.duplicates import duplicate_decision, duplicate_form, duplicate_pair
from console.data.models.journal import about

if TYPE_CHECKING:
    from console.data.duplicates.candidates import Candidates
    from console.data.duplicates.whole import Progress

CLIENTS = 100_000
"""Clients whose names and places are counted, of a larger base evenly chosen."""
PAIRS = 60_000
"""Candidate pairs that weights are estimated from, chosen in the same way."""
_CHUNK = 5_000
_BASE = "before"
_LEARNED = "duplicates_learned"


async def estimate(
    desk: Desk, shelf: Path, found: "Candidates", before: Model, crew: Crew, progress: "Progress"
) -> Model:
    """A model of this base, kept as the current one; forms and pairs are read from the ``shelf``."""
    clients, pairs = _chosen(len(found.ids), CLIENTS), _chosen(len(found), PAIRS)
    total = sum(len(one) for one in (*clients, *pairs))
    done, large = 0, len(found) >= batches.MANY
    terms, patterns = Terms(), Counter[tuple[Levels, str]]()
    async for some in crew.calls(partial(_terms, shelf), clients, many=large):
        terms.merge(some)
        done += some.clients
        progress("learning", done, total)
    base = train.with_terms(before, terms)
    put_model(shelf, _BASE, base)
    async for counted in crew.calls(partial(_patterns, shelf), pairs, many=large):
        patterns += counted
        done += counted.total()
        progress("learning", done, total)
    async with desk.read() as connection:
        version = await models.next_version(connection)
    made = await asyncio.to_thread(train.train, patterns, terms, base, version)
    model = models.renumbered(base, version) if made is None else made
    origin = f"{len(found.ids)} clients, {sum(patterns.values())} pairs"
    new_id = await desk.new_id()
    async with desk.quiet() as connection:
        await models.keep(connection, new_id, model, origin, desk.now())
    return model


def _chosen(number: int, most: int) -> list[range]:
    """As many of the places from 0 on as there may be, evenly chosen, some at a time."""
    step = max(1, -(-number // most))
    return [
        range(begin, min(begin + _CHUNK * step, number), step) for begin in range(0, number, _CHUNK * step)
    ]


def _terms(folder: Path, places: range) -> Terms:
    """The terms of some clients."""
    terms = Terms()
    terms.add(opened(folder).forms(places).values())
    return terms


def _patterns(folder: Path, places: range) -> Counter[tuple[Levels, str]]:
    """The levels and steps of rarity of some pairs."""
    found = opened(folder)
    some = slice(places.start, places.stop, places.step)
    both = found.pairs(some)
    forms = found.forms(one for pair in both for one in pair)
    compared = scoring.compared(both, forms)
    found.keep_levels(some, [one.levels for one in compared])
    counts = found.counts.of(scoring.claimed(compared))
    judged = scoring.judged(compared, forms, counts, found.model(_BASE))
    return Counter((one.levels, one.rarity.steps) for one in judged)


async def learn_if_due(desk: Desk) -> bool:
    """Tune the weights where there are ``learn.LEAST`` decisions more than the last time; True for a new model.

    It is taken only where it proves better than the one before on decisions that it has not seen. All pairs are then
    scored anew by it.
    """
    async with desk.read() as connection:
        number = (await connection.execute(select(func.count()).select_from(duplicate_decision))).scalar_one()
        known = (await connection.execute(select(about.c.value).where(about.c.name == _LEARNED))).scalar()
    if number - int(known or 0) < learn.LEAST:
        return False
    return await refit(desk, number)


async def refit(desk: Desk, number: int) -> bool:
    """The same, due or not; ``number`` of decisions there are."""
    async with desk.read() as connection:
        model, version = await models.current(connection), await models.next_version(connection)
        known = await decided(connection, model)
    made = await asyncio.to_thread(learn.refit, model, known, version)
    new_id = await desk.new_id()
    async with desk.quiet() as connection:
        await _note(connection, number)
        if made is not None:
            await models.keep(connection, new_id, made, f"{len(known)} decisions of staff", desk.now())
            await _all_unscored(connection)
    return made is not None


async def decided(connection: AsyncConnection, model: Model) -> list[learn.Decided]:
    """The last decision on each pair that may be one, with the parts its score had, by the weights of ``model``."""
    last: dict[tuple[int, int], learn.Decided] = {}
    for row in await connection.execute(select(duplicate_decision).order_by(duplicate_decision.c.id)):
        if len(row.levels) != len(row.rarity) or is_ruled_out(Levels(row.levels)):
            continue  # nothing could be compared then, or no weight bears on it
        parts = score(Levels(row.levels), model, Rarity(row.rarity)).parts
        last[row.first_id, row.second_id] = (parts, row.decision == "same")
    return list(last.values())


async def _note(connection: AsyncConnection, number: int) -> None:
    known = update(about).where(about.c.name == _LEARNED).values(value=str(number))
    if not (await connection.execute(known)).rowcount:
        await connection.execute(insert(about).values(name=_LEARNED, value=str(number)))


async def _all_unscored(connection: AsyncConnection) -> None:
    """Whoever is in a stored pair is scored anew."""
    for column in (duplicate_pair.c.first_id, duplicate_pair.c.second_id):
        mine = duplicate_form.c.client_id.in_(select(column))
        await connection.execute(update(duplicate_form).where(mine).values(unscored=True))
