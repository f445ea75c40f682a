"""A screen's life: leaving, a change under way, a database that fails, a terminal that changes its size."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from console.app import HelpdeskApp
from console.data import clients, staff
from console.data.desk import Desk
from console.screens.too_small import TooSmallScreen
from console.settings import Settings
from tests.screens.driving import (
    accept_rest,
    answer,
    lines,
    names,
    open_console,
    place,
    press,
    prompt,
    said,
    settle,
    text,
    the_app,
    under_cursor,
    until,
)
from tests.screens.making import House, client_with_everything, crowd, people


async def test_ctrl_c_says_how_to_leave_and_twice_leaves(home: House) -> None:
    await people(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "enter", "ctrl+c")
        assert said(pilot) == "Press ctrl+c again to leave the console, or q to go back."
        assert pilot.app.is_running
        await press(pilot, "ctrl+c")
        assert the_app(pilot).return_code == 0


async def test_leaving_while_a_change_is_under_way_still_writes_it(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    (anna,) = await people(home, "Anna")
    begun, go_on = asyncio.Event(), asyncio.Event()
    original = clients.set_favourite

    async def slow(*given: Any, **named: Any) -> int:
        begun.set()
        await go_on.wait()
        return await original(*given, **named)

    monkeypatch.setattr(clients, "set_favourite", slow)
    async with open_console(home.url) as pilot:
        await pilot.press("f")
        await asyncio.wait_for(begun.wait(), 10)
        await pilot.press("q")
        assert the_app(pilot).return_code is None
        go_on.set()
        async with asyncio.timeout(10):
            while the_app(pilot).return_code is None:  # noqa: ASYNC110 - nothing tells when the app has left
                await asyncio.sleep(0.01)
    async with home.desk.read() as connection:
        assert (await clients.load(connection, anna, home.me.staff_id)).favourite


async def test_what_an_action_did_is_said_where_the_user_went_meanwhile(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await people(home, "Anna")
    go_on = asyncio.Event()
    original = clients.set_favourite

    async def slow(*given: Any, **named: Any) -> int:
        await go_on.wait()
        return await original(*given, **named)

    monkeypatch.setattr(clients, "set_favourite", slow)
    async with open_console(home.url) as pilot:
        await pilot.press("enter")
        await pilot.press("f", "q")
        go_on.set()
        await until(pilot, lambda: place(pilot) == "clients" and "favourite" in said(pilot))
        assert "*  Anna" in text(pilot)


async def test_a_database_that_cannot_be_opened_ends_the_console_with_its_sentence(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("This is no database, but a text of some length.\n" * 20)
    app = HelpdeskApp(Settings(database=f"sqlite:///{file}"), environ={})
    async with app.run_test() as pilot:
        assert not await app.opened()
        await pilot.pause()
    assert app.return_code == 1 or app.return_value == 1
    assert "is not a helpdesk database" in app.failure


async def test_who_is_no_staff_is_told_so(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff, "system_login", lambda: "mallory")
    app = HelpdeskApp(Settings(database=home.url), environ={})
    async with app.run_test():
        assert not await app.opened() or app.failure
    assert "mallory" in app.failure
    assert "helpdesk staff add mallory" in app.failure


async def test_a_locked_database_refuses_a_change_and_keeps_what_was_typed(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    from console.data.errors import DatabaseBusy

    await people(home, "Anna")
    async with open_console(home.url) as pilot:
        original = Desk.change

        def busy(*_: Any, **__: Any) -> Any:
            raise DatabaseBusy(
                "helpdesk.db is busy: another process is writing. Nothing was changed; try again."
            )

        monkeypatch.setattr(Desk, "change", busy)
        await press(pilot, "b")
        await answer(pilot, "rude")
        await accept_rest(pilot)
        assert "is busy" in said(pilot)
        await until(pilot, lambda: "is busy" in text(pilot))
        assert prompt(pilot).value == "rude"
        monkeypatch.setattr(Desk, "change", original)
        await press(pilot, "enter")
        await accept_rest(pilot)
        assert said(pilot) == "Banned Anna · u undoes"


async def test_a_database_that_breaks_under_the_console_is_said_and_can_be_tried_again(home: House) -> None:
    await people(home, "Anna", "Bartosz")
    file = Path(home.url.removeprefix("sqlite:///"))
    async with open_console(home.url) as pilot:
        with sqlite3.connect(file) as database:
            database.execute("ALTER TABLE client RENAME TO client_gone")
        database.close()
        await press(pilot, "ctrl+l")
        assert pilot.app.is_running
        assert said(pilot) != ""
        assert names(pilot) == ["Anna", "Bartosz"]
        await press(pilot, "enter")
        assert pilot.app.is_running
        assert said(pilot) != ""
        await press(pilot, "q")
        with sqlite3.connect(file) as database:
            database.execute("ALTER TABLE client_gone RENAME TO client")
        database.close()
        await press(pilot, "ctrl+l")
        assert names(pilot) == ["Anna", "Bartosz"]


async def test_a_fault_nobody_foresaw_is_said_and_the_console_goes_on(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await people(home, "Anna")

    async def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("somebody's mistake")

    async with open_console(home.url) as pilot:
        monkeypatch.setattr(clients, "set_favourite", broken)
        await press(pilot, "f")
        await settle(pilot)
        assert pilot.app.is_running
        assert said(pilot) != ""
        monkeypatch.setattr(clients, "page", broken)
        await press(pilot, "ctrl+l", "j")
        assert pilot.app.is_running
        assert said(pilot) != ""


# The terminal


async def test_a_terminal_too_small_says_so_and_comes_back(home: House) -> None:
    await people(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "j")
        await pilot.resize_terminal(20, 5)
        await until(pilot, lambda: isinstance(pilot.app.screen, TooSmallScreen))
        assert "80×24" in " ".join(text(pilot).split())
        await pilot.resize_terminal(40, 10)
        await until(pilot, lambda: "40×10" in " ".join(text(pilot).split()))
        await pilot.press("ctrl+p")
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: not isinstance(pilot.app.screen, TooSmallScreen))
        await settle(pilot)
        assert under_cursor(pilot) == "Bartosz Kowal"
        await press(pilot, "k")
        assert under_cursor(pilot) == "Anna Kowalska"


async def test_q_leaves_a_terminal_too_small(home: House) -> None:
    async with open_console(home.url, (20, 5)) as pilot:
        await pilot.press("q")
        await pilot.pause()
        assert not pilot.app.is_running or the_app(pilot).return_code == 0 or the_app(pilot)._exit


async def test_a_console_opened_in_a_small_terminal_works_when_it_grows(home: House) -> None:
    await people(home)
    async with open_console(home.url, (30, 8)) as pilot:
        assert isinstance(pilot.app.screen, TooSmallScreen)
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: not isinstance(pilot.app.screen, TooSmallScreen))
        await settle(pilot)
        assert names(pilot) == ["Anna Kowalska", "Bartosz Kowal", "Celina Lis"]


async def test_a_new_size_keeps_the_cursor_in_sight(home: House) -> None:
    await crowd(home, 60)
    async with open_console(home.url, (100, 50)) as pilot:
        await press(pilot, *["j"] * 40)
        mine = under_cursor(pilot)
        for size in ((80, 24), (60, 15), (120, 40), (80, 24)):
            await pilot.resize_terminal(*size)
            await until(pilot, lambda size=size: len(lines(pilot)) == size[1])  # type: ignore[misc]
            await settle(pilot)
            assert under_cursor(pilot) == mine
            assert mine in names(pilot)
            assert all(len(line) == size[0] for line in lines(pilot))


async def test_every_screen_takes_every_size(home: House) -> None:
    made = await client_with_everything(home)
    async with open_console(home.url) as pilot:
        for what, record_id in (
            ("client", made.client),
            ("organization", made.organization),
            ("incident", made.incident),
        ):
            the_app(pilot).open_record(what, record_id)
            await settle(pilot)
            for size in ((60, 15), (79, 23), (100, 30), (200, 60), (80, 24)):
                await pilot.resize_terminal(*size)
                await until(pilot, lambda size=size: len(lines(pilot)) == size[1])  # type: ignore[misc]
                await settle(pilot)
                assert all(len(line) == size[0] for line in lines(pilot))
                assert lines(pilot)[-1].rstrip().endswith("? help  q back")
