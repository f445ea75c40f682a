"""Programs on a pseudo-terminal as their user has it: over a line of so many bytes a second, with its delay.

Bytes are counted as they leave the program; the screen is what an xterm would show of those that have arrived.
"""

from __future__ import annotations

import os
import select
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pyte
from pyte.screens import Char

from tests.end_to_end.terminal import BUSY_SECONDS, PATIENCE, Terminal, processor_seconds, started
from tests.terminal.emulator import WholeScreen

PIECE, WHOLE = 512, 65536
"""Bytes read at a time from a program, on a slow line and on one without limit."""

SYNCHRONIZED = (b"\x1b[?2026$p", b"\x1b[?2026;2$y")
"""What a program asks to learn whether frames can be bracketed, and what a terminal that can answers."""

KEYS = {
    "enter": "\r", "escape": "\x1b", "tab": "\t", "shift+tab": "\x1b[Z", "backspace": "\x7f", "space": " ",
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F",
    "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f5": "\x1b[15~",
    "ctrl+d": "\x04", "ctrl+g": "\x07", "ctrl+l": "\x0c", "ctrl+p": "\x10",
}  # fmt: skip
"""What a terminal sends for keys that are no character."""

APPLICATION_KEYS = 1 << 5
"""The mode (DECCKM, as pyte numbers it) in which arrows, home and end are sent as SS3: ncurses asks for it."""


@dataclass(frozen=True)
class Line:
    """What lies between a program and its user; `seconds` is the delay each way. Nothing given: no limit."""

    bytes_per_second: float | None = None
    seconds: float = 0.0


DIRECT = Line()
HOTEL = Line(8000, 0.14)
"""The line that the figures of MEASURES are about."""


class Flow:
    """Bytes on their way in one direction of a line: so many a second, each arriving after the delay."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._free_at = 0.0
        self._coming: deque[tuple[float, bytes]] = deque()

    def take(self, read: Callable[[int], bytes]) -> None:
        """Take what there is to read, as far as the line has room for it now."""
        rate, now = self._line.bytes_per_second, time.monotonic()
        while not self.busy:
            piece = read(PIECE if rate else WHOLE)
            if not piece:
                return
            self._free_at = max(self._free_at, now) + (len(piece) / rate if rate else 0.0)
            self._coming.append((self._free_at + self._line.seconds, piece))

    def arrived(self) -> bytes:
        """What has arrived since the last look."""
        found = b""
        while self._coming and self._coming[0][0] <= time.monotonic():
            found += self._coming.popleft()[1]
        return found

    @property
    def busy(self) -> bool:
        """Whether what is sent now must wait for what was sent before."""
        return bool(self._line.bytes_per_second) and self._free_at > time.monotonic()

    @property
    def empty(self) -> bool:
        """Whether nothing is on its way."""
        return not self._coming


class XtermScreen(WholeScreen):
    """pyte's screen with what ncurses writes to an xterm besides, and with dim, kept as blink: nothing here blinks."""

    def __init__(self, columns: int, lines: int) -> None:
        super().__init__(columns, lines)
        self._last = " "

    def draw(self, data: str) -> None:
        """Print, and know what was printed last: it may be repeated."""
        self._last = data[-1:] or self._last
        super().draw(data)

    def repeat(self, count: int = 1) -> None:
        """REP: the last character once more, so many times."""
        super().draw(self._last * (count or 1))

    def scroll_up(self, count: int = 1) -> None:
        """SU: the lines between the margins go up; the cursor stays."""
        self._scrolled(super().delete_lines, count)

    def scroll_down(self, count: int = 1) -> None:
        """SD: they go down."""
        self._scrolled(super().insert_lines, count)

    def select_graphic_rendition(self, *attrs: int, private: bool = False) -> None:
        """SGR, dim among the rest."""
        if private:
            return
        changed: list[int] = []
        for place, one in enumerate(attrs):
            if one in (38, 48):  # what follows are colours, no attributes
                changed += attrs[place:]
                break
            changed += {2: [5], 22: [22, 25]}.get(one, [one])
        super().select_graphic_rendition(*changed)

    def _scrolled(self, scroll: Callable[[int], None], count: int) -> None:
        x, y = self.cursor.x, self.cursor.y
        self.cursor.y = self.margins.top if self.margins else 0
        scroll(count or 1)
        self.cursor.x, self.cursor.y = x, y


class XtermStream(pyte.ByteStream):
    """The parser of that screen."""

    csi = pyte.ByteStream.csi | {"S": "scroll_up", "T": "scroll_down", "b": "repeat"}
    events = pyte.ByteStream.events | {"scroll_up", "scroll_down", "repeat"}


