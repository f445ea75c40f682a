"""The client screen: who they are at the left, nine tabs at the right, warnings above."""

from __future__ import annotations

from console.screens.client import ClientScreen
from tests.screens.driving import (
    Console,
    accept_rest,
    answer,
    line_with,
    lines,
    listing,
    open_console,
    place,
    press,
    said,
    screen,
    settle,
    text,
    the_app,
    type_keys,
)
from tests.screens.making import House, client_with_everything, noon, people

FACTS = (
    "* Anna Kowalska",
    "approved · manager",
    "checked by phone",
    "by Bo Boss",
    "anna@acme.pl",
    "anna.k@gmail.com",
    "+48 601 555 010",
    "+48 22 555 01 99",
    "anna.kowalska",
    "annak",
    "anna-kowalska",
    "anna-chat",
    "akowalska",
    "Acme sp. z o.o.",
    "acme.pl",
    "ul. Polna 1",
    "Warsaw, 13:00",
    "pl",
    "1980-05-17",
    "K-000812",
    "north, vip",
    "on, from 2026-01-01",
    "requests on",
)


async def open_client(pilot: Console, client_id: int, what: str = "client") -> None:
    the_app(pilot).open_record(what, client_id)
    await settle(pilot)


def left(pilot: Console) -> str:
    """What is known, whatever lines it takes."""
    edge = 42 if pilot.app.size.width >= 100 else 27
    return " ".join(" ".join(line[:edge] for line in lines(pilot)).split())


def right(pilot: Console) -> str:
    edge = 42 if pilot.app.size.width >= 100 else 27
    return "\n".join(line[edge:] for line in lines(pilot))


async def tab(pilot: Console, title: str) -> str:
    """Go to a tab by key; returns what it shows."""
    while f" {title} " not in _tabs(pilot) or screen(pilot)._tab.title != title:  # type: ignore[attr-defined]
        await press(pilot, "right")
    return right(pilot)


def _tabs(pilot: Console) -> str:
    return next(line for line in lines(pilot)[:4] if "Notes" in line or "History" in line) + " "


async def test_everything_known_of_a_client_is_shown(sqlite_url: str) -> None:
    from tests.screens.making import house

    async with house(sqlite_url, clock=noon) as home:
        made = await client_with_everything(home)
        for size in ((80, 45), (120, 40)):
            async with open_console(home.url, size, clock=noon) as pilot:
                await open_client(pilot, made.client)
                shown = left(pilot).replace(" ", "")
                for fact in FACTS:
                    assert fact.replace(" ", "") in shown, fact
                assert lines(pilot)[0].startswith(" Clients > Anna Kowalska")
                assert "Abroad until Friday, call the mobile only" in lines(pilot)[1]
                assert "Bo Boss, ends 5 Mar" in lines(pilot)[1]


async def test_what_is_not_known_is_left_out(home: House) -> None:
    lone = await home.client("Lone")
    async with open_console(home.url) as pilot:
        await open_client(pilot, lone)
        for word in ("mobile", "facebook", "org", "born", "tags", "lang", "address", "None"):
            assert word not in left(pilot)
        assert "email" in left(pilot)


async def test_nine_tabs_with_data(any_home: House) -> None:
    made = await client_with_everything(any_home)
    async with open_console(any_home.url, (120, 40)) as pilot:
        await open_client(pilot, made.client)
        summary = right(pilot)
        for part in (
            "new 1",
            "overdue 1",
            "open 2",
            "new 1 240.00 PLN",
            "overdue 1 240.00 PLN",
            "2 h 30 min",
        ):
            assert part in summary, part
        assert "4 incidents" in summary
        assert "lapse on" in summary
        assert "INC-000812" in summary
        assert "!" in next(line for line in summary.splitlines() if "INC-000812" in line)
        assert "INC-000700" not in summary
        shown = await tab(pilot, "Access")
        assert "[x]  Support" in shown
        assert "[ ]  Workshop" in shown
        shown = await tab(pilot, "Incidents")
        assert [row.cells["number"] for row in listing(pilot).rows] == [  # type: ignore[call-overload]
            "INC-000700",
            "INC-000815",
            "INC-000812",
        ]
        shown = await tab(pilot, "Contacts")
        assert "Piotr Bąk" in shown
        assert "piotr@acme.pl" in shown
        assert "limited" in shown
        assert "primary" in shown
        shown = await tab(pilot, "Notes")
        assert "Likes tea" in shown
        assert "!" in next(line for line in shown.splitlines() if "Abroad" in line and "Tom" not in line)
        shown = await tab(pilot, "Credit")
        assert "+2 h 30 min" in shown
        assert "Spring package" in shown
        assert "4 incidents" in shown
        shown = await tab(pilot, "Invoices")
        assert "FV/1" in shown
        assert "240.00 PLN" in shown
        assert "overdue" in next(line for line in shown.splitlines() if "FV/2" in line)
        shown = await tab(pilot, "SLA")
        critical = next(line for line in shown.splitlines() if "critical" in line)
        for part in ("request", "15 min", "2 h", "own"):
            assert part in critical
        shown = await tab(pilot, "History")
        assert "Added" in shown
        assert "Bo Boss" in shown


