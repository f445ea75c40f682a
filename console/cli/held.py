"""`helpdesk held`: what is in quarantine, and letting it go."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from console.cli import listing, output
from console.cli.actions import ActionGroup
from console.cli.output import Column
from console.cli.session import Session
from console.cli.session import command as made

if TYPE_CHECKING:
    from console.data.records import HeldRow

COLUMNS = (
    Column("id"),
    Column("when"),
    Column("sender", gives=True),
    Column("subject", gives=True),
    Column("held because", gives=True),
)


@made(
    "list",
    *listing.options(()),
    click.Option(["--client"], metavar="ID", help="Only of this client."),
    text="List what is held: messages, and incidents of the quarantine folder; newest first.",
    examples="helpdesk held list\nhelpdesk held list --client anna@acme.example --json",
)
async def _list(session: Session, text: str, limit: int, everything: bool, client: str | None) -> None:
    from console.data import find, waiting

    async with session.acting() as (desk, _actor):
        async with desk.read() as connection:
            whose = await find.client_id(connection, client) if client else None
        pages = listing.pages(
            desk,
            lambda connection, at, size: waiting.in_quarantine(
                connection, text, client_id=whose, at=at, limit=size
            ),
            None if everything else limit,
        )
        if session.json:
            await output.emit_list(listing.objects(pages, _object))
            return

        def write(rows: "Sequence[HeldRow]", titles: bool) -> None:
            cells = [[str(row.id), session.local(row.at), row.name, row.subject, row.reason] for row in rows]
            output.table(COLUMNS, cells, titles=titles)

        await listing.table(pages, write, nothing="Nothing is held.", first="newest")


def _object(row: "HeldRow") -> dict[str, Any]:
    return {
        "id": str(row.id),
        "kind": "incident" if row.incident else "message",
        "incident": f"INC-{row.number:06d}" if row.number else "",
        "client": row.client,
        "client_id": None if row.client_id is None else str(row.client_id),
        "sender": row.sender,
        "channel": row.channel,
        "subject": row.subject,
        "text": row.text,
        "reason": row.reason,
        "at": row.at,
    }


command = ActionGroup("held", commands=[_list], help="What is in quarantine: whose it is, and why.")
