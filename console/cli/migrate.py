"""`helpdesk migrate`: a database gets its tables, or the newest form of them."""

import sys

import click

from console.cli import output
from console.cli.session import Session
from console.cli.session import command as made


@made(
    "migrate",
    click.Option(["--yes"], is_flag=True, help="Do not ask whether there is a copy."),
    text="Create a database, or bring an older one to the newest schema: whole, or not at all.\n\n"
    "Make a copy of an older one first: there is no way back to the older schema.",
    examples="""
    helpdesk migrate
    helpdesk migrate --database postgresql://helpdesk@db.example/helpdesk --yes
    """,
)
async def command(session: Session, yes: bool) -> None:
    """Say from which schema to which."""
    from console.data.desk import Desk, migrate
    from console.data.errors import DatabaseOlder, Refused
    from console.data.locations import locate
    from console.data.migrations import HEAD

    database = session.settings.database
    shown = locate(database).shown
    try:
        async with await Desk.open(database) as desk:
            before = "" if desk.created else HEAD
    except DatabaseOlder:
        if not yes and not _has_copy(shown):
            raise Refused(
                f"{shown} was not changed. Make a copy of it, then run: helpdesk migrate --yes"
            ) from None
        progress = output.Progress()
        try:
            before = await migrate(
                database,
                lambda name, done, total: progress.show(f"{done:,} of {total:,} {name}s, for the search"),
            )
        finally:
            progress.clear()
    _answer(session, shown, before, HEAD)


def _has_copy(shown: str) -> bool:
    if not sys.stdin.isatty():
        return False
    output.complain(f"{shown} will get a newer schema, and there is no way back.")
    return click.confirm("Have you made a copy of it?", default=False, err=True)


def _answer(session: Session, shown: str, before: str, after: str) -> None:
    if session.json:
        output.emit({"database": shown, "from": before or None, "to": after})
    elif not before:
        output.tell(f"Created {shown} with schema {after}.")
    elif before == after:
        output.tell(f"{shown} has the newest schema already, {after}.")
    else:
        output.tell(f"{shown} went from schema {before} to {after}.")
