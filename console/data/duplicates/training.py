"""Weights from the base itself: estimated once it is large enough, and tuned by what staff decide.

Each makes a new version of the model, whose ``origin`` says what it was made from; none is ever changed.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.desk import Desk
from console.data.duplicates import learn, models, postings, scoring, train
from console.data.duplicates.batches import Counts
from console.data.duplicates.compare import Levels
from console.data.duplicates.form import unpack
from console.data.duplicates.model import Model
from console.data.duplicates.score import Rarity, is_ruled_out, score
from console.data.duplicates.terms import Terms
from console.data.models.duplicates import duplicate_decision, duplicate_form, duplicate_pair
from console.data.models.journal import about

if TYPE_CHECKING:
    from console.data.duplicates.candidates import Candidates
    from console.data.duplicates.scan import Progress

CLIENTS = 100_000
"""Clients whose names and places are counted, of a larger base evenly chosen."""
PAIRS = 60_000
"""Candidate pairs that weights are estimated from, chosen in the same way."""
_CHUNK = 2_000
_LEARNED = "duplicates_learned"


async def estimate(desk: Desk, found: "Candidates", before: Model, progress: "Progress") -> Model:
    """A model of this base, kept as the current one."""
    ids = _some(found.ids.tolist(), CLIENTS)
    pairs = _some(range(len(found)), PAIRS)
    total = len(ids) + len(pairs)
    terms, patterns = Terms(), Counter[tuple[Levels, str]]()
    for start in range(0, len(ids), _CHUNK):
        async with desk.read() as connection:
            packed = await postings.forms(connection, ids[start : start + _CHUNK])
        await asyncio.to_thread(terms.add, [unpack(text) for text in packed.values()])
        progress("learning", start, total)
    base, counts = train.with_terms(before, terms), Counts(found.keys, found.counts)
    for start in range(0, len(pairs), _CHUNK):
        both = [pair for place in pairs[start : start + _CHUNK] for pair in found.pairs(place, place + 1)]
        async with desk.read() as connection:
            packed = await postings.forms(connection, (one for pair in both for one in pair))
        patterns += await asyncio.to_thread(_patterns, both, packed, counts, base)
        progress("learning", len(ids) + start, total)
    async with desk.read() as connection:
        version = await models.next_version(connection)
    made = await asyncio.to_thread(train.train, patterns, terms, base, version)
    model = models.renumbered(base, version) if made is None else made
    origin = f"{len(found.ids)} clients, {sum(patterns.values())} pairs"
    new_id = await desk.new_id()
    async with desk.quiet() as connection:
        await models.keep(connection, new_id, model, origin, desk.now())
    return model


def _some(values: Sequence[int], most: int) -> list[int]:
    """As many of the values, evenly chosen."""
    step = max(1, -(-len(values) // most))
    return list(values[::step])


def _patterns(
    both: Sequence[tuple[int, int]], packed: dict[int, str], counts: Counts, model: Model
) -> Counter[tuple[Levels, str]]:
    forms = {one: unpack(text) for one, text in packed.items()}
    known = [pair for pair in both if pair[0] in forms and pair[1] in forms]
    shares = scoring.shared_keys(known, forms)
    judged = scoring.judged(known, forms, counts.of(key for keys in shares for key in keys), model)
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
