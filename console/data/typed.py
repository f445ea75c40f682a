"""What somebody typed into a filter of clients: the words it asks for, and the ways it may be read.

``kowalska@acme`` may begin an address, or be pieces of one; ``601 555 010`` one number, or three words. The first
reading that anybody matches counts.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import and_

from console.data.client_words import heads_of
from console.data.normalize import MAX_WORD, WORD, fold, storable

MAX_TEXT = 200  # characters that are looked at; nobody types more on purpose
MAX_TERMS = 8
LEAST_END = 3  # digits, for them to be looked for at the end of a number
_LEAST_NUMBER = 6  # digits that are one number although they are written apart
_PHONE = re.compile(r"[\d\s()./+-]+")
_APART = re.compile(r"(?<![\w@])\+?\d[\d\s()./-]*\d(?![\w@])")
_NO_DIGIT = re.compile(r"\D+")
_TRUNK = re.compile(r"\(0\)")


@dataclass(frozen=True, slots=True)
class Term:
    """A client must have a word that begins with one of ``beginnings``; ``typed`` is how it was typed."""

    typed: str
    beginnings: tuple[str, ...]

    @property
    def heads(self) -> int:
        """The bits that the client's ``heads`` must have, 0 where that cannot be said."""
        if any(one[0] == "~" for one in self.beginnings):
            return 0
        return reduce(and_, (heads_of((one,)) for one in self.beginnings))


Terms = tuple[Term, ...]


def readings(text: str) -> list[Terms]:
    """The ways to read it, the strictest first; none where there is nothing to look for."""
    folded = _TRUNK.sub("", fold(storable(text[:MAX_TEXT])))
    apart = _terms(folded.split(), strict=False)
    if _PHONE.fullmatch(folded) and len(digits := _NO_DIGIT.sub("", folded)) >= LEAST_END:
        found = [(_number(digits),), apart]
    else:
        joined = _APART.sub(_join, folded).split()
        found = [_terms(joined, strict=True), _terms(joined, strict=False), apart]
    return [one for one in dict.fromkeys(found) if one]


def terms_of(words: Iterable[str]) -> Terms:
    """Folded words as terms, each by itself."""
    return tuple(_word(word) for word in words)


def _join(found: re.Match[str]) -> str:
    digits = _NO_DIGIT.sub("", found[0])
    return digits if len(digits) >= _LEAST_NUMBER else found[0]


def _terms(parts: list[str], *, strict: bool) -> Terms:
    """``strict`` takes what has an @ as the beginning of an address."""
    found: list[Term] = []
    for part in parts:
        if strict and "@" in part:
            found.append(_word(part.lstrip("@<").rstrip(">,;")))
        elif part[0] == "#" and (tag := WORD.search(part)):
            found.append(_word(f"#{tag[0]}"))
        else:
            found += [_word(word) for word in WORD.findall(part)]
    return tuple(dict.fromkeys(one for one in found if one.beginnings[0]))[:MAX_TERMS]


def _word(word: str) -> Term:
    if word.isdecimal() and len(word) >= LEAST_END:
        return _number(word)
    return Term(word[:MAX_WORD], (word[:MAX_WORD],))


def _number(digits: str) -> Term:
    """Digits from the beginning of a number, or from its end; zeros before it may stand for a + or a trunk call."""
    digits = digits[:MAX_WORD]
    forms = [digits, "~" + digits[::-1]]
    bare = digits.lstrip("0")
    if bare != digits and len(bare) >= _LEAST_NUMBER - 1:
        forms += [bare, "~" + bare[::-1]]
    return Term(digits, tuple(forms))
