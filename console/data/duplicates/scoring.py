"""Pairs of stored forms, scored: the same for the look-up, the scan and the feed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.duplicates import postings
from console.data.duplicates.both import Ids
from console.data.duplicates.candidates import COUNTED
from console.data.duplicates.compare import Levels, levels
from console.data.duplicates.form import Form, unpack
from console.data.duplicates.model import Model
from console.data.duplicates.score import Claim, Rarity, Scored, claims, rarity, score


class Compared(NamedTuple):
    """How alike two clients are, and what they agree in that others may have, too."""

    pair: Ids
    levels: Levels
    claims: list[Claim]


class Judged(NamedTuple):
    """What two clients are to each other by their clues."""

    pair: Ids
    levels: Levels
    scored: Scored
    rarity: Rarity


async def judge(
    connection: AsyncConnection, pairs: Sequence[Ids], forms: Mapping[int, Form], model: Model
) -> list[Judged]:
    """Score pairs whose forms are given; how many clients have what they share is asked of the database."""
    found = compared(pairs, forms)
    counts = await postings.counts(connection, claimed(found), COUNTED)
    return judged(found, forms, counts, model)


async def judge_stored(
    connection: AsyncConnection, pairs: Sequence[Ids], model: Model
) -> tuple[list[Judged], dict[int, Form]]:
    """Score pairs by their stored forms, given with them; pairs with a client not looked for any more are left out."""
    packed = await postings.forms(connection, (one for pair in pairs for one in pair))
    forms = {one: unpack(text) for one, text in packed.items()}
    known = [pair for pair in pairs if pair[0] in forms and pair[1] in forms]
    return await judge(connection, known, forms, model), forms


def compared(
    pairs: Iterable[Ids],
    forms: Mapping[int, Form],
    known: Iterable[Levels | None] = repeat(None),
    worth: Callable[[Levels], bool] | None = None,
) -> list[Compared]:
    """Compare pairs by their forms; of some the levels may be ``known``. Those not ``worth`` it are left out."""
    found = []
    for pair, alike in zip(pairs, known, strict=False):
        one, other = forms[pair[0]], forms[pair[1]]
        if alike is None:
            alike = levels(one, other)
        if worth is not None and not worth(alike):
            continue
        found.append(Compared(pair, alike, claims(one, other, alike)))
    return found


def claimed(pairs: Iterable[Compared]) -> set[int]:
    """The keys whose number of clients bears on the scores of pairs."""
    return {key for one in pairs for claim in one.claims for key in claim.keys}


def judged(
    pairs: Iterable[Compared], forms: Mapping[int, Form], counts: Mapping[int, int], model: Model
) -> list[Judged]:
    """Score pairs; ``counts`` says how many clients have each of the keys that are claimed."""
    result = []
    for pair, found, claims_ in pairs:
        rare = rarity(forms[pair[0]], forms[pair[1]], found, counts, model, claims_)
        result.append(Judged(pair, found, score(found, model, rare), rare))
    return result
