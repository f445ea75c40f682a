"""The Incidents tab: views, find as you type, pages both ways, the way to the incident and to its client."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.screens.driving import (
    Console,
    line_with,
    lines,
    listing,
    open_console,
    place,
    press,
    said,
    settle,
    text,
    type_filter,
    until,
)
from tests.screens.making import House


def numbers(pilot: Console) -> list[int]:
    """The numbers of the rows on screen, in order."""
    return [int(line.split("INC-")[1][:6]) for line in lines(pilot)[2:-2] if "INC-" in line]


@pytest.fixture
async def desk(home: House) -> House:
    """Anna's three incidents and Bob's overdue one."""
    anna, bob = await home.client("Anna Kowalska"), await home.client("Bob")
    place = await home.department("Support")
    for number, subject in ((1, "Printer burns"), (2, "A question"), (3, "Łódź branch")):
        await home.incident(anna, place, number, subject=subject)
    await home.incident(
        bob, place, 4, subject="Printer late", due_at=home.now - timedelta(hours=1), owner_id=home.me.staff_id
    )
    return home


async def test_5_shows_all_incidents_newest_first_from_anywhere(desk: House) -> None:
    async with open_console(desk.url) as pilot:
        for way in ((), ("enter",), ("2",), ("question_mark",)):
            await press(pilot, "1", *way, "5")
            assert place(pilot) == "incidents"
        assert numbers(pilot) == [4, 3, 2, 1]
        assert "5 Incidents" in lines(pilot)[0]
        assert "all incidents" in text(pilot)


async def test_it_is_found_as_one_types(desk: House) -> None:
    async with open_console(desk.url) as pilot:
        await press(pilot, "5")
        for typed, wanted in (("printer", [4, 1]), ("lodz", [3]), ("INC-000002", [2]), ("kowals", [3, 2, 1])):
            await type_filter(pilot, typed)
            assert numbers(pilot) == wanted, typed
            assert f"{len(wanted)} match" in text(pilot)
        await type_filter(pilot, "nothing such")
        assert "No incidents match 'nothing such'" in text(pilot)


async def test_enter_opens_the_incident_and_c_its_client(desk: House) -> None:
    async with open_console(desk.url) as pilot:
        await press(pilot, "5", "j", "enter")
        assert place(pilot) == "incident"
        assert "INC-000003" in lines(pilot)[0]
        await press(pilot, "q")
        assert place(pilot) == "incidents"
        await press(pilot, "c")
        assert place(pilot) == "client"
        assert "Anna Kowalska" in lines(pilot)[0]


async def test_views_show_what_they_say(desk: House) -> None:
    async with open_console(desk.url) as pilot:
        await press(pilot, "5")
        for key, title, wanted in (
            ("d", "overdue", [4]),
            ("m", "mine, open", [4]),
            ("n", "unassigned", [3, 2, 1]),
            ("o", "open", [4, 3, 2, 1]),
            ("s", "spam", []),
        ):
            await press(pilot, "v", key)
            assert said(pilot) == f"Showing: {title}."
            assert numbers(pilot) == wanted, title
        assert "No incidents here: spam. v shows others." in text(pilot)
        await press(pilot, "q")
        assert numbers(pilot) == [4, 3, 2, 1]


async def test_order_and_jump(desk: House) -> None:
    async with open_console(desk.url) as pilot:
        await press(pilot, "5", "O")
        assert numbers(pilot) == [1, 2, 3, 4]
        await press(pilot, "o")
        assert numbers(pilot) == [4]
        assert said(pilot) == "Ordered by due time: only those that are open and have one."
        await press(pilot, "o", "apostrophe", "2")
        await settle(pilot)
        assert listing(pilot).cursor_id == desk.ids["A question"]


async def test_narrow_terminals_drop_columns_in_a_fixed_order(desk: House) -> None:
    headers = {
        60: "incident v subject state due",
        80: "incident v subject client state due owner",
        100: "incident v subject client department state due owner",
    }
    for width, wanted in headers.items():
        async with open_console(desk.url, (width, 24)) as pilot:
            await press(pilot, "5")
            assert " ".join(line_with(pilot, "subject").split()) == wanted


async def test_pages_come_as_one_goes_and_from_the_end(home: House) -> None:
    anna, place_ = await home.client("Anna"), await home.department("Support")
    for number in range(1, 251):
        await home.incident(anna, place_, number, subject="lamp" if number > 20 else "")
    async with open_console(home.url) as pilot:
        await press(pilot, "5", "G")
        assert numbers(pilot)[-1] == 1
        await press(pilot, "g")
        assert numbers(pilot)[0] == 250
        await type_filter(pilot, "lamp")
        assert "230 match" in text(pilot)
        await press(pilot, "G")
        await until(pilot, lambda: 21 in numbers(pilot))
        await press(pilot, "g")
        assert numbers(pilot)[0] == 250
