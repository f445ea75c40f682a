"""`helpdesk credit`: the ledger of a client; the actions come from the one table of commands."""

import click

from console.cli import output
from console.cli.actions import ActionGroup
from console.cli.output import Column
from console.cli.session import Session
from console.cli.session import command as made

COLUMNS = (
    Column("when"),
    Column("amount", "right"),
    Column("unit"),
    Column("what for", gives=True),
    Column("by", gives=True),
    Column("id", "right"),
)


@made(
    "list",
    click.Argument(["client"]),
    click.Option(
        ["--limit"], type=click.IntRange(1), default=200, show_default=True, help="At most this many."
    ),
    text="List the ledger of a client's credit, newest first. Add some: helpdesk clients credit CLIENT --amount 2h",
    examples="""
    helpdesk credit list anna@acme.example
    helpdesk credit list K-000123 --json
    """,
)
async def _list(session: Session, client: str, limit: int) -> None:
    from console.data import credit, find

    async with session.acting() as (desk, _actor), desk.read() as connection:
        lines = await credit.ledger(connection, await find.client_id(connection, client), limit)
    if session.json:
        output.emit(
            [
                {
                    "id": str(one.id),
                    "unit": one.unit,
                    "amount": one.amount,
                    "reason": one.reason,
                    "staff": one.staff,
                    "created_at": one.created_at,
                }
                for one in lines
            ]
        )
        return
    if not lines:
        output.say("No credit yet. Add some: helpdesk clients credit CLIENT --amount 2h")
        return
    output.table(
        COLUMNS,
        [
            [session.local(one.created_at), f"{one.amount:+,}", one.unit, one.reason, one.staff, str(one.id)]
            for one in lines
        ],
    )


command = ActionGroup(
    "credit",
    commands=[_list],
    help="""Credit: what was put in and taken out, as a ledger that is corrected by reversals.

    An ID is that of a line, as the list shows it.
    """,
)
