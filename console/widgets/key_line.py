"""The last line: the keys that matter here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from console.text import one_line
from console.widgets.paint import Line, LineWidget, Run, line_width

ALWAYS = 2
"""So many keys at the end of the list are never dropped: help and the way out."""


@dataclass(frozen=True, slots=True)
class KeyHint:
    """A key as staff read it (`enter`, `/`), what it does in one or two words, and whether it can now."""

    key: str
    title: str
    enabled: bool = True


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
        first, last = self._keys[:-ALWAYS], self._keys[-ALWAYS:]
        while first and line_width(_hints([*first, *last])) > width:
            first = first[:-1]
        return [tuple(_hints([*first, *last]))]


def _hints(keys: Sequence[KeyHint]) -> list[Run]:
    runs: list[Run] = [(" ", "")]
    for number, hint in enumerate(keys):
        gap = "  " if number else ""
        if hint.enabled:
            runs += [(gap, ""), (hint.key, "strong"), (" " + one_line(hint.title, 20), "")]
        else:
            runs += [(gap, ""), (one_line(f"{hint.key} {hint.title}", 30), "dim")]
    return runs
