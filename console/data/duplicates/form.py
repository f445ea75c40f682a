"""A client made comparable: normalized once, when written, and kept beside the client as text."""

import re
from collections.abc import Callable
from functools import lru_cache
from string import ascii_lowercase
from typing import NamedTuple

from console.data import public_mail
from console.data.duplicates import names
from console.data.duplicates.raw import Raw
from console.data.duplicates.words import CITIES, JOINING, LEGAL, LEGAL_PHRASES, ROLES, STREETS
from console.data.normalize import fold

FORM_VERSION = 2
"""Of the rules by which forms and their keys (``block``) are made."""
MOST = 8  # values of one clue
LONGEST = 120  # characters of one value

_SIGNS = re.compile(r"[^a-z0-9]+")
_DIGITS = re.compile(r"\D+")
_LETTERS = re.compile(r"[^a-z]+")
_EXTENSION = re.compile(r"(?:ext|wew|x|#)\.?\s*\d+\s*$", re.IGNORECASE)


class Form(NamedTuple):
    """The clues of one client, normalized. All texts are folded; nothing is empty inside a tuple.

    ``kind`` is 'p', 'c' or ''. Of a person, ``given`` and ``family`` are the tokens of the name and ``sure`` whether
    these are known apart; of a company, ``given`` has the tokens of the name without its legal form, and ``family``
    the place that the name tells its branch by ('Acme Ltd, London'). ``emails`` are personal addresses, ``roles``
    those of an office (info@). ``phones`` are last nine digits.
    ``domains`` are mail domains where not anybody may have an address. ``birth`` is YYYYMMDD, 00 where unknown.
    """

    kind: str
    given: tuple[str, ...]
    family: tuple[str, ...]
    sure: bool
    emails: tuple[str, ...]
    roles: tuple[str, ...]
    phones: tuple[str, ...]
    handles: tuple[str, ...]
    organization: str
    domains: tuple[str, ...]
    street: str
    city: str
    postcode: str
    birth: str
    external: str


def form(raw: Raw, country: str = "") -> Form:
    """Make a client comparable; ``country`` (ISO alpha-2) is the installation's. Never fails, whatever the texts."""
    kind = {"person": "p", "company": "c"}.get(raw.kind, "")
    given, family, sure = _name(raw, kind)
    emails, roles, domains = _emails(raw)
    return Form(
        kind,
        given,
        family,
        sure,
        emails,
        roles,
        _each(raw.phones, phone),
        _each(raw.handles, handle),
        " ".join(company(_folded(raw.organization))),
        domains,
        street(_folded(raw.street)),
        city(_folded(raw.city)),
        _SIGNS.sub("", _folded(raw.postcode))[:12],
        birth(raw.birth_date),
        _SIGNS.sub("", _folded(raw.external_id))[:LONGEST],
    )


def pack(one: Form) -> str:
    """A form as text: a line of fields between tabs, words between spaces, values between commas."""
    return "\t".join(
        (
            one.kind,
            " ".join(one.given),
            " ".join(one.family),
            "1" if one.sure else "",
            ",".join(one.emails),
            ",".join(one.roles),
            ",".join(one.phones),
            ",".join(one.handles),
            one.organization,
            ",".join(one.domains),
            one.street,
            one.city,
            one.postcode,
            one.birth,
            one.external,
        )
    )


def unpack(text: str) -> Form:
    """The form that pack() made a text of."""
    (kind, given, family, sure, emails, roles, phones, handles, organization, domains, *rest) = text.split(
        "\t"
    )
    return Form._make(
        (
            kind,
            tuple(given.split()),
            tuple(family.split()),
            bool(sure),
            tuple(emails.split(",")) if emails else (),
            tuple(roles.split(",")) if roles else (),
            tuple(phones.split(",")) if phones else (),
            tuple(handles.split(",")) if handles else (),
            organization,
            tuple(domains.split(",")) if domains else (),
            *rest,
        )
    )


def _each(given: tuple[str, ...], made: Callable[[str], str]) -> tuple[str, ...]:
    found = dict.fromkeys(made(one[: LONGEST * 2]) for one in given[:MOST])
    found.pop("", None)
    return tuple(found)


