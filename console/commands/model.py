"""What an action of staff is, before it knows how it runs."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from console.data.desk import Desk
from console.data.records import Actor, ClientFacts, Done

Inputs = Mapping[str, str]
Run = Callable[[Desk, Actor, Sequence[int], Inputs], Awaitable[Done]]
Disabled = Callable[[ClientFacts], str | None]

CLIENTS = frozenset({"clients", "client"})
LISTS = frozenset({"clients", "organizations"})
RECORDS = frozenset({"client", "organization", "incident"})
TABBED = frozenset({"client", "organization"})
ANYWHERE = frozenset({"anywhere"})
SHOWN = ANYWHERE  # as a footer: in the last line of every place the command works in
VIEWERS = "Viewers change nothing. Ask an agent or an admin."


@dataclass(frozen=True, slots=True)
class Ask:
    """A question before an action runs. ``option`` is its name on the command line."""

    name: str
    label: str
    required: bool = False
    choices: tuple[str, ...] = ()
    default: str = ""
    lines: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """One action: ``places`` it works in ('clients', 'client', 'organizations', …, or 'anywhere').

    ``menu`` is 'status', 'more' or '' (in no menu); ``footer`` are the places whose last line shows it.
    """

    id: str
    key: str
    title: str
    help: str
    places: frozenset[str]
    menu: str = ""
    footer: frozenset[str] = frozenset()
    danger: bool = False
    asks: tuple[Ask, ...] = ()
    run: Run | None = None
    disabled: Disabled | None = None
    changes: bool = False

    def disabled_reason(self, target: ClientFacts | None, actor: Actor) -> str | None:
        """Why the action cannot run on this target by this actor now, as a sentence; None if it can."""
        if self.changes and not actor.may_change:
            return VIEWERS
        if self.disabled is None:
            return None
        return "There is nobody under the cursor." if target is None else self.disabled(target)
