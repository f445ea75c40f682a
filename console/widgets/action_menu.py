"""The menu of what can be done here, in groups, at the foot of the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from console.text import cells, fit, one_line
from console.widgets.paint import Line, LineWidget, Run

COLUMN = 38
"""The least width of a group shown beside another."""

NARROW = 26
"""The least width of a column where a long group is split; reasons then stand in the last line only."""

_FRAME = 2
"""Lines of the panel that are not choices: the rule above and the line below."""


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An action: its id, the key that runs it, its title; why it cannot run now, if so; whether it
    destroys.
    """

    id: str
    key: str
    title: str
    reason: str | None = None
    danger: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    """A column of the menu: a group, or a piece of one; ``first`` is the place of its first action among all."""

    title: str
    first: int
    items: Sequence[MenuItem]

    @property
    def halves(self) -> tuple[_Part, _Part]:
        """The first half under the title, the second beside it."""
        middle = (len(self.items) + 1) // 2
        return (
            _Part(self.title, self.first, self.items[:middle]),
            _Part("", self.first + middle, self.items[middle:]),
        )


MenuGroup = tuple[str, Sequence[MenuItem]]
"""A title and the actions under it."""


class ActionMenu(LineWidget, can_focus=True):
    """Actions by group; what cannot run is dim, with its reason. Hidden until `open`; gives the focus back.

    An action's own key runs it; up, down, j, k and left, right move; enter runs; q, m, escape, ctrl+g close.
    Letters that belong to an action run the action.
    """

    PUBLIC: ClassVar[bool] = True
    DEFAULT_CSS = "ActionMenu { height: auto; display: none; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", "Down", show=False, id="menu.down"),
        Binding("up", "move(-1)", "Up", show=False, id="menu.up"),
        Binding("left", "aside(-1)", "Other group", show=False, id="menu.left"),
        Binding("right", "aside(1)", "Other group", show=False, id="menu.right"),
        Binding("enter", "choose", "Run", show=False, id="menu.run"),
        Binding("escape,ctrl+g", "close", "Close", show=False, id="menu.close"),
    ]

    @dataclass
    class _Posted(Message):
        action_menu: ActionMenu

        @property
        def control(self) -> ActionMenu:
            """The menu the message comes from."""
            return self.action_menu

    @dataclass
    class Chosen(_Posted):
        """This action is to run. The menu is closed."""

        item_id: str

    @dataclass
    class Refused(_Posted):
        """This action cannot run, and why. The menu stays open."""

        item_id: str
        reason: str

    @dataclass
    class Closed(_Posted):
        """Nothing was chosen."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._groups: tuple[MenuGroup, ...] = ()
        self._cursor = 0
        self._came_from: Widget | None = None

    @property
    def items(self) -> list[MenuItem]:
        """All actions, group after group."""
        return [item for _, group in self._groups for item in group]

    @property
    def current(self) -> MenuItem | None:
        """The action under the cursor."""
        items = self.items
        return items[self._cursor] if items else None

    def open(self, groups: Sequence[MenuGroup]) -> None:
        """Show the groups that have actions, the cursor on the first that can run."""
        self._groups = tuple((title, tuple(group)) for title, group in groups if group)
        enabled = (place for place, item in enumerate(self.items) if item.reason is None)
        self._cursor = next(enabled, 0)
        if not self.display:
            self._came_from = self.screen.focused
        self.display = True
        self.redraw()
        self.focus()

    def close(self) -> None:
        """Hide, and give the focus back."""
        if self._came_from is not None and self._came_from.is_attached:
            self.screen.set_focus(self._came_from)
        self._came_from = None
        self.display = False

    def on_key(self, event: events.Key) -> None:
        """The actions' own keys first, then the letters that move and close."""
        for place, item in enumerate(self.items):
            if item.key in (event.key, event.character):
                event.stop()
                self._cursor = place
                self.action_choose()
                return
        moves = {"j": 1, "k": -1}
        if event.key in moves:
            event.stop()
            self.action_move(moves[event.key])
        elif event.key in ("q", "m"):
            event.stop()
            self.action_close()

    def action_move(self, steps: int) -> None:
        """To another action, around the ends."""
        if self.items:
            self._cursor = (self._cursor + steps) % len(self.items)
            self.redraw()

    def action_aside(self, steps: int) -> None:
        """To the column beside, on the same line where it is long enough."""
        if not self.items:
            return
        parts, _ = self._parts(self.size.width)
        here = next(
            n for n, part in enumerate(parts) if part.first <= self._cursor < part.first + len(part.items)
        )
        line = self._cursor - parts[here].first
        beside = parts[(here + steps) % len(parts)]
        self._cursor = beside.first + min(line, len(beside.items) - 1)
        self.redraw()

    def action_choose(self) -> None:
        """Run the action under the cursor, or say why not."""
        item = self.current
        if item is None:
            return
        if item.reason is not None:
            self.redraw()
            self.post_message(self.Refused(self, item.id, item.reason))
            return
        self.close()
        self.post_message(self.Chosen(self, item.id))

    def action_close(self) -> None:
        """End without choosing."""
        self.close()
        self.post_message(self.Closed(self))

    def lines(self, width: int) -> list[Line]:
        """A rule, the choices that fit the height around the cursor, and the reason of the current one."""
        body, cursor_line = self._body(width)
        room = (self.size.height or len(body) + _FRAME) - _FRAME
        top = max(0, min(cursor_line - room // 2, len(body) - room))
        return [(("-" * width, "dim"),), *body[top : top + max(room, 1)], self._foot(width)]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Room for all choices, within seven tenths of the screen."""
        return min(len(self._body(width)[0]) + _FRAME, self._most)

    @property
    def _most(self) -> int:
        return max(self.app.size.height * 7 // 10, _FRAME + 1)

    def _parts(self, width: int) -> tuple[list[_Part], int]:
        """The columns, and how many stand beside one another: one for each group, or more where they are too long."""
        parts, first = [], 0
        for title, items in self._groups:
            parts.append(_Part(title, first, items))
            first += len(items)
        beside = max(1, min(len(parts), (width - 1) // COLUMN))
        rows = [parts[start : start + beside] for start in range(0, len(parts), beside)]
        if sum(max(len(part.items) for part in row) + 1 for row in rows) + _FRAME <= self._most:
            return parts, beside
        columns = max(beside, (width - 1) // NARROW)
        while len(parts) < columns and len(longest := max(parts, key=lambda part: len(part.items)).items) > 1:
            place = next(n for n, part in enumerate(parts) if part.items is longest)
            parts[place : place + 1] = parts[place].halves
        return parts, max(1, min(len(parts), columns))

    def _body(self, width: int) -> tuple[list[Line], int]:
        """The columns beside one another, or below where that is too narrow; and the cursor's line."""
        parts, beside = self._parts(width)
        column_width = (width - 1) // beside
        lines: list[Line] = []
        cursor_line = 0
        for start in range(0, len(parts), beside):
            row = parts[start : start + beside]
            for part in row:
                if part.first <= self._cursor < part.first + len(part.items):
                    cursor_line = len(lines) + 1 + self._cursor - part.first
            lines += _side_by_side([self._column(part, column_width) for part in row], column_width)
        return lines, cursor_line

    def _column(self, part: _Part, width: int) -> list[Line]:
        keys = max((cells(item.key) for item in self.items), default=0)
        lines: list[Line] = [(fitted("  " + one_line(part.title), width, "strong"),)]
        for place, item in enumerate(part.items, part.first):
            lines.append(self._row(item, keys, width, current=place == self._cursor))
        return lines

    def _row(self, item: MenuItem, keys: int, width: int, *, current: bool) -> Line:
        key, title = fit(item.key, keys), one_line(item.title)
        used = 2 + keys + 2 + cells(title)
        room = width - used - 4 if width >= COLUMN else 0
        reason = "" if item.reason is None else one_line(item.reason, max(room, 0))
        gap = " " * max(width - used - cells(reason) - 2, 0)
        if current or item.reason is not None:
            return (fitted(f"  {key}  {title}{gap}{reason}", width, "cursor" if current else "dim"),)
        return (
            ("  ", ""),
            (key, "strong"),
            fitted(f"  {title}", width - 2 - keys, "warning" if item.danger else ""),
        )

    def _foot(self, width: int) -> Line:
        item = self.current
        if item is not None and item.reason is not None:
            return ((" " + one_line(f"{item.title}: {item.reason}", width - 2), "warning"),)
        return ((" enter runs  q closes", "dim"),)


def fitted(text: str, width: int, style: str) -> Run:
    """A run of exactly `width` cells."""
    return fit(text, max(width, 0)), style


def _side_by_side(columns: Sequence[Sequence[Line]], width: int) -> list[Line]:
    height = max(len(column) for column in columns)
    blank: Line = ((" " * width, ""),)
    return [
        tuple(run for column in columns for run in (column[y] if y < len(column) else blank))
        for y in range(height)
    ]
