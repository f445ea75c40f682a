"""How alike two words of names are, and two names as a whole, whatever the order of their words."""

import re
from functools import cache, lru_cache

from rapidfuzz.distance import OSA, Indel, JaroWinkler

from console.data.duplicates.names import phonetic
from console.data.duplicates.nicknames_eu import EUROPEAN

# How alike two words of names are, best last.
OTHER, FAR, INITIAL, NEAR, VARIANT, SAME = range(6)

_WORTH = {SAME: 1.0, VARIANT: 0.95, INITIAL: 0.85}
_LEAST = 0.75  # of two words that belong together
_SQUEEZED = 0.92  # of names written together: below, letters in common mean nothing
# What a letter counts that has no counterpart: much where both names have such, little where one is only longer.
_CONFLICT = 1.3
_EXTRA = 0.2
_SIMILAR = 0.86  # of two words of which one may be the other mistyped


def likeness(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """How alike two names are: words are paired best first and weighed by length, those left over count against."""
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


@lru_cache(maxsize=1 << 15)
def alike(one: str, other: str) -> int:
    """SAME, VARIANT (nickname, gender, sound), NEAR (a letter), INITIAL, FAR (likely misspelt) or OTHER."""
    if one == other:
        return SAME
    if len(one) > len(other):
        one, other = other, one
    if len(one) == 1:
        return INITIAL if other[:1] == one else OTHER
    listed = _nicknames()
    shorts, theirs = listed.get(one), listed.get(other)
    # What the genders of a surname have in common is at its beginning.
    if (shorts and other in shorts) or (one[:2] == other[:2] and _gendered(one) == _gendered(other)):
        return VARIANT
    both_known = shorts is not None and theirs is not None
    if theirs and len(one) > 3 and any(OSA.distance(one, short, score_cutoff=1) <= 1 for short in theirs):
        return FAR if both_known else VARIANT
    return _two_names(one, other) if both_known else _mistyped(one, other)


def _mistyped(one: str, other: str) -> int:
    """How alike two words are of which one may be the other one mistyped, the shorter one first."""
    edits = OSA.distance(one, other, score_cutoff=2)
    if (edits == 1 and len(one) > 2) or (edits == 2 and len(one) > 6):
        return NEAR
    similar = JaroWinkler.similarity(one, other, score_cutoff=_SIMILAR - 0.01)
    if similar >= _SIMILAR:
        return NEAR if similar >= 0.94 else FAR
    if len(one) > 3 and phonetic(one) == phonetic(other):
        return FAR
    if len(one) >= 3 and other.startswith(one):
        return FAR
    return OTHER


def _two_names(one: str, other: str) -> int:
    """How alike two listed first names are, the shorter one first: Jon and John are spellings, Paul and Paula two."""
    if phonetic(one) != phonetic(other):
        return OTHER
    spelt = OSA.distance(one, other, score_cutoff=1) <= 1 and other not in (one + "a", one + "e")
    return NEAR if spelt else FAR


@cache
def _nicknames() -> dict[str, frozenset[str]]:
    from nicknames import NickNamer

    found: dict[str, set[str]] = {}
    english = ((name, short) for name, some in NickNamer.default_lookup().items() for short in some)
    for name, short in (*english, *EUROPEAN):
        found.setdefault(name, set()).add(short)
        found.setdefault(short, set()).add(name)
    return {name: frozenset(others) for name, others in found.items()}


def nicknames(name: str) -> frozenset[str]:
    """The first names a folded one may stand for or be called by."""
    return _nicknames().get(name, frozenset())


_ENDINGS = (
    ("ska", "ski"),
    ("cka", "cki"),
    ("dzka", "dzki"),
    ("zka", "zki"),
    ("ova", "ov"),
    ("eva", "ev"),
    ("ina", "in"),
    ("aya", "y"),
)


@lru_cache(maxsize=1 << 16)
def _gendered(word: str) -> str:
    """A surname in the form of its men: Kowalska → kowalski, Novakova → novak."""
    for woman, man in _ENDINGS:
        if word.endswith(woman) and len(word) > len(woman) + 2:
            word = word.removesuffix(woman) + man
            break
    return word.removesuffix("ov") if len(word) > 5 else word


def digits(text: str) -> str:
    """What is left of a text without all that is no digit."""
    return _NO_DIGITS.sub("", text)


_NO_DIGITS = re.compile(r"\D+")


def known(word: str) -> bool:
    """Whether a word is a first name that is listed."""
    return word in _nicknames()
