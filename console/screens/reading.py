"""A text to read whole: a note, a journal entry, the keys of a screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from console.commands import Command, for_place
from console.commands.about import GETTING_ABOUT, HELPING
from console.commands.duplicates import OTHER_QUEUES
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
        self.query_one("#top", TopLine).show_trail(
            self._trail, public=("Keys", *self._trail[1:]) if self._trail[0] == "Keys" else ()
        )
        reader = self.query_one("#text", Reader)
        reader.set_blocks(self._blocks)
        reader.focus()


_MOVING = (
    ("up k, down j", "One row up or down."),
    ("pgup, pgdn", "One screen up or down."),
    ("home g, end G", "The first, the last row."),
    ("ctrl+c", "Twice leaves the console from anywhere."),
)
_TYPING = (
    ("enter", "Accepts the answer. Tab and arrows go through the choices, if there are any."),
    ("f2, ctrl+d", "Saves a note."),
    ("ctrl+g, escape", "Leaves things as they were."),
    ("", "While you type, letters are only letters."),
)


_ABOUT = frozenset(one.id for one in (*GETTING_ABOUT, *HELPING, *OTHER_QUEUES))


def help_blocks(place: str) -> list[Block]:
    """The keys of a place, from the table of commands."""
    commands = [command for command in for_place(place) if command.key or command.menu]
    moving = [command for command in commands if command.id in _ABOUT]
    acting = [command for command in commands if command not in moving]
    blocks = [
        Block("What you can do here", public=True, table=_table(acting)),
        Block("Getting about", public=True, table=_table(moving)),
        Block("In lists and texts", public=True, table=_MOVING),
        Block("When the console asks", public=True, table=_TYPING),
    ]
    return [one for one in blocks if one.table]


def _table(commands: Iterable[Command]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (keys.key_names(command.key or "m"), keys.titled(command), command.help) for command in commands
    )
