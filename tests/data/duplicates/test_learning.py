"""Weights from a base itself and from decisions, and groups of what they find."""

import random
from collections import Counter
from dataclasses import replace

from console.data.duplicates import learn
from console.data.duplicates.cluster import clusters
from console.data.duplicates.compare import levels
from console.data.duplicates.form import Form
from console.data.duplicates.model import SHIPPED, Model
from console.data.duplicates.score import Rarity, rarity, score
from console.data.duplicates.terms import Terms
from console.data.duplicates.train import train, with_terms
from tests.data.duplicates.making import person

_NAMES = (
    "Anna",
    "Robert",
    "Eva",
    "Zofia",
    "Hugo",
    "Irena",
    "Otto",
    "Klara",
    "Wanda",
    "Felix",
    "Dana",
    "Pavel",
)
_SURNAMES = (
    "Kowalska",
    "Smith",
    "Nowak",
    "Huber",
    "Garcia",
    "Dupont",
    "Novak",
    "Rossi",
    "Jensen",
    "Marek",
    "Toth",
)


def _base(seed: int) -> tuple[list[Form], list[tuple[int, int, bool]]]:
    """People known by name, birth date and town, each twice, the second time mistyped; pairs and the truth of each."""
    chance = random.Random(seed)
    forms = []
    for number in range(400):
        name, surname = chance.choice(_NAMES), chance.choice(_SURNAMES)
        born = f"19{chance.randrange(40, 99)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 28):02}"
        city = f"Town{chance.randrange(30)}"
        forms.append(person(f"{surname}, {name}", birth_date=born, city=city))
        if number % 3 == 0:
            born = born[:-1] + str(chance.randrange(10))
        forms.append(person(f"{surname}, {name}", birth_date=born, city=city if number % 5 else "Elsewhere"))
    pairs = [(at, at + 1, True) for at in range(0, 800, 2)]
    pairs += [
        (one, other, False)
        for one, other in (chance.sample(range(800), 2) for _ in range(1_500))
        if one // 2 != other // 2
    ]
    return forms, pairs


def _trained(seed: int) -> tuple[Model, Model, list[tuple[Form, Form, bool]]]:
    forms, pairs = _base(seed)
    terms = Terms()
    terms.add(forms)
    start = with_terms(SHIPPED, terms)
    both = [(forms[one], forms[other], same) for one, other, same in pairs]
    patterns = Counter(
        (found, rarity(one, other, found, {}, start).steps)
        for one, other, _ in both
        for found in [levels(one, other)]
    )
    made = train(patterns, terms, start, 2)
    assert made is not None
    return start, made, both


def _right(model: Model, both: list[tuple[Form, Form, bool]]) -> float:
    right = 0
    for one, other, same in both:
        found = levels(one, other)
        right += (score(found, model, rarity(one, other, found, {}, model)).bits >= model.line) == same
    return right / len(both)


def test_a_base_of_other_clues_gets_weights_of_its_own() -> None:
    start, made, both = _trained(1)
    assert made.version == 2
    assert _right(made, both) > 0.97
    assert _right(made, both) > _right(start, both)


def test_where_all_is_clear_more_is_queued_than_where_much_is_doubtful() -> None:
    lines = []
    for doubtful in (0, 600):
        clear = levels(
            person("Anna Nowak", birth_date="1970-01-02", city="Ulm"),
            person("Anna Nowak", birth_date="1970-01-02", city="Ulm"),
        )
        other = levels(
            person("Anna Nowak", birth_date="1970-01-02"), person("Otto Huber", birth_date="1981-05-06")
        )
        unsure = levels(person("Anna Nowak", city="Ulm"), person("Anna Nowak", city="Ulm"))
        found = Counter({(clear, Rarity().steps): 400, (other, Rarity().steps): 400})
        made = train(found + Counter({(unsure, Rarity().steps): doubtful}), Terms(), SHIPPED, 2)
        assert made is not None
        lines.append(made.line)
    assert 0 < lines[0] <= lines[1] <= 3


def test_training_is_the_same_each_time() -> None:
    assert _trained(2)[1].to_json() == _trained(2)[1].to_json()


def test_few_pairs_teach_nothing() -> None:
    found = levels(person("Anna Nowak"), person("Anna Nowak"))
    assert train({(found, Rarity().steps): 20}, Terms(), SHIPPED, 2) is None


