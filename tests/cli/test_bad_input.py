"""Databases that cannot be used: one sentence, exit code 1, nothing lost."""

import ctypes
import os
import resource
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.cli.running import Helpdesk

CAP_DAC_OVERRIDE = 1
PR_CAPBSET_DROP = 24


def without_override() -> None:
    """Give up root's right to write what is read-only, for the command about to start."""
    if os.geteuid() == 0:
        assert ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0) == 0


def refused(helpdesk: Helpdesk, sentence: str, *arguments: str) -> None:
    for command in (["clients", "list"], ["clients", "add", "Anna", "--email", "a@x.example"]):
        answer = helpdesk(*command, *arguments)
        assert (answer.code, answer.out) == (1, "")
        assert sentence in answer.err
        assert answer.err.count("\n") == 1, answer.err


def test_a_folder(helpdesk: Helpdesk, tmp_path: Path) -> None:
    refused(helpdesk, f"{tmp_path} is a folder. Name a file", "--database", str(tmp_path))


def test_not_a_database(helpdesk: Helpdesk, tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear Sir or Madam, " * 50)
    refused(helpdesk, "is not a helpdesk database", "--database", str(file))
    assert file.read_text().startswith("Dear Sir")


def test_tables_of_another_program(helpdesk: Helpdesk, tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE customer (id integer)")
    connection.close()
    refused(helpdesk, "holds tables of another program", "--database", str(file))


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://root@db/helpdesk", "A database of kind 'mysql' is not supported."),
        ("postgresql://db", "names no database"),
        ("sqlite://", "needs a file"),
        ("postgresql://u@127.0.0.1:1/helpdesk", "cannot be reached"),
        ("postgresql://u@no-such-host.invalid/helpdesk", "cannot be reached"),
    ],
)
def test_a_wrong_or_unreachable_address(url: str, sentence: str, helpdesk: Helpdesk) -> None:
    refused(helpdesk, sentence, "--database", url)


def test_a_password_is_not_repeated(helpdesk: Helpdesk) -> None:
    answer = helpdesk("clients", "list", "--database", "postgresql://u:hunter2@127.0.0.1:1/helpdesk")
    assert answer.code == 1
    assert "hunter2" not in answer.err


def test_a_newer_schema(helpdesk: Helpdesk) -> None:
    path = str(helpdesk.database).removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    refused(helpdesk, "was written by a newer helpdesk")
    assert helpdesk("migrate").code == 1


def test_a_read_only_file_is_read_and_not_written(helpdesk: Helpdesk) -> None:
    helpdesk.ok("clients", "add", "Anna", "--email", "anna@x.example")
    path = Path(str(helpdesk.database).removeprefix("sqlite:///"))
    path.chmod(0o444)
    try:
        assert "Anna" in helpdesk.ok("clients", "list", before=without_override).out
        answer = helpdesk("clients", "ban", "anna@x.example", "--reason", "x", before=without_override)
        assert (answer.code, answer.out) == (1, "")
        assert "is read-only for you, so nothing was changed" in answer.err
        doctor = helpdesk("doctor", before=without_override)
        assert doctor.code == 1
        assert "WRONG writable" in doctor.out
    finally:
        path.chmod(0o644)


def test_no_room_on_the_disk(helpdesk: Helpdesk) -> None:
    file = helpdesk.home / "many.csv"
    file.write_text("name,email\n" + "".join(f"Client {n},c{n}@x.example\n" for n in range(5000)))
    helpdesk.ok("clients", "list")
    path = Path(str(helpdesk.database).removeprefix("sqlite:///"))
    limit = path.stat().st_size + 300_000

    def tight() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    answer = helpdesk("clients", "import", str(file), before=tight)
    assert answer.code == 1
    assert "There is no room to write" in answer.err
    assert helpdesk.ok("clients", "list").out.startswith("No clients yet.")
    assert helpdesk.ok("doctor").code == 0


