"""`helpdesk organizations`: list, show, add, import."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from console.cli import domains, importing, listing, merging, output, records, unmerging
from console.cli.actions import ActionGroup
from console.cli.output import Column
from console.cli.session import Session
from console.cli.session import command as made

if TYPE_CHECKING:
    from console.data.records import Organization, OrganizationRow

VIEWS = ("all", "archived", "deleted")
SORTS = ("name", "mail_domains", "clients", "manager", "incidents")
COLUMNS = (
    Column("name", gives=True),
    Column("mail domains", gives=True),
    Column("clients", "right"),
    Column("manager", gives=True),
    Column("open", "right"),
    Column("overdue", "right"),
    Column("id", "right"),
)


@made(
    "list",
    *listing.options(SORTS),
    click.Option(
        ["--view"], type=click.Choice(VIEWS), default="all", help="Those archived, or deleted, instead."
    ),
    text="List organizations. Archived, deleted and merged ones are left out.",
    examples="""
    helpdesk organizations list --filter acme
    helpdesk organizations list --sort incidents:desc --json
    """,
)
async def _list(session: Session, text: str, sort: str, limit: int, everything: bool, view: str) -> None:
    from console.data import organizations

    async with session.acting() as (desk, _actor):
        query = organizations.OrganizationQuery(text, listing.sort_of(sort), view)
        pages = listing.pages(
            desk,
            lambda connection, at, size: organizations.page(connection, query, desk.now(), at=at, limit=size),
            None if everything else limit,
        )
        if session.json:
            await output.emit_list(listing.objects(pages, records.organization_row))
        else:
            await listing.table(
                pages, _write, nothing="No organization matches." if text or view != "all" else _NONE
            )


_NONE = (
    "No organizations yet. Add one: helpdesk organizations add NAME --mail-domain DOMAIN, "
    "or many: helpdesk organizations import FILE"
)


def _write(rows: Sequence["OrganizationRow"], titles: bool) -> None:
    output.table(COLUMNS, [_cells(row) for row in rows], titles=titles)


def _cells(row: "OrganizationRow") -> list[str]:
    overdue = "99+" if row.overdue > 99 else str(row.overdue or "")
    return [
        row.name,
        row.domains,
        str(row.clients or ""),
        row.manager,
        str(row.open_incidents or ""),
        overdue,
        str(row.id),
    ]


@made(
    "show",
    click.Argument(["organization"]),
    text="Show one organization: an id, mail domain, external id or whole name.",
    examples='helpdesk organizations show acme.example\nhelpdesk organizations show "Acme sp. z o.o." --json',
)
async def _show(session: Session, organization: str) -> None:
    from console.data import find, organizations

    async with session.acting() as (desk, _actor), desk.read() as connection:
        found = await organizations.load(
            connection, await find.organization_id(connection, organization), desk.now()
        )
    if session.json:
        output.emit(records.organization(found))
    else:
        output.details(_lines(session, found))


def _lines(session: Session, found: "Organization") -> list[tuple[str, str]]:
    overdue = "99+" if found.overdue > 99 else str(found.overdue)
    return [
        ("name", found.name),
        ("id", str(found.id)),
        ("state", "" if found.state == "live" else found.state),
        ("external id", found.external_id),
        ("mail domains", ", ".join(f".{name}" if below else name for name, below in found.domains)),
        (
            "managers",
            ", ".join(f"{name} ({'reply' if reply else 'see'})" for _, name, reply in found.managers),
        ),
        ("phone", found.phone),
        ("website", found.website),
        ("address", found.address.one_line),
        ("clients", str(found.clients)),
        ("incidents", f"{found.open_incidents} open, {overdue} overdue"),
        ("credit", f"{found.credit_minutes} minutes, {found.credit_incidents} incidents"),
        ("remarks", found.remarks),
        ("since", session.local(found.created_at)),
    ]


@made(
    "add",
    click.Argument(["name"]),
    click.Option(
        ["--mail-domain"], multiple=True, help="Whose senders belong to it; .example.com with subdomains."
    ),
    click.Option(["--external-id"], default="", help="The id in another system."),
    click.Option(["--phone"], default=""),
    click.Option(["--website"], default=""),
    click.Option(["--address"], default="", help="Street and number."),
    click.Option(["--city"], default=""),
    click.Option(["--postcode"], default=""),
    click.Option(["--country"], default="", help="ISO 3166: PL, DE."),
    text="Add an organization.",
    examples='helpdesk organizations add "Acme sp. z o.o." --mail-domain acme.example --city Gdańsk --country PL',
)
async def _add(session: Session, **fields: Any) -> None:
    from console.data import organizations
    from console.data.drafts import OrganizationDraft
    from console.data.records import Done
    from console.wording import past

    draft = OrganizationDraft(**fields)
    async with session.acting() as (desk, actor):
        async with desk.change(actor, "organization.add") as change:
            made_id = await organizations.add(change, draft)
            change.entry.object_type, change.entry.object_id = "organization", made_id
        done = Done(f"{past('organization.add', draft.name)}, id {made_id}", change.entry_id, 1)
    session.done(done, id=str(made_id))


command = ActionGroup(
    "organization",
    commands=[
        _list,
        _show,
        _add,
        merging.merge_command("organization"),
        unmerging.unmerge_command("organization"),
        importing.command_for("organizations"),
        domains.rescan_command,
        domains.add_domain,
        domains.remove_domain,
    ],
    help="Organizations: companies with their mail domains, members and managers.",
)
