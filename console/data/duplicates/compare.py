"""How alike two clients are, clue by clue."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NewType, TypeVar

from rapidfuzz.distance import OSA, JaroWinkler

from console.data.duplicates.companies import company_level
from console.data.duplicates.form import Form, is_free
from console.data.duplicates.likeness import alike, digits, known

T = TypeVar("T")
Levels = NewType("Levels", str)
"""One character a clue, in the order of CLUES; '-' where one of the two has nothing to compare."""

CLUES = (
    "kind",
    "given",
    "family",
    "company",
    "email",
    "phone",
    "handle",
    "mailname",
    "affiliation",
    "street",
    "city",
    "postcode",
    "birth",
    "external",
)
PLACE = {clue: place for place, clue in enumerate(CLUES)}

_LETTERS = re.compile(r"[^a-z]+")
_PLAIN = re.compile(r"[^a-z0-9]+")
_WORTH = "xfinvs"  # by likeness.OTHER … likeness.SAME
_GOOD = {"-": 0.6, "x": -1.5, "f": 1.0, "i": 1.5, "n": 2.5, "v": 2.8, "s": 3.0}


def levels(one: Form, other: Form) -> Levels:
    """The levels of two clients. Whichever comes first, they are the same."""
    given = family = company = "-"
    if one.kind == other.kind == "p":
        given, family = _person(one, other)
    elif one.kind != "p" != other.kind:
        company = company_level(one, other)
    email = _email(one, other, given)
    return Levels(
        ("x" if one.kind != other.kind and one.kind and other.kind else "s")
        + given
        + family
        + company
        + email
        + _both(_phone, one.phones, other.phones)
        + _handle(one, other)
        + ("-" if given != "-" != family else _mailname(one, other, email))
        + _affiliation(one, other, email)
        + _both(_text, one.street, other.street)
        + _both(_text, one.city, other.city)
        + _both(_postcode, one.postcode, other.postcode)
        + _both(_birth, one.birth, other.birth)
        + _both(_external, one.external, other.external)
    )


def _both(level: Callable[[T, T], str], one: T, other: T) -> str:
    """'s' of what is the same, '-' where one has nothing, or else what ``level`` makes of the two."""
    if one and other:
        return "s" if one == other else level(one, other)
    return "-"


def _share(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two have a value in common."""
    return not set(one).isdisjoint(other)


def _person(one: Form, other: Form) -> tuple[str, str]:
    """The levels of two people's first names and surnames, in the order of words that fits better."""
    given, family = _first_names(one.given, other.given), _best(one.family, other.family)
    if given == family == "s" or (one.sure and other.sure and _GOOD[given] + _GOOD[family] > 3):
        return given, family
    straight = _GOOD[given] + _GOOD[family]
    first = _best(one.given, other.family)
    if _GOOD[first] + _GOOD["s"] <= straight:
        return given, family
    second = _best(one.family, other.given)
    if _GOOD[first] + _GOOD[second] <= straight:
        return given, family
    return _crossed(one, other, first, second)


def _crossed(one: Form, other: Form, first: str, second: str) -> tuple[str, str]:
    """Of names whose order differs, which level is the surname's; what agrees is a surname unless known otherwise."""
    if first == second:
        return first, second
    agreeing = one.given if _GOOD[first] > _GOOD[second] else other.given
    theirs = other.family if agreeing is one.given else one.family
    better, worse = sorted((first, second), key=_GOOD.__getitem__, reverse=True)
    if any(known(word) for word in (*agreeing, *theirs)) and worse != "-":
        return better, worse
    return worse, better


def _first_names(one: tuple[str, ...], other: tuple[str, ...]) -> str:
    """First names by the first of them, which may be the second one of the other; two middle names prove nothing."""
    if len(one) < 2 and len(other) < 2:
        return _best(one, other)
    if not one or not other:
        return "-"
    first, second = one[0], other[0]
    return _WORTH[max(*(alike(first, theirs) for theirs in other), *(alike(mine, second) for mine in one))]


def _best(one: tuple[str, ...], other: tuple[str, ...]) -> str:
    if not one or not other:
        return "-"
    if one == other:
        return "s"
    if len(one) == 1 and len(other) == 1:
        return _WORTH[alike(one[0], other[0])]
    return _WORTH[max(alike(mine, theirs) for mine in one for theirs in other)]


