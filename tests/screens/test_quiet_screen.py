"""Screens are styled when they open, and anew only when what their styles depend on is another."""

from __future__ import annotations

import pytest
from textual.dom import DOMNode

from console.app import HelpdeskApp
from console.screens.desk_screen import DeskScreen
from tests.screens.driving import open_console, press, screen, settle, the_app
from tests.screens.making import House, people

WIDE, NARROW = 42, 27


async def test_opening_a_screen_and_coming_back_styles_nothing_twice(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await people(home)
    async with open_console(home.url) as pilot:
        styled: list[DOMNode] = []
        monkeypatch.setattr(HelpdeskApp, "update_styles", lambda _app, node, **_how: styled.append(node))
        await press(pilot, "enter", "q")
        assert not [node for node in styled if isinstance(node, DeskScreen)]


async def test_a_screen_has_the_width_the_terminal_got_while_another_was_on_top(home: House) -> None:
    await people(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "enter")
        assert screen(pilot).query_one("#left").size.width == NARROW
        await press(pilot, "question_mark")
        await pilot.resize_terminal(120, 40)
        await settle(pilot)
        await press(pilot, "q")
        assert screen(pilot).query_one("#left").size.width == WIDE


async def test_a_screen_has_the_theme_that_was_chosen_while_another_was_on_top(home: House) -> None:
    await people(home)
    async with open_console(home.url) as pilot:
        the_app(pilot).theme = "dark"
        await settle(pilot)
        former = screen(pilot).query_one("#top").get_component_rich_style("paint--accent")
        await press(pilot, "2")
        the_app(pilot).theme = "light"
        await settle(pilot)
        await press(pilot, "1")
        assert screen(pilot).query_one("#top").get_component_rich_style("paint--accent") != former
