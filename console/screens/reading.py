"""A text to read whole: a note, a journal entry, the keys of a screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from console.commands import Command, for_place
from console.screens import keys
from console.screens.desk_screen import DeskScreen
from console.widgets.reader import Block, Reader
from console.widgets.top_line import TopLine


class ReadingScreen(DeskScreen):
    """Blocks of text under a title; q goes back."""

    PLACE: ClassVar[str] = "reading"
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("reading")

    def __init__(self, trail: Sequence[str], blocks: Sequence[Block]) -> None:
        super().__init__()
        self._trail = tuple(trail)
        self._blocks = tuple(blocks)

    def body(self) -> Iterable[Widget]:
        """The text."""
        yield Reader(id="text")

    def on_mount(self) -> None:
        """Show the text; there is nothing to load."""
        self.show_actor()
        self.query_one("#top", TopLine).show_trail(self._trail)
        reader = self.query_one("#text", Reader)
        reader.set_blocks(self._blocks)
        reader.focus()


_MOVING = (
    ("up k, down j", "one row up or down"),
    ("pgup, pgdn", "one screen up or down"),
    ("home g, end G", "the first, the last row"),
)


def help_blocks(place: str) -> list[Block]:
    """The keys of a place, from the table of commands."""
    commands = for_place(place)
    acting = [command for command in commands if command.run is not None]
    moving = [command for command in commands if command.run is None]
    blocks = [Block("What you can do", text=_lines(acting))] if acting else []
    blocks.append(Block("Getting about", text=_lines(moving)))
    blocks.append(Block("In lists and texts", text="\n".join(f"{key:<15}{what}" for key, what in _MOVING)))
    typing = (
        "enter accepts, ctrl+g or escape leaves things as they were. In a note, f2 or ctrl+d saves.\n"
        "While you type, letters are only letters."
    )
    blocks.append(Block("When the console asks", text=typing))
    return blocks


def _lines(commands: Iterable[Command]) -> str:
    return "\n".join(
        f"{keys.key_name(command.key):<7}{command.title:<16}{command.help}"
        for command in commands
        if command.key
    )
