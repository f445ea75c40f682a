"""The thread that writes to the terminal: always the newest frame, as much of it as the terminal takes."""

from __future__ import annotations

import os
import re
import select
from collections.abc import Callable
from threading import Condition, Thread
from time import monotonic

from console.terminal.cells import Cells
from console.terminal.difference import difference
from console.terminal.pace import Pace

PIECE = 512
"""Characters written to a slow terminal before it is looked whether a newer frame has come."""

SLOW = 0.03
"""Seconds that a write takes on a terminal that is called slow."""

BRACKETED = 3
"""Lines from which a frame is worth the sixteen bytes that make a terminal show it at once."""

CLEAN = "\x1b[m\x1b[r\x1b[2J"
"""Nothing on the screen, no style, no scroll region: where a model begins."""

ASK = "\x1b[?2026$p"
"""What a terminal answers that knows synchronized output: asked again, it tells how far it has come."""

_QUESTION = re.compile(r"\x1b\[\?[0-9]+\$p")

_UNKNOWN = "\0"
"""Stands where nobody knows what a terminal shows."""

BEGIN, END = "\x1b[?2026h", "\x1b[?2026l"
"""What is written between them a terminal shows at once (synchronized output)."""


class FrameWriter(Thread):
    """Writes to ``descriptor`` what makes the terminal show the newest frame.

    Frames do not queue: while the terminal takes one, those that follow are merged, and only what then differs from
    what it shows is written. Sequences that are no part of a frame (modes, queries, the clipboard) are written whole
    and in order, before the frame that follows them.
    """

    def __init__(
        self, descriptor: int, encoding: str, painted: Cells | None, failed: Callable[[], None]
    ) -> None:
        """``painted`` is what the terminal shows already; None if nobody knows.

        ``failed`` is called, in this thread and while the error is handled, where a frame could not be written. None
        is after that, only what leaves the terminal as it was found.
        """
        super().__init__(daemon=True, name="terminal-output")
        self._descriptor = descriptor
        self._encoding = encoding
        self._changed = Condition()
        self._asides: list[str] = []
        self._wanted: Cells | None = None
        self._cursor: tuple[int, int] | None = None
        self._shown = painted
        self._forgotten = painted is None
        self._ends = False
        self._failed = failed
        self._broken = False
        self._parked: tuple[int, int] | None = None
        self._slow = False
        self._pace = Pace()
        self.synchronized = False

    def aside(self, sequence: str) -> None:
        """Write a sequence that is no part of a frame."""
        with self._changed:
            self._asides.append(sequence)
            self._changed.notify()

    def show(self, frame: Cells, cursor: tuple[int, int] | None) -> None:
        """Show this frame instead of any before it, which its maker changes no more.

        The cursor, which is hidden, is left at that column and row when they are others than before: input methods
        show there what is being typed.
        """
        with self._changed:
            if not self._broken:
                self._wanted, self._cursor = frame, cursor
                self._changed.notify()

    def forget(self) -> None:
        """Nobody knows any more what the terminal shows: write it all."""
        with self._changed:
            self._forgotten = True
            self._changed.notify()

    def answered(self) -> None:
        """The terminal has answered: it has taken what was written before it was asked."""
        with self._changed:
            self._pace.answered(monotonic())
            self._changed.notify()

    def drop(self) -> None:
        """Show no frame any more."""
        with self._changed:
            self._wanted = None

    def stop(self) -> None:
        """Write the sequences that are left, and end."""
        with self._changed:
            self._ends = True
            self._changed.notify()
        self.join()

    def run(self) -> None:
        """Write until stopped, or until the terminal is gone."""
        try:
            while self._wait():
                self._write(self._next_piece())
        except OSError:  # it hung up: the process is told so by a signal
            return

    def _wait(self) -> bool:
        """Wait until there is something to write that may be written; False when it is time to end."""
        with self._changed:
            while not self._asides:
                held = self._pace.wait(monotonic()) if self._wanted is not None else None
                if held == 0:
                    break
                if self._ends:
                    return False
                self._changed.wait(held)
        return True

    def _next_piece(self) -> str:
        """What to write next."""
        with self._changed:
            asides, self._asides = "".join(self._asides), []
            now = monotonic()
            frame = None if self._pace.wait(now) else self._wanted
            cursor = self._cursor
            forgotten = self._forgotten and frame is not None
            self._forgotten = self._forgotten and not forgotten
        asides = self._placed(asides)
        if frame is None:
            return asides
        try:
            return asides + self._frame_piece(frame, cursor, forgotten=forgotten)
        except Exception:  # the app is told, and ends; without this thread it could not even say so
            with self._changed:
                self._broken, self._wanted = True, None
            self._failed()
            return asides

    def _placed(self, asides: str) -> str:
        """The sequences, each question asked at the beginning of the last line but one, and that cell given up.

        A terminal that does not know the question may print its last letter, which would else spoil a line, or, in
        the last cell, move them all.
        """
        if self._shown is None or not _QUESTION.search(asides):
            return asides
        line = max(self._shown.height - 2, 0)
        self._shown.characters[line][0] = _UNKNOWN
        return _QUESTION.sub(lambda question: f"\x1b[{line + 1}H{question[0]}", asides)

    def _frame_piece(self, frame: Cells, cursor: tuple[int, int] | None, *, forgotten: bool) -> str:
        shown = self._shown
        clean = ""
        if forgotten or shown is None or (shown.width, shown.height) != (frame.width, frame.height):
            clean, shown = CLEAN, Cells(frame.width, frame.height)
            self._shown = shown
        lines = sum(not shown.same_row(y, frame) for y in range(frame.height))
        written = clean + difference(shown, frame, PIECE if self._slow else None)
        done = all(shown.same_row(y, frame) for y in range(frame.height))
        if done:
            with self._changed:
                if self._wanted is frame:
                    self._wanted = None
            if cursor != self._parked and cursor is not None:
                written += f"\x1b[{cursor[1] + 1};{cursor[0] + 1}H"
            self._parked = cursor
        if self.synchronized and done and lines >= BRACKETED:
            return f"{BEGIN}{written}{END}"
        return written

    def _write(self, piece: str) -> None:
        began = monotonic()
        written = piece.encode(self._encoding, "replace")
        with self._changed:
            if self._pace.wrote(len(written), began):
                written += ASK.encode()
        left = memoryview(written)
        while left:
            try:
                left = left[os.write(self._descriptor, left) :]
            except BlockingIOError:  # somebody else has made the terminal non-blocking
                select.select([], [self._descriptor], [])
        self._slow = monotonic() - began > SLOW
