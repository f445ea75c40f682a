"""What a terminal too small for the screens shows instead: one sentence."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from console.widgets.said import Notice


class TooSmallScreen(Screen[None]):
    """Says which size is needed; goes away when the terminal grows, or leaves with q."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q,ctrl+g", "app.leave", "Leave", show=False)]

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self._sentence = sentence

    def compose(self) -> ComposeResult:
        """The sentence."""
        yield Notice(self._sentence)

    def say(self, sentence: str) -> None:
        """Another size."""
        self.query_one(Notice).say(sentence)
