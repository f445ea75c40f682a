"""The first page: painted before the console is imported, the same cells as the console's, no key lost."""

from __future__ import annotations

import os
import pty
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.end_to_end.terminal import HELPDESK, TAKEN_OVER, Terminal, environment, started
from tests.hostile.payloads import PAYLOADS
from tests.terminal.emulator import CellsSeen, Emulator

SIZES = [(80, 24), (120, 40), (200, 60)]

STRANGE = [
    "王小明 株式会社",
    "Zoe\u0308 Ha\u0301la",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 family",
    "a\u0301\u0302\u0303\u0304\u0305\u0306 stacked",
    "אברהם \u202egnirts",
    "\uff21\uff22 full\u3000width",
    "ambiguous ①②③ — … “”",
    "",
]

# Surrogates, which no database takes; vowels of Hangul and marks of Thai, after which the emulator draws no more.
_UNFIT = re.compile("[\ud800-\udfff\u0e31-\u0e4e\u1160-\u11ff]")


class Watched(Terminal):
    """A terminal whose other end can be asked for its modes."""

    def __init__(self, process: subprocess.Popen[bytes], descriptor: int, size: tuple[int, int]) -> None:
        super().__init__(process, descriptor, size)
        self.descriptor = descriptor

    def settled(self, quiet: float = 1.0) -> None:
        """Wait until the console has taken over and has come to rest."""
        self.taken_over()
        self.settle(quiet)


@contextmanager
def console(
    file: Path, home: Path, size: tuple[int, int] = (80, 24), *more: str, **environ: str
) -> Iterator[Watched]:
    """The console on this database."""
    command = [*HELPDESK, "--database", str(file), *more]
    with started(command, environment(home, **environ), size) as (process, descriptor):
        yield Watched(process, descriptor, size)


