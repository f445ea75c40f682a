"""What the screens of merging say: where nothing is done yet, to whom may only look, and where words are cut."""

from __future__ import annotations

import pytest

from console.commands import by_id
from console.commands.model import VIEWERS
from console.data.models.clients import client
from console.screens.reading import help_blocks
from console.text import ended
from console.widgets.status_line import UNDOES, StatusLine
from tests.screens.driving import (
    answer,
    field,
    fill,
    line_with,
    lines,
    listing,
    open_console,
    place,
    press,
    prompt,
    said,
    text,
    until,
)
from tests.screens.making import House, house
from tests.screens.test_duplicates import twins, under_cursor
from tests.screens.test_merge import open_both, two
from tests.screens.test_unmerge import later, merged


async def test_u_where_nothing_is_done_yet_opens_no_other_undo(home: House) -> None:
    anna, kasia = await two(home)
    await home.client("Zenon Zych")
    async with open_console(home.url) as pilot:
        await open_both(pilot)
        await press(pilot, "u")
        assert place(pilot) == "merge"
        assert said(pilot).startswith("Nothing is merged yet: f2 merges")
        assert "u undo" not in lines(pilot)[-1]
        await press(pilot, "q")
    await merged(home, anna, kasia)
    await later(home, anna)
    async with open_console(home.url) as pilot:
        await press(pilot, "u", "u")
        assert place(pilot) == "unmerge"
        assert said(pilot).startswith("This is the undo of the merge: f2 does it")
        await press(pilot, "q")
        assert place(pilot) == "clients"


async def test_viewers_are_told_before_they_wait_for_a_screen(sqlite_url: str) -> None:
    async with house(sqlite_url, role="viewer") as home:
        anna, kasia = await two(home)
        home.me, home.boss = home.boss, home.boss
        await merged(home, anna, kasia)
        async with open_console(home.url) as pilot:
            await press(pilot, "enter", "U")
            assert place(pilot) == "merged"
            await press(pilot, "U")
            assert (place(pilot), said(pilot)) == ("merged", VIEWERS)
            await press(pilot, "q", "left")
            await until(pilot, lambda: listing(pilot).cursor_id is not None)
            await press(pilot, "enter")
            assert place(pilot) == "reading"
            assert "journal entry" in text(pilot)


@pytest.mark.parametrize("command", ["unmerge", "same_person", "same_sender", "register_sender"])
def test_what_only_opens_a_screen_is_not_offered_to_viewers_either(command: str, sqlite_url: str) -> None:
    assert by_id(command).changes


async def test_an_organization_is_found_by_a_word_of_its_name(home: House) -> None:
    await home.organization("Acme Poland")
    await home.organization("Hurtownia Północ", mail_domain=("polnoc.pl",))
    await home.organization("Hurtownia Zachód")
    async with open_console(home.url) as pilot:
        await press(pilot, "2", "Y")
        await answer(pilot, "hurtownia")
        assert place(pilot) == "whom"
        assert "polnoc.pl" in line_with(pilot, "Hurtownia Północ")
        await press(pilot, "2")
        assert place(pilot) == "merge"
        assert "Hurtownia Zachód" in text(pilot)
        await press(pilot, "q", "Y")
        await answer(pilot, "nowhere")
        assert said(pilot).startswith("No organization is found by 'nowhere'.")


@pytest.mark.parametrize("key", ["2", "5"])
async def test_space_says_where_rows_are_marked(home: House, key: str) -> None:
    await home.organization("Acme")
    await home.incident(await home.client("Anna"), await home.department("Support"), 1, "Question")
    async with open_console(home.url) as pilot:
        await press(pilot, key, "space")
        assert said(pilot) == "Rows are marked in the list of clients."


async def test_a_question_with_a_long_name_leaves_no_scrap_of_its_hint(home: House) -> None:
    await home.organization("Andrzejewski i Wspólnicy sp. z o.o.")
    async with open_console(home.url) as pilot:
        await press(pilot, "2", "Y")
        assert prompt(pilot).display
        assert lines(pilot)[22].rstrip().endswith(":")
        await press(pilot, "ctrl+g", "V")
        assert said(pilot) == "V does nothing here. ? shows the keys."
        await press(pilot, "Y", "ctrl+g")
        assert said(pilot) == ""


