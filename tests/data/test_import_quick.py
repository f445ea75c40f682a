"""The short way to a normalized identity gives what the long one gives."""

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from console.data import normalize
from console.data.errors import Invalid
from console.data.normalize import NewIdentity
from console.data.transfer import quick
from console.demo.people import Inventor

ADDRESSES = st.from_regex(r"[A-Za-z0-9._+'@ -]{1,20}@[A-Za-z0-9._-]{1,20}\.[A-Za-z0-9]{1,5}", fullmatch=True)
NUMBERS = st.from_regex(r"\+?[0-9 ().-]{3,16}", fullmatch=True)
COUNTRIES = st.sampled_from(["", "PL", "CZ", "FR", "DE", "GB", "US", "UA"])


def either(long: bool, kind: str, raw: str, country: str) -> NewIdentity | str:
    """The identity by the long or the short way, or the sentence of its refusal."""
    try:
        if long:
            return normalize.identity(kind, raw, country=country, mobile=True)
        return quick.identity(kind, raw, country, True)
    except Invalid as error:
        return str(error)


@given(ADDRESSES | st.emails())
@example("O'Brien@x.example")
@example("a..b@x.example")
def test_addresses(raw: str) -> None:
    short, long = (either(way, "email", raw.strip(), "") for way in (False, True))
    if isinstance(long, NewIdentity) and isinstance(short, NewIdentity):
        assert (short.raw, short.normalized) == (long.raw, long.normalized)
    else:
        assert short == long


@given(NUMBERS, COUNTRIES)
@example("+48 0601 555 010", "")
@example("+44 (0)20 7946 0018", "GB")
@example("0048 601 555 010", "PL")
@example("+33 0 612345678", "FR")
@example("+1 (212) 555-0123", "US")
def test_numbers(raw: str, country: str) -> None:
    assert either(False, "phone", raw.strip(), country) == either(True, "phone", raw.strip(), country)


@pytest.mark.parametrize("seed", range(5))
def test_numbers_of_common_shapes(seed: int) -> None:
    inventor = Inventor(random.Random(seed))
    taken = 0
    for _ in range(400):
        country = inventor.country()
        raw = inventor.mobile(country).raw
        taken += quick.phone(raw, country.code) is not None
        assert either(False, "phone", raw, country.code) == either(True, "phone", raw, country.code)
    assert taken > 200
