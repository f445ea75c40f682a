"""What staff do to clients."""

from collections.abc import Sequence
from typing import Any

from console.commands.acting import Act, done, entry_of, on_clients, targets, whom
from console.commands.client_details import CLIENT_DETAILS, more, several, zone
from console.commands.model import CLIENTS, SHOWN, Ask, Command, Disabled, Inputs
from console.commands.reasons import approvable, archived, gone, live, only, spammable, unless
from console.data import (
    archive,
    clients,
    departments,
    incidents,
    spoken,
    statuses,
)
from console.data.change import Change
from console.data.desk import Desk
from console.data.drafts import ClientDraft
from console.data.errors import Refused
from console.data.records import Actor, Done
from console.wording import past


async def _approve(change: Change, ids: list[int], inputs: Inputs) -> None:
    await statuses.give(change, ids, "approved", reason=inputs.get("reason", ""))


async def _disapprove(change: Change, ids: list[int], inputs: Inputs) -> None:
    await statuses.give(change, ids, "disapproved", reason=inputs.get("reason", ""))


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
    async with desk.change(actor, "client.approval") as change:
        found, refused = await targets(change, gone, ids)
        on = not all(target.approval for target in found)
        await clients.set_approval(change, [target.id for target in found], on=on)
        change.entry.detail = "on" if on else "off"
    return done("client.approval" if on else "client.approval-off", found, refused, change)


async def _favourite(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    """Mark as favourites, or, where all are marked already, take the marks away."""
    async with desk.change(actor, "client.favourite") as change:
        found, refused = await targets(change, gone, ids)
        on = not all(target.favourite for target in found)
        await clients.set_favourite(change, [target.id for target in found], on=on)
        change.entry.detail = "on" if on else "off"
    return done("client.favourite" if on else "client.favourite-off", found, refused, change)


async def _access(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    """Switch a client's own access to one department."""
    async with desk.change(actor, "client.access") as change:
        found, _ = await targets(change, gone, ids)
        allowed = inputs["allowed"] == "yes"
        for target in found:
            await departments.set_access(change, target.id, int(inputs["department"]), allowed=allowed)
        named = await departments.name(change.connection, int(inputs["department"]))
        change.entry.detail = f"{named} {'on' if allowed else 'off'}"
    may = "may" if allowed else "may not"
    return Done(f"{whom(found)} {may} submit to {named} now", entry_of(change), len(found))


async def _new_client(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    lists = {name: several(inputs.get(name, "")) for name in ("email", "mobile")}
    draft = ClientDraft(name=inputs.get("name", ""), organization=inputs.get("organization", ""), **lists)
    async with desk.change(actor, "client.add") as change:
        client_id = await clients.add(change, draft)
        change.entry.object_type, change.entry.object_id = "client", client_id
    return Done(past("client.add", draft.name), entry_of(change), 1, client_id)


_REASON = Ask("reason", "Reason", required=True)
_WHY = Ask("reason", "Reason, if any")


def _status(name: str, key: str, title: str, text: str, act: Act, disabled: Disabled, **more: Any) -> Command:
    action = f"client.{name}"
    run = on_clients(action, act, disabled)
    return Command(
        action, key, title, text, CLIENTS, "status", run=run, disabled=disabled, changes=True, **more
    )


ON_CLIENTS: tuple[Command, ...] = (
    _status(
        "approve",
        "A",
        "Approve",
        "They may log in and submit; what waited for approval goes on.",
        _approve,
        approvable("approved"),
    ),
    _status(
        "disapprove",
        "D",
        "Disapprove",
        "No login; what they submit is held.",
        _disapprove,
        approvable("disapproved"),
        asks=(_WHY,),
    ),
    _status(
        "ban",
        "b",
        "Ban",
        "They can submit nothing more, by any channel, until the ban is removed or ends.",
        _ban,
        unless("banned", "is banned already"),
        asks=(_REASON,),
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
        "client.new",
        "n",
        "New client",
        "Add a client: a name and at least one identity.",
        frozenset({"clients"}),
        footer=SHOWN,
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
        "client.access",
        "",
        "Department access",
        "Switch a client's access to a department; in Access, enter does it.",
        frozenset(),
        run=_access,
        disabled=gone,
        changes=True,
    ),
)
