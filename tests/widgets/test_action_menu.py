"""The menu: run by key or by choice, refused with the reason, closed by several keys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar

import pytest
from textual.binding import Binding, BindingType
from textual.pilot import Pilot

from console.widgets.action_menu import ActionMenu, MenuItem
from console.widgets.record_list import Column, RecordList
from console.widgets.status_line import StatusLine
from tests.widgets.drawing import DrawingApp, screen_lines
from tests.widgets.gallery import MENU, Gallery


class MenuApp(DrawingApp):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("b,n,j", "outside", "Outside")]

    def __init__(self) -> None:
        super().__init__(
            lambda: [RecordList([Column("name", "name", 10)]), StatusLine("below"), ActionMenu()]
        )
        self.outside = 0

    def action_outside(self) -> None:
        self.outside += 1

    def on_action_menu_chosen(self, message: ActionMenu.Chosen) -> None:
        self.keep(message)

    def on_action_menu_refused(self, message: ActionMenu.Refused) -> None:
        self.keep(message)

    def on_action_menu_closed(self, message: ActionMenu.Closed) -> None:
        self.keep(message)


@asynccontextmanager
async def open_menu(
    size: tuple[int, int] = (80, 24),
) -> AsyncIterator[tuple[MenuApp, ActionMenu, Pilot[None]]]:
    app = MenuApp()
    async with app.run_test(size=size) as pilot:
        app.query_one(RecordList).focus()
        await pilot.pause()
        menu = app.query_one(ActionMenu)
        menu.open(MENU)
        await pilot.pause()
        yield app, menu, pilot
        assert app.outside == 0


async def test_groups_stand_beside_one_another_with_reasons() -> None:
    async with open_menu() as (app, _, _pilot):
        lines = screen_lines(app)
        assert any("Status" in line and "More" in line for line in lines)
        assert any(
            "Approve" in line and "is approved already" in line and "Add note" in line for line in lines
        )


async def test_groups_stand_below_one_another_where_it_is_narrow() -> None:
    async with open_menu((50, 24)) as (app, _, _pilot):
        lines = [line.strip() for line in screen_lines(app)]
        assert lines.index("Status") < lines.index("More")


async def test_an_action_runs_by_its_key() -> None:
    async with open_menu() as (app, menu, pilot):
        await pilot.press("n")
        (chosen,) = app.posted
        assert isinstance(chosen, ActionMenu.Chosen)
        assert chosen.item_id == "note"
        assert not menu.display
        assert isinstance(app.focused, RecordList)


async def test_an_action_runs_by_moving_to_it() -> None:
    async with open_menu() as (app, menu, pilot):
        assert menu.current is not None
        assert menu.current.id == "disapprove"
        await pilot.press("j", "right", "down", "enter")
        chosen = app.posted[-1]
        assert isinstance(chosen, ActionMenu.Chosen)
        assert chosen.item_id == "incident"


async def test_what_cannot_run_says_why_and_the_menu_stays() -> None:
    async with open_menu() as (app, menu, pilot):
        await pilot.press("s")
        (refused,) = app.posted
        assert isinstance(refused, ActionMenu.Refused)
        assert refused.reason == "no email: press e to add one"
        assert menu.display
        assert "Send email: no email: press e to add one" in screen_lines(app)[-1]


@pytest.mark.parametrize("key", ["q", "m", "escape", "ctrl+g"])
async def test_it_closes(key: str) -> None:
    async with open_menu() as (app, menu, pilot):
        await pilot.press(key)
        assert isinstance(app.posted[-1], ActionMenu.Closed)
        assert not menu.display
        assert isinstance(app.focused, RecordList)


async def test_a_letter_of_an_action_is_the_actions() -> None:
    async with open_menu() as (app, menu, pilot):
        menu.open([("More", [MenuItem("merge", "m", "Merge"), MenuItem("join", "j", "Join")])])
        await pilot.press("m")
        chosen = app.posted[-1]
        assert isinstance(chosen, ActionMenu.Chosen)
        assert chosen.item_id == "merge"


async def test_the_cursor_stays_in_sight_where_the_screen_is_low() -> None:
    async with open_menu((50, 12)) as (app, menu, pilot):
        for _ in range(len(menu.items)):
            await pilot.press("down")
            assert menu.current is not None
            assert any(f" {menu.current.key}  {menu.current.title}" in line for line in screen_lines(app))


async def test_an_empty_menu_does_no_harm() -> None:
    async with open_menu() as (app, menu, pilot):
        menu.open([("Status", [])])
        await pilot.press("down", "right", "enter", "x")
        assert app.posted == []
        await pilot.press("q")
        assert not menu.display


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 40)])
async def test_the_keys_below_an_open_menu_stay(size: tuple[int, int]) -> None:
    app = Gallery("menu")
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert screen_lines(app)[-1].rstrip().endswith("? help  q quit")
        assert screen_lines(app)[-2].startswith(" enter runs  q closes")
