"""Tabs 6 and 7: who waits for approval and what is held, worked with single keys; a one-time sender registered."""

from __future__ import annotations

import pytest

from console.data.records import Submission, Submitted
from console.data.submit import submit
from console.text import cells
from tests.hostile.payloads import DECEIVING, LONG, MARKUP, TERMINAL, WIDE
from tests.screens.driving import (
    line_with,
    lines,
    open_console,
    place,
    press,
    said,
    settle,
    text,
    type_filter,
    under_cursor,
)
from tests.screens.making import House, house

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)])


async def send(home: House, sender: str, **given: str) -> Submitted:
    values = {"channel": "email", "subject": "Printer", "body": "It burns.", "sender_name": sender, **given}
    async with home.change() as change:
        made = await submit(
            change,
            Submission(sender=f"{sender.split(maxsplit=1)[0].lower()}@mail.example", **values),  # type: ignore[arg-type]
        )
    home.ids[sender] = made.client_id or 0
    return made


async def three_wait(home: House) -> None:
    await home.department("Support")
    await send(home, "Anna Nowak", subject="Printer on fire", body="It burns since this morning.")
    await send(home, "Bob Lis", subject="No dial tone", body="The second line is dead.")
    await send(home, "Celina Bak", subject="Invoice", body="Please send it again.")


async def status(home: House, name: str) -> str:
    from console.data import clients

    async with home.desk.read() as connection:
        return (await clients.load(connection, home.ids[name])).status


@SIZES
async def test_pending_are_worked_with_single_keys_and_the_next_comes_up(
    home: House, size: tuple[int, int]
) -> None:
    await three_wait(home)
    async with open_console(home.url, size) as pilot:
        assert "6 Pending 3" in lines(pilot)[0]
        await press(pilot, "6")
        assert place(pilot) == "pending"
        assert all(len(line) == size[0] for line in lines(pilot))
        assert "Anna Nowak" in under_cursor(pilot)
        assert "It burns since this morning." in text(pilot)
        assert line_with(pilot, "INC-000001").startswith(" Printer on fire ")
        await press(pilot, "A")
        assert said(pilot) == "Approved Anna Nowak · u undoes"
        assert "Bob Lis" in under_cursor(pilot)
        assert "The second line is dead." in text(pilot)
        assert "6 Pending 2" in lines(pilot)[0]
        await press(pilot, "D", "enter")
        assert said(pilot) == "Disapproved Bob Lis · u undoes"
        assert "Celina Bak" in under_cursor(pilot)
        assert "7 Held 1" in lines(pilot)[0]
        await press(pilot, "u")
        assert "Bob Lis" in text(pilot)
        assert await status(home, "Bob Lis") == "pending"
        assert await status(home, "Anna Nowak") == "approved"


async def test_pending_can_be_banned_called_spam_and_opened(home: House) -> None:
    await three_wait(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "6", "b", "r", "u", "d", "e", "enter", "enter")
        assert await status(home, "Anna Nowak") == "banned"
        assert "Bob Lis" in under_cursor(pilot)
        await press(pilot, "s", "enter")
        assert await status(home, "Bob Lis") == "spam"
        await press(pilot, "enter")
        assert place(pilot) == "client"
        assert "Celina Bak" in lines(pilot)[0]
        await press(pilot, "q")
        assert place(pilot) == "pending"


async def test_the_middle_of_the_queue_keeps_its_place(home: House) -> None:
    await three_wait(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "6", "j", "A")
        assert "Celina Bak" in under_cursor(pilot)
        await press(pilot, "A")
        assert "Anna Nowak" in under_cursor(pilot)
        await press(pilot, "A")
        assert "Nobody waits for approval." in text(pilot)
        assert "It burns" not in text(pilot)
        await press(pilot, "A")
        assert said(pilot) == "There is nothing under the cursor."


async def test_pending_are_filtered(home: House) -> None:
    await three_wait(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "6")
        await type_filter(pilot, "celi")
        await settle(pilot)
        assert "Please send it again." in text(pilot)
        assert "Anna Nowak" not in text(pilot)
        assert "1 match" in text(pilot)


