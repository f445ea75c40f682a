"""What is typed while the console is still being imported: keys the first page answers, and all that follows them."""

from __future__ import annotations

import re
from collections.abc import Callable
from time import monotonic

from console.layout.window import Window

ESCAPE_SECONDS = 0.1
"""Seconds after which an escape that stands alone is the key, and no beginning of another. Textual's own."""

_KEY = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|O[ -~])|[\x00-\x1a\x1c-\x7f]")
_UNFINISHED = re.compile(
    rb"(?:\x1b(?:\[[0-?]*[ -/]*|O)?|[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})\Z"
)
_ESCAPE = b"\x1b"
_LEAVE = b"q"

_MOVES: dict[bytes, Callable[[Window], int]] = {
    **dict.fromkeys((b"\x1b[B", b"\x1bOB", b"j"), lambda window: window.move(1)),
    **dict.fromkeys((b"\x1b[A", b"\x1bOA", b"k"), lambda window: window.move(-1)),
    b"\x1b[6~": lambda window: window.page(window.height),
    b"\x1b[5~": lambda window: window.page(-window.height),
    **dict.fromkeys(
        (b"\x1b[H", b"\x1bOH", b"\x1b[1~", b"g"), lambda window: int(not window.jump(last=False))
    ),
}
"""What each key does in the list; the result is 0 where it could be done with the rows that are held."""


class Typed:
    """Answers what it can by moving in ``window``, and keeps the rest: one key that is kept, and all that follow it.

    ``kept`` are pieces of whole keys, in order; a piece ends where an escape stood alone.
    """

    def __init__(self, window: Window | None) -> None:
        self.kept: list[bytes] = []
        self._window = window
        self._begun = b""
        self._last = 0.0

    def take(self, typed: bytes) -> bool:
        """Deal with what was typed; False if the user leaves."""
        now = monotonic()
        if self._end.endswith(_ESCAPE) and now - self._last > ESCAPE_SECONDS:
            self.kept += [_ESCAPE, b""] if self._begun else [b""]
            self._begun = b""
        self._last = now
        if self.kept:
            self.kept[-1] += typed
            return True
        self._begun += typed
        while key := _KEY.match(self._begun):
            if key[0] == _LEAVE:
                return False
            if not self._move(key[0]):
                break
            self._begun = self._begun[key.end() :]
        if self._begun and not _UNFINISHED.match(self._begun):
            self.kept, self._begun = [self._begun], b""
        return True

    def stop(self) -> None:
        """Keep whatever is typed from now on."""
        self._window = None

    @property
    def seconds_left(self) -> float:
        """How long the rest of a key that has been begun may still take; 0 if none has."""
        waits = _UNFINISHED.search(self._end) is not None
        return max(0.0, self._last + ESCAPE_SECONDS - monotonic()) if waits else 0.0

    def finish(self) -> tuple[bytes, ...]:
        """No more will be typed here: all that is kept."""
        pieces, self.kept, self._begun = [*self.kept, self._begun], [], b""
        return tuple(piece for piece in pieces if piece)

    @property
    def _end(self) -> bytes:
        return self._begun or (self.kept[-1] if self.kept else b"")

    def _move(self, key: bytes) -> bool:
        """Make the move of a key; False, and nothing moved, if it is none or needs rows that are not held."""
        move, window = _MOVES.get(key), self._window
        if move is None or window is None or not window.rows:
            return False
        before = window.top, window.cursor
        if move(window):
            window.top, window.cursor = before
            return False
        return True
