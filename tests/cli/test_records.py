"""Lists, single records and actions, by the real command on a real database."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from console.commands import COMMANDS
from tests.cli.running import Helpdesk

CLIENT_KEYS = [
    "id",
    "name",
    "kind",
    "email",
    "mobile",
    "mail_domain",
    "organization",
    "contacts",
    "open_incidents",
    "status",
    "favourite",
    "near",
]


def filled(helpdesk: Helpdesk, count: int = 5) -> None:
    """Clients 'Client 001' and so on, with an address each, of one organization."""
    file = helpdesk.home / "clients.csv"
    lines = [f"Client {n:03d},c{n:03d}@acme.example,Acme sp. z o.o.\n" for n in range(1, count + 1)]
    file.write_text("name,email,organization\n" + "".join(lines))
    helpdesk.ok("clients", "import", str(file))


def names(helpdesk: Helpdesk, *options: str) -> list[str]:
    return [row["name"] for row in helpdesk.ok("clients", "list", "--json", *options).json]


def test_a_list_pages_through_more_than_a_page_and_stops_at_its_limit(helpdesk_on: Helpdesk) -> None:
    filled(helpdesk_on, 430)
    everybody = [f"Client {n:03d}" for n in range(1, 431)]
    assert names(helpdesk_on, "--all") == everybody
    assert names(helpdesk_on, "--limit", "201", "--sort", "email:desc") == everybody[::-1][:201]
    assert len(names(helpdesk_on)) == 50
    lines = helpdesk_on.ok("clients", "list", "--limit", "3").out.splitlines()
    assert len(lines) == 5
    assert lines[-1] == "The first 3. For more: --limit N, or --all."
    # Every row's columns are where the titles are.
    assert {line.index("@acme") - line.index("c0") for line in lines[1:4]} == {4}
    assert names(helpdesk_on, "--filter", "client 017") == ["Client 017"]


def test_json_has_stable_keys_and_ids_as_text(helpdesk_on: Helpdesk) -> None:
    filled(helpdesk_on, 2)
    row = helpdesk_on.ok("clients", "list", "--json").json[0]
    assert list(row) == CLIENT_KEYS
    assert isinstance(row["id"], str)
    found = helpdesk_on.ok("clients", "show", row["id"], "--json").json
    assert found["identities"] == [
        {"type": "email", "raw": "c001@acme.example", "normalized": "c001@acme.example", "mobile": False}
    ]
    assert found["created_at"].endswith("Z")
    organization = helpdesk_on.ok("organizations", "list", "--json").json[0]
    assert (organization["name"], organization["clients"]) == ("Acme sp. z o.o.", 2)
    assert (
        helpdesk_on.ok("organizations", "show", "acme SP. z o.o.", "--json").json["id"] == organization["id"]
    )
    assert helpdesk_on.ok("incidents", "list", "--json").json == []


def test_clients_go_by_many_names(helpdesk: Helpdesk) -> None:
    given = [
        "--email",
        "Anna@Acme.example",
        "--mobile",
        "601 555 010",
        "--country",
        "PL",
        "--username",
        "aniak",
    ]
    answer = helpdesk.ok(
        "clients", "add", "Żaneta Kowalska", *given, "--external-id", "K-7", "--tag", "vip", "--json"
    )
    for name in (
        answer.json["id"],
        "anna@acme.EXAMPLE",
        "+48 601-555-010",
        "ANIAK",
        "K-7",
        "zaneta kowalska",
    ):
        found = helpdesk.ok("clients", "show", name, "--json").json
        assert (found["name"], found["tags"]) == ("Żaneta Kowalska", ["vip"])


def test_a_name_of_two_is_refused_with_the_candidates(helpdesk: Helpdesk) -> None:
    for address in ("one", "two"):
        helpdesk.ok("clients", "add", "Jan Nowak", "--email", f"{address}@x.example")
    answer = helpdesk("clients", "approve", "Jan Nowak")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("'Jan Nowak' stands for more than one client: ")
    assert "(one@x.example)" in answer.err
    assert "(two@x.example)" in answer.err


def test_a_taken_address_is_refused(helpdesk: Helpdesk) -> None:
    helpdesk.ok("clients", "add", "Anna", "--email", "anna@x.example")
    answer = helpdesk("clients", "add", "Other", "--email", "ANNA@x.example")
    assert answer.code == 1
    assert "belongs to Anna already" in answer.err
    assert names(helpdesk) == ["Anna"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["", "--email", "a@x.example"], "The name is missing."),
        (["Anna"], "An e-mail address, mobile or phone is missing."),
        (["Anna", "--email", "nonsense"], "'nonsense' is not an e-mail address."),
        (["Anna", "--email", "a@x.example", "--country", "UK"], "'UK' is not a country. Write GB."),
        (["Anna", "--email", "a@x.example", "--time-zone", "Mars"], "'Mars' is not a time zone."),
        (["x" * 201, "--email", "a@x.example"], "The name has 201 characters."),
    ],
)
def test_what_a_client_lacks_is_one_sentence(given: list[str], sentence: str, helpdesk: Helpdesk) -> None:
    answer = helpdesk("clients", "add", *given)
    assert answer.code == 1
    assert answer.err.startswith(sentence)
    assert answer.err.count("\n") == 1


def test_ban_and_undo(helpdesk_on: Helpdesk) -> None:
    filled(helpdesk_on)
    assert (
        helpdesk_on.ok("clients", "ban", "c001@acme.example", "--reason", "insults").out
        == "Banned Client 001\n"
    )
    assert names(helpdesk_on, "--status", "banned") == ["Client 001"]
    again = helpdesk_on("clients", "ban", "c001@acme.example", "--reason", "insults")
    assert (again.code, again.err) == (1, "Client 001 is banned already.\n")
    assert "ban" in helpdesk_on.ok("journal", "undo").out
    assert names(helpdesk_on, "--status", "banned") == []
    line = helpdesk_on.ok("journal", "list", "--mine", "--json").json[1]
    assert (line["action"], line["reason"], line["undone"], line["via"]) == (
        "client.ban",
        "insults",
        True,
        "command",
    )


def test_each_status_action_and_what_takes_it_back(helpdesk: Helpdesk) -> None:
    filled(helpdesk, 1)
    who = "c001@acme.example"

    def status() -> str:
        found: str = helpdesk.ok("clients", "show", who, "--json").json["status"]
        return found

    for action, becomes in (
        (["disapprove", who, "--reason", "no such company"], "disapproved"),
        (["approve", who], "approved"),
        (["spam", who, "--no-incidents"], "spam"),
        (["not-spam", who], "approved"),
        (["ban", who, "--reason", "x"], "banned"),
        (["unban", who], "approved"),
    ):
        answer = helpdesk.ok("clients", *action, "--json").json
        assert answer["count"] == 1
        assert isinstance(answer["entry"], str)
        assert status() == becomes


def test_favourite_and_note(helpdesk: Helpdesk) -> None:
    filled(helpdesk, 2)
    helpdesk.ok("clients", "favourite", "c001@acme.example", "c002@acme.example")
    assert names(helpdesk, "--view", "favourites") == ["Client 001", "Client 002"]
    helpdesk.ok(
        "clients", "note", "c001@acme.example", "--text", "Call the mobile only", "--level", "warning"
    )
    assert helpdesk.ok("clients", "show", "c001@acme.example").out.startswith("! Call the mobile only\n")
    note = helpdesk.ok("clients", "show", "c001@acme.example", "--json").json["notes"][0]
    assert (note["level"], note["text"]) == ("warning", "Call the mobile only")


def test_every_action_on_clients_is_a_command(helpdesk: Helpdesk) -> None:
    listed = helpdesk.ok("clients", "--help").out
    offered = [c.id for c in COMMANDS if c.id.startswith("client.") and c.run and c.places]
    assert len(offered) >= 8
    for action in offered:
        assert f"\n  {action.removeprefix('client.').replace('new', 'add')} " in listed


def test_staff(helpdesk: Helpdesk) -> None:
    answer = helpdesk.ok("staff", "add", "tom", "--name", "Tom Baker", "--role", "viewer")
    assert answer.out == "Added Tom Baker to staff as viewer\n"
    assert helpdesk("staff", "add", "tom").code == 1
    rows = {row["login"]: row["role"] for row in helpdesk.ok("staff", "list", "--json").json}
    assert rows["tom"] == "viewer"
    assert "admin" in rows.values()


def test_an_unknown_incident_or_entry_is_a_sentence(helpdesk: Helpdesk) -> None:
    assert helpdesk("incidents", "show", "INC-000123").err.startswith("There is no incident INC-000123.")
    assert (
        helpdesk("journal", "undo", "12").err == "There is no journal entry 12. See: helpdesk journal list\n"
    )
    assert helpdesk("journal", "undo").code == 1


def test_another_time_zone_and_no_utf8(helpdesk: Helpdesk) -> None:
    filled(helpdesk, 1)
    helpdesk.ok("clients", "add", "Żółć", "--email", "z@x.example")
    answer = helpdesk.ok("--time-zone", "Pacific/Kiritimati", "journal", "list")
    assert len(answer.out.splitlines()) == 5
    ascii_only = {"LC_ALL": "C", "LANG": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    assert "\\u017b" in helpdesk.ok("clients", "show", "z@x.example", env=ascii_only).out
    assert helpdesk.ok("clients", "show", "z@x.example", "--json", env=ascii_only).json["name"] == "Żółć"


def test_a_url_with_a_driver_means_the_same_database(helpdesk: Helpdesk, tmp_path: Path) -> None:
    filled(helpdesk, 1)
    path = str(helpdesk.database).removeprefix("sqlite:///")
    for written in (path, f"sqlite+aiosqlite:///{path}"):
        assert names(helpdesk, "--database", written) == ["Client 001"]


def test_a_warning_that_has_ended_is_no_longer_shown_first(helpdesk: Helpdesk) -> None:
    filled(helpdesk, 1)
    helpdesk.ok("clients", "note", "c001@acme.example", "--text", "On leave", "--level", "warning")
    path = (helpdesk.database or "").removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE note SET expires_at = created_at + 1")
    assert not helpdesk.ok("clients", "show", "c001@acme.example").out.startswith("!")


def test_undo_of_a_number_that_no_entry_can_have_is_wrong_usage(helpdesk: Helpdesk) -> None:
    assert helpdesk("journal", "undo", str(10**25)).code == 2
