"""Every staff action, declared once. Knows no Textual: the console, the palette, the help and the command line
are made from this table.

``run`` acts and returns what to say; ``disabled_reason`` says why it cannot run now. Keys that only move about
the console are here too (``run`` is None, the screen handles them by id), so that the help is whole.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from console.data import clients, departments, incidents, notes, organizations
from console.data.change import Change
from console.data.desk import Desk
from console.data.drafts import ClientDraft, OrganizationDraft
from console.data.errors import NotFound, Refused
from console.data.records import Actor, ClientFacts, Done
from console.data.undo import undo, undo_last
from console.wording import NO_NAME, noun, past

Inputs = Mapping[str, str]
Run = Callable[[Desk, Actor, Sequence[int], Inputs], Awaitable[Done]]
Disabled = Callable[[ClientFacts], str | None]


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
            return "Viewers change nothing. Ask an agent or an admin."
        if self.disabled is None:
            return None
        return "There is nobody under the cursor." if target is None else self.disabled(target)


# What a client's state and status allow


def _gone(target: ClientFacts) -> str | None:
    if target.state == "deleted":
        return f"{target.name} is deleted. Restore them first."
    if target.state == "absorbed":
        return f"{target.name} was merged into another client. Open that one."
    return None


def _lift_first(target: ClientFacts) -> str | None:
    if target.status == "banned":
        return f"{target.name} is banned. Remove the ban first (B)."
    if target.status == "spam":
        return f"{target.name} is marked as spam. Say not spam first (S)."
    return None


def _unless(status: str, already: str) -> Disabled:
    def reason(target: ClientFacts) -> str | None:
        if target.status == status:
            return f"{target.name} {already}."
        return _gone(target)

    return reason


def _spammable(target: ClientFacts) -> str | None:
    if target.status == "banned":
        return f"{target.name} is banned, so nothing of theirs comes through. Remove the ban first (B)."
    return _unless("spam", "is marked as spam already")(target)


def _approvable(status: str) -> Disabled:
    def reason(target: ClientFacts) -> str | None:
        if target.status == status:
            return f"{target.name} is {status} already."
        return _gone(target) or _lift_first(target)

    return reason


def _only(status: str, otherwise: str) -> Disabled:
    def reason(target: ClientFacts) -> str | None:
        return _gone(target) or (None if target.status == status else f"{target.name} {otherwise}.")

    return reason


# Running


async def _targets(
    desk: Desk, actor: Actor, command: str, ids: Sequence[int]
) -> tuple[list[ClientFacts], list[str]]:
    """The clients an action can run on, and why it cannot on the others; Refused if on none."""
    async with desk.read() as connection:
        known = await clients.facts(connection, ids, actor.staff_id)
    found = [one if one.name else replace(one, name=NO_NAME) for one in known]
    if not found:
        raise NotFound("There is no such client. They may have been purged.")
    one = by_id(command)
    reasons = [(target, one.disabled_reason(target, actor)) for target in found]
    able = [target for target, reason in reasons if reason is None]
    refused = [reason for _, reason in reasons if reason is not None]
    if not able:
        raise Refused(refused[0] if len(refused) == 1 else f"None of {len(refused)} clients: {refused[0]}")
    return able, refused


def _about(targets: Sequence[ClientFacts]) -> tuple[str, int] | None:
    return ("client", targets[0].id) if len(targets) == 1 else None


def _done(command: str, targets: Sequence[ClientFacts], refused: Sequence[str], change: Change) -> Done:
    whom = targets[0].name if len(targets) == 1 else f"{len(targets)} clients"
    sentence = past(command, whom)
    if refused:
        sentence += f"; {len(refused):,} left out: {refused[0].rstrip('.')}"
    return Done(sentence, change.entry_id if change.steps else None, len(targets))


Act = Callable[[Change, list[int], Inputs], Awaitable[Any]]


def _on_clients(command: str, act: Act) -> Run:
    """Run an action on clients: one transaction, one journal entry, one sentence."""

    async def run(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
        targets, refused = await _targets(desk, actor, command, ids)
        reason = inputs.get("reason", "").strip()
        async with desk.change(actor, command, about=_about(targets), reason=reason) as change:
            await act(change, [target.id for target in targets], inputs)
        return _done(command, targets, refused, change)

    return run


async def _approve(change: Change, ids: list[int], inputs: Inputs) -> None:
    await clients.set_status(change, ids, "approved", reason=inputs.get("reason", ""))


async def _disapprove(change: Change, ids: list[int], inputs: Inputs) -> None:
    await clients.set_status(change, ids, "disapproved", reason=inputs.get("reason", ""))


async def _ban(change: Change, ids: list[int], inputs: Inputs) -> None:
    reason = inputs.get("reason", "").strip()
    if not reason:
        raise Refused("A ban needs a reason: the next colleague must know why. Nothing was changed.")
    await clients.set_status(change, ids, "banned", reason=reason)


async def _unban(change: Change, ids: list[int], inputs: Inputs) -> None:
    await clients.restore_status(change, ids, "banned")


async def _spam(change: Change, ids: list[int], inputs: Inputs) -> None:
    await clients.set_status(change, ids, "spam")
    if inputs.get("incidents", "yes") == "yes":
        await incidents.to_spam(change, ids)


async def _not_spam(change: Change, ids: list[int], inputs: Inputs) -> None:
    await clients.restore_status(change, ids, "spam")
    await incidents.from_spam(change, ids)


async def _note(change: Change, ids: list[int], inputs: Inputs) -> None:
    await notes.add(change, ids, inputs.get("text", ""), level=inputs.get("level") or "note")


async def _favourite(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    """Mark as favourites, or, where all are marked already, take the marks away."""
    targets, refused = await _targets(desk, actor, "client.favourite", ids)
    on = not all(target.favourite for target in targets)
    async with desk.change(actor, "client.favourite", about=_about(targets)) as change:
        await clients.set_favourite(change, [target.id for target in targets], on=on)
        change.entry.detail = "on" if on else "off"
    return _done("client.favourite" if on else "client.favourite-off", targets, refused, change)


async def _access(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    """Switch a client's own access to one department."""
    targets, _ = await _targets(desk, actor, "client.access", ids)
    allowed = inputs["allowed"] == "yes"
    async with desk.change(actor, "client.access", about=_about(targets)) as change:
        for target in targets:
            await departments.set_access(change, target.id, int(inputs["department"]), allowed=allowed)
        named = await departments.name(change.connection, int(inputs["department"]))
        change.entry.detail = f"{named} {'on' if allowed else 'off'}"
    whom = targets[0].name if len(targets) == 1 else f"{len(targets)} clients"
    may = "may" if allowed else "may not"
    return Done(f"{whom} {may} submit to {named} now", change.entry_id, len(targets))


