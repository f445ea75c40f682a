"""The score of two clients from their levels: one sum of bits, for the look-up and the scan alike."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, NamedTuple

from console.data.duplicates.block import Kind, key
from console.data.duplicates.compare import CLUES, PLACE, Levels
from console.data.duplicates.form import Form
from console.data.duplicates.model import Model

Relation = Literal["duplicate", "same household", "works at", "branch", "same company", ""]
RARER = 12  # steps of rarity, at most
_CROWDED = 7  # steps of an identifier that many share, at most
_GIVEN, _FAMILY, _COMPANY, _EMAIL, _PHONE = (
    PLACE[one] for one in ("given", "family", "company", "email", "phone")
)
_HANDLE, _AFFILIATION, _STREET, _CITY = (PLACE[one] for one in ("handle", "affiliation", "street", "city"))
_POSTCODE, _BIRTH, _EXTERNAL = (PLACE[one] for one in ("postcode", "birth", "external"))
_NONE = "-" * len(CLUES)


class Rarity(NamedTuple):
    """How rare is what two clients agree in.

    ``steps`` has a hexadecimal digit a clue: of names, places and days how often their number of clients is halved
    down to theirs; of identifiers how often the number of clients who have it is doubled up to theirs. ``holders``:
    how many clients have the identifier or whole name, by clue.
    """

    steps: str = _NONE
    holders: Mapping[str, int] = MappingProxyType({})


NO_RARITY = Rarity()


class Scored(NamedTuple):
    """``bits``: evidence in bits, 0 is even odds. ``parts``: the bits of each clue that both have.

    ``relation`` is '' where two clients have nothing to do with each other, as far as is known.
    """

    bits: float
    relation: Relation
    parts: dict[str, float]


def rarity(one: Form, other: Form, levels: Levels, counts: Mapping[int, int], model: Model) -> Rarity:
    """How rare is what two clients agree in; ``counts``: how many clients have each of ``block.shared``'s keys."""
    steps = list(_NONE)
    holders: dict[str, int] = {}
    for clue, place, kind, values in _identifiers(one, other, levels):
        holders[clue] = min(counts.get(key(kind, value), 2) for value in values)
        steps[place] = format(min(max(holders[clue], 2).bit_length() - 1, _CROWDED), "x")
    for place, mark, values in _terms(one, other, levels):
        steps[place] = format(max(model.terms.get(mark + value, model.rare) for value in values), "x")
    if levels[_GIVEN] == levels[_FAMILY] == "s":
        name = " ".join(sorted((*one.given, *one.family)))
        holders["name"] = counts.get(key(Kind.NAME, name), 0)
    return Rarity("".join(steps), holders)


def _identifiers(one: Form, other: Form, levels: Levels) -> Iterable[tuple[str, int, Kind, list[str]]]:
    if levels[_EMAIL] == "s":
        yield "email", _EMAIL, Kind.EMAIL, _both(one.emails, other.emails)
    elif levels[_EMAIL] == "r":
        yield "email", _EMAIL, Kind.EMAIL, _both(one.roles, other.roles)
    if levels[_PHONE] == "s":
        yield "phone", _PHONE, Kind.PHONE, _both(one.phones, other.phones)
    if levels[_HANDLE] == "s":
        yield "handle", _HANDLE, Kind.HANDLE, _both(one.handles, other.handles)
    if levels[_COMPANY] == "s":
        yield "company", _COMPANY, Kind.COMPANY, ["".join(one.given)]


def _terms(one: Form, other: Form, levels: Levels) -> Iterable[tuple[int, str, list[str]]]:
    if levels[_GIVEN] == "s" and (words := _both(one.given, other.given) or _any(one, other)):
        yield _GIVEN, "g:", words
    if levels[_FAMILY] == "s" and (words := _both(one.family, other.family) or _any(one, other)):
        yield _FAMILY, "f:", words
    if levels[_AFFILIATION] == "s" and (hosts := _both(one.domains, other.domains)):
        yield _AFFILIATION, "d:", hosts
    if levels[_CITY] == "s":
        yield _CITY, "c:", [one.city]
    if levels[_POSTCODE] == "s":
        yield _POSTCODE, "p:", [one.postcode]
    if levels[_BIRTH] == "s":
        yield _BIRTH, "b:", [one.birth]


def _both(one: tuple[str, ...], other: tuple[str, ...]) -> list[str]:
    return [value for value in one if value in other]


def _any(one: Form, other: Form) -> list[str]:
    return _both(one.given + one.family, other.given + other.family)


def score(levels: Levels, model: Model, rare: Rarity = NO_RARITY) -> Scored:
    """The score of two clients; the same levels, model and rarity give the same score."""
    parts = {
        clue: model.weight(clue, level, step)
        for clue, level, step in zip(CLUES, levels, rare.steps, strict=True)
        if level != "-" and clue != "kind"
    }
    bits = model.prior + sum(parts.values())
    related = _conflict(levels)
    if related is not None:
        return Scored(min(bits, model.line - 1), related, parts)
    if bits >= model.line:
        return Scored(bits, "duplicate", parts)
    return Scored(bits, _near(levels), parts)


@lru_cache(maxsize=1 << 14)
def _conflict(levels: Levels) -> Relation | None:
    """What two clients are who cannot be one, '' for nothing; None where they can."""
    if levels[0] == "x":
        same = levels[_AFFILIATION] in "sn" or levels[_PHONE] == "s" or levels[_EMAIL] in "srob"
        return "works at" if same else ""
    if levels[_GIVEN] != "x" or _is_personal(levels):
        return None
    if levels[_FAMILY] in "svn" and (
        levels[_STREET] in "sn" or levels[_PHONE] == "s" or levels[_CITY] == "s"
    ):
        return "same household"
    if levels[_AFFILIATION] == "s" or levels[_EMAIL] in "rcb":
        return "same company"
    return "same household" if levels[_PHONE] == "s" or levels[_STREET] == "s" else ""


def _is_personal(levels: Levels) -> bool:
    """Whether the two agree in something that a person alone has."""
    return (
        levels[_EMAIL] == "s" or levels[_HANDLE] == "s" or levels[_BIRTH] in "sn" or levels[_EXTERNAL] == "s"
    )


def _near(levels: Levels) -> Relation:
    """What two companies below the line are to each other."""
    if levels[_COMPANY] in "snma" and (levels[_AFFILIATION] == "s" or levels[_EMAIL] in "ob"):
        return "branch"
    return ""
