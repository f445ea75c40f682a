"""Keys under which two clients who may be the same are found: signed 64-bit numbers, their kind in the low bits."""

import re
from collections.abc import Iterator
from enum import IntEnum
from zlib import crc32

from console.data.duplicates.form import Form
from console.data.duplicates.names import phonetic

_BITS = 5
_MASK = (1 << _BITS) - 1
_LETTERS = re.compile(r"[^a-z]+")
_LESS = 20  # characters of which one is left out


class Kind(IntEnum):
    """What two clients with the same key have in common. A look-up tries them in this order."""

    EXTERNAL = 1
    EMAIL = 2
    PHONE = 3
    HANDLE = 4
    LOCAL = 5
    LETTERS = 6
    NAME = 7
    COMPANY = 8
    EMAIL_LESS = 9
    NAME_LESS = 10
    COMPANY_LESS = 11
    NAME_BIRTH = 12
    NAME_DOMAIN = 13
    NAME_PLACE = 14
    SOUND = 15
    BEGINNING = 16
    PHONE_PART = 17
    BIRTH = 18
    BIRTH_PLACE = 19
    BIRTH_LESS = 20
    STREET = 21
    DOMAIN = 22
    COMPANY_PLACE = 23
    COMPANY_PART = 24
    COMPANY_PAIR = 25


# Of a key that more clients share than this, no pairs are made: it says too little.
LIMITS = {
    Kind.EXTERNAL: 20,
    Kind.EMAIL: 50,
    Kind.PHONE: 50,
    Kind.HANDLE: 30,
    Kind.LOCAL: 12,
    Kind.LETTERS: 20,
    Kind.NAME: 40,
    Kind.COMPANY: 40,
    Kind.EMAIL_LESS: 10,
    Kind.NAME_LESS: 10,
    Kind.COMPANY_LESS: 12,
    Kind.NAME_BIRTH: 16,
    Kind.NAME_DOMAIN: 20,
    Kind.NAME_PLACE: 20,
    Kind.SOUND: 8,
    Kind.BEGINNING: 8,
    Kind.PHONE_PART: 6,
    Kind.BIRTH: 8,
    Kind.BIRTH_PLACE: 20,
    Kind.BIRTH_LESS: 16,
    Kind.STREET: 16,
    Kind.DOMAIN: 12,
    Kind.COMPANY_PLACE: 12,
    Kind.COMPANY_PART: 8,
    Kind.COMPANY_PAIR: 12,
}
_KINDS = {int(kind): kind for kind in Kind}
_LIMITS = [LIMITS.get(_KINDS[number], 0) if number in _KINDS else 0 for number in range(_MASK + 1)]


def kind_of(key: int) -> Kind:
    """What the clients of a key have in common."""
    return _KINDS[key & _MASK]


def limit_of(key: int) -> int:
    """The most clients that may share a key for pairs to be made of them."""
    return _LIMITS[key & _MASK]


def keys(form: Form) -> list[int]:
    """The keys of a client, each once, in no order that means anything."""
    return list({key(kind, text) for kind, text in _texts(form)})


def probes(form: Form) -> list[int]:
    """The keys by which a look-up finds a client like this one, the telling ones first."""
    return sorted(keys(form), key=kind_of)


def shared(one: Form, other: Form) -> list[int]:
    """The keys whose number of clients bears on the score of the two: identifiers and names that both have."""
    theirs = set(_counted(other))
    return [key(*each) for each in dict.fromkeys(_counted(one)) if each in theirs]


def key(kind: Kind, text: str) -> int:
    """The key of one kind and text. Two of the same length collide only by chance, once in 2^59."""
    written = text.encode(errors="replace")
    number = crc32(written) << 32 | crc32(written[::-1])
    return ((number & ~_MASK) | kind) - (1 << 63)


def _counted(form: Form) -> Iterator[tuple[Kind, str]]:
    for email in (*form.emails, *form.roles):
        yield Kind.EMAIL, email
    for phone in form.phones:
        yield Kind.PHONE, phone
    for handle in form.handles:
        yield Kind.HANDLE, handle
    if form.kind == "p":
        if len(name := (*form.given, *form.family)) > 1:
            yield Kind.NAME, " ".join(sorted(name))
    elif form.given:
        yield Kind.COMPANY, "".join(form.given)


