"""Who may be the same, in a few lines below something else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from console import alike
from console.data.records.duplicates import Suggestion
from console.layout.clients import NO_NAME
from console.text import fit, one_line, wrap
from console.widgets import mask
from console.widgets.paint import Line, LineWidget, sides

_PERCENT = 4
_LINES = 2
_NAME = 16


class Suggested(LineWidget):
    """A title with the key that shows more, then each suggestion: how sure, who, and why in up to two lines."""

    PUBLIC: ClassVar[bool] = True
    DEFAULT_CSS = "Suggested { height: auto; }"

    def __init__(self, title: str, key: str, *, most: int = 3, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.found: tuple[Suggestion, ...] = ()
        self._title, self._key, self._most = title, key, most

    def show(self, found: Sequence[Suggestion]) -> None:
        """Show these instead; without any, nothing at all."""
        self.found = tuple(found)
        self.redraw()

    def lines(self, width: int) -> list[Line]:
        """As many lines as they take."""
        if not self.found:
            return []
        lines = [sides([(f" {self._title}", "dim")], [(f"{self._key} ", "dim")], width)]
        for one in self.found[: self._most]:
            lines += self._one(one, width)
        if (more := len(self.found) - self._most) > 0:
            lines.append(((f" and {more} more", "dim"),))
        return lines

    def _one(self, one: Suggestion, width: int) -> list[Line]:
        hidden = mask.masked(self)
        name_width = max(min(_NAME, width // 3), 4)
        name = mask.MASK if hidden else one_line(one.name or NO_NAME, name_width)
        room = max(width - _PERCENT - name_width - 3, 4)
        why = (
            [mask.MASK]
            if hidden
            else wrap(one_line(alike.brief(one.explanation), room * _LINES), room)[:_LINES]
        )
        first = fit(f" {one.explanation.percent}", _PERCENT) + fit(name, name_width) + "  "
        blank = " " * (_PERCENT + name_width + 2)
        return [((first if not number else blank, ""), (text, "")) for number, text in enumerate(why or [""])]
