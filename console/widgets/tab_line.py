"""The tabs of a panel, on one line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from console.text import cells, fit, one_line
from console.widgets.paint import Line, LineWidget, Run


@dataclass(frozen=True, slots=True)
class PanelTab:
    """A tab: its id and its title, a word."""

    id: str
    title: str


class TabLine(LineWidget, can_focus=True):
    """`Summary  Access  Incidents …`, the current one marked, as many as fit; `<` and `>` say that it goes
    on.

    Keys when it has the focus: left, right, `[`, `]`. A screen binds what it likes to `next` and `previous`.
    """

    PUBLIC: ClassVar[bool] = True
    DEFAULT_CSS = "TabLine { height: 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,left_square_bracket", "step(-1)", "Previous tab", show=False, id="tabs.previous"),
        Binding("right,right_square_bracket", "step(1)", "Next tab", show=False, id="tabs.next"),
    ]

    @dataclass
    class Selected(Message):
        """Another tab is current."""

        tab_line: TabLine
        tab_id: str

        @property
        def control(self) -> TabLine:
            """The tabs the message comes from."""
            return self.tab_line

    def __init__(
        self,
        tabs: Sequence[PanelTab],
        current: str | None = None,
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self._tabs = tuple(PanelTab(tab.id, one_line(tab.title, 20)) for tab in tabs)
        self._index = self._place(current) or 0

    @property
    def current(self) -> str:
        """The id of the current tab."""
        return self._tabs[self._index].id

    def select(self, tab_id: str) -> None:
        """Make the tab current and say so, if it is there and is not current already."""
        place = self._place(tab_id)
        if place is not None and place != self._index:
            self._index = place
            self.redraw()
            self.post_message(self.Selected(self, tab_id))

    def next(self) -> None:
        """The tab to the right; after the last, the first."""
        self.action_step(1)

    def previous(self) -> None:
        """The tab to the left; before the first, the last."""
        self.action_step(-1)

    def action_step(self, steps: int) -> None:
        """Go `steps` tabs on, around the ends."""
        self.select(self._tabs[(self._index + steps) % len(self._tabs)].id)

    def on_click(self, event: events.Click) -> None:
        """A click selects."""
        x = 0
        for text, tab_id in self._laid_out(self.size.width):
            if x <= event.x < x + cells(text) and tab_id is not None:
                self.select(tab_id)
            x += cells(text)

    def lines(self, width: int) -> list[Line]:
        """One line."""
        mark = "cursor" if self.has_focus else "current"
        runs: list[Run] = [
            (text, mark if tab_id == self.current else "") for text, tab_id in self._laid_out(width)
        ]
        return [tuple(runs)]

    def _laid_out(self, width: int) -> list[tuple[str, str | None]]:
        """The titles from the first that lets the current one be seen, signs of more at the ends."""
        start = 0
        while start < self._index and self._needed(start) > width:
            start += 1
        parts: list[tuple[str, str | None]] = []
        room = width - 1
        for place, tab in enumerate(self._tabs[start:], start):
            before = "<" if place == start > 0 else " "
            text = fit(f"{before}{tab.title} ", min(cells(tab.title) + 2, width))
            if cells(text) > room and place > start:
                return [*parts, (" " * room + ">", None)]
            parts.append((text, tab.id))
            room -= cells(text)
        return parts

    def _needed(self, start: int) -> int:
        """Cells to show the tabs from `start` to the current one, and the sign of more."""
        return 1 + sum(cells(tab.title) + 2 for tab in self._tabs[start : self._index + 1])

    def _place(self, tab_id: str | None) -> int | None:
        return next((place for place, tab in enumerate(self._tabs) if tab.id == tab_id), None)
