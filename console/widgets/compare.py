"""Two clients in columns, and below them why they look like one, clue by clue with its points."""

from __future__ import annotations

from itertools import zip_longest
from typing import ClassVar

from console import alike
from console.data.records.duplicates import Explanation, Pair
from console.text import fit, one_line, wrap
from console.widgets import mask
from console.widgets.paint import Line, LineWidget

_LABEL = 14
_SAME = 2
_REASONS = 4
_LEAST_ROWS = 2


class Compare(LineWidget):
    """The pair under the cursor; without one, what is said in its place.

    As high as the screen gives it: where that is too low, what is least telling of the columns is left out.
    """

    PUBLIC: ClassVar[bool] = True
    DEFAULT_CSS = "Compare { height: 1fr; overflow: hidden hidden; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.pair: Pair | None = None
        self._note = ""

    def show(self, pair: Pair | None, note: str = "") -> None:
        """Show another pair, or a sentence of ours."""
        self.pair, self._note = pair, note
        self.redraw()

    def lines(self, width: int) -> list[Line]:
        """The columns, then the reasons."""
        if self.pair is None:
            return [((" " + line, "dim"),) for line in wrap(self._note, max(width - 2, 2))]
        why = _why(self.pair.explanation, width, hidden=mask.masked(self))
        return [*self._columns(self.pair, width, self.size.height - len(why)), *why]

    def _columns(self, pair: Pair, width: int, room: int) -> list[Line]:
        """Both side by side; a sign stands between where they have something in common."""
        column = max((width - _LABEL - _SAME - 3) // 2, 4)
        hidden = mask.masked(self)
        rows = alike.compared(pair)
        if room > 0:
            rows = rows[: max(room - 1, _LEAST_ROWS)]
        first, second = (
            _shown(alike.name_of(side), column, hidden=hidden) for side in (pair.first, pair.second)
        )
        lines: list[Line] = [
            ((" " * (_LABEL + _SAME), ""), (fit(first, column), "strong"), ("  " + second, "strong"))
        ]
        for row in rows:
            mine = hidden and row.label != "status"
            left, right = (_shown(text, column, hidden=mine) for text in (row.first, row.second))
            lines.append(
                (
                    (fit(f" {row.label}", _LABEL), "dim"),
                    ("= " if row.same else "  ", "accent"),
                    (fit(left, column) + "  " + right, "" if row.first and row.second else "dim"),
                )
            )
        return lines


def _shown(text: str, width: int, *, hidden: bool) -> str:
    if not text:
        return "-"
    return mask.MASK if hidden else one_line(text, width)


def _why(explanation: Explanation, width: int, *, hidden: bool) -> list[Line]:
    """The verdict, what speaks for it beside what speaks against it, and what is missing."""
    lines: list[Line] = [((" " + fit(alike.verdict(explanation), width - 2), "current"),)]
    half = (width - 3) // 2
    pairs = zip_longest(explanation.reasons[:_REASONS], explanation.against[:_REASONS])
    for one, other in pairs:
        room = half if other else width - 2
        left = _shown(alike.points(one), room, hidden=hidden) if one else ""
        right = _shown(alike.points(other), half, hidden=hidden) if other else ""
        lines.append(((" " + fit(left, room) + " ", ""), (right, "warning")))
    if absent := alike.missing(explanation):
        lines.append(((" " + one_line(absent, width - 2), "dim"),))
    return lines
