"""The console over a hotel's line, beside mutt and aerc: a key held down, and twenty clients looked at in turn."""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from benchmarks import ssh
from benchmarks.desks import Desk, write_maildir, write_mbox
from benchmarks.terminal import HOTEL, SYNCHRONIZED, Line, Wire, program

ROUNDS = 5
HELD_SECONDS, REPEATS = 3.0, 30
MESSAGES = 1000
READ = 20
PACE = 0.7
"""Seconds between two keys of somebody who reads fast."""

REST = 1.5
"""Seconds without a byte after which a program over a slow line is at rest."""

STARTED = 5.0
"""The same after the first screen, behind which a program may still be loading in silence."""

AERC = ".config/aerc"
READY = {"console": "approved", "mutt": "q:Quit", "aerc": "INBOX"}


def hold(desk: Desk, size: tuple[int, int]) -> None:
    """Hold the key down on a reader of 8 kB/s: from the last key to the last byte."""
    if not shutil.which("mutt"):
        print("mutt is not installed: as root, make bench-packages.")
        return
    write_mbox(desk.folder / "mbox", desk.mails(MESSAGES))
    slow = Line(HOTEL.bytes_per_second)
    rounds = []
    for _ in range(ROUNDS):
        with program(desk.console(), desk.environ, size, line=slow, answers=SYNCHRONIZED) as terminal:
            ours = _held(terminal, "console")
        with program(_mutt(desk, "mbox"), desk.environ, size, line=slow, answers=SYNCHRONIZED) as terminal:
            rounds.append((*ours, *_held(terminal, "mutt")))
    print("| | bytes | last key to last byte, s |\n|---|---|---|")
    middle = [statistics.median(column) for column in zip(*rounds, strict=True)]
    print(f"| ours | {middle[0]:,.0f} | {middle[1]:.3f} |\n| mutt | {middle[2]:,.0f} | {middle[3]:.3f} |")
    ratio = statistics.median(one[1] / one[3] for one in rounds)
    print(f"\nMedian of {ROUNDS} paired ratios: {ratio:.2f} (target 1.0).")


def _held(terminal: Wire, who: str) -> tuple[int, float]:
    """Bytes, and seconds from the last key to the last byte."""
    terminal.shows(READY[who])
    terminal.settle()
    before, begun, count = len(terminal.written), time.monotonic(), round(HELD_SECONDS * REPEATS)
    for number in range(count):
        while time.monotonic() < begun + number / REPEATS:
            terminal.read(0.002)
        terminal.press("down")
    last_key = last_byte = time.monotonic()
    while time.monotonic() < last_byte + 1:
        if terminal.read(0.01):
            last_byte = time.monotonic()
    return len(terminal.written) - before, last_byte - last_key


# Twenty in turn


@dataclass(frozen=True)
class Way:
    """Keys that look at one after another: what opens the first, and what goes from one to the next."""

    program: str
    first: tuple[str, ...]
    next: tuple[str, ...]
    prepare: tuple[str, ...] = ()


WAYS = {
    "open, read, back, down": (
        Way("console", ("enter", "q"), ("down", "enter", "q")),
        Way("mutt", ("enter", "q"), ("j", "enter", "q")),
        Way("aerc", ("enter", "q"), ("j", "enter", "q")),
    ),
    "read, and on to the next": (
        Way("console", (), ("down",), prepare=("7",)),
        Way("mutt", ("enter",), ("j",)),
        Way("aerc", ("enter",), ("J",)),
    ),
}


