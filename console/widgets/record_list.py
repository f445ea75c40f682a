"""The windowed list: it shows a piece of a list of any length and asks for more; it never loads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar, TypeAlias

from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.strip import Strip

from console.layout.lines import Line
from console.layout.records import (
    GUTTER,
    NARROW_GUTTER,
    Column,
    ListRow,
    Placed,
    RowFlags,
    header_line,
    note_line,
    place,
    row_line,
)
from console.layout.window import Window
from console.widgets import mask, record_events
from console.widgets.jump_keys import JumpKeys
from console.widgets.mask import HIDDEN, masked
from console.widgets.paint import ground_css, strip_of

__all__ = ["Column", "ListRow", "RecordList", "RowFlags"]

_HEADER = 1


class RecordList(JumpKeys, can_focus=True, inherit_bindings=False):
    """A list of records, one a line, drawn from a window of rows the screen gives it.

    Until the first `set_window` it shows `loading_text`; without rows, `empty_text`; after `show_error`,
    that text.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = ground_css("RecordList") + "RecordList { height: 1fr; overflow: hidden hidden; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Down", show=False, id="list.down"),
        Binding("up,k", "move(-1)", "Up", show=False, id="list.up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="list.page_down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="list.page_up"),
        Binding("home,g", "end(False)", "First", show=False, id="list.first"),
        Binding("end,G", "end(True)", "Last", show=False, id="list.last"),
        Binding("space", "mark", "Mark", show=False, id="list.mark"),
        Binding("enter", "open", "Open", show=False, id="list.open"),
    ]

    Highlighted: TypeAlias = record_events.Highlighted
    Opened: TypeAlias = record_events.Opened
    MarkToggled: TypeAlias = record_events.MarkToggled
    NeedMore: TypeAlias = record_events.NeedMore
    NeedEnd: TypeAlias = record_events.NeedEnd

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        loading_text: str = "Loading…",
        empty_text: str = "Nothing here yet.",
        narrow: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        """`narrow` lists have no room for marks and favourites: those in a panel."""
        super().__init__(id=id, classes=classes)
        self._gutter = NARROW_GUTTER if narrow else GUTTER
        self._columns = tuple(columns)
        self._window = Window()
        self._note: str | None = loading_text
        self._loading_text = loading_text
        self._empty_text = empty_text
        self._empty_public = False
        self._sorted_by: str | None = None
        self._descending = False
        self._placed: tuple[Placed, ...] | None = None
        self._placed_width = 0
        self._strips: dict[tuple[int, str], Strip] = {}
        self._asked: set[bool] = set()
        self._asked_end: bool | None = None
        self._owed = 0
        self._reported: int | None = None

    @property
    def cursor_id(self) -> int | None:
        """The id of the row under the cursor; None while there is none."""
        return self._window.cursor_id

    @property
    def cursor_row(self) -> ListRow | None:
        """The row under the cursor."""
        return self._window.cursor_row

    @property
    def rows(self) -> tuple[ListRow, ...]:
        """The rows held: the visible ones and some screens around them."""
        return tuple(self._window.rows)

    @property
    def begins(self) -> bool:
        """Whether the first row held is the first of the whole list."""
        return not self._window.has_before

    @property
    def visible_rows(self) -> tuple[ListRow, ...]:
        """The rows on screen."""
        return tuple(self._window.visible())

    def set_window(
        self,
        rows: Sequence[ListRow],
        *,
        has_before: bool = False,
        has_after: bool = False,
        cursor_id: int | None = None,
    ) -> None:
        """Show `rows`, a piece of the list in order. The cursor goes to `cursor_id`, else stays on its row."""
        before = self._shown()
        self._asked.clear()
        self._asked_end = None
        self._owed = 0
        self._note = None if rows else self._empty_text
        self._window.replace(rows, has_before=has_before, has_after=has_after, cursor_id=cursor_id)
        self._strips.clear()
        self._repaint(before)
        self._ask()

    def take_over(self, window: Window) -> None:
        """Show a window that stands on the screen already."""
        self._window = window
        self._note = None if window.rows else self._empty_text
        self.refresh()
        self._ask()

    def extend_after(self, rows: Sequence[ListRow], *, has_after: bool) -> None:
        """Add the rows that follow the window: the answer to `NeedMore(before=False)`."""
        self._extended(rows, before=False, more=has_after)

    def extend_before(self, rows: Sequence[ListRow], *, has_before: bool) -> None:
        """Add the rows that come before the window, in list order: the answer to `NeedMore(before=True)`."""
        self._extended(rows, before=True, more=has_before)

    def update_rows(self, rows: Iterable[ListRow]) -> None:
        """Show changed rows in the places of those with their ids: marks, a new status."""
        before = self._shown()
        self._window.update(rows)
        self._strips.clear()
        self._repaint(before)

    def move_to(self, row_id: int) -> bool:
        """Put the cursor on the row with this id; False if it is not held."""
        position = next((place for place, row in enumerate(self._window.rows) if row.id == row_id), None)
        if position is None or self._note is not None:
            return False
        self._go(lambda: self._window.point(position))
        return True

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns of the same rows."""
        self._columns = tuple(columns)
        self._placed = None
        self.refresh()

    def set_sort(self, key: str | None, *, descending: bool = False) -> None:
        """Say in the header which column the rows are sorted by; None is the default order."""
        self._sorted_by, self._descending = key, descending
        self.refresh(Region(0, 0, self.size.width, 1))

    def set_empty_text(self, text: str, *, public: bool = False) -> None:
        """What is said when there are no rows; depends on the filter. `public` if it holds nothing personal."""
        self._empty_public = public
        if self._note == self._empty_text:
            self._say(text)
        self._empty_text = text

    @property
    def is_loading(self) -> bool:
        """Whether the rows are still awaited."""
        return self._note == self._loading_text

    def show_loading(self) -> None:
        """Say that the rows are on their way, in place of them."""
        self._say(self._loading_text)

    def show_error(self, text: str) -> None:
        """Say in place of the rows why they cannot be shown."""
        self._say(text)

    def action_move(self, steps: int) -> None:
        """Move the cursor by rows."""
        self._go(lambda: self._window.move(steps))

    def action_page(self, direction: int) -> None:
        """Move by a screen."""
        self._go(lambda: self._window.page(direction * self._window.height))

    def action_end(self, last: bool) -> None:
        """Go to the last or first row of the whole list."""
        if not self._window.rows:
            return
        before = self._shown()
        if self._window.jump(last=last):
            self._owed = 0
            self._repaint(before)
        elif self._asked_end is not last:
            self._asked_end = last
            self.post_message(self.NeedEnd(self, last))

    def action_mark(self) -> None:
        """Mark the row, or take its mark back, and go on to the next."""
        self.post_message(self.MarkToggled(self, self._row_there()))
        self.action_move(1)

    def action_open(self) -> None:
        """Open the row."""
        self.post_message(self.Opened(self, self._row_there()))

    def _row_there(self) -> int:
        """The row under the cursor; without one the key is not taken, so that the app can say so."""
        if self._note is not None or self.cursor_id is None:
            raise SkipAction
        return self.cursor_id

    def on_click(self, event: events.Click) -> None:
        """Go to the row clicked; a second click opens it."""
        position = self._window.top + event.y - _HEADER
        if self._note is None and event.y >= _HEADER and position < len(self._window.rows):
            self._go(lambda: self._window.point(position))
            if event.chain > 1:
                self.action_open()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves the cursor."""
        event.stop().prevent_default()
        self.action_move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves the cursor."""
        event.stop().prevent_default()
        self.action_move(-3)

    def on_resize(self, event: events.Resize) -> None:
        """More may be in sight now."""
        self._fit_window()
        self._ask()

    def refresh_cursor_line(self) -> None:
        """Repaint the row under the cursor."""
        self._refresh_line(self._window.cursor - self._window.top)

    def notify_style_update(self) -> None:
        """Forget strips drawn in the former colours."""
        super().notify_style_update()
        self._strips.clear()

    def remask(self) -> None:
        """Personal data is hidden, or shown again: draw anew."""
        self._strips.clear()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The header, a row, or a line of what is said in place of the rows."""
        self._fit_window()
        width, places = self.size.width, self._places()
        if y < _HEADER:
            return strip_of(self, self._header(places), width)
        shown = self._line(y - _HEADER)
        if shown is None:
            return Strip.blank(width, self.rich_style)
        if isinstance(shown, str):
            return strip_of(self, ((shown, ""),), width)
        row, under_cursor = shown
        cursor = ("cursor" if self.has_focus else "rest") if under_cursor else ""
        key = (row.id, cursor)
        if key not in self._strips:
            hide = mask.cell if masked(self) else None
            self._strips[key] = strip_of(self, row_line(row, places, cursor, self._gutter, hide=hide), width)
        return self._strips[key]

    def _header(self, places: Sequence[Placed]) -> Line:
        return header_line(places, self._sorted_by, descending=self._descending, gutter=self._gutter)

    def _fit_window(self) -> None:
        """Keep the cursor on a screen of this height, before its first line is drawn, so that it is drawn once."""
        height = self.size.height - _HEADER
        if height > 0 and height != self._window.height:
            self._window.resize(height)

    def _places(self) -> tuple[Placed, ...]:
        width = self.size.width
        if self._placed is None or self._placed_width != width:
            self._placed, self._placed_width = place(self._columns, width, self._gutter), width
            self._strips.clear()
        return self._placed

    def _line(self, line: int) -> tuple[ListRow, bool] | str | None:
        """What stands on this line below the header: a row and whether it is the cursor's, or text, or
        nothing.
        """
        if self._note is not None:
            return note_line(self._said_note(), line, self.size.width, self._gutter)
        position = self._window.top + line
        rows = self._window.rows
        return (rows[position], position == self._window.cursor) if position < len(rows) else None

    def _said_note(self) -> str:
        """What is said in place of rows; while personal data is masked it may hold what was typed."""
        note = self._note or ""
        public = note == self._loading_text or (note == self._empty_text and self._empty_public)
        return note if public or not masked(self) else HIDDEN

    def _shown(self) -> list[tuple[ListRow, bool] | str | None]:
        return [self._line(line) for line in range(self._window.height)]

    def _say(self, text: str) -> None:
        before = self._shown()
        self._note = text
        self._repaint(before)

    def _go(self, move: Callable[[], int | None]) -> None:
        """Make a move of the cursor; what it could not take is taken when the rows come."""
        if self._note is not None:
            return
        before = self._shown()
        self._owed = move() or 0
        self._repaint(before)
        self._ask()

    def _extended(self, rows: Sequence[ListRow], *, before: bool, more: bool) -> None:
        self._asked.discard(before)
        shown = self._shown()
        if before:
            self._window.extend_before(rows, has_before=more)
        else:
            self._window.extend_after(rows, has_after=more)
        if self._owed and (self._owed < 0) is before:
            self._owed = self._window.move(self._owed) if rows else 0
        self._repaint(shown)
        if rows:
            self._ask()

    def _ask(self) -> None:
        """Ask for rows at an end the cursor has come near, once until it is answered."""
        for before in (False, True):
            anchor = self._window.wants(before=before)
            if anchor is not None and before not in self._asked:
                self._asked.add(before)
                self.post_message(self.NeedMore(self, before, anchor))

    def _repaint(self, before: list[tuple[ListRow, bool] | str | None]) -> None:
        """Refresh the lines that differ from `before`, and report where the cursor is."""
        for line, (old, new) in enumerate(zip(before, self._shown(), strict=True)):
            if old != new:
                self._refresh_line(line)
        current = self.cursor_id
        if current != self._reported:
            self._reported = current
            self.post_message(self.Highlighted(self, current))

    def _refresh_line(self, line: int) -> None:
        self.refresh(Region(0, line + _HEADER, self.size.width, 1))
