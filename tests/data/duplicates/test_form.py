"""Clients made comparable: what is written differently and means the same becomes the same."""

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from console.data.duplicates import block
from console.data.duplicates.form import form, pack, unpack
from console.data.duplicates.raw import Raw
from tests.data.duplicates.making import anybody, company, person


def test_titles_order_and_diacritics_of_a_name_do_not_matter() -> None:
    assert person("dr Żaneta Kowalska").given == person("zaneta kowalska").given == ("zaneta",)
    turned = person("Kowalska, Żaneta")
    assert (turned.given, turned.family, turned.sure) == (("zaneta",), ("kowalska",), True)


@pytest.mark.parametrize("name", ["Null", "None", "NA", "Dr", "Mr. Jr", "nan"])
def test_a_name_that_looks_like_nothing_or_a_title_survives(name: str) -> None:
    made = person(name)
    assert made.given + made.family == tuple(name.lower().replace(".", "").split())


@pytest.mark.parametrize(
    "name",
    [
        "Acme Sp. z o.o.",
        "ACME sp. z o. o.",
        "Acme s.r.o.",
        "Acme GmbH & Co. KG",
        "acme, Inc.",
        "Acme ТОВ",
        "The Acme",
    ],
)
def test_legal_forms_are_no_part_of_a_company_name(name: str) -> None:
    assert company(name).given == ("acme",)


@pytest.mark.parametrize(
    ("name", "words", "place"),
    [
        ("Acme (Berlin)", "acme", "berlin"),
        ("Acme GmbH & Co. KG München", "acme", "munchen"),
        ("Acme sp. z o. o. Nowy Targ", "acme", "nowy targ"),
        ("Bárta und Horáček a.s. Plzeň", "barta horacek", "plzen"),
        ("Acme Ltd, Leeds", "acme", "leeds"),
        ("Acme UG (haftungsbeschränkt)", "acme", ""),
        ("Acme GmbH & Co. KG", "acme", ""),
        ("Acme Berlin", "acme berlin", ""),
        ("Spółka z o.o. Acme", "acme", ""),
        ("(Berlin)", "berlin", ""),
    ],
)
def test_a_place_behind_a_company_name_is_no_part_of_it(name: str, words: str, place: str) -> None:
    made = company(name)
    assert (" ".join(made.given), " ".join(made.family)) == (words, place)


def test_a_company_named_like_a_legal_form_keeps_its_name() -> None:
    assert company("SAS").given == ("sas",)


@pytest.mark.parametrize(
    "address", ["J.Smith+shop@gmail.com", "jsmith@googlemail.com", " JSMITH@GMAIL.COM ", "j..smith@gmail.com"]
)
def test_gmail_addresses_that_reach_the_same_person_are_the_same(address: str) -> None:
    assert person(emails=(address,)).emails == ("jsmith@gmail.com",)


@pytest.mark.parametrize(
    "address", ["info@acme.pl", "Biuro@acme.pl", "office+news@acme.pl", "ifno@acme.pl", "suport@a.pl"]
)
def test_office_addresses_are_nobodys_own_even_mistyped(address: str) -> None:
    assert not person(emails=(address,)).emails
    assert person(emails=(address,)).roles


def test_only_a_company_domain_is_an_affiliation() -> None:
    made = person(emails=("a@gmail.com", "a@acme.pl"), mail_domains=("wp.pl", "Beta.COM"))
    assert made.domains == ("acme.pl", "beta.com")


@pytest.mark.parametrize("number", ["+48 601 555 010", "0048601555010", "(601) 555-010", "601555010 ext. 12"])
def test_a_phone_is_its_last_nine_digits(number: str) -> None:
    assert person(phones=(number,)).phones == ("601555010",)


def test_a_phone_of_a_few_digits_is_none() -> None:
    assert person(phones=("112", "", "call me")).phones == ()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1978-11-12", "19781112"),
        ("19781112", "19781112"),
        ("11/12/1978", "19781112"),
        ("25.12.1978", "19781225"),
        ("Mar 1 1970", "19700301"),
        ("1 March 1970", "19700301"),
        ("1970", "19700000"),
        ("unknown", ""),
        ("", ""),
    ],
)
def test_a_birth_date_is_read_in_any_writing(written: str, meant: str) -> None:
    assert person(birth_date=written).birth == meant


def test_one_city_has_one_name_and_streets_no_kind() -> None:
    assert person(city="Warsaw").city == person(city="WARSZAWA").city
    assert person(street="ul. Długa 7/12").street == person(street="Dluga 7").street
    assert person(street="12 Main Street").street == person(street="Main St 12").street


@example(text="", other="@.\u00b8", kind="person")  # a sign that folds to a comma
@given(
    text=st.text(max_size=200), other=st.text(max_size=60), kind=st.sampled_from(["person", "company", ""])
)
def test_no_text_is_too_strange_to_be_compared(text: str, other: str, kind: str) -> None:
    made = form(
        Raw(
            kind,
            name=text,
            given_name=other,
            emails=(text, f"{other}@{text}"),
            phones=(text, other),
            handles=(text,),
            organization=other,
            mail_domains=(other,),
            street=text,
            city=other,
            postcode=text,
            birth_date=other,
            external_id=text,
        )
    )
    assert unpack(pack(made)) == made
    assert "\x00" not in pack(made).encode().decode()
    assert all(block.LEAST <= key <= block.GREATEST for key in block.keys(made))


@pytest.mark.parametrize(
    "name", ["x" * 10_000, "a b " * 5_000, "\x00\x00", "🚀🎉", "\u202eevil\u202c", "12345", "'", ","]
)
def test_hostile_names_are_cut_and_never_fail(name: str) -> None:
    for kind in ("person", "company", ""):
        made = form(Raw(kind, name, emails=(f"{name}@acme.pl",)))
        assert len(pack(made)) < 2_000
        assert len(block.keys(made)) < 100


def test_a_form_comes_back_from_its_text() -> None:
    chance = random.Random(3)
    made = [anybody(chance) for _ in range(500)]
    assert [unpack(pack(one)) for one in made] == made
