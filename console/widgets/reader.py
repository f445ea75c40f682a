"""A long text to read: blocks under headings, wrapped to the width, scrolled by keys. Drawn line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from console.text import cells, fit, one_line, wrap
from console.widgets import mask
from console.widgets.paint import Line, ground_css, sides, strip_of

SHOWN = 100_000
"""Characters of one block that are shown; what is beyond is said in a line."""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading with something at its right, and the text below it. `style` is a name of `paint.STYLES`.

    `table` are rows of cells in columns, the last of which wraps in its own column. `public` blocks are shown
    while personal data is masked.
    """

    title: str = ""
    right: str = ""
    text: str = ""
    table: tuple[tuple[str, ...], ...] = ()
    public: bool = False
    title_style: str = "strong"
    style: str = ""


class Reader(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows blocks one under another; untrusted text is made visible as it is wrapped."""

    ALLOW_SELECT = False
    DEFAULT_CSS = ground_css("Reader") + "Reader { height: 1fr; overflow: hidden hidden; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "go(1)", "Down", show=False, id="reader.down"),
        Binding("up,k", "go(-1)", "Up", show=False, id="reader.up"),
        Binding("pagedown,space", "page(1)", "Page down", show=False, id="reader.page_down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="reader.page_up"),
        Binding("home,g", "end(False)", "Beginning", show=False, id="reader.first"),
        Binding("end,G", "end(True)", "End", show=False, id="reader.last"),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._blocks: tuple[Block, ...] = ()
        self._lines: list[Line] = []
        self._width = 0
        self._top = 0
        self._keeps_end = False

    @property
    def top(self) -> int:
        """The first line on screen."""
        return self._top

    @property
    def line_count(self) -> int:
        """How many lines the text takes at this width."""
        return len(self._lines)

    @property
    def at_top(self) -> bool:
        """Whether the beginning is on screen."""
        return self._top == 0

    def set_blocks(self, blocks: Sequence[Block], *, end: bool = False) -> None:
        """Show other blocks, from the beginning or (``end``) from the last screen on."""
        self._blocks = tuple(blocks)
        self._lay_out()
        self._keeps_end = end
        self._top = self._last_top if end else min(self._top, self._last_top)
        self.refresh()

    def action_go(self, lines: int) -> None:
        """Scroll by lines."""
        self._show_from(self._top + lines)

    def action_page(self, direction: int) -> None:
        """Scroll by a screen, one line kept."""
        self._show_from(self._top + direction * max(self.size.height - 1, 1))

    def action_end(self, last: bool) -> None:
        """Go to the end or the beginning."""
        self._show_from(self._last_top if last else 0)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel scrolls."""
        event.stop().prevent_default()
        self.action_go(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel scrolls."""
        event.stop().prevent_default()
        self.action_go(-3)

    def on_resize(self, event: events.Resize) -> None:
        """Wrap to the new width."""
        if event.size.width != self._width:
            self._lay_out()
        self._top = self._last_top if self._keeps_end else min(self._top, self._last_top)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the wrapped text."""
        place = self._top + y
        if place >= len(self._lines):
            return Strip.blank(self.size.width, self.rich_style)
        return strip_of(self, self._lines[place], self.size.width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """All of the room there is."""
        return container.height

    @property
    def _last_top(self) -> int:
        return max(0, len(self._lines) - self.size.height)

    def _show_from(self, top: int) -> None:
        top = max(0, min(top, self._last_top))
        self._keeps_end = top == self._last_top
        if top != self._top:
            self._top = top
            self.refresh()

    def _lay_out(self) -> None:
        self._width = self.size.width
        self._lines = []
        if self._width < 4:
            return
        for number, block in enumerate(self._blocks):
            if number and block.title:
                self._lines.append(())
            self._lines += self._block_lines(block)

    def remask(self) -> None:
        """Personal data is hidden, or shown again: draw anew."""
        self._lay_out()
        self._top = min(self._top, self._last_top)
        self.refresh()

    def _block_lines(self, block: Block) -> list[Line]:
        width = self._width
        if mask.masked(self) and not block.public:
            block = _masked(block)
        lines: list[Line] = []
        if block.title:
            title = (one_line(block.title, width - 2), block.title_style)
            right = [(one_line(block.right, width // 2), "dim"), (" ", "")] if block.right else []
            lines.append(sides([(" ", ""), title], right, width))
        text = block.text[:SHOWN]
        if text:
            lines += [((" ", ""), (line, block.style)) for line in wrap(text, width - 2)]
        lines += _table_lines(block.table, width)
        if len(block.text) > SHOWN:
            left = len(block.text) - SHOWN
            lines.append(((" ", ""), (f"({left:,} more characters are not shown here)", "dim")))
        return lines


def _masked(block: Block) -> Block:
    """A block while personal data is masked: how much there is, and the first column of a table."""
    table = tuple(_masked_row(row) for row in block.table)
    title, text = (mask.MASK if shown else "" for shown in (block.title, block.text))
    return replace(block, title=title, text=text, table=table)


def _masked_row(row: tuple[str, ...]) -> tuple[str, ...]:
    label, *rest = row
    return (label, *mask.values(label, tuple(rest))) if rest else (mask.MASK,)


def _table_lines(table: Sequence[Sequence[str]], width: int) -> list[Line]:
    """Rows in columns; the last column takes what is left and wraps there."""
    columns = max((len(row) for row in table), default=1) - 1
    widths = [
        max(cells(one_line(row[place])) for row in table if len(row) > place) for place in range(columns)
    ]
    indent = 1 + sum(widths) + 2 * columns
    lines: list[Line] = []
    for row in table:
        head = "".join(fit(cell, wide) + "  " for cell, wide in zip(row, widths, strict=False))
        told = wrap(row[-1], max(width - indent - 1, 10)) or [""]
        lines.append(((" ", ""), (head, "strong"), (told[0], "")))
        lines += [((" " * indent, ""), (more, "")) for more in told[1:]]
    return lines
