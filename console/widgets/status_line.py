"""The line above the keys: what the last action did, or why it did nothing."""

from __future__ import annotations

from typing import Literal

from console.text import one_line
from console.widgets.paint import Line, LineWidget

Kind = Literal["info", "refusal", "error", "busy"]

_STYLES: dict[Kind, str] = {"info": "", "refusal": "warning", "error": "danger", "busy": "dim"}


class StatusLine(LineWidget):
    """One sentence, untrusted parts and all; it stays until another replaces it."""

    DEFAULT_CSS = "StatusLine { height: 1; }"

    def __init__(self, text: str = "", kind: Kind = "info", *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._text = text
        self._kind: Kind = kind

    @property
    def text(self) -> str:
        """What is said."""
        return self._text

    @property
    def kind(self) -> Kind:
        """How it is meant."""
        return self._kind

    def show(self, text: str, kind: Kind = "info") -> None:
        """Say `text` from now on."""
        self._text, self._kind = text, kind
        self.redraw()

    def clear(self) -> None:
        """Say nothing."""
        self.show("")

    def lines(self, width: int) -> list[Line]:
        """One line, cut where it is too long."""
        return [((" ", ""), (one_line(self._text, width - 2), _STYLES[self._kind]))]
