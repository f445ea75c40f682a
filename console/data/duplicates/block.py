"""Keys under which two clients who may be the same are found: signed 48-bit numbers, their kind in the low bits.

A database writes such a number in six bytes, and there are millions of them.
"""

import re
from enum import IntEnum
from zlib import crc32

from console.data.duplicates.form import Form
from console.data.duplicates.names import phonetic

_BITS = 5
_MASK = (1 << _BITS) - 1
_WIDTH = 48
_HALF = 1 << (_WIDTH - 1)
LEAST, GREATEST = -_HALF, _HALF - 1
_LETTERS = re.compile(r"[^a-z]+")
_LESS = 16  # first signs of an address of which one is left out
_PARTS = 4  # of a name of which one is left out


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
    Kind.NAME_LESS: 4,
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
    found = set(_counted(form))
    _channels(form, found)
    if form.external:
        found.add(key(Kind.EXTERNAL, form.external))
    if form.street:
        found.add(key(Kind.STREET, form.street))
    if form.kind == "p":
        _person(form, found)
        if form.birth:
            _born(form, found)
    else:
        _company(form, found)
    return list(found)


def probes(form: Form) -> list[int]:
    """The keys by which a look-up finds a client like this one, the telling ones first."""
    return sorted(keys(form), key=kind_of)


def whole_name(form: Form) -> tuple[Kind, str] | None:
    """What the key of a whole name is made of; None where there is no more than one word of a person's."""
    if form.kind != "p":
        return (Kind.COMPANY, "".join(form.given)) if form.given else None
    name = form.given + form.family
    return (Kind.NAME, " ".join(sorted(name))) if len(name) > 1 else None


def key(kind: int, text: str) -> int:
    """The key of one kind and text. Two of the same length collide only by chance, once in 2^43."""
    return _key(kind, text.encode("utf-8", "replace"))


def _key(kind: int, written: bytes) -> int:
    return ((crc32(written) << 16 | crc32(written[::-1]) >> 16) & ~_MASK | kind) - _HALF


def _counted(form: Form) -> list[int]:
    found = [key(Kind.EMAIL, email) for email in form.emails + form.roles]
    found += [key(Kind.PHONE, phone) for phone in form.phones]
    found += [key(Kind.HANDLE, handle) for handle in form.handles]
    if (name := whole_name(form)) is not None:
        found.append(key(*name))
    return found


def _channels(form: Form, found: set[int]) -> None:
    for email in form.emails:
        local, _, host = email.partition("@")
        if len(local) >= 5:
            found.add(key(Kind.LOCAL, local))
        _letters(local, found)
        _without_one(Kind.EMAIL_LESS, f"{local}@{host.partition('.')[0]}", found)
    for handle in form.handles:
        _letters(handle, found)
    for phone in form.phones:
        if len(phone) == 9:
            found.add(key(Kind.PHONE_PART, phone[:6]))
            found.add(key(Kind.PHONE_PART, phone[3:]))


def _letters(text: str, found: set[int]) -> None:
    letters = _LETTERS.sub("", text)
    if len(letters) >= 5:
        found.add(key(Kind.LETTERS, letters))


def _person(form: Form, found: set[int]) -> None:
    first, last = form.given[:1], form.family[-1:]
    if first and last:
        _pair(first[0], last[0], found)
        for host in form.domains:
            found.add(key(Kind.NAME_DOMAIN, f"{first[0][0]}{phonetic(last[0])}|{host}"))
    places = [one for one in (phonetic(form.city), form.postcode, form.organization, form.street) if one]
    if places or form.domains:
        for word in {*first, *form.family}:
            for host in form.domains:
                found.add(key(Kind.NAME_DOMAIN, f"{word}|{host}"))
            for place in places:
                found.add(key(Kind.NAME_PLACE, f"{word}|{place}"))


def _pair(one: str, other: str, found: set[int]) -> None:
    """The keys of first name and surname, whichever is which."""
    low, high = (one, other) if one < other else (other, one)
    sounds = phonetic(low), phonetic(high)
    found.add(key(Kind.LETTERS, one + other))
    found.add(key(Kind.LETTERS, other + one))
    found.add(key(Kind.SOUND, f"{min(sounds)} {max(sounds)}"))
    found.add(key(Kind.BEGINNING, f"{low[:3]} {high[:4]}"))
    found.add(key(Kind.BEGINNING, f"{high[:3]} {low[:4]}"))
    _but_a_quarter(Kind.NAME_LESS, f"{low} {high}", found)


def _born(form: Form, found: set[int]) -> None:
    born, words = form.birth, {*form.given[:1], *form.family[-1:]}
    found.add(key(Kind.BIRTH, born))
    for place in (form.city, form.postcode):
        if place:
            found.add(key(Kind.BIRTH_PLACE, f"{born}|{place}"))
            found.add(key(Kind.BIRTH_PLACE, f"{place}|{born[:4]}"))
    for word in words:
        for part in (born[:4], born[:6], born[:4] + born[6:], born[4:]):
            found.add(key(Kind.NAME_BIRTH, f"{word}|{part}"))
        found.add(key(Kind.NAME_BIRTH, f"{phonetic(word)}|{born}"))
        found.add(key(Kind.BIRTH_LESS, f"{word[0]}|{born}"))


def _company(form: Form, found: set[int]) -> None:
    squeezed = "".join(form.given)
    found.update([key(Kind.DOMAIN, host) for host in form.domains])
    if not squeezed:
        return
    found.add(key(Kind.LETTERS, _LETTERS.sub("", squeezed) or squeezed))
    if len(squeezed) >= 8:
        found.add(key(Kind.COMPANY_PART, squeezed[:8]))
        found.add(key(Kind.COMPANY_PART, squeezed[-8:]))
    _but_a_quarter(Kind.COMPANY_LESS, squeezed, found)
    for one, other in zip(form.given, form.given[1:], strict=False):
        found.add(key(Kind.COMPANY_PAIR, f"{one} {other}"))
    for place in (form.city, form.postcode, form.street):
        if place:
            found.update([key(Kind.COMPANY_PLACE, f"{word}|{place}") for word in form.given if len(word) > 2])


def _without_one(kind: int, text: str, found: set[int]) -> None:
    """The text, and with each one of its first signs left out.

    An address is often all there is, and those of one name differ in so little that no less of it would do.
    """
    found.add(key(kind, text))
    if text.isascii():
        written = text.encode()
        for at in range(min(len(written), _LESS)):
            found.add(_key(kind, written[:at] + written[at + 1 :]))
        return
    for at in range(min(len(text), _LESS)):
        found.add(key(kind, text[:at] + text[at + 1 :]))


def _but_a_quarter(kind: int, text: str, found: set[int]) -> None:
    """The text without each of its quarters: another of one letter more, less or other has one of these keys, too.

    What is before and behind a quarter is counted from its own end of the text, and the quarters are made as long as
    those of a text of one more letter as well: a letter more or less moves nothing.
    """
    size = len(text)
    for length in {max(size // _PARTS, 1), (size + 1) // _PARTS}:
        for part in range(_PARTS):
            behind = (_PARTS - 1 - part) * length
            found.add(key(kind, f"{part}{text[: part * length]}|{text[size - behind :] if behind else ''}"))
