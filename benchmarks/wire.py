"""What the console writes: bytes per key on every screen, and what that means over a slow line.

Ours is the differential driver; beside it stand the stock driver, a curses program that shows the same list, mutt and
aerc. Run: python -m benchmarks.wire [list script idle hold triage] [--size 80x24]; all parts unless some are named.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.desks import Desk
from benchmarks.key_script import CLIENTS, STEPS
from benchmarks.slow_line import hold, triage
from benchmarks.terminal import Wire, program, wake_ups
from tests.terminal.emulator import Emulator
from tests.terminal.recorded import RECORD

SIZES = ((80, 24), (120, 40), (200, 60))
ROOT = Path(__file__).parents[1]
CURSES = Path(__file__).parent / "references" / "curses_list.py"
WHO = 20
"""Cells at the end of the title line in which the name of the user stands."""

IDLE_SECONDS = 10


def listed(terminal: Wire) -> None:
    """Wait until the list of clients is there."""
    terminal.until(lambda: "approved" in terminal.text, "the list")
    terminal.settle()


# The list beside curses


def the_list(desk: Desk, _size: tuple[int, int]) -> None:
    """First screen, move, scroll and page: the same rows by three programs."""
    print("| size | what | ours | stock | curses | ours / curses | target |\n|---|---|---|---|---|---|---|")
    for size in SIZES:
        ours = _list_bytes(desk.console(), desk, size)
        stock = _list_bytes(desk.console("--driver", "stock"), desk, size)
        curses = _list_bytes(_curses(desk, size), desk, size)
        for what, target in (("first screen", 1.2), ("move", 1.15), ("scroll", 1.0), ("page", 1.0)):
            ratio = ours[what] / curses[what]
            missed = ", **missed**" if ratio > target else ""
            print(
                f"| {size[0]}x{size[1]} | {what} | {ours[what]:,} | {stock[what]:,} | {curses[what]:,} "
                f"| {ratio:.2f} | {target}{missed} |",
                flush=True,
            )


def _curses(desk: Desk, size: tuple[int, int]) -> list[str]:
    """The curses program, told what stands around the list."""
    with program(desk.console(), desk.environ, size) as terminal:
        listed(terminal)
        title, keys = terminal.lines[0], terminal.lines[-1]
    around = [title[:-WHO].rstrip(), title[-WHO:].strip(), keys.rstrip()]
    return [sys.executable, str(CURSES), str(desk.database), *around]


def _list_bytes(command: Sequence[str], desk: Desk, size: tuple[int, int]) -> dict[str, int]:
    """Bytes of the first screen, and of a key that moves, scrolls, pages, in the mean of some."""
    with program(command, desk.environ, size) as terminal:
        listed(terminal)
        found = {"first screen": len(terminal.written)}
        found["move"] = terminal.step(*["down"] * 6) // 6
        terminal.step("home", *["down"] * (size[1] - 6))
        found["scroll"] = terminal.step(*["down"] * 6) // 6
        terminal.step("home")
        found["page"] = terminal.step(*["pagedown"] * 4) // 4
    return found


# Every screen beside the stock driver


def the_script(desk: Desk, size: tuple[int, int]) -> None:
    """Bytes of every step of the script, and whether both drivers' terminals show the same after it."""
    record = desk.folder / "stock.bytes"
    record.write_bytes(b"")
    command = [sys.executable, "-m", "tests.terminal.recorded", *desk.console(copy="script")[3:]]
    environ = desk.environ | {RECORD: str(record)}
    drawn, theirs, taken = Emulator(*size), Emulator(*size), _Taken(record)
    sums, over, differ = [0, 0], [], []
    print(f"| step, {size[0]}x{size[1]} | ours | stock | ratio |\n|---|---|---|---|")
    with program(command, environ, size) as terminal:
        listed(terminal)
        seen = 0
        for name, keys in (("start", ()), *STEPS):
            terminal.step(*keys)
            ours, stock = terminal.written[seen:], taken.more()
            seen += len(ours)
            drawn.feed(ours)
            theirs.feed(stock)
            ratio = len(ours) / len(stock) if stock else float(bool(ours))
            sums = [sums[0] + len(ours), sums[1] + len(stock)]
            over += [name] if ratio > 1 else []
            differ += [name] if drawn.cells() != theirs.cells() else []
            print(f"| {name} | {len(ours):,} | {len(stock):,} | {ratio:.2f} |", flush=True)
    print(f"| **sum** | {sums[0]:,} | {sums[1]:,} | {sums[0] / sums[1]:.2f} (target 0.65) |")
    print(
        f"\nSteps above 1.0: {', '.join(over) or 'none'}. Cells differ after: {', '.join(differ) or 'none'}."
    )


class _Taken:
    """A file that grows, read piece by piece."""

    def __init__(self, file: Path) -> None:
        self._file, self._place = file, 0

    def more(self) -> bytes:
        """What has come since."""
        with self._file.open("rb") as opened:
            opened.seek(self._place)
            found = opened.read()
        self._place += len(found)
        return found


# Idle


def idle(desk: Desk, size: tuple[int, int]) -> None:
    """Bytes, and how often which thread wakes, while nobody touches the list."""
    print("| driver | bytes | thread | wake-ups a second |\n|---|---|---|---|")
    for driver in ("differential", "stock"):
        with program(desk.console("--driver", driver), desk.environ, size) as terminal:
            listed(terminal)
            terminal.step("down")
            terminal.settle(2.0)
            before, written = wake_ups(terminal.process.pid), len(terminal.written)
            terminal.read(IDLE_SECONDS)
            after, came = wake_ups(terminal.process.pid), len(terminal.written) - written
        for thread, count in after.items():
            often = (count - before.get(thread, 0)) / IDLE_SECONDS
            if often:
                print(f"| {driver} | {came} | {thread.rsplit(' ', 1)[0]} | {often:.1f} |", flush=True)


PARTS: dict[str, Callable[[Desk, tuple[int, int]], Any]] = {
    "list": the_list,
    "script": the_script,
    "idle": idle,
    "hold": hold,
    "triage": triage,
}
CLIENTS_OF = {"script": CLIENTS}
MANY = 2000


def main() -> None:
    """Print the parts that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "parts", nargs="*", choices=[*PARTS, []], help="which of them; all unless some are named"
    )
    parser.add_argument("--size", default="80x24", help="the terminal of all but the list")
    options = parser.parse_args()
    columns, rows = map(int, options.size.split("x"))
    for part in options.parts or PARTS:
        print(f"\n### {part}\n", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            desk = Desk(Path(folder)).make(CLIENTS_OF.get(part, MANY))
            PARTS[part](desk, (columns, rows))


if __name__ == "__main__":
    main()
