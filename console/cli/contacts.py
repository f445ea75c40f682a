"""`helpdesk contacts`: the further persons under a client; the actions come from the one table of commands."""

import click

from console.cli import output, records
from console.cli.actions import ActionGroup
from console.cli.output import Column
from console.cli.session import Session
from console.cli.session import command as made

COLUMNS = (
    Column("name", gives=True),
    Column("email or phone", gives=True),
    Column("access"),
    Column(""),
    Column("id", "right"),
)


@made(
    "list",
    click.Argument(["client"]),
    text="List the contacts of a client. Add one: helpdesk clients contact CLIENT --name NAME",
    examples="""
    helpdesk contacts list anna@acme.example
    helpdesk contacts list K-000123 --json
    """,
)
async def _list(session: Session, client: str) -> None:
    from console.data import contacts, find

    async with session.acting() as (desk, _actor), desk.read() as connection:
        found = await contacts.of_client(connection, await find.client_id(connection, client))
    if session.json:
        output.emit([records.contact(one) for one in found])
        return
    if not found:
        output.say("No contacts yet. Add one: helpdesk clients contact CLIENT --name NAME")
        return
    rows = [
        [
            one.name,
            one.identities[0].raw if one.identities else "",
            one.access,
            "primary" if one.primary else "",
            str(one.id),
        ]
        for one in found
    ]
    output.table(COLUMNS, rows)


command = ActionGroup(
    "contact",
    commands=[_list],
    help="""Contacts: the further persons under a client.

    An ID is a contact's id, e-mail address, number or whole name.
    """,
)
