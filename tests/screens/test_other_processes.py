"""What others change appears by itself; what we change is not loaded over and over."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import feed
from console.data.errors import DatabaseError
from console.screens import desk_app
from console.screens.clients import ClientsScreen
from tests.screens.driving import (
    accept_rest,
    lines,
    names,
    open_console,
    press,
    prompt,
    said,
    screen,
    settle,
    text,
    type_keys,
    under_cursor,
    until,
)
from tests.screens.making import House, client_with_everything, people


async def test_a_colleagues_change_appears_on_the_list_without_a_key(any_home: House) -> None:
    ids = await people(any_home, "Bartosz", "Celina")
    async with open_console(any_home.url) as pilot:
        await press(pilot, "j")
        await any_home.client("Anna")
        await until(pilot, lambda: names(pilot) == ["Anna", "Bartosz", "Celina"])
        assert under_cursor(pilot) == "Celina"
        await any_home.act("client.ban", ids[0], reason="rude")
        await until(pilot, lambda: "banned" in text(pilot))
        await any_home.set(ids[1], deleted_at=any_home.now)
        await until(pilot, lambda: names(pilot) == ["Anna", "Bartosz"])


async def test_nothing_is_loaded_before_it_is_known_from_where_on_changes_are_followed(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is committed between the two would stand on no screen until something else changes."""
    happened: list[str] = []
    now, load = feed.now, ClientsScreen.load

    async def told_now(connection: AsyncConnection) -> feed.FeedCursor:
        cursor = await now(connection)
        happened.append("follows")
        await home.client("Anna")
        return cursor

    async def told_load(screen: ClientsScreen) -> None:
        happened.append("loads")
        await load(screen)

    monkeypatch.setattr(feed, "now", told_now)
    monkeypatch.setattr(ClientsScreen, "load", told_load)
    async with open_console(home.url) as pilot:
        assert happened[:2] == ["follows", "loads"]
        await until(pilot, lambda: names(pilot) == ["Anna"])


async def test_a_colleagues_change_appears_on_the_client_and_below(home: House) -> None:
    made = await client_with_everything(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "enter")
        await home.act("client.note", made.client, text="On leave", level="warning")
        await home.act("client.ban", made.client, reason="rude")
        await until(pilot, lambda: "! On leave" in "\n".join(lines(pilot)[1:3]) and "banned" in text(pilot))
        await press(pilot, "q")
        assert "banned" in text(pilot)


async def test_what_is_being_typed_is_not_disturbed_by_a_colleague(home: House) -> None:
    (anna,) = await people(home, "Anna")
    async with open_console(home.url) as pilot:
        await press(pilot, "b")
        await type_keys(pilot, "rud")
        await home.act("client.favourite", anna)
        await home.client("Bartosz")
        await until(pilot, lambda: len(names(pilot)) == 2)
        await type_keys(pilot, "e")
        assert prompt(pilot).value == "rude"
        await press(pilot, "enter")
        await accept_rest(pilot)
        assert said(pilot) == "Banned Anna · u undoes"


async def test_our_own_change_is_loaded_once(home: House, monkeypatch: object) -> None:
    await people(home, "Anna")
    loads: list[str] = []
    original = ClientsScreen.load

    async def counted(self: ClientsScreen) -> None:
        loads.append("load")
        await original(self)

    ClientsScreen.load = counted  # type: ignore[method-assign]
    try:
        async with open_console(home.url) as pilot:
            before = len(loads)
            await press(pilot, "f")
            assert len(loads) == before + 1
            # What the feed brings next is the colleague's change: ours has passed by then.
            await home.client("Bartosz")
            await until(pilot, lambda: len(names(pilot)) == 2)
            assert len(loads) == before + 2
    finally:
        ClientsScreen.load = original  # type: ignore[method-assign]


async def test_the_screen_below_loads_when_it_comes_back_and_not_before(home: House) -> None:
    made = await client_with_everything(home)
    loads: list[str] = []
    original = ClientsScreen.load

    async def counted(self: ClientsScreen) -> None:
        loads.append("load")
        await original(self)

    ClientsScreen.load = counted  # type: ignore[method-assign]
    try:
        async with open_console(home.url) as pilot:
            await press(pilot, "enter")
            before = len(loads)
            await home.act("client.ban", made.client, reason="rude")
            await until(pilot, lambda: "banned" in text(pilot))
            assert len(loads) == before
            await press(pilot, "q")
            assert len(loads) == before + 1
            assert "banned" in text(pilot)
    finally:
        ClientsScreen.load = original  # type: ignore[method-assign]


async def test_a_list_that_grows_above_keeps_what_is_on_screen(home: House) -> None:
    await people(home, *(f"Client {number:03d}" for number in range(60)))
    async with open_console(home.url) as pilot:
        await press(pilot, "pagedown", "pagedown")
        shown, mine = names(pilot), under_cursor(pilot)
        await home.client("Aaron")
        await home.client(mine + " b")
        await until(pilot, lambda: mine + " b" in names(pilot))
        await settle(pilot)
        assert under_cursor(pilot) == mine
        assert names(pilot)[0] in (shown[0], shown[1])
        assert screen(pilot).PLACE == "clients"


async def test_colleagues_changes_go_on_appearing_after_the_database_was_away(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await people(home, "Anna")
    since, failures = feed.since, [DatabaseError("It cannot be reached.")] * 2

    async def away(*given: Any) -> feed.FeedBatch:
        if failures:
            raise failures.pop()
        return await since(*given)

    monkeypatch.setattr(feed, "since", away)
    monkeypatch.setattr(desk_app, "FOLLOW_AGAIN_SECONDS", 0.01)
    async with open_console(home.url) as pilot:
        await home.client("Bartosz")
        await until(pilot, lambda: not failures and names(pilot) == ["Anna", "Bartosz"])
        await home.client("Celina")
        await until(pilot, lambda: names(pilot) == ["Anna", "Bartosz", "Celina"])
