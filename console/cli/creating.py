"""`helpdesk incidents create`: what came by telephone or chat goes in by the same rule as mail."""

import sys
from typing import TYPE_CHECKING, Any

import click

from console.cli.session import Session
from console.cli.session import command as made

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from console.data.records import Submission

CHANNELS = ("email", "call", "chat", "portal", "facebook", "twitter", "linkedin", "staff")
PRIORITIES = ("low", "medium", "high", "critical")


@made(
    "create",
    click.Option(["--client"], metavar="ID", help="Whose it is; or give an identity."),
    click.Option(
        ["--identity"], metavar="TEXT", help="The caller's number, address or handle; unknown ones register."
    ),
    click.Option(["--name"], default="", help="How a caller who is no client yet is called."),
    click.Option(["--channel"], type=click.Choice(CHANNELS), default="call", show_default=True),
    click.Option(["--subject"], default="", help="What it is about; else the first line of the text."),
    click.Option(["--text"], default="", help="What they say; - reads it from standard input."),
    click.Option(["--department"], metavar="NAME", help="Where it goes; else the desk's usual one."),
    click.Option(["--priority"], type=click.Choice(PRIORITIES), default="medium", show_default=True),
    click.Option(["--kind"], type=click.Choice(("request", "job")), default="request", show_default=True),
    click.Option(["--reply-to"], metavar="INC", help="Add it to the thread of this incident."),
    click.Option(["--notify/--no-notify"], default=True, help="Whether the client is told of it."),
    text="Create an incident, or log a job: the caller is found by identity, or becomes a client.",
    examples="""
    helpdesk incidents create --channel call --identity "+48 601 555 010" --name "Jan Kowal" --subject "No dial tone"
    helpdesk incidents create --client anna@acme.example --kind job --text "Changed the fuser" --no-notify --json
    """,
)
async def create(session: Session, **given: Any) -> None:
    """See the help text."""
    from console.data.records import Done
    from console.data.submit import submit

    async with session.acting() as (desk, actor):
        async with desk.read() as connection:
            submission = await _submission(connection, given)
        action = "incident.create" if submission.reply_to is None else "incident.add"
        async with desk.change(actor, action) as change:
            made = await submit(change, submission)
    session.done(
        Done(made.told, change.entry_id, 1),
        outcome=made.outcome,
        id=_id(made.incident_id),
        number=made.number,
        client_id=_id(made.client_id),
        registered=made.registered,
        restorable=_id(made.restorable),
    )


async def _submission(connection: "AsyncConnection", given: dict[str, Any]) -> "Submission":
    from console.data import departments, find, incidents
    from console.data.records import Submission

    if bool(given["client"]) is bool(given["identity"]):
        raise click.UsageError("Say whose it is: either --client ID or --identity TEXT.")
    client_id = await find.client_id(connection, given["client"]) if given["client"] else None
    department_id = None
    if given["department"]:
        department_id, _ = await departments.find(connection, given["department"])
    return Submission(
        channel=given["channel"],
        subject=given["subject"],
        body=sys.stdin.read() if given["text"] == "-" else given["text"],
        sender=given["identity"] or "",
        sender_name=given["name"],
        client_id=client_id,
        kind=given["kind"],
        department_id=department_id,
        priority=given["priority"],
        reply_to=await incidents.find(connection, given["reply_to"]) if given["reply_to"] else None,
        by_staff=True,
        notify=given["notify"],
    )


def _id(value: int | None) -> str | None:
    return None if value is None else str(value)