def _folded(text: str) -> str:
    return fold(text[: LONGEST * 2])[:LONGEST] if text else ""


def _name(raw: Raw, kind: str) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    if kind == "c":
        name, place = branch(_folded(raw.name or f"{raw.given_name} {raw.family_name}"), _folded(raw.city))
        return company(name), place, False
    if raw.given_name or raw.family_name:
        return names.tokens(_folded(raw.given_name)), names.tokens(_folded(raw.family_name)), True
    if kind == "p":
        return names.parsed(_folded(raw.name))
    return company(_folded(raw.name)), (), False


def branch(folded: str, own_city: str = "") -> tuple[str, tuple[str, ...]]:
    """A company's name and the words of the place that stands behind it, none where what follows is part of the name.

    It is a place where it stands in brackets, behind the legal form, or behind a comma and is the company's city.
    """
    if found := _BRACKETED.fullmatch(folded) or _BEHIND_FORM.fullmatch(folded):
        name, rest = found.groups()
        if words := _place(rest):
            return name, words
    name, comma, rest = folded.rpartition(",")
    words = _place(rest) if comma else ()
    before = _SIGNS.sub(" ", name).split()
    formed = bool(before) and company(name)[-1:] != tuple(before[-1:])
    return (name, words) if words and (formed or city(own_city) == city(rest)) else (folded, ())


def _place(text: str) -> tuple[str, ...]:
    """The words of a place by one of its names; none where the text cannot be one."""
    words = tuple(city(text).split())
    if not 0 < len(words) <= 4 or not all(word.isalpha() and word not in _NO_PLACES for word in words):
        return ()
    return words if company(text) == tuple(_SIGNS.sub(" ", text).split()) else ()


_NO_PLACES = LEGAL | {"partnership", "liability", "group", "holding", "services"}
_BRACKETED = re.compile(r"(.*\w[^()]*)\(([^()]+)\)\s*")
# Only forms that are no words of a name.
_BEHIND_FORM = re.compile(
    r"(.*\w.*?[\s,](?:gmbh(?: (?:&|und) co\.? ?kg)?|ltd|limited|llc|llp|plc|inc|s\. ?r\. ?o|sro|a\. ?s|sp\. ?z ?o\.? ?o"
    r"|spolka z o\.? ?o|sp\. ?[kj]|s\.r\.l|srl|s\.p\.a|s\.a|s\.c|kft|zrt|nyrt|b\.v|bv|n\.v|lda|eood|ood|tov|ab|ag|oy)"
    r"\.?) ((?:[a-z]{3,}[ -]?){1,3})"
)


@lru_cache(maxsize=4096)
def company(folded: str) -> tuple[str, ...]:
    """The words of a folded company name without legal forms and joining words, at most eight."""
    spaced = " " + " ".join(_SIGNS.sub(" ", folded.replace("'", "").replace("&", " and ")).split()) + " "
    for phrase in LEGAL_PHRASES:
        if f" {phrase} " in spaced:
            spaced = spaced.replace(f" {phrase} ", " ")
    words = spaced.split()
    kept = [word for word in words if word not in LEGAL and word not in JOINING]
    return tuple([word[:40] for word in (kept or words)][: names.MOST])


def _emails(raw: Raw) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    personal: dict[str, None] = {}
    roles: dict[str, None] = {}
    domains: dict[str, None] = {}
    for given in raw.emails[:MOST]:
        local, host = address(given)
        if local:
            (roles if _is_role(local) else personal)[f"{local}@{host}"] = None
        if host and not is_free(host):
            domains[host] = None
    for given in raw.mail_domains[:MOST]:
        host = _host(given)
        if "." in host and not is_free(host):
            domains[host] = None
    return tuple(personal), tuple(roles), tuple(domains)


def _is_role(local: str) -> bool:
    letters = _LETTERS.sub("", local)
    return letters in ROLES or letters in _MISTYPED_ROLES


