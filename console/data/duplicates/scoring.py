"""Pairs of stored forms, scored: the same for the look-up, the scan and the feed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.duplicates import postings
from console.data.duplicates.block import shared
from console.data.duplicates.both import Ids
from console.data.duplicates.candidates import COUNTED
from console.data.duplicates.compare import Levels, levels_many
from console.data.duplicates.form import Form, unpack
from console.data.duplicates.model import Model
from console.data.duplicates.score import Rarity, Scored, rarity, score
from console.data.models.duplicates import duplicate_form

_ASKED = 2_000


class Judged(NamedTuple):
    """What two clients are to each other by their clues."""

    pair: Ids
    levels: Levels
    scored: Scored
    rarity: Rarity


async def load(connection: AsyncConnection, ids: Iterable[int]) -> dict[int, str]:
    """The packed forms of clients; who is not looked for is left out."""
    found: dict[int, str] = {}
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _ASKED):
        some = duplicate_form.c.client_id.in_(wanted[start : start + _ASKED])
        query = select(duplicate_form.c.client_id, duplicate_form.c.form).where(
            some, duplicate_form.c.form != ""
        )
        found |= {row.client_id: row.form for row in await connection.execute(query)}
    return found


async def judge(
    connection: AsyncConnection, pairs: Sequence[Ids], forms: Mapping[int, Form], model: Model
) -> list[Judged]:
    """Score pairs whose forms are given; how many clients share what they share is asked of the database."""
    shares = shared_keys(pairs, forms)
    counts = await postings.counts(connection, (key for keys in shares for key in keys), COUNTED)
    return judged(pairs, forms, counts, model)


async def judge_stored(
    connection: AsyncConnection, pairs: Sequence[Ids], model: Model
) -> tuple[list[Judged], dict[int, Form]]:
    """Score pairs by their stored forms, given with them; pairs with a client not looked for any more are left out."""
    packed = await load(connection, (one for pair in pairs for one in pair))
    forms = {one: unpack(text) for one, text in packed.items()}
    known = [pair for pair in pairs if pair[0] in forms and pair[1] in forms]
    return await judge(connection, known, forms, model), forms


def shared_keys(pairs: Sequence[Ids], forms: Mapping[int, Form]) -> list[list[int]]:
    """The keys of each pair whose number of clients bears on its score."""
    return [shared(forms[one], forms[other]) for one, other in pairs]


def judged(
    pairs: Sequence[Ids],
    forms: Mapping[int, Form],
    counts: Mapping[int, int],
    model: Model,
) -> list[Judged]:
    """Score pairs; ``counts`` says how many clients have each of the keys that two share."""
    found = levels_many((forms[one], forms[other]) for one, other in pairs)
    result = []
    for pair, levels in zip(pairs, found, strict=True):
        rare = rarity(forms[pair[0]], forms[pair[1]], levels, counts, model)
        result.append(Judged(pair, levels, score(levels, model, rare), rare))
    return result
