"""How alike two names are as a whole, whatever the order of their words: 0 to 1."""

from functools import lru_cache

from rapidfuzz.distance import Indel, JaroWinkler

from console.data.duplicates.names import INITIAL, SAME, VARIANT, alike

_WORTH = {SAME: 1.0, VARIANT: 0.95, INITIAL: 0.85}
_LEAST = 0.75  # of two words that belong together
_SQUEEZED = 0.92  # of names written together: below, letters in common mean nothing
# What a letter counts that has no counterpart: much where both names have such, little where one is only longer.
_CONFLICT = 1.3
_EXTRA = 0.2


def likeness(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """How alike two names are: words are paired best first and weighed by length; words left over count against."""
    if not one or not other:
        return 0.0
    mine, theirs = "".join(one), "".join(other)
    if mine == theirs:
        return 1.0
    squeezed = Indel.normalized_similarity(mine, theirs, score_cutoff=_SQUEEZED)
    total, weight, left, right = _paired(one, other)
    if not weight:
        return squeezed
    return max(squeezed, total / (weight + _CONFLICT * min(left, right) + _EXTRA * abs(left - right)))


def _paired(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[float, float, int, int]:
    """Similarity by weight, and weight, of the words that belong together; the letters left over of each name."""
    ranked = [(_word(mine, theirs), -i, -j) for i, mine in enumerate(one) for j, theirs in enumerate(other)]
    ranked.sort(reverse=True)
    mine, theirs = dict(enumerate(one)), dict(enumerate(other))
    total = weight = 0.0
    for similar, i, j in ranked:
        if similar < _LEAST:
            break
        if -i in mine and -j in theirs:
            size = (len(mine.pop(-i)) + len(theirs.pop(-j))) / 2 + 1
            total += similar * size
            weight += size
    return total, weight, _letters(mine), _letters(theirs)


def _letters(words: dict[int, str]) -> int:
    return sum(len(word) + 1 for word in words.values())


@lru_cache(maxsize=1 << 15)
def _word(one: str, other: str) -> float:
    worth = _WORTH.get(alike(one, other))
    if worth is not None:
        return worth
    return (JaroWinkler.similarity(one, other) + Indel.normalized_similarity(one, other)) / 2
