"""`helpdesk demo`: made-up data to look around in."""

import time
from typing import TYPE_CHECKING

import click

from console.cli import output
from console.cli.session import Session
from console.cli.session import command as made

if TYPE_CHECKING:
    from console.demo.generate import Made

_EXAMPLES = """
helpdesk demo --database demo.db                 make it, then open the console
helpdesk demo --no-open --clients 100000         a big one, only made
helpdesk demo --seed 7                           other people, the same every time
"""


@made(
    "demo",
    click.Option(
        ["--clients"], type=click.IntRange(1), default=2000, show_default=True, help="How many clients."
    ),
    click.Option(["--seed"], type=int, default=1, show_default=True, help="Another number, other data."),
    click.Option(["--open/--no-open", "opens"], default=True, help="Open the console afterwards."),
    click.Option(["--force"], is_flag=True, help="Add to a database that holds clients already."),
    text="Make a demonstration database: clients, organizations, incidents, credit, invoices of several countries.\n\n"
    "All of it is made up; mail addresses end in .example, so nothing ever reaches anybody. You become its admin. "
    "A database that holds clients already is refused.",
    examples=_EXAMPLES,
)
async def _demo(session: Session, clients: int, seed: int, opens: bool, force: bool) -> int:
    from console.data.errors import Refused
    from console.demo.generate import make

    progress, begun = output.Progress(), time.monotonic()
    async with session.acting() as (desk, actor):
        if actor.role != "admin":
            raise Refused("Only an admin makes a demonstration.")
        found = await make(desk, actor, clients=clients, seed=seed, force=force, tell=progress.show)
        if clients in _SEARCHED:
            from console.data.duplicates import scan

            progress.show("searching for duplicates")
            await scan.scan(desk)
        shown = desk.location.shown
    progress.clear()
    _answer(session, found, shown, time.monotonic() - begun)
    return _OPEN if opens and not session.json else 0


def _answer(session: Session, found: "Made", shown: str, seconds: float) -> None:
    if session.json:
        output.emit(
            {
                "database": shown,
                "clients": found.clients,
                "organizations": found.organizations,
                "incidents": found.incidents,
            }
        )
        return
    output.tell(
        f"Made {found.clients:,} clients, {found.organizations:,} organizations and {found.incidents:,} incidents "
        f"in {seconds:.0f} s: {shown}"
    )


_OPEN = -1
_SEARCHED = range(1_000, 5_001)
"""How many clients have the duplicates among them searched at once: enough to learn from, and done in a few seconds."""


class _Demo(click.Command):
    """Opens the console after the database is closed: it has an event loop of its own."""

    def invoke(self, ctx: click.Context) -> int:
        """Make the data, then open the console unless told not to."""
        code = int(super().invoke(ctx))
        if code != _OPEN:
            return code
        from console.cli.opening import open_console

        return open_console(ctx.ensure_object(Session).settings)


command = _Demo("demo", params=_demo.params, callback=_demo.callback, help=_demo.help)
