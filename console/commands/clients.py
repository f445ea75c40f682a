"""What staff do to clients."""

from collections.abc import Callable, Sequence
from typing import Any

from console.commands.acting import Act, done, left_out, on_clients, run_on
from console.commands.client_details import CLIENT_DETAILS, more, zone
from console.commands.model import CLIENTS, Ask, Command, Disabled, Inputs
from console.commands.new_incidents import NEW_INCIDENTS
from console.commands.profiles import PROFILES
from console.commands.reasons import approvable, archived, gone, live, only, spammable, unless
from console.commands.submissions import offering
from console.data import (
    archive,
    clients,
    departments,
    held,
    incidents,
    spoken,
    statuses,
)
from console.data.change import Change
from console.data.desk import Desk
from console.data.errors import Refused
from console.data.records import Actor, ClientFacts, Done


async def _approve(change: Change, ids: list[int], inputs: Inputs) -> None:
    await statuses.give(change, ids, "approved", reason=inputs.get("reason", ""))
    await held.let_go(change, ids)


async def _disapprove(change: Change, ids: list[int], inputs: Inputs) -> None:
    await statuses.give(change, ids, "disapproved", reason=inputs.get("reason", ""))
    await held.put_by(change, ids)


async def _ban(change: Change, ids: list[int], inputs: Inputs) -> None:
    reason = inputs.get("reason", "").strip()
    if not reason:
        raise Refused("A ban needs a reason: the next colleague must know why. Nothing was changed.")
    until = spoken.moment(inputs.get("until", ""), change.at, zone(inputs))
    await statuses.give(change, ids, "banned", reason=reason, until=until)


async def _unban(change: Change, ids: list[int], inputs: Inputs) -> None:
    await statuses.lift(change, ids, "banned")


async def _spam(change: Change, ids: list[int], inputs: Inputs) -> None:
    await statuses.give(change, ids, "spam")
    if inputs.get("incidents", "yes") == "yes":
        await incidents.to_spam(change, ids)


async def _not_spam(change: Change, ids: list[int], inputs: Inputs) -> None:
    await statuses.lift(change, ids, "spam")
    await incidents.from_spam(change, ids)


async def _archive(change: Change, ids: list[int], inputs: Inputs) -> None:
    await archive.put_away(change, ids)


async def _unarchive(change: Change, ids: list[int], inputs: Inputs) -> None:
    await archive.bring_back(change, ids)


