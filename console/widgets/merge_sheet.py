"""The merge sheet: a cursor over the cells of records side by side and the lines of their balance sheet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.message import Message

from console.widgets import merge_lines
from console.widgets.mask import masked
from console.widgets.merge_lines import Cursor, Placed, Sheet, Stop
from console.widgets.paint import Line, LineWidget


class MergeSheet(LineWidget, can_focus=True):
    """Shows a ``Sheet``, ``waiting`` until there is one, and says which key was pressed where; it decides nothing.

    The survivor's column, and the titles of the columns, stay in sight however far it is scrolled.
    """

    PUBLIC: ClassVar[bool] = True
    DEFAULT_CSS = "MergeSheet { height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Down", show=False, id="sheet.down"),
        Binding("up,k", "move(-1)", "Up", show=False, id="sheet.up"),
        Binding("right", "side(1)", "Next record", show=False, id="sheet.right"),
        Binding("left", "side(-1)", "Record before", show=False, id="sheet.left"),
        Binding("pagedown", "move(10)", "Page down", show=False, id="sheet.page_down"),
        Binding("pageup", "move(-10)", "Page up", show=False, id="sheet.page_up"),
        Binding("home,g", "end(False)", "First", show=False, id="sheet.first"),
        Binding("end,G", "end(True)", "Last", show=False, id="sheet.last"),
        Binding("enter", "press('enter')", "Keep", show=False, id="sheet.enter"),
        Binding("space", "press('space')", "Toggle", show=False, id="sheet.space"),
    ]

    @dataclass
    class Pressed(Message):
        """``key`` is enter or space; ``where`` is the line, ``side`` the record of the column."""

        sheet: MergeSheet
        key: str
        where: Stop
        side: int

        @property
        def control(self) -> MergeSheet:
            """The sheet the message comes from."""
            return self.sheet

    def __init__(self, waiting: str = "Counting…", *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._waiting = waiting
        self._sheet: Sheet | None = None
        self._cursor = Cursor()
        self._top = 0
        self._unfolded = False

    @property
    def stop(self) -> Stop | None:
        """The line of the cursor."""
        return None if self._sheet is None else self._sheet.stops[self._cursor.stop]

    @property
    def side(self) -> int:
        """The place of the record of the cursor's column; 0 is the survivor."""
        return self._cursor.side

    @property
    def is_waiting(self) -> bool:
        """Whether there is nothing to act on yet, or no longer."""
        return self._sheet is None

    @property
    def is_cut(self) -> bool:
        """Whether it is longer than the screen."""
        return self._sheet is not None and len(self._body(self.size.width)) > self.size.height

    def show(self, sheet: Sheet, *, side: int | None = None) -> None:
        """Show a sheet; the cursor stays on its line, in its column or in that of ``side``."""
        here = self.stop
        self._sheet = self._folded(sheet)
        self._find(here)
        self._settle(self._cursor.side if side is None else side)

    def show_instead(self, sentence: str) -> None:
        """Show a sentence in place of a sheet."""
        self._sheet, self._waiting = None, sentence
        self.redraw()

    def go_to(self, stop: Stop) -> None:
        """Put the cursor on a line, if it is there."""
        self._find(stop)
        self._settle(self._cursor.side)

    def unfold(self) -> None:
        """Give every field a line of its own."""
        if self._sheet is not None and self._sheet.more:
            first = Stop("field", self._sheet.more[0].name)
            self._unfolded = True
            self.show(self._sheet)
            self.go_to(first)

    def _find(self, stop: Stop | None) -> None:
        """Put the cursor on this line, where there is one."""
        if self._sheet is not None and stop in self._sheet.stops:
            self._cursor = self._cursor._replace(stop=self._sheet.stops.index(stop))

    def _folded(self, sheet: Sheet) -> Sheet:
        """The sheet so that it fits, if it can; what was unfolded stays so."""
        whole = replace(sheet, folded=False)
        if self._unfolded or not self.size.height:
            return whole
        lines = merge_lines.body(whole, self._cursor, self.size.width, focus=False, hide=False)
        return whole if len(lines) <= self.size.height else replace(sheet, folded=True)

    def action_move(self, steps: int) -> None:
        """Move the cursor by lines."""
        self._cursor = self._cursor._replace(stop=self._cursor.stop + steps)
        self._settle(self._cursor.side)

    def action_end(self, last: bool) -> None:
        """Go to the last line, or the first."""
        self._cursor = self._cursor._replace(stop=10_000 if last else 0)
        self._settle(self._cursor.side)

    def action_side(self, steps: int) -> None:
        """Move the cursor by records."""
        self._settle(self._cursor.side + steps)

    def action_press(self, key: str) -> None:
        """Say what is meant; without a sheet the key is not taken, so that the app can say so."""
        if self._sheet is None or self.stop is None:
            raise SkipAction
        self.post_message(self.Pressed(self, key, self.stop, self._cursor.side))

    def on_resize(self, event: events.Resize) -> None:
        """More or less is in sight now."""
        if self._sheet is not None:
            self.show(self._sheet)

    def lines(self, width: int) -> list[Line]:
        """What is in sight: as many lines as there is room for."""
        if self._sheet is None:
            return [(), ((" ", ""), (self._waiting, ""))]
        found = self._body(width)
        top = self._scrolled(found)
        seen = found[top : top + max(self.size.height, 1)]
        titles = next((one for one in reversed(found[: top + 1]) if one.heads), None)
        if titles is not None and seen:
            seen[0] = titles
        return [one.line for one in seen]

    def _body(self, width: int) -> list[Placed]:
        assert self._sheet is not None
        hide = masked(self)
        return merge_lines.body(self._sheet, self._cursor, width, focus=self.has_focus, hide=hide)

    def _scrolled(self, found: list[Placed]) -> int:
        """The first line in sight, so that the cursor is in sight below the titles; at the ends all that is there."""
        height = max(self.size.height, 1)
        here = next((at for at, one in enumerate(found) if one.stop == self._cursor.stop), 0)
        if self._cursor.stop == 0:
            here_top = 0
        else:
            here_top = here - 1
        last = len(found) - height
        self._top = max(0, min(max(min(self._top, here_top), here - height + 1), last))
        return self._top

    def _settle(self, side: int) -> None:
        """Keep the cursor on the sheet, and its column in sight."""
        if self._sheet is not None:
            sides = len(self._sheet.preview.sides)
            side = max(0, min(side, sides - 1))
            count = merge_lines.fitting(self.size.width or 80, sides)
            first = self._cursor.first
            if side:
                first = max(min(first, side), side - count + 2)
            first = max(1, min(first, sides - count + 1))
            stop = max(0, min(self._cursor.stop, len(self._sheet.stops) - 1))
            self._cursor = Cursor(stop, side, first)
        self.redraw()
