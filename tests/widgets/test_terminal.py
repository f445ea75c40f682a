"""What stands between the console and the terminal: filters, capabilities, colours, bytes."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.widgets import Static

from console.terminal import capabilities
from console.terminal.line_filter import CharsetFilter, ControlFilter, LeanFilter
from tests.hostile.payloads import PAYLOADS
from tests.widgets.drawing import DrawingApp, foreign_characters, screen_bytes

BLACK = Color(0, 0, 0)
_BACKGROUND = re.compile(rb"\x1b\[[0-9;]*(?:\b4[0-79]|48;|10[0-7])[0-9;]*m")
ROOT = Path(__file__).parents[2]


def test_the_guard_drops_controls_and_keeps_the_width() -> None:
    for text in PAYLOADS.values():
        (guarded,) = ControlFilter().apply([Segment(text[:5000])], BLACK)
        assert cell_len(guarded.text) == cell_len(text[:5000])
        assert foreign_characters(guarded.text) <= set("\u200d\ufe0f")


def test_the_guard_takes_links_out() -> None:
    (guarded,) = ControlFilter().apply(
        [Segment("bank", Style(link="https://evil.example", bold=True))], BLACK
    )
    assert guarded.style == Style(bold=True)


def test_the_guard_leaves_honest_segments_alone() -> None:
    segments = [Segment("Anna Żak", Style(bold=True)), Segment("日本 ")]
    assert ControlFilter().apply(segments, BLACK) is segments


def test_default_colours_cost_nothing_and_neighbours_are_joined() -> None:
    default = Style.parse("default on default")
    bold = Style.parse("bold default on default")
    segments = [
        Segment("a", default),
        Segment(" ", bold),
        Segment("b"),
        Segment("c", bold),
        Segment("d", bold),
    ]
    assert LeanFilter().apply(segments, BLACK) == [Segment("a b"), Segment("cd", Style(bold=True))]


def test_blanks_keep_a_style_that_shows() -> None:
    reverse = Style(reverse=True)
    assert LeanFilter().apply([Segment("  ", reverse), Segment("x", reverse)], BLACK) == [
        Segment("  x", reverse)
    ]


def test_a_terminal_without_utf_8_gets_letters_it_has() -> None:
    latin = CharsetFilter("latin-1").apply([Segment("Północ · Żak… 日本")], BLACK)
    assert latin == [Segment("Pólnoc · Zak~ ????")]
    ascii_only = CharsetFilter("ascii").apply([Segment("Północ · │ Żak…")], BLACK)
    assert ascii_only == [Segment("Polnoc - | Zak~")]


async def test_the_guard_catches_what_a_stock_widget_lets_through() -> None:
    hostile = "title\x1b]0;owned\x07 \x9b2J \u202e"
    app = DrawingApp(lambda: [Static(hostile, markup=False)])
    async with app.run_test(size=(60, 3)) as pilot:
        await pilot.pause()
        assert foreign_characters(screen_bytes(app)) == set()


def test_a_terminal_that_cannot_draw_is_refused_in_a_sentence() -> None:
    assert capabilities.refuse_terminal({"TERM": "xterm"}, is_terminal=True) is None
    for refusal, word in (
        (capabilities.refuse_terminal({"TERM": "dumb"}, is_terminal=True), "TERM=dumb"),
        (capabilities.refuse_terminal({}, is_terminal=True), "TERM is not set"),
        (capabilities.refuse_terminal({"TERM": "xterm"}, is_terminal=False), "ssh -t"),
    ):
        assert refusal is not None
        assert word in refusal
        assert "\n" not in refusal


def test_a_small_terminal_says_what_it_needs() -> None:
    assert capabilities.too_small(80, 24) is None
    assert capabilities.too_small(60, 15) is None
    sentence = "The console needs 80×24; this terminal is 20×5. Enlarge it, or press q to leave."
    assert capabilities.too_small(20, 5) == sentence


def test_what_the_environment_asks_for() -> None:
    assert capabilities.colours_off({"NO_COLOR": "1"})
    assert not capabilities.colours_off({"NO_COLOR": ""})
    assert capabilities.mouse_wanted({})
    assert not capabilities.mouse_wanted({"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"})
    assert capabilities.mouse_wanted({"SSH_CONNECTION": "x"}, asked=True)


@pytest.mark.parametrize(
    ("environ", "charset"),
    [
        ({}, "utf-8"),
        ({"LANG": "C"}, "utf-8"),
        ({"LANG": "pl_PL.UTF-8"}, "utf-8"),
        ({"LANG": "pl_PL.ISO-8859-2"}, "iso8859-2"),
        ({"LANG": "pl_PL.UTF-8", "LC_ALL": "de_DE.ISO-8859-15@euro"}, "iso8859-15"),
        ({"LANG": "xx.nonsense"}, "utf-8"),
    ],
)
def test_the_locale_says_what_can_be_printed(environ: dict[str, str], charset: str) -> None:
    assert capabilities.charset(environ) == charset


class Terminal:
    """A gallery running on a pseudo-terminal of 80 by 24 with Textual's own driver."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def read(self, quiet: float = 0.4, first: float = 10.0) -> bytes:
        """What is written until nothing comes for `quiet` seconds; the first byte is waited for longer."""
        written = b""
        patience = first
        while select.select([self.descriptor], [], [], patience)[0]:
            written += os.read(self.descriptor, 65536)
            patience = quiet
        return written

    def press(self, keys: bytes) -> bytes:
        """What is written after these keys."""
        os.write(self.descriptor, keys)
        return self.read()


@contextmanager
def gallery(**environ: str) -> Iterator[Terminal]:
    child, descriptor = pty.fork()
    if child == 0:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        os.chdir(ROOT)
        program = [sys.executable, "-m", "tests.widgets.gallery", "clients"]
        os.execve(sys.executable, program, kept | {"TERM": "xterm-256color"} | environ)
    try:
        fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        yield Terminal(descriptor)
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
        os.close(descriptor)


def test_the_bytes_of_keys_on_a_real_terminal() -> None:
    with gallery() as terminal:
        first = terminal.read(quiet=1.5)
        assert _BACKGROUND.search(first) is None
        assert b"owned\x07" not in first
        terminal.press(b"j")
        assert len(terminal.press(b"j")) <= 210
        assert len(terminal.press(b"k")) <= 210
        assert len(terminal.press(b"\x1b[6~")) <= 1_900
        assert len(terminal.press(b"b")) <= 600  # a prompt opens
        assert len(terminal.press(b"x")) <= 80
        assert len(terminal.press(b"\x07")) <= 400  # and is cancelled
        started = time.monotonic()
        assert terminal.read(first=1.5) == b""
        assert time.monotonic() - started >= 1.4


def test_no_color_writes_no_colour() -> None:
    with gallery(NO_COLOR="1") as terminal:
        first = terminal.read(quiet=1.5)
        for colour in (b"[36m", b"[33m", b"[31m", b";36m", b";33m", b"38;", b"48;"):
            assert colour not in first
        assert b"\x1b[7m" in first
