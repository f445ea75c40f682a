"""The impact card on the command line: printed first, and confirmed with --yes or by typing."""

import sys
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from console.cli import listing, output
from console.cli.session import Quit, Session
from console.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.ext.asyncio import AsyncConnection

    from console.commands import Command
    from console.data.desk import Desk
    from console.data.records import Actor, Impact


def options(*, many: bool) -> list[click.Option]:
    """--yes and --dry-run; of actions on ``many`` clients also the filter that names them."""
    shared = [
        click.Option(["--yes"], is_flag=True, help="Do it without asking, whatever the impact card says."),
        click.Option(["--dry-run"], is_flag=True, help="Print the impact card and change nothing."),
    ]
    if not many:
        return shared
    return [
        click.Option(["--matching"], metavar="TEXT", help="All clients the filter finds, instead of IDs."),
        click.Option(
            ["--view"],
            type=click.Choice(listing.VIEWS),
            help="All clients of a saved filter, instead of IDs.",
        ),
        *shared,
    ]


async def matching(
    connection: "AsyncConnection", desk: "Desk", actor: "Actor", text: str | None, view: str | None
) -> list[int]:
    """The ids of the clients that a filter and a view match now; NotFound if there are none."""
    from console.data import clients
    from console.data.clients import ClientQuery
    from console.data.errors import NotFound
    from console.data.views import Reader

    query, reader = ClientQuery(text or "", view=view or "all"), Reader(actor.staff_id, desk.now())
    ids = [one async for piece in clients.matching_ids(connection, query, reader) for one in piece]
    if not ids:
        raise NotFound("No client matches. Nothing was changed.")
    return ids


async def confirm(
    session: Session,
    desk: "Desk",
    actor: "Actor",
    command: "Command",
    ids: Sequence[int],
    inputs: Mapping[str, str],
    *,
    yes: bool,
    dry_run: bool,
) -> None:
    """Show the card, if there is one, and have it confirmed; Quit where nothing is to be done, Refused without it."""
    from console.commands.impacts import of_clients, weigh

    card = await weigh(desk, actor, command, ids, inputs)
    if dry_run:
        if card is None and command.id.startswith("client.") and ids:
            card = await of_clients(desk, actor, command.title, ids, command.disabled)
        _show(session, card, command, len(ids))
        raise Quit(0)
    if card is None or yes:
        return
    if session.json or not sys.stdin.isatty():
        if not session.json:
            _print(card)
        from console.data.errors import Refused

        raise Refused(
            f"Nothing was changed. {card.title}: add --yes to do it, --dry-run to see what it would touch."
        )
    _print(card)
    if not _typed(card):
        output.tell("Nothing was changed.")
        raise Quit(1)


def _typed(card: "Impact") -> bool:
    if not card.confirm:
        return click.confirm("Go on?", default=False)
    return card.confirmed_by(click.prompt(f"Type {card.confirm} to go on", default="", show_default=False))


def _show(session: Session, card: "Impact | None", command: "Command", count: int) -> None:
    if session.json:
        output.emit({"dry_run": True, "count": count, "card": None if card is None else _json(card)})
    elif card is None:
        output.tell(f"{command.title} would run on {count:,} without a card. Nothing was changed.")
    else:
        _print(card)
        output.tell("Nothing was changed.")


def _print(card: "Impact") -> None:
    from console.commands.impacts import told

    for title, lines in told(card):
        if title:
            output.tell(title)
        for line in lines:
            output.say("  " * bool(title) + one_line(line, output.MAX_SENTENCE))


@contextmanager
def progress(command: "Command") -> "Iterator[None]":
    """Around an action on many: says on a terminal how far it is."""
    from console.commands.acting import watched

    line = output.Progress()

    def watch(finished: int, total: int) -> None:
        line.show(f"{command.title}: {finished:,} of {total:,}…")

    try:
        with watched(watch):
            yield
    finally:
        line.clear()


def _json(card: "Impact") -> dict[str, Any]:
    return {
        "title": card.title,
        "count": card.count,
        "touched": dict(card.touched),
        "names": list(card.names),
        "flags": list(card.flags),
        "sight": list(card.sight),
        "left_out": card.left_out,
        "undoable": card.undoable,
        "confirm": card.confirm,
    }
