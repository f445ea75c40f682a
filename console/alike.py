"""Two clients side by side, and why they look like one, in words: the same on the screen and on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from console.data.records.duplicates import Explanation, Group, Pair, Reason, Side, Suggestion
from console.layout.clients import NO_NAME
from console.text import plural

COUNTED = 100
"""Incidents of a client are counted so far."""

_RELATED = {
    "same household": "the same household",
    "works at": "one works at the other",
    "branch": "branches of one company",
    "same company": "the same company",
}


class Compared(NamedTuple):
    """A line of the comparison: what it is, what each of the two has, and whether something of it is the same."""

    label: str
    first: str
    second: str
    same: bool


def verdict(explanation: Explanation) -> str:
    """What they are to each other, in a few words: '94 %, near certain'."""
    if explanation.relation in _RELATED:
        return f"Related, not one client: {_RELATED[explanation.relation]} ({explanation.percent} % alike)"
    if not explanation.word:
        return f"{explanation.percent} %: not alike enough to be suggested"
    return f"{explanation.percent} %, {explanation.word}: the same client"


def points(reason: Reason) -> str:
    """A clue with its points: '+30 same mobile'."""
    return f"{reason.points:+d} {reason.text}"


def missing(explanation: Explanation) -> str:
    """What could not be compared, as a sentence; '' where all could."""
    return f"Not known of both: {', '.join(explanation.missing)}" if explanation.missing else ""


def because(explanation: Explanation) -> str:
    """The heaviest clues in one line: what speaks for it, and the first that speaks against it."""
    found = [one.text for one in explanation.reasons[:2]]
    if explanation.against:
        found.append(f"but {explanation.against[0].text}")
    return ", ".join(found)


def brief(explanation: Explanation) -> str:
    """Why a client is suggested, in one line; of one who is only related, in what way."""
    related = _RELATED.get(explanation.relation)
    return f"{related}: {because(explanation)}" if related else because(explanation)


def one_client(found: Sequence[Suggestion]) -> list[Suggestion]:
    """Those of the suggested who may be the same client, without those who are only related."""
    return [one for one in found if one.explanation.relation == "duplicate"]


def decided(pair: Pair) -> str:
    """What staff decided of a pair, as a sentence; '' where nobody did."""
    said = {"same": "the same", "different": "not the same", "related": "related"}.get(pair.decision, "")
    by = f" by {pair.decided_by}" if pair.decided_by else ""
    return f"Decided{by}: {said}" if said else ""


def name_of(side: Side) -> str:
    """How one of the two is called."""
    return side.name or NO_NAME


def others(group: Group) -> list[Side]:
    """The clients of a group but the first, which the others are shown beside."""
    return list(group.sides[1:])


def compared(pair: Pair) -> list[Compared]:
    """What is known of the two, the most telling first; what is known of neither is left out."""
    one, other = pair.first, pair.second
    rows = [
        _several("email", one.emails, other.emails),
        _several("phone", one.phones, other.phones),
        _several("handle", one.handles, other.handles),
        _several("organization", (one.organization,), (other.organization,)),
        _address(one, other),
        Compared("status", _status(one), _status(other), False),
        _several("born", (one.birth_date,), (other.birth_date,)),
        _several("external id", (one.external_id,), (other.external_id,)),
    ]
    return [row for row in rows if row.first or row.second]


def _several(label: str, first: Sequence[str], second: Sequence[str]) -> Compared:
    """Values of both; those that both have come first, so that they are seen."""
    shared = {_bare(one) for one in first if _bare(one)} & {_bare(one) for one in second}

    def shown(values: Sequence[str]) -> str:
        return ", ".join(sorted((one for one in values if one), key=lambda one: _bare(one) not in shared))

    return Compared(label, shown(first), shown(second), bool(shared))


def _bare(text: str) -> str:
    """A value as it is compared for the sign: letters and digits alone."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _address(one: Side, other: Side) -> Compared:
    first, second = _address_of(one), _address_of(other)
    return Compared("address", first, second, bool(first) and _bare(first) == _bare(second))


def _address_of(side: Side) -> str:
    place = " ".join(part for part in (side.postcode, side.city) if part)
    return ", ".join(part for part in (side.street, place, side.country) if part)


def _status(side: Side) -> str:
    words = ["company"] if side.kind == "company" else []
    words.append(side.status)
    if side.incidents >= COUNTED:
        words.append(f"{COUNTED}+ incidents")
    elif side.incidents >= 0:
        words.append(plural(side.incidents, "incident", "incidents") if side.incidents else "no incidents")
    return ", ".join(words)
