"""`helpdesk staff`: the people who work here; what is done to one of them comes from the one table of commands."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from console.cli import listing, output, records
from console.cli.actions import ActionGroup
from console.cli.output import Column
from console.cli.session import Session
from console.cli.session import command as made

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from console.data.paging import At
    from console.data.records import Page, StaffMember

ROLES = ("agent", "admin", "viewer")
SORTS = ("login", "name", "role")
COLUMNS = (
    Column("login"),
    Column("name", gives=True),
    Column("role"),
    Column("departments", gives=True),
    Column("email", gives=True),
    Column(""),
)


@made(
    "list",
    *listing.options(SORTS),
    text="List staff with their roles and the departments they serve.",
    examples="""
    helpdesk staff list --json
    helpdesk staff list --filter tom
    """,
)
async def _list(session: Session, text: str, sort: str, limit: int, everything: bool) -> None:
    from console.data import staffing

    order = listing.sort_of(sort)

    async def load(connection: "AsyncConnection", at: "At", size: int) -> "Page[StaffMember]":
        return await staffing.page(connection, text, order, at=at, limit=size)

    async with session.acting() as (desk, actor):
        pages = listing.pages(desk, load, None if everything else limit)
        if session.json:
            await output.emit_list(listing.objects(pages, records.staff_member))
            return

        def write(rows: "Sequence[StaffMember]", titles: bool) -> None:
            output.table(COLUMNS, [_cells(one, actor.staff_id) for one in rows], titles=titles)

        await listing.table(pages, write, nothing="Nobody matches. See: helpdesk staff list")


def _cells(one: "StaffMember", me: int | None) -> list[str]:
    state = "" if one.active else "not active"
    served = ", ".join(one.departments)
    return [one.login, one.name, one.role, served, one.email, "you" if one.id == me else state]


@made(
    "add",
    click.Argument(["login"]),
    click.Option(["--name"], default="", help="Full name; the login if you leave it out."),
    click.Option(["--role"], type=click.Choice(ROLES), default="agent", show_default=True),
    click.Option(["--email"], default=""),
    click.Option(["--time-zone"], default="", help="Such as Europe/Warsaw."),
    click.Option(["--department", "departments"], multiple=True, help="One they serve; may be repeated."),
    text="Add a member of staff by the login they have on this machine. Only admins may.\n\n"
    "Agents work with clients and incidents, viewers change nothing, admins manage staff, departments and settings, "
    "too.",
    examples="""
    helpdesk staff add tom --name "Tom Baker" --department Support
    helpdesk staff add wu --role viewer
    """,
)
async def _add(session: Session, login: str, departments: tuple[str, ...], **given: str) -> None:
    from console.commands import by_id

    run = by_id("staff.add").run
    assert run is not None
    async with session.acting() as (desk, actor):
        inputs = {**given, "login": login, "departments": "|".join(departments)}
        done = await run(desk, actor, [], inputs)
    session.done(done, id=str(done.made))


command = ActionGroup(
    "staff",
    commands=[_list, _add],
    help="""The people who work here, and what they may do. Admins only, but for the list.

    An ID is a login or an id. The last admin can be neither deactivated nor given another role.
    """,
)
