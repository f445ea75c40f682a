"""Keys under which two clients who may be the same are found: signed 64-bit numbers, their kind in the low bits."""

import re
from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations

from console.data.duplicates.form import Form
from console.data.duplicates.names import phonetic

_BITS = 5
_LETTERS = re.compile(r"[^a-z]+")


class Kind(IntEnum):
    """What two clients with the same key have in common."""

    EMAIL = 1
    LOCAL = 2
    LETTERS = 3
    PHONE = 4
    PHONE_PART = 5
    HANDLE = 6
    NAME = 7
    SOUND = 8
    BEGINNING = 9
    NAME_DOMAIN = 10
    NAME_PLACE = 11
    NAME_BIRTH = 12
    STREET = 13
    COMPANY = 14
    COMPANY_PART = 15
    COMPANY_PLACE = 16
    DOMAIN = 17
    EXTERNAL = 18
    NAME_LESS = 19
    EMAIL_LESS = 20
    COMPANY_LESS = 21
    NAME_LESS_PLACE = 22


# Of a key that more clients share than this, no pairs are made: it says too little.
LIMITS = {
    Kind.EMAIL: 50,
    Kind.LOCAL: 12,
    Kind.LETTERS: 20,
    Kind.PHONE: 50,
    Kind.PHONE_PART: 6,
    Kind.HANDLE: 30,
    Kind.NAME: 40,
    Kind.SOUND: 8,
    Kind.BEGINNING: 8,
    Kind.NAME_DOMAIN: 20,
    Kind.NAME_PLACE: 20,
    Kind.NAME_BIRTH: 20,
    Kind.STREET: 12,
    Kind.COMPANY: 40,
    Kind.COMPANY_PART: 8,
    Kind.COMPANY_PLACE: 8,
    Kind.DOMAIN: 12,
    Kind.EXTERNAL: 20,
    Kind.NAME_LESS: 8,
    Kind.EMAIL_LESS: 12,
    Kind.COMPANY_LESS: 12,
    Kind.NAME_LESS_PLACE: 10,
}


def kind_of(key: int) -> Kind:
    """What the clients of a key have in common."""
    return Kind(key & ((1 << _BITS) - 1))


def limit_of(key: int) -> int:
    """The most clients that may share a key for pairs to be made of them."""
    return LIMITS[kind_of(key)]


def keys(form: Form) -> list[int]:
    """The keys of a client, each once, in no order that means anything."""
    return list({key(kind, text) for kind, text in _texts(form)})


def probes(form: Form) -> list[int]:
    """The keys by which a look-up finds a client like this one, the telling ones first."""
    return sorted(keys(form), key=kind_of)


def shared(one: Form, other: Form) -> list[int]:
    """The keys whose number of clients bears on the score of the two: identifiers and names that both have."""
    mine, theirs = dict.fromkeys(_counted(one)), set(_counted(other))
    return [key(*each) for each in mine if each in theirs]


def key(kind: Kind, text: str) -> int:
    """The key of one kind and text."""
    number = int.from_bytes(
        blake2b(text.encode(errors="replace"), digest_size=8).digest(), "big", signed=True
    )
    return (number >> _BITS << _BITS) | kind


def _counted(form: Form) -> Iterator[tuple[Kind, str]]:
    for email in (*form.emails, *form.roles):
        yield Kind.EMAIL, email
    for phone in form.phones:
        yield Kind.PHONE, phone
    for handle in form.handles:
        yield Kind.HANDLE, handle
    yield from _whole_name(form)


def _whole_name(form: Form) -> Iterator[tuple[Kind, str]]:
    if form.kind == "p" or form.sure:
        if len(name := (*form.given, *form.family)) > 1:
            yield Kind.NAME, " ".join(sorted(name))
    elif form.given:
        yield Kind.COMPANY, "".join(form.given)


def _texts(form: Form) -> Iterator[tuple[Kind, str]]:
    yield from _counted(form)
    yield from _channels(form)
    if form.external:
        yield Kind.EXTERNAL, form.external
    if form.street and (form.postcode or form.city):
        yield Kind.STREET, f"{form.street}|{form.postcode or form.city}"
    if form.kind == "p" or form.sure:
        yield from _person(form)
    else:
        yield from _company(form)


def _channels(form: Form) -> Iterator[tuple[Kind, str]]:
    for email in form.emails:
        local, _, host = email.partition("@")
        if len(local) >= 5:
            yield Kind.LOCAL, local
        if len(letters := _LETTERS.sub("", local)) >= 5:
            yield Kind.LETTERS, letters
        for less in _without_one(f"{local}@{host.partition('.')[0]}", len(local)):
            yield Kind.EMAIL_LESS, less
    for handle in form.handles:
        if len(letters := _LETTERS.sub("", handle)) >= 5:
            yield Kind.LETTERS, letters
    for phone in form.phones:
        if len(phone) == 9:
            yield Kind.PHONE_PART, phone[:6]
            yield Kind.PHONE_PART, phone[3:]


def _person(form: Form) -> Iterator[tuple[Kind, str]]:
    words = (*form.given[:1], *form.family[-1:]) or form.given
    name = (*form.given, *form.family)
    if len(name) > 1:
        yield Kind.LETTERS, "".join(name)
        yield Kind.SOUND, " ".join(sorted(phonetic(word) for word in name))
        for one, other in combinations(words, 2):
            yield Kind.BEGINNING, f"{one[:3]} {other[:4]}"
            yield Kind.BEGINNING, f"{other[:3]} {one[:4]}"
        pair = " ".join(sorted(words))
        for less in _without_one(pair, len(pair)):
            yield Kind.NAME_LESS, less
            if form.city:
                yield Kind.NAME_LESS_PLACE, f"{less}|{form.city}"
    places = [place for place in (form.city, form.postcode, form.organization, form.street) if place]
    for word in {*words, *form.family}:
        for host in form.domains:
            yield Kind.NAME_DOMAIN, f"{word}|{host}"
        if form.birth:
            yield Kind.NAME_BIRTH, f"{word}|{form.birth}"
        for place in places:
            yield Kind.NAME_PLACE, f"{word}|{place}"


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
    for less in _without_one(squeezed[:24], 24):
        yield Kind.COMPANY_LESS, less
    for word in form.given:
        for place in (form.city, form.postcode, form.street):
            if place and len(word) > 2:
                yield Kind.COMPANY_PLACE, f"{word}|{place}"


@lru_cache(maxsize=64)
def _without_one(text: str, until: int) -> list[str]:
    """The text with each one of its first characters left out, and whole."""
    return [text, *(text[:at] + text[at + 1 :] for at in range(min(until, len(text), 20)))]
