"""The real `helpdesk` process on a real pseudo-terminal, and what a terminal would show of it."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pyte

from tests.terminal.emulator import WholeScreen

PATIENCE = 30.0
HELPDESK = [sys.executable, "-m", "console"]
ROOT = Path(__file__).parents[2]
KEPT = ("PATH", "LANG", "LD_LIBRARY_PATH", "TZ")
TAKEN_OVER = b"\x1b[?1004h"
"""What Textual's driver writes first of all that the first page does not."""

BUSY_SECONDS = 0.004
"""A program that has used more of the processor than this while nothing came is not at rest: it works on more."""

LOOK_SECONDS = 0.05


def environment(home: Path, **more: str) -> dict[str, str]:
    """What a user's shell would give: a home of its own, and nothing of the tests' settings."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | {"HOME": str(home), "TERM": "xterm-256color", "PYTHONPATH": str(ROOT)} | more


class Terminal:
    """A pseudo-terminal of 80 by 24 with a process on it, and a screen that obeys what the process writes."""

    def __init__(self, process: subprocess.Popen[bytes], descriptor: int, size: tuple[int, int]) -> None:
        self.process = process
        self.written = b""
        self.screen = WholeScreen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self._descriptor = descriptor

    def read(self, seconds: float) -> bytes:
        """What is written within this time; empty if nothing is."""
        if not select.select([self._descriptor], [], [], seconds)[0]:
            return b""
        try:
            written = os.read(self._descriptor, 65536)
        except OSError:  # the process has closed its side
            return b""
        self.written += written
        self._stream.feed(written)
        return written

    def until(self, holds: Callable[[], bool], what: str = "") -> None:
        """Read until something holds of the screen."""
        end = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > end:
                raise AssertionError(f"{what or 'it'} did not come:\n{self.text}")
            self.read(0.1)

    def shows(self, words: str) -> None:
        """Wait until the words stand on the screen."""
        self.until(lambda: words in self.text, repr(words))

    def type(self, keys: str) -> None:
        """Type."""
        os.write(self._descriptor, keys.encode())

    def taken_over(self) -> None:
        """Wait until the console has taken over from the first page."""
        self.until(lambda: TAKEN_OVER in self.written, "the console")

    def settle(self, quiet: float = 0.5) -> None:
        """Read until nothing has come for a while and the program has worked on nothing, on a slow machine, too."""
        end = time.monotonic() + PATIENCE
        busy = time.monotonic()
        while self.process.poll() is None and time.monotonic() - busy < quiet:
            assert time.monotonic() < end, f"it does not come to rest:\n{self.text}"
            if not self.rests(lambda: self.read(LOOK_SECONDS)):
                busy = time.monotonic()
        while self.read(0):
            pass

    def rests(self, read: Callable[[], object]) -> bool:
        """Whether the program works on nothing and nothing comes while it is read from."""
        process = self.process.pid
        used = processor_seconds(process)
        return not read() and not is_running(process) and processor_seconds(process) - used < BUSY_SECONDS

    def resize(self, columns: int, rows: int) -> None:
        """Make the terminal another size, as its user would with the mouse."""
        fcntl.ioctl(self._descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)
        os.kill(self.process.pid, signal.SIGWINCH)

    def ended(self) -> int:
        """Wait for the end of the process; its exit code."""
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < end:
            self.read(0.1)
        while self.read(0.1):
            pass
        return self.process.wait(timeout=1)

    @property
    def text(self) -> str:
        """What the screen shows."""
        return "\n".join(self.screen.display)

    @property
    def lines(self) -> Sequence[str]:
        """What the screen shows, line by line."""
        return self.screen.display


@contextmanager
def console(
    arguments: Sequence[str], environ: Mapping[str, str], size: tuple[int, int] = (80, 24)
) -> Iterator[Terminal]:
    """The console on a terminal; killed in the end if it is still there."""
    with started([*HELPDESK, *arguments], environ, size) as (process, descriptor):
        yield Terminal(process, descriptor, size)


@contextmanager
def started(
    command: Sequence[str], environ: Mapping[str, str], size: tuple[int, int]
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Any program on a terminal of its own, and the terminal's other end; killed in the end if it is still there."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def take_terminal() -> None:
        for one in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):  # ignored behind a shell, and inherited so
            signal.signal(one, signal.SIG_DFL)
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    process = subprocess.Popen(
        command,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=dict(environ),
        preexec_fn=take_terminal,  # noqa: PLW1509 - no thread holds a lock here
        cwd=environ["HOME"],
    )
    os.close(theirs)
    try:
        yield process, ours
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        os.close(ours)


def run(
    arguments: Sequence[str], environ: Mapping[str, str], **how: object
) -> subprocess.CompletedProcess[str]:
    """A command without a terminal."""
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        [*HELPDESK, *arguments],
        env=dict(environ),
        cwd=environ["HOME"],
        capture_output=True,
        text=True,
        timeout=PATIENCE * 4,
        stdin=subprocess.DEVNULL,
        check=False,
        **how,
    )


def processor_seconds(process: int) -> float:
    """The processor's time that all threads of a process have used so far; 0.0 for one that has ended."""
    used = 0
    for file in Path(f"/proc/{process}/task").glob("*/schedstat"):
        with suppress(OSError):  # a thread that has just ended
            used += int(file.read_text().split()[0])
    return used / 1e9


def is_running(process: int) -> bool:
    """Whether a thread of a process has a processor or waits for one."""
    for file in Path(f"/proc/{process}/task").glob("*/stat"):
        with suppress(OSError):
            if file.read_text().rpartition(")")[2].split()[0] == "R":
                return True
    return False
