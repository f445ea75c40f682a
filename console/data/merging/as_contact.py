"""Merge as contact: a client becomes a contact of another, with their addresses, and what they opened stays theirs."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.change import Change
from console.data.desk import Desk
from console.data.errors import Refused
from console.data.giving_way import giving_way
from console.data.merging import apply, counting, fields, moving, sides, waiting
from console.data.merging.parts import OF_CLIENT
from console.data.merging.preview import PreviewParts, assemble
from console.data.models.clients import client, identity
from console.data.models.contacts import contact
from console.data.models.incidents import incident, message
from console.data.records import Actor
from console.data.records.merging import Choices, Merged, MergePreview

ACTION = "client.merge_contact"


async def preview_as_contact(connection: AsyncConnection, choices: Choices) -> MergePreview:
    """What making a client a contact of another would do; raises as ``preview`` does."""
    _check(choices)
    rows = await sides.load(connection, client, choices)
    _check_status(rows, choices)
    owner = rows[choices.survivor].organization_id
    counts = await counting.counts(connection, OF_CLIENT, choices.ids, owner)
    return await assemble(connection, PreviewParts("contact", choices, rows, counts, owner))


async def merge_as_contact(
    desk: Desk, actor: Actor, choices: Choices, *, seen: Mapping[int, int] | None = None, reason: str = ""
) -> Merged:
    """Make one client a contact of another; raises as ``merge`` does.

    Their incidents are the survivor's and name the contact who opened them; the channel they last used is kept.
    """
    _check(choices)
    return await giving_way(desk, lambda: _merge(desk, actor, choices, seen or {}, reason))


async def _merge(desk: Desk, actor: Actor, choices: Choices, seen: Mapping[int, int], reason: str) -> Merged:
    about = ("client", choices.survivor)
    async with desk.change(actor, ACTION, about=about, reason=reason) as change:
        rows = await apply.locked(change, client, choices, seen)
        _check_status(rows, choices)
        [one] = choices.absorbed
        person = await _contact(change, rows[one], choices.survivor)
        await apply.remember(change, "contact", rows, choices)
        if "incidents" not in choices.without:
            for table in (incident, message):
                theirs = and_(table.c.client_id == one, table.c.contact_id.is_(None))
                await change.update_where(table, theirs, {"contact_id": person})
        own = and_(identity.c.client_id == one, identity.c.contact_id.is_(None))
        await change.update_where(identity, own, {"contact_id": person})
        await apply.move_all(change, OF_CLIENT, choices, rows[choices.survivor].organization_id)
        await moving.end_portal(change, choices.ids)
        await apply.absorb(change, client, choices)
        await waiting.go_on(change, rows, choices, rows[choices.survivor].status)
        change.entry.detail = rows[one].name or str(one)
    name = rows[choices.survivor].name
    return Merged(change.entry_id, choices.survivor, name, choices.absorbed, change.rows)


def _check(choices: Choices) -> None:
    sides.check(choices)
    if len(choices.absorbed) > 1:
        raise Refused("One client at a time becomes a contact. Name two clients.")
    if choices.keep:
        raise Refused(
            "A contact keeps what is theirs, so there is nothing to choose. Leave out what to keep."
        )


def _check_status(rows: Mapping[int, Row[Any]], choices: Choices) -> None:
    """A contact has no status of their own, so a ban (or the like) would end unsaid."""
    if fields.undecided(rows, choices):
        [one] = [rows[each] for each in choices.absorbed]
        first = rows[choices.survivor]
        raise Refused(
            f"{one.name or one.id} is {one.status} and {first.name or first.id} is {first.status}; a contact has no"
            " status of their own. Give both the same status first."
        )


async def _contact(change: Change, row: Row[Any], survivor: int) -> int:
    """The contact that a client becomes; the primary one where the survivor has none and they bring none."""
    having = and_(
        contact.c.client_id.in_((survivor, row.id)), contact.c.is_primary, contact.c.deleted_at.is_(None)
    )
    primary = (await change.connection.execute(select(contact.c.id).where(having).limit(1))).scalar()
    return await change.insert(
        contact,
        client_id=survivor,
        name=row.name,
        street=row.street,
        city=row.city,
        postcode=row.postcode,
        country=row.country,
        access="limited",
        is_primary=primary is None,
        was_client_id=row.id,
        channel=await _channel(change.connection, row.id),
    )


async def _channel(connection: AsyncConnection, client_id: int) -> str:
    """How a client was last heard of: the channel of their newest incident, else the kind of their first identity."""
    newest = select(func.max(incident.c.id)).where(incident.c.client_id == client_id).scalar_subquery()
    query = select(incident.c.channel).where(incident.c.id == newest)
    if (found := (await connection.execute(query)).scalar()) is not None:
        return str(found)
    first = (
        select(identity.c.type)
        .where(identity.c.client_id == client_id)
        .order_by(identity.c.position)
        .limit(1)
    )
    kind = (await connection.execute(first)).scalar() or ""
    return "call" if kind == "phone" else kind
