"""The first line of a screen: where one is, and who."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from console.layout.frame import TopTab, tabs_line, who_runs
from console.layout.lines import Line, Run, sides
from console.text import one_line
from console.widgets import mask
from console.widgets.paint import LineWidget

__all__ = ["TopLine", "TopTab"]


class TopLine(LineWidget):
    """Tabs with the current one marked, or a trail (`Clients > Anna Kowalska`); at the right, who is here."""

    PUBLIC: ClassVar[bool] = True
    DEFAULT_CSS = "TopLine { height: 1; }"

    def __init__(
        self,
        tabs: Sequence[TopTab] = (),
        current: str | None = None,
        *,
        trail: Sequence[str] = (),
        right: str = "",
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self._tabs = tuple(tabs)
        self._current = current
        self._trail = tuple(trail)
        self._right = right
        self._public: frozenset[str] = frozenset()

    def show_tabs(self, tabs: Sequence[TopTab], current: str | None) -> None:
        """Show tabs, the one with the id `current` marked."""
        self._tabs, self._current, self._trail = tuple(tabs), current, ()
        self.redraw()

    def show_trail(self, trail: Sequence[str], *, public: Sequence[str] = ()) -> None:
        """Show the way here; the last part is where one is. `public` parts hold nothing personal."""
        self._trail, self._public = tuple(trail), frozenset(public)
        self.redraw()

    def set_right(self, text: str) -> None:
        """Say at the right who works here, and who else is looking."""
        self._right = text
        self.redraw()

    def lines(self, width: int) -> list[Line]:
        """One line."""
        if not self._trail:
            return [tabs_line(self._tabs, self._current, self._right, width)]
        return [sides(self._trail_runs(), who_runs(self._right, width), width)]

    def _trail_runs(self) -> list[Run]:
        trail = self._trail
        if mask.masked(self):
            trail = tuple(part if part in self._public else mask.part(part) for part in trail)
        *way, here = (one_line(part, 200) for part in trail)
        return [(" " + "".join(f"{part} > " for part in way), "dim"), (here, "strong")]