def test_you_are_not_staff(helpdesk: Helpdesk) -> None:
    helpdesk.ok("clients", "list")
    path = str(helpdesk.database).removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE staff SET login = 'somebody.else'")
    connection.close()
    answer = helpdesk("clients", "list")
    assert answer.code == 1
    assert "this desk has no member of staff by that login" in answer.err
    doctor = helpdesk("doctor", "--json")
    assert doctor.code == 1
    assert doctor.json["healthy"] is False
    wrong = [one for one in doctor.json["findings"] if one["level"] == "wrong"]
    assert [one["what"] for one in wrong] == ["staff"]
    assert "helpdesk staff add" in wrong[0]["mend"]


def test_viewers_change_nothing(helpdesk: Helpdesk) -> None:
    helpdesk.ok("clients", "add", "Anna", "--email", "anna@x.example")
    path = str(helpdesk.database).removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE staff SET role = 'viewer'")
    connection.close()
    file = helpdesk.home / "more.csv"
    file.write_text("name,email\nTom,tom@x.example\n")
    for command in (
        ["clients", "ban", "anna@x.example", "--reason", "x"],
        ["clients", "add", "Tom", "--email", "tom@x.example"],
        ["clients", "import", str(file)],
        ["staff", "add", "tom"],
        ["journal", "undo"],
        ["demo", "--no-open"],
    ):
        answer = helpdesk(*command)
        assert (answer.code, answer.out) == (1, ""), command
    assert [row["name"] for row in helpdesk.ok("clients", "list", "--json").json] == ["Anna"]


def test_migrate_creates_and_says_so(helpdesk: Helpdesk, tmp_path: Path) -> None:
    file = tmp_path / "fresh.db"
    answer = helpdesk.ok("migrate", "--database", str(file), "--json").json
    assert answer == {"database": str(file), "from": None, "to": answer["to"]}
    assert "has the newest schema already" in helpdesk.ok("migrate", "--database", str(file)).out


def test_the_doctor_finds_what_is_damaged_and_mends_what_it_can(helpdesk: Helpdesk) -> None:
    helpdesk.ok("clients", "add", "Anna", "--email", "anna@x.example", "--organization", "Acme")
    path = Path(str(helpdesk.database).removeprefix("sqlite:///"))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE organization SET client_count = 7")
        connection.execute("UPDATE client SET sort_name = 'zzz'")
    connection.close()
    answer = helpdesk("doctor")
    assert answer.code == 1
    assert "helpdesk doctor --mend" in answer.out
    assert helpdesk.ok("doctor", "--mend").out.endswith("Nothing is wrong.\n")
    shutil.copy(path, path.with_suffix(".whole"))
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xa5" * 8192)
    damaged = helpdesk("doctor")
    assert damaged.code == 1
    assert "damaged" in damaged.out


def test_a_dumb_terminal_still_lists(helpdesk: Helpdesk) -> None:
    helpdesk.ok("clients", "add", "Anna", "--email", "anna@x.example")
    answer = helpdesk.ok("clients", "list", env={"TERM": "dumb"})
    assert "Anna" in answer.out
    assert "\x1b" not in answer.out


@pytest.mark.parametrize(
    "command", [["clients", "show"], ["incidents", "show"], ["clients", "ban", "--reason", "x"]]
)
@pytest.mark.parametrize("name", ["1" * 5000, "²", "٣", "-0", "\udcff"])
def test_odd_ids_are_refused_in_a_sentence(helpdesk: Helpdesk, command: list[str], name: str) -> None:
    helpdesk.ok("clients", "add", "Anna", "--email", "anna@x.example")
    answer = helpdesk(*command, "--", name)
    assert answer.code in (1, 2)
    assert "fault" not in answer.err
    assert "Traceback" not in answer.err


def test_a_noun_alone_shows_its_commands(helpdesk: Helpdesk) -> None:
    answer = helpdesk("certificates")
    assert answer.code == 2
    assert any(line.strip().startswith("list ") for line in answer.err.splitlines())