async def test_nine_tabs_of_a_client_who_has_nothing(home: House) -> None:
    lone = await home.client("Lone")
    async with open_console(home.url) as pilot:
        await open_client(pilot, lone)
        assert "No open incidents." in right(pilot)
        for title, words in (
            ("Access", "No departments yet."),
            ("Incidents", "No incidents yet."),
            ("Contacts", "No contacts yet."),
            ("Notes", "No notes yet. a adds one."),
            ("Credit", "No credit yet."),
            ("Invoices", "No invoices yet."),
            ("SLA", "request"),
            ("History", "Added"),
        ):
            assert words in await tab(pilot, title)
            assert all(len(line) == 80 for line in lines(pilot))


async def test_tabs_go_round_both_ways(home: House) -> None:
    lone = await home.client("Lone")
    async with open_console(home.url) as pilot:
        await open_client(pilot, lone)
        await press(pilot, "left")
        assert "Added" in right(pilot)
        await press(pilot, "right")
        assert "No open incidents." in right(pilot)


async def test_enter_opens_what_a_row_is(home: House) -> None:
    made = await client_with_everything(home)
    async with open_console(home.url) as pilot:
        await open_client(pilot, made.client)
        await press(pilot, "enter")
        assert place(pilot) == "incident"
        assert "INC-000812 > Printer on fire" in lines(pilot)[0]
        await press(pilot, "q")
        for title, words in (
            ("Incidents", "Old matter"),
            ("Contacts", "Accountant"),
            ("Notes", "Likes tea"),
            ("Credit", "Spring package"),
            ("Invoices", "Support in March"),
            ("History", "journal entry"),
        ):
            await tab(pilot, title)
            await press(pilot, "enter")
            assert words in text(pilot), title
            assert place(pilot) in ("reading", "incident")
            await press(pilot, "q")
            assert place(pilot) == "client"
            assert screen(pilot)._tab.title == title  # type: ignore[attr-defined]


async def test_a_target_of_their_own_is_edited_in_its_row(any_home: House) -> None:
    made = await client_with_everything(any_home)
    async with open_console(any_home.url) as pilot:
        await open_client(pilot, made.client)
        await tab(pilot, "SLA")
        await press(pilot, "enter")
        assert "requests, critical: first response (now 15 min" in text(pilot)
        await answer(pilot, "30 min")
        await press(pilot, "enter")
        await settle(pilot)
        assert said(pilot).startswith("Changed an SLA target of Anna Kowalska")
        assert line_with(pilot, "critical").split()[-5:] == ["30", "min", "2", "h", "own"]
        await press(pilot, "enter")
        await answer(pilot, "3 h")
        await press(pilot, "enter")
        await settle(pilot)
        assert "due before the first response" in text(pilot)


async def test_a_department_is_switched_at_once_and_undone(any_home: House) -> None:
    made = await client_with_everything(any_home)
    async with open_console(any_home.url) as pilot:
        await open_client(pilot, made.client)
        assert "[x]  Support" in await tab(pilot, "Access")
        await press(pilot, "enter")
        assert said(pilot) == "Anna Kowalska may not submit to Support now · u undoes"
        assert "[ ]  Support" in right(pilot)
        assert "own switch" in right(pilot)
        await press(pilot, "enter")
        assert "[x]  Support" in right(pilot)
        await press(pilot, "u", "u")
        assert "[x]  Support" in right(pilot)
        assert "own switch" not in right(pilot)
        assert listing(pilot).cursor_id == made.support


