"""`helpdesk clients purge` and `helpdesk certificates`: erasing for good, and what is left to prove it."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import click

from console.cli import output
from console.cli.output import Column
from console.cli.session import Session
from console.cli.session import command as made

if TYPE_CHECKING:
    from console.data.desk import Desk
    from console.data.records.erasure import Certificate

PAGE = 100
COLUMNS = (
    Column("erased"),
    Column("client", "right"),
    Column("by"),
    Column("rows", "right"),
    Column("", gives=True),
    Column("certificate", "right"),
)


@made(
    "purge",
    click.Argument(["client"], metavar="ID"),
    click.Option(["--yes"], is_flag=True, help="Do it. Without this, only the rows are counted."),
    text="Erase a deleted client and everything of theirs, now and for ever: incidents with their threads and files,"
    " notes, contacts, credit, invoices, mail, and what the journal keeps of them. Admins only; nothing undoes it.\n\n"
    "What is left is a certificate: when, by whom, how many rows of each kind, and a hash. The key printed with it is"
    " kept nowhere: with the key, and only with it, the hash tells whom the certificate is about. A purge that was"
    " stopped goes on when it is run again.",
    examples="""
    helpdesk clients purge 250019078565798977
    helpdesk clients purge 250019078565798977 --yes --json
    """,
)
async def purge(session: Session, client: str, yes: bool) -> None:
    """Count, and with --yes erase."""
    from console.data import belongings, find
    from console.data.errors import Refused
    from console.data.purge import check, purge

    async with session.acting() as (desk, actor):
        async with desk.read() as connection:
            client_id = await find.client_id(connection, client)
            await check(connection, actor, client_id)
            counts = {} if yes else await belongings.counts(connection, client_id)
        if not yes:
            _show_counts(session, client_id, counts)
            raise Refused("Nothing was purged. To erase these rows for good, add --yes.")
        done = await purge(desk, actor, client_id)
    if session.json:
        output.emit(_certificate(done) | {"key": done.key or None})
    else:
        _show(session, done)


def _show_counts(session: Session, client_id: int, counts: dict[str, int]) -> None:
    if session.json:
        output.emit({"client": str(client_id), "counts": counts})
    else:
        output.details((name, f"{number:,}") for name, number in counts.items())


def _show(session: Session, done: "Certificate") -> None:
    output.tell(f"Purged for good: {done.total:,} rows. Certificate {done.id}")
    output.details((name, f"{number:,}") for name, number in done.counts.items())
    output.details([("hash", done.erased_hash), ("key", done.key)])


def _certificate(one: "Certificate") -> dict[str, Any]:
    return {
        "id": str(one.id),
        "client": str(one.erased_id),
        "hash": one.erased_hash,
        "by": one.staff,
        "requested_on": one.requested_on,
        "erased_at": one.created_at,
        "finished": one.finished,
        "counts": dict(one.counts),
    }


@made(
    "list",
    click.Option(
        ["--limit"], type=click.IntRange(1), default=50, show_default=True, help="At most this many."
    ),
    click.Option(["--all", "everything"], is_flag=True, help="No limit; comes page by page."),
    text="List the certificates of purges, newest first. No value of the person is in them.",
    examples="helpdesk certificates list --json",
)
async def _list(session: Session, limit: int, everything: bool) -> None:
    async with session.acting() as (desk, _actor):
        pages = _pages(desk, None if everything else limit)
        if session.json:
            await output.emit_list(_objects(pages))
        else:
            await _table(session, pages)


async def _pages(desk: "Desk", limit: int | None) -> "AsyncIterator[list[Certificate]]":
    from console.data import certificates

    before, left = None, limit
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        async with desk.read() as connection:
            found = await certificates.newest(connection, before=before, limit=size)
        if found:
            yield found
        if len(found) < size:
            return
        before, left = found[-1].id, None if left is None else left - len(found)


async def _objects(pages: "AsyncIterator[list[Certificate]]") -> AsyncIterator[dict[str, Any]]:
    async for found in pages:
        for one in found:
            yield _certificate(one)


async def _table(session: Session, pages: "AsyncIterator[list[Certificate]]") -> None:
    first = True
    async for found in pages:
        rows = [
            [
                session.local(one.created_at),
                str(one.erased_id),
                one.staff or "the system",
                f"{one.total:,}",
                "" if one.finished else "not finished: run helpdesk housekeeping",
                str(one.id),
            ]
            for one in found
        ]
        output.table(COLUMNS, rows, titles=first)
        first = False
    if first:
        output.say("Nobody has been purged yet.")


command = click.Group(
    "certificates", commands=[_list], help="What purges have left: when, by whom, how much."
)
