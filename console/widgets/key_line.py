"""The last line: the keys that matter here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from console.layout.frame import KeyHint, keys_line
from console.layout.lines import Line
from console.widgets.paint import LineWidget

__all__ = ["KeyHint", "KeyLine"]


class KeyLine(LineWidget):
    """The keys from left to right; in a narrow terminal those before the last two are dropped from the
    right.
    """

    PUBLIC: ClassVar[bool] = True
    DEFAULT_CSS = "KeyLine { height: 1; }"

    def __init__(self, keys: Sequence[KeyHint] = (), *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._keys = tuple(keys)

    def set_keys(self, keys: Sequence[KeyHint]) -> None:
        """Show other keys."""
        self._keys = tuple(keys)
        self.redraw()

    def lines(self, width: int) -> list[Line]:
        """One line that never overflows while the last two fit."""
        return [keys_line(self._keys, width)]
