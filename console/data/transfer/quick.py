"""Identities of common shapes, normalized without the long way round; the rest takes it (``data.normalize``).

One rule, two implementations: a test holds them equal.
"""

import re

from console.data import normalize
from console.data.drafts import text
from console.data.normalize import MAX_IDENTITY, NewIdentity

_EMAIL = re.compile(
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\.)+[A-Za-z]{2,24}"
)
_LONGEST_EMAIL = 64
_SPACES = str.maketrans("", "", " -.")
# Calling codes whose national numbers never begin with 0 once the code is written, with their usual lengths.
_WRITTEN_OUT = re.compile(
    r"\+(?:48[1-9]\d{8}|420[1-9]\d{8}|33[1-9]\d{8}|380[1-9]\d{8}|44[1-37]\d{9}|1[2-9]\d{2}[2-9]\d{6})"
)
_NATIONAL = {
    "PL": ("+48", "", re.compile(r"[1-9]\d{8}")),
    "CZ": ("+420", "", re.compile(r"[2-7]\d{8}")),
    "FR": ("+33", "0", re.compile(r"0[1-9]\d{8}")),
}


def identity(kind: str, raw: str, country: str, mobile: bool) -> NewIdentity:
    """The same as ``normalize.identity``, with what is stored checked, too."""
    if kind == "email":
        if len(raw) <= _LONGEST_EMAIL and _EMAIL.fullmatch(raw):
            return NewIdentity("email", raw, raw.lower())
    elif (number := phone(raw, country)) is not None:
        return NewIdentity("phone", raw, number, mobile)
    text(kind, raw, MAX_IDENTITY)
    return normalize.identity(kind, raw, country=country, mobile=mobile)


def phone(raw: str, country: str) -> str | None:
    """A number of a common shape in E.164, or None where it needs a closer look."""
    bare = raw.translate(_SPACES)
    if bare.startswith("+"):
        return bare if _WRITTEN_OUT.fullmatch(bare) else None
    plan = _NATIONAL.get(country)
    if plan is None or not plan[2].fullmatch(bare):
        return None
    return plan[0] + bare.removeprefix(plan[1])
