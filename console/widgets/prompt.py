"""Questions asked on one line, in place of the status line; and a small field for a note."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from console.text import cells, one_line
from console.widgets.mask import MASK, MaskedInput
from console.widgets.said import Said
from console.widgets.status_line import StatusLine

LEAST_FIELD = 20
"""Cells the field keeps, whatever the question takes."""

LEAST_HINT = 12
"""Cells in which a hint is shown shortened; in fewer it would tell nothing."""

_KEYS = "enter accepts  ctrl+g cancels"


@dataclass(frozen=True, slots=True)
class Ask:
    """One question.

    `label` may hold untrusted names. With `choices` the answer is one of them, a unique beginning is enough,
    tab and the arrows go through them; `free` lets other answers pass too. `refusal` is said when a required
    answer is empty. `hidden` stands in place of the label while personal data is masked. `pasted` says what is
    taken of a text that is pasted; without it that is the first line.
    """

    name: str
    label: str
    required: bool = False
    choices: tuple[str, ...] = ()
    default: str = ""
    free: bool = False
    secret: bool = False
    refusal: str = "An answer is needed."
    hidden: str = f"{MASK}:"
    pasted: Callable[[str], str] | None = None


class _Field(MaskedInput):
    """The field, which takes of a pasted text what the question wants."""

    pasted: Callable[[str], str] | None = None

    def _on_paste(self, event: events.Paste) -> None:
        if self.pasted is not None:
            event.stop().prevent_default()
            self.insert_text_at_cursor(self.pasted(event.text))


class Prompt(Horizontal):
    """Asks one or several questions in turn. Hidden until `ask`; it takes the focus and gives it back at the
    end.

    It stands in the place of the StatusLine beside it, hidden meanwhile. Enter accepts, escape or ctrl+g
    cancels all. What is typed never reaches a binding of the screen.
    """

    DEFAULT_CSS = """
    Prompt { height: 1; width: 1fr; display: none; }
    Prompt > Input { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+g", "cancel", "Cancel", show=False, id="prompt.cancel"),
        Binding("tab,down", "choice(1)", "Next choice", show=False, id="prompt.next"),
        Binding("shift+tab,up", "choice(-1)", "Previous choice", show=False, id="prompt.previous"),
    ]

    @dataclass
    class _Posted(Message):
        prompt: Prompt

        @property
        def control(self) -> Prompt:
            """The prompt the message comes from."""
            return self.prompt

    @dataclass
    class Answered(_Posted):
        """One question is answered; others may follow."""

        name: str
        value: str

    @dataclass
    class Finished(_Posted):
        """All questions are answered: the answers by name."""

        answers: dict[str, str]

    @dataclass
    class Cancelled(_Posted):
        """The user thought better of it, at the question `name`."""

        name: str

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._label = Said("", "strong", id="label")
        self._field = _Field(compact=True, select_on_focus=False)
        self._field.cursor_blink = False
        self._hint = Said(_KEYS, "dim", right=True, id="hint")
        self._asks: tuple[Ask, ...] = ()
        self._answers: dict[str, str] = {}
        self._came_from: Widget | None = None
        self._then: Callable[[dict[str, str]], None] | None = None

    def compose(self) -> ComposeResult:
        """Question, field, hint."""
        yield self._label
        yield self._field
        yield self._hint

    @property
    def current(self) -> Ask | None:
        """The question that is open."""
        return self._asks[len(self._answers)] if len(self._answers) < len(self._asks) else None

    @property
    def value(self) -> str:
        """What is typed so far."""
        return self._field.value

    def ask(self, asks: Ask | Sequence[Ask], then: Callable[[dict[str, str]], None] | None = None) -> None:
        """Begin to ask; questions still open are dropped without a word.

        With `then` the answers go there, and nothing is posted: no other question of the screen is meant.
        """
        self._asks = (asks,) if isinstance(asks, Ask) else tuple(asks)
        self._answers = {}
        self._then = then
        if not self.display:
            self._came_from = self.screen.focused
        self._show(True)
        self._open()
        self._field.focus()

    def refuse(self, reason: str) -> None:
        """Say why the answer does not do; the question stays open."""
        self._hint.say(reason, "warning")
        self._place()

    def action_cancel(self) -> None:
        """End without an answer."""
        ask, then = self.current, self._then
        self._close()
        if ask is not None and then is None:
            self.post_message(self.Cancelled(self, ask.name))
        elif self.parent is not None:
            for status in self.parent.query_children(StatusLine):
                status.clear()  # what was said before the question is no answer to it

    def action_choice(self, steps: int) -> None:
        """Put the next or previous choice into the field."""
        if (ask := self.current) is None or not ask.choices:
            return
        here = ask.choices.index(self.value) if self.value in ask.choices else (-1 if steps > 0 else 0)
        self._field.value = ask.choices[(here + steps) % len(ask.choices)]
        self._field.action_end()

    def on_resize(self, event: events.Resize) -> None:
        """Share the line out anew."""
        self._place()

    @on(Input.Changed)
    def _on_typed(self, event: Input.Changed) -> None:
        event.stop()
        if (ask := self.current) is not None:
            self._hint.say(_hint(ask), "dim")

    @on(Input.Submitted)
    def _on_entered(self, event: Input.Submitted) -> None:
        event.stop()
        ask = self.current
        if ask is None:
            return
        value, refusal = _answer(ask, event.value)
        if refusal:
            self.refuse(refusal)
            return
        self._answers[ask.name] = value
        if self._then is None:
            self.post_message(self.Answered(self, ask.name, value))
        if self.current is not None:
            self._open()
            return
        answers, then = self._answers, self._then
        self._close()
        if then is not None:
            then(answers)
        else:
            self.post_message(self.Finished(self, answers))

    def _open(self) -> None:
        """Show the question that is next."""
        if (ask := self.current) is None:
            return
        self._field.password = ask.secret
        self._field.pasted = ask.pasted
        self._field.value = one_line(ask.default)
        if ask.choices:
            self._field.action_select_all()  # so that the first letter typed begins another choice
        else:
            self._field.action_end()
        self._field.public = bool(ask.choices)
        self._label.say(ask.label, hidden=ask.hidden)
        self._hint.say(_hint(ask), "dim")
        self._place()

    def _place(self) -> None:
        """Give the question what it needs, the hint what then is left beside the field, or nothing of too little."""
        if (ask := self.current) is None or not self.size.width:
            return
        room = self.size.width - LEAST_FIELD
        label = min(cells(one_line(ask.label, room)) + 2, room)
        hint = cells(self._hint.text) + 2
        self._label.styles.width = label
        left = room - label
        self._hint.styles.width = min(hint, left) if left >= min(hint, LEAST_HINT) else 0

    def _close(self) -> None:
        """Hide, forget what was typed, give the focus back."""
        self._asks, self._answers, self._then = (), {}, None
        self._field.value = ""
        if self._came_from is not None and self._came_from.is_attached:
            self.screen.set_focus(self._came_from)
        self._came_from = None
        self._show(False)

    def _show(self, shown: bool) -> None:
        """Stand in the place of the status line, so that nothing else moves."""
        if self.parent is not None:
            for status in self.parent.query_children(StatusLine):
                status.display = not shown
        self.display = shown


def _hint(ask: Ask) -> str:
    return "type or tab: " + ", ".join(ask.choices) if ask.choices else _KEYS


def _answer(ask: Ask, typed: str) -> tuple[str, str]:
    """The answer meant by what was typed, and why it does not do (empty if it does)."""
    value = typed if ask.secret else typed.strip()
    if not value and ask.choices:
        value = ask.default
    if not value:
        return "", ask.refusal if ask.required else ""
    if not ask.choices:
        return value, ""
    fitting = [choice for choice in ask.choices if choice.casefold().startswith(value.casefold())]
    exact = [choice for choice in fitting if choice.casefold() == value.casefold()]
    if len(exact or fitting) == 1:
        return (exact or fitting)[0], ""
    return value, "" if ask.free else "Choose one of: " + ", ".join(ask.choices)
