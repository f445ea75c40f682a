"""An app to draw widgets in, set up as the console is, and what a test reads from it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path, PurePath
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.filter import LineFilter
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

from console.terminal.line_filter import terminal_filters
from console.terminal.theme import DARK, apply_theme
from console.widgets.quiet_screen import QuietScreen

_OWN_SEQUENCE = re.compile("\x1b\\[[0-9;]*[mH]")


class DrawingApp(App[None]):
    """Shows the widgets `make` returns, on the console's theme, and keeps the messages they post.

    `guarded=False` leaves the line filters out, so that a test sees what the widgets themselves let through.
    """

    ENABLE_COMMAND_PALETTE = False
    CSS_PATH: ClassVar[list[str | PurePath]] = sorted((Path(__file__).parents[2] / "styles").glob("*.tcss"))

    def __init__(self, make: Callable[[], Sequence[Widget]], *, guarded: bool = True) -> None:
        super().__init__(ansi_color=True)
        apply_theme(self, DARK.name)
        self._make = make
        self._guards = terminal_filters() if guarded else []
        self.posted: list[Message] = []

    def get_default_screen(self) -> Screen[object]:
        return QuietScreen(id="_default")

    def compose(self) -> ComposeResult:
        yield from self._make()

    def on_mount(self) -> None:
        self.animation_level = "none"

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), *self._guards]

    def keep(self, message: Message) -> None:
        """Remember a message; tests read `posted`."""
        self.posted.append(message)


def screen_lines(app: App[None]) -> list[str]:
    """The text on screen, line by line, each exactly as wide as the terminal."""
    return [strip.text for strip in app.screen._compositor.render_strips()]


def screen_bytes(app: App[None]) -> str:
    """What Textual would write to draw the whole screen."""
    update = app.screen._compositor.render_full_update()
    return update.render_segments(app.console)


def foreign_characters(written: str) -> set[str]:
    """Characters in `written` that a terminal would obey, the console's own SGR and cursor moves left out."""
    rest = _OWN_SEQUENCE.sub("", written).replace("\n", "")
    return {
        character for character in rest if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    }
