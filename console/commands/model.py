"""What an action of staff is, before it knows how it runs."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from console.commands.forms import Form
from console.data.desk import Desk
from console.data.records import Actor, Done, Impact

Inputs = Mapping[str, str]
Run = Callable[[Desk, Actor, Sequence[int], Inputs], Awaitable[Done]]
# Takes the facts of the noun the command is about: ClientFacts or OrganizationFacts.
Disabled = Callable[[Any], str | None]
Choose = Callable[[AsyncConnection], Awaitable[tuple[str, ...]]]
Weigh = Callable[[Desk, Actor, Sequence[int], Inputs], Awaitable[Impact | None]]

CLIENTS = frozenset({"clients", "client"})
LISTS = frozenset({"clients", "organizations", "incidents"})
INCIDENTS = frozenset({"incidents", "incident"})
WAITING = frozenset({"pending", "held"})
RECORDS = frozenset({"client", "organization", "incident"})
TABBED = frozenset({"client", "organization"})
ANYWHERE = frozenset({"anywhere"})
SHOWN = ANYWHERE  # as a footer: in the last line of every place the command works in
WHO = frozenset({"who"})
WHOM = frozenset({"whom"})
MERGED = frozenset({"merged"})
LOOKED = frozenset({"look", "candidate"})
HOUSE = frozenset({"departments", "staff"})
SETTINGS = HOUSE | {"settings"}
VIEWERS = "Viewers change nothing. Ask an agent or an admin."
ADMINS = "Only an admin may do this. Ask one."


class Target(Protocol):
    """What an action works on: its id and name, its state (live, archived, deleted or absorbed), and its noun."""

    @property
    def id(self) -> int:
        """The record's id."""
        ...

    @property
    def name(self) -> str:
        """How it is called."""
        ...

    @property
    def state(self) -> str:
        """Live, archived, deleted or absorbed."""
        ...

    @property
    def noun(self) -> str:
        """What it is one of: 'client' or 'organization', as the journal calls it."""
        ...


@dataclass(frozen=True, slots=True)
class Ask:
    """A question before an action runs.

    ``choose`` reads its choices from the database, where they are not fixed; ``flags`` are those of a yes or no on the
    command line, where '--name/--no-name' would not be said.
    """

    name: str
    label: str
    required: bool = False
    choices: tuple[str, ...] = ()
    default: str = ""
    lines: bool = False
    choose: Choose | None = None
    flags: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """One action: ``places`` it works in ('clients', 'client', 'organizations', …, or 'anywhere').

    ``menu`` is 'status', 'more' or '' (in no menu); ``footer`` are the places whose last line shows it.
    ``form`` is what it asks for where that is too much for questions (``asks``). ``admins``: only they may.
    ``single`` works on one record only, so it is not offered for marks; nor is what has a ``form``.
    ``screen`` is the kind of merge whose screen it opens: that one shows what would be done, and does it.
    ``impact`` makes the card that must be confirmed before it runs, None where it needs none; see ``impacts.weigh``.
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
    form: Form | None = None
    run: Run | None = None
    disabled: Disabled | None = None
    changes: bool = False
    admins: bool = False
    impact: Weigh | None = None
    single: bool = False
    screen: str = ""

    def not_allowed(self, actor: Actor) -> str | None:
        """Why this actor may not do it, whatever it is done to, as a sentence; None if they may."""
        if self.admins and actor.role != "admin":
            return ADMINS
        return VIEWERS if self.changes and not actor.may_change else None

    def disabled_reason(self, target: Target | None, actor: Actor) -> str | None:
        """Why the action cannot run on this target by this actor now, as a sentence; None if it can."""
        if (reason := self.not_allowed(actor)) is not None:
            return reason
        if self.disabled is None:
            return None
        return "There is nothing under the cursor." if target is None else self.disabled(target)
