"""`helpdesk clients`: list, show, add, import; the actions on clients come from the one table of commands."""

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from console.cli import erasing, importing, listing, merging, output, reading, records, unmerging
from console.cli.actions import ActionGroup
from console.cli.output import Column
from console.cli.person import export_person
from console.cli.session import Session
from console.cli.session import command as made

if TYPE_CHECKING:
    from console.data.clients import ClientQuery
    from console.data.desk import Desk
    from console.data.records import Actor, ClientRow

SORTS = ("name", "email", "mobile", "mail_domain", "organization", "contacts", "incidents", "status")
STATUSES = ("pending", "approved", "disapproved", "banned", "spam")
COLUMNS = (
    Column("*"),
    Column("name", gives=True),
    Column("email", gives=True),
    Column("mobile"),
    Column("organization", gives=True),
    Column("contacts", "right"),
    Column("open", "right"),
    Column("status"),
    Column("id", "right"),
)


@made(
    "list",
    *listing.options(SORTS),
    click.Option(["--status"], type=click.Choice(STATUSES), help="Only clients of this status."),
    click.Option(["--organization"], metavar="ORG", help="Only members: an id, name or mail domain."),
    click.Option(
        ["--view"],
        type=click.Choice(listing.VIEWS),
        default="all",
        help="One of the console's saved filters.",
    ),
    text="List clients. Archived and deleted ones have views of their own, merged ones are left out.",
    examples="""
    helpdesk clients list --filter kowalska
    helpdesk clients list --status pending --sort incidents:desc
    helpdesk clients list --view overdue
    helpdesk clients list --organization acme.example --all --json
    """,
)
async def _list(
    session: Session,
    text: str,
    sort: str,
    limit: int,
    everything: bool,
    status: str | None,
    organization: str | None,
    view: str,
) -> None:
    from console.data import find
    from console.data.clients import ClientQuery

    async with session.acting() as (desk, actor):
        owner = None
        if organization:
            async with desk.read() as connection:
                owner = await find.organization_id(connection, organization)
        query = ClientQuery(text, status or "", owner, view, listing.sort_of(sort))
        shown = _pages(desk, actor, query, None if everything else limit)
        if session.json:
            await output.emit_list(listing.objects(shown, records.client_row))
        else:
            await listing.table(shown, _write, nothing=_nobody(query))


def _pages(
    desk: "Desk", actor: "Actor", query: "ClientQuery", limit: int | None
) -> "AsyncIterator[tuple[Any, bool]]":
    from console.data import clients
    from console.data.views import Reader

    reader = Reader(actor.staff_id, desk.now())
    return listing.pages(
        desk,
        lambda connection, at, size: clients.page(connection, query, reader, at=at, limit=size),
        limit,
    )


def _write(rows: Sequence["ClientRow"], titles: bool) -> None:
    if titles and rows[0].near:
        output.say("Nothing matches exactly. Near to it:")
    output.table(COLUMNS, [_cells(row) for row in rows], titles=titles)


def _cells(row: "ClientRow") -> list[str]:
    return [
        "*" if row.favourite else "",
        row.name,
        row.email,
        row.mobile,
        row.organization,
        str(row.contacts or ""),
        str(row.open_incidents or ""),
        row.status,
        str(row.id),
    ]


def _nobody(query: "ClientQuery") -> str:
    if query.text or query.status or query.organization_id or query.view != "all":
        return "No client matches."
    return "No clients yet. Add one: helpdesk clients add NAME --email ADDRESS, or many: helpdesk clients import FILE"


@made(
    "show",
    click.Argument(["client"]),
    click.Option(
        ["--left"],
        is_flag=True,
        help="Of one merged into another, what was left with them; else an old id stands for that other.",
    ),
    text="Show one client: an id, e-mail address, number, username, external id or whole name.",
    examples="""
    helpdesk clients show anna.kowalska@acme.example
    helpdesk clients show "+48 601 555 010" --json
    """,
)
async def _show(session: Session, client: str, left: bool) -> None:
    from console.data import assignment, clients, contacts, find, incidents, notes
    from console.data.merging.absorbed import absorbed

    async with session.acting() as (desk, actor), desk.read() as connection:
        client_id = await find.client_id(connection, client, left=left)
        merged = await absorbed(connection, "client", client_id)
        found = await clients.load(connection, client_id, actor.staff_id)
        why = await assignment.why(connection, client_id)
        people = await contacts.of_client(connection, client_id)
        remarks = await notes.of_client(connection, client_id)
        summary = await incidents.summary(connection, client_id, desk.now())
        warned = await notes.warnings(connection, client_id, desk.now())
    if session.json:
        output.emit(
            records.client(found, people, remarks, summary, why) | {"merged": unmerging.merged(merged)}
        )
    else:
        reading.show_client(session, found, people, remarks, summary, warned)
        unmerging.show_merged(session, merged)


def _several(*names: str) -> list[click.Option]:
    return [
        click.Option([f"--{name}"], multiple=True, help=f"{text}; may be repeated.")
        for name, text in (
            (n, {"email": "E-mail address", "tag": "Tag"}.get(n, n.capitalize())) for n in names
        )
    ]


@made(
    "add",
    click.Argument(["name"]),
    *_several("email", "mobile", "phone", "facebook", "twitter", "linkedin", "chat"),
    click.Option(["--kind"], type=click.Choice(["person", "company"]), default="person", show_default=True),
    click.Option(
        ["--organization"], default="", help="Name of the organization; made if it is not there yet."
    ),
    click.Option(["--username"], default=""),
    click.Option(["--external-id"], default="", help="The id in another system."),
    click.Option(["--language"], default="", help="ISO 639-1: pl, en."),
    click.Option(["--time-zone"], default="", help="IANA: Europe/Warsaw."),
    click.Option(["--status"], type=click.Choice(STATUSES), default="approved", show_default=True),
    *_several("tag"),
    click.Option(["--address"], default="", help="Street and number."),
    click.Option(["--city"], default=""),
    click.Option(["--postcode"], default=""),
    click.Option(["--country"], default="", help="ISO 3166: PL, DE."),
    text="Add a client: a name, and at least one e-mail address, number or handle.",
    examples="""
    helpdesk clients add "Anna Kowalska" --email anna@acme.example --organization "Acme sp. z o.o."
    helpdesk clients add "Jan Nowak" --mobile "601 555 010" --country PL --tag vip
    """,
)
async def _add(session: Session, tag: tuple[str, ...], **fields: Any) -> None:
    from console.data import clients
    from console.data.drafts import ClientDraft
    from console.data.records import Done
    from console.wording import past

    draft = ClientDraft(tags=tag, **fields)
    async with session.acting() as (desk, actor):
        async with desk.change(actor, "client.add") as change:
            client_id = await clients.add(change, draft)
            change.entry.object_type, change.entry.object_id = "client", client_id
        done = Done(f"{past('client.add', draft.name)}, id {client_id}", change.entry_id, 1)
    session.done(done, id=str(client_id))


command = ActionGroup(
    "client",
    commands=[
        _list,
        _show,
        _add,
        merging.merge_command("client"),
        merging.as_contact,
        unmerging.unmerge_command("client"),
        importing.command_for("clients"),
        export_person,
        erasing.purge,
    ],
    help="""Clients: find them, add them, act on them.

    An ID is a client's id, e-mail address, number, username, external id or whole name; one that stands for more than
    one client is refused, with the candidates. Every action but purge can be taken back: helpdesk journal undo.
    """,
)
