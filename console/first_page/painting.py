"""The first page as lines of styled text, as a model of the screen, and as what is written to paint it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from console.first_page.reading import FirstRow, Waits
from console.layout import clients
from console.layout.frame import keys_line, tabs_line
from console.layout.lines import Line, Run, sides, spaced
from console.layout.records import ListRow, Placed, RowFlags, header_line, note_line, place, row_line
from console.layout.window import Window
from console.terminal.cells import Cells
from console.text import is_steady

ABOVE = 3
"""Lines above the rows: the tabs, the filter, the titles."""

AROUND = ABOVE + 2
"""Lines that are no rows: those above, the last result, the keys."""

_FIELD = 31
"""Cells of the filter's line left of what the list shows."""

_ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[H\x1b[2J"
"""The terminal's other screen, no cursor, nothing on it."""

_BLANKS = re.compile(" {5,}")
_PLAIN_STYLES = {
    "": "",
    "dim": "2",
    "strong": "1",
    "accent": "",
    "current": "1",
    "warning": "1",
    "cursor": "7",
}
_COLOURS = {
    "dark": {"accent": "36", "current": "1;36", "warning": "1;33"},
    "light": {"accent": "34", "current": "1;34", "warning": "1;35"},
}


def styles(theme: str, *, colour: bool) -> dict[str, str]:
    """The SGR parameters of each named style, as the console's own style sheets and themes have them."""
    return _PLAIN_STYLES | (_COLOURS[theme] if colour else {})


def list_row(row: FirstRow) -> ListRow:
    """A client as a row of the list."""
    shown = clients.texts(
        row.name,
        row.email,
        row.mobile,
        row.mail_domain,
        row.organization,
        row.contacts,
        row.open_incidents,
        row.status,
    )
    return ListRow(row.id, shown, RowFlags(favourite=bool(row.favourite)))


class Painter:
    """Lays the page out for a terminal of this size; lines laid out once are kept."""

    def __init__(self, width: int, height: int, look: dict[str, str]) -> None:
        self.width, self.height = width, height
        self._look = look
        self._places: tuple[Placed, ...] = place(clients.COLUMNS, width)
        self._rows: dict[tuple[int, bool], Line] = {}

    def lines(self, window: Window | None, who: str, waits: Waits) -> list[Line]:
        """All lines of the screen; without a window the rows are still to come."""
        width, count = self.width, self.height - AROUND
        said = spaced(clients.SHOWN, max(width - _FIELD - 1, 0)) + " "
        return [
            tabs_line(clients.tabs(*waits), clients.TABS[0].id, who, width),
            ((" /", "dim"), *_indented(sides([], [(said, "dim")], width - _FIELD))),
            header_line(self._places, clients.SORTED_BY, descending=False),
            *(self._list_line(window, line) for line in range(count)),
            (),
            keys_line(clients.KEYS, width),
        ]

    def _list_line(self, window: Window | None, line: int) -> Line:
        if window is None or not window.rows:
            note = clients.LOADING if window is None else clients.EMPTY
            return ((note_line(note, line, self.width) or "", ""),)
        position = window.top + line
        if position >= len(window.rows):
            return ()
        row, current = window.rows[position], position == window.cursor
        if (row.id, current) not in self._rows:
            self._rows[row.id, current] = row_line(row, self._places, "cursor" if current else "")
        return self._rows[row.id, current]

    def cells(self, lines: Sequence[Line]) -> Cells:
        """The lines as a model of the screen."""
        screen = Cells(self.width, self.height)
        for y, line in enumerate(lines):
            x = 0
            for text, style in self._drawn(line):
                x = screen.put(x, y, text, style)
        return screen

    def written(self, lines: Sequence[Line]) -> str:
        """What paints the lines on a terminal, beginning with the change to its other screen.

        Lines on which terminals may disagree how wide a character is are left out, for ``difference`` to write.
        """
        parts = [_ENTER]
        for y, line in enumerate(lines):
            if line and _is_steady(line):
                parts.append(f"\x1b[{y + 1}H")
                parts += _sequences(list(self._drawn(line)))
        return "".join(parts)

    def delicate(self, lines: Sequence[Line]) -> Cells | None:
        """What the terminal shows after ``written``, where that is not all."""
        if all(map(_is_steady, lines)):
            return None
        return self.cells([line if _is_steady(line) else () for line in lines])

    def _drawn(self, line: Line) -> Iterable[tuple[str, str]]:
        """The runs of a line with the parameters of their styles; what is not seen on a blank is left out."""
        for text, name in line:
            style = self._look[name]
            if text:
                yield text, style if style == "7" or not text.isspace() else ""


def _is_steady(line: Line) -> bool:
    return all(is_steady(text) for text, _ in line)


def _indented(line: Line) -> list[Run]:
    return [(" " * (_FIELD - 2), ""), *line]


def _sequences(runs: Sequence[tuple[str, str]]) -> Iterable[str]:
    """The runs as they are written on a blank line: long blanks are stepped over, those at the end left out."""
    last = len(runs) - 1
    for place_, (text, style) in enumerate(runs):
        if style == "7":
            yield f"\x1b[7m{text}\x1b[m"
            continue
        text = text.rstrip(" ") if place_ == last else text
        text = _BLANKS.sub(_step, text)
        yield f"\x1b[{style}m{text}\x1b[m" if style else text


def _step(blanks: re.Match[str]) -> str:
    return f"\x1b[{len(blanks[0])}C"
