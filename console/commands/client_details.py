"""What staff add to clients: notes, credit, contacts, tags, an organization."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import tzinfo
from zoneinfo import ZoneInfo

from console.commands.acting import Act, entry_of, on_clients, targets, whom
from console.commands.forms import several
from console.commands.model import CLIENTS, Ask, Command, Disabled, Inputs
from console.commands.reasons import gone, member
from console.commands.sight import manager_card, no_manager_card, organization_card
from console.data import clients, credit, managers, notes, organizations, spoken, tags
from console.data.change import Change
from console.data.desk import Desk
from console.data.drafts import OrganizationDraft
from console.data.errors import Refused
from console.data.records import Actor, Done
from console.text import duration_minutes, plural

NOTE_LEVELS = ("note", "warning", "pinned note", "pinned warning")
_TAGS = Ask("tags", "Tags", required=True)


def zone(inputs: Inputs) -> tzinfo | None:
    """The zone of whoever answers, in which days begin and end; None for the machine's."""
    name = inputs.get("zone", "")
    return ZoneInfo(name) if name else None


async def _note(change: Change, ids: list[int], inputs: Inputs) -> None:
    until = spoken.moment(inputs.get("until", ""), change.at, zone(inputs))
    pinned, level = _level(inputs.get("level") or "note")
    await notes.add(change, ids, inputs.get("text", ""), level=level, expires_at=until, pinned=pinned)


def _level(given: str) -> tuple[bool, str]:
    """Whether the note is pinned, and its level."""
    return given.startswith("pinned "), given.removeprefix("pinned ")


async def _credit(change: Change, ids: list[int], inputs: Inputs) -> None:
    unit, amount = spoken.credit(inputs.get("amount", ""))
    until = spoken.moment(inputs.get("until", ""), change.at, zone(inputs))
    change.entry.detail = inputs["amount"].strip()
    await credit.add(change, ids, unit, amount, reason=inputs.get("reason", "").strip(), expires_at=until)


async def _reverse(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    if len(ids) != 1:
        raise Refused("Lines of the ledger are reversed one by one. Name one of them.")
    reason = inputs.get("reason", "").strip()
    async with desk.change(actor, "credit.reverse", reason=reason) as change:
        line = await credit.reverse(change, ids[0], reason=reason)
        amount = duration_minutes(line.amount) if line.unit == "minutes" else f"{line.amount:,} incidents"
        change.entry.detail = amount
    return Done(f"Reversed a line of the ledger: {amount}", entry_of(change), 1)


async def _tag(change: Change, ids: list[int], inputs: Inputs) -> None:
    names = _tags(inputs)
    change.entry.detail = ", ".join(names)
    await tags.add(change, ids, names)


async def _untag(change: Change, ids: list[int], inputs: Inputs) -> None:
    names = _tags(inputs)
    change.entry.detail = ", ".join(names)
    await tags.remove(change, ids, names)


async def _manager(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    """Let one client manage their organization; say what they newly see."""
    async with desk.change(actor, "client.manager") as change:
        found, _ = await targets(change, gone, ids)
        if len(found) > 1:
            raise Refused("Managers are made one by one: each of them newly sees what colleagues wrote.")
        may_reply = inputs.get("reply") == "yes"
        seen = await managers.grant(change, found[0].id, may_reply=may_reply)
        change.entry.detail = (
            f"{seen.organization}, sees {'and answers ' if may_reply else ''}colleagues' incidents"
        )
    return Done(
        f"{whom(found)} manages {seen.organization} now and sees {plural(seen.incidents, 'incident', 'incidents')}"
        f" of {plural(seen.colleagues, 'colleague', 'colleagues')}",
        entry_of(change),
        1,
    )


async def _no_manager(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    """Take management away from one client; say what they no longer see."""
    async with desk.change(actor, "client.no-manager") as change:
        found, _ = await targets(change, gone, ids)
        if len(found) > 1:
            raise Refused("Managers are changed one by one. Take the marks away, or open the client.")
        lost = await managers.revoke(change, found[0].id)
        change.entry.detail = lost.organization
    return Done(
        f"{whom(found)} no longer manages {lost.organization} nor sees"
        f" {plural(lost.incidents, 'incident', 'incidents')} of colleagues",
        entry_of(change),
        1,
    )


def _tags(inputs: Inputs) -> tuple[str, ...]:
    if names := several(inputs.get("tags", "")):
        return names
    raise Refused("No tag was given. Write one or several, with commas between them.")


async def _organization(change: Change, ids: list[int], inputs: Inputs) -> None:
    name = inputs.get("organization", "").strip()
    owner = await organizations.named(change, OrganizationDraft(name=name).name) if name else None
    change.entry.detail = name or "none"
    await clients.set_organization(change, ids, owner)


def more(
    name: str,
    key: str,
    title: str,
    text: str,
    act: Act,
    *,
    disabled: Disabled = gone,
    asks: tuple[Ask, ...] = (),
    footer: frozenset[str] = frozenset(),
) -> Command:
    """An action of the menu More, on any number of clients."""
    action = f"client.{name}"
    run = on_clients(action, act, disabled)
    return Command(
        action,
        key,
        title,
        text,
        CLIENTS,
        "more",
        footer=footer,
        asks=asks,
        run=run,
        disabled=disabled,
        changes=True,
    )


CLIENT_DETAILS: tuple[Command, ...] = (
    more(
        "note",
        "a",
        "Add note",
        "Shown on the client and on all their incidents; a warning comes before anything else.",
        _note,
        asks=(
            Ask("text", "Note", required=True, lines=True),
            Ask("level", "Level", choices=NOTE_LEVELS, default="note"),
            Ask("until", "Until (friday, 2 w, 2026-12-01; empty: without end)"),
        ),
        footer=frozenset({"client"}),
    ),
    more(
        "credit",
        "c",
        "Add credit",
        "Minutes or incidents paid in advance, as a lot that is spent before others that lapse later.",
        _credit,
        asks=(
            Ask("amount", "Amount (2 h, 90 min, 4 incidents)", required=True),
            Ask("reason", "What for"),
            Ask("until", "Valid until (friday, 3 m, 2026-12-01; empty: without end)"),
        ),
        footer=frozenset({"client"}),
    ),
    Command(
        "credit.reverse",
        "",
        "Reverse credit",
        "In Credit, -: correct the line under the cursor by its opposite; both stay in the ledger.",
        frozenset({"client"}),
        asks=(Ask("reason", "Why"),),
        run=_reverse,
        changes=True,
    ),
    Command(
        "client.manager",
        "M",
        "Make manager",
        "They see all incidents of their organization, and answer them if you say so.",
        CLIENTS,
        "status",
        asks=(Ask("reply", "May they answer too, not only see?", choices=("yes", "no"), default="no"),),
        run=_manager,
        single=True,
        impact=manager_card,
        disabled=member,
        changes=True,
    ),
    Command(
        "client.no-manager",
        "N",
        "Manager off",
        "They see only their own incidents again.",
        CLIENTS,
        "status",
        run=_no_manager,
        single=True,
        impact=no_manager_card,
        disabled=member,
        changes=True,
    ),
    more("tag", "t", "Tag", "Put tags on: one or several, with commas between them.", _tag, asks=(_TAGS,)),
    more("untag", "T", "Remove tag", "Take tags off.", _untag, asks=(_TAGS,)),
    replace(
        more(
            "organization",
            "l",
            "Set organization",
            "Put them into an organization, made if there is none of that name; an empty answer takes them out.",
            _organization,
            asks=(Ask("organization", "Organization (empty: none)"),),
        ),
        impact=organization_card,
    ),
)
