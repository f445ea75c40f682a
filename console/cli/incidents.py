"""`helpdesk incidents`: list, show, create."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from console.cli import listing, output, reading, records
from console.cli.actions import ActionGroup
from console.cli.creating import create
from console.cli.session import Session
from console.cli.session import command as made

if TYPE_CHECKING:
    from console.data.records import Incident, IncidentRow, Message

STATES = ("new", "open", "awaiting", "resolved", "closed", "cancelled")
FOLDERS = ("inbox", "spam", "quarantine")
VIEWS = ("all", "open", "mine", "unassigned", "overdue", "spam")
_MARK = {"client": ">", "staff": "<", "note": "#", "event": "-"}


@made(
    "list",
    *listing.options(("number", "due")),
    click.Option(["--client"], metavar="ID", help="Only of this client."),
    click.Option(["--organization"], metavar="ORG", help="Only of this organization's clients."),
    click.Option(
        ["--open", "open_only"], is_flag=True, help="Only what staff still have to do something about."
    ),
    click.Option(["--overdue", "overdue_only"], is_flag=True, help="Only what is overdue."),
    click.Option(
        ["--view"], type=click.Choice(VIEWS), default="all", help="One of the saved filters of `v`."
    ),
    click.Option(["--state"], type=click.Choice(STATES)),
    click.Option(["--folder"], type=click.Choice(FOLDERS)),
    text="List incidents, newest first. By due time (--sort due) come only those that are open and have one.\n\n"
    "--filter finds a number or a hash (from 8 characters on), words of subject, messages and client, and a sender's "
    "address: at most 500, the best first.",
    examples="""
    helpdesk incidents list --overdue
    helpdesk incidents list --client anna@acme.example --json
    helpdesk incidents list --filter printer --state closed
    helpdesk incidents list --view mine --sort due
    """,
)
async def _list(  # noqa: PLR0913 - one for each option
    session: Session,
    *,
    text: str,
    sort: str,
    limit: int,
    everything: bool,
    client: str | None,
    organization: str | None,
    open_only: bool,
    overdue_only: bool,
    view: str,
    state: str | None,
    folder: str | None,
) -> None:
    from console.data import find, incidents
    from console.data.incidents import NEWEST, IncidentQuery

    async with session.acting() as (desk, actor):
        async with desk.read() as connection:
            of_client = await find.client_id(connection, client) if client else None
            of_organization = await find.organization_id(connection, organization) if organization else None
        query = IncidentQuery(
            client_id=of_client,
            organization_id=of_organization,
            open_only=open_only,
            overdue_only=overdue_only,
            folder=folder or "",
            state=state or "",
            text=text,
            sort=NEWEST if sort == "number" else listing.sort_of(sort),
            view=view,
            staff_id=actor.staff_id,
        )
        pages = listing.pages(
            desk,
            lambda connection, at, size: incidents.page(connection, query, desk.now(), at=at, limit=size),
            None if everything else limit,
        )
        if session.json:
            await output.emit_list(listing.objects(pages, records.incident_row))
            return

        def write(rows: "Sequence[IncidentRow]", titles: bool) -> None:
            reading.incidents(session, rows, titles=titles)

        await listing.table(pages, write, nothing="No incidents.", first="newest")


@made(
    "show",
    click.Argument(["incident"]),
    text="Show one incident with its thread: INC-000123, a number, its hash or its id.",
    examples="helpdesk incidents show INC-000123\nhelpdesk incidents show 123 --json",
)
async def _show(session: Session, incident: str) -> None:
    from console.data import incidents

    async with session.acting() as (desk, _actor), desk.read() as connection:
        found = await incidents.load(connection, await incidents.find(connection, incident), desk.now())
    if session.json:
        output.emit(records.incident(found))
        return
    output.details(_lines(session, found))
    if found.has_before:
        output.say("\n… older messages are not shown; the console has them.")
    for message in found.thread:
        _message(session, message)


def _lines(session: Session, found: "Incident") -> list[tuple[str, str]]:
    row = found.row
    due = session.local(row.due_at) + (", overdue" if row.overdue else "")
    return [
        ("incident", f"{row.readable} {row.subject}"),
        ("from", row.client + (f", {found.organization}" if found.organization else "")),
        ("state", row.state if row.folder == "inbox" else f"{row.state}, in {row.folder}"),
        ("held", found.held_reason),
        ("kind", f"{row.kind} by {row.channel}"),
        ("department", row.department),
        ("priority", row.priority),
        ("owner", row.owner or "-"),
        ("due", due),
        ("opened", session.local(row.created_at)),
        ("resolved", session.local(found.resolved_at)),
        ("reply to", found.reply_address),
        ("hash", found.hash),
        ("id", str(row.id)),
    ]


def _message(session: Session, message: "Message") -> None:
    private = ", private note" if message.kind == "note" else ""
    output.heading(f"{_MARK[message.kind]} {session.local(message.created_at)} {message.author}{private}")
    output.details([("", message.body)])
    for file in message.attachments:
        output.tell(f"[{file.name}, {file.media_type}, {file.size:,} bytes]")


command = ActionGroup(
    "incident",
    commands=[_list, _show, create],
    help="Incidents: requests of clients and jobs logged by staff.",
)
