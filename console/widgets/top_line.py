"""The first line of a screen: where one is, and who."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from console.text import one_line
from console.widgets import mask
from console.widgets.paint import Line, LineWidget, Run, cut_line, line_width, sides, spaced


@dataclass(frozen=True, slots=True)
class TopTab:
    """A place reached by one key; `count`, if any, stands behind its title, up to 99."""

    id: str
    key: str
    title: str
    count: int | None = None


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
        who = spaced(self._right, width // 2)
        right: list[Run] = [(who + " ", "dim")] if who else []
        left = self._trail_runs() if self._trail else self._tab_runs(width - line_width(right))
        return [sides(left, right, width)]

    def _trail_runs(self) -> list[Run]:
        trail = self._trail
        if mask.masked(self):
            trail = tuple(part if part in self._public else mask.part(part) for part in trail)
        *way, here = (one_line(part, 200) for part in trail)
        return [(" " + "".join(f"{part} > " for part in way), "dim"), (here, "strong")]

    def _tab_runs(self, room: int) -> list[Run]:
        """The tabs; where they do not all fit, only the current one keeps its title."""
        runs = [self._tab(tab, short=False) for tab in self._tabs]
        if sum(line_width(run) for run in runs) > room:
            runs = [self._tab(tab, short=tab.id != self._current) for tab in self._tabs]
        return list(cut_line([part for run in runs for part in run], max(room, 0)))

    def _tab(self, tab: TopTab, *, short: bool) -> list[Run]:
        text = tab.key if short else one_line(f"{tab.key} {tab.title}", 30)
        if tab.count is not None and not short:
            text += f" {tab.count}" if tab.count < 100 else " 99+"
        return [(" ", ""), (text, "current" if tab.id == self._current else ""), (" ", "")]