async def test_up_and_down_go_through_a_form_that_is_longer_than_the_screen(home: House) -> None:
    async with open_console(home.url) as pilot:
        await press(pilot, "n", "down", "down")
        assert field(pilot, "email").field.has_focus
        await press(pilot, "up", "up", "up")
        assert field(pilot, "chat").field.has_focus
        assert "chat" in text(pilot)
        await press(pilot, "f5")
        assert field(pilot, "name").field.has_focus
        assert "name *" in text(pilot)


async def test_who_is_known_is_told_in_full_while_the_cursor_is_on_them(home: House) -> None:
    for number in (1, 2):
        await home.client("Katarzyna Kowalska-Brzozowska", email=(f"kasia{number}@acme.pl",))
    async with open_console(home.url) as pilot:
        await press(pilot, "n")
        await fill(pilot, name="Katarzyna Kowalska-Brzozowska")
        await until(pilot, lambda: len(listing(pilot).rows) == 2)
        await press(pilot, "f3")
        assert "Katarzyna Kowalska-Brzozowska: same name" in text(pilot)


@pytest.mark.parametrize("where", ["duplicates", "merge", "unmerge", "alike", "sender"])
def test_help_begins_with_what_the_screen_is_for(where: str) -> None:
    first = help_blocks(where)[0]
    told = [row[1] for row in first.table]
    own = {
        "duplicates": {"Same", "Different", "Related", "Skip", "Apart"},
        "merge": {"Merge", "Keep", "Both", "Toggle", "Swap survivor"},
        "unmerge": {"Undo the merge", "Give", "Suggested", "Keep changed"},
        "alike": {"Same", "Different", "Related", "Skip"},
        "sender": {"Same", "Register"},
    }
    assert own[where] <= set(told)
    assert "Clients" not in told


async def test_what_becomes_of_a_category_is_not_cut_by_many_records(home: House) -> None:
    for number in range(6):
        await home.client(f"Client {number}", tags=("north",))
    async with open_console(home.url) as pilot:
        await press(pilot, *["space"] * 6, "Y")
        assert line_with(pilot, " tags   ").rstrip().endswith("all  5 the same")


@pytest.mark.parametrize(("size", "told"), [((80, 24), True), ((120, 40), False)])
async def test_who_sees_more_is_said_where_it_is_out_of_sight(
    home: House, size: tuple[int, int], told: bool
) -> None:
    acme = {"organization": "Acme", "address": "Polna 1", "city": "Warszawa", "tags": ("vip",)}
    await home.organization("Acme")
    anna, _ = await two(home, username="kasia", external_id="K1", language="pl", **acme)
    async with home.change() as change:
        await change.update(client, anna, username="anna", external_id="K2", language="en", time_zone="UTC")
    async with open_console(home.url, size) as pilot:
        await open_both(pilot)
        assert "newly sees" in text(pilot)
        assert said(pilot).startswith("Further down: ") is told


async def test_an_undone_merge_comes_back_under_the_cursor_of_the_queue(home: House) -> None:
    await twins(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "4")
        pair = under_cursor(pilot)
        await press(pilot, "s", "f2")
        assert place(pilot) == "duplicates"
        assert under_cursor(pilot) != pair
        await press(pilot, "u")
        await until(pilot, lambda: len(listing(pilot).rows) == 3)
        assert under_cursor(pilot) == pair


async def test_whoever_has_gone_on_meanwhile_is_not_called_back(home: House) -> None:
    await twins(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "4")
        pair = under_cursor(pilot)
        await press(pilot, "s", "f2", "u", "n")
        gone_on = under_cursor(pilot)
        await until(pilot, lambda: len(listing(pilot).rows) == 3)
        assert under_cursor(pilot) == gone_on != pair


def test_no_part_of_the_help_is_empty() -> None:
    assert all(block.table for block in help_blocks("form"))


def test_how_it_is_taken_back_is_never_cut_away() -> None:
    line = StatusLine()
    line.show("Merged 2 clients into " + "Anna " * 30 + UNDOES)
    shown = line.lines(80)[0][1][0]
    assert len(shown) == 78
    assert shown.endswith("… · u undoes")


@pytest.mark.parametrize(("given", "told"), [("to Acme a.s.", "to Acme a.s."), ("to Anna", "to Anna.")])
def test_a_name_that_ends_in_a_full_stop_ends_its_sentence(given: str, told: str) -> None:
    assert ended(given) == told
