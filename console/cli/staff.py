"""`helpdesk staff`: the people who work here."""

import click

from console.cli import output, records
from console.cli.output import Column
from console.cli.session import Session
from console.cli.session import command as made

ROLES = ("agent", "admin", "viewer")


@made("list", text="List staff with their roles.", examples="helpdesk staff list --json")
async def _list(session: Session) -> None:
    from console.data import staff

    async with session.acting() as (desk, actor):
        found = await staff.members(desk)
    if session.json:
        output.emit([records.staff_member(one) for one in found])
        return
    columns = (
        Column("login"),
        Column("name", gives=True),
        Column("role"),
        Column("email", gives=True),
        Column(""),
    )
    output.table(
        columns,
        [
            [
                one.login,
                one.name,
                one.role if one.active else f"{one.role}, no longer active",
                one.email,
                "you" if one.id == actor.staff_id else "",
            ]
            for one in found
        ],
    )


@made(
    "add",
    click.Argument(["login"]),
    click.Option(["--name"], default="", help="Full name; the login if you leave it out."),
    click.Option(["--role"], type=click.Choice(ROLES), default="agent", show_default=True),
    click.Option(["--email"], default=""),
    text="Add a member of staff by the login they have on this machine. Only admins may.\n\n"
    "Agents work with clients and incidents, viewers change nothing, admins add staff and settings, too.",
    examples='helpdesk staff add tom --name "Tom Baker"\nhelpdesk staff add wu --role viewer',
)
async def _add(session: Session, login: str, name: str, role: str, email: str) -> None:
    from console.data import staff
    from console.data.records import Done

    async with session.acting() as (desk, actor):
        staff_id = await staff.add(desk, actor, login, name, role, email)
    session.done(Done(f"Added {name or login} to staff as {role}", None, 1), id=str(staff_id))


command = click.Group("staff", commands=[_list, _add], help="The people who work here, and what they may do.")
