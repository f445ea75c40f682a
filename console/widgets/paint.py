"""Lines of styled text, and the widget that draws them, repainting only those that changed.

Text goes to the terminal as segments: no markup is parsed anywhere on this path. A style is a word
(`STYLES`), so that what a widget means is the same in sixteen colours, in none, and in any theme.
"""

from __future__ import annotations

from abc import abstractmethod
from functools import cache
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from console.layout.lines import Line, Run, cut_line, line_width, sides, spaced
from console.text import cells
from console.widgets import mask

__all__ = [
    "Line",
    "LineWidget",
    "Run",
    "cut_line",
    "ground_css",
    "line_width",
    "sides",
    "spaced",
    "strip_of",
    "style_of",
]

_COLOURS = {"accent": "accent", "current": "accent", "warning": "warning", "danger": "error"}
"""Styles with a colour of the theme."""

_WEIGHTS = {
    "dim": Style(dim=True),
    "strong": Style(bold=True),
    "accent": Style(),
    "current": Style(bold=True),
    "warning": Style(bold=True),
    "danger": Style(bold=True),
    "cursor": Style(reverse=True),
    "rest": Style(bold=True),
}
STYLES = tuple(_WEIGHTS)


def ground_css(widget: str) -> str:
    """The CSS of a widget class that draws in these styles: what they lie upon."""
    return f"{widget} {{ background: $background; color: $foreground; }}"


def style_of(widget: Widget, name: str) -> Style:
    """The Rich style of the name, on the widget's own background.

    Not a component class of Textual's: each of those is a node to be matched with every rule, in every widget.
    """
    plain = widget.rich_style
    if not name:
        return plain
    colour = _COLOURS.get(name)
    return plain + _style(name, widget.app.theme_variables[colour] if colour else "")


@cache
def _style(name: str, colour: str) -> Style:
    return _WEIGHTS[name] + Style(color=Color.parse(colour).rich_color) if colour else _WEIGHTS[name]


def strip_of(widget: Widget, line: Line, width: int) -> Strip:
    """`line` drawn in exactly `width` cells: padded with blanks, cut if it is longer."""
    segments = [Segment(text, style_of(widget, name)) for text, name in line if text]
    length = sum(cells(segment.text) for segment in segments)
    if length < width:
        segments.append(Segment(" " * (width - length), widget.rich_style))
        length = width
    strip = Strip(segments, length)
    return strip if length == width else strip.crop(0, width)


class LineWidget(Widget):
    """A widget that is a list of lines. A subclass gives `lines()` and calls `redraw()` when they may
    differ. Unless it is `PUBLIC`, all of its text is hidden while personal data is masked.
    """

    ALLOW_SELECT = False
    PUBLIC: ClassVar[bool] = False
    DEFAULT_CSS = ground_css("LineWidget") + "LineWidget { height: auto; width: 1fr; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._drawn: list[Line] = []
        self._drawn_width = -1
        self._strips: dict[int, Strip] = {}

    @abstractmethod
    def lines(self, width: int) -> list[Line]:
        """The content for `width` cells, top to bottom."""

    def redraw(self) -> None:
        """Draw again what changed: single lines where the number of lines stays, else the layout."""
        if not self.is_attached or not self.size.width:
            self._drawn_width = -1  # what was drawn before it was hidden is out of date
            self.refresh()  # and so is what Textual keeps of it
            return
        before = self._drawn
        self._draw(self.size.width)
        if len(before) != len(self._drawn) and self.styles.height is not None and self.styles.height.is_auto:
            self._strips.clear()
            self.refresh(layout=True)
            return
        for y in range(max(len(before), len(self._drawn))):
            if before[y : y + 1] != self._drawn[y : y + 1]:
                self._strips.pop(y, None)
                self.refresh(Region(0, y, self.size.width, 1))

    def _draw(self, width: int) -> None:
        if width != self._drawn_width:
            self._strips.clear()
        self._drawn = self.lines(width)
        if not self.PUBLIC and mask.masked(self):
            self._drawn = [tuple((mask.stars(text), name) for text, name in line) for line in self._drawn]
        self._drawn_width = width

    def render_line(self, y: int) -> Strip:
        """The strip of line `y`, from the cache where it was drawn before."""
        width = self.size.width
        if width != self._drawn_width:
            self._draw(width)
        if y >= len(self._drawn):
            return Strip.blank(width, self.rich_style)
        if y not in self._strips:
            self._strips[y] = strip_of(self, self._drawn[y], width)
        return self._strips[y]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as there are lines at this width."""
        return len(self.lines(width))

    def notify_style_update(self) -> None:
        """Forget strips drawn in the former colours."""
        super().notify_style_update()
        self._strips.clear()

    def remask(self) -> None:
        """Personal data is hidden, or shown again: draw anew."""
        self._drawn_width = -1
        self._strips.clear()
        self.refresh(layout=True)

    def watch_has_focus(self, has_focus: bool) -> None:
        """Focus may change how the current line looks."""
        super().watch_has_focus(has_focus)
        self.redraw()
