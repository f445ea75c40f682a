"""A field of a few lines for a note or a reply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import TextArea

from console.text import one_line, visible
from console.widgets import mask
from console.widgets.mask import MaskedArea
from console.widgets.paint import Line, LineWidget, sides

_KEYS = "f2 or ctrl+d saves  ctrl+g cancels"


class _Title(LineWidget):
    """The question at the left; the keys, or why the text does not do, at the right."""

    PUBLIC: ClassVar[bool] = True
    DEFAULT_CSS = "_Title { height: 1; }"

    def __init__(self) -> None:
        super().__init__()
        self.label = ""
        self.refusal = ""

    def lines(self, width: int) -> list[Line]:
        right = (self.refusal, "warning") if self.refusal else (_KEYS, "dim")
        return [
            sides(
                [(" ", ""), (mask.HIDDEN if mask.masked(self) else self.label, "strong")],
                [right, (" ", "")],
                width,
            )
        ]


class NotePrompt(Vertical):
    """Asks for a text of several lines. Hidden until `ask`; enter begins a new line, f2 or ctrl+d saves.

    Every change is posted, so that the screen can keep a draft.
    """

    DEFAULT_CSS = """
    NotePrompt { height: 6; width: 1fr; display: none; }
    NotePrompt > TextArea { height: 5; margin: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2,ctrl+d", "save", "Save", show=False, priority=True, id="note.save"),
        Binding("escape,ctrl+g", "cancel", "Cancel", show=False, priority=True, id="note.cancel"),
    ]

    @dataclass
    class _Posted(Message):
        note_prompt: NotePrompt

        @property
        def control(self) -> NotePrompt:
            """The field the message comes from."""
            return self.note_prompt

    @dataclass
    class Changed(_Posted):
        """Another text in the field; only the last of a burst arrives."""

        name: str
        text: str

        def can_replace(self, message: Message) -> bool:
            """Only the last text is worth keeping as a draft."""
            return isinstance(message, NotePrompt.Changed) and message.note_prompt is self.note_prompt

    @dataclass
    class Answered(_Posted):
        """The text, as typed, never blank."""

        name: str
        text: str

    @dataclass
    class Cancelled(_Posted):
        """The user thought better of it; `text` is what was typed so far."""

        name: str
        text: str

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._title = _Title()
        self._area = MaskedArea(
            soft_wrap=True, tab_behavior="focus", highlight_cursor_line=False, compact=True
        )
        self._area.cursor_blink = False
        self._asked_name = ""
        self._refusal = ""
        self._came_from: Widget | None = None

    def compose(self) -> ComposeResult:
        """The title and the field."""
        yield self._title
        yield self._area

    @property
    def text(self) -> str:
        """What is typed so far."""
        return self._area.text

    def ask(self, name: str, label: str, *, text: str = "", refusal: str = "Type something first.") -> None:
        """Ask for a text; `text` is a draft to begin with, `refusal` what is said to a blank one."""
        self._asked_name, self._refusal = name, refusal
        self._title.label, self._title.refusal = one_line(label), ""
        self._title.redraw()
        self._area.text = visible(text)
        self._area.move_cursor(self._area.document.end)
        if not self.display:
            self._came_from = self.screen.focused
        self.display = True
        self._area.focus()

    def begin_with(self, text: str) -> None:
        """Put a text there that was typed before."""
        self._area.text = visible(text)
        self._area.move_cursor(self._area.document.end)

    def refuse(self, reason: str) -> None:
        """Say why the text does not do; it stays open."""
        self._title.refusal = one_line(reason)
        self._title.redraw()

    def action_save(self) -> None:
        """Give the text to the screen."""
        text = self.text
        if not text.strip():
            self.refuse(self._refusal)
            return
        name = self._asked_name
        self._close()
        self.post_message(self.Answered(self, name, text))

    def action_cancel(self) -> None:
        """End without saving."""
        name, text = self._asked_name, self.text
        self._close()
        self.post_message(self.Cancelled(self, name, text))

    @on(TextArea.Changed)
    def _on_typed(self, event: TextArea.Changed) -> None:
        event.stop()
        if not self.display:
            return
        if self._title.refusal:
            self.refuse("")
        self.post_message(self.Changed(self, self._asked_name, self.text))

    def _close(self) -> None:
        if self._came_from is not None and self._came_from.is_attached:
            self.screen.set_focus(self._came_from)
        self._came_from = None
        self.display = False
