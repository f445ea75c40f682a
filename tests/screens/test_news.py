"""News of favourites, the way to a client's contacts, and warnings that come first."""

from __future__ import annotations

from datetime import timedelta

from console.data.models.clients import favourite
from console.data.models.notes import note
from console.screens.client import ClientScreen
from tests.screens.driving import line_with, lines, open_console, place, press, screen, text
from tests.screens.making import House, client_with_everything, people


async def star(home: House, *ids: int) -> None:
    async with home.change() as change:
        for one in ids:
            await change.insert(favourite, client_id=one, staff_id=home.me.staff_id)


async def test_f_lists_what_others_changed_and_enter_opens_the_client(home: House) -> None:
    (anna, _, _) = await people(home, "Anna", "Bob", "Celina")
    async with home.desk.change(home.me, "client.favourite") as change:
        await change.insert(favourite, client_id=anna, staff_id=home.me.staff_id)
    await home.act("client.ban", anna, reason="rude")
    async with open_console(home.url) as pilot:
        assert "F: 2 news of favourites" in text(pilot)
        await press(pilot, "F")
        assert place(pilot) == "news"
        assert "Banned" in line_with(pilot, "Bo Boss")
        await press(pilot, "enter")
        assert place(pilot) == "client"
        await press(pilot, "q", "q")
        assert place(pilot) == "clients"
        await press(pilot, "ctrl+l")
        assert "news of favourites" not in text(pilot)
        await press(pilot, "F")
        assert "Nothing changed on your favourites since" in text(pilot)


async def test_h_opens_the_contacts(home: House) -> None:
    await client_with_everything(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "h")
        shown = screen(pilot)
        assert isinstance(shown, ClientScreen)
        assert shown.current_tab == "contacts"
        await press(pilot, "right", "h")
        assert shown.current_tab == "contacts"


async def test_warnings_come_first_on_the_client_and_on_each_incident_until_they_end(home: House) -> None:
    made = await client_with_everything(home)
    async with home.change() as change:
        for words, ends in (("Bites", None), ("Long over", home.now - timedelta(days=1))):
            await change.insert(
                note, client_id=made.client, author_id=home.boss.staff_id, level="warning", text=words,
                expires_at=ends,
            )  # fmt: skip
    async with open_console(home.url) as pilot:
        await press(pilot, "enter")
        assert any("! Bites" in line for line in lines(pilot)[1:4])
        assert "Long over" not in text(pilot)
        await press(pilot, "enter")
        assert place(pilot) == "incident"
        assert any("! Bites" in line for line in lines(pilot)[1:4])
        assert "Long over" not in text(pilot)
        await press(pilot, "q", "q", "2", "enter", "right", "enter")
        assert place(pilot) == "incident"
        assert any("! Bites" in line for line in lines(pilot)[1:4])
