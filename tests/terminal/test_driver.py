"""The differential driver against Textual's own: after every step both must have made the same screen."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.key_script import EVERY_SCREEN, SHOWN, STEPS
from benchmarks.terminal import KEYS
from tests.end_to_end.terminal import Terminal, console, environment, run, started
from tests.terminal.emulator import Emulator
from tests.terminal.recorded import RECORD

SIZES = ((80, 24), (120, 40), (200, 60))
PATIENCE = 60.0
QUIET = 0.04
ESCAPE = 0.4


class Twins:
    """The console on a terminal, and beside it the screen that the stock driver would have made."""

    def __init__(self, terminal: Terminal, record: Path, size: tuple[int, int]) -> None:
        self.terminal, self._record = terminal, record
        self.ours, self.stock = Emulator(*size), Emulator(*size)
        self._taken = self._recorded = 0
        self.frames = 0

    def read(self, seconds: float = QUIET) -> bool:
        """Take what was written meanwhile; whether anything was."""
        self.terminal.read(seconds)
        new = self.terminal.written[self._taken :]
        self._taken += len(new)
        self.ours.feed(new)
        recorded = self._record.read_bytes()[self._recorded :] if self._record.exists() else b""
        self._recorded += len(recorded)
        self.stock.feed(recorded)
        return bool(new or recorded)

    def rest(self) -> None:
        """Wait until nothing more is written."""
        end = time.monotonic() + PATIENCE
        while self.read(5 * QUIET) and time.monotonic() < end:
            pass

    def agree(self, step: str) -> None:
        """Wait until the console is at rest; both screens must then be the same, cell by cell."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.terminal.rests(self.read) and self.ours.cells() == self.stock.cells():
                break
        for y, (ours, stock) in enumerate(zip(self.ours.cells(), self.stock.cells(), strict=True)):
            assert self.terminal.process.poll() is None, f"the console has ended after {step}"
            assert ours == stock, f"after {step}, line {y}:\n{self.ours.text()}\n\n{self.stock.text()}"

    def press(self, keys: tuple[str, ...], step: str) -> None:
        """Press keys, and compare."""
        self.terminal.type("".join(KEYS.get(key, key) for key in keys))
        if "escape" in keys:  # followed by a key at once it would be another key
            self.read(ESCAPE)
        self.agree(step)

    def resize(self, columns: int, rows: int) -> None:
        """Make the terminal another size."""
        self.read()
        self.ours.resize(columns, rows)
        self.stock.resize(columns, rows)
        self.terminal.resize(columns, rows)

    def shows(self, words: str) -> None:
        """Wait until the words are on the screen."""
        end = time.monotonic() + PATIENCE
        while words not in self.ours.text():
            assert time.monotonic() < end, f"{words!r} did not come:\n{self.ours.text()}"
            self.read()


@contextmanager
def twins(database: Path, folder: Path, size: tuple[int, int] = (80, 24), **environ: str) -> Iterator[Twins]:
    """The console on both drivers at once, its first list loaded."""
    record = folder / "stock"
    command = [sys.executable, "-m", "tests.terminal.recorded", "--database", str(database)]
    variables = environment(folder, **{RECORD: str(record)}, **environ)
    with started(command, variables, size) as (process, descriptor):
        both = Twins(Terminal(process, descriptor, size), record, size)
        both.shows("enter open")
        both.shows("Pending")
        yield both


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_every_screen_is_as_the_stock_driver_makes_it(
    demo: Path, tmp_path: Path, size: tuple[int, int]
) -> None:
    with twins(demo, tmp_path, size) as both:
        both.agree("the start")
        for name, keys in STEPS if size == SIZES[0] else EVERY_SCREEN:
            both.press(keys, name)
            assert SHOWN.get(name, "") in both.ours.text(), f"after {name}:\n{both.ours.text()}"
        assert len(both.terminal.written) < 0.65 * (tmp_path / "stock").stat().st_size


