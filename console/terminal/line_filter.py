"""Filters on the lines Textual is about to write: the last guard, and fewer bytes.

`App.get_line_filters()` appends what `terminal_filters()` returns. `visible()` at the boundary is what makes
text safe to show; the guard here is for the place where somebody forgot it.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from rich.cells import get_character_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from console.text import REPLACEMENT, cells, visible

# What a terminal without UTF-8 shows in place of the console's own ornaments.
_ORNAMENTS = {
    "…": "~",
    "·": "-",
    "•": "*",
    "│": "|",
    "┃": "|",
    "─": "-",
    "━": "-",
    "\u203a": ">",
    "\u2013": "-",
    "\u2014": "-",
}
_LETTERS = dict(zip("łŁđĐøØħĦıŧŦ", "lLdDoOhHitT", strict=True))
# The joiner and the emoji selector change the width of their neighbours, as counted before the filter.
_WIDTH_CHANGING = "\u200d\ufe0f"


class ControlFilter(LineFilter):
    """Takes out of every segment what would make a terminal do anything but print, and every hyperlink.

    The width of a segment is kept: what Textual counts as no cell is dropped, what it counts as one is
    replaced.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments without control, format and invisible characters."""
        if all(text.isprintable() and not _links(style) for text, style, _ in segments):
            return segments
        return [_guarded(segment) for segment in segments]


def _links(style: Style | None) -> bool:
    return style is not None and style.link is not None


def _guarded(segment: Segment) -> Segment:
    text, style, _ = segment
    if style is not None and style.link is not None:
        style = style.update_link(None)
    return Segment(text if text.isprintable() else _inert(text), style)


@lru_cache(maxsize=1024)
def _inert(text: str) -> str:
    return "".join(map(_inert_character, text))


@lru_cache(maxsize=4096)
def _inert_character(character: str) -> str:
    """What is written for `character`: itself if harmless, else as many cells as Textual counted for it."""
    if character in _WIDTH_CHANGING:
        return character
    if character in "\n\t":
        return ""
    shown, width = visible(character), get_character_cell_size(character)
    return shown if cells(shown) == width else REPLACEMENT * width


class LeanFilter(LineFilter):
    """Says nothing that needs no saying: no default colours, no style on blanks, neighbours of one style
    joined.

    On the terminal's own colours this is what halves the bytes of a screen.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same cells in as few segments and escape sequences as Textual can write them."""
        lean: list[Segment] = []
        last_text, last_style = "", None
        for text, style, _ in segments:
            slim = None if style is None else _slim(style)
            if slim is not None and text.isspace() and not _shows_on_blank(slim):
                slim = None
            if slim == last_style:
                last_text += text
                continue
            if last_text:
                lean.append(Segment(last_text, last_style))
            last_text, last_style = text, slim
        if last_text:
            lean.append(Segment(last_text, last_style))
        return lean


@lru_cache(maxsize=1024)
def _slim(style: Style) -> Style | None:
    """`style` without colours that are the terminal's own; None if nothing is left."""
    color = None if style.color is None or style.color.is_default else style.color
    bgcolor = None if style.bgcolor is None or style.bgcolor.is_default else style.bgcolor
    slim = Style(
        color=color,
        bgcolor=bgcolor,
        bold=style.bold or None,
        dim=style.dim or None,
        italic=style.italic or None,
        underline=style.underline or None,
        reverse=style.reverse or None,
        strike=style.strike or None,
        meta=style.meta or None,
    )
    return slim or None


def _shows_on_blank(style: Style) -> bool:
    """Whether a blank in `style` looks different from a plain one, or means something to the mouse."""
    return bool(style.bgcolor or style.reverse or style.underline or style.strike or style.meta)


class CharsetFilter(LineFilter):
    """For a terminal without UTF-8: what `encoding` lacks is shown by its base letter, or `?`, cell for
    cell.
    """

    def __init__(self, encoding: str) -> None:
        super().__init__()
        self.encoding = encoding

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments in characters of the encoding."""
        return [Segment(self._encodable(text), style) for text, style, _ in segments]

    def _encodable(self, text: str) -> str:
        if text.isascii():
            return text
        return "".join(_in_charset(character, self.encoding) for character in text)


@lru_cache(maxsize=4096)
def _in_charset(character: str, encoding: str) -> str:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        width = cells(character)
        if width == 1:
            base = _ORNAMENTS.get(character) or unicodedata.normalize("NFKD", character)[0]
            return base if base.isascii() else _LETTERS.get(character, "?")
        return "?" * width
    return character


def terminal_filters(encoding: str = "utf-8") -> list[LineFilter]:
    """The filters an app appends to its own, in order. One list for the life of the app: strips cache by
    filter.

    `encoding` is what `capabilities.charset()` found.
    """
    filters: list[LineFilter] = [ControlFilter(), LeanFilter()]
    if encoding != "utf-8":
        filters.append(CharsetFilter(encoding))
    return filters