@SIZES
async def test_what_is_held_is_read_and_released(home: House, size: tuple[int, int]) -> None:
    await three_wait(home)
    await home.act("client.ban", home.ids["Anna Nowak"], reason="threats")
    await send(home, "Anna Nowak", subject="Let me in", body="I did nothing.")
    await send(home, "Anna Nowak", subject="Hello?", body="Is anybody there?")
    async with open_console(home.url, size) as pilot:
        assert "7 Held 2" in lines(pilot)[0]
        await press(pilot, "7")
        assert place(pilot) == "held"
        assert all(len(line) == size[0] for line in lines(pilot))
        assert "Banned by Bo Boss: threats" in text(pilot)
        assert "Is anybody there?" in text(pilot)
        await press(pilot, "r")
        assert said(pilot) == "Released: made INC-000004 in Support · u undoes"
        assert "I did nothing." in text(pilot)
        assert "7 Held 1" in lines(pilot)[0]
        await press(pilot, "enter")
        assert place(pilot) == "client"
        assert "1 in quarantine: 7 shows them" in text(pilot)
        await press(pilot, "B")
        assert said(pilot) == (
            "Removed the ban of Anna Nowak; 1 message of theirs is held: press 7 · u undoes"
        )
        await press(pilot, "7", "r")
        assert "Nothing is held." in text(pilot)
        await press(pilot, "r")
        assert said(pilot) == "There is nothing under the cursor."


async def test_an_incident_in_quarantine_is_opened(home: House) -> None:
    await three_wait(home)
    await home.act("client.disapprove", home.ids["Bob Lis"])
    async with open_console(home.url) as pilot:
        await press(pilot, "7", "enter")
        assert place(pilot) == "incident"
        assert "The client is disapproved." in text(pilot)


async def test_viewers_decide_nothing(sqlite_url: str) -> None:
    async with house(sqlite_url, role="viewer") as home:
        await three_wait(home)
        async with open_console(home.url) as pilot:
            for key in ("6", "7"):
                await press(pilot, key, {"6": "A", "7": "r"}[key])
                assert said(pilot) == "Viewers change nothing. Ask an agent or an admin."


async def test_a_one_time_sender_is_registered_from_the_incident(home: House) -> None:
    support = await home.department("Support")
    made = await home.incident(
        None, support, 7, "Printer", sender_name="Jan Kowal", sender_address="jan@mail.example"
    )
    assert made
    await home.client("Anna Nowak")
    async with open_console(home.url) as pilot:
        pilot.app.open_record("incident", made)  # type: ignore[attr-defined]
        await settle(pilot)
        await press(pilot, "c")
        assert said(pilot) == "It comes from a one-time sender who is no client yet. N registers them."
        await press(pilot, "N")
        assert said(pilot) == "Registered Jan Kowal, pending; 1 incident is theirs · u undoes"
        await press(pilot, "N")
        assert said(pilot) == "INC-000007 belongs to a client already. c opens them."
        await press(pilot, "c")
        assert place(pilot) == "client"
        assert "Jan Kowal" in lines(pilot)[0]


@pytest.mark.parametrize("kind", [TERMINAL, DECEIVING, WIDE, MARKUP, LONG], ids=lambda kind: next(iter(kind)))
async def test_hostile_text_is_shown_aligned(home: House, kind: dict[str, str]) -> None:
    await home.department("Support")
    await send(home, "Anna Nowak")
    await home.act("client.ban", home.ids["Anna Nowak"], reason="threats")
    for number, words in enumerate(kind.values()):
        await send(home, "Anna Nowak", subject=words, body=words)
        await send(home, f"B{number} Lis", subject=words, body=words, sender_name=words)
    async with open_console(home.url) as pilot:
        for key in ("6", "7"):
            await press(pilot, key)
            for _ in kind:
                shown = lines(pilot)
                assert [len(shown), {cells(line) for line in shown}] == [24, {80}]
                assert not any(mark in "".join(shown) for mark in "\x1b\x9b\x07\u202e")
                assert shown[-1].startswith(" enter open")
                await press(pilot, "j")
