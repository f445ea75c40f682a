"""What a pasted text may be, before anything is looked up."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.data.pasted import LONGEST, read, sensible


@pytest.mark.parametrize(
    ("text", "emails", "name"),
    [
        ("anna@acme.pl", ("anna@acme.pl",), ""),
        ("Anna Nowak <Anna@ACME.pl>", ("anna@acme.pl",), "Anna Nowak"),
        ('From: "Nowak, Anna" <anna@acme.pl>', ("anna@acme.pl",), "Nowak, Anna"),
        ("mailto:anna@acme.pl?subject=Hi", ("anna@acme.pl",), ""),
        ("mailto:anna%40acme.pl", ("anna@acme.pl",), ""),
        ("<anna@acme.pl>, bob@acme.pl.", ("anna@acme.pl", "bob@acme.pl"), ""),
        ("anna@acme", (), ""),
    ],
)
def test_addresses_are_read_out_of_what_stands_around_them(
    text: str, emails: tuple[str, ...], name: str
) -> None:
    found = read(text)
    assert (found.emails, found.name) == (emails, name)


@pytest.mark.parametrize(
    ("text", "stored", "digits"),
    [
        ("+48 601 555 010", "+48601555010", "601555010"),
        ("0048 601-555-010", "+48601555010", "601555010"),
        ("tel:+48601555010", "+48601555010", "601555010"),
        ("tel. 601 555 010 wew. 12", "601555010", "601555010"),
        ("+49 (0) 30 5550142", "+49305550142", "305550142"),
        ("(22) 555 01 99", "225550199", "225550199"),
        ("Anna, +48 601 555 010", "+48601555010", "601555010"),
        ("+４８ 601\u00a0555\u2011010", "+48601555010", "601555010"),
        ("\u202d+48 601 555 010\u202c", "+48601555010", "601555010"),
        ("010", "010", "10"),
    ],
)
def test_numbers_are_read_in_any_spelling(text: str, stored: str, digits: str) -> None:
    found = read(text)
    assert stored in found.phones
    assert found.digits == digits


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("@Anna", "chat", "anna"),
        ("https://twitter.com/Anna", "twitter", "anna"),
        ("x.com/@anna/status/12", "twitter", "anna"),
        ("https://www.linkedin.com/in/anna-nowak/?trk=x", "linkedin", "anna-nowak"),
        ("https://m.facebook.com/anna.nowak", "facebook", "anna.nowak"),
        ("facebook.com/profile.php?id=1000123", "facebook", "1000123"),
    ],
)
def test_handles_are_read_from_names_and_links(text: str, kind: str, name: str) -> None:
    assert (kind, name) in read(text).handles


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("INC-000123", 123),
        ("inc 123", 123),
        ("Re: [INC-000123] Printer", 123),
        ("#123", 123),
        ("[#123]", 123),
    ],
)
def test_numbers_of_incidents_are_read_where_they_stand(text: str, number: int) -> None:
    assert read(text).number == number


def test_ids_are_no_larger_than_a_database_holds() -> None:
    assert read(str((1 << 63) - 1)).bare == (1 << 63) - 1
    assert read(str(1 << 63)).bare is None
    assert read("9" * 400).bare is None
    assert read("INC-" + "9" * 30).number is None


def test_of_many_lines_the_one_that_says_most_is_taken() -> None:
    signature = "\n\nAnna Nowak\nAcme sp. z o.o.\ntel. +48 601 555 010\nanna@acme.pl\n"
    assert sensible(signature) == "anna@acme.pl"
    assert sensible("Anna Nowak\r\n+48 601 555 010\r\n") == "+48 601 555 010"
    mail = "Date: 2 Mar\nTo: support@desk.example\nFrom: Anna <anna@acme.pl>\nSubject: Re: [INC-000123] x\n"
    assert sensible(mail) == "From: Anna <anna@acme.pl>"
    assert sensible("\n \n  Anna   Nowak \nBob\n") == "Anna Nowak"
    assert sensible("\n\r\n\x00") == ""


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("Anna Nowak <anna@acme.pl>", {"name": "Anna Nowak", "email": "anna@acme.pl"}),
        ("+48 601 555 010", {"mobile": "+48601555010"}),
        ("+48 22 555 01 99", {"phone": "+48225550199"}),
        ("601 555 010", {"phone": "601 555 010"}),
        ("https://twitter.com/anna", {"twitter": "anna"}),
        ("Anna Nowak", {"name": "Anna Nowak"}),
        ("555", {}),
        ("250111872034116091", {}),
        ("INC-000123", {}),
        ("@acme.pl", {}),
    ],
)
def test_a_new_client_begins_with_what_was_pasted(text: str, new: dict[str, str]) -> None:
    assert read(text).new == new


HOSTILE = (
    "a" * 10_000, "a@" * 5_000, "1 " * 5_000, "x.com/" * 3_000, "(" * 10_000, "INC-" * 3_000, "\n" * 100_000,
    "\x00\x1b]0;x\x07Anna\x1b[31m", "\u202eanna\u202c", "\ud800\udfff", "' OR 1=1 --", 'name* OR "x" NEAR/2 y',
    "%_\\%", "a" * 64 + "@" + "b." * 200 + "pl", "\u200b" * 5_000, "٣٤٥٦٧٨٩", "Ⅷ½²", "<" * 500, "mailto:%00%ff",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_read_in_bounded_time_and_holds_nothing_that_a_database_refuses(text: str) -> None:
    start = time.perf_counter()
    found = read(text)
    assert time.perf_counter() - start < 1
    assert len(found.line) <= LONGEST
    shown = repr(found)
    assert "\\x00" not in shown
    assert "\\ud800" not in shown
    assert "\\x1b" not in shown


@given(st.text())
def test_no_text_is_too_odd_to_be_read(text: str) -> None:
    found = read(text)
    found.line.encode()
    assert all(value.encode() for values in (found.emails, found.phones, found.codes) for value in values)
