"""The score of two clients from their levels: one sum of bits, for the look-up and the scan alike."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, NamedTuple

from console.data.duplicates.block import Kind, key, whole_name
from console.data.duplicates.compare import CLUES, PLACE, Levels
from console.data.duplicates.form import Form
from console.data.duplicates.model import Model

Relation = Literal["duplicate", "same household", "works at", "branch", "same company", ""]
RARER = 12  # steps of rarity, at most
_REMEMBERED = 1 << 16
CONFLICT = 3.0  # bits less for two who conflict, whatever else agrees
RELATED = 4.0  # bits below the line that a person and a company, or two branches, are at best
MISTAKABLE = 1.0  # the same of two whose first names differ, which a bad hand may have written
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
    parts: Mapping[str, float]


class Claim(NamedTuple):
    """An identifier or whole name that two clients agree in: its clue, and the keys of both that tell how many have it.

    A company's name in another order of its words has no key that both have.
    """

    clue: str
    keys: Sequence[int]


def claims(one: Form, other: Form, levels: Levels) -> list[Claim]:
    """What the two agree in that says less the more clients have it."""
    found = []
    email = levels[_EMAIL]
    if email in "sf":
        found.append(_claim("email", Kind.EMAIL, one.emails, other.emails))
    elif email in "rq":
        found.append(_claim("email", Kind.EMAIL, one.roles, other.roles))
    if levels[_PHONE] == "s":
        found.append(_claim("phone", Kind.PHONE, one.phones, other.phones))
    if levels[_HANDLE] == "s":
        found.append(_claim("handle", Kind.HANDLE, one.handles, other.handles))
    if levels[_COMPANY] == "s":
        mine, theirs = "".join(one.given), "".join(other.given)
        found.append(Claim("company", [key(Kind.COMPANY, mine)] if mine == theirs else []))
    if levels[_GIVEN] == levels[_FAMILY] == "s" and (name := whole_name(one)) and name == whole_name(other):
        found.append(Claim("name", [key(*name)]))
    return found


def _claim(clue: str, kind: Kind, one: tuple[str, ...], other: tuple[str, ...]) -> Claim:
    return Claim(clue, [key(kind, value) for value in one if value in other])


def rarity(
    one: Form,
    other: Form,
    levels: Levels,
    counts: Mapping[int, int],
    model: Model,
    claimed: Sequence[Claim] | None = None,
) -> Rarity:
    """How rare is what two clients agree in; ``counts``: how many clients have each key of their ``claims``.

    Who has what two have is at least those two, whatever was counted. ``claimed`` saves making the claims again.
    """
    steps = list(_NONE)
    holders: dict[str, int] = {}
    for clue, keys in claims(one, other, levels) if claimed is None else claimed:
        holders[clue] = number = max(min([counts.get(key, 2) for key in keys], default=2), 2)
        if clue != "name":
            steps[PLACE[clue]] = _HEX[min(number.bit_length() - 1, _CROWDED)]
    for place, mark, values in _terms(one, other, levels):
        steps[place] = _HEX[max([model.terms.get(mark + value, model.rare) for value in values])]
    return Rarity("".join(steps), holders)


_HEX = "0123456789abcdef"
_Values = list[tuple[int, str, Sequence[str]]]


def _terms(one: Form, other: Form, levels: Levels) -> _Values:
    found: _Values = []
    if levels[_GIVEN] == "s" and (words := _both(one.given, other.given) or _any(one, other)):
        found.append((_GIVEN, "g:", words))
    if levels[_FAMILY] == "s" and (words := _both(one.family, other.family) or _any(one, other)):
        found.append((_FAMILY, "f:", words))
    if levels[_AFFILIATION] == "s" and (hosts := _both(one.domains, other.domains)):
        found.append((_AFFILIATION, "d:", hosts))
    if levels[_CITY] == "s":
        found.append((_CITY, "c:", (one.city,)))
    if levels[_POSTCODE] == "s":
        found.append((_POSTCODE, "p:", (one.postcode,)))
    if levels[_BIRTH] == "s":
        found.append((_BIRTH, "b:", (one.birth,)))
    return found


def _both(one: tuple[str, ...], other: tuple[str, ...]) -> list[str]:
    return [value for value in one if value in other]


def _any(one: Form, other: Form) -> list[str]:
    return _both(one.given + one.family, other.given + other.family)


def score(levels: Levels, model: Model, rare: Rarity = NO_RARITY) -> Scored:
    """The score of two clients; the same levels, model and rarity give the same score."""
    known = _known(model)
    found = known.get((levels, rare.steps))
    if found is None:
        if len(known) >= _REMEMBERED:
            known.clear()
        found = known[levels, rare.steps] = _scored(levels, model, rare.steps)
    return found


@lru_cache(maxsize=4)
def _known(model: Model) -> dict[tuple[Levels, str], Scored]:
    """Scores by this model: many pairs are alike."""
    return {}


def _scored(levels: Levels, model: Model, steps: str) -> Scored:
    parts = {
        clue: model.weight(clue, level, step)
        for clue, level, step in zip(CLUES, levels, steps, strict=True)
        if level != "-" and clue != "kind"
    }
    bits = model.prior + sum(parts.values())
    related = _conflict(levels)
    if related is not None:
        below = RELATED if levels[_GIVEN] == "-" or levels[0] == "x" else MISTAKABLE
        return Scored(min(bits - CONFLICT, model.line - below), related, parts)
    if bits >= model.line:
        return Scored(bits, "duplicate", parts)
    return Scored(bits, _near(levels), parts)


def highest(levels: Levels, model: Model) -> Scored:
    """The most that two clients of these levels can score, however rare what they agree in."""
    steps = [_rarest(model, clue, level) for clue, level in zip(CLUES, levels, strict=True)]
    return _scored(levels, model, "".join(steps))


@lru_cache(maxsize=1 << 10)
def _rarest(model: Model, clue: str, level: str) -> str:
    """The step of rarity at which a level weighs most."""
    return max(_STEPS, key=lambda step: model.weight(clue, level, step))


_STEPS = "-0123456789abcdef"


@lru_cache(maxsize=1 << 14)
def _conflict(levels: Levels) -> Relation | None:
    """What two clients are who cannot be one, '' for nothing; None where they can."""
    if levels[0] == "x":
        same = levels[_AFFILIATION] in "sn" or levels[_PHONE] == "s" or levels[_EMAIL] in "sfrqob"
        return "works at" if same else ""
    if levels[_COMPANY] == "b":
        return None if levels[_EXTERNAL] == "s" or levels[_EMAIL] == "s" else "branch"
    if levels[_GIVEN] != "x" or _is_personal(levels):
        return None
    if levels[_FAMILY] in "svn" and (
        levels[_STREET] in "sn" or levels[_PHONE] == "s" or levels[_CITY] == "s"
    ):
        return "same household"
    if levels[_AFFILIATION] == "s" or levels[_EMAIL] in "rqcb":
        return "same company"
    return "same household" if levels[_PHONE] == "s" or levels[_STREET] == "s" else ""


def is_ruled_out(levels: Levels) -> bool:
    """Whether two clients cannot be one, whatever else agrees."""
    return _conflict(levels) is not None


def _is_personal(levels: Levels) -> bool:
    """Whether the two agree in something that a person alone has."""
    return (
        levels[_EMAIL] == "s" or levels[_HANDLE] == "s" or levels[_BIRTH] in "snp" or levels[_EXTERNAL] == "s"
    )


def _near(levels: Levels) -> Relation:
    """What two companies below the line are to each other."""
    if levels[_COMPANY] in "snmeap" and (levels[_AFFILIATION] == "s" or levels[_EMAIL] in "qobc"):
        return "branch"
    return ""
