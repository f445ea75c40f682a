"""The impact card: what an action would touch, before it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget

from console.commands.impacts import told
from console.data.records import Impact
from console.screens import keys
from console.screens.desk_screen import DeskScreen
from console.widgets.key_line import KeyHint, KeyLine
from console.widgets.prompt import Ask, Prompt
from console.widgets.reader import Block, Reader
from console.widgets.top_line import TopLine


class ImpactScreen(DeskScreen):
    """A card over the screen an action was begun on. ``go_on`` is called once it is confirmed."""

    PLACE: ClassVar[str] = "impact"
    LEAVE: ClassVar[str] = "cancel"
    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.bindings("impact"),
        Binding("enter", "command('confirm')", "Go on", show=False, id="impact.enter"),
    ]

    def __init__(self, card: Impact, go_on: Callable[[], None]) -> None:
        super().__init__()
        self._card = card
        self._go_on = go_on

    def body(self) -> Iterable[Widget]:
        """The card."""
        yield Reader(id="text")

    def on_mount(self) -> None:
        """Show the card; where something is to be typed, ask for it at once."""
        self.query_one("#top", TopLine).show_trail(("Before it is done",))
        reader = self.query_one("#text", Reader)
        public = {"With them", "Look twice"}
        reader.set_blocks(
            [Block(title, text="\n".join(lines), public=title in public) for title, lines in told(self._card)]
        )
        reader.focus()
        if self._card.confirm:
            # All that is typed here is the answer: no other key acts.
            self.query_one("#keys", KeyLine).set_keys(
                [KeyHint("enter", "accepts"), KeyHint("ctrl+g", "cancels")]
            )
            self._ask_for_it()
        else:
            self.tell("enter goes on, q leaves things as they are.")

    def _ask_for_it(self, problem: str = "") -> None:
        label = f"{problem}Type {self._card.confirm} to go on:"
        self.query_one("#prompt", Prompt).ask(
            Ask("confirm", label, required=True, refusal="ctrl+g cancels.", hidden=label)
        )

    @on(Prompt.Finished)
    def _typed(self, event: Prompt.Finished) -> None:
        if self._card.confirmed_by(event.answers.get("confirm", "")):
            self._leave()
            self._go_on()
        else:
            self._ask_for_it(f"That is not {self._card.confirm}. ")

    @on(Prompt.Cancelled)
    def _thought_better(self) -> None:
        self.do_back()

    def do_confirm(self) -> None:
        """Enter: go on, unless something must be typed."""
        if self._card.confirm:
            self._ask_for_it()
            return
        self._leave()
        self._go_on()

    def do_cancel(self) -> None:
        """Ctrl+G: as q."""
        self.do_back()

    def do_back(self) -> None:
        """Leave things as they are."""
        self._leave()
        self.desk_app.say_on_top("Nothing was changed.", hidden="Nothing was changed.")

    def _leave(self) -> None:
        if self.app.screen is self:
            self.app.pop_screen()
