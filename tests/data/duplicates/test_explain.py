"""Why two clients look like one, in staff's words."""

from collections.abc import Mapping

from console.data.duplicates import block
from console.data.duplicates.compare import levels
from console.data.duplicates.explain import POINTS, explain
from console.data.duplicates.form import Form
from console.data.duplicates.model import SHIPPED
from console.data.duplicates.score import rarity, score
from console.data.records.duplicates import Explanation
from tests.data.duplicates.making import anybody, company, person

NOBODY: Mapping[int, int] = {}


def explained(one: Form, other: Form, counts: Mapping[int, int] = NOBODY) -> Explanation:
    found = levels(one, other)
    rare = rarity(one, other, found, counts, SHIPPED)
    return explain(one, other, score(found, SHIPPED, rare), rare, SHIPPED)


def test_each_reason_has_its_points_and_how_many_share_it() -> None:
    one = person("Anna Nowak", emails=("anna.n77@wp.pl",), phones=("601555010",))
    other = person("Anna Nowak", emails=("anna.n77@wp.pl",), phones=("722333444",))
    counts = {
        block.key(block.Kind.EMAIL, "anna.n77@wp.pl"): 2,
        block.key(block.Kind.NAME, "anna nowak"): 41,
    }
    found = explained(one, other, counts)
    assert (found.word, found.relation, found.percent) == ("near certain", "duplicate", 99)
    assert [reason.text for reason in found.reasons] == [
        "same email, held by 2 clients",
        "same name, 41 clients have it",
    ]
    assert [reason.text for reason in found.against] == ["another phone"]
    assert found.reasons[0].points > found.reasons[1].points > 0 > found.against[0].points
    assert found.missing == ("address", "organization")


def test_names_that_differ_show_how_alike_they_are() -> None:
    (reason,) = explained(person("Kasia Nowak"), person("Katarzyna Nowak")).reasons
    assert reason.text.startswith("name 0.9")


def test_another_first_name_is_named_and_counts_against() -> None:
    home = {"phones": ("601555010",), "street": "Long Street 7", "city": "Warszawa"}
    found = explained(person("Anna Nowak", **home), person("Jan Nowak", **home))
    assert found.relation == "same household"
    assert found.word != "near certain"
    assert found.against[0].text == "another first name"
    assert found.against[0].points <= -2 * POINTS
    assert "same surname" in [reason.text for reason in found.reasons]


def test_a_company_and_its_people_are_explained_as_such() -> None:
    one = person("Anna Nowak", emails=("anna@acme.pl",), phones=("601555010",))
    other = company("Acme", emails=("info@acme.pl",), phones=("601555010",))
    found = explained(one, other, {block.key(block.Kind.PHONE, "601555010"): 16})
    assert found.relation == "works at"
    assert "same phone, held by 16 clients" in [reason.text for reason in found.reasons]


def test_there_are_four_reasons_at_most_and_the_heaviest_come_first() -> None:
    import random

    chance = random.Random(11)
    for _ in range(500):
        found = explained(anybody(chance), anybody(chance))
        for some in (found.reasons, found.against):
            assert len(some) <= 4
            heavy = [abs(reason.points) for reason in some]
            assert heavy == sorted(heavy, reverse=True)
        assert 0 <= found.percent <= 99
        assert len(found.levels) == len(levels(person(), person()))


def test_with_nothing_to_compare_everything_is_missing() -> None:
    found = explained(person(), person())
    assert found.missing == ("name", "email", "phone", "address", "organization")
    assert found.reasons == found.against == ()
    assert found.word == ""
