"""The fields of a form: a text on a line, a choice, a text of many lines; each with its label and a mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, TextArea

from console.text import cells, one_line, visible
from console.widgets.mask import MaskedArea, MaskedInput
from console.widgets.paint import Line, LineWidget


class Choice(LineWidget, can_focus=True):
    """One of several values: left, right and space go through them, a letter jumps to those that begin with it."""

    PUBLIC: ClassVar[bool] = True
    DEFAULT_CSS = "Choice { height: 1; width: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space", "turn(1)", "Next value", show=False, id="choice.next"),
        Binding("left", "turn(-1)", "Previous value", show=False, id="choice.previous"),
    ]

    @dataclass
    class Changed(Message):
        """Another value is chosen."""

        value: str

    def __init__(self, choices: Sequence[str], value: str) -> None:
        super().__init__()
        self.choices = tuple(choices)
        self.value = value

    def set(self, value: str) -> None:
        """Choose a value."""
        if value != self.value:
            self.value = value
            self.redraw()
            self.post_message(self.Changed(value))

    def action_turn(self, steps: int) -> None:
        """The next or previous value; after the last, the first."""
        here = self.choices.index(self.value) if self.value in self.choices else -1
        self.set(self.choices[(here + steps) % len(self.choices)])

    def on_key(self, event: events.Key) -> None:
        """Letters belong to the field: they choose, and never act on the screen."""
        letter = event.character or ""
        if not letter.isprintable() or not letter or letter.isspace():
            return
        event.stop()
        event.prevent_default()
        here = self.choices.index(self.value) if self.value in self.choices else -1
        turned = (*self.choices[here + 1 :], *self.choices[: here + 1])
        fitting = [one for one in turned if one.casefold().startswith(letter.casefold())]
        if fitting:
            self.set(fitting[0])

    def lines(self, width: int) -> list[Line]:
        """All values where they fit, the chosen one marked; else the chosen one between arrows."""
        style = "cursor" if self.has_focus else "strong"
        if sum(cells(one) + 2 for one in self.choices) <= width:
            runs: list[tuple[str, str]] = []
            for one in self.choices:
                chosen = one == self.value
                runs.append(
                    (f"[{one_line(one)}]" if chosen else f" {one_line(one)} ", style if chosen else "dim")
                )
            return [tuple(runs)]
        return [(("< ", "dim"), (one_line(self.value, max(width - 4, 1)), style), (" >", "dim"))]


class _Label(LineWidget):
    """What a field is called; a mark before it says that something is wrong."""

    PUBLIC: ClassVar[bool] = True
    DEFAULT_CSS = "_Label { height: 1; }"

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self.wrong = False

    def lines(self, width: int) -> list[Line]:
        style = "warning" if self.wrong else "dim"
        return [((" ! " if self.wrong else "   ", style), (one_line(self._text, max(width - 3, 1)), style))]


class FieldRow(Horizontal):
    """A field with its label at the left; a mark before the label says that something is wrong with it."""

    DEFAULT_CSS = """
    FieldRow { height: 1; width: 1fr; }
    FieldRow.-lines { height: 6; }
    FieldRow > TextArea { height: 6; }
    """

    @dataclass
    class Changed(Message):
        """The text of a field is another one; a burst arrives as its last."""

        row: FieldRow

        def can_replace(self, message: Message) -> bool:
            """Only what the field has now matters."""
            return isinstance(message, FieldRow.Changed) and message.row is self.row

    @dataclass
    class Entered(Message):
        """Enter in a field."""

        row: FieldRow

    @dataclass
    class Focused(Message):
        """The cursor is in another field."""

        row: FieldRow

    def __init__(
        self,
        name: str,
        label: str,
        value: str,
        *,
        choices: Sequence[str] = (),
        lines: bool = False,
        label_width: int = 14,
    ) -> None:
        super().__init__(classes="-lines" if lines else "")
        self.field_name = name
        self._label = _Label(label)
        self._label.styles.width = label_width
        self.field: Choice | Input | TextArea
        if choices:
            self.field = Choice(choices, value)
        elif lines:
            self.field = MaskedArea(visible(value), soft_wrap=True, tab_behavior="focus", compact=True)
            self.field.highlight_cursor_line = False
            self.field.cursor_blink = False
        else:
            self.field = MaskedInput(one_line(value), compact=True, select_on_focus=False)
            self.field.cursor_blink = False

    def compose(self) -> ComposeResult:
        """Label and field."""
        yield self._label
        yield self.field

    @property
    def text(self) -> str:
        """What the field has now."""
        return self.field.text if isinstance(self.field, TextArea) else self.field.value

    def set_text(self, text: str) -> None:
        """Put a text into the field."""
        if isinstance(self.field, TextArea):
            self.field.text = visible(text)
        elif isinstance(self.field, Choice):
            self.field.set(text)
        else:
            self.field.value = one_line(text)

    def mark(self, wrong: bool) -> None:
        """Say by a mark whether something is wrong."""
        if wrong != self._label.wrong:
            self._label.wrong = wrong
            self._label.redraw()

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Choice.Changed)
    def _changed(self, event: Message) -> None:
        event.stop()
        self.post_message(self.Changed(self))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Entered(self))

    def on_key(self, event: events.Key) -> None:
        """Enter on a choice goes on, as in a text."""
        if event.key == "enter" and isinstance(self.field, Choice):
            event.stop()
            event.prevent_default()
            self.post_message(self.Entered(self))

    def on_descendant_focus(self) -> None:
        """The cursor came here."""
        self.post_message(self.Focused(self))