def test_wide_combining_and_ambiguous_characters_are_drawn_where_they_belong(
    demo: Path, tmp_path: Path
) -> None:
    with twins(demo, tmp_path) as both:
        both.press(("/",), "filter")
        for name in ("日本語", "e\u0301a\u0308", "한국 x", "·§°±", "\u0e01\u0e33", "👩", "ﬀ"):
            both.press((name,), f"typing {name!r}")
            both.press(("left", "left"), "going back")
            both.press(("backspace",) * 9, "taking it away")
            both.press(("end",) + ("backspace",) * 9, "taking the rest away")


def test_another_size_is_drawn_whole(demo: Path, tmp_path: Path) -> None:
    with twins(demo, tmp_path) as both:
        both.agree("the start")
        for size in ((120, 40), (61, 16), (200, 60), (40, 10), (80, 24)):
            both.resize(*size)
            both.agree(f"{size}")
            both.press(("down",), f"down at {size}")
            both.press(("pagedown",), f"page at {size}")


def test_after_a_pause_the_screen_is_there_again(demo: Path, tmp_path: Path) -> None:
    with twins(demo, tmp_path) as both:
        both.press(("down", "down"), "moving")
        shown = both.ours.cells()
        process = both.terminal.process
        os.kill(process.pid, signal.SIGTSTP)
        end = time.monotonic() + PATIENCE
        while os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is None:
            assert time.monotonic() < end
            both.read()
        both.ours.feed("\x1b[2J\x1b[Hls\r\nsomething else")
        os.kill(process.pid, signal.SIGCONT)
        while both.ours.cells() != shown and time.monotonic() < end:
            both.read()
        assert both.ours.cells() == shown
        both.terminal.type(KEYS["pagedown"])  # Textual's own driver leaves blank here what did not change
        both.rest()
        paged = both.ours.cells()
        assert paged != shown
        both.terminal.type(KEYS["ctrl+l"])
        both.rest()
        assert both.ours.cells() == paged


def test_ctrl_l_mends_what_another_program_has_written(demo: Path, tmp_path: Path) -> None:
    with twins(demo, tmp_path) as both:
        both.press(("down",), "moving")
        both.ours.feed("\x1b[10;10H\x1b[31mBroadcast message\x1b[5;10r")
        both.press(("ctrl+l",), "ctrl+l")
        both.press(("pagedown",), "a page")


def test_a_terminal_that_takes_nothing_gets_the_last_frame_only(demo: Path, tmp_path: Path) -> None:
    with twins(demo, tmp_path, (200, 60)) as both:
        both.agree("the start")
        before = len(both.terminal.written)
        for _ in range(60):
            both.terminal.type(KEYS["pagedown"] + KEYS["pageup"])
            time.sleep(0.03)
        time.sleep(1)
        both.agree("the terminal was blocked")
        queued = (tmp_path / "stock").stat().st_size
        assert len(both.terminal.written) - before < 0.2 * queued
        both.press(("down",), "one key more")


def test_the_stock_driver_is_there_for_who_asks(demo: Path, tmp_path: Path) -> None:
    for driver, reset in (("stock", True), ("differential", False)):
        arguments = ["--database", str(demo), "--driver", driver]
        with console(arguments, environment(tmp_path)) as terminal:
            terminal.shows("Pending")
            terminal.settle()
            before = len(terminal.written)
            terminal.type("j")
            terminal.settle()
            # Textual's way to end a style; ours is one byte shorter.
            assert (b"\x1b[0m" in terminal.written[before:]) is reset
            terminal.type("q")
            assert terminal.ended() == 0


def test_a_driver_that_does_not_exist_is_refused_with_the_names_of_those_that_do(
    demo: Path, tmp_path: Path
) -> None:
    done = run(["--database", str(demo), "--driver", "curses"], environment(tmp_path))
    assert done.returncode == 1
    assert "--driver cannot be 'curses'. Write \"differential\"" in done.stderr


def test_the_screen_goes_to_the_terminal_when_errors_go_to_a_file(demo: Path, tmp_path: Path) -> None:
    command = ["sh", "-c", f"exec {sys.executable} -m console --database {demo} 2>{tmp_path}/errors"]
    with started(command, environment(tmp_path), (80, 24)) as (process, descriptor):
        terminal = Terminal(process, descriptor, (80, 24))
        terminal.shows("Pending")
        terminal.type("q")
        assert terminal.ended() == 0
    assert (tmp_path / "errors").read_bytes() == b""
