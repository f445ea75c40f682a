"""An incident to read: what it is, the warnings of its client, the thread, and what is beyond one page."""

from __future__ import annotations

from datetime import timedelta

from console.data.models.incidents import message
from console.data.models.notes import note
from console.screens.incident import IncidentScreen
from tests.screens.driving import (
    Console,
    lines,
    open_console,
    place,
    press,
    said,
    screen,
    settle,
    text,
    the_app,
    until,
)
from tests.screens.making import House, client_with_everything


async def open_incident(pilot: Console, incident_id: int) -> None:
    the_app(pilot).open_record("incident", incident_id)
    await settle(pilot)


async def test_the_thread_names_who_wrote_what_kind_it_is_and_its_files(any_home: House) -> None:
    made = await client_with_everything(any_home)
    async with open_console(any_home.url, (100, 40)) as pilot:
        await open_incident(pilot, made.incident)
        shown = text(pilot)
        for part in (
            "INC-000812 > Printer on fire",
            "Anna Kowalska, Acme sp. z o.o.",
            "high request",
            "Support",
            "It burns since this morning.",
            "photo.pdf",
            "20 kB",
            "Which floor?",
            "private note",
            "Keep calm, she is a manager.",
            "State new -> open.",
        ):
            assert part in shown, part
        assert "! Abroad until Friday" in lines(pilot)[1]
        order = [shown.index(part) for part in ("It burns", "Which floor", "Keep calm", "State new")]
        assert order == sorted(order)


async def test_overdue_is_said_in_words(home: House) -> None:
    made = await client_with_everything(home)
    async with open_console(home.url) as pilot:
        await open_incident(pilot, made.incident)
        assert "due 2 h ago" in text(pilot)


async def test_older_pages_of_a_long_thread_come_on_demand(home: House) -> None:
    made = await client_with_everything(home)
    async with home.change() as change:
        long = [
            {
                "incident_id": made.incident, "kind": "client", "author": "Anna", "channel": "email",
                "body": f"message {number:04d}", "created_at": home.now,
            }
            for number in range(450)
        ]  # fmt: skip
        await change.insert_many(message, long)
    async with open_console(home.url) as pilot:
        await open_incident(pilot, made.incident)
        assert "message 0449" in text(pilot), "the newest is shown first"
        await press(pilot, "g")
        assert "Older messages are not shown." in text(pilot)
        assert "message 0250" in text(pilot)
        await press(pilot, "b", "g")
        assert "message 0050" in text(pilot)
        await press(pilot, "b", "g")
        assert "It burns since this morning." in text(pilot)
        assert "Older messages" not in text(pilot)
        await press(pilot, "b")
        assert said(pilot) == "The whole thread is shown."
        await press(pilot, "G")
        assert "message 0449" in text(pilot)


async def test_a_new_message_of_the_client_appears_without_losing_the_place(home: House) -> None:
    made = await client_with_everything(home)
    async with open_console(home.url) as pilot:
        await open_incident(pilot, made.incident)
        await press(pilot, "g")
        await home.message(made.incident, "client", "Anna Kowalska", "It still burns!")
        await until(pilot, lambda: "It still burns!" in _whole(pilot))
        assert "It burns since this morning." in text(pilot)


def _whole(pilot: Console) -> str:
    reader = screen(pilot).query_one("#thread")
    return "\n".join(run[0] for line in reader._lines for run in line)  # type: ignore[attr-defined]


async def test_a_one_time_sender_has_no_client_to_open(home: House) -> None:
    support = await home.department("Support")
    one = await home.incident(
        None, support, 5, "Hello", sender_name="Some Body", sender_address="some@body.example",
        held_reason="not registered",
    )  # fmt: skip
    async with open_console(home.url) as pilot:
        await open_incident(pilot, one)
        assert "Some Body" in text(pilot)
        assert "held" in text(pilot)
        assert "not registered" in text(pilot)
        assert "No messages yet." in text(pilot)
        await press(pilot, "c")
        assert said(pilot) == "It comes from a one-time sender who is no client yet. N registers them."
        assert place(pilot) == "incident"


async def test_an_incident_without_subject_or_that_is_gone(home: House) -> None:
    support = await home.department("Support")
    anna = await home.client("Anna")
    one = await home.incident(anna, support, 5, "", folder="spam")
    async with open_console(home.url) as pilot:
        await open_incident(pilot, one)
        assert "(no subject)" in lines(pilot)[0]
        assert "in spam" in text(pilot)
        await open_incident(pilot, 987654321)
        assert said(pilot).startswith("There is no such incident. It may have been purged.")
        await press(pilot, "b", "c", "q")
        assert place(pilot) == "incident"


async def test_only_warnings_that_hold_are_shown(home: House) -> None:
    made = await client_with_everything(home)
    async with home.change() as change:
        for words, ends in (("Gone by", home.now - timedelta(hours=1)), ("Holds", None)):
            await change.insert(
                note, client_id=made.client, author_id=home.boss.staff_id, level="warning", text=words,
                expires_at=ends,
            )  # fmt: skip
    async with open_console(home.url) as pilot:
        await open_incident(pilot, made.incident)
        assert "! Holds" in text(pilot)
        assert "Gone by" not in text(pilot)
        assert "Likes tea" not in text(pilot)


async def test_older_pressed_twice_brings_no_message_twice(home: House) -> None:
    made = await client_with_everything(home)
    async with home.change() as change:
        values = {"incident_id": made.incident, "kind": "client", "channel": "email", "created_at": home.now}
        await change.insert_many(message, [{**values, "body": f"message {one:04d}"} for one in range(450)])
    async with open_console(home.url) as pilot:
        await open_incident(pilot, made.incident)
        shown = screen(pilot)
        assert isinstance(shown, IncidentScreen)
        for _ in range(4):
            shown.do_older()
        await settle(pilot)
        ids = [one.id for one in shown._older]
        assert len(ids) == len(set(ids))
