"""Staff, departments and settings by command."""

import os
import pwd

import pytest

from tests.cli.running import Helpdesk

ME = pwd.getpwuid(os.getuid()).pw_name


def test_a_new_desk_has_an_admin_and_a_department(helpdesk: Helpdesk) -> None:
    (me,) = helpdesk.ok("staff", "list", "--json").json
    assert (me["login"], me["role"], me["active"], me["departments"]) == (ME, "admin", True, [])
    (support,) = helpdesk.ok("departments", "list", "--json").json
    assert (support["name"], support["open_to_all"], support["billing"]) == ("Support", True, "none")
    assert "Support" in helpdesk.ok("departments", "list").out


def test_staff_are_added_changed_deactivated_and_it_is_undone(helpdesk_on: Helpdesk) -> None:
    helpdesk = helpdesk_on
    added = helpdesk.ok(
        "staff", "add", "tom", "--name", "Tom Baker", "--department", "support", "--time-zone", "Europe/Warsaw",
        "--json",
    ).json  # fmt: skip
    assert added["sentence"] == "Added Tom Baker to staff as agent"
    answer = helpdesk.ok("staff", "edit", "tom", "--role", "viewer", "--department", "", "--json").json
    assert (answer["sentence"], answer["count"]) == ("Changed Tom Baker: role viewer, departments empty", 1)
    tom = next(one for one in helpdesk.ok("staff", "list", "--json").json if one["login"] == "tom")
    assert (tom["id"], tom["role"], tom["departments"]) == (added["id"], "viewer", [])
    helpdesk.ok("journal", "undo", answer["entry"])
    assert "can no longer log in" in helpdesk.ok("staff", "deactivate", tom["id"]).out
    listed = helpdesk.ok("staff", "list", "--filter", "baker").out.splitlines()
    assert len(listed) == 2
    assert listed[1].split() == ["tom", "Tom", "Baker", "agent", "Support", "not", "active"]
    assert helpdesk.ok("staff", "activate", "tom").out == "Activated Tom Baker as agent\n"
    assert (
        helpdesk.ok("staff", "list", "--filter", "nobody").out == "Nobody matches. See: helpdesk staff list\n"
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("staff", "edit", ME, "--role", "agent"), "That would leave the desk without an admin."),
        (("staff", "deactivate", ME), "You cannot deactivate yourself."),
        (("staff", "add", "two words"), "A login is one word"),
        (
            ("staff", "edit", "nobody", "--role", "agent"),
            "There is no member of staff with the login 'nobody'.",
        ),
        (("departments", "add", "support"), "There is a department Support already."),
        (
            ("departments", "add", "Sa\x1b[2Jles"),
            "The name holds a line break or a character nobody can see.",
        ),
        (("departments", "edit", "Support", "--credit-required", "yes"), "Credit can only be required where"),
        (("departments", "edit", "Nowhere", "--email", "a@b.pl"), "There is no department 'Nowhere'."),
        (
            ("settings", "set", "journal_keep_days", "soon"),
            "journal_keep_days cannot be 'soon'. Write a whole number",
        ),
        (("settings", "explain", "colour"), "There is no setting 'colour'."),
    ],
)
def test_what_cannot_be_is_one_sentence(
    helpdesk: Helpdesk, arguments: tuple[str, ...], sentence: str
) -> None:
    answer = helpdesk(*arguments)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith(sentence)
    assert answer.err.count("\n") == 1


def test_departments_are_added_closed_and_opened(helpdesk: Helpdesk) -> None:
    helpdesk.ok("clients", "add", "Anna", "--email", "anna@acme.example")
    added = helpdesk.ok(
        "departments", "add", "Sales", "--email", "sales@desk.example", "--billing", "time", "--json"
    )
    assert list(added.json) == ["sentence", "entry", "count", "id"]
    said = helpdesk.ok("departments", "edit", "Sales", "--open-to-all", "no").out
    assert said == "Changed Sales: open to all no; 1 client loses access\n"
    assert (
        "nobody can submit to it any more" in helpdesk.ok("departments", "deactivate", added.json["id"]).out
    )
    sales, support = helpdesk.ok("departments", "list", "--json").json
    assert (sales["active"], sales["open_to_all"], support["active"]) == (False, False, True)
    assert helpdesk.ok("departments", "activate", "Sales").out == "Activated Sales\n"


def test_a_setting_says_what_it_does_what_it_can_be_and_what_it_is(helpdesk: Helpdesk) -> None:
    explained = helpdesk.ok("settings", "explain", "auto_approve").out
    assert "can be   yes or no" in explained
    assert helpdesk.ok("settings", "set", "auto_approve", "yes").out == "auto_approve is yes now\n"
    (one,) = helpdesk.ok("settings", "explain", "auto_approve", "--json").json
    assert (one["value"], one["default"], one["allowed"]) == ("yes", "no", "yes or no")
    every = helpdesk.ok("settings", "explain", "--json").json
    assert {one["name"] for one in every} == set(helpdesk.ok("settings", "list", "--json").json)
    assert "auto_approve" in helpdesk.ok("settings", "explain").out
