"""docs/commands.md names every key that the commands answer with, and no other."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.ready import REPOSITORY
from tests.cli.running import Helpdesk

PAGE = REPOSITORY / "docs" / "commands.md"


def documented(name: str) -> list[str]:
    """The keys in the first run of words in quotes on the page's line about a command."""
    line = next(
        line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(f"| {name} |")
    )
    found: list[str] = re.findall(r"`([^`]+)`", line.partition("|")[2].partition("|")[2])
    return found[0].split()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Helpdesk:
    home = tmp_path_factory.mktemp("documented")
    helpdesk = Helpdesk(home, f"sqlite:///{home / 'demo.db'}")
    helpdesk.ok("demo", "--no-open", "--clients", "120")
    return helpdesk


def keys(answer: Any) -> list[str]:
    return list(answer[0] if isinstance(answer, list) else answer)


@pytest.mark.parametrize(
    "command",
    [
        ["clients", "list"],
        ["organizations", "list"],
        ["incidents", "list"],
        ["staff", "list"],
        ["departments", "list"],
        ["settings", "explain"],
        ["journal", "list"],
        ["doctor"],
        ["migrate"],
    ],
    ids=" ".join,
)
def test_answers_have_the_keys_of_the_page(command: list[str], filled: Helpdesk) -> None:
    assert keys(filled.ok(*command, "--json").json) == documented(f"`{' '.join(command)}`")


def test_single_records_have_the_keys_of_the_page(filled: Helpdesk) -> None:
    with_contacts = next(
        one
        for one in filled.ok("clients", "list", "--all", "--json").json
        if one["contacts"] and one["email"]
    )
    client = filled.ok("clients", "show", with_contacts["id"], "--json").json
    assert keys(client) == documented("`clients show`")
    for name in ("contacts", "identities"):
        assert keys(client[name]) == documented(f"– `{name}`")
    assert keys(filled.ok("contacts", "list", with_contacts["id"], "--json").json) == documented(
        "`contacts list`"
    )
    filled.ok("clients", "credit", with_contacts["id"], "--amount", "2 h")
    assert keys(filled.ok("credit", "list", with_contacts["id"], "--json").json) == documented(
        "`credit list`"
    )
    organization = filled.ok("organizations", "list", "--limit", "1", "--json").json[0]
    shown = filled.ok("organizations", "show", organization["id"], "--json").json
    assert keys(shown) == documented("`organizations show`")
    incident = filled.ok("incidents", "show", "1", "--json").json
    listed = documented("`incidents list`")
    assert keys(incident) == listed + documented("`incidents show`")


def test_reports_have_the_keys_of_the_page(filled: Helpdesk, tmp_path: Path) -> None:
    file = tmp_path / "one.csv"
    file.write_text("name,email\nAnna,anna@new.example\n")
    report = filled.ok("clients", "import", str(file), "--json").json
    assert keys(report) == documented("`clients import`, `organizations import`")
    assert keys(filled.ok("journal", "undo", report["batch"], "--json").json) == [
        "sentence",
        "entry",
        "count",
    ]
