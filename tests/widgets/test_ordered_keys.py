"""Keys that arrive in one packet go where they were meant to."""

from __future__ import annotations

from typing import ClassVar

import pytest
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from console.terminal import ordered_keys
from console.terminal.ordered_keys import OrderedKeys
from console.widgets.filter_line import FilterLine
from console.widgets.prompt import Ask, Prompt
from console.widgets.record_list import Column, ListRow, RecordList


class BurstApp(OrderedKeys[None], inherit_bindings=False):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "find", "Find"),
        Binding("b", "ban", "Ban"),
        Binding("o", "gone", "Gone"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[dict[str, str]] = []
        self.opened: list[int] = []
        self.gone = 0

    def compose(self) -> ComposeResult:
        yield FilterLine()
        yield RecordList([Column("name", "name", 10)])
        yield Prompt()

    def on_mount(self) -> None:
        self.query_one(RecordList).set_window([ListRow(1, ("Bob",)), ListRow(2, ("Obo",))])
        self.query_one(RecordList).focus()

    def action_find(self) -> None:
        self.query_one(FilterLine).focus_field()

    def action_ban(self) -> None:
        self.query_one(Prompt).ask(Ask("reason", "Reason:", required=True))

    def action_gone(self) -> None:
        self.gone += 1

    def on_filter_line_left(self) -> None:
        self.query_one(RecordList).focus()

    def on_record_list_opened(self, message: RecordList.Opened) -> None:
        self.opened.append(message.row_id)

    def on_prompt_finished(self, message: Prompt.Finished) -> None:
        self.answers.append(message.answers)


def burst(app: BurstApp, text: str) -> None:
    """All keys at once, as they come in one packet."""
    names = {"/": "slash", "\r": "enter", " ": "space"}
    for character in text:
        app.post_message(events.Key(names.get(character, character), character))


async def test_what_is_pasted_behind_the_slash_goes_into_the_filter_and_what_follows_behind_it() -> None:
    app = BurstApp()
    async with app.run_test() as pilot:
        burst(app, "/")
        app.post_message(events.Paste("bob"))
        burst(app, "o")
        await pilot.pause(0.3)
        assert app.query_one(FilterLine).value == "bobo"
        assert app.gone == 0


async def test_letters_behind_the_slash_are_typed_into_the_filter() -> None:
    app = BurstApp()
    async with app.run_test() as pilot:
        burst(app, "/bob o")
        await pilot.pause(0.3)
        assert app.query_one(FilterLine).value == "bob o"
        assert not app.query_one(Prompt).display
        assert app.gone == 0


async def test_a_filter_is_left_and_a_row_opened_in_one_packet() -> None:
    app = BurstApp()
    async with app.run_test() as pilot:
        burst(app, "/bob\rj\r")
        await pilot.pause(0.3)
        assert app.query_one(FilterLine).value == "bob"
        assert app.opened == [2]


async def test_a_question_is_answered_in_one_packet_with_the_key_that_asks_it() -> None:
    app = BurstApp()
    async with app.run_test() as pilot:
        burst(app, "bno boss\ro")
        await pilot.pause(0.3)
        assert app.answers == [{"reason": "no boss"}]
        assert app.gone == 1


async def test_a_key_does_not_wait_for_ever_for_one_whose_widget_is_gone() -> None:
    app = BurstApp()
    async with app.run_test() as pilot:
        app._busy_since = 0.0  # as if the one before had been handed to a widget that was then removed
        burst(app, "o")
        await pilot.pause(0.3)
        assert app.gone == 1


class BeginningApp(BurstApp):
    """It learns late what its user may do."""

    beginning = True

    def begins(self, key: str) -> bool:
        return self.beginning and key == "o"


async def test_a_key_waits_however_long_it_takes_to_learn_what_it_may_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ordered_keys, "LOADING_PATIENCE", 0)
    monkeypatch.setattr(ordered_keys, "PATIENCE", 0)
    app = BeginningApp()
    async with app.run_test() as pilot:
        burst(app, "oo")
        await pilot.pause(0.2)
        assert app.gone == 0
        app.beginning = False
        await pilot.pause(0.2)
        assert app.gone == 2
