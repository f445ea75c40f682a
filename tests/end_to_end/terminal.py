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
from contextlib import contextmanager
from pathlib import Path

import pyte

from tests.terminal.emulator import WholeScreen

PATIENCE = 30.0
HELPDESK = [sys.executable, "-m", "console"]
ROOT = Path(__file__).parents[2]
KEPT = ("PATH", "LANG", "LD_LIBRARY_PATH", "TZ")


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

    def settle(self, quiet: float = 0.5) -> None:
        """Read until nothing has come for a while."""
        while self.read(quiet):
            pass

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
