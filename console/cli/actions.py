"""Commands made of the one table of actions: what the console does by key, the command line does by name."""

from collections.abc import Mapping
from typing import Any

import click

from console.cli.session import Session
from console.cli.session import command as made
from console.commands import COMMANDS, Ask, Command, by_id

# Actions whose command is written by hand, for it takes more than the console asks for.
_BY_HAND = {"client.new", "organization.new"}


def actions(noun: str) -> list[Command]:
    """The actions on records of a noun, in the order of the table."""
    return [
        one
        for one in COMMANDS
        if one.id.startswith(f"{noun}.") and one.run is not None and one.places and one.id not in _BY_HAND
    ]


def names(noun: str) -> list[str]:
    """What they are called on the command line."""
    return [one.id.removeprefix(f"{noun}.") for one in actions(noun)]


def command_for(action: str) -> click.Command | None:
    """The command of an action; None if there is none."""
    noun, _, name = action.partition(".")
    if name not in names(noun):
        return None
    found = by_id(action)

    async def run(session: Session, ids: tuple[str, ...], **given: Any) -> None:
        await _act(session, found, ids, _inputs(found, given))

    return made(
        name,
        click.Argument(["ids"], nargs=-1, required=True, metavar="ID..."),
        *(_option(ask) for ask in found.asks),
        text=found.help,
        examples=_examples(found, name),
    )(run)


def _option(ask: Ask) -> click.Option:
    """A question of the console as an option: yes or no, a flag for the unusual choice, or a text."""
    if ask.choices == ("yes", "no"):
        return click.Option([f"--{ask.name}/--no-{ask.name}"], default=ask.default != "no", help=ask.label)
    if len(ask.choices) == 2 and ask.default in ask.choices:
        other = next(choice for choice in ask.choices if choice != ask.default)
        return click.Option(
            [f"--{other}", ask.name], is_flag=True, help=f"{ask.label}: {other}, not {ask.default}."
        )
    names = [f"--{ask.name.replace('_', '-')}", ask.name]
    kind = click.Choice(ask.choices) if ask.choices else click.STRING
    if ask.required:
        return click.Option(names, type=kind, required=True, help=ask.label)
    return click.Option(names, type=kind, default=ask.default, show_default=bool(ask.default), help=ask.label)


def _inputs(command: Command, given: Mapping[str, Any]) -> dict[str, str]:
    """What the options say, as answers to the questions."""
    found = {}
    for ask in command.asks:
        value = given[ask.name]
        if ask.choices == ("yes", "no"):
            found[ask.name] = "yes" if value else "no"
        elif isinstance(value, bool):
            other = next(choice for choice in ask.choices if choice != ask.default)
            found[ask.name] = other if value else ask.default
        else:
            found[ask.name] = value or ask.default
    return found


def _examples(command: Command, name: str) -> str:
    needed = "".join(f' --{ask.name} "…"' for ask in command.asks if ask.required)
    return f"""
    helpdesk clients {name} anna@acme.example{needed}
    helpdesk clients {name} 250019078565798977 K-000123{needed} --json
    """


async def _act(session: Session, command: Command, ids: tuple[str, ...], inputs: dict[str, str]) -> None:
    from console.data import find

    assert command.run is not None
    async with session.acting() as (desk, actor):
        async with desk.read() as connection:
            found = await find.clients(connection, ids)
        zone = session.settings.time_zone
        done = await command.run(desk, actor, found, {**inputs, "zone": zone})
    session.done(done)
