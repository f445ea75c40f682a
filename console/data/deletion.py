"""Deleting a client, the first of two steps: out of the lists and restorable, until the day of the purge.

Nothing is written for each incident: what belongs to a deleted client stays as it is, and out of sight with them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import settings
from console.data.change import Change
from console.data.errors import Refused
from console.data.freed import freed
from console.data.models.base import from_milliseconds
from console.data.models.clients import client, identity
from console.data.models.mail import portal_session, portal_token
from console.data.models.organizations import organization, organization_manager

BEGUN = from_milliseconds(0)
"""What ``client.purge_at`` is from the beginning of a purge to its end: it is due, and there is no way back."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a restored client did not get back, for somebody else has it now: an address or a username, and who."""

    what: str
    holder: str


async def delete_clients(change: Change, ids: Sequence[int]) -> datetime:
    """Delete clients; returns when they are purged.

    Their addresses and usernames are free for others, what they managed they manage no longer, and their sessions
    and links to the portal end. Favourite marks stay.
    """
    days = (await settings.load(change.connection)).deleted_keep_days
    until = change.at + timedelta(days=days)
    mine = and_(client.c.id.in_(ids), client.c.deleted_at.is_(None))
    await change.update_where(client, mine, {"deleted_at": change.at, "purge_at": until})
    held = and_(identity.c.client_id.in_(ids), identity.c.live)
    await change.update_where(identity, held, {"live": False})
    await change.delete_where(organization_manager, organization_manager.c.client_id.in_(ids))
    for table in (portal_session, portal_token):
        await change.connection.execute(delete(table).where(table.c.client_id.in_(ids)))
    return until


async def restore(change: Change, ids: Sequence[int]) -> list[Kept]:
    """Bring deleted clients back with their addresses and usernames; returns those that somebody else has by now.

    What they managed is not given back: it shows them what others wrote, and is granted anew. Nor is an organization
    that was deleted meanwhile (see ``lost_organizations``). Refused for a client whose purge has begun.
    """
    await _check_not_begun(change.connection, ids)
    kept = await _taken(change.connection, ids)
    back = and_(identity.c.client_id.in_(ids), freed(), ~_held_by_another(ids))
    await change.update_where(identity, back, {"live": True})
    mine = and_(client.c.id.in_(ids), client.c.deleted_at.is_not(None))
    await change.update_where(client, and_(mine, _username_taken(ids)), {"username": None})
    nowhere = {"organization_id": None, "organization_by": "none"}
    await change.update_where(client, and_(mine, _organization_gone()), nowhere)
    await change.update_where(client, mine, {"deleted_at": None, "purge_at": None})
    return kept


async def lost_organizations(connection: AsyncConnection, ids: Sequence[int]) -> list[str]:
    """The names of organizations (five at most) that deleted clients were in and that are deleted, too, by now."""
    query = (
        select(organization.c.name)
        .select_from(client.join(organization, organization.c.id == client.c.organization_id))
        .where(client.c.id.in_(ids), client.c.deleted_at.is_not(None), _organization_gone())
        .distinct()
        .limit(5)
    )
    return list((await connection.execute(query)).scalars())


def _organization_gone() -> ColumnElement[bool]:
    gone = organization.alias()
    state = or_(gone.c.deleted_at.is_not(None), gone.c.absorbed_into.is_not(None))
    return exists().where(gone.c.id == client.c.organization_id, state).correlate(client)


async def _check_not_begun(connection: AsyncConnection, ids: Sequence[int]) -> None:
    begun = select(client.c.name).where(client.c.id.in_(ids), client.c.purge_at == BEGUN).limit(1)
    if (found := (await connection.execute(begun)).first()) is not None:
        raise Refused(f"{found.name or 'This client'} is being purged and cannot be restored any more.")


def _held_by_another(ids: Sequence[int]) -> ColumnElement[bool]:
    """Whether a live record has the identity by now, or one restored at the same time goes before."""
    other = identity.alias()
    same = and_(other.c.type == identity.c.type, other.c.normalized == identity.c.normalized)
    before = and_(other.c.client_id.in_(ids), other.c.id < identity.c.id, freed(other))
    taken = exists().where(same, other.c.id != identity.c.id, or_(other.c.live, before))
    return and_(identity.c.type != "phone", taken.correlate(identity))


def _username_taken(ids: Sequence[int]) -> ColumnElement[bool]:
    """The same for a client's username."""
    other = client.alias()
    before = and_(other.c.id.in_(ids), other.c.id < client.c.id)
    listed = and_(other.c.deleted_at.is_(None), other.c.absorbed_into.is_(None))
    return (
        exists()
        .where(other.c.username == client.c.username, other.c.id != client.c.id, or_(listed, before))
        .correlate(client)
    )


async def _taken(connection: AsyncConnection, ids: Sequence[int]) -> list[Kept]:
    """The first of what the clients do not get back, and who has it."""
    holder, other = client.alias(), identity.alias()
    same = and_(other.c.type == identity.c.type, other.c.normalized == identity.c.normalized)
    addresses = (
        select(identity.c.raw, holder.c.name)
        .select_from(
            identity.join(other, and_(same, other.c.live)).join(holder, holder.c.id == other.c.client_id)
        )
        .where(identity.c.client_id.in_(ids), identity.c.type != "phone", freed())
        .order_by(identity.c.id)
        .limit(5)
    )
    named = and_(
        holder.c.username == client.c.username,
        holder.c.deleted_at.is_(None),
        holder.c.absorbed_into.is_(None),
    )
    usernames = (
        select(client.c.username, holder.c.name)
        .select_from(client.join(holder, named))
        .where(client.c.id.in_(ids), client.c.deleted_at.is_not(None))
        .limit(5)
    )
    found = [*await connection.execute(addresses), *await connection.execute(usernames)]
    return [Kept(row[0], row[1]) for row in found]
