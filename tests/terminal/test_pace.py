"""How much is on its way to a terminal at the far end of buffers that take everything."""

from __future__ import annotations

import os
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.terminal import KEYS
from console.terminal.frames import ASK
from console.terminal.pace import FIRST, LARGEST, PATIENCE, SMALLEST, Pace
from tests.end_to_end.terminal import Terminal, environment, started
from tests.terminal.emulator import Emulator

RATE, DELAY = 8000, 0.14
ANSWER = b"\x1b[?2026;2$y"


def answering(pace: Pace) -> Pace:
    pace.answered(0.0)
    return pace


def test_nothing_is_held_back_from_a_terminal_that_does_not_answer() -> None:
    pace = Pace()
    assert not any(pace.wrote(100_000, now) or pace.wait(now) for now in range(5))


def test_one_window_beyond_what_was_answered_is_written() -> None:
    pace = answering(Pace())
    assert not pace.wrote(FIRST - 1, 1.0)
    assert pace.wrote(1, 1.0)
    assert not pace.wrote(FIRST - 1, 1.0)
    assert pace.wait(1.0) == 0
    assert not pace.wrote(1, 1.0)
    assert pace.wait(1.5) == PATIENCE - 0.5
    pace.answered(1.6)
    assert pace.wait(1.6) == 0


def test_the_window_grows_while_answers_are_quick_and_shrinks_when_they_are_late() -> None:
    pace = answering(Pace())
    for start in range(10):
        assert pace.wrote(pace.window, float(start))
        pace.answered(start + 0.2)
    assert pace.window == LARGEST
    for start in range(10, 20):
        assert pace.wrote(pace.window, float(start))
        pace.answered(start + 0.9)
    assert pace.window == SMALLEST


def test_keys_pressed_now_and_then_ask_nothing_and_open_no_window() -> None:
    pace = answering(Pace())
    assert not any(pace.wrote(FIRST - 1, float(now)) for now in range(100))
    assert pace.window == FIRST


def test_a_terminal_that_answers_no_more_is_not_waited_for_for_ever() -> None:
    pace = answering(Pace())
    assert pace.wrote(FIRST, 0.0)
    pace.wrote(FIRST, 0.0)
    assert pace.wait(1.0) > 0
    assert pace.wait(PATIENCE) == 0
    assert not pace.wrote(FIRST, PATIENCE)
    assert pace.wait(PATIENCE) == 0


class BufferedLine:
    """A line of RATE bytes a second, behind buffers that take all that is written at once, as over SSH."""

    def __init__(self, terminal: Terminal, descriptor: int) -> None:
        self.terminal, self._descriptor = terminal, descriptor
        self._tail = b""
        self.emulator = Emulator(80, 24)
        self.largest = 0
        self._coming: deque[tuple[float, bytes]] = deque()
        self._going: deque[tuple[float, bytes]] = deque()
        self._free_at = time.monotonic()

    def type(self, keys: str) -> None:
        self._going.append((time.monotonic() + DELAY, keys.encode()))

    def run(self, seconds: float) -> None:
        """Let bytes come and go for a while."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._take(self.terminal.read(0.005))
            now = time.monotonic()
            while self._coming and self._coming[0][0] <= now:
                self._arrived(self._coming.popleft()[1])
            while self._going and self._going[0][0] <= now:
                os.write(self._descriptor, self._going.popleft()[1])

    def rest(self) -> None:
        """Let bytes come and go until none are on their way and the console works on nothing."""
        end = time.monotonic() + 30
        while not self.terminal.rests(lambda: self.run(0.2)) or self._coming or self._going:
            assert time.monotonic() < end, f"it does not come to rest:\n{self.emulator.text()}"

    def _take(self, written: bytes) -> None:
        for part in (written[at : at + 64] for at in range(0, len(written), 64)):
            self._free_at = max(self._free_at, time.monotonic()) + len(part) / RATE
            self._coming.append((self._free_at + DELAY, part))
        self.largest = max(self.largest, sum(len(part) for _, part in self._coming))

    def _arrived(self, part: bytes) -> None:
        self._tail += part
        *asked, self._tail = self._tail.split(ASK.encode())
        self._going.extend((time.monotonic() + DELAY, ANSWER) for _ in asked)
        self.emulator.feed(part)


@contextmanager
def slow_console(database: Path, folder: Path) -> Iterator[BufferedLine]:
    command = [sys.executable, "-m", "console", "--database", str(database)]
    with started(command, environment(folder), (80, 24)) as (process, descriptor):
        line = BufferedLine(Terminal(process, descriptor, (80, 24)), descriptor)
        end = time.monotonic() + 30
        while "Pending" not in line.emulator.text() and time.monotonic() < end:
            line.run(0.2)
        line.rest()
        yield line


def test_a_held_key_leaves_little_on_its_way(demo: Path, tmp_path: Path) -> None:
    with slow_console(demo, tmp_path) as line:
        line.largest = 0
        for _ in range(25):
            line.type(KEYS["pagedown"])
            line.type(KEYS["pageup"])
            line.run(0.066)
        line.rest()
        # Fifty pages of 1.2 kB were asked for; what lies between is some windows, not forty kilobytes.
        assert line.largest < 16_000
        assert "enter open" in line.emulator.text()
        before = line.emulator.cells()
        line.type("\x0c")
        line.rest()
        assert line.emulator.cells() == before