def _mistyped(word: str) -> set[str]:
    """A word with two letters swapped, one left out, one doubled, or another one in the place of one."""
    swapped = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)}
    return swapped | {
        word[:at] + more + word[at + 1 :]
        for at, sign in enumerate(word)
        for more in ("", sign * 2, *(ascii_lowercase if len(word) > 4 else ""))
    }


_OFTEN = (
    "info",
    "office",
    "support",
    "contact",
    "kontakt",
    "sales",
    "biuro",
    "admin",
    "service",
    "sekretariat",
)
_MISTYPED_ROLES = frozenset(wrong for role in _OFTEN for wrong in _mistyped(role) if len(wrong) > 3)


@lru_cache(maxsize=4096)
def address(given: str) -> tuple[str, str]:
    """Local part and domain of an e-mail address without its +tag, and Gmail's dots; empty where it is none."""
    local, at, host = _SPACES.sub("", given[: LONGEST * 2]).lower().rpartition("@")
    local, host = local.partition("+")[0].strip("."), _host(host)
    if not local.isascii():
        local = _SPACES.sub("", fold(local))
    if host in ("gmail.com", "googlemail.com"):
        local, host = local.replace(".", ""), "gmail.com"
    return (local.replace("..", "."), host) if at and local and host else ("", "")


_SPACES = re.compile("[\\s,\x00\ud800-\udfff]+")  # and what no database takes


def _host(given: str) -> str:
    host = _SPACES.sub("", given[:LONGEST]).lower().strip(".").rpartition("@")[2]
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            host = fold(host)
        host = _SPACES.sub("", host)
    return host


def phone(given: str) -> str:
    """The last nine digits of a number without its extension; all of them where it has fewer, '' below five."""
    digits = _DIGITS.sub("", _EXTENSION.sub("", given))
    if not digits.isascii():
        digits = "".join(str(int(sign)) for sign in digits)
    digits = digits.lstrip("0")
    return digits[-9:] if len(digits) >= 5 else ""


def handle(given: str) -> str:
    """A profile name without its network, folded."""
    return _SPACES.sub("", fold(given.rpartition(":")[2]).strip("@/ "))[:LONGEST]


def street(folded: str) -> str:
    """Street and house number: words in order of the alphabet without kinds of street, and without the flat."""
    words = _SIGNS.sub(" ", folded.replace("strasse", " ").partition("/")[0]).split()
    kept = [word for word in words if word not in STREETS]
    return " ".join(sorted(kept or words)[:MOST])


def city(folded: str) -> str:
    """A city by one of its names."""
    plain = " ".join(_SIGNS.sub(" ", folded).split())
    return CITIES.get(plain, plain)


_NAMES_OF_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"
_MONTHS = {_NAMES_OF_MONTHS[at : at + 3]: at // 3 + 1 for at in range(0, 36, 3)}
_PARTS = re.compile(r"\d+|[a-z]{3,}")


@lru_cache(maxsize=4096)
def birth(given: str) -> str:
    """A day as YYYYMMDD with 00 for what is unknown, '' where there is no year to be found."""
    parts = _PARTS.findall(given[:40].lower())
    if len(parts) == 1 and len(parts[0]) == 8 and parts[0].isdecimal():
        parts = [parts[0][:4], parts[0][4:6], parts[0][6:]]
    numbers = [str(_MONTHS.get(part[:3], "")) if part.isalpha() else part for part in parts[:3]]
    month_named = next(
        (place for place, part in enumerate(parts[:3]) if part.isalpha() and numbers[place]), None
    )
    year = next((one for one in numbers if len(one) == 4), "")
    if not year:
        return ""
    rest = [one for place, one in enumerate(numbers) if one != year or numbers.index(one) != place]
    if month_named is not None:
        month = numbers[month_named]
        rest = [month, *(one for one in rest if one != month)]
    month, day = (*rest, "0", "0")[:2]
    if int(month or 0) > 12 >= int(day or 0):
        month, day = day, month
    return f"{year}{int(month or 0):02d}{int(day or 0):02d}"[:8]


@lru_cache(maxsize=1 << 14)
def is_free(host: str) -> bool:
    """Whether anybody may have an address at a mail domain."""
    return public_mail.is_public(host)
