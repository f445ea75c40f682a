"""A few words at one end of a line."""

from __future__ import annotations

from typing import ClassVar

from console.text import wrap
from console.widgets import mask
from console.widgets.paint import Line, LineWidget, sides, spaced

MOST = 4000
"""Characters of a notice that are looked at."""


class Said(LineWidget):
    """Untrusted text at the left or right end of its line; a part of lines that also have an input."""

    PUBLIC: ClassVar[bool] = True
    DEFAULT_CSS = "Said { height: 1; }"

    def __init__(
        self,
        text: str = "",
        style: str = "",
        *,
        right: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self._text, self._style, self._right = text, style, right
        self._hidden: str | None = None

    @property
    def text(self) -> str:
        """What is said."""
        return self._text

    def say(self, text: str, style: str | None = None, *, hidden: str | None = None) -> None:
        """Show another text, in the same style or another; `hidden`, if given, while personal data is masked."""
        self._text, self._hidden = text, hidden
        self._style = self._style if style is None else style
        self.redraw()

    def lines(self, width: int) -> list[Line]:
        """One line, with a blank between the text and the edge of the screen."""
        said = self._text if self._hidden is None or not mask.masked(self) else self._hidden
        text = spaced(said, max(width - 1, 0))
        if self._right:
            return [sides([], [(text + " ", self._style)], width)]
        return [((" " + text, self._style),)]


class Notice(LineWidget):
    """An untrusted text in as many lines as it takes: what there is to say when nothing else fits or
    exists.
    """

    PUBLIC: ClassVar[bool] = True
    DEFAULT_CSS = "Notice { height: auto; }"

    def __init__(self, text: str = "", style: str = "", *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._text, self._style = text, style

    def say(self, text: str) -> None:
        """Show another text."""
        self._text = text
        self.redraw()

    def lines(self, width: int) -> list[Line]:
        """The text wrapped, a blank at its left."""
        return [((" " + line, self._style),) for line in wrap(self._text[:MOST], width - 2)]
