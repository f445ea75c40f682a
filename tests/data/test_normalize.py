"""Identities and names in their comparable form."""

import re

import pytest
from anyascii import anyascii

from console.data import normalize
from console.data.errors import Invalid


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Anna@Acme.Example", "anna@acme.example"),
        (" a.b+tag@sub.example.co.uk ", "a.b+tag@sub.example.co.uk"),
        ("żółw@przykład.example", "żółw@przykład.example"),
        ("o'brien@x-y.example", "o'brien@x-y.example"),
    ],
)
def test_an_address_is_kept_in_lower_case(given: str, expected: str) -> None:
    assert normalize.email(given) == expected


@pytest.mark.parametrize(
    "given",
    [
        "",
        "anna",
        "@acme.example",
        "anna@",
        "anna@acme",
        "anna@@acme.example",
        "an na@acme.example",
        "anna@acme..example",
        ".anna@acme.example",
        "anna.@acme.example",
        "a..b@acme.example",
        "anna@-acme.example",
        "anna@acme.example,bob@acme.example",
        "anna@acme.example\r\nBcc: x@y.example",
        "<anna@acme.example>",
        "anna@acme.123",
        "x" * 65 + "@acme.example",
        "anna\x00@acme.example",
    ],
)
def test_a_malformed_address_is_refused_with_an_example(given: str) -> None:
    with pytest.raises(Invalid, match=r"anna@example\.com"):
        normalize.email(given)


@pytest.mark.parametrize(
    ("given", "country", "expected"),
    [
        ("+48 601 555 010", "", ("+48601555010", True)),
        ("601-555-010", "PL", ("+48601555010", True)),
        ("0048 601555010", "PL", ("+48601555010", True)),
        ("(22) 555 01 99", "PL", ("+48225550199", False)),
        ("112", "", ("112", False)),
        ("601 555 010", "", ("601555010", False)),
    ],
)
def test_a_phone_number_is_written_in_full_where_its_country_is_known(
    given: str, country: str, expected: tuple[str, bool]
) -> None:
    assert normalize.phone(given, country) == expected


@pytest.mark.parametrize("given", ["", "12", "call me", "1" * 21, "anna@acme.example"])
def test_what_is_no_phone_number_is_refused(given: str) -> None:
    with pytest.raises(Invalid):
        normalize.phone(given)


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("twitter", "@AnnaK", "annak"),
        ("twitter", "https://x.com/AnnaK?lang=en", "annak"),
        ("facebook", "https://www.facebook.com/anna.kowalska/", "anna.kowalska"),
        ("linkedin", "https://pl.linkedin.com/in/anna-kowalska", "anna-kowalska"),
        ("chat", "Visitor77", "visitor77"),
    ],
)
def test_a_handle_is_the_bare_name(kind: str, given: str, expected: str) -> None:
    assert normalize.handle(kind, given) == expected


def test_a_handle_with_spaces_is_refused() -> None:
    with pytest.raises(Invalid, match="without spaces"):
        normalize.identity("twitter", "Anna Kowalska")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Żak  ŁUKASZ", "zak lukasz"),
        ("Příliš", "prilis"),
        ("Ольга Коваленко", "olga kovalenko"),
        ("Müller", "muller"),
        ("😀", ":grinning:"),
    ],
)
def test_names_fold_to_latin_lower_case(given: str, expected: str) -> None:
    assert normalize.fold(given) == expected


def test_a_name_folds_as_its_signs_do_one_by_one() -> None:
    for start in range(0x80, 0x11000, 0x10):
        text = "".join(map(chr, range(start, start + 0x10)))
        if not re.search("[\ud800-\udfffьъЬЪ]", text):
            assert normalize.fold(f"a {text} b") == " ".join(anyascii(f"a {text} b").lower().split())


def test_names_made_of_marks_or_nothing_fold_to_something_sortable() -> None:
    assert normalize.fold("") == ""
    assert normalize.fold("\u0301\u0302") in ("", "\u0301\u0302")


def test_a_typed_number_is_one_word_however_it_is_spaced() -> None:
    assert normalize.query_words("+48 601-555-010") == ["48601555010"]
    assert normalize.query_words("kow ann") == ["kow", "ann"]
    assert normalize.query_words("O'Brien") == ["o", "brien"]
    assert normalize.query_words("Anna@Acme") == ["anna@acme"]
    assert normalize.query_words("  ") == []


@pytest.mark.parametrize("given", ["user,77", "a;b"])
def test_what_stands_between_several_is_in_no_handle(given: str) -> None:
    with pytest.raises(Invalid, match="without commas and semicolons"):
        normalize.identity("chat", given)
