"""Words that are near to typed ones where those find nobody: one letter or digit more, less, another, or two swapped.

What the typed word may have been meant to be is written out, some hundred words, and each is looked for where it would
stand in the index. Nothing is kept for it, and the time it takes does not depend on how many clients there are.
"""

from collections.abc import Iterator
from string import ascii_lowercase, digits

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.dialect import DIALECTS
from console.data.models.clients import client_word
from console.data.typed import Term, Terms

LEAST = 3  # letters, of the word typed and of the near one; of shorter words every other one is near
LEAST_DIGITS = 6
LONGEST = 32
KEPT = 6  # near words of one typed word


async def terms(connection: AsyncConnection, typed: Terms) -> Terms:
    """The typed terms, each with the words near to it; none where no word is near to any of them."""
    found = [await _near(connection, term) for term in typed]
    return tuple(found) if any(new != old for new, old in zip(found, typed, strict=True)) else ()


async def _near(connection: AsyncConnection, term: Term) -> Term:
    kept: list[str] = []
    for one in term.beginnings:
        mark, body = (one[0], one[1:]) if one[0] in "~#" else ("", one)
        if len(body) >= (LEAST_DIGITS if body.isdecimal() else LEAST) and len(body) <= LONGEST:
            kept += await _existing(connection, mark, body)
    some = dict.fromkeys((*kept[:KEPT], *await _known(connection, term)))
    return Term(term.typed, tuple(some)) if kept else term


async def _known(connection: AsyncConnection, term: Term) -> list[str]:
    """Those of the beginnings that are words' beginnings: who has one may lack another of the words typed."""
    found = await _first_words(connection, list(term.beginnings))
    return [one for one, word in found if word.startswith(one)]


async def _existing(connection: AsyncConnection, mark: str, body: str) -> list[str]:
    """The nearest of the words near to ``body``; where none of them is a whole word, beginnings of words."""
    long_enough = (mark + one for one in sorted(variants(body)) if len(one) >= LEAST)
    found = await _first_words(connection, list(long_enough))
    there = [(one, word) for one, word in found if word.startswith(one)]
    whole = [one for one, word in there if one == word]
    ranked = sorted(
        whole or [one for one, _ in there], key=lambda one: _distance(one.removeprefix(mark), body)
    )
    return ranked[:KEPT]


async def _first_words(connection: AsyncConnection, wanted: list[str]) -> list[tuple[str, str]]:
    """Each wanted beginning with the first word at or after it, '' where there is none."""
    asked = DIALECTS[connection.dialect.name].rows_of(wanted)
    at_or_after = (
        select(func.min(client_word.c.word))
        .where(client_word.c.word >= asked.c.value)
        .correlate(asked)
        .scalar_subquery()
    )
    rows = await connection.execute(select(asked.c.value, func.coalesce(at_or_after, "")))
    return [(row[0], row[1]) for row in rows]


def variants(word: str) -> set[str]:
    """All words at one edit from this one: a letter (of numbers, a digit) more, less, another, or two swapped."""
    return set(_variants(word)) - {word}


def _variants(word: str) -> Iterator[str]:
    signs = digits if word.isdecimal() else ascii_lowercase
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        for sign in signs:
            yield before + sign + after
            yield before + sign + after[1:]
        yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]


def _distance(one: str, typed: str) -> tuple[float, float]:
    """Fewer edits first; of those, what begins alike and has the same letters."""
    return DamerauLevenshtein.distance(one, typed), -JaroWinkler.similarity(one, typed)
