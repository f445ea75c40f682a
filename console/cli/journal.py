"""`helpdesk journal`: what was changed, and taking it back."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import click

from console.cli import output, records
from console.cli.keeping import prune, verify
from console.cli.output import Column
from console.cli.session import Session
from console.cli.session import command as made

if TYPE_CHECKING:
    from console.data.desk import Desk
    from console.data.records import HistoryLine

PAGE = 100
COLUMNS = (
    Column("when"),
    Column("who"),
    Column("via"),
    Column("what", gives=True),
    Column("rows", "right"),
    Column(""),
    Column("entry", "right"),
)


@made(
    "list",
    click.Option(["--mine"], is_flag=True, help="Only your own changes."),
    click.Option(["--client"], metavar="ID", help="Only what was done to this client."),
    click.Option(
        ["--limit"], type=click.IntRange(1), default=50, show_default=True, help="At most this many."
    ),
    click.Option(["--all", "everything"], is_flag=True, help="No limit; comes page by page."),
    text="List journal entries, newest first. What was undone stays, and says so.",
    examples="""
    helpdesk journal list --mine
    helpdesk journal list --client anna@acme.example --json
    """,
)
async def _list(session: Session, mine: bool, client: str | None, limit: int, everything: bool) -> None:
    from console.data import find

    async with session.acting() as (desk, actor):
        of_client = None
        if client:
            async with desk.read() as connection:
                of_client = await find.client_id(connection, client)
        author = actor.staff_id if mine else None
        pages = _pages(desk, author, of_client, None if everything else limit)
        if session.json:
            await output.emit_list(_objects(pages))
        else:
            await _table(session, pages)


async def _pages(
    desk: "Desk", author: int | None, client_id: int | None, limit: int | None
) -> "AsyncIterator[list[HistoryLine]]":
    from console.data import history

    before, left = None, limit
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        async with desk.read() as connection:
            if client_id is None:
                lines = await history.newest(connection, actor_id=author, before=before, limit=size)
            else:
                lines = await history.of_record(connection, "client", client_id, before=before, limit=size)
        if lines:
            yield lines
        if len(lines) < size:
            return
        before = lines[-1].id
        left = None if left is None else left - len(lines)


async def _objects(pages: "AsyncIterator[list[HistoryLine]]") -> AsyncIterator[dict[str, Any]]:
    from console import wording

    async for lines in pages:
        for line in lines:
            yield records.history_line(line, wording.done(line))


async def _table(session: Session, pages: "AsyncIterator[list[HistoryLine]]") -> None:
    from console import wording

    first = True
    async for lines in pages:
        rows = [
            [
                session.local(line.at),
                line.actor + (f" as {line.acting_as}" if line.acting_as else ""),
                line.via,
                wording.done(line),
                str(line.rows or ""),
                "undone" if line.undone else "",
                str(line.id),
            ]
            for line in lines
        ]
        output.table(COLUMNS, rows, titles=first)
        first = False
    if first:
        output.say("The journal is empty: nothing has been changed yet.")


@made(
    "undo",
    click.Argument(["entry"], required=False, type=click.IntRange(1, (1 << 63) - 1)),
    text="Take back your last change, or a journal entry, or a batch as a whole.\n\n"
    "If the rows have been changed since, nothing is undone and the conflicts are named. An undo is a change of its"
    " own, and can be undone in turn.",
    examples="""
    helpdesk journal undo
    helpdesk journal undo 250019078565798977
    """,
)
async def _undo(session: Session, entry: int | None) -> None:
    from console.commands import by_id
    from console.data import find

    run = by_id("journal.undo").run
    assert run is not None
    async with session.acting() as (desk, actor):
        ids = []
        if entry is not None:
            async with desk.read() as connection:
                ids = [await find.entry_id(connection, entry)]
        done = await run(desk, actor, ids, {})
    session.done(done)


command = click.Group(
    "journal", commands=[_list, _undo, verify, prune], help="The one record of every change, and its undo."
)