@pytest.fixture(scope="module")
def strange(made_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of names that are hard to draw, in which nothing waits for staff."""
    file = tmp_path_factory.mktemp("strange") / "strange.db"
    shutil.copyfile(made_demo, file)
    names = STRANGE + [one for one in PAYLOADS.values() if len(one) < 5000 and not _UNFIT.search(one)]
    with closing(sqlite3.connect(file)) as connection, connection:
        quiet(connection)
        ids = [row[0] for row in connection.execute("SELECT id FROM client ORDER BY sort_name, id")]
        for place, (client, name) in enumerate(zip(ids, names, strict=False)):
            connection.execute(
                "UPDATE client SET name = ?, mail_domain = ?, sort_name = ? WHERE id = ?",
                (name.replace("\0", ""), "x" + name.replace("\0", ""), f"!{place:04}", client),
            )
    return file


def quiet(connection: sqlite3.Connection) -> None:
    """Nothing waits, so that nothing is counted behind the tabs once the list stands."""
    connection.execute("UPDATE client SET status = 'approved' WHERE status = 'pending'")
    connection.execute("UPDATE incident SET folder = 'inbox' WHERE folder = 'quarantine'")
    connection.execute("DELETE FROM held")


@pytest.fixture
def demo(made_demo: Path, tmp_path: Path) -> Path:
    """A demonstration database of this test's own, in which nothing waits for staff."""
    file = tmp_path / "demo.db"
    shutil.copyfile(made_demo, file)
    with closing(sqlite3.connect(file)) as connection, connection:
        quiet(connection)
    return file


def seen(written: bytes, size: tuple[int, int]) -> CellsSeen:
    emulator = Emulator(*size)
    emulator.feed(written)
    return emulator.cells()


def text(cells: CellsSeen) -> str:
    return "\n".join("".join(cell.data for cell in row) for row in cells)


def both(
    file: Path, home: Path, size: tuple[int, int], *more: str, **environ: str
) -> tuple[CellsSeen, CellsSeen]:
    """The screen as the first page painted it, and as Textual's own driver paints it, without a first page."""
    with console(file, home, size, *more, **environ) as page:
        page.settled()
    with console(file, home, size, "--driver", "stock", *more, **environ) as stock:
        stock.settled()
    assert stock.written.index(b"\x1b[?1049h") < stock.written.index(TAKEN_OVER) < 100
    first, _, _ = page.written.partition(TAKEN_OVER)
    return seen(first, size), seen(stock.written, size)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_it_shows_what_the_console_shows(strange: Path, tmp_path: Path, size: tuple[int, int]) -> None:
    first, whole = both(strange, tmp_path, size)
    assert text(first).splitlines() == text(whole).splitlines()
    assert first == whole


def test_names_that_would_command_the_terminal_are_only_shown(strange: Path, tmp_path: Path) -> None:
    with console(strange, tmp_path, (200, 60)) as terminal:
        terminal.taken_over()
    first = terminal.written.partition(TAKEN_OVER)[0].decode()
    ours = re.compile("\x1b\\[(?:[?][0-9]+[hl]|[0-9;]*[HCXKGm]|2J)|[\r\n]")
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", ours.sub("", first))


@pytest.mark.parametrize("more", [("--no-colour",), ("--theme", "light")], ids=str)
def test_it_has_the_colours_of_the_console(demo: Path, tmp_path: Path, more: Sequence[str]) -> None:
    first, whole = both(demo, tmp_path, (100, 30), *more)
    assert first == whole


def test_no_color_is_obeyed_by_both(demo: Path, tmp_path: Path) -> None:
    first, whole = both(demo, tmp_path, (100, 30), NO_COLOR="1")
    assert first == whole


@pytest.mark.parametrize("keep", [0, 1, 5])
def test_few_clients_or_none(demo: Path, tmp_path: Path, keep: int) -> None:
    with closing(sqlite3.connect(demo)) as connection, connection:
        kept = "SELECT id FROM client ORDER BY sort_name LIMIT ?"
        connection.execute(f"UPDATE client SET archived_at = 0 WHERE id NOT IN ({kept})", (keep,))
    first, whole = both(demo, tmp_path, (80, 24))
    assert first == whole


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_console_takes_over_without_a_flicker(demo: Path, tmp_path: Path, size: tuple[int, int]) -> None:
    with console(demo, tmp_path, size) as terminal:
        terminal.settled()
    first, mark, rest = terminal.written.partition(TAKEN_OVER)
    emulator = Emulator(*size)
    emulator.feed(first)
    painted = emulator.cells()
    assert "Clients" in text(painted)
    for place in range(0, len(rest), 16):
        emulator.feed(rest[place : place + 16])
        assert emulator.cells() == painted
    assert len(mark + rest) < 400


# Keys


def names(file: Path) -> list[str]:
    """The clients in the order of the list."""
    with closing(sqlite3.connect(file)) as connection:
        listed = "archived_at IS NULL AND deleted_at IS NULL AND absorbed_into IS NULL"
        found = connection.execute(f"SELECT name FROM client WHERE {listed} ORDER BY sort_name, id")
        return [row[0] for row in found]


def under_cursor(terminal: Watched) -> str:
    """The reversed line."""
    for y, line in enumerate(terminal.lines):
        if terminal.screen.buffer[y][5].reverse:
            return line
    return ""


def test_keys_are_answered_before_the_console_is_there(demo: Path, tmp_path: Path) -> None:
    clients = names(demo)
    with console(demo, tmp_path) as terminal:
        terminal.until(lambda: "opn" in terminal.text, "the first page")
        terminal.type("j\x1b[Bj\x1b[A")
        terminal.until(lambda: clients[2][:15] in under_cursor(terminal), clients[2])
        assert TAKEN_OVER not in terminal.written
        terminal.settled()
        assert clients[2][:15] in under_cursor(terminal)


def test_a_page_further_the_console_goes_on_from_there(demo: Path, tmp_path: Path) -> None:
    clients = names(demo)
    with console(demo, tmp_path) as terminal:
        terminal.until(lambda: "opn" in terminal.text, "the first page")
        terminal.type("\x1b[6~j")
        terminal.until(lambda: clients[20][:15] in under_cursor(terminal), clients[20])
        before = terminal.text
        terminal.settled()
        assert terminal.text == before
        terminal.type("k")
        terminal.until(lambda: clients[19][:15] in under_cursor(terminal), clients[19])


def test_q_leaves_at_once_and_leaves_no_trace(demo: Path, tmp_path: Path) -> None:
    with console(demo, tmp_path) as terminal:
        modes = termios.tcgetattr(terminal.descriptor)
        terminal.until(lambda: "opn" in terminal.text, "the first page")
        terminal.type("jjq")
        assert terminal.ended() == 0
        assert TAKEN_OVER not in terminal.written
        assert terminal.written.endswith(b"\x1b[?1049l\x1b[?25h")
        assert termios.tcgetattr(terminal.descriptor) == modes


def test_no_key_is_lost_doubled_or_turned_around_whenever_it_is_typed(demo: Path, tmp_path: Path) -> None:
    # The filter takes what is typed as it is, whatever the first page has answered before it.
    dice = random.Random(4)
    for _ in range(3):
        word = "".join(dice.choices("bcdefghij", k=12))
        keys = [
            *("\x1b[B" for _ in range(dice.randrange(4))),
            "/",
            *word,
            "\x1b[D",
            "\x1b[D",
            "\u017c",
            "\u738b",
        ]
        whole = "".join(keys).encode()
        with console(demo, tmp_path) as terminal:
            while whole:
                size = dice.randrange(1, 6)
                os.write(terminal.descriptor, whole[:size])
                whole = whole[size:]
                terminal.read(dice.random() * 0.12)
            expected = f"{word[:-2]}\u017c\u738b{word[-2:]}"
            terminal.until(partial(filtered, terminal, expected), expected)


def filtered(terminal: Watched, typed: str) -> bool:
    """Whether this stands in the filter; the second cell of a wide letter is a blank here."""
    return typed in terminal.lines[1].replace(" ", "")


def test_what_was_typed_before_the_program_began_counts(demo: Path, tmp_path: Path) -> None:
    clients = names(demo)
    with console(demo, tmp_path) as terminal:
        terminal.type("jj\r")
        terminal.until(lambda: f"Clients > {clients[2][:10]}" in terminal.text, clients[2])


def test_an_escape_that_stands_alone_is_no_part_of_what_follows(demo: Path, tmp_path: Path) -> None:
    with console(demo, tmp_path) as terminal:
        terminal.until(lambda: "opn" in terminal.text, "the first page")
        terminal.type("/ab\x1b")
        time.sleep(0.2)
        terminal.type("[?")
        terminal.until(lambda: "Keys > " in terminal.lines[0], "the help")


def test_what_is_being_pasted_or_typed_goes_on_behind_the_hand_over(demo: Path, tmp_path: Path) -> None:
    first, second = "ż".encode()[:1], "ż".encode()[1:]
    for before, after, expected in (
        (b"/ab\x1b[200~wor", b"ld q\x1b[201~", "abworldq"),
        (b"/ab" + first, second + b"c", "abżc"),
    ):
        with console(demo, tmp_path) as terminal:
            terminal.until(lambda: "opn" in terminal.text, "the first page")
            os.write(terminal.descriptor, before)
            terminal.taken_over()
            time.sleep(0.5)
            os.write(terminal.descriptor, after)
            terminal.until(partial(filtered, terminal, expected), expected)


def test_what_is_pasted_right_after_a_key_goes_where_the_key_leads(demo: Path, tmp_path: Path) -> None:
    with console(demo, tmp_path) as terminal:
        terminal.settled()
        terminal.type("/\x1b[200~world q\x1b[201~a")
        terminal.until(partial(filtered, terminal, "worldqa"), "worldqa")


# Where there is no first page, and where it must go


def refused(file: str, home: Path, *more: str, **environ: str) -> Watched:
    """A start that fails: what it says stands on the usual screen, and the terminal is as it was."""
    with started([*HELPDESK, "--database", file, *more], environment(home, **environ), (80, 24)) as (
        process,
        descriptor,
    ):
        terminal = Watched(process, descriptor, (80, 24))
        modes = termios.tcgetattr(descriptor)
        assert terminal.ended() == 1
        assert termios.tcgetattr(descriptor) == modes
    entered, left = terminal.written.rfind(b"\x1b[?1049h"), terminal.written.rfind(b"\x1b[?1049l")
    assert entered <= left
    assert len(terminal.written[left + 1 :].strip()) > 20  # the sentence comes after it
    return terminal


@pytest.mark.parametrize(
    "change", ["UPDATE staff SET active = 0", "UPDATE alembic_version SET version_num = '0001'"]
)
def test_nothing_is_shown_to_who_may_not_see_it_or_of_another_schema(
    demo: Path, tmp_path: Path, change: str
) -> None:
    with closing(sqlite3.connect(demo)) as connection, connection:
        connection.execute(change)
    name = names(demo)[0]
    assert name not in refused(str(demo), tmp_path).written.decode()


def test_a_setting_that_cannot_be_used_is_said_on_the_usual_screen(demo: Path, tmp_path: Path) -> None:
    terminal = refused(str(demo), tmp_path, "--time-zone", "Nowhere/At-all")
    assert b"\x1b[?1049h" in terminal.written
    assert "--time-zone cannot be 'Nowhere/At-all'" in terminal.text


def test_a_database_that_is_not_there_is_not_made_by_the_first_page(tmp_path: Path) -> None:
    terminal = refused(f"{tmp_path}/none/x?.db", tmp_path, HELPDESK_CONFIG=f"{tmp_path}/none.toml")
    assert b"\x1b[?1049h" not in terminal.written
    assert not (tmp_path / "none").exists()


def test_a_server_gets_the_frame_and_then_the_sentence(tmp_path: Path) -> None:
    terminal = refused("postgresql://nobody@127.0.0.1:9/none", tmp_path)
    first = terminal.written.partition(TAKEN_OVER)[0]
    assert b"Loading clients" in first
    assert "cannot be reached" in terminal.text


@pytest.mark.parametrize("environ", [{"LC_ALL": "pl_PL.ISO-8859-2"}, {"LINES": "20"}], ids=str)
def test_what_is_unusual_is_left_to_the_console(demo: Path, tmp_path: Path, environ: dict[str, str]) -> None:
    with console(demo, tmp_path, (80, 24), **environ) as terminal:
        terminal.settled()
        before, _, _ = terminal.written.partition(TAKEN_OVER)
        assert b"opn" not in before
        assert "opn" in terminal.text


def test_a_terminal_without_utf_8_is_written_to_and_read_in_its_own_characters(
    demo: Path, tmp_path: Path
) -> None:
    # Whether or not that locale is installed here.
    with console(demo, tmp_path, (80, 24), LC_ALL="pl_PL.ISO-8859-2") as terminal:
        terminal.settled()
        assert "Jabłońska".encode("iso-8859-2") in terminal.written
        before = len(terminal.written)
        os.write(terminal.descriptor, "/ŹŁ".encode("iso-8859-2"))
        terminal.settle(1.0)
        assert {*"ŹŁ".encode("iso-8859-2")} <= {*terminal.written[before:]}
        assert "ł".encode() not in terminal.written


def test_a_database_that_somebody_locks_is_waited_for_by_the_console(demo: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(demo, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN EXCLUSIVE")
        with console(demo, tmp_path) as terminal:
            terminal.until(lambda: "Loading clients" in terminal.text, "the console")
            other.execute("COMMIT")
            terminal.shows(names(demo)[0][:15])


@pytest.mark.parametrize(
    ("sent", "when"),
    [
        (signal.SIGHUP, "painted"),
        (signal.SIGTERM, "painted"),
        (signal.SIGINT, "painted"),
        (signal.SIGHUP, "taken over"),
        (signal.SIGTERM, "taken over"),
    ],
)
def test_who_is_told_to_end_leaves_a_terminal_that_can_be_used(
    demo: Path, tmp_path: Path, sent: signal.Signals, when: str
) -> None:
    with console(demo, tmp_path) as terminal:
        modes = termios.tcgetattr(terminal.descriptor)
        terminal.until(lambda: "opn" in terminal.text, "the first page")
        if when == "taken over":
            terminal.settled()
        terminal.process.send_signal(sent)
        assert terminal.ended() in (-sent, 130)
        assert terminal.written.rfind(b"\x1b[?1049l") > terminal.written.rfind(b"\x1b[?1049h")
        assert termios.tcgetattr(terminal.descriptor) == modes


def test_one_that_was_stopped_from_outside_goes_on_and_ends(demo: Path, tmp_path: Path) -> None:
    with console(demo, tmp_path) as terminal:
        terminal.settled()
        for _ in range(2):
            terminal.process.send_signal(signal.SIGSTOP)
            modes = termios.tcgetattr(terminal.descriptor)
            modes[3] |= termios.ICANON | termios.ECHO  # as a shell has them
            termios.tcsetattr(terminal.descriptor, termios.TCSANOW, modes)
            terminal.process.send_signal(signal.SIGCONT)
            terminal.settle(1.0)
        terminal.type("j")
        terminal.until(lambda: names(demo)[1][:15] in under_cursor(terminal), names(demo)[1])
        terminal.type("q")
        assert terminal.ended() == 0


def test_a_terminal_that_goes_ends_it_though_the_signal_is_ignored(demo: Path, tmp_path: Path) -> None:
    command = ["sh", "-c", 'trap "" HUP; exec "$@"', "sh", *HELPDESK, "--database", str(demo)]
    with started(command, environment(tmp_path), (80, 24)) as (process, descriptor):
        Watched(process, descriptor, (80, 24)).settled()
        with Path(os.devnull).open("rb") as nothing:
            os.dup2(nothing.fileno(), descriptor)
        process.wait(timeout=20)


def test_a_terminal_that_is_not_its_own_is_used_all_the_same(demo: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*HELPDESK, "--database", str(demo)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment(tmp_path),
        start_new_session=True,
    )
    os.close(theirs)
    try:
        Watched(process, ours, (80, 24)).shows(names(demo)[0][:15])
    finally:
        process.kill()
        process.wait()
        os.close(ours)


@pytest.mark.parametrize("sent", [signal.SIGHUP, signal.SIGTERM], ids=str)
@pytest.mark.parametrize(
    ("more", "environ"),
    [(("--driver", "stock"), {}), ((), {"LINES": "24"}), ((), {"LC_ALL": "pl_PL.ISO-8859-2"})],
    ids=str,
)
def test_who_is_told_to_end_without_a_first_page_leaves_such_a_terminal_too(
    demo: Path, tmp_path: Path, sent: signal.Signals, more: Sequence[str], environ: dict[str, str]
) -> None:
    with console(demo, tmp_path, (80, 24), *more, **environ) as terminal:
        modes = termios.tcgetattr(terminal.descriptor)
        terminal.settled()
        terminal.process.send_signal(sent)
        assert terminal.ended() == -sent
        assert terminal.written.rfind(b"\x1b[?1049l") > terminal.written.rfind(b"\x1b[?1049h")
        assert termios.tcgetattr(terminal.descriptor) == modes


def test_a_terminal_that_takes_nothing_does_not_keep_who_is_told_to_end(demo: Path, tmp_path: Path) -> None:
    fill = """
import os, sys
os.set_blocking(2, False)
try:
    while os.write(2, bytes(4096)):
        pass
except BlockingIOError:
    os.set_blocking(2, True)
os.execv(sys.executable, [sys.executable, "-m", "console", "--database", sys.argv[1]])
"""
    command = [sys.executable, "-c", fill, str(demo)]
    with started(command, environment(tmp_path), (80, 24)) as (process, _):
        time.sleep(3)  # by then it waits for the terminal to take the first page
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == -signal.SIGTERM


def test_a_terminal_that_is_resized_meanwhile_is_drawn_anew(demo: Path, tmp_path: Path) -> None:
    with console(demo, tmp_path) as terminal:
        terminal.until(lambda: "opn" in terminal.text, "the first page")
        terminal.resize(120, 40)
        terminal.type("j")
        terminal.settled()
        assert names(demo)[1][:15] in under_cursor(terminal)
        assert "mobile" in terminal.lines[2]


@pytest.mark.parametrize("when", ["painted", "taken over"])
def test_a_terminal_that_was_smaller_for_a_moment_is_drawn_anew(
    demo: Path, tmp_path: Path, when: str
) -> None:
    with console(demo, tmp_path, (100, 30)) as terminal:
        terminal.until(lambda: "q quit" in terminal.text, "the first page")
        if when == "taken over":
            terminal.settled()
        before = terminal.lines[3:]
        terminal.resize(62, 16)
        terminal.resize(100, 30)
        assert terminal.lines[3:] != before
        terminal.until(lambda: terminal.lines[3:] == before, "the whole screen")
