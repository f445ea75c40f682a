"""What was typed about a client and not saved, once that client is merged into another."""

from __future__ import annotations

from textual.widgets import TextArea

from console.data import unsaved
from console.widgets.note_prompt import NotePrompt
from tests.screens.driving import open_console, press, said, screen, settle
from tests.screens.making import House
from tests.screens.test_forms import drafts
from tests.screens.test_merge import two
from tests.screens.test_unmerge import merged


async def kept(home: House, scope: str, **fields: str) -> None:
    assert home.me.staff_id is not None
    await unsaved.keep(home.desk, home.me.staff_id, scope, fields)


async def test_a_note_goes_on_at_the_survivor(any_home: House) -> None:
    anna, kasia = await two(any_home)
    await kept(any_home, f"client.note:{kasia}", text="half a no", about="Kasia Kowalska")
    await merged(any_home, anna, kasia)
    async with open_console(any_home.url) as pilot:
        await press(pilot, "a")
        assert screen(pilot).query_one(NotePrompt).query_one(TextArea).text == "half a no"
        await press(pilot, "f2", "enter", "enter")
        assert said(pilot).startswith("Added a note to Anna Kowalska")
        await settle(pilot)
    assert await drafts(any_home) == {}


async def test_what_is_kept_of_the_survivor_itself_is_not_lost(home: House) -> None:
    anna, kasia = await two(home)
    await kept(home, f"client.note:{kasia}", text="of Kasia")
    await kept(home, f"client.note:{anna}", text="of Anna")
    await merged(home, anna, kasia)
    async with open_console(home.url) as pilot:
        await press(pilot, "a")
        assert screen(pilot).query_one(NotePrompt).query_one(TextArea).text == "of Anna"
        await press(pilot, "f2", "enter", "enter", "a")
        await settle(pilot)
        assert screen(pilot).query_one(NotePrompt).query_one(TextArea).text == "of Kasia"


async def test_an_edit_of_who_is_no_more_is_dropped_with_a_word(home: House) -> None:
    anna, kasia = await two(home)
    await kept(home, f"client.edit:{kasia}", city="Kraków", about="Kasia Kowalska")
    await kept(home, f"client.edit:{anna}", city="Gdynia", about="Anna Kowalska")
    await merged(home, anna, kasia)
    async with open_console(home.url) as pilot:
        assert said(pilot).startswith(
            "Your edit of Kasia Kowalska is dropped: they were merged into another client. "
            "Not saved yet: Edit profile of Anna Kowalska,"
        )
    assert list(await drafts(home)) == [f"client.edit:{anna}"]
