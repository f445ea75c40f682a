"""Names of persons: which token is which, and how alike two tokens are."""

import re
from functools import cache, lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

from console.data.duplicates.nicknames_eu import EUROPEAN
from console.data.duplicates.words import PARTICLES, SUFFIXES, TITLES

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile(r"['`’ʼ´]")  # noqa: RUF001
LONGEST = 40
MOST = 8

# How alike two tokens of names are, best last.
OTHER, FAR, INITIAL, NEAR, VARIANT, SAME = range(6)


def parsed(folded: str) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """First names and surnames of a folded full name, and whether their order is certain ('Last, First').

    A single token is counted as a first name.
    """
    last, comma, first = folded.partition(",")
    if comma:
        given, family = tokens(first), tokens(last)
        if given and family and len(given) <= 3 and len(family) <= 3:
            return given, family, True
    found = tokens(folded)
    if len(found) < 2:
        return found, (), False
    cut = len(found) - 1
    while cut > 1 and found[cut - 1] in PARTICLES:
        cut -= 1
    return found[:cut], found[cut:], False


def tokens(folded: str) -> tuple[str, ...]:
    """The words of a folded name without titles and suffixes; all of them where there is nothing else."""
    words = _WORD.findall(_APOSTROPHE.sub("", folded))[: MOST * 2]
    kept = [word for word in words if word not in TITLES and word not in SUFFIXES]
    return tuple([word[:LONGEST] for word in (kept or words)][:MOST])


@lru_cache(maxsize=1 << 16)
def phonetic(word: str) -> str:
    """How a word sounds, roughly, in the languages of the house: equal for Schulz and Szulc. At most six letters."""
    for old, new in _SOUNDS:
        if old in word:
            word = word.replace(old, new)
    kept = word[:1]
    for sign in word[1:]:
        if sign not in "aeiouyh" and sign != kept[-1]:
            kept += sign
    return kept[:6]


_SOUNDS = (
    ("szcz", "s"),
    ("tsch", "c"),
    ("sch", "s"),
    ("sz", "s"),
    ("sh", "s"),
    ("cz", "c"),
    ("tch", "c"),
    ("ch", "h"),
    ("rz", "z"),
    ("ph", "f"),
    ("th", "t"),
    ("ck", "k"),
    ("qu", "k"),
    ("q", "k"),
    ("x", "ks"),
    ("w", "v"),
    ("j", "i"),
    ("y", "i"),
    ("dz", "z"),
    ("tz", "c"),
    ("ts", "c"),
    ("gh", "g"),
    ("kh", "h"),
    ("c", "k"),
)


@lru_cache(maxsize=1 << 17)
def alike(one: str, other: str) -> int:
    """SAME, VARIANT (nickname, gender, sound), NEAR (a letter), INITIAL, FAR (likely misspelt) or OTHER."""
    if one == other:
        return SAME
    if len(one) > len(other):
        one, other = other, one
    if len(one) == 1:
        return INITIAL if other[:1] == one else OTHER
    if other in nicknames(one) or _gendered(one) == _gendered(other):
        return VARIANT
    similar = JaroWinkler.similarity(one, other)
    edits = OSA.distance(one, other, score_cutoff=2)
    if (edits == 1 and len(one) > 2) or (edits == 2 and len(one) > 6) or similar >= 0.94:
        return NEAR
    if similar >= 0.86 or (len(one) > 3 and phonetic(one) == phonetic(other)):
        return FAR
    if len(one) >= 3 and other.startswith(one):
        return FAR
    return OTHER


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


def _gendered(word: str) -> str:
    """A surname in the form of its men: Kowalska → kowalski, Novakova → novak."""
    for woman, man in _ENDINGS:
        if word.endswith(woman) and len(word) > len(woman) + 2:
            word = word.removesuffix(woman) + man
            break
    return word.removesuffix("ov") if len(word) > 5 else word


def known(word: str) -> bool:
    """Whether a word is a first name that is listed."""
    return word in _nicknames()
