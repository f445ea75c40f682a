"""Incidents created, senders registered, quarantine listed and released, by the real command on each database."""

from tests.cli.running import Helpdesk
from tests.cli.test_documented import documented, keys
from tests.hostile.payloads import PAYLOADS


def ready(helpdesk: Helpdesk) -> None:
    helpdesk.ok("clients", "list")
    if not helpdesk.ok("departments", "list", "--json").json:
        helpdesk.ok("departments", "add", "Support")


def create(helpdesk: Helpdesk, *options: str) -> dict[str, object]:
    answer: dict[str, object] = helpdesk.ok("incidents", "create", *options, "--json").json
    return answer


def test_a_call_makes_an_incident_and_its_caller_a_client(helpdesk_on: Helpdesk) -> None:
    ready(helpdesk_on)
    options = ("--identity", "+48 601 555 010", "--name", "Jan Kowal", "--subject", "No dial tone")
    made = create(helpdesk_on, *options, "--text", "The line is dead.", "--priority", "high", "--no-notify")
    assert list(made) == documented("`incidents create`")
    assert (made["number"], made["registered"], made["outcome"]) == ("INC-000001", True, "created")
    shown = helpdesk_on.ok("incidents", "show", "1", "--json").json
    assert (shown["client"], shown["priority"], shown["channel"]) == ("Jan Kowal", "high", "call")
    assert [one["body"] for one in shown["thread"]] == [
        "created by root, the client is not notified",
        "The line is dead.",
    ]
    again = create(helpdesk_on, "--identity", "+48601555010", "--text", "Still.", "--reply-to", "INC-000001")
    assert (again["outcome"], again["client_id"]) == ("joined", made["client_id"])
    assert helpdesk_on.ok("journal", "undo").out == "Undid the message, 2 rows\n"


def test_a_job_is_logged_for_a_client_from_standard_input(helpdesk: Helpdesk) -> None:
    ready(helpdesk)
    helpdesk.ok("clients", "add", "Anna Nowak", "--email", "anna@acme.example")
    options = ("--client", "anna@acme.example", "--kind", "job", "--channel", "staff", "--text", "-")
    answer = helpdesk.ok("incidents", "create", *options, stdin="Changed the fuser\nof the printer.")
    assert answer.out.startswith("Made INC-000001 in Support")
    shown = helpdesk.ok("incidents", "show", "1", "--json").json
    assert (shown["kind"], shown["subject"]) == ("job", "Changed the fuser of the printer.")


def test_what_is_missing_or_wrong_is_said(helpdesk: Helpdesk) -> None:
    ready(helpdesk)
    assert helpdesk("incidents", "create", "--text", "x").code == 2
    assert helpdesk("incidents", "create", "--text", "x", "--client", "a", "--identity", "b").code == 2
    for options, told in (
        (("--identity", "nobody", "--text", "x"), "is not a phone number"),
        (("--identity", "+48601555010"), "neither a subject nor a text"),
        (("--client", "12", "--text", "x"), "12"),
        (("--identity", "a@b.pl", "--text", "x", "--department", "Nowhere"), "Nowhere"),
        (("--identity", "a@b.pl", "--text", "x", "--reply-to", "INC-9"), "no incident INC-9"),
    ):
        answer = helpdesk("incidents", "create", *options)
        assert answer.code == 1, options
        assert told in answer.err
    assert helpdesk.ok("incidents", "list").out == "No incidents.\n"


def test_a_one_time_sender_is_registered(helpdesk: Helpdesk) -> None:
    ready(helpdesk)
    helpdesk.ok("settings", "set", "auto_register", "no")
    made = create(helpdesk, "--identity", "jan@mail.example", "--name", "Jan", "--text", "Hello")
    assert (made["client_id"], made["registered"]) == (None, False)
    assert (
        "Registered Jan, pending; 1 incident is theirs" in helpdesk.ok("incidents", "register", "INC-1").out
    )
    assert helpdesk("incidents", "register", "INC-1").code == 1
    helpdesk.ok("journal", "undo")
    assert helpdesk.ok("clients", "list", "--json").json == []


def test_what_is_held_is_listed_counted_and_released(helpdesk_on: Helpdesk) -> None:
    ready(helpdesk_on)
    helpdesk_on.ok("clients", "add", "Anna Nowak", "--email", "anna@acme.example")
    create(helpdesk_on, "--client", "anna@acme.example", "--text", "Hello")
    helpdesk_on.ok("clients", "disapprove", "anna@acme.example")
    assert helpdesk_on.ok("held", "list").out == "Nothing is held.\n"
    helpdesk_on.ok("clients", "approve", "anna@acme.example")
    hold(helpdesk_on)
    [row] = helpdesk_on.ok("held", "list", "--json").json
    assert keys([row]) == documented("`held list`")
    assert (row["client"], row["kind"], row["reason"]) == (
        "Anna Nowak",
        "incident",
        "They have no access to Support.",
    )
    shown = helpdesk_on.ok("clients", "show", "anna@acme.example", "--json").json
    assert list(shown["incidents"]) == documented("– `incidents`")
    assert shown["incidents"]["held"] == 1
    told = helpdesk_on.ok("held", "release", row["id"]).out
    assert told == "Released: brought INC-000002 to the inbox\n"
    assert helpdesk_on("held", "release", row["id"]).code == 1
    assert helpdesk_on("held", "release", "12").code == 1


def hold(helpdesk: Helpdesk) -> None:
    """Something of Anna's in quarantine, as the portal will send it."""
    import asyncio

    from tests.data.submitting import the_portal_sends_where_they_may_not

    assert helpdesk.database is not None
    asyncio.run(the_portal_sends_where_they_may_not(helpdesk.database, "anna@acme.example"))


def test_hostile_text_is_printed_harmless(helpdesk: Helpdesk) -> None:
    ready(helpdesk)
    for number, name in enumerate(("osc 0 sets the title", "c1 csi", "bidi override", "zalgo", "line feeds")):
        words = PAYLOADS[name]
        told = helpdesk.ok(
            "incidents",
            "create",
            "--identity",
            f"x{number}@mail.example",
            "--name",
            words,
            "--subject",
            words,
        )
        assert not set("\x1b\x07\x9b\u202e") & set(told.out)
        assert len(told.out.splitlines()) == 1
