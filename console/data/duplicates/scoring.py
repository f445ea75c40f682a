"""Pairs of stored forms, scored: the same for the look-up, the scan and the feed."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.duplicates import postings
from console.data.duplicates.block import shared
from console.data.duplicates.both import Ids
from console.data.duplicates.candidates import COUNTED
from console.data.duplicates.compare import Levels, levels_many
from console.data.duplicates.form import Form, unpack
from console.data.duplicates.model import Model
from console.data.duplicates.score import Rarity, Scored, rarity, score


class Judged(NamedTuple):
    """What two clients are to each other by their clues."""

    pair: Ids
    levels: Levels
    scored: Scored
    rarity: Rarity


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
    packed = await postings.forms(connection, (one for pair in pairs for one in pair))
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
    return weighed(pairs, levels_of(pairs, forms), forms, counts, model)


def levels_of(pairs: Sequence[Ids], forms: Mapping[int, Form]) -> list[Levels]:
    """The levels of pairs."""
    return levels_many((forms[one], forms[other]) for one, other in pairs)


def weighed(
    pairs: Sequence[Ids],
    found: Sequence[Levels],
    forms: Mapping[int, Form],
    counts: Mapping[int, int],
    model: Model,
) -> list[Judged]:
    """Score pairs whose levels are known."""
    result = []
    for pair, levels in zip(pairs, found, strict=True):
        rare = rarity(forms[pair[0]], forms[pair[1]], levels, counts, model)
        result.append(Judged(pair, levels, score(levels, model, rare), rare))
    return result
