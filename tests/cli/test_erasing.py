"""Delete, restore, purge, certificates and everything about one person, by the real command on a real database."""

import csv
import io
import json
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Answer, Helpdesk
from tests.cli.test_documented import documented

FORMULA = "=HYPERLINK(0)"


def add(helpdesk: Helpdesk, name: str, email: str, *more: str) -> str:
    made: str = helpdesk.ok("clients", "add", name, "--email", email, *more, "--json").json["id"]
    return made


def test_a_client_goes_and_comes_back_by_id(helpdesk_on: Helpdesk) -> None:
    anna = add(helpdesk_on, "Anna Kowalska", "anna@acme.example")
    said = helpdesk_on.ok("clients", "delete", "anna@acme.example").out
    assert said.startswith("Deleted Anna Kowalska · to be purged on ")
    gone = helpdesk_on("clients", "show", "anna@acme.example")
    assert (gone.code, anna in gone.err, "who is deleted" in gone.err) == (1, True, True)
    assert [one["name"] for one in helpdesk_on.ok("clients", "list", "--view", "deleted", "--json").json] == [
        "Anna Kowalska"
    ]
    assert helpdesk_on("clients", "ban", anna, "--reason", "x").err.startswith("Anna Kowalska is deleted.")
    other = add(helpdesk_on, "Jan Nowak", "anna@acme.example")
    said = helpdesk_on.ok("clients", "restore", anna).out
    assert said == "Restored Anna Kowalska; anna@acme.example stays with Jan Nowak\n"
    again = helpdesk_on("clients", "restore", anna, other)
    assert (again.code, "is not deleted" in again.err) == (1, True)


def test_a_purge_counts_first_and_leaves_a_certificate(helpdesk_on: Helpdesk) -> None:
    anna = add(helpdesk_on, "Anna Kowalska", "anna@acme.example")
    live = helpdesk_on("clients", "purge", anna, "--yes")
    assert (live.code, "Delete them first" in live.err) == (1, True)
    helpdesk_on.ok("clients", "delete", anna)
    counted = helpdesk_on("clients", "purge", anna, "--json")
    assert (counted.code, "add --yes" in counted.err) == (1, True)
    done = helpdesk_on.ok("clients", "purge", anna, "--yes", "--json").json
    assert done["counts"] == counted.json["counts"]
    assert (done["counts"]["identities"], done["finished"], len(done["key"])) == (1, True, 64)
    assert list(done) == documented("`clients purge`")
    (kept,) = helpdesk_on.ok("certificates", "list", "--json").json
    assert list(kept) == documented("`certificates list`")
    assert kept == {name: value for name, value in done.items() if name != "key"}
    for command in (["show", anna], ["purge", anna, "--yes"], ["restore", anna]):
        assert helpdesk_on("clients", *command).err.startswith("There is no client")
    assert "cannot be undone" in helpdesk_on("journal", "undo").err
    assert helpdesk_on.ok("journal", "verify").out.startswith("The journal is whole")
    assert "Anna" not in helpdesk_on.ok("journal", "list", "--all", "--json").out


def test_only_an_admin_purges(helpdesk: Helpdesk) -> None:
    anna = add(helpdesk, "Anna Kowalska", "anna@acme.example")
    helpdesk.ok("clients", "delete", anna)
    me = helpdesk.ok("staff", "list", "--json").json[0]["login"]
    helpdesk.ok("staff", "add", "tom", "--role", "admin")
    helpdesk.ok("staff", "edit", me, "--role", "agent", "--yes")
    refused = helpdesk("clients", "purge", anna, "--yes")
    assert (refused.code, refused.err.startswith("Only an admin purges clients.")) == (1, True)
    assert helpdesk.ok("certificates", "list").out == "Nobody has been purged yet.\n"
    helpdesk.ok("clients", "restore", anna)


def test_housekeeping_says_how_many_it_purged(helpdesk: Helpdesk) -> None:
    assert helpdesk.ok("housekeeping", "--json").json["purged"] == 0
    assert "purged 0 clients" in helpdesk.ok("housekeeping").out


# Everything about one person


def export(helpdesk: Helpdesk, client: str, to: Path, *more: str) -> Answer:
    return helpdesk("clients", "export-person", client, "--to", str(to), *more)


