"""`helpdesk departments`: where incidents go; what is done to one comes from the one table of commands."""

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
    from console.data.records import Department, Page

BILLING = ("none", "incident", "time")
SORTS = ("name", "billing")
YES_NO = click.Choice(("yes", "no"))
COLUMNS = (
    Column("department", gives=True),
    Column("email", gives=True),
    Column("open to"),
    Column("billing"),
    Column("hours", gives=True),
    Column("staff", "right"),
    Column("open", "right"),
    Column(""),
)


@made(
    "list",
    *listing.options(SORTS),
    text="List departments: who may submit, how they bill, who serves them. The last number are open incidents, "
    "counted up to 100.",
    examples="""
    helpdesk departments list
    helpdesk departments list --json
    """,
)
async def _list(session: Session, text: str, sort: str, limit: int, everything: bool) -> None:
    from console.data import departments_admin

    order = listing.sort_of(sort)

    async def load(connection: "AsyncConnection", at: "At", size: int) -> "Page[Department]":
        return await departments_admin.page(connection, text, order, at=at, limit=size)

    async with session.acting() as (desk, _actor):
        pages = listing.pages(desk, load, None if everything else limit)
        if session.json:
            await output.emit_list(listing.objects(pages, records.department))
            return

        def write(rows: "Sequence[Department]", titles: bool) -> None:
            output.table(COLUMNS, [_cells(one) for one in rows], titles=titles)

        await listing.table(pages, write, nothing="No department. Add one: helpdesk departments add NAME")


def _cells(one: "Department") -> list[str]:
    billing = one.billing + (", credit required" if one.credit_required else "")
    return [
        one.name,
        one.email,
        "all" if one.open_to_all else "some",
        billing,
        one.schedule,
        str(one.staff),
        str(one.open_incidents),
        "" if one.active else "not active",
    ]


@made(
    "add",
    click.Argument(["name"]),
    click.Option(["--email"], default="", help="Mail to this address comes here."),
    click.Option(
        ["--open-to-all"], type=YES_NO, default="yes", show_default=True, help="No: only who is given access."
    ),
    click.Option(["--billing"], type=click.Choice(BILLING), default="none", show_default=True),
    click.Option(
        ["--credit-required"],
        type=YES_NO,
        default="no",
        show_default=True,
        help="Yes: none is opened without.",
    ),
    click.Option(["--schedule"], default="", help="Its business hours, by name."),
    text="Add a department. Only admins may.",
    examples="""
    helpdesk departments add Sales --email sales@desk.example
    helpdesk departments add "Field service" --billing time --credit-required yes --open-to-all no
    """,
)
async def _add(session: Session, **given: str) -> None:
    from console.commands import by_id

    run = by_id("department.add").run
    assert run is not None
    async with session.acting() as (desk, actor):
        done = await run(desk, actor, [], given)
    session.done(done, id=str(done.made))


command = ActionGroup(
    "department",
    commands=[_list, _add],
    help="""Departments: where incidents go, and who may submit to them. Admins only, but for the list.

    An ID is a department's name or id. Deactivated departments keep their incidents.
    """,
)
