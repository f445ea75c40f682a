"""Levels and scores: the same for the same pair always, and what conflicts is never a duplicate."""

import random
from collections.abc import Mapping

import pytest

from console.data.duplicates import block
from console.data.duplicates.compare import CLUES, PLACE, levels
from console.data.duplicates.form import Form
from console.data.duplicates.likeness import likeness
from console.data.duplicates.model import SHIPPED, from_json
from console.data.duplicates.score import Scored, claims, rarity, score
from tests.data.duplicates.making import anybody, company, person

NOBODY: Mapping[int, int] = {}


def scored(one: Form, other: Form, counts: Mapping[int, int] = NOBODY) -> Scored:
    found = levels(one, other)
    return score(found, SHIPPED, rarity(one, other, found, counts, SHIPPED))


def level(clue: str, one: Form, other: Form) -> str:
    return levels(one, other)[PLACE[clue]]


def test_look_up_and_scan_give_the_same_levels_whichever_client_comes_first() -> None:
    chance = random.Random(7)
    pairs = [(anybody(chance), anybody(chance)) for _ in range(3_000)]
    many = [levels(*pair) for pair in pairs]
    assert many == [levels(other, one) for one, other in pairs]
    assert {len(one) for one in many} == {len(CLUES)}


def test_the_same_pair_has_the_same_score_either_way() -> None:
    chance = random.Random(8)
    for _ in range(1_000):
        one, other = anybody(chance), anybody(chance)
        counts = {
            key: chance.randrange(2, 90)
            for claim in claims(one, other, levels(one, other))
            for key in claim.keys
        }
        assert scored(one, other, counts) == scored(other, one, counts)


def test_a_client_is_a_duplicate_of_the_same_client() -> None:
    one = person("Anna Kowalska", emails=("anna@wp.pl",), phones=("601555010",))
    assert scored(one, one).relation == "duplicate"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Anna Kowalska", "Kowalska Anna", ("s", "s")),
        ("Kasia Nowak", "Katarzyna Nowak", ("v", "s")),
        ("Anna Kowalska", "Anna Kowalski", ("s", "v")),
        ("A. Kowalska", "Anna Kowalska", ("i", "s")),
        ("Ana Kowalska", "Anna Kowaslka", ("n", "n")),
        ("Mary Smith", "Mark Smith", ("x", "s")),
        ("Jan Nowak", "Anna Nowak", ("x", "s")),
        ("Anna", "Anna Nowak", ("s", "-")),
        ("Nowak", "Anna Nowak", ("-", "s")),
        ("Żaneta Kowalska", "zaneta kowalska", ("s", "s")),
        ("Anna Smith-Jones", "Anna Jones", ("s", "s")),
    ],
)
def test_first_names_and_surnames_are_told_apart(one: str, other: str, expected: tuple[str, str]) -> None:
    found = levels(person(one), person(other))
    assert (found[PLACE["given"]], found[PLACE["family"]]) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("anna.k@wp.pl", "Anna.K+shop@wp.pl", "s"),
        ("anna.kowalska@wp.pl", "anna.kowalsk@wp.pl", "n"),
        ("anna77@wp.pl", "anna78@wp.pl", "x"),
        ("anna77@gmail.com", "anna77@wp.pl", "l"),
        ("marlena.iacob@wp.pl", "rnarlena.iac0b@wp.pl", "n"),
        ("hopmar1994@wp.pl", "hopmar1995@wp.pl", "x"),
        ("anna@acme.pl", "robert@zeta.eu", "j"),
        ("anna@acme.pl", "robert@wp.pl", "w"),
        ("anna.kowalska@gmail.com", "anna.kowalska@wp.pl", "d"),
        ("anna@acme.pl", "robert@acme.pl", "c"),
        ("info@acme.pl", "info@acme.pl", "r"),
        ("info@acme.pl", "office@acme.pl", "o"),
        ("anna@acme.pl", "info@acme.pl", "b"),
        ("anna@acme.pl", "anna.k@wp.pl", "w"),
        ("kowalska7@wp.pl", "kowalska7@wp.pl", "f"),
    ],
)
def test_addresses_are_told_apart(one: str, other: str, expected: str) -> None:
    found = level("email", person("Anna Kowalska", emails=(one,)), person("Anna Kowalska", emails=(other,)))
    assert found == expected


