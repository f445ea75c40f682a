"""Why two clients look like one, in staff's words: every number of the score, the heaviest first."""

from console.data.duplicates.compare import CLUES, PLACE, Levels, levels
from console.data.duplicates.form import Form
from console.data.duplicates.likeness import likeness
from console.data.duplicates.model import Model
from console.data.duplicates.score import Rarity, Scored
from console.data.records.duplicates import Explanation, Reason

POINTS = 3  # a bit
ZONE = 4.5  # bits below the line that are still possible
CERTAIN = 5.0  # bits above even odds
REASONS = 4

_NAMED = ("given", "family", "mailname")
_TOLD = {
    "company:a": "initials of the other's name",
    "company:b": "the name tells another branch",
    "company:e": "one name is longer by some words",
    "company:f": "somewhat similar name",
    "company:g": "hardly similar name",
    "company:m": "similar name",
    "company:n": "nearly the same name",
    "company:p": "same name, but for a place behind it",
    "company:s": "same company name",
    "company:x": "another company name",
    "email:b": "another mailbox, same mail domain",
    "email:c": "email of a colleague",
    "email:d": "same name before the @",
    "email:f": "same email with the surname",
    "email:j": "emails of two organizations",
    "email:l": "same unusual name before the @",
    "email:n": "email differs in a letter or two",
    "email:o": "office addresses of one mail domain",
    "email:q": "same office email",
    "email:r": "same office email",
    "email:s": "same email",
    "email:w": "one email of an organization, one private",
    "email:x": "another email",
    "phone:n": "phone differs in a digit",
    "phone:s": "same phone",
    "phone:x": "another phone",
    "handle:e": "profile is called like the email",
    "handle:s": "same profile",
    "handle:x": "another profile",
    "mailname:i": "email has initial and surname",
    "mailname:p": "email has part of the name",
    "mailname:s": "email is the other's name",
    "mailname:x": "email has another name",
    "affiliation:n": "similar organization",
    "affiliation:s": "same organization",
    "affiliation:x": "another organization",
    "street:f": "similar street",
    "street:n": "nearly the same street",
    "street:s": "same street",
    "street:x": "another street",
    "city:f": "similar city",
    "city:n": "nearly the same city",
    "city:s": "same city",
    "city:x": "another city",
    "postcode:f": "postcode nearby",
    "postcode:n": "postcode differs in a sign",
    "postcode:s": "same postcode",
    "postcode:x": "another postcode",
    "birth:n": "birth date differs in a digit",
    "birth:p": "birth date differs in one part",
    "birth:s": "same birth date",
    "birth:x": "another birth date",
    "birth:y": "same year of birth, another day",
    "external:n": "external id differs in a sign",
    "external:s": "same external id",
    "external:x": "another external id",
}
_MISSING = {
    "name": ("given", "family", "company", "mailname"),
    "email": ("email",),
    "phone": ("phone",),
    "address": ("street", "city", "postcode"),
    "organization": ("affiliation",),
}


def explain(one: Form, other: Form, scored: Scored, rare: Rarity, model: Model) -> Explanation:
    """Up to four reasons for and four against, with their points; what could not be compared; how sure it is."""
    found = levels(one, other)
    reasons = _reasons(one, other, found, scored, rare)
    reasons.sort(key=lambda reason: (-abs(reason.points), reason.text))
    relation, percent = summary(scored)
    return Explanation(
        word=word(scored, model),
        percent=percent,
        points=round(POINTS * scored.bits),
        relation=relation or "duplicate",
        reasons=tuple(reason for reason in reasons if reason.points > 0)[:REASONS],
        against=tuple(reason for reason in reasons if reason.points < 0)[:REASONS],
        missing=_missing(one, other, found),
        levels=found,
        model_version=model.version,
    )


def _missing(one: Form, other: Form, found: Levels) -> tuple[str, ...]:
    """What is not known of both; of two companies nobody asks for which one they work."""
    told = one.kind == other.kind == "c" or all(each.domains or each.organization for each in (one, other))
    return tuple(
        what
        for what, clues in _MISSING.items()
        if all(found[PLACE[clue]] == "-" for clue in clues) and not (what == "organization" and told)
    )


def summary(scored: Scored) -> tuple[str, int]:
    """What two clients are to each other ('' for nothing known), and how likely they are one, in per cent to 99."""
    return scored.relation, min(99, int(100 / (1 + 2 ** -max(min(scored.bits, 40.0), -40.0))))


def word(scored: Scored, model: Model) -> str:
    """How sure a score is: 'near certain', 'likely', 'possible', or '' below what is suggested."""
    if scored.bits >= max(CERTAIN, model.line):
        return "near certain"
    if scored.bits >= model.line:
        return "likely"
    return "possible" if scored.bits >= model.line - ZONE else ""


def _reasons(one: Form, other: Form, found: Levels, scored: Scored, rare: Rarity) -> list[Reason]:
    reasons = []
    named = sum(scored.parts.get(clue, 0.0) for clue in _NAMED[:2])
    if text := _name(one, other, found, rare):
        reasons += _split(text, found, scored) or [Reason(text, round(POINTS * named))]
    for clue, level in zip(CLUES, found, strict=True):
        cell = f"{clue}:{level}"
        if clue in scored.parts and cell in _TOLD:
            reasons.append(Reason(_TOLD[cell] + _held(rare, clue), round(POINTS * scored.parts[clue])))
    return reasons


def _name(one: Form, other: Form, found: Levels, rare: Rarity) -> str:
    """The whole name in words; '' where there is none to compare."""
    given, family = found[PLACE["given"]], found[PLACE["family"]]
    if given == family == "-":
        return ""
    if given == family == "s":
        return "same name" + _having(rare.holders.get("name", 0))
    if given == "x" and family in "-x":
        return "another name" if family == "x" else "another first name"
    if family == "-":
        return f"first name {_alike(one.given, other.given)}"
    if given == "-":
        return f"surname {_alike(one.family or one.given, other.family or other.given)}"
    return f"name {_alike((*one.given, *one.family), (*other.given, *other.family))}"


def _split(text: str, found: Levels, scored: Scored) -> list[Reason]:
    """First name and surname apart, where one speaks for and the other against."""
    given, family = found[PLACE["given"]], found[PLACE["family"]]
    if (given == "x") == (family == "x") or "-" in (given, family):
        return []
    told = ("another first name", "same surname" if family == "s" else "similar surname")
    if family == "x":
        told = ("same first name" if given == "s" else "similar first name", "another surname")
    return [
        Reason(text, round(POINTS * scored.parts[clue]))
        for text, clue in zip(told, ("given", "family"), strict=True)
    ]


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> str:
    return f"{likeness(one, other):.2f}"


def _having(number: int) -> str:
    return f", {number} clients have it" if number > 1 else ""


def _held(rare: Rarity, clue: str) -> str:
    number = rare.holders.get(clue, 0)
    if not number:
        return ""
    return _having(number) if clue == "company" else f", held by {number} clients"
