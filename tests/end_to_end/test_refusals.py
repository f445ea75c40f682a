"""What cannot be opened: a sentence that says what to do, an exit code, nothing lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.end_to_end.terminal import HELPDESK, Terminal, console, environment, run, started


def refused(arguments: list[str], environ: dict[str, str]) -> str:
    """Open the console, which must not open; returns what it said."""
    with console(arguments, environ) as terminal:
        assert terminal.ended() == 1, terminal.text
        written = terminal.written.decode()
    said = written.rpartition("\x1b")[2].partition("l")[2] if "\x1b" in written else written
    assert "Traceback" not in written
    return " ".join(said.split())


def test_without_a_terminal(demo: Path, tmp_path: Path) -> None:
    done = run(["--database", str(demo)], environment(tmp_path))
    assert done.returncode == 1
    assert "needs a terminal" in done.stderr
    assert "ssh -t" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("closed", ["0<&-", "1>&-"])
def test_without_input_or_output(demo: Path, tmp_path: Path, closed: str) -> None:
    command = ["sh", "-c", f'exec "$@" {closed}', "sh", *HELPDESK, "--database", str(demo)]
    with started(command, environment(tmp_path), (80, 24)) as (process, descriptor):
        terminal = Terminal(process, descriptor, (80, 24))
        assert terminal.ended() == 1
    assert "needs a terminal" in terminal.text
    assert b"Traceback" not in terminal.written


@pytest.mark.parametrize("term", ["dumb", "unknown", ""])
def test_a_terminal_that_cannot_draw(demo: Path, tmp_path: Path, term: str) -> None:
    said = refused(["--database", str(demo)], environment(tmp_path, TERM=term))
    assert "cannot draw" in said
    assert "helpdesk" in said


def test_a_file_that_is_not_a_database(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear Sir or Madam, this is a letter.\n" * 100)
    before = file.read_bytes()
    said = refused(["--database", str(file)], environment(tmp_path))
    assert "is not a helpdesk database" in said
    assert "--database" in said
    assert file.read_bytes() == before


def test_a_database_of_something_else(tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    with sqlite3.connect(file) as database:
        database.execute("CREATE TABLE songs (title TEXT)")
        database.execute("INSERT INTO songs VALUES ('x')")
    database.close()
    said = refused(["--database", str(file)], environment(tmp_path))
    assert "not" in said
    with sqlite3.connect(file) as database:
        assert database.execute("SELECT * FROM songs").fetchall() == [("x",)]
        assert database.execute("SELECT name FROM sqlite_master").fetchall() == [("songs",)]
    database.close()


def test_a_database_of_a_newer_version(demo: Path, tmp_path: Path) -> None:
    with sqlite3.connect(demo) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999_from_the_future'")
    database.close()
    before = demo.read_bytes()
    said = refused(["--database", str(demo)], environment(tmp_path))
    assert "newer" in said
    assert demo.read_bytes() == before


def test_a_folder_and_a_bad_url(tmp_path: Path) -> None:
    assert "is a folder" in refused(["--database", str(tmp_path)], environment(tmp_path))
    said = refused(["--database", "mysql://root@localhost/helpdesk"], environment(tmp_path))
    assert "sqlite:///" in said or "postgresql://" in said


def test_a_postgresql_that_is_not_there(tmp_path: Path) -> None:
    said = refused(["--database", "postgresql://ann:secret@127.0.0.1:1/helpdesk"], environment(tmp_path))
    assert "cannot be reached" in said
    assert "secret" not in said
