"""The questions of an action, in the words of the prompt."""

from console.commands import Ask, Command
from console.data.errors import DeskError, IdentityTaken, Invalid
from console.widgets.mask import MASK
from console.widgets.prompt import Ask as Question


def undoable(command: Command, entry_id: int | None) -> bool:
    """Whether to say that u takes it back."""
    return entry_id is not None and command.id != "journal.undo"


def field_of(error: DeskError) -> str:
    """The question an error is about."""
    if isinstance(error, IdentityTaken):
        return "email"
    field = error.field if isinstance(error, Invalid) else ""
    return "mobile" if field == "phone" else field


def label(command: Command, whom: str, ask: Ask) -> str:
    """The first question of an action: what is done, to whom, and what is asked."""
    head = f"{command.title}: {whom}" if command.disabled is not None else command.title
    return f"{head}. {ask.label}" + ("" if ask.label.endswith("?") else ":")


def question(command: Command, whom: str, ask: Ask) -> Question:
    """A question of the table as the prompt asks it."""
    first = ask is command.asks[0] or ask.name == command.asks[0].name
    text = label(command, whom, ask) if first else ask.label + ("" if ask.label.endswith("?") else ":")
    return Question(
        ask.name,
        text,
        hidden=text.replace(f": {whom}.", f": {MASK}.") if whom else text,
        required=ask.required,
        choices=ask.choices,
        default=ask.default,
        refusal=f"{ask.label} is needed.",
    )
