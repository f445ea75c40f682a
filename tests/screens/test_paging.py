"""Long lists: paged by keyset in both directions, the window bounded, nothing loaded or counted whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import CursorResult

from tests.screens.driving import (
    Console,
    listing,
    names,
    open_console,
    press,
    said,
    text,
    the_app,
    type_filter,
    under_cursor,
)
from tests.screens.making import House, crowd

COUNT = 1000
HELD = 400
"""More rows than this are never held: a page, and some screens around it."""


class Reading:
    """What the console asked its database: statements, and rows fetched by each."""

    def __init__(self) -> None:
        self.fetched: list[tuple[str, int]] = []

    @property
    def most(self) -> int:
        """The most rows one statement brought."""
        return max((count for _, count in self.fetched), default=0)


@contextmanager
def reading(pilot: Console, monkeypatch: Any) -> Iterator[Reading]:
    """Count the rows of every result that is fetched meanwhile."""
    seen = Reading()

    original = CursorResult._allrows

    def counted(self: Any) -> Any:
        found = original(self)
        seen.fetched.append((str(getattr(self.context, "statement", "")), len(found)))
        return found

    monkeypatch.setattr(CursorResult, "_allrows", counted)
    sql: list[str] = []

    def executed(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sql.append(statement)

    engine = the_app(pilot).desk.engine.sync_engine
    event.listen(engine, "before_cursor_execute", executed)
    yield seen
    event.remove(engine, "before_cursor_execute", executed)
    assert sql, "nothing was read"
    assert not [
        statement for statement in sql if re.search(r"\bOFFSET\b", statement) and "LIMIT" not in statement
    ]


def number_of(name: str) -> int:
    return int(name.removeprefix("Client "))


async def test_down_and_up_through_a_thousand_clients(any_home: House, monkeypatch: Any) -> None:
    await crowd(any_home, COUNT)
    async with open_console(any_home.url, (80, 60)) as pilot:
        with reading(pilot, monkeypatch) as seen:
            visited = [*names(pilot)]
            while visited[-1] != "Client 00999":
                await press(pilot, "pagedown")
                shown = names(pilot)
                assert number_of(shown[0]) <= number_of(visited[-1]) + 1, "rows were left out"
                assert shown[-1] > visited[-1]
                visited += [name for name in shown if name > visited[-1]]
                assert len(listing(pilot).rows) <= HELD
            assert visited == [f"Client {number:05d}" for number in range(COUNT)]
            while names(pilot)[0] != "Client 00000":
                before = names(pilot)
                await press(pilot, "pageup")
                shown = names(pilot)
                assert number_of(shown[-1]) + 1 >= number_of(before[0]) > number_of(shown[0])
                assert len(listing(pilot).rows) <= HELD
        assert 0 < seen.most <= 101


async def test_the_ends_are_one_key_away(any_home: House, monkeypatch: Any) -> None:
    await crowd(any_home, COUNT)
    async with open_console(any_home.url) as pilot:
        with reading(pilot, monkeypatch) as seen:
            for last, first in (("end", "home"), ("G", "g")):
                await press(pilot, last)
                assert under_cursor(pilot) == names(pilot)[-1] == "Client 00999"
                assert len(listing(pilot).rows) <= HELD
                await press(pilot, first)
                assert under_cursor(pilot) == names(pilot)[0] == "Client 00000"
        assert 0 < seen.most <= 101


async def test_from_the_end_the_list_goes_back_row_by_row(home: House) -> None:
    await crowd(home, 350)
    async with open_console(home.url) as pilot:
        await press(pilot, "G")
        await press(pilot, *["k"] * 25)
        assert under_cursor(pilot) == "Client 00324"
        await press(pilot, *["j"] * 10)
        assert under_cursor(pilot) == "Client 00334"


async def test_a_reload_in_the_middle_keeps_the_place(home: House) -> None:
    await crowd(home, 600)
    async with open_console(home.url) as pilot:
        for _ in range(15):
            await press(pilot, "pagedown")
        mine, shown = under_cursor(pilot), names(pilot)
        await press(pilot, "ctrl+l")
        assert under_cursor(pilot) == mine
        assert names(pilot) == shown
        await press(pilot, "k", "k")
        assert under_cursor(pilot) < mine


async def test_filter_and_order_begin_at_the_top_again(home: House) -> None:
    await crowd(home, 400)
    async with open_console(home.url) as pilot:
        await press(pilot, "G")
        await press(pilot, "O")
        assert said(pilot) == "Ordered by name, descending."
        assert names(pilot)[0] == "Client 00399"
        await type_filter(pilot, "client 0010")
        assert names(pilot)[0] == "Client 00109"
        assert len(listing(pilot).rows) == 10


async def test_equal_values_are_paged_without_loss(home: House) -> None:
    await crowd(home, 350, name=lambda _: "Kowalski")
    async with open_console(home.url, (80, 60)) as pilot:
        seen: set[int] = set()
        for _ in range(8):
            seen |= {row.id for row in listing(pilot).visible_rows}
            await press(pilot, "pagedown")
        assert len(seen) == 350


async def test_a_filter_that_thousands_match_is_not_counted_out(home: House) -> None:
    await crowd(home, 2100)
    async with open_console(home.url) as pilot:
        await type_filter(pilot, "client")
        assert "over 2,000 match" in text(pilot)
        await press(pilot, "G")
        assert under_cursor(pilot) == "Client 02099"
