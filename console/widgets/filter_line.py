"""The filter above a list: what is typed at the left, what it found at the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from console.text import one_line
from console.widgets.mask import MaskedInput
from console.widgets.said import Said


class FilterLine(Horizontal):
    """`/ kowal_` and, at the right, `all clients · sorted by name · 214 match`."""

    DEFAULT_CSS = """
    FilterLine { height: 1; width: 1fr; }
    FilterLine > #slash { width: 3; }
    FilterLine > Input { width: 28; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,down,ctrl+g", "leave", "Back to the list", show=False, id="filter.leave"),
    ]

    @dataclass
    class Changed(Message):
        """Another text in the field. A burst arrives as its last; the screen waits a moment before it
        loads.
        """

        filter_line: FilterLine
        value: str

        @property
        def control(self) -> FilterLine:
            """The filter the message comes from."""
            return self.filter_line

        def can_replace(self, message: Message) -> bool:
            """Only the last text matters."""
            return isinstance(message, FilterLine.Changed) and message.filter_line is self.filter_line

    @dataclass
    class Left(Message):
        """Enter, escape, ctrl+g or down: the keys belong to the list again."""

        filter_line: FilterLine

        @property
        def control(self) -> FilterLine:
            """The filter the message comes from."""
            return self.filter_line

    def __init__(self, summary: str = "", *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._field = MaskedInput(placeholder=placeholder, compact=True, select_on_focus=False)
        self._field.cursor_blink = False
        self._summary = Said(summary, "dim", right=True, id="summary")

    def compose(self) -> ComposeResult:
        """The sign, the field, the summary."""
        yield Said("/", "dim", id="slash")
        yield self._field
        yield self._summary

    @property
    def value(self) -> str:
        """The text in the field."""
        return self._field.value

    @value.setter
    def value(self, text: str) -> None:
        self._field.value = one_line(text)

    def set_summary(self, text: str) -> None:
        """Say at the right what the list shows."""
        self._summary.say(text)

    def focus_field(self) -> None:
        """Let the user type."""
        self._field.focus()

    def action_leave(self) -> None:
        """Give the keys back."""
        self.post_message(self.Left(self))

    @on(Input.Changed)
    def _on_typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(self, event.value))

    @on(Input.Submitted)
    def _on_entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_leave()
