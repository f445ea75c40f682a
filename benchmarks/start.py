"""How fast the console is there: the first row, the first key answered, the whole of it.

Beside it stand a program of curses and sqlite3 that shows the same rows, and the least Textual program there can be.
Run: python -m benchmarks.start [--rounds 9] [--clients 2000] [--size 80x24]
"""

from __future__ import annotations

import argparse
import os
import select
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from benchmarks.desks import Desk
from benchmarks.terminal import KEYS
from tests.end_to_end.terminal import started
from tests.terminal.emulator import Emulator

REFERENCES = Path(__file__).parent / "references"
CONSOLE = [str(Path(sys.executable).parent / "helpdesk")]
"""The installed command, as staff start it."""

TAKEN_OVER = b"\x1b[?1004h"
"""What Textual's driver writes first of all that the first page does not."""

PATIENCE = 30.0
QUIET = 0.4
Size = tuple[int, int]
Holds = Callable[[Emulator], bool]


class Start(NamedTuple):
    """What a program wrote, piece by piece, with the seconds since it was started."""

    pieces: list[tuple[float, bytes]]
    size: Size

    def seconds(self, holds: Holds) -> float:
        """When something held of the screen for the first time."""
        emulator = Emulator(*self.size)
        for when, piece in self.pieces:
            emulator.feed(piece)
            if holds(emulator):
                return when
        raise AssertionError(f"it did not come:\n{emulator.text()}")

    def written(self, mark: bytes) -> float:
        """When this had been written."""
        whole = b""
        for when, piece in self.pieces:
            whole += piece
            if mark in whole:
                return when
        raise AssertionError(f"{mark!r} was not written")


def start(command: Sequence[str], desk: Desk, size: Size, holds: Holds, typed: str = "") -> Start:
    """Start a program with keys typed ahead, and read what it writes until something holds and it is quiet."""
    began = time.perf_counter()
    pieces: list[tuple[float, bytes]] = []
    emulator, held = Emulator(*size), False
    with started(command, desk.environ, size) as (_process, descriptor):
        os.write(descriptor, typed.encode())
        while time.perf_counter() - began < PATIENCE:
            if not select.select([descriptor], [], [], QUIET if held else PATIENCE)[0]:
                break
            pieces.append((0.0, os.read(descriptor, 65536)))
            pieces[-1] = (time.perf_counter() - began, pieces[-1][1])
            emulator.feed(pieces[-1][1])
            held = held or holds(emulator)
    return Start(pieces, size)


def first_two(desk: Desk) -> tuple[str, str]:
    """The first clients of the list."""
    with closing(sqlite3.connect(desk.database)) as connection:
        listed = "archived_at IS NULL AND deleted_at IS NULL AND absorbed_into IS NULL"
        query = f"SELECT name FROM client WHERE {listed} ORDER BY sort_name, id LIMIT 2"
        first, second = (row[0][:15] for row in connection.execute(query))
    return first, second


def shows(words: str) -> Holds:
    """Whether the words stand on the screen."""
    return lambda emulator: any(words in line for line in emulator.screen.display)


def under_cursor(line: int) -> Holds:
    """Whether the cursor is on this line of the screen."""
    return lambda emulator: bool(emulator.screen.buffer[line][5].reverse)


class Measured(NamedTuple):
    """Seconds of one round."""

    row: float
    curses_row: float
    key: float
    hello_key: float
    over: float
    menu: float


def measure(desk: Desk, size: Size) -> Measured:
    """One round: each program once for each question."""
    first, _ = first_two(desk)
    console = [*CONSOLE, "--database", str(desk.database)]
    curses = [sys.executable, str(REFERENCES / "curses_list.py"), str(desk.database)]
    hello = [sys.executable, str(REFERENCES / "hello_textual.py")]
    row = start(console, desk, size, shows(first))
    curses_row = start(curses, desk, size, shows(first))
    key = start(console, desk, size, under_cursor(4), KEYS["down"])
    hello_key = start(hello, desk, size, shows("It moved"), KEYS["down"])
    menu = start(console, desk, size, shows(" Ban "), "m")
    return Measured(
        row.seconds(shows(first)),
        curses_row.seconds(shows(first)),
        key.seconds(under_cursor(4)),
        hello_key.seconds(shows("It moved")),
        menu.written(TAKEN_OVER),
        menu.seconds(shows(" Ban ")),
    )


def report(rounds: Sequence[Measured]) -> None:
    """The figures as a table."""
    print("| what | ours | theirs | median of ratios | ratios | target |\n|---|---|---|---|---|---|")
    pairs = (
        ("first row on screen, against curses + sqlite3", "row", "curses_row", 1.25),
        ("first key answered, against a bare Textual program", "key", "hello_key", 1.2),
    )
    for what, ours, theirs, target in pairs:
        found = [(getattr(one, ours), getattr(one, theirs)) for one in rounds]
        ratios = sorted(a / b for a, b in found)
        ratio = statistics.median(ratios)
        missed = ", **missed**" if ratio > target else ""
        own, other = (statistics.median(side) * 1000 for side in zip(*found, strict=True))
        print(
            f"| {what} | {own:.0f} ms | {other:.0f} ms | {ratio:.2f} | {ratios[0]:.2f} to {ratios[-1]:.2f} "
            f"| {target}{missed} |"
        )
    for what, name in (("the whole console has taken over", "over"), ("a menu asked for at start", "menu")):
        print(f"| {what} | {statistics.median(getattr(one, name) for one in rounds) * 1000:.0f} ms | | | | |")


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--clients", type=int, default=2000)
    parser.add_argument("--size", default="80x24")
    given = parser.parse_args()
    width, height = map(int, given.size.split("x"))
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder)).make(given.clients)
        measure(desk, (width, height))  # files are in memory after this
        rounds = [measure(desk, (width, height)) for _ in range(given.rounds)]
        print(
            f"{given.size}, {given.clients:,} clients, {given.rounds} rounds, load {os.getloadavg()[0]:.1f}\n"
        )
        report(rounds)


if __name__ == "__main__":
    main()