async def _approval(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    """Turn the incident-approval switch on, or, where it is on for all, off."""
    on = not await _all_are(desk, actor, ids, lambda one: one.approval)

    async def switch(change: Change, able: list[int], inputs: Inputs) -> None:
        await clients.set_approval(change, able, on=on)
        change.entry.detail = "on" if on else "off"

    outcome = await run_on(desk, actor, "client.approval", ids, inputs, switch, gone)
    return done("client.approval" if on else "client.approval-off", outcome)


async def _favourite(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    """Mark as favourites, or, where all are marked already, take the marks away."""
    on = not await _all_are(desk, actor, ids, lambda one: one.favourite)

    async def mark(change: Change, able: list[int], inputs: Inputs) -> None:
        await clients.set_favourite(change, able, on=on)
        change.entry.detail = "on" if on else "off"

    outcome = await run_on(desk, actor, "client.favourite", ids, inputs, mark, gone)
    return done("client.favourite" if on else "client.favourite-off", outcome)


async def _all_are(
    desk: Desk, actor: Actor, ids: Sequence[int], holds: Callable[[ClientFacts], bool]
) -> bool:
    """Whether something holds for all the clients that a switch works on, so that it turns it off."""
    async with desk.read() as connection:
        found = await clients.facts(connection, ids, actor.staff_id)
    return all(holds(one) for one in found if gone(one) is None)


async def _access(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    """Switch clients' own access to one department."""
    allowed = inputs.get("allowed", "yes") == "yes"
    async with desk.read() as connection:
        department_id, named = await departments.find(connection, inputs.get("department", ""))

    async def switch(change: Change, able: list[int], inputs: Inputs) -> None:
        await departments.set_access(change, able, department_id, allowed=allowed)
        change.entry.detail = f"{named} {'on' if allowed else 'off'}"

    outcome = await run_on(desk, actor, "client.access", ids, inputs, switch, gone)
    if outcome.entry_id is None:
        return done("client.access", outcome)
    may = "may" if allowed else "may not"
    return left_out(f"{outcome.whom} {may} submit to {named} now", outcome)


_REASON = Ask("reason", "Reason", required=True)
_WHY = Ask("reason", "Reason, if any")


# What is decided of those who wait works in their list as well, and is in its last line.
_PENDING = frozenset({"pending"})


def _status(name: str, key: str, title: str, text: str, act: Act, disabled: Disabled, **more: Any) -> Command:
    action = f"client.{name}"
    run = on_clients(action, act, disabled)
    if name in ("approve", "unban"):
        run = offering(run)
    places = CLIENTS | more.get("footer", frozenset())
    return Command(
        action, key, title, text, places, "status", run=run, disabled=disabled, changes=True, **more
    )


ON_CLIENTS: tuple[Command, ...] = (
    _status(
        "approve",
        "A",
        "Approve",
        "They may log in and submit; what waited for approval goes on.",
        _approve,
        approvable("approved"),
        footer=_PENDING,
    ),
    _status(
        "disapprove",
        "D",
        "Disapprove",
        "No login; what they submit is held.",
        _disapprove,
        approvable("disapproved"),
        footer=_PENDING,
        asks=(_WHY,),
    ),
    _status(
        "ban",
        "b",
        "Ban",
        "They can submit nothing more, by any channel, until the ban is removed or ends.",
        _ban,
        unless("banned", "is banned already"),
        footer=_PENDING,
        asks=(_REASON, Ask("until", "Until (friday, 2 w, 2026-12-01; empty: without end)")),
        danger=True,
    ),
    _status(
        "unban",
        "B",
        "Remove ban",
        "Gives back the status they had before the ban.",
        _unban,
        only("banned", "is not banned"),
    ),
    _status(
        "spam",
        "s",
        "Spam",
        "Their incidents go to the spam folder, the existing ones too if you say so.",
        _spam,
        spammable,
        footer=_PENDING,
        asks=(Ask("incidents", "Move their incidents to spam too?", choices=("yes", "no"), default="yes"),),
        danger=True,
    ),
    _status(
        "not-spam",
        "S",
        "Not spam",
        "Gives back their former status, and each incident its former folder.",
        _not_spam,
        only("spam", "is not marked as spam"),
    ),
    Command(
        "client.favourite",
        "f",
        "Favourite",
        "Your own mark (*) on a client; again takes it away.",
        CLIENTS,
        "more",
        run=_favourite,
        disabled=gone,
        changes=True,
    ),
    Command(
        "client.approval",
        "p",
        "Incident approval",
        "Whether they may be asked to approve incidents; again turns it off.",
        CLIENTS,
        "status",
        run=_approval,
        disabled=gone,
        changes=True,
    ),
    *PROFILES,
    *NEW_INCIDENTS,
    *CLIENT_DETAILS,
    more(
        "archive",
        "z",
        "Archive",
        "Take them out of the lists; nothing else changes.",
        _archive,
        disabled=live,
    ),
    more(
        "unarchive",
        "Z",
        "Bring back",
        "Bring an archived client back into the lists.",
        _unarchive,
        disabled=archived,
    ),
    Command(
        "client.access",
        "",
        "Department access",
        "Let them submit to a department, or not; one client's own are in the tab Access, where enter switches.",
        CLIENTS,
        "more",
        asks=(
            Ask("department", "Department", required=True, choose=departments.names),
            Ask(
                "allowed",
                "May they submit to it?",
                choices=("yes", "no"),
                default="yes",
                flags="--allow/--deny",
            ),
        ),
        run=_access,
        disabled=gone,
        changes=True,
    ),
)
