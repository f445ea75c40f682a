"""A terminal that remembers what was written to it, cell by cell, by an emulator that is not ours."""

from __future__ import annotations

import re
from typing import Any

import pyte
from pyte.screens import Char

from console.terminal.cells import Cells

CellsSeen = list[list[Char]]
_ENTER = re.compile(rb"(\x1b\[\?1049h)")


class WholeScreen(pyte.Screen):
    """pyte's screen, whose lines that were never written move, too, when lines are deleted or inserted above them."""

    def delete_lines(self, count: int | None = None) -> None:
        """DL."""
        self._write_all()
        super().delete_lines(count)

    def insert_lines(self, count: int | None = None) -> None:
        """IL."""
        self._write_all()
        super().insert_lines(count)

    def _write_all(self) -> None:
        for y in range(self.lines):
            self.buffer[y][0] = self.buffer[y][0]


class _Screen(WholeScreen):
    """With dim text kept as blinking, which nothing here does: pyte knows no dim."""

    def select_graphic_rendition(self, *attrs: int, **kwargs: Any) -> None:
        """SGR."""
        place = next((at for at, code in enumerate(attrs) if code in (38, 48)), len(attrs))
        plain = (5 if code == 2 else code for code in attrs[:place])
        super().select_graphic_rendition(*plain, *attrs[place:], **kwargs)


class Emulator:
    """A terminal of a size, fed with what a program writes."""

    def __init__(self, width: int, height: int) -> None:
        self.screen = _Screen(width, height)
        self.screen.reset_mode(pyte.modes.DECAWM)
        self._stream = pyte.ByteStream(self.screen)
        self._seen: CellsSeen = []

    def feed(self, written: str | bytes) -> None:
        """Take what was written. The alternate screen, which pyte has not, is blank when it is entered."""
        for part in _ENTER.split(written.encode() if isinstance(written, str) else written):
            self._stream.feed(b"\x1b[m\x1b[2J" if part == b"\x1b[?1049h" else part)

    def resize(self, width: int, height: int) -> None:
        """The terminal is made another size."""
        self.screen.resize(height, width)
        self.screen.reset_mode(pyte.modes.DECAWM)

    def cells(self) -> CellsSeen:
        """What stands where, with its colours and attributes; a blank has no colour of its own text."""
        screen = self.screen
        if len(self._seen) != screen.lines or len(self._seen[0]) != screen.columns:
            self._seen = [[] for _ in range(screen.lines)]
            screen.dirty.update(range(screen.lines))
        # A mark that is written at the beginning of a line is put on the last character of the one above.
        # Lines that a smaller screen has lost may still be among those written to.
        for y in {*screen.dirty, *(y - 1 for y in screen.dirty)}.intersection(range(screen.lines)):
            self._seen[y] = [_bare(screen.buffer[y][x]) for x in range(screen.columns)]
        screen.dirty.clear()
        return list(self._seen)

    def text(self) -> str:
        """The lines."""
        return "\n".join(line.rstrip() for line in self.screen.display)


def _bare(char: Char) -> Char:
    """What can be seen of a cell: on a blank neither the colour of the text nor its weight."""
    if char.data == " " and not (char.reverse or char.underscore or char.strikethrough):
        return Char(" ", bg=char.bg)
    return char


def drawn(cells: Cells) -> str:
    """A screen written plainly: every cell of every line at its place."""
    return (
        "".join(
            f"\x1b[{y + 1};{x + 1}H\x1b[0;{cells.styles[y][x]}m{character}"
            for y in range(cells.height)
            for x, character in enumerate(cells.characters[y])
            if character
        )
        + "\x1b[m"
    )
