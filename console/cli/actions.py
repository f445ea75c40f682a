"""Commands made of the one table of actions: what the console does by key, the command line does by name."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from console.cli import confirming
from console.cli.session import Session
from console.cli.session import command as made

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from console.commands import Ask, Command
    from console.commands.forms import Field, Form

# Actions whose command is written by hand, for it takes more than the console asks for.
_BY_HAND = {
    "client.new",
    "client.purge",
    "organization.new",
    "organization.rescan",
    "organization.add-domain",
    "organization.remove-domain",
    "staff.add",
    "department.add",
}

_EXAMPLE_OF_MANY = """helpdesk clients {name} --view spam --matching example.com --dry-run
    """

# How each noun is called on the command line, and two ways to name one of them.
_NOUNS = {
    "client": ("clients", ("anna@acme.example", "K-000123")),
    "organization": ("organizations", ("acme.example", '"Acme sp. z o.o."')),
    "credit": ("credit", ("250019078565798977", "250019078565799022")),
    "contact": ("contacts", ("piotr@acme.example", "250019078565798977")),
    "incident": ("incidents", ("INC-000123", "124")),
    "held": ("held", ("250019078565798977", "INC-000123")),
    "staff": ("staff", ("tom", "250019078565798977")),
    "department": ("departments", ("Sales", '"Field service"')),
}


class ActionGroup(click.Group):
    """The commands of a noun: those written by hand, and one for each action of the table on such records."""

    def __init__(self, noun: str, *, commands: Sequence[click.Command], help: str) -> None:  # noqa: A002
        super().__init__(_NOUNS[noun][0], commands=commands, help=help)
        self._noun = noun

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Those written by hand first."""
        return [*self.commands, *names(self._noun)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command written by hand, or made of the table."""
        return self.commands.get(cmd_name) or command_for(f"{self._noun}.{cmd_name}")


def actions(noun: str) -> "list[Command]":
    """The actions on records of a noun, in the order of the table."""
    from console.commands import COMMANDS

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
    from console.commands import by_id

    found = by_id(action)

    many = noun == "client" and not found.single and not found.form

    async def run(session: Session, ids: tuple[str, ...], **given: Any) -> None:
        await _act(session, found, noun, ids, given)

    return made(
        name,
        click.Argument(["ids"], nargs=-1, required=not many, metavar="ID..."),
        *(_option(ask) for ask in found.asks),
        *(_fields(found.form) if found.form else ()),
        *(confirming.options(many=many) if found.changes else ()),
        text=found.help,
        examples=_examples(found, noun, name) + (_EXAMPLE_OF_MANY.format(name=name) if many else ""),
    )(run)


def _option(ask: "Ask") -> click.Option:
    """A question of the console as an option: yes or no, a flag for the unusual choice, or a text."""
    if ask.choices == ("yes", "no"):
        flags = ask.flags or f"--{ask.name}/--no-{ask.name}"
        return click.Option([flags, ask.name], default=ask.default != "no", help=ask.label)
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


def _fields(form: "Form") -> list[click.Option]:
    """The fields of a form as options; of an edit, those not given are left as they are."""
    return [_field(one, needed=one.required and not form.edits) for one in form.fields]


def _field(one: "Field", *, needed: bool) -> click.Option:
    names = [f"--{(one.option or one.name).replace('_', '-')}", one.name]
    text = one.hint or one.label.capitalize()
    if one.several:
        return click.Option(names, multiple=True, help=f"{text}; may be repeated, replaces all.")
    kind = click.Choice(one.choices) if one.choices else click.STRING
    if needed:
        return click.Option(names, type=kind, required=True, help=text)
    return click.Option(names, type=kind, default=None, help=text)


def _inputs(command: "Command", given: Mapping[str, Any]) -> dict[str, str]:
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
    for field in command.form.fields if command.form else ():
        value = given[field.name]
        if value not in (None, ()):
            found[field.name] = value if isinstance(value, str) else "\n".join(value)
    return found


def _examples(command: "Command", noun: str, name: str) -> str:
    needed = "".join(f' --{ask.name} "…"' for ask in command.asks if ask.required)
    if command.form:
        needed += ' --name "…"'
    called, (one, another) = _NOUNS[noun]
    return f"""
    helpdesk {called} {name} {one}{needed}
    helpdesk {called} {name} {one} {another}{needed} --json
    """


async def _found(connection: "AsyncConnection", noun: str, given: Sequence[str]) -> list[int]:
    """The ids of the records that were named, each once."""
    from console.data import departments_admin, find, incidents, staffing, waiting

    if noun == "client":
        return await find.clients(connection, given)
    one = {
        "organization": find.organization_id,
        "contact": find.contact_id,
        "credit": find.credit_line_id,
        "incident": incidents.find,
        "held": waiting.find,
        "staff": staffing.find,
        "department": departments_admin.find,
    }[noun]
    return list(dict.fromkeys([await one(connection, name) for name in given]))


async def _act(
    session: Session, command: "Command", noun: str, ids: tuple[str, ...], given: dict[str, Any]
) -> None:
    assert command.run is not None
    inputs = {**_inputs(command, given), "zone": session.settings.time_zone}
    text, view = given.get("matching"), given.get("view")
    if bool(ids) is (text is not None or view is not None):
        raise click.UsageError("Name clients, or say which with --matching or --view: one of the two.")
    async with session.acting() as (desk, actor):
        async with desk.read() as connection:
            if ids:
                found = await _found(connection, noun, ids)
            else:
                found = await confirming.matching(connection, desk, actor, text, view)
        if command.changes:
            yes, dry_run = bool(given.get("yes")), bool(given.get("dry_run"))
            await confirming.confirm(session, desk, actor, command, found, inputs, yes=yes, dry_run=dry_run)
        with confirming.progress(command):
            done = await command.run(desk, actor, found, inputs)
    session.done(done)
