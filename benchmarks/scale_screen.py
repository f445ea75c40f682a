"""The console on a terminal, by the size of its base: python -m benchmarks.scale_screen [SMALL LARGE] [--rounds N].

Two consoles run side by side, one on each SQLite file of ``benchmarks.base`` (without any, of files made with 1,000
and 100,000 clients); every key is pressed on both in turn, and
timed from the key to the last byte. Then typing in the filter of the larger, beside fzf on the same lines, if Debian's
fzf is installed (``make bench-packages``).
"""

import argparse
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks import base as builder
from benchmarks.terminal import Wire, program
from tests.end_to_end.terminal import environment

SIZES = (1000, 100_000)
SIZE = (120, 40)
QUIET = 0.35
"""Seconds without a byte after which a key is dealt with."""
PATIENCE = 3.0
"""Seconds after which a key that has caused no byte is taken to cause none."""

SCROLLED = 2000
KEYS = {
    "down": ("down",),
    "page down": ("pagedown",),
    "last row": ("end",),
    "first row": ("home",),
    "jump to m": ("'", "m"),
    "open a client, and back": ("enter", "q"),
    "organizations, and back": ("2", "1"),
}
FZF = ["nowak", "kowal", "anna", "jan", "warsz", "acme", "info", "muller", "jose", "petr", "601", "smith"]


def main(given: list[Path], rounds: int, scrolled: int) -> None:
    """Measure, and print."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = given or _made(Path(folder))
        with _console(small, Path(folder)) as one, _console(large, Path(folder)) as other:
            _keys((one, other), rounds)
            _memory((one, other), scrolled)
        if shutil.which("fzf"):
            _typing(large, Path(folder))
        else:
            print("\nfzf is not installed: as root, make bench-packages.")


def _made(folder: Path) -> list[Path]:
    files = [folder / f"{count}.db" for count in SIZES]
    for file, count in zip(files, SIZES, strict=True):
        builder.build_clients(file, count)
    return files


@contextmanager
def _console(database: Path, folder: Path) -> Iterator[Wire]:
    command = [sys.executable, "-m", "console", "--database", str(database)]
    with program(command, environment(folder, LANG="C.UTF-8", HELPDESK_TIME_ZONE="UTC"), SIZE) as terminal:
        terminal.shows("all clients")
        terminal.shows("@")
        terminal.settle()
        yield terminal


def _press(terminal: Wire, *keys: str) -> float:
    """Seconds from the keys to the last byte they cause."""
    begun = time.perf_counter()
    last = None
    for key in keys:
        terminal.press(key)
    while time.perf_counter() - (last or begun) < (QUIET if last else PATIENCE):
        if terminal.read(0.02):
            last = time.perf_counter()
    return (last or begun) - begun


def _keys(both: tuple[Wire, Wire], rounds: int) -> None:
    taken: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for number in range(rounds + 1):
        for what, keys in KEYS.items():
            pair = [0.0, 0.0]
            for place in (0, 1) if number % 2 else (1, 0):
                pair[place] = _press(both[place], *keys)
                if what == "jump to m":
                    _press(both[place], "enter")
            if number and all(pair):
                taken[what].append((pair[0], pair[1]))
    print("| key to last byte, ms | small | large | large / small | target |\n|---|---|---|---|---|")
    for what, pairs in taken.items():
        one, other = (statistics.median(side) * 1000 for side in zip(*pairs, strict=True))
        ratio = statistics.median(large / small for small, large in pairs)
        print(f"| {what} | {one:.0f} | {other:.0f} | {ratio:.2f} | 1.2 |")


def _memory(both: tuple[Wire, Wire], scrolled: int) -> None:
    before = [_resident(one) for one in both]
    for terminal in both:
        for _ in range(scrolled):
            terminal.press("pagedown")
            terminal.read(0.001)
        terminal.settle()
    after = [_resident(one) for one in both]
    print("\n| memory, MB | small | large | large / small | target |\n|---|---|---|---|---|")
    for what, (one, other) in (("after these keys", before), (f"after {scrolled:,} pages more", after)):
        print(f"| {what} | {one:.1f} | {other:.1f} | {other / one:.2f} | 1.1 |")


def _resident(terminal: Wire) -> float:
    """Megabytes that are the process's own: pages of the database file, which the kernel takes back, do not count."""
    for line in Path(f"/proc/{terminal.process.pid}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _typing(database: Path, folder: Path) -> None:
    """Each letter typed into the filter, and into fzf on the same lines."""
    lines = folder / "lines"
    count = _write_lines(database, lines)
    with ExitStack() as stack:
        ours = stack.enter_context(_console(database, folder))
        command = ["sh", "-c", f"fzf --no-mouse < {lines}"]
        theirs = stack.enter_context(program(command, environment(folder, LANG="C.UTF-8"), SIZE))
        theirs.shows(f"{count}/{count}")
        taken: list[tuple[float, float]] = []
        _press(ours, "/")
        for number, word in enumerate(FZF):
            for letter in word:
                pair = [0.0, 0.0]
                for place in (0, 1) if number % 2 else (1, 0):
                    pair[place] = _press((ours, theirs)[place], letter)
                taken.append((pair[0], pair[1]))
            for terminal in (ours, theirs):
                _press(terminal, *["backspace"] * len(word))
    print(f"\n| typing among {count:,}, ms | ours | fzf | ratio | target |\n|---|---|---|---|---|")
    mine, fzf = ([seconds * 1000 for seconds in side] for side in zip(*taken, strict=True))
    print(f"| p50 | {statistics.median(mine):.0f} | {statistics.median(fzf):.0f} |", end="")
    print(f" {statistics.median(mine) / statistics.median(fzf):.2f} | 0.25 |")
    last = [statistics.quantiles(side, n=20)[-1] for side in (mine, fzf)]
    print(f"| p95 | {last[0]:.0f} | {last[1]:.0f} | {last[0] / last[1]:.2f} | 0.4 |")


def _write_lines(database: Path, file: Path) -> int:
    connection = sqlite3.connect(database)
    rows = connection.execute("SELECT name, email, mobile, organization_sort FROM client")
    count = 0
    with file.open("w") as lines:
        for row in rows:
            lines.write(" ".join(row) + "\n")
            count += 1
    connection.close()
    return count


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="*")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--pages", type=int, default=SCROLLED)
    given = parser.parse_args()
    main(given.files, given.rounds, given.pages)
