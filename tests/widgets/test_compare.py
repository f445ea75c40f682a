"""Two clients side by side with the reasons, and who may be the same below a summary."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from console.data.records.duplicates import Explanation, Pair, Reason, Side, Suggestion
from console.layout.frame import TopTab, tabs_line
from console.widgets.compare import Compare
from console.widgets.suggested import Suggested
from tests.widgets.drawing import DrawingApp, foreign_characters, screen_bytes, screen_lines

WHY = Explanation(
    "near certain",
    94,
    48,
    "duplicate",
    (Reason("same phone, held by 2 clients", 30), Reason("name 0.92", 18)),
    (Reason("another first name", -6),),
    ("birth date", "address"),
)
ANNA = Side(
    1,
    "person",
    "Anna Kowalska",
    "approved",
    ("anna@acme.pl", "anna.k@gmail.com"),
    ("+48 601 555 010",),
    organization="Acme sp. z o.o.",
    incidents=12,
)
KASIA = Side(2, "person", "Kasia Kowalska", "pending", ("kasia@acme.pl",), ("+48601555010",))
EVIL = "Anna\x1b]2;owned\x07\n[b]\u202eKowalska " + "x" * 500


async def drawn(pair: Pair | None, size: tuple[int, int] = (80, 14), note: str = "") -> list[str]:
    compare = Compare()
    async with DrawingApp(lambda: [compare]).run_test(size=size) as pilot:
        compare.show(pair, note)
        await pilot.pause()
        return [line.rstrip() for line in screen_lines(pilot.app)]


async def test_two_stand_side_by_side_with_a_sign_where_they_agree() -> None:
    shown = await drawn(Pair(1, ANNA, KASIA, WHY))
    assert shown[0].split() == ["Anna", "Kowalska", "Kasia", "Kowalska"]
    phone = next(line for line in shown if line.startswith(" phone"))
    assert phone.split("  ")[-1].strip() == "+48601555010"
    assert " = +48 601 555 010" in phone
    assert "= " not in next(line for line in shown if line.startswith(" email"))
    organization = next(line for line in shown if line.startswith(" organization"))
    assert organization.endswith(" -")
    assert "approved, 12 incidents" in "\n".join(shown)
    assert "pending, no incidents" in "\n".join(shown)


async def test_the_reasons_stand_beside_what_speaks_against_them() -> None:
    shown = await drawn(Pair(1, ANNA, KASIA, WHY))
    assert " 94 %, near certain: the same client" in shown
    line = next(line for line in shown if "+30" in line)
    assert line.startswith(" +30 same phone, held by 2 clients")
    assert line.endswith("-6 another first name")
    assert " Not known of both: birth date, address" in shown


async def test_related_is_told_from_a_duplicate() -> None:
    why = Explanation("possible", 61, 9, "same household", WHY.reasons)
    shown = await drawn(Pair(1, ANNA, KASIA, why))
    assert " Related, not one client: the same household (61 % alike)" in shown


@pytest.mark.parametrize("height", [8, 10, 14])
async def test_what_is_least_telling_gives_way_to_the_reasons(height: int) -> None:
    shown = await drawn(Pair(1, ANNA, KASIA, WHY), (80, height))
    assert " Not known of both: birth date, address" in shown
    assert any(line.startswith(" email") for line in shown)


async def test_without_a_pair_a_sentence_stands_there() -> None:
    assert (await drawn(None, note="Nobody seems to be here twice."))[0] == " Nobody seems to be here twice."


@pytest.mark.parametrize("width", [60, 80, 120])
async def test_hostile_names_stay_on_their_line(width: int) -> None:
    evil = Side(1, "person", EVIL, EVIL, (EVIL,), (EVIL,), (EVIL,), EVIL, EVIL, EVIL, EVIL)
    compare = Compare()
    suggested = Suggested("may be the same", "= shows why")
    why = Explanation("likely", 80, 5, "duplicate", (Reason(EVIL, 5),), (Reason(EVIL, -5),), (EVIL,))
    async with DrawingApp(lambda: [compare, suggested], guarded=False).run_test(size=(width, 24)) as pilot:
        compare.show(Pair(1, evil, KASIA, why))
        suggested.show([Suggestion(2, EVIL, EVIL, EVIL, EVIL, EVIL, why)])
        await pilot.pause()
        assert all(cell_len(line) == width for line in screen_lines(pilot.app))
        assert not foreign_characters(screen_bytes(pilot.app)) - {"\x1b"}


async def test_who_may_be_the_same_is_said_in_few_lines() -> None:
    suggested = Suggested("may be the same", "= shows why", most=2)
    found = [Suggestion(n, f"Anna {n}", "approved", "", "", "", WHY) for n in range(4)]
    async with DrawingApp(lambda: [suggested]).run_test(size=(52, 12)) as pilot:
        suggested.show(found)
        await pilot.pause()
        shown = [line.rstrip() for line in screen_lines(pilot.app)]
        assert shown[0] == " may be the same" + " " * 24 + "= shows why"
        assert shown[1] == " 94 Anna 0            same phone, held by 2"
        assert " and 2 more" in shown
        suggested.show([])
        await pilot.pause()
        assert not any(line.strip() for line in screen_lines(pilot.app))


TABS = (
    TopTab("clients", "1", "Clients"),
    TopTab("organizations", "2", "Organizations"),
    TopTab("duplicates", "4", "Duplicates", 12),
    TopTab("incidents", "5", "Incidents"),
    TopTab("held", "7", "Held", 3),
)


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (80, " 1 Clients  2 Organizations  4 Duplicates 12  5 Incidents  7 Held 3 "),
        (70, " 1 Clients  2 Organizations  4 Duplicates 12  5  7 Held 3 "),
        (60, " 1 Clients  2  4 Duplicates 12  5  7 Held 3 "),
        (40, " 1 Clients  2  4  5  7 "),
    ],
)
def test_where_titles_do_not_fit_what_waits_keeps_its_own_longest(width: int, shown: str) -> None:
    line = "".join(text for text, _ in tabs_line(TABS, "clients", "ann", width))
    assert line.startswith(shown)
    assert line.rstrip().endswith("ann")
