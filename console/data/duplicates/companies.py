"""How alike the names of two companies are: their words, the places that branches are told by, their legal forms."""

from functools import lru_cache
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from console.data.duplicates.form import Form
from console.data.duplicates.likeness import digits, likeness
from console.data.duplicates.words import LEGAL, LEGAL_PHRASES


def company_level(one: Form, other: Form) -> str:
    """The level of two companies' names, or of those whose kind nobody said; '-' where one has none."""
    if not one.given or not other.given:
        return "-"
    one, other = _placed(one, other), _placed(other, one)
    level = _company_name(one.given, other.given)
    return _branch(one, other) or level if level in "snmea" else level


def _placed(one: Form, other: Form) -> Form:
    """The first of two companies with its place apart, if its name ends in the place that the other's is told by."""
    place = other.family
    if place and not one.family and one.given[-len(place) :] == place != one.given:
        return one._replace(given=one.given[: -len(place)], family=place)
    return one


def _branch(one: Form, other: Form) -> str:
    """'b' where the names tell two branches apart by their places, 'p' where one has a place and the other none."""
    if not one.family and not other.family:
        return ""
    mine, theirs = (" ".join(each.family) or each.city for each in (one, other))
    if not mine or not theirs:
        return "p"
    if mine == theirs or (
        min(len(mine), len(theirs)) >= 4 and OSA.distance(mine, theirs, score_cutoff=1) <= 1
    ):
        return ""
    return "b"


def _company_name(one: tuple[str, ...], other: tuple[str, ...]) -> str:
    level = _names_of_companies(one, other)
    if level in "sn":
        return level
    mine, theirs = without_mistyped_form(one), without_mistyped_form(other)
    if mine == one and theirs == other:
        return level
    return "n" if _names_of_companies(mine, theirs) in "sn" else level


def _names_of_companies(one: tuple[str, ...], other: tuple[str, ...]) -> str:
    if one == other:
        return "s"
    similar = likeness(one, other)
    if similar >= 1:
        return "s"
    if _initials(one, other) or _initials(other, one):
        return "a"
    if _is_mistyped_name("".join(one), "".join(other)):
        return "n"
    if one == other[: len(one)] or other == one[: len(other)]:
        return "e"
    for least, level in ((0.93, "n"), (0.84, "m"), (0.7, "f"), (0.5, "g")):
        if similar >= least:
            return level
    return "x"


def _is_mistyped_name(mine: str, theirs: str) -> bool:
    """Whether a letter of a name was mistyped, or two of a long one; another number is another company's."""
    most = 2 if min(len(mine), len(theirs)) >= 12 else 1
    if min(len(mine), len(theirs)) < 6 or OSA.distance(mine, theirs, score_cutoff=most) > most:
        return False
    return digits(mine) == digits(theirs)


def _initials(short: tuple[str, ...], name: tuple[str, ...]) -> bool:
    return (
        len(short) == 1 and 2 <= len(short[0]) == len(name) and short[0] == "".join(word[0] for word in name)
    )


_FORMS = sorted(
    {word for word in (*LEGAL, *" ".join(LEGAL_PHRASES).split()) if len(word) >= 6} | {"gmbh", "nyrt", "eood"}
)


@lru_cache(maxsize=1 << 14)
def without_mistyped_form(name: tuple[str, ...]) -> tuple[str, ...]:
    """A company's name without the words of its legal form that a letter was mistyped in, or stand beside such."""
    end = len(name)
    while end > 1 and len(name[end - 1]) >= 4 and process.extractOne(name[end - 1], _FORMS, **_ONE_OFF):
        end -= 1
    return name[:end]


_ONE_OFF: dict[str, Any] = {"scorer": OSA.distance, "score_cutoff": 1}