def _email(one: Form, other: Form, given: str) -> str:
    mine, theirs = one.emails, other.emails
    if mine and theirs and (same := mine if mine == theirs else [email for email in mine if email in theirs]):
        return "f" if all(_is_household(email, one, other, given) for email in same) else "s"
    if _share(one.roles, other.roles):
        return "q" if one.kind == other.kind == "c" else "r"
    if not (mine or one.roles) or not (theirs or other.roles):
        return "-"
    if mine and theirs:
        level = max((_addresses(a, b, one, other) for a in mine for b in theirs), key="xcdln".index)
        if level != "x":
            return level
    if _share(one.domains, other.domains):
        return "o" if one.roles and other.roles else "b"
    return _apart(one, other)


def _apart(one: Form, other: Form) -> str:
    """Of addresses with nothing in common, 'j': of two employers, 'w': of one and a private one, 'x': private ones."""
    if one.domains and other.domains:
        return "j"
    return "w" if one.domains or other.domains else "x"


def _is_household(email: str, one: Form, other: Form, given: str) -> bool:
    """Whether two people may share an address: it bears a surname alone, or a name while their first names differ."""
    if one.kind != "p" or other.kind != "p":
        return False
    letters = _LETTERS.sub("", email.partition("@")[0])
    family = one.family + other.family
    if given == "x":
        # Of one initial, an initial and the surname are either's.
        mine = one.given + other.given
        named = mine if one.given[0][0] == other.given[0][0] else mine + family
        return any(len(word) > 2 and word in letters for word in named)
    bare = _OF_FAMILY.sub("", letters)
    return (
        letters in family
        or bare in family
        or (given == "-" and bare != letters and bare in one.given + other.given)
    )


_OF_FAMILY = re.compile(r"^(?:the|familie|family|rodzina|fam)|(?:family|familie|rodzina|fam|s)$")


def _addresses(one: str, other: str, first: Form, second: Form) -> str:
    """'n': one is the other mistyped; 'l', 'd': the same local part elsewhere, telling or a name; 'c': colleagues'."""
    mine, here, plain = _parted(one)
    theirs, there, their_plain = _parted(other)
    if plain == their_plain and here != there:
        if not (is_free(here) and is_free(there)) and OSA.distance(here, there, score_cutoff=2) <= 2:
            return "n"
        return "l" if _telling(mine, first, second) else "d"
    near_hosts = here == there or (
        not (is_free(here) and is_free(there)) and OSA.distance(here, there, score_cutoff=2) <= 2
    )
    if near_hosts:
        if _mistyped(mine, theirs):
            return "n"
        if not is_free(here):
            return "c"
        bare = _LETTERS.sub("", mine)
        if len(bare) > 5 and bare == _LETTERS.sub("", theirs) and digits(mine) == digits(theirs):
            return "n"
    elif len(mine) > 5 and OSA.distance(one, other, score_cutoff=3) <= 3:
        return "n" if not (is_free(here) and is_free(there)) else "x"
    return "x"


@lru_cache(maxsize=1 << 14)
def _parted(email: str) -> tuple[str, str, str]:
    """Local part, mail domain, and the local part without its signs."""
    local, _, host = email.partition("@")
    return local, host, _PLAIN.sub("", local)


def _mistyped(mine: str, theirs: str) -> bool:
    """Whether a letter was mistyped or misread; another initial or digit is another person's."""
    if min(len(mine), len(theirs)) > 5 and _looks(mine) == _looks(theirs):
        return True
    if (mine[0] != theirs[0] and sorted(mine) != sorted(theirs)) or len(mine) < 4:
        return False
    return OSA.distance(mine, theirs, score_cutoff=1) <= 1 and digits(mine) == digits(theirs)


def _looks(local: str) -> str:
    """What looks alike written the same way, but for signs among digits."""
    for seen, meant in (("rn", "m"), ("vv", "w"), ("cl", "d")):
        local = local.replace(seen, meant)
    return _ALONE.sub(lambda found: found[0].translate(_LIKE_LETTERS), local).replace("i", "l")


_ALONE = re.compile(r"(?<![0-9])[0-9](?![0-9])")
_LIKE_LETTERS = str.maketrans("015", "ols")


def _telling(local: str, one: Form, other: Form) -> bool:
    """Whether a local part says more than a name does."""
    if len(digits(local)) >= 2:
        return True
    letters = _LETTERS.sub("", local)
    return not any(
        len(word) > 2 and word in letters for word in one.given + one.family + other.given + other.family
    )