async def test_history_says_what_was_done_by_whom_and_what_was_undone(home: House) -> None:
    (anna,) = await people(home, "Anna Kowalska")
    async with open_console(home.url, (120, 30)) as pilot:
        await press(pilot, "b")
        await type_keys(pilot, "rude")
        await press(pilot, "enter")
        await accept_rest(pilot)
        await press(pilot, "u", "f", "enter")
        shown = await tab(pilot, "History")
        found = [line for line in shown.splitlines()[1:] if "Ann" in line]
        assert "Marked as favourite" in found[0]
        assert "Undid the ban" in found[1]
        assert "(undone) Banned: rude" in found[2]
        assert "Added" in shown
        assert "Bo Boss" in shown
        await press(pilot, "j", "j", "enter")
        for part in (
            "reason: rude",
            "It was undone later.",
            "status: approved -> banned",
            "by way of console",
        ):
            assert part in text(pilot), part
    assert anna


async def test_a_warning_comes_before_anything_else_at_once(home: House) -> None:
    (anna,) = await people(home, "Anna Kowalska")
    async with open_console(home.url) as pilot:
        await open_client(pilot, anna)
        assert "!" not in lines(pilot)[1]
        await home.act("client.note", anna, text="Call the mobile\nonly", level="warning")
        await press(pilot, "ctrl+l")
        assert " ! Call the mobile only" in lines(pilot)[1]


async def test_clients_that_are_gone_say_so_and_let_nothing_be_done(home: House) -> None:
    kept, deleted, absorbed, archived = await people(home, "Kept", "Deleta", "Absorba", "Archiva")
    await home.set(deleted, deleted_at=home.now)
    await home.set(absorbed, absorbed_into=kept)
    await home.set(archived, archived_at=home.now)
    async with open_console(home.url) as pilot:
        for what, one, word, refusal in (
            ("client", deleted, "deleted", "Deleta is deleted. Restore them first."),
            (
                "absorbed client",
                absorbed,
                "merged into another client",
                "Absorba was merged into another client. Open that one.",
            ),
        ):
            await open_client(pilot, one, what)
            assert word in left(pilot)
            for key in ("b", "D", "a", "f", "s"):
                await press(pilot, key)
                assert said(pilot) == refusal
            await press(pilot, "q")
        await open_client(pilot, archived)
        assert "archived" in left(pilot)


async def test_a_client_that_does_not_exist_says_so(home: House) -> None:
    async with open_console(home.url) as pilot:
        await open_client(pilot, 12345)
        assert said(pilot).startswith("There is no such client. They may have been purged.")
        for key in ("b", "m", "a", "s", "right", "enter"):
            await press(pilot, key)
            assert pilot.app.is_running
        await press(pilot, "q")
        assert place(pilot) == "clients"


async def test_a_client_without_a_name_has_a_place_and_can_be_banned(home: House) -> None:
    async with home.change() as change:
        from console.data.models.clients import client

        nameless = await change.insert(client, name="", status="approved")
    async with open_console(home.url) as pilot:
        assert "(no name)" in text(pilot)
        await press(pilot, "enter")
        assert lines(pilot)[0].startswith(" Clients > (no name)")
        assert "(no name)" in left(pilot)
        await press(pilot, "b")
        assert "Ban: (no name). Reason:" in text(pilot)
        await type_keys(pilot, "rude")
        await press(pilot, "enter")
        await accept_rest(pilot)
        assert said(pilot) == "Banned (no name) · u undoes"
        await press(pilot, "b")
        assert said(pilot) == "(no name) is banned already."
    assert nameless


async def test_a_client_screen_on_top_of_another_goes_back_step_by_step(home: House) -> None:
    made = await client_with_everything(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "enter", "enter")
        assert place(pilot) == "incident"
        await press(pilot, "c")
        assert place(pilot) == "client"
        assert isinstance(screen(pilot), ClientScreen)
        assert screen(pilot).targets() == [made.client]
        await press(pilot, "q")
        assert place(pilot) == "incident"
        await press(pilot, "q", "q")
        assert place(pilot) == "clients"


async def test_details_show_whole_what_a_low_screen_cuts_off(home: House) -> None:
    await client_with_everything(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "enter")
        await press(pilot, "d", "G")
        for part in ("portal", "requests", "lang"):
            assert part in text(pilot)
        await press(pilot, "q")
        assert place(pilot) == "client"


async def test_incidents_are_looked_through_by_word_or_number(home: House) -> None:
    await client_with_everything(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "enter", "slash")
        assert "Go to Incidents" in said(pilot)
        await press(pilot, "right", "right", "slash")
        await type_keys(pilot, "printer")
        await press(pilot, "enter")
        assert [row.cells["subject"] for row in listing(pilot).rows] == ["Printer on fire"]  # type: ignore[call-overload]
        await press(pilot, "slash")
        await type_keys(pilot, " nothing like it")
        await press(pilot, "enter")
        assert "No incidents match 'printer nothing like it'" in text(pilot)
