"""Jump to letters: a key, then letters, and the cursor is on the first row at or after them."""

from __future__ import annotations

from console.data.models.organizations import organization_manager
from tests.screens.driving import (
    listing,
    names,
    open_console,
    press,
    said,
    screen,
    type_filter,
    type_keys,
    under_cursor,
)
from tests.screens.making import House, crowd, people

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _name(number: int) -> str:
    return f"{LETTERS[number // 30].upper()}{LETTERS[number % 26]} {number:03d}"


async def test_letters_lead_to_the_first_row_at_or_after_them(any_home: House) -> None:
    await crowd(any_home, 600, name=_name)
    expected = sorted(map(_name, range(600)), key=str.lower)
    async with open_console(any_home.url) as pilot:
        await press(pilot, "apostrophe")
        assert said(pilot) == "Jump to: _"
        await press(pilot, "m")
        assert under_cursor(pilot) == next(name for name in expected if name >= "M")
        await press(pilot, "h")
        assert under_cursor(pilot) == next(name for name in expected if name >= "Mh")
        assert said(pilot) == "Jump to: mh_"
        await press(pilot, "backspace", "backspace", "T")
        assert under_cursor(pilot) == next(name for name in expected if name >= "T")
        assert len(listing(pilot).rows) < 400
        await press(pilot, "enter")
        assert said(pilot) == ""
        assert screen(pilot).PLACE == "clients"


async def test_it_is_no_filter_the_rows_around_are_there(home: House) -> None:
    await crowd(home, 600, name=_name)
    expected = sorted(map(_name, range(600)), key=str.lower)
    async with open_console(home.url) as pilot:
        await type_keys(pilot, "'k")
        here = under_cursor(pilot)
        await press(pilot, "up")
        assert under_cursor(pilot) == expected[expected.index(here) - 1]
        await press(pilot, "down", "down")
        assert under_cursor(pilot) == expected[expected.index(here) + 1]


async def test_letters_are_only_letters_until_another_key(home: House) -> None:
    await people(home, "Dora", "Dqzx", "Zoe")
    async with open_console(home.url) as pilot:
        await type_keys(pilot, "'dqzx")
        assert under_cursor(pilot) == "Dqzx"
        assert screen(pilot).PLACE == "clients"
        await press(pilot, "down")
        assert (under_cursor(pilot), said(pilot)) == ("Zoe", "")
        await press(pilot, "question_mark")
        assert screen(pilot).PLACE == "reading"


async def test_a_space_is_a_letter_only_behind_others(home: House) -> None:
    await people(home, "Anna Nowak", "Anna Zett", "Bea")
    async with open_console(home.url) as pilot:
        await type_keys(pilot, "'anna")
        await press(pilot, "space", "z")
        assert under_cursor(pilot) == "Anna Zett"
        await press(pilot, "escape", "space")
        assert "1 marked" in screen(pilot).query_one("#summary").text  # type: ignore[attr-defined]


async def test_beyond_the_last_letter_is_the_last_row(home: House) -> None:
    await people(home, "Anna", "Bea", "Celina")
    async with open_console(home.url) as pilot:
        await type_keys(pilot, "'zz")
        assert under_cursor(pilot) == "Celina"


async def test_a_list_that_runs_backwards_is_jumped_in_its_own_order(home: House) -> None:
    await people(home, "Anna", "Bea", "Beata", "Celina")
    async with open_console(home.url) as pilot:
        await press(pilot, "O")
        await type_keys(pilot, "'be")
        assert names(pilot) == ["Celina", "Beata", "Bea", "Anna"]
        assert under_cursor(pilot) == "Beata"


async def test_diacritics_are_left_out_as_in_the_order(home: House) -> None:
    await people(home, "Adam", "Łucja", "Zoe")
    async with open_console(home.url) as pilot:
        await type_keys(pilot, "'ł")
        assert under_cursor(pilot) == "Łucja"


async def test_an_order_by_number_takes_digits_and_says_so(home: House) -> None:
    await people(home, "Anna", "Bea")
    async with open_console(home.url) as pilot:
        while screen(pilot).said != "Ordered by contacts.":
            await press(pilot, "o")
        await type_keys(pilot, "'b")
        assert said(pilot).startswith("This order is by a number: type digits, or press o for another order.")
        await press(pilot, "escape")
        await type_keys(pilot, "'0")
        assert under_cursor(pilot) == "Anna"


async def test_in_a_filter_it_jumps_among_what_matches(home: House) -> None:
    await people(home, "Anna Nowak", "Bea Nowak", "Bea Zett", "Celina Nowak")
    async with open_console(home.url) as pilot:
        await type_filter(pilot, "nowak")
        await press(pilot, "down")
        await type_keys(pilot, "'c")
        assert under_cursor(pilot) == "Celina Nowak"
        assert len(listing(pilot).rows) == 3


async def test_organizations_are_jumped_to_by_their_manager_as_written(home: House) -> None:
    for firm, manager in (("Acme", "Zoe Lis"), ("Borea", "Anna Kowal"), ("Corvus", "Karol Bąk")):
        owner = await home.organization(firm)
        managing = await home.client(manager)
        async with home.desk.change(home.boss, "client.manager") as change:
            await change.insert(organization_manager, organization_id=owner, client_id=managing)
    async with open_console(home.url) as pilot:
        await press(pilot, "2")
        while screen(pilot).said != "Ordered by manager.":
            await press(pilot, "o")
        await type_keys(pilot, "'k")
        assert under_cursor(pilot) == "Corvus"
