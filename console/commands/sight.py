"""The impact cards of what changes who sees what: managers, and moves between organizations."""

from collections.abc import Sequence
from dataclasses import replace

from console.commands.impacts import of_clients
from console.commands.model import Inputs
from console.commands.reasons import gone
from console.data import clients, contacts, managers, sight
from console.data.desk import Desk
from console.data.drafts import OrganizationDraft
from console.data.managers import Sight
from console.data.records import AT_ONCE, Actor, Impact
from console.data.sight import Shown
from console.text import plural
from console.wording import NO_NAME

SENTENCES = 3
"""Organizations that are named on a card; the others are counted."""


async def manager_card(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Impact | None:
    """What a client newly sees as manager; None where they are one already, or cannot be one."""
    may_reply = inputs.get("reply") == "yes"
    seen, grant = await _managed(desk, ids)
    if seen is None or grant == may_reply:
        return None
    card = await of_clients(desk, actor, "Make manager", ids, gone)
    if card is None:
        return None
    name, what = card.names[0], _incidents(seen)
    if grant is None:
        also = " and may answer them" if may_reply else ""
        sentence = f"{name} will newly see {what} of {seen.organization}{also}"
    else:
        sentence = f"{name} may {'newly' if may_reply else 'no longer'} answer {what} of {seen.organization}"
    return replace(card, sight=(_ended(sentence),))


async def no_manager_card(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Impact | None:
    """What a client no longer sees; None where they manage nothing."""
    seen, grant = await _managed(desk, ids)
    card = None if seen is None or grant is None else await of_clients(desk, actor, "Manager off", ids, gone)
    if card is None or seen is None:
        return None
    sentence = f"{card.names[0]} will no longer see {_incidents(seen)} of {seen.organization}"
    return replace(card, sight=(_ended(sentence),))


async def _managed(desk: Desk, ids: Sequence[int]) -> tuple[Sight | None, bool | None]:
    """What the one client would see as manager, and whether their grant, if they have one, lets them answer."""
    async with desk.read() as connection:
        found = await clients.facts(connection, ids) if len(ids) == 1 else []
        owner = found[0].organization_id if found else None
        if owner is None:
            return None, None
        name = await sight.organization_name(connection, owner)
        seen = await managers.sight(connection, found[0].id, owner, name)
        return seen, await sight.grant(connection, found[0].id, owner)


async def organization_card(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Impact | None:
    """Which managers lose and gain sight of what, where any do, or where there are many clients."""
    name = inputs.get("organization", "").strip()
    wanted = OrganizationDraft(name=name).name if name else ""
    async with desk.read() as connection:
        known = await sight.organization_named(connection, wanted) if wanted else None
        new_owner = known[0] if known else None
        lost = await sight.lost(connection, ids, new_owner)
        gained = await sight.gained(connection, ids, new_owner) if new_owner else []
        revoked = await sight.grants_lost(connection, ids, new_owner)
    if not (lost or gained or revoked) and len(ids) <= AT_ONCE:
        return None
    card = await of_clients(
        desk, actor, f"Set organization to {_named(wanted, is_new=known is None)}", ids, gone
    )
    if card is None:
        return None
    sentences = [f"{_who(one)} no longer see {_count(one)}." for one in lost[:SENTENCES]]
    if len(lost) > SENTENCES:
        others = len(lost) - SENTENCES
        more = plural(others, "more organization", "more organizations")
        sentences.append(f"Nor will the managers of {more}.")
    sentences += [f"{_who(one)} newly see {_count(one)}." for one in gained]
    if revoked:
        sentences.append(f"{plural(revoked, 'manager', 'managers')} among them will manage no more.")
    return replace(card, sight=tuple(sentences))


async def edit_card(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Impact | None:
    """Of an edit, what a move to another organization changes."""
    return await organization_card(desk, actor, ids, inputs) if "organization" in inputs else None


async def contact_card(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Impact | None:
    """What a contact of a client (``ids``) newly sees in the portal; a new one has no incidents of their own."""
    if inputs.get("access") != "complete" or len(ids) != 1:
        return None
    async with desk.read() as connection:
        found = await clients.facts(connection, ids)
        count = await sight.incidents_of(connection, ids[0])
    if not found or not count:
        return None
    name = inputs.get("name", "").strip() or NO_NAME
    return _contact(
        name, f"will newly see {plural(count, 'incident', 'incidents')} of {found[0].name or NO_NAME}"
    )


async def contact_edit_card(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Impact | None:
    """What a contact (``ids``) newly or no longer sees; None where their access stays, or there is nothing to see."""
    wanted = inputs.get("access", "")
    if not wanted or len(ids) != 1:
        return None
    async with desk.read() as connection:
        client_id, values = await contacts.values(connection, ids[0])
        [client] = await clients.facts(connection, [client_id])
        everything = await sight.incidents_of(connection, client_id)
        own = await sight.incidents_of(connection, client_id, contact_id=ids[0])
    seen = {"none": 0, "limited": own, "complete": everything}
    change = seen.get(wanted, 0) - seen[str(values["access"])]
    if not change:
        return None
    how = "newly" if change > 0 else "no longer"
    what = plural(abs(change), "incident", "incidents")
    return _contact(str(values["name"]), f"will {how} see {what} of {client.name or NO_NAME}")


def _contact(name: str, sentence: str) -> Impact:
    title = f"Portal access: {name}"
    return Impact(title=title, count=1, names=(name,), sight=(_ended(f"{name} {sentence}"),))


def _named(wanted: str, *, is_new: bool) -> str:
    return f"{wanted} (new, it will be made)" if wanted and is_new else wanted or "none"


def _ended(sentence: str) -> str:
    """With one full stop, whatever a name ends in."""
    return sentence.rstrip(".") + "."


def _who(shown: Shown) -> str:
    named = ", ".join(name or NO_NAME for name in shown.managers[:2])
    more = len(shown.managers) - 2
    return f"Managers of {shown.organization} ({named}{f' and {more} more' if more > 0 else ''})"


def _count(shown: Shown) -> str:
    return plural(shown.incidents, "incident", "incidents") + " of theirs"


def _incidents(seen: Sight) -> str:
    return (
        f"{plural(seen.incidents, 'incident', 'incidents')} of"
        f" {plural(seen.colleagues, 'colleague', 'colleagues')}"
    )
