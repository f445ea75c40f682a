"""All that match, marked: a set that was frozen when it was read, whatever comes in, is stopped or fails."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from console.data import clients
from console.data.clients import ClientQuery
from console.data.errors import Refused
from console.screens import note_drafts
from console.screens.clients import ClientsScreen
from tests.screens.driving import (
    Console,
    answer,
    names,
    note,
    open_console,
    press,
    said,
    screen,
    settle,
    type_filter,
    until,
)
from tests.screens.making import House, crowd, people


def shown(pilot: Console) -> ClientsScreen:
    """The list of clients."""
    found = screen(pilot)
    assert isinstance(found, ClientsScreen)
    return found


async def test_who_comes_to_match_later_is_not_marked(home: House) -> None:
    marked = await people(home, "Anna Nowak", "Bea Nowak")
    async with open_console(home.url) as pilot:
        await type_filter(pilot, "nowak")
        await press(pilot, "down", "asterisk")
        assert said(pilot) == "2 clients marked. m shows what can be done."
        await home.client("Celina Nowak")
        await until(pilot, lambda: "Celina Nowak" in names(pilot))
        assert sorted(shown(pilot).marks.ids()) == sorted(marked)
        await press(pilot, "z")
        assert said(pilot) == "Archived 2 clients · marks taken away · u undoes"
        assert names(pilot) == ["Celina Nowak"]


async def test_one_of_them_can_be_left_out_again(home: House) -> None:
    await crowd(home, 300)
    async with open_console(home.url) as pilot:
        await press(pilot, "asterisk", "g", "space", "G", "space")
        assert "298 marked" in shown(pilot).query_one("#summary").text  # type: ignore[attr-defined]


async def test_marking_twice_counts_nobody_twice(home: House) -> None:
    await people(home, "Anna Nowak", "Bea Lis", "Celina Nowak")
    async with open_console(home.url) as pilot:
        await type_filter(pilot, "nowak")
        await press(pilot, "down", "asterisk")
        await type_filter(pilot, "")
        await press(pilot, "down", "asterisk")
        assert said(pilot) == "3 clients marked. m shows what can be done."


async def test_marking_is_stopped_and_nothing_is_marked_and_the_list_goes_on_meanwhile(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await crowd(home, 60)
    whole = clients.matching_ids
    async with open_console(home.url) as pilot:
        moved: list[str] = []

        async def slowly(*given: Any, **more: Any) -> AsyncIterator[Sequence[int]]:
            async for piece in whole(*given, **more):
                yield piece[:30]
                shown(pilot).do_jump()  # what a key does comes through between two pieces
                moved.append(said(pilot))
                screen(pilot).action_command("stop")
                yield piece[30:]

        monkeypatch.setattr(clients, "matching_ids", slowly)
        await press(pilot, "asterisk")
        await settle(pilot)
        assert said(pilot) == "Mark all was stopped. Nothing was changed."
        assert moved
        assert not shown(pilot).marks


async def test_marks_stay_where_an_action_fails(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await people(home, "Anna", "Bea")

    async def refused(*_: Any) -> None:
        raise Refused("Not today.")

    async with open_console(home.url) as pilot:
        await press(pilot, "asterisk")
        monkeypatch.setattr(clients, "locked_facts", refused)
        await press(pilot, "z")
        assert said(pilot) == "Not today."
        assert len(shown(pilot).marks) == 2


async def test_marks_stay_where_nothing_was_changed(home: House) -> None:
    await people(home, "Anna", "Bea")
    async with open_console(home.url) as pilot:
        await press(pilot, "asterisk", "z")
        assert said(pilot).startswith("Archived 2")
        await press(pilot, "v", "z", "asterisk", "z")
        assert len(shown(pilot).marks) == 2


async def test_of_a_note_about_very_many_no_draft_is_kept(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(note_drafts, "MOST", 2)
    await people(home, "Anna", "Bea", "Celina")
    async with open_console(home.url) as pilot:
        await press(pilot, "asterisk", "a")
        assert note(pilot).display
        await press(pilot, "h", "i", "ctrl+g")
        assert said(pilot) == "Nothing was changed."


async def test_a_range_of_what_was_found_best_first_is_marked(home: House) -> None:
    await people(home, "Anna Nowak", "Nowak Bea", "Celina Nowakowska")
    async with open_console(home.url) as pilot:
        await type_filter(pilot, "nowak")
        await press(pilot, "down", "g", "space", "G", "V")
        assert len(shown(pilot).marks) == 3


async def test_ids_come_in_pieces_that_can_be_gathered(home: House) -> None:
    await crowd(home, 30)
    async with open_console(home.url) as pilot:
        async with home.desk.read() as connection:
            pieces = clients.matching_ids(connection, ClientQuery("client"), shown(pilot)._reader())
            found = [one async for piece in pieces for one in piece]
        assert len(found) == len(set(found)) == 30


async def test_answers_are_asked_once_for_all_marks(home: House) -> None:
    await crowd(home, 30)
    async with open_console(home.url) as pilot:
        await press(pilot, "asterisk", "t")
        await answer(pilot, "vip")
        await answer(pilot, "30")
        assert said(pilot).startswith("Tagged 30 clients")
        assert not shown(pilot).marks