def test_agreeing_in_a_rare_surname_says_more_after_training() -> None:
    terms = Terms()
    terms.add([person("Anna Nowak")] * 900 + [person("Anna Zbyszewska")] * 4 + [person("Anna Kos")] * 100)
    model = with_terms(SHIPPED, terms)
    steps = [
        model.terms.get(name, model.rare) for name in ("f:nowak", "f:kos", "f:zbyszewska", "f:unheardof")
    ]
    assert steps == sorted(steps)
    assert model.weight("family", "s", format(steps[0], "x")) < model.weight(
        "family", "s", format(steps[3], "x")
    )


def _decisions(number: int, *, phones_lie: bool) -> list[learn.Decided]:
    """Decisions on pairs that share a phone, and little else that is sure."""
    chance = random.Random(9)
    found: list[learn.Decided] = []
    for place in range(number):
        same = place % 2 == 0
        phone = 5.0 if phones_lie else (5.0 if same else -2.3)
        given = chance.gauss(4 if same else -3, 1.5)
        found.append(({"phone": phone, "given": given, "family": chance.gauss(2, 1)}, same))
    return found


def test_decisions_move_the_weights_where_these_were_wrong() -> None:
    biased = replace(SHIPPED, prior=2.0)
    made = learn.refit(biased, _decisions(200, phones_lie=True), 5)
    assert made is not None
    assert made.version == 5
    assert made.prior < biased.prior


def test_few_or_one_sided_decisions_change_nothing() -> None:
    assert learn.refit(SHIPPED, _decisions(20, phones_lie=True), 5) is None
    same = [one for one in _decisions(200, phones_lie=True) if one[1]]
    assert learn.refit(SHIPPED, same, 5) is None


def test_decisions_at_random_change_nothing() -> None:
    chance = random.Random(4)
    decided = [
        ({"phone": chance.gauss(0, 4), "given": chance.gauss(0, 4)}, chance.random() < 0.5) for _ in range(60)
    ]
    fitting = replace(SHIPPED, prior=0.0)
    made = learn.refit(
        fitting, [(parts, sum(parts.values()) + chance.gauss(0, 1) > 0) for parts, _ in decided], 5
    )
    assert made is None or abs(made.prior - fitting.prior) < 3


def test_no_decision_however_mad_makes_weights_without_bounds() -> None:
    chance = random.Random(5)
    decided = [
        ({"phone": 10.0, "email": chance.choice((12.0, -4.0))}, place % 7 == 0) for place in range(300)
    ]
    made = learn.refit(SHIPPED, decided, 5)
    assert made is not None
    assert all(abs(bits) <= 2.5 * abs(SHIPPED.weights[cell]) + 0.01 for cell, bits in made.weights.items())
    assert abs(made.prior - SHIPPED.prior) < 6


def test_clients_who_hang_together_are_one_group() -> None:
    found = clusters({(1, 2): 5.0, (2, 3): 4.0, (1, 3): 3.0, (8, 9): 2.0})
    assert [group.ids for group in found] == [(1, 2, 3), (8, 9)]
    assert not any(group.loose for group in found)


def test_a_chain_of_weak_links_falls_apart() -> None:
    assert [group.ids for group in clusters({(1, 2): 6.0, (2, 3): 0.5, (3, 4): 6.0})] == [(1, 2), (3, 4)]


def test_a_weak_link_makes_a_group_loose() -> None:
    (group,) = clusters({(1, 2): 6.0, (2, 3): 2.5})
    assert group == ((1, 2, 3), True)


def test_many_clients_are_a_loose_group() -> None:
    bits = {(one, other): 9.0 for one in range(10) for other in range(one + 1, 10)}
    (group,) = clusters(bits)
    assert group.loose
    assert len(group.ids) == 10


def test_decisions_bind_groups() -> None:
    bits = {(1, 2): 5.0, (2, 3): 5.0, (1, 3): 5.0}
    assert [group.ids for group in clusters(bits, cannot=[(1, 3)])] in ([(1, 2)], [(2, 3)])
    assert [group.ids for group in clusters({}, must=[(4, 7), (7, 9)])] == [(4, 7, 9)]
    assert [group.ids for group in clusters(bits, must=[(1, 3)], cannot=[(1, 2), (2, 3)])] == [(1, 3)]


def test_groups_do_not_depend_on_the_order_of_pairs() -> None:
    chance = random.Random(6)
    pairs = {tuple(sorted(chance.sample(range(60), 2))): chance.uniform(0.1, 6) for _ in range(150)}
    ordered = {(one, other): bits for (one, other), bits in pairs.items()}
    mixed = list(ordered.items())
    chance.shuffle(mixed)
    assert clusters(ordered) == clusters(dict(mixed))