def triage(desk: Desk, size: tuple[int, int]) -> None:
    """Look at twenty in turn over 8 kB/s and 140 ms each way: bytes, waiting, and what a key had to wait for."""
    mails = desk.mails(READ + 5)
    write_mbox(desk.folder / "mbox", mails[::-1])
    write_maildir(desk.folder / "mail", mails)
    _configure_aerc(desk)
    over = _over_ssh if ssh.at_hand() else _over_pty
    print(
        "Over an SSH session." if ssh.at_hand() else "No SSH server is at hand: over a slow pseudo-terminal."
    )
    print(
        "\n| what | program | bytes | on the line | wait, median s | longest | keys that waited for bytes |"
    )
    print("|---|---|---|---|---|---|---|")
    for what, ways in WAYS.items():
        for way in ways:
            if way.program != "console" and not shutil.which(way.program):
                print(f"| {what} | {way.program} | not installed: as root, make bench-packages | | | | |")
                continue
            with over(_command(way.program, desk), desk, size) as (terminal, carrier):
                print(f"| {what} | {way.program} | {_looked_through(terminal, carrier, way)} |", flush=True)


class Carrier(Protocol):
    """What carries bytes to the user."""

    @property
    def came(self) -> int:
        """Bytes that have reached the user."""

    @property
    def busy(self) -> bool:
        """Whether what is written now must wait for what was written before."""


@contextmanager
def _over_ssh(command: Sequence[str], desk: Desk, size: tuple[int, int]) -> Iterator[tuple[Wire, Carrier]]:
    with ssh.session(command, desk.environ, size, HOTEL) as (terminal, tunnel):
        yield terminal, tunnel


@contextmanager
def _over_pty(command: Sequence[str], desk: Desk, size: tuple[int, int]) -> Iterator[tuple[Wire, Carrier]]:
    with program(command, desk.environ, size, line=HOTEL, answers=SYNCHRONIZED) as terminal:
        yield terminal, terminal


def _looked_through(terminal: Wire, carrier: Carrier, way: Way) -> str:
    terminal.until(lambda: READY[way.program] in terminal.text, way.program)
    terminal.settle(STARTED)
    for key in way.prepare:
        terminal.press(key)
        terminal.settle(REST)
    before, came = len(terminal.written), carrier.came
    keys = (*way.first, *way.next * (READ - 1))
    waits, held = zip(*(_wait_after(terminal, carrier, key) for key in keys), strict=True)
    terminal.settle(REST)
    written = len(terminal.written) - before
    times = f"{statistics.median(waits):.2f} | {max(waits):.2f}"
    return f"{written:,} | {carrier.came - came:,} | {times} | {sum(held)} of {len(keys)}"


def _wait_after(terminal: Wire, carrier: Carrier, key: str) -> tuple[float, bool]:
    """Press a key and read on at a reader's pace: the seconds until the last byte that came before the next key, and
    whether the line was still busy with what came before when the key reached the program.
    """
    begun = last = time.monotonic()
    held = None
    terminal.press(key)
    while time.monotonic() < begun + PACE:
        if terminal.read(0.005):
            last = time.monotonic()
        if held is None and time.monotonic() >= begun + HOTEL.seconds:
            held = carrier.busy
    return last - begun, bool(held)


def _command(name: str, desk: Desk) -> list[str]:
    if name == "mutt":
        return _mutt(desk, "mbox")
    return ["aerc"] if name == "aerc" else desk.console()


def _mutt(desk: Desk, box: str) -> list[str]:
    """mutt as it comes, on a mailbox of ours that it only reads."""
    settings = desk.folder / "muttrc"
    settings.write_text("set sort=reverse-date\nset folder=.\nset quit=yes\nset move=no\n")
    return ["mutt", "-n", "-R", "-F", str(settings), "-f", str(desk.folder / box)]


def _configure_aerc(desk: Desk) -> None:
    """aerc on the maildir, mails shown as they are."""
    folder = desk.folder / AERC
    folder.mkdir(parents=True, exist_ok=True)
    accounts = folder / "accounts.conf"
    accounts.write_text(
        f"[desk]\nsource = maildir://{desk.folder / 'mail'}\nfrom = Support <support@desk.example>\ndefault = INBOX\n"
    )
    accounts.chmod(0o600)
    (folder / "aerc.conf").write_text("[filters]\ntext/plain=cat\n")
