"""Actions on many from the command line: the frozen set, the impact card, --yes and --dry-run."""

import asyncio

import pytest

from console.data import staff
from console.data.desk import Desk
from console.data.models.clients import client
from console.data.records import Actor
from tests.cli.running import Helpdesk


def crowd(helpdesk: Helpdesk, count: int, **values: str) -> None:
    """Clients made at once, in the database of the command."""

    async def make() -> None:
        assert helpdesk.database is not None
        async with await Desk.open(helpdesk.database) as desk:
            rows = [{"name": f"Client {n:05d}", "status": "pending", **values} for n in range(count)]
            who = await staff.actor(desk, staff.system_login(), via="command")
            async with desk.change(Actor(who.staff_id, "", "", "admin"), "client.import") as change:
                await change.insert_many(client, rows)

    asyncio.run(make())


def with_status(helpdesk: Helpdesk, status: str) -> int:
    return len(helpdesk.ok("clients", "list", "--status", status, "--all", "--json").json)


def test_all_that_match_are_acted_on_as_one_batch_with_yes(helpdesk_on: Helpdesk) -> None:
    helpdesk_on.ok("clients", "add", "Anna Kowalska", "--email", "anna@acme.pl", "--status", "pending")
    crowd(helpdesk_on, 30)
    ban = ("clients", "ban", "--matching", "client", "--view", "pending", "--reason", "bought list")
    refused = helpdesk_on(*ban)
    assert refused.code == 1
    assert "Ban: 30 clients" in refused.out
    assert refused.err == (
        "Nothing was changed. Ban: 30 clients: add --yes to do it, --dry-run to see what it would touch.\n"
    )
    assert with_status(helpdesk_on, "banned") == 0
    assert helpdesk_on.ok(*ban, "--yes").out == "Banned 30 clients\n"
    assert with_status(helpdesk_on, "banned") == 30
    helpdesk_on.ok("journal", "undo")
    assert with_status(helpdesk_on, "pending") == 31


def test_a_dry_run_prints_the_card_and_changes_nothing(helpdesk: Helpdesk) -> None:
    crowd(helpdesk, 30)
    archive = ("clients", "archive", "--view", "pending", "--dry-run")
    out = helpdesk.ok(*archive).out
    assert "Archive: 30 clients" in out
    assert "  Client 00000; Client 00001" in out
    assert out.endswith("Nothing was changed.\n")
    answer = helpdesk.ok(*archive, "--json").json
    assert answer["dry_run"] is True
    assert answer["card"]["title"] == "Archive: 30 clients"
    assert answer["card"]["confirm"] == "30"
    assert set(answer["card"]) == {
        "title", "count", "touched", "names", "flags", "sight", "left_out", "undoable", "confirm"
    }  # fmt: skip
    assert with_status(helpdesk, "pending") == 30


def test_few_have_a_card_only_when_it_is_asked_for(helpdesk: Helpdesk) -> None:
    helpdesk.ok("clients", "add", "Anna", "--email", "anna@acme.pl")
    card = helpdesk.ok("clients", "ban", "anna@acme.pl", "--reason", "x", "--dry-run", "--json").json["card"]
    assert (card["title"], card["confirm"]) == ("Ban: Anna", "")
    assert helpdesk.ok("clients", "ban", "anna@acme.pl", "--reason", "rude").out == "Banned Anna\n"


def test_what_changes_who_sees_what_needs_yes(helpdesk: Helpdesk) -> None:
    for name in ("Anna", "Bob"):
        helpdesk.ok("clients", "add", name, "--email", f"{name}@acme.pl", "--organization", "Acme")
    refused = helpdesk("clients", "manager", "anna@acme.pl")
    assert refused.code == 1
    assert "Anna will newly see 0 incidents of 1 colleague of Acme." in refused.out
    assert "--yes" in refused.err
    quiet = helpdesk("clients", "manager", "anna@acme.pl", "--json")
    assert (quiet.code, quiet.out) == (1, "")
    assert helpdesk.ok("clients", "manager", "anna@acme.pl", "--yes").out.startswith("Anna manages Acme now")


@pytest.mark.parametrize(
    "arguments",
    [
        ("clients", "archive"),
        ("clients", "archive", "1", "--matching", "anna"),
        ("clients", "archive", "1", "--view", "spam"),
        ("clients", "archive", "--view", "nonsense"),
    ],
)
def test_a_set_that_is_named_twice_or_not_at_all_is_refused(
    helpdesk: Helpdesk, arguments: tuple[str, ...]
) -> None:
    assert helpdesk(*arguments).code == 2


def test_a_filter_that_finds_nobody_is_said(helpdesk: Helpdesk) -> None:
    answer = helpdesk("clients", "archive", "--matching", "nobody", "--yes")
    assert (answer.code, answer.err) == (1, "No client matches. Nothing was changed.\n")


def test_access_to_a_department_is_switched_for_many(helpdesk: Helpdesk) -> None:
    helpdesk.ok("demo", "--clients", "40", "--no-open")
    card = helpdesk.ok(
        "clients", "access", "--view", "all", "--department", "nonsense", "--dry-run", "--json"
    )
    assert card.json["count"] > 0
    wrong = helpdesk("clients", "access", "--view", "all", "--department", "nonsense", "--yes")
    assert wrong.code == 1
    assert "There is no department 'nonsense'. There is:" in wrong.err
    department = wrong.err.split("There is: ")[1].split(",")[0]
    done = helpdesk.ok("clients", "access", "--view", "all", "--department", department, "--deny", "--yes")
    assert f"may not submit to {department} now" in done.out
