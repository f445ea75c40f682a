"""The terminal before Textual has it: keys one by one, modes that are given back whatever happens."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import termios
from collections.abc import Iterator
from types import FrameType

INPUT, OUTPUT = 0, 2
"""Textual reads and writes there, too."""

_LEAVE = "\x1b[m\x1b[?7h\x1b[?1049l\x1b[?25h"

# What Textual's driver may have switched on, for a process that is told to end while it runs.
_ALL_OFF = "\x1b[?2026l\x1b[r\x1b[?1000;1003;1004;1006;1015;2004;2048l\x1b[<u"
_ENDING = (signal.SIGHUP, signal.SIGTERM)


class Terminal:
    """This process's terminal, in the modes Textual uses; ``restore`` gives back those it was in."""

    def __init__(self) -> None:
        self.modes = termios.tcgetattr(INPUT)
        self._watched: list[signal.Signals] = []
        self._left = False
        self.resized = False
        self.handed_over = False

    def take(self) -> None:
        """Get keys one by one, unseen. What has been typed is kept: nothing is flushed."""
        self._watch()
        # Stopped here, it would leave the shell a strange screen; Textual, which has it soon, knows how to stop.
        if signal.getsignal(signal.SIGTSTP) is signal.SIG_DFL:
            signal.signal(signal.SIGTSTP, signal.SIG_IGN)
            self._watched.append(signal.SIGTSTP)
        signal.signal(signal.SIGWINCH, self._note_resize)
        modes = termios.tcgetattr(INPUT)
        modes[0] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
        modes[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
        modes[6][termios.VMIN], modes[6][termios.VTIME] = 1, 0
        termios.tcsetattr(INPUT, termios.TCSANOW, modes)

    @contextlib.contextmanager
    def lent(self) -> Iterator[None]:
        """While Textual has it, where there was no first page: whoever is told to end then leaves it usable."""
        self.handed_over = True
        self._watch()
        try:
            yield
        finally:
            self.restore()

    def _watch(self) -> None:
        for number in _ENDING:
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, self._ended)
                self._watched.append(number)

    def typed_before(self) -> bytes:
        """What was typed before ``take``, when the terminal still made line feeds of enter."""
        return self.read().replace(b"\n", b"\r") if self.waits() else b""

    @staticmethod
    def waits(seconds: float = 0.0) -> bool:
        """Whether something has been typed, after waiting for it."""
        return bool(select.select([INPUT], [], [], seconds)[0])

    @staticmethod
    def read() -> bytes:
        """What has been typed; empty if the terminal is gone."""
        try:
            return os.read(INPUT, 4096)
        except OSError:
            return b""

    @staticmethod
    def size() -> tuple[int, int]:
        """Columns and lines."""
        width, height = os.get_terminal_size(OUTPUT)
        return width, height

    @staticmethod
    def write(text: str) -> None:
        """Write all of it."""
        left = memoryview(text.encode())
        while left:
            left = left[os.write(OUTPUT, left) :]

    def restore(self) -> None:
        """Give the terminal back as it was: its usual screen, unless Textual has left the other one, and its modes."""
        if self._left:
            return
        self._left = True
        for number in self._watched:
            signal.signal(number, signal.SIG_DFL)
        with contextlib.suppress(OSError, termios.error):
            if not self.handed_over:
                self.write(_LEAVE)
            termios.tcsetattr(INPUT, termios.TCSANOW, self.modes)

    def _note_resize(self, _number: int, _frame: FrameType | None) -> None:
        self.resized = True

    def _ended(self, number: int, _frame: FrameType | None) -> None:
        """Told to end: leave the terminal usable, then end as one who is told so ends."""
        with contextlib.suppress(OSError):
            self._write_at_once((_ALL_OFF if self.handed_over else "") + _LEAVE)
        self.handed_over = True  # it is left, as far as it can be
        self.restore()
        os.kill(os.getpid(), number)

    @staticmethod
    def _write_at_once(text: str) -> None:
        """Write what the terminal takes now: one that takes nothing must not keep the process."""
        output = OUTPUT if os.isatty(OUTPUT) else 1
        os.set_blocking(output, False)
        try:
            os.write(output, text.encode())
        finally:
            os.set_blocking(output, True)