class Wire(Terminal):
    """A terminal at the end of a line; `written` is what has arrived."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        descriptor: int,
        size: tuple[int, int],
        line: Line = DIRECT,
        answers: tuple[bytes, bytes] | None = None,
    ) -> None:
        super().__init__(process, descriptor, size)
        self.screen = XtermScreen(*size)
        self._stream = XtermStream(self.screen)
        self.line = line
        self.blocked = False
        self._answers = answers
        self._flow = Flow(line)
        self._going: deque[tuple[float, bytes]] = deque()

    def press(self, *keys: str) -> None:
        """Press keys: names of KEYS, else the characters themselves."""
        self.type("".join(self._sent_for(key) for key in keys))

    def type(self, keys: str) -> None:
        """Type; the program has it after the delay of the line."""
        if keys:
            self._going.append((time.monotonic() + self.line.seconds, keys.encode()))
            self._pump()

    def read(self, seconds: float) -> bytes:
        """What arrives within this time; empty if nothing does."""
        end = time.monotonic() + seconds
        while True:
            arrived = self._pump()
            left = end - time.monotonic()
            if arrived or left <= 0:
                return arrived
            self._wait(min(left, 0.01 if self._slow else 0.05))

    @property
    def came(self) -> int:
        """Bytes that have arrived."""
        return len(self.written)

    @property
    def busy(self) -> bool:
        """Whether the line still carries what was written before: what is written now must wait."""
        return self._flow.busy

    @property
    def at_rest(self) -> bool:
        """Whether nothing is under way on the line in either direction."""
        return self._flow.empty and not self._going

    def settle(self, quiet: float = 0.25) -> None:
        """Read until nothing has come for a while and the program is at rest."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            used = processor_seconds(self.process.pid)
            came = self.read(quiet)
            if not came and self.at_rest and processor_seconds(self.process.pid) - used < BUSY_SECONDS:
                break

    def step(self, *keys: str) -> int:
        """Press keys and settle after each; the bytes they cost together."""
        before = len(self.written)
        for key in keys:
            self.press(key)
            self.settle()
        return len(self.written) - before

    def cells(self) -> list[list[Char]]:
        """What stands in each cell: text, colours, attributes."""
        screen = self.screen
        return [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]

    def _sent_for(self, key: str) -> str:
        sent = KEYS.get(key, key)
        if APPLICATION_KEYS in self.screen.mode and sent[:2] == "\x1b[" and sent[2:] in tuple("ABCDHF"):
            return f"\x1bO{sent[2:]}"
        return sent

    @property
    def _slow(self) -> bool:
        return self.line != DIRECT

    def _pump(self) -> bytes:
        """Move what is due, both ways; what has arrived."""
        while self._going and self._going[0][0] <= time.monotonic():
            os.write(self._descriptor, self._going.popleft()[1])
        if not self.blocked:
            self._flow.take(self._piece)
        arrived = self._flow.arrived()
        if arrived:
            self.written += arrived
            self._stream.feed(arrived)
            self._answer(arrived)
        return arrived

    def _answer(self, arrived: bytes) -> None:
        """Answer what the program has asked, as the terminal does when the question reaches it."""
        if self._answers is not None:
            question, answer = self._answers
            recent = self.written[-len(arrived) - len(question) + 1 :]
            self.type(answer.decode() * recent.count(question))

    def _piece(self, most: int) -> bytes:
        if not select.select([self._descriptor], [], [], 0)[0]:
            return b""
        with suppress(OSError):  # the process has closed its side
            return os.read(self._descriptor, most)
        return b""

    def _wait(self, seconds: float) -> None:
        """Sleep until something may be due."""
        if self._slow or self.blocked:
            time.sleep(seconds)
        else:
            select.select([self._descriptor], [], [], seconds)


@contextmanager
def program(
    command: Sequence[str],
    environ: Mapping[str, str],
    size: tuple[int, int] = (80, 24),
    *,
    line: Line = DIRECT,
    answers: tuple[bytes, bytes] | None = None,
) -> Iterator[Wire]:
    """A program on a terminal at the end of a line; killed in the end if it is still there."""
    with started(command, environ, size) as (process, descriptor):
        yield Wire(process, descriptor, size, line, answers)


def wake_ups(process: int) -> dict[str, int]:
    """How often each thread of a process has gone to sleep, and so been woken, by name and id."""
    found = {}
    for folder in Path(f"/proc/{process}/task").iterdir():
        with suppress(OSError):
            lines = dict(line.split(":\t", 1) for line in (folder / "status").read_text().splitlines())
            found[f"{lines['Name']} {folder.name}"] = int(lines["voluntary_ctxt_switches"])
    return found