def test_a_person_and_a_company_are_never_duplicates() -> None:
    one = person(
        "Anna Kowalska", emails=("info@acme.pl",), phones=("601555010",), street="Long 1", city="Warszawa"
    )
    other = company("Acme", emails=("info@acme.pl",), phones=("601555010",), street="Long 1", city="Warszawa")
    found = scored(one, other)
    assert found.relation == "works at"
    assert found.bits < SHIPPED.line


def test_another_first_name_makes_a_household_of_shared_evidence() -> None:
    home = {"phones": ("601555010",), "street": "Long Street 7", "city": "Warszawa", "postcode": "00-950"}
    found = scored(person("Anna Nowak", **home), person("Jan Nowak", **home))
    assert found.relation == "same household"
    assert found.bits < SHIPPED.line


def test_a_surnames_mailbox_is_a_households() -> None:
    home = {"emails": ("nowak12@wp.pl",), "street": "Long Street 7", "city": "Warszawa"}
    assert scored(person("Anna Nowak", **home), person("Jan Nowak", **home)).relation == "same household"


def test_another_first_name_yields_to_an_identifier_of_ones_own() -> None:
    mine = {
        "emails": ("xkq77@wp.pl",),
        "phones": ("601555010",),
        "street": "Long Street 7",
        "city": "Warszawa",
    }
    assert scored(person("Peggy Nowak", **mine), person("Qrt Nowak", **mine)).relation == "duplicate"


def test_colleagues_on_one_switchboard_are_the_same_company() -> None:
    one = person("Anna Nowak", emails=("anna@acme.pl",), phones=("601555010",))
    other = person("Robert Smith", emails=("robert@acme.pl",), phones=("601555010",))
    assert scored(one, other).relation == "same company"


def test_branches_of_a_company_are_distinct() -> None:
    one = company("Acme", emails=("gdynia@acme.pl",), city="Gdynia", street="Port 1")
    other = company("Acme", emails=("krakow@acme.pl",), city="Kraków", street="Castle 2")
    assert scored(one, other).relation == "branch"


@pytest.mark.parametrize(
    ("one", "other", "city", "relation"),
    [
        ("Terra sp.j., Olsztyn", "Terra sp.j., Katowice", "", "branch"),
        ("Polnoc Bakery Ltd", "Polnoc Bakery Ltd, London", "", "branch"),
        ("Polnoc Bakery (Leeds)", "Polnoc Bakery Ltd Hull", "", "branch"),
        ("Polnoc Bakery GmbH & Co. KG Ulm", "Polnoc Bakery (Ulm)", "", "duplicate"),
        ("Polnoc Bakery (Lleeds)", "Polnoc Bakery Ltd (Leeds)", "", "duplicate"),
        ("Polnoc Bakery (Ulm)", "Polnoc Bakery (Olm)", "", "branch"),
        ("Polnoc Bakery Ltd", "Polnoc Bakery Ltd, London", "London", "duplicate"),
        ("Terra sp.j., Olsztyn", "Terra sp. j., Olsztyn", "", "duplicate"),
        ("Smith, Jones and Partners", "Smith, Jones and Partners", "", "duplicate"),
    ],
)
def test_a_place_behind_the_name_tells_branches_apart(one: str, other: str, city: str, relation: str) -> None:
    shared = {"phones": ("601555010",), "mail_domains": ("terra.example",)}
    assert scored(company(one, city=city, **shared), company(other, **shared)).relation == relation


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Sinhra Textiles Private Lmited", "Sinhra Textiles Private Limited", "n"),
        ("Hexa Könyvelő yNrt.", "Hexa Könyvelő Nyrt.", "n"),
        ("HFT Építő Morlátolt Felelősségű Társaság", "HFT Építő Korlátolt Felelősségű Társaság", "n"),
        ("Gesellsxhaft", "Gesellschaft", "n"),
        ("Polnoc Bakery Karl", "Polnoc Bakery", "e"),
        ("Limitted", "Polnoc Bakery Limited", "x"),
    ],
)
def test_a_mistyped_legal_form_is_no_word_of_a_name(one: str, other: str, expected: str) -> None:
    assert level("company", company(one), company(other)) == expected
    assert level("company", company(other), company(one)) == expected