def sheet(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    text = archive.read(f"{name}.csv").decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_person_is_written_whole_and_only_for_who_asked(helpdesk_on: Helpdesk, tmp_path: Path) -> None:
    anna = add(helpdesk_on, "Anna Żółć", "anna@acme.example", "--mobile", "+48 601 555 010", "--tag", "vip")
    helpdesk_on.ok("clients", "note", anna, "--text", FORMULA)
    helpdesk_on.ok("clients", "ban", anna, "--reason", "rude")
    target = tmp_path / "anna.zip"
    answer = export(helpdesk_on, "anna@acme.example", target, "--json")
    assert (answer.code, list(answer.json)) == (0, documented("`clients export-person`"))
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        assert answer.json["files"] == len(archive.namelist())
        profile: Any = json.loads(archive.read("profile.json"))
        assert (profile["person"]["name"], profile["person"]["tags"]) == ("Anna Żółć", ["vip"])
        assert {one["raw"] for one in sheet(archive, "identities")} == {
            "anna@acme.example",
            "'+48 601 555 010",
        }
        assert sheet(archive, "private/notes")[0]["text"] == f"'{FORMULA}"
        assert json.loads(archive.read("private/notes.json"))[0]["text"] == FORMULA
        entries = sheet(archive, "journal")
        assert [one["action"] for one in entries] == ["client.add", "client.note", "client.ban"]
        assert entries[-1]["reason"] == "rude"
        changed = {(one["field"], one["after"]) for one in sheet(archive, "journal-changes")}
        assert ("status", "banned") in changed
        readme = archive.read("README.txt").decode()
        named = {name for name in archive.namelist() if name.endswith(".csv")}
        assert all(name.removesuffix(".csv") in readme for name in named)
        assert "password" not in "".join(archive.read(name).decode() for name in named)
    assert helpdesk_on.ok("journal", "list", "--json").json[0]["action"] == "client.ban"
    helpdesk_on.ok("clients", "delete", anna)
    assert export(helpdesk_on, anna, target, "--force").code == 0


def test_a_file_is_not_written_over_and_bad_places_are_named(helpdesk: Helpdesk, tmp_path: Path) -> None:
    add(helpdesk, "Anna", "anna@acme.example")
    target = tmp_path / "mine.zip"
    target.write_text("mine")
    sentences = {
        target: "exists. Name another file, or add --force",
        tmp_path: "is a folder. Name a file",
        tmp_path / "no" / "x.zip": "There is no folder",
        Path("/dev/null"): "is not a file",
        Path("/proc/x.zip"): "cannot be written",
    }
    for place, sentence in sentences.items():
        refused = export(helpdesk, "anna@acme.example", place)
        assert (refused.code, sentence in refused.err) == (1, True), refused.err
    assert export(helpdesk, "nobody@acme.example", tmp_path / "n.zip").err.startswith("There is no client")
    assert target.read_text() == "mine"
    assert {one.name for one in tmp_path.iterdir()} == {"home", "helpdesk.db", "mine.zip"}


def test_a_disk_that_is_full_leaves_nothing_behind(helpdesk: Helpdesk, tmp_path: Path) -> None:
    import resource

    add(helpdesk, "Anna", "anna@acme.example")

    def little() -> None:
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    target = tmp_path / "anna.zip"
    refused = helpdesk("clients", "export-person", "anna@acme.example", "--to", str(target), before=little)
    assert (refused.code, "Traceback" in refused.err) == (1, False)
    assert not [one for one in tmp_path.iterdir() if "zip" in one.name], refused.err


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", ".bashrc", "-rf", "a\x1b[2J.txt", "x" * 400 + ".pdf", ""]
)
def test_names_of_files_are_made_safe(name: str) -> None:
    from console.data.sheets import file_name

    safe = file_name(name)
    assert safe
    assert safe[0] not in ".-"
    assert not {"/", "\\", "\x1b"} & {*safe}
    assert len(safe.encode()) <= 200


def test_formulas_are_inert_however_they_begin() -> None:
    from console.data.sheets import cell

    for begin in ("=", "+", "-", "@", "\t", "\r", " =", "\u200b=", "\uff1d", "\uff20"):
        assert cell(begin + "1").startswith("'")
    assert [cell(one) for one in (-5, None, True, "a=b", 1 << 60)] == ["-5", "", "yes", "a=b", str(1 << 60)]
