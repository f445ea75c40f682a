"""`helpdesk duplicates list`, `explain`, `decide`: what staff see of the queue and say about it."""

import sqlite3
from contextlib import closing

from tests.cli.running import Helpdesk
from tests.cli.test_documented import documented, keys
from tests.hostile.payloads import PAYLOADS


def twice(helpdesk: Helpdesk) -> tuple[str, str]:
    """Two clients who are one, and one who is another; the ids of the two."""
    same = ("--mobile", "+48 601 555 010", "--city", "Warszawa")
    made = [
        helpdesk.ok("clients", "add", name, "--email", email, *more, "--json").json["id"]
        for name, email, more in (
            ("Katarzyna Kowalska", "katarzyna.kowalska@acme.example", same),
            ("Kasia Kowalska", "k.kowalska@acme.example", same),
            ("Bartosz Zieliński", "bz@polnoc.example", ()),
        )
    ]
    helpdesk.ok("housekeeping")
    return made[0], made[1]


def test_the_queue_lists_who_may_be_one_and_why(helpdesk_on: Helpdesk) -> None:
    first, second = twice(helpdesk_on)
    (group,) = helpdesk_on.ok("duplicates", "list", "--json").json
    assert keys(group) == documented("`duplicates list`")
    assert {one["id"] for one in group["clients"]} == {first, second}
    (pair,) = group["pairs"]
    told = helpdesk_on.ok("duplicates", "explain", first, second, "--json").json
    assert keys(told) == documented("`duplicates explain`")
    assert {name: value for name, value in told.items() if name != "clients"} == pair
    assert told["relation"] == "duplicate"
    assert any("phone" in one["text"] and one["points"] > 0 for one in told["reasons"])
    shown = helpdesk_on.ok("duplicates", "list").out
    assert "Katarzyna Kowalska" in shown
    assert "Kasia Kowalska" in shown
    assert "Bartosz" not in shown
    assert "helpdesk duplicates scan" in shown


def test_two_are_explained_in_either_order_by_any_name_for_them(helpdesk: Helpdesk) -> None:
    first, second = twice(helpdesk)
    answer = helpdesk.ok("duplicates", "explain", "Kasia Kowalska", "katarzyna.kowalska@acme.example")
    assert answer.out == helpdesk.ok("duplicates", "explain", first, second).out
    assert f"{first}" in answer.out
    assert "the same client" in answer.out.splitlines()[0]
    strangers = helpdesk.ok("duplicates", "explain", first, "bz@polnoc.example", "--json").json
    assert strangers["word"] == ""


def test_a_decision_is_remembered_and_taken_back(helpdesk_on: Helpdesk) -> None:
    first, second = twice(helpdesk_on)
    done = helpdesk_on.ok("duplicates", "decide", first, second, "different", "--json").json
    assert done["sentence"].endswith("not the same")
    assert done["count"] == 1
    helpdesk_on.ok("housekeeping")
    assert helpdesk_on.ok("duplicates", "list", "--json").json == []
    told = helpdesk_on.ok("duplicates", "explain", first, second, "--json").json
    assert (told["decision"], told["decided_by"]) == ("different", "root")
    assert "Decided by root: not the same" in helpdesk_on.ok("duplicates", "explain", first, second).out
    assert helpdesk_on.ok("journal", "undo").out.startswith("Undid the decision")
    helpdesk_on.ok("housekeeping")
    assert len(helpdesk_on.ok("duplicates", "list", "--json").json) == 1


def test_a_decision_that_they_are_related_puts_them_into_the_other_queue(helpdesk: Helpdesk) -> None:
    first, second = twice(helpdesk)
    helpdesk.ok("duplicates", "decide", first, second, "related")
    helpdesk.ok("housekeeping")
    assert helpdesk.ok("duplicates", "list", "--json").json == []
    (group,) = helpdesk.ok("duplicates", "list", "--relation", "related", "--json").json
    assert {one["id"] for one in group["clients"]} == {first, second}


def test_what_cannot_be_decided_is_refused_in_a_sentence(helpdesk: Helpdesk) -> None:
    first, second = twice(helpdesk)
    helpdesk.ok("clients", "delete", second, "--yes")
    for arguments, told in (
        (("explain", first, first), "the same client"),
        (("decide", first, first, "same"), "the same client"),
        (("explain", first, "nobody"), "There is no client 'nobody'"),
        (("explain", first, second), "deleted, archived or merged"),
        (("decide", first, second, "different"), "deleted, archived or merged"),
    ):
        answer = helpdesk("duplicates", *arguments)
        assert answer.code == 1, arguments
        assert told in answer.err
        assert answer.err.count("\n") == 1
    assert helpdesk("duplicates", "decide", first, second, "maybe").code == 2


def test_viewers_look_and_decide_nothing(helpdesk: Helpdesk) -> None:
    first, second = twice(helpdesk)
    with closing(sqlite3.connect(str(helpdesk.database).removeprefix("sqlite:///"))) as connection:
        connection.execute("UPDATE staff SET role = 'viewer'")
        connection.commit()
    assert len(helpdesk.ok("duplicates", "list", "--json").json) == 1
    refused = helpdesk("duplicates", "decide", first, second, "different")
    assert refused.code == 1
    assert "Viewers change nothing" in refused.err


def test_hostile_names_stay_on_a_line(helpdesk: Helpdesk) -> None:
    for number, payload in enumerate(list(PAYLOADS.values())[::9]):
        name = payload.replace("\x00", "").replace("\n", " ")[:80].encode("utf-8", "replace").decode()
        for mail in ("a", "b"):
            more = ("--email", f"{mail}{number}@x{number}.example", "--mobile", f"+4860155501{number:02}")
            helpdesk("clients", "add", name or "?", *more)
    helpdesk.ok("housekeeping")
    shown = helpdesk.ok("duplicates", "list").out
    assert "\x1b" not in shown
    assert all(len(line) < 400 for line in shown.splitlines())
