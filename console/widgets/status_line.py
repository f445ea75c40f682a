"""The line above the keys: what the last action did, or why it did nothing."""

from __future__ import annotations

from typing import ClassVar, Literal

from console.text import one_line
from console.widgets import mask
from console.widgets.paint import Line, LineWidget

UNDOES = " · u undoes"
"""What is said behind an action that can be taken back."""

Kind = Literal["info", "refusal", "error", "busy"]

_STYLES: dict[Kind, str] = {"info": "", "refusal": "warning", "error": "danger", "busy": "dim"}


class StatusLine(LineWidget):
    """One sentence, untrusted parts and all; it stays until another replaces it."""

    PUBLIC: ClassVar[bool] = True
    DEFAULT_CSS = "StatusLine { height: 1; }"

    def __init__(self, text: str = "", kind: Kind = "info", *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._text = text
        self._kind: Kind = kind
        self._hidden = ""

    @property
    def text(self) -> str:
        """What is said."""
        return self._text

    @property
    def kind(self) -> Kind:
        """How it is meant."""
        return self._kind

    def show(self, text: str, kind: Kind = "info", *, hidden: str = mask.HIDDEN) -> None:
        """Say `text` from now on; `hidden` instead while personal data is masked."""
        self._text, self._kind, self._hidden = text, kind, hidden
        self.redraw()

    def clear(self) -> None:
        """Say nothing."""
        self.show("", hidden="")

    def lines(self, width: int) -> list[Line]:
        """One line, cut where it is too long; how it is taken back stays in sight."""
        text = self._hidden if mask.masked(self) else self._text
        told, undoes = text.removesuffix(UNDOES), UNDOES if text.endswith(UNDOES) else ""
        shown = one_line(told, width - 2 - len(undoes)) + undoes
        return [((" ", ""), (shown, _STYLES[self._kind]))]
