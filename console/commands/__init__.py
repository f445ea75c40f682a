"""Every staff action, declared once. Knows no Textual: the console, the palette, the help and the command line
are made from this table.

``run`` acts and returns what to say; ``disabled_reason`` says why it cannot run now. Keys that only move about
the console are here too (``run`` is None, the screen handles them by id), so that the help is whole.
"""

from console.commands.about import GETTING_ABOUT, HELPING, IN_FORMS, TAKING_BACK
from console.commands.clients import ON_CLIENTS
from console.commands.deletion import ON_DELETED
from console.commands.duplicates import ON_DUPLICATES, OTHER_QUEUES
from console.commands.house import ON_THE_HOUSE
from console.commands.merging import ON_MERGING
from console.commands.model import Ask, Command, Disabled, Inputs, Run
from console.commands.organizations import ON_ORGANIZATIONS
from console.commands.sla import ON_TARGETS
from console.commands.staff import ON_STAFF
from console.commands.submissions import ON_SUBMISSIONS
from console.commands.who import ON_WHO

__all__ = ["COMMANDS", "Ask", "Command", "Disabled", "Inputs", "Run", "by_id", "for_place"]

COMMANDS: tuple[Command, ...] = (
    *GETTING_ABOUT,
    *ON_CLIENTS,
    *ON_MERGING,
    *ON_TARGETS,
    *ON_DELETED,
    *ON_ORGANIZATIONS,
    *ON_THE_HOUSE,
    *ON_STAFF,
    *ON_SUBMISSIONS,
    *ON_DUPLICATES,
    *ON_WHO,
    *TAKING_BACK,
    *OTHER_QUEUES,
    *HELPING,
    *IN_FORMS,
)

TYPING = frozenset({"form", "conflict"})
"""Places where only their own commands work."""

_BY_ID = {command.id: command for command in COMMANDS}


def by_id(command: str) -> Command:
    """The command with this id; KeyError if there is none."""
    return _BY_ID[command]


def for_place(place: str) -> list[Command]:
    """The commands that work in a place, in the order of the table; while one types, no letter acts.

    A key that a place has for itself does there nothing else.
    """
    own = [command for command in COMMANDS if place in command.places]
    if place in TYPING:
        return own
    taken = {key for command in own for key in command.key.split(",")}
    return [
        command
        for command in COMMANDS
        if place in command.places or ("anywhere" in command.places and command.key not in taken - {""})
    ]