def _texts(form: Form) -> Iterator[tuple[Kind, str]]:
    yield from _counted(form)
    yield from _channels(form)
    if form.external:
        yield Kind.EXTERNAL, form.external
    if form.street:
        yield Kind.STREET, form.street
    if form.kind == "p":
        yield from _person(form)
        if form.birth:
            yield from _born(form)
    else:
        yield from _company(form)


def _channels(form: Form) -> Iterator[tuple[Kind, str]]:
    for email in form.emails:
        local, _, host = email.partition("@")
        if len(local) >= 5:
            yield Kind.LOCAL, local
        if len(letters := _LETTERS.sub("", local)) >= 5:
            yield Kind.LETTERS, letters
        for less in _without_one(f"{local}@{host.partition('.')[0]}"):
            yield Kind.EMAIL_LESS, less
    for handle in form.handles:
        if len(letters := _LETTERS.sub("", handle)) >= 5:
            yield Kind.LETTERS, letters
    for phone in form.phones:
        if len(phone) == 9:
            yield Kind.PHONE_PART, phone[:6]
            yield Kind.PHONE_PART, phone[3:]


def _person(form: Form) -> Iterator[tuple[Kind, str]]:
    first, last = form.given[:1], form.family[-1:]
    words = (*first, *last)
    if len(words) > 1:
        yield from _pair(*words)
    for word in {*words, *form.family}:
        for host in form.domains:
            yield Kind.NAME_DOMAIN, f"{word}|{host}"
        for place in (phonetic(form.city), form.postcode, form.organization, form.street):
            if place:
                yield Kind.NAME_PLACE, f"{word}|{place}"
    if form.domains and first and last:
        for host in form.domains:
            yield Kind.NAME_DOMAIN, f"{first[0][0]}{phonetic(last[0])}|{host}"


def _pair(one: str, other: str) -> Iterator[tuple[Kind, str]]:
    """The keys of first name and surname, whichever is which."""
    low, high = (one, other) if one < other else (other, one)
    yield Kind.LETTERS, one + other
    yield Kind.LETTERS, other + one
    yield Kind.SOUND, " ".join(sorted((phonetic(one), phonetic(other))))
    yield Kind.BEGINNING, f"{low[:3]} {high[:4]}"
    yield Kind.BEGINNING, f"{high[:3]} {low[:4]}"
    pair = f"{low} {high}"
    for less in _without_one(pair):
        yield Kind.NAME_LESS, less


def _born(form: Form) -> Iterator[tuple[Kind, str]]:
    born = form.birth
    yield Kind.BIRTH, born
    for place in (form.city, form.postcode):
        if place:
            yield Kind.BIRTH_PLACE, f"{born}|{place}"
    initials = {word[0] for word in (*form.given[:1], *form.family[-1:])}
    for word in {*form.given[:1], *form.family[-1:]}:
        yield Kind.NAME_BIRTH, f"{word}|{born[:4]}"
        yield Kind.NAME_BIRTH, f"{word}|{born[:6]}"
        yield Kind.NAME_BIRTH, f"{word}|{born[:4]}{born[6:]}"
        yield Kind.NAME_BIRTH, f"{word}|{born[4:]}"
        yield Kind.NAME_BIRTH, f"{phonetic(word)}|{born}"
    for place in (form.city, form.postcode):
        if place:
            yield Kind.BIRTH_PLACE, f"{place}|{born[:4]}"
    for initial in initials:
        yield Kind.BIRTH_LESS, f"{initial}|{born}"


def _company(form: Form) -> Iterator[tuple[Kind, str]]:
    squeezed = "".join(form.given)
    for host in form.domains:
        yield Kind.DOMAIN, host
    if not squeezed:
        return
    yield Kind.LETTERS, _LETTERS.sub("", squeezed) or squeezed
    if len(squeezed) >= 8:
        yield Kind.COMPANY_PART, squeezed[:8]
        yield Kind.COMPANY_PART, squeezed[-8:]
    for less in _without_one(squeezed[:24]):
        yield Kind.COMPANY_LESS, less
    for one, other in zip(form.given, form.given[1:], strict=False):
        yield Kind.COMPANY_PAIR, f"{one} {other}"
    for word in form.given:
        for place in (form.city, form.postcode, form.street):
            if place and len(word) > 2:
                yield Kind.COMPANY_PLACE, f"{word}|{place}"


def _without_one(text: str) -> list[str]:
    """The text, and with each one of its first characters left out."""
    return [text, *(text[:at] + text[at + 1 :] for at in range(min(len(text), _LESS)))]