def _several(given: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in given.split("|") if part.strip())


async def _new_client(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    lists = {name: _several(inputs.get(name, "")) for name in ("email", "mobile")}
    draft = ClientDraft(name=inputs.get("name", ""), organization=inputs.get("organization", ""), **lists)
    async with desk.change(actor, "client.add") as change:
        client_id = await clients.add(change, draft)
        change.entry.object_type, change.entry.object_id = "client", client_id
    return Done(past("client.add", draft.name), change.entry_id, 1, client_id)


async def _new_organization(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    draft = OrganizationDraft(
        name=inputs.get("name", ""), mail_domain=_several(inputs.get("mail_domain", ""))
    )
    async with desk.change(actor, "organization.add") as change:
        organization_id = await organizations.add(change, draft)
        change.entry.object_type, change.entry.object_id = "organization", organization_id
    return Done(past("organization.add", draft.name), change.entry_id, 1, organization_id)


async def _undo(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    """Take back my last change, or the journal entry named."""
    if not actor.may_change:
        raise Refused("Viewers change nothing, so there is nothing of yours to undo.")
    undone = await (undo(desk, actor, ids[0]) if ids else undo_last(desk, actor))
    sentence = f"Undid {noun(undone.action)}"
    if undone.rows > 1:
        sentence += f", {undone.rows} rows"
    if undone.already_sent:
        sentence += f"; already sent and not recalled: {', '.join(undone.already_sent)}"
    return Done(sentence, undone.entry_id, undone.rows)


# The table

_CLIENTS = frozenset({"clients", "client"})
_LISTS = frozenset({"clients", "organizations"})
_RECORDS = frozenset({"client", "organization", "incident"})
_ANYWHERE = frozenset({"anywhere"})
_SHOWN = frozenset({"anywhere"})  # in the last line of every place the command works in
_TABBED = frozenset({"client", "organization"})
_REASON = Ask("reason", "Reason", required=True)
_WHY = Ask("reason", "Reason, if any")


def _status(name: str, key: str, title: str, text: str, act: Act, disabled: Disabled, **more: Any) -> Command:
    run = _on_clients(f"client.{name}", act)
    return Command(
        f"client.{name}",
        key,
        title,
        text,
        _CLIENTS,
        "status",
        run=run,
        disabled=disabled,
        changes=True,
        **more,
    )


COMMANDS: tuple[Command, ...] = (
    # What moves about
    Command("clients", "1", "Clients", "The list of clients.", _ANYWHERE),
    Command("organizations", "2", "Organizations", "The list of organizations.", _ANYWHERE),
    Command("open", "enter", "open", "Open what is under the cursor.", _LISTS | _RECORDS, footer=_SHOWN),
    Command(
        "mark",
        "space",
        "mark",
        "Mark the row, or take the mark away; actions work on marks.",
        frozenset({"clients"}),
        footer=_SHOWN,
    ),
    Command("menu", "m", "menu", "All actions on this client, with their keys.", _CLIENTS, footer=_SHOWN),
    # What staff do
    _status(
        "approve",
        "A",
        "Approve",
        "They may log in and submit; what waited for approval goes on.",
        _approve,
        _approvable("approved"),
    ),
    _status(
        "disapprove",
        "D",
        "Disapprove",
        "No login; what they submit is held.",
        _disapprove,
        _approvable("disapproved"),
        asks=(_WHY,),
    ),
    _status(
        "ban",
        "b",
        "Ban",
        "They can submit nothing more, by any channel, until the ban is removed.",
        _ban,
        _unless("banned", "is banned already"),
        asks=(_REASON,),
        danger=True,
    ),
    _status(
        "unban",
        "B",
        "Remove ban",
        "Gives back the status they had before the ban.",
        _unban,
        _only("banned", "is not banned"),
    ),
    _status(
        "spam",
        "s",
        "Spam",
        "Their incidents go to the spam folder, the existing ones too if you say so.",
        _spam,
        _spammable,
        asks=(Ask("incidents", "Move their incidents to spam too?", choices=("yes", "no"), default="yes"),),
        danger=True,
    ),
    _status(
        "not-spam",
        "S",
        "Not spam",
        "Gives back their former status, and each incident its former folder.",
        _not_spam,
        _only("spam", "is not marked as spam"),
    ),
    Command(
        "client.favourite",
        "f",
        "Favourite",
        "Your own mark (*) on a client; again takes it away.",
        _CLIENTS,
        "more",
        run=_favourite,
        disabled=_gone,
        changes=True,
    ),
    Command(
        "client.note",
        "a",
        "Add note",
        "Shown on the client and on all their incidents; a warning comes before anything else.",
        _CLIENTS,
        "more",
        footer=frozenset({"client"}),
        asks=(
            Ask("text", "Note", required=True, lines=True),
            Ask("level", "Level", choices=("note", "warning"), default="note"),
        ),
        run=_on_clients("client.note", _note),
        disabled=_gone,
        changes=True,
    ),
    Command(
        "client.new",
        "n",
        "New client",
        "Add a client: a name and at least one identity.",
        frozenset({"clients"}),
        footer=_SHOWN,
        asks=(
            Ask("name", "Name", required=True),
            Ask("email", "E-mail"),
            Ask("mobile", "Mobile"),
            Ask("organization", "Organization, if any"),
        ),
        run=_new_client,
        changes=True,
    ),
    Command(
        "organization.new",
        "n",
        "New organization",
        "Add an organization with its mail domain.",
        frozenset({"organizations"}),
        footer=_SHOWN,
        asks=(Ask("name", "Name", required=True), Ask("mail_domain", "Mail domain, if any")),
        run=_new_organization,
        changes=True,
    ),
    Command(
        "journal.undo",
        "u",
        "undo",
        "Take back your last change, a batch as a whole.",
        _ANYWHERE,
        footer=_SHOWN,
        run=_undo,
        changes=True,
    ),
    Command(
        "client.access",
        "",
        "Department access",
        "Switch a client's access to a department; in Access, enter does it.",
        frozenset(),
        run=_access,
        disabled=_gone,
        changes=True,
    ),
    # What helps
    Command("next_tab", "right", "next tab", "The tab to the right; left goes back.", _TABBED, footer=_SHOWN),
    Command("previous_tab", "left", "previous tab", "The tab to the left.", _TABBED),
    Command(
        "older", "b", "older", "Bring the older part of the thread.", frozenset({"incident"}), footer=_SHOWN
    ),
    Command(
        "client", "c", "client", "Open the client it belongs to.", frozenset({"incident"}), footer=_SHOWN
    ),
    Command("sort", "o", "order", "Sort by the next column.", _LISTS),
    Command("reverse", "O", "reverse", "Turn the order around.", _LISTS),
    Command(
        "find",
        "slash",
        "find",
        "Filter as you type; enter or down goes back to the list.",
        _LISTS,
        footer=_SHOWN,
    ),
    Command("reload", "ctrl+l", "repaint", "Load and paint the screen anew.", _ANYWHERE),
    Command(
        "palette",
        "colon",
        "run",
        "Find any action or client by typing (also Ctrl+P).",
        _ANYWHERE,
        footer=_SHOWN,
    ),
    Command("help", "question_mark", "help", "The keys of this screen.", _ANYWHERE, footer=_SHOWN),
    Command("back", "q", "back", "Go back; on a list, leave the console.", _ANYWHERE, footer=_SHOWN),
)

_BY_ID = {command.id: command for command in COMMANDS}


def by_id(command: str) -> Command:
    """The command with this id; KeyError if there is none."""
    return _BY_ID[command]


def for_place(place: str) -> list[Command]:
    """The commands that work in a place, in the order of the table."""
    return [command for command in COMMANDS if command.places & {place, "anywhere"}]