def test_a_place_that_stands_without_a_form_is_known_by_the_others() -> None:
    named = company("Polnoc Bakery Hull", emails=("info@polnoc.uk",))
    told = company("Polnoc Bakery Ltd (Hull)", emails=("info@polnoc.uk",))
    elsewhere = company("Polnoc Bakery Ltd (Leeds)", emails=("info@polnoc.uk",))
    assert scored(named, told).relation == "duplicate"
    assert scored(elsewhere, told).relation == "branch"


def test_who_changed_jobs_and_kept_name_and_phone_is_asked_about() -> None:
    one = person("Anna Kowalska", emails=("anna@acme.pl",), phones=("601555010",), organization="Acme")
    other = person(
        "Anna Kowalska", emails=("a.kowalska@zeta.eu",), phones=("601555010",), organization="Zeta"
    )
    assert level("email", one, other) == "j"
    assert level("affiliation", one, other) == "-"  # one difference, told once
    assert scored(one, other).relation == "duplicate"
    alone = scored(one._replace(phones=()), other)
    assert alone.relation == ""
    assert alone.bits < SHIPPED.line


def test_a_person_at_a_company_stands_below_all_who_may_be_one() -> None:
    office = company("Acme Ltd", emails=("info@acme.pl",), phones=("225550100",))
    clerk = person("Anna Kowalska", emails=("anna@acme.pl",), phones=("225550100",), organization="Acme")
    namesakes = scored(person("Anna Kowalska"), person("Anna Kowalska", phones=("601555010",)))
    assert scored(office, clerk).relation == "works at"
    assert scored(office, clerk).bits < namesakes.bits


def test_strangers_are_nothing_to_each_other() -> None:
    found = scored(person("Anna Nowak", phones=("601555010",)), person("Robert Smith", phones=("722333444",)))
    assert found.relation == ""
    assert found.bits < -10


def test_what_many_share_says_less() -> None:
    one, other = person("Anna Nowak", phones=("601555010",)), person("A. Nowak", phones=("601555010",))
    key = block.key(block.Kind.PHONE, "601555010")
    bits = [scored(one, other, {key: number}).bits for number in (2, 4, 16, 64)]
    assert bits == sorted(bits, reverse=True)
    assert bits[0] > bits[-1] + 2


def test_nothing_known_is_no_evidence() -> None:
    assert scored(person(), person()).parts == {}
    assert scored(person(), company()).relation == ""


def test_a_model_comes_back_from_its_text() -> None:
    again = from_json(SHIPPED.to_json())
    assert again.to_json() == SHIPPED.to_json()
    assert again.weight("email", "s", "1") == SHIPPED.weight("email", "s", "1")


@pytest.mark.parametrize("clue", [clue for clue in CLUES if clue not in ("kind", "mailname")])
def test_agreeing_speaks_for_and_differing_against(clue: str) -> None:
    assert SHIPPED.weight(clue, "s", "-") > 0
    assert SHIPPED.weight(clue, "x", "-") < 0


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("anna kowalska", "kowalska anna", 1.0, 1.0),
        ("wladimir putin", "vladimir putin", 0.9, 1.0),
        ("sirajuddin haqqani", "sirajuddin jallaloudine haqqani", 0.85, 1.0),
        ("kasia nowak", "katarzyna nowak", 0.9, 1.0),
        ("hugo chacon", "mary poppins", 0.0, 0.3),
        ("bashar assad", "hafez assad", 0.0, 0.75),
        ("", "anna", 0.0, 0.0),
    ],
)
def test_names_are_alike_by_their_words(one: str, other: str, least: float, most: float) -> None:
    assert least <= likeness(tuple(one.split()), tuple(other.split())) <= most
