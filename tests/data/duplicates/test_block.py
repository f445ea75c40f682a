"""Keys: two clients who may be the same share one, however they were mistyped."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.data.duplicates import block
from console.data.duplicates.block import LIMITS, Kind, keys, kind_of, limit_of, probes
from console.data.duplicates.compare import levels
from console.data.duplicates.form import Form
from console.data.duplicates.score import claims
from tests.data.duplicates.making import anybody, company, person


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (person("Anna Kowalska"), person("Kowalska Ana")),
        (person("Anna Kowalska"), person("kowalska, anna")),
        (person("Jan Nowak", city="Warsaw"), person("J. Nowak", city="Warszawa")),
        (person(emails=("anna.kowalska@wp.pl",)), person("Anna Kowalska")),
        (person(emails=("anna.kowalska77@wp.pl",)), person(emails=("anna.kowalsk77@wp.pl",))),
        (person(emails=("anna_k77@wp.pl",)), person(handles=("twitter:anna_k77",))),
        (person(phones=("+48 601 555 010",)), company(phones=("601-555-010",))),
        (person(phones=("601555010",)), person(phones=("601555099",))),
        (person("Schubert Anna"), person("Anna Szubert")),
        (person("Anna K", birth_date="1978-11-12"), person("Anna W", birth_date="1978-11-13")),
        (person(external_id="C-1"), person(external_id="c1")),
        (company("Sun Ocean Studio Ltd"), company("Sun Ocen Studio")),
        (company("Sun Ocean"), company("SunOcean GmbH")),
        (company(emails=("info@sunocean.com",)), company(mail_domains=("sunocean.com",))),
    ],
)
def test_likely_duplicates_share_a_key(one: Form, other: Form) -> None:
    assert set(keys(one)) & set(keys(other))


def test_strangers_share_none() -> None:
    one = person("Anna Kowalska", emails=("anna@acme.pl",), phones=("601555010",))
    other = person("Robert Smith", emails=("bob@beta.com",), phones=("722333444",))
    assert not set(keys(one)) & set(keys(other))


def test_a_key_tells_its_kind_and_every_kind_has_a_limit() -> None:
    assert set(LIMITS) == set(Kind)
    assert max(Kind) < 32
    for kind in Kind:
        made = block.key(kind, "some text")
        assert kind_of(made) is kind
        assert limit_of(made) == LIMITS[kind]


def test_keys_are_the_same_in_every_process() -> None:
    assert block.key(Kind.EMAIL, "anna@acme.pl") == 123_388_135_245_090


@given(st.text("abcdefgh", min_size=4, max_size=24), st.integers(0, 23), st.sampled_from("abcdefgh"))
def test_a_letter_more_less_or_other_leaves_a_company_a_key(name: str, at: int, letter: str) -> None:
    place = at % len(name)
    for wrong in (
        name[:place] + name[place + 1 :],
        name[:place] + letter + name[place:],
        name[:place] + letter + name[place + 1 :],
    ):
        shared_keys = set(keys(company(name))) & set(keys(company(wrong)))
        assert any(kind_of(one) is Kind.COMPANY_LESS for one in shared_keys)


def test_few_keys_are_of_names_with_a_part_left_out() -> None:
    chance = random.Random(6)
    left_out = (Kind.NAME_LESS, Kind.COMPANY_LESS)
    numbers = [sum(kind_of(one) in left_out for one in keys(anybody(chance))) for _ in range(300)]
    assert sum(numbers) / len(numbers) < 8


def test_a_client_has_each_key_once_and_not_too_many() -> None:
    chance = random.Random(5)
    for _ in range(300):
        made = keys(anybody(chance))
        assert len(made) == len(set(made)) <= 120


def test_a_client_of_whom_nothing_is_known_has_no_key() -> None:
    assert keys(person()) == []
    assert keys(company()) == []


def test_what_is_counted_for_a_score_is_a_key_of_both() -> None:
    chance, some = random.Random(6), 0
    for _ in range(500):
        one, other = anybody(chance), anybody(chance)
        common = {key for claim in claims(one, other, levels(one, other)) for key in claim.keys}
        assert common == {key for claim in claims(other, one, levels(other, one)) for key in claim.keys}
        assert common <= set(keys(one)) & set(keys(other))
        some += bool(common)
    assert some > 5


def test_a_look_up_tries_the_telling_keys_first() -> None:
    made = probes(person("Anna Kowalska", emails=("anna@acme.pl",), phones=("601555010",)))
    kinds = [kind_of(key) for key in made]
    assert kinds == sorted(kinds)
    assert kinds[:2] == [Kind.EMAIL, Kind.PHONE]
