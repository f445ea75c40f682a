"""Names of persons: which token is which, and how one sounds."""

import re
from functools import lru_cache

from console.data.duplicates.words import PARTICLES, SUFFIXES, TITLES

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile(r"['`’ʼ´]")  # noqa: RUF001
LONGEST = 40
MOST = 8
_IGNORED = TITLES | SUFFIXES


def parsed(folded: str) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """First names and surnames of a folded full name, and whether their order is certain ('Last, First').

    A single word is counted as a first name; both halves of a hyphened surname are surnames.
    """
    last, comma, first = folded.partition(",")
    if comma:
        given, family = tokens(first), tokens(last)
        if given and family and len(given) <= 3 and len(family) <= 3:
            return given, family, True
    words = [found for word in folded.split() if (found := _words(word))]
    words = [found for found in words if not _IGNORED.issuperset(found)] or words
    if len(words) < 2:
        return tokens(folded), (), False
    cut = len(words) - 1
    while cut > 1 and words[cut - 1][0] in PARTICLES:
        cut -= 1
    return _joined(words[:cut]), _joined(words[cut:]), False


def _words(text: str) -> list[str]:
    return _WORD.findall(_APOSTROPHE.sub("", text))


def _joined(words: list[list[str]]) -> tuple[str, ...]:
    return tuple([word[:LONGEST] for some in words for word in some][:MOST])


def tokens(folded: str) -> tuple[str, ...]:
    """The words of a folded name without titles and suffixes; all of them where there is nothing else."""
    words = _words(folded)[: MOST * 2]
    return _joined([[word for word in words if word not in _IGNORED] or words])


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