def _phone(one: tuple[str, ...], other: tuple[str, ...]) -> str:
    if _share(one, other):
        return "s"
    if any(OSA.distance(mine, theirs, score_cutoff=1) <= 1 for mine in one for theirs in other):
        return "n"
    return "x"


def _handle(one: Form, other: Form) -> str:
    if one.handles and other.handles:
        return "s" if _share(one.handles, other.handles) else "x"
    if one.handles and other.emails:
        return _across(one.handles, other.emails)
    if other.handles and one.emails:
        return _across(other.handles, one.emails)
    return "-"


def _across(handles: tuple[str, ...], emails: tuple[str, ...]) -> str:
    """'e' where a handle is the local part of an address, whatever stands between its words."""
    locals_ = {_PLAIN.sub("", email.partition("@")[0]) for email in emails}
    return "e" if any(_PLAIN.sub("", name) in locals_ for name in handles) else "-"


def _mailname(one: Form, other: Form, email: str) -> str:
    """Where names cannot be compared, whether an address holds the other's name: 's' whole, 'p' part, 'x' nothing."""
    if email in "sf" or one.kind == "c" or other.kind == "c":
        return "-"
    if not one.given and not one.family and one.emails:
        return _named(one.emails, other)
    if not other.given and not other.family and other.emails:
        return _named(other.emails, one)
    return "-"


def _named(emails: tuple[str, ...], named: Form) -> str:
    if not named.given or not named.family:
        return "-"
    first, last = named.given[0], named.family[-1]
    letters = [_LETTERS.sub("", email.partition("@")[0]) for email in emails]
    if any(text in (first + last, last + first) for text in letters):
        return "s"
    if any(text in (first[:1] + last, last + first[:1], first[:1] + last[:1]) for text in letters):
        return "i"
    if any(
        (len(last) > 3 and last in text) or (len(first) > 3 and text.startswith(first)) for text in letters
    ):
        return "p"
    return "x"


def _affiliation(one: Form, other: Form, email: str) -> str:
    if not (one.domains or one.organization) or not (other.domains or other.organization):
        return "-"
    if email in "sfrqc" or (email in "ob" and one.kind == other.kind == "c"):
        return "-"
    if _share(one.domains, other.domains):
        return "s"
    level = _organizations(one, other)
    # That they have mail at two employers says so already.
    return "-" if level == "x" and email == "j" else level


def _organizations(one: Form, other: Form) -> str:
    mine = [text for text in (one.organization, *map(stem, one.domains)) if text]
    theirs = [text for text in (other.organization, *map(stem, other.domains)) if text]
    best = 0.0
    for a in mine:
        for b in theirs:
            bare, plain = a.replace(" ", ""), b.replace(" ", "")
            if bare == plain:
                return "s"
            best = max(best, JaroWinkler.similarity(bare, plain))
    return "n" if best >= 0.92 else "x"


@lru_cache(maxsize=1 << 14)
def stem(host: str) -> str:
    """What a mail domain is called: 'acme' of mail.acme.co.uk."""
    parts = host.split(".")
    while len(parts) > 2 and len(parts[-2]) <= 3:
        parts.pop()
    return parts[-2] if len(parts) > 1 else ""


def _text(one: str, other: str) -> str:
    similar = JaroWinkler.similarity(one, other)
    if similar >= 0.9 or OSA.distance(one, other, score_cutoff=2) <= 2 < len(one) - 3:
        return "n"
    return "f" if similar >= 0.8 else "x"


def _postcode(one: str, other: str) -> str:
    if OSA.distance(one, other, score_cutoff=1) <= 1:
        return "n"
    return "f" if one[:3] == other[:3] else "x"


def _birth(one: str, other: str) -> str:
    if one[:4] + one[6:] + one[4:6] == other or OSA.distance(one, other, score_cutoff=1) <= 1:
        return "n"
    parts = (one[:4] == other[:4]) + (one[4:6] == other[4:6]) + (one[6:] == other[6:])
    if parts == 2:
        return "p"
    return "y" if one[:4] == other[:4] or OSA.distance(one, other, score_cutoff=2) <= 2 else "x"


def _external(one: str, other: str) -> str:
    return "n" if len(one) > 4 and OSA.distance(one, other, score_cutoff=1) <= 1 else "x"
