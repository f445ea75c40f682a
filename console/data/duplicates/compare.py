"""How alike two clients are, clue by clue."""

from collections.abc import Iterable
from typing import NewType

from rapidfuzz.distance import OSA, JaroWinkler

from console.data.duplicates import names
from console.data.duplicates.form import Form
from console.data.duplicates.names import OTHER, SAME, alike

# One character a clue, in the order of CLUES; '-' where one of the two does not have it.
Levels = NewType("Levels", str)

CLUES = (
    "kind",
    "given",
    "family",
    "company",
    "email",
    "phone",
    "handle",
    "affiliation",
    "street",
    "city",
    "postcode",
    "birth",
    "external",
)


def levels(one: Form, other: Form) -> Levels:
    """The levels of two clients. Whichever comes first, they are the same."""
    given, family = _person(one, other)
    return Levels(
        "".join(
            (
                _kind(one, other),
                given,
                family,
                _company(one, other),
                _email(one, other),
                _phone(one, other),
                _handle(one, other),
                _affiliation(one, other),
                _text(one.street, other.street),
                _text(one.city, other.city),
                _text(one.postcode, other.postcode),
                _birth(one.birth, other.birth),
                "-"
                if not one.external or not other.external
                else "s"
                if one.external == other.external
                else "x",
            )
        )
    )


def levels_many(pairs: Iterable[tuple[Form, Form]]) -> list[Levels]:
    """The levels of many pairs, as levels() gives them."""
    return [levels(one, other) for one, other in pairs]


def _kind(one: Form, other: Form) -> str:
    if one.kind == other.kind or not one.kind or not other.kind:
        return "s"
    return "x"


_LETTER = "xfinvs"


def _person(one: Form, other: Form) -> tuple[str, str]:
    if not (one.kind == "p" or one.sure) or not (other.kind == "p" or other.sure):
        return "-", "-"
    straight = _tokens(one.given, other.given), _tokens(one.family, other.family)
    if straight == ("s", "s") or not (one.given or one.family) or not (other.given or other.family):
        return straight
    crossed = _tokens(one.given, other.family), _tokens(one.family, other.given)
    return max(straight, crossed, key=_rank)


def _rank(pair: tuple[str, str]) -> float:
    return sum(0.5 if level == "-" else -1.0 if level == "x" else _LETTER.index(level) for level in pair)


def _tokens(one: tuple[str, ...], other: tuple[str, ...]) -> str:
    if not one or not other:
        return "-"
    return _LETTER[max(alike(mine, theirs) for mine in one for theirs in other)]


def _company(one: Form, other: Form) -> str:
    if one.kind == "p" or other.kind == "p" or not one.given or not other.given:
        return "-"
    mine, theirs = "".join(one.given), "".join(other.given)
    if mine == theirs:
        return "s"
    similar = JaroWinkler.similarity(mine, theirs)
    return "n" if similar > 0.93 else "f" if similar > 0.85 else "x"


def _email(one: Form, other: Form) -> str:
    if _any(one.emails, other.emails):
        return "s"
    if _any(one.roles, other.roles):
        return "r"
    if not (one.emails or one.roles) or not (other.emails or other.roles):
        return "-"
    if any(OSA.distance(mine, theirs, score_cutoff=1) <= 1 for mine in one.emails for theirs in other.emails):
        return "n"
    return "x"


def _any(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return any(mine in other for mine in one)


def _phone(one: Form, other: Form) -> str:
    if not one.phones or not other.phones:
        return "-"
    return "s" if _any(one.phones, other.phones) else "x"


def _handle(one: Form, other: Form) -> str:
    if not one.handles or not other.handles:
        return "-"
    return "s" if _any(one.handles, other.handles) else "x"


def _affiliation(one: Form, other: Form) -> str:
    if _any(one.domains, other.domains) or (one.organization and one.organization == other.organization):
        return "s"
    if not (one.domains or one.organization) or not (other.domains or other.organization):
        return "-"
    return "x"


def _text(one: str, other: str) -> str:
    if not one or not other:
        return "-"
    if one == other:
        return "s"
    return "n" if JaroWinkler.similarity(one, other) > 0.9 else "x"


def _birth(one: str, other: str) -> str:
    if not one or not other:
        return "-"
    if one == other:
        return "s"
    return "n" if OSA.distance(one, other) <= 1 else "x"


__all__ = ["CLUES", "OTHER", "SAME", "Levels", "levels", "levels_many", "names"]
