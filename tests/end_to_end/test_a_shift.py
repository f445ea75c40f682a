"""A piece of a shift, by the real process on a real terminal."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import time
from pathlib import Path

import pytest

from tests.end_to_end.terminal import Terminal, console, environment, run

ENTERED, LEFT = b"\x1b[?1049h", b"\x1b[?1049l"
SHOWN, HIDDEN = b"\x1b[?25h", b"\x1b[?25l"
MOUSE = (b"\x1b[?1000h", b"\x1b[?1002h", b"\x1b[?1003h", b"\x1b[?1006h", b"\x1b[?1015h")
OWN = {b"\x1b]22;default\x07"}
"""Textual gives the mouse its usual shape."""
COLOUR = re.compile(rb"\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9;]*)?m")


def opened(terminal: Terminal) -> None:
    """Wait until the console, and not only its first page, shows the list."""
    terminal.taken_over()
    terminal.shows("? help  q quit")
    terminal.until(lambda: "approved" in terminal.text, "the list")


def first_client(file: Path) -> str:
    with sqlite3.connect(file) as database:
        query = """
            SELECT name FROM client WHERE status = 'approved' AND email <> '' AND length(name) < 18
            AND instr(name, '.') = 0 AND instr(name, '-') = 0 AND NOT EXISTS (
                SELECT 1 FROM client other WHERE other.id <> client.id AND instr(other.name, client.name)
            ) ORDER BY sort_name LIMIT 1
        """
        found = str(database.execute(query).fetchone()[0])
    database.close()
    return found


def status_of(file: Path, name: str) -> str:
    with sqlite3.connect(file) as database:
        found = str(database.execute("SELECT status FROM client WHERE name = ?", [name]).fetchone()[0])
    database.close()
    return found


def sound(file: Path) -> None:
    with sqlite3.connect(file) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    database.close()


def test_find_open_ban_undo_and_leave(demo: Path, tmp_path: Path) -> None:
    name = first_client(demo)
    with console(["--database", str(demo)], environment(tmp_path)) as terminal:
        opened(terminal)
        assert terminal.lines[0].startswith(" 1 Clients  2 Organizations")
        terminal.type("/")
        terminal.type(name)
        terminal.shows("1 match")
        terminal.type("\r")
        terminal.settle()
        terminal.type("\r")
        terminal.shows(f"Clients > {name}")
        terminal.shows("q back")
        terminal.settle()
        terminal.type("b")
        terminal.shows("Reason:")
        terminal.type("rude on the phone\r")
        terminal.settle()
        if "u undoes" not in terminal.text:
            terminal.type("\r")
        terminal.shows(f"Banned {name}")
        terminal.until(lambda: any("banned" in line[:27] for line in terminal.lines), "banned")
        assert status_of(demo, name) == "banned"
        terminal.type("u")
        terminal.shows("Undid the ban")
        terminal.until(lambda: any("approved" in line[:27] for line in terminal.lines), "approved")
        terminal.type("q")
        terminal.shows("q quit")
        terminal.type("q")
        terminal.shows("all clients")
        terminal.settle()
        terminal.type("q")
        assert terminal.ended() == 0
        written = terminal.written
        assert written.index(ENTERED) < written.rindex(LEFT)
        assert written.rfind(SHOWN) > written.rfind(HIDDEN)
    assert status_of(demo, name) == "approved"
    sound(demo)


def test_idle_costs_nothing(demo: Path, tmp_path: Path) -> None:
    with console(["--database", str(demo)], environment(tmp_path)) as terminal:
        opened(terminal)
        terminal.type("j")
        terminal.settle()
        began = time.monotonic()
        while time.monotonic() - began < 3:
            assert terminal.read(0.5) == b""


def test_over_ssh_the_mouse_is_left_to_the_terminal(demo: Path, tmp_path: Path) -> None:
    ssh = environment(tmp_path, SSH_CONNECTION="192.0.2.1 50000 192.0.2.2 22")
    with console(["--database", str(demo)], ssh) as terminal:
        opened(terminal)
        terminal.type("q")
        assert terminal.ended() == 0
        assert not [sequence for sequence in MOUSE if sequence in terminal.written]


def test_no_color_writes_no_colour(demo: Path, tmp_path: Path) -> None:
    with console(["--database", str(demo)], environment(tmp_path, NO_COLOR="1")) as terminal:
        opened(terminal)
        for keys in ("j", " ", "m", "q", "\r", "b", "\x07", "q", "?", "q", ":", "\x1b"):
            terminal.type(keys)
            terminal.settle(0.3)
        terminal.type("q")
        terminal.settle(0.3)
        assert COLOUR.findall(terminal.written) == []


def test_a_terminal_of_sixteen_colours(demo: Path, tmp_path: Path) -> None:
    with console(["--database", str(demo)], environment(tmp_path, TERM="xterm-16color")) as terminal:
        opened(terminal)
        terminal.type("\r")
        terminal.shows("q back")
        terminal.settle()
        assert b"38;2;" not in terminal.written
        assert b"38;5;" not in terminal.written


def test_a_terminal_that_grows(demo: Path, tmp_path: Path) -> None:
    with console(["--database", str(demo)], environment(tmp_path), size=(20, 5)) as terminal:
        terminal.until(lambda: "console" in terminal.text, "the sentence")
        assert "80×24" in " ".join(" ".join(terminal.lines).split())
        terminal.resize(80, 24)
        opened(terminal)
        terminal.resize(120, 40)
        terminal.until(lambda: "mail domain" in terminal.text, "more columns")
        terminal.resize(20, 5)
        terminal.settle()
        terminal.type("q")
        assert terminal.ended() == 0


@pytest.mark.parametrize("sent", [signal.SIGHUP, signal.SIGTERM, signal.SIGKILL])
def test_a_line_that_drops_while_typing_leaves_the_database_sound(
    demo: Path, tmp_path: Path, sent: signal.Signals
) -> None:
    name = first_client(demo)
    with console(["--database", str(demo)], environment(tmp_path)) as terminal:
        opened(terminal)
        terminal.type(f"/{name}\r")
        terminal.shows("1 match")
        terminal.type("b")
        terminal.shows("Reason:")
        terminal.type("half a sen")
        terminal.shows("half a sen")
        os.kill(terminal.process.pid, sent)
        assert terminal.ended() != 0 or sent is signal.SIGTERM
    assert status_of(demo, name) == "approved"
    sound(demo)
    done = run(["--database", str(demo), "clients", "list", "--json"], environment(tmp_path))
    assert done.returncode == 0, done.stderr
    with console(["--database", str(demo)], environment(tmp_path)) as terminal:
        opened(terminal)


def test_two_consoles_see_each_other(demo: Path, tmp_path: Path) -> None:
    name = first_client(demo)
    environ = environment(tmp_path)
    with (
        console(["--database", str(demo)], environ) as one,
        console(["--database", str(demo)], environ) as two,
    ):
        opened(one)
        opened(two)
        for terminal in (one, two):
            terminal.type(f"/{name}\r")
            terminal.shows("1 match")
        one.type("D\r")
        one.shows(f"Disapproved {name}")
        two.shows("disapproved")
        two.settle()
        two.type("A")
        two.shows(f"Approved {name}")
        one.until(lambda: "disapproved" not in one.text.replace("Disapproved", ""), "approved again")
    assert status_of(demo, name) == "approved"


def test_what_is_written_is_only_what_the_console_writes(demo: Path, tmp_path: Path) -> None:
    from tests.hostile.payloads import TERMINAL

    environ = environment(tmp_path)
    with sqlite3.connect(demo) as database:
        ids = [row[0] for row in database.execute("SELECT id FROM client ORDER BY sort_name LIMIT 40")]
        for one, payload in zip(ids, TERMINAL.values(), strict=False):
            text = payload.replace("\x00", "\x01")
            database.execute("UPDATE client SET name = ?, email = ? WHERE id = ?", [text, text, one])
    database.close()
    with console(["--database", str(demo)], environ, size=(100, 50)) as terminal:
        opened(terminal)
        terminal.settle()
        for _ in range(7):
            terminal.type("\r")
            terminal.shows("q back")
            terminal.settle(0.2)
            terminal.type("qj")
            terminal.settle(0.2)
        terminal.type("q")
        assert terminal.ended() == 0
    sequences = set(re.findall(rb"\x1b(?:[\[\]P_^X][^\x1b]{0,12}|.)", terminal.written))
    for sequence in sequences - OWN:
        assert not sequence.startswith((b"\x1b]", b"\x1b_", b"\x1b^", b"\x1bX", b"\x1bc", b"\x1b(")), sequence
    for bad in (
        b"\x1b[6n",
        b"\x1b[2J\x1b[H",
        b"\xc2\x9b",
        b"owned\x07",
        b"\x1b]52",
        b"\x1b]8;",
        b"\x1b]0;owned",
    ):
        assert bad not in terminal.written, bad
    assert terminal.written.count(LEFT) == 1


def test_keys_typed_ahead_wait_for_what_they_are_meant_for(demo: Path, tmp_path: Path) -> None:
    name = first_client(demo)
    with console(["--database", str(demo)], environment(tmp_path)) as terminal:
        opened(terminal)
        terminal.type(f"/{name}\r")
        terminal.shows("1 match")
        terminal.settle()
        terminal.type("\r\x1b[C\r")  # open, Access, switch the first department: in one packet
        terminal.until(lambda: f"{name} may" in terminal.text, "the switch")
        terminal.type(":profile city\rGdansk\x1bOQ")
        terminal.until(lambda: f"Edited {name}: city" in terminal.text, "the edit")
        terminal.type("q6A")
        terminal.until(lambda: "Approved " in terminal.text, "the approval")


def test_a_half_typed_form_survives_the_death_of_the_console(demo: Path, tmp_path: Path) -> None:
    with console(["--database", str(demo)], environment(tmp_path)) as terminal:
        opened(terminal)
        terminal.type("n")
        terminal.shows("name *")
        terminal.type("Ewa Nowa\t\tewa@no")
        terminal.shows("ewa@no")
        time.sleep(1)  # what may be lost is the last second
        terminal.process.kill()
        terminal.ended()
    with console(["--database", str(demo)], environment(tmp_path)) as terminal:
        terminal.shows("Not saved yet: New client")
        opened(terminal)
        terminal.type("n")
        terminal.shows("ewa@no")
        assert "Ewa Nowa" in terminal.text
        terminal.type("\t\twa.example\x1bOQ")
        terminal.shows("Added Ewa Nowa")
    sound(demo)
