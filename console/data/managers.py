"""Managers: clients who see, and by a separate grant answer, the incidents of everybody in their organization."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.change import Change
from console.data.errors import Refused
from console.data.models.clients import client
from console.data.models.incidents import incident
from console.data.models.organizations import organization, organization_manager


@dataclass(frozen=True, slots=True)
class Sight:
    """What a manager sees beyond their own: the organization, its other clients, and their incidents."""

    organization: str
    colleagues: int
    incidents: int


async def grant(change: Change, client_id: int, *, may_reply: bool) -> Sight:
    """Let a client see (and answer, if ``may_reply``) what colleagues submit. Refused without an organization."""
    owner, name = await _organization(change.connection, client_id)
    mine = and_(
        organization_manager.c.client_id == client_id, organization_manager.c.organization_id == owner
    )
    known = (await change.connection.execute(select(organization_manager.c.id).where(mine))).scalar()
    if known is None:
        await change.insert(
            organization_manager, organization_id=owner, client_id=client_id, may_reply=may_reply
        )
    else:
        await change.update(organization_manager, known, may_reply=may_reply)
    return await sight(change.connection, client_id, owner, name)


async def revoke(change: Change, client_id: int) -> Sight:
    """Take both grants away. Refused if they manage nothing."""
    owner, name = await _organization(change.connection, client_id)
    lost = await sight(change.connection, client_id, owner, name)
    mine = organization_manager.c.client_id == client_id
    if not await change.delete_where(organization_manager, mine):
        raise Refused(f"They do not manage {name}, so there is nothing to take away.")
    return lost


async def moved(change: Change, ids: Sequence[int], organization_id: int | None) -> None:
    """Clients belong to this organization now: they no longer manage any other."""
    grants = organization_manager.c
    others = grants.organization_id.is_distinct_from(organization_id)
    await change.delete_where(organization_manager, and_(grants.client_id.in_(ids), others))


async def sight(connection: AsyncConnection, client_id: int, owner: int, name: str) -> Sight:
    """What a manager of the organization sees beyond their own."""
    others = and_(client.c.organization_id == owner, client.c.id != client_id, client.c.deleted_at.is_(None))
    people = (await connection.execute(select(func.count()).select_from(client).where(others))).scalar_one()
    theirs = (
        select(func.count())
        .select_from(incident.join(client, client.c.id == incident.c.client_id))
        .where(others)
    )
    return Sight(name, int(people), int((await connection.execute(theirs)).scalar_one()))


async def _organization(connection: AsyncConnection, client_id: int) -> tuple[int, str]:
    query = (
        select(organization.c.id, organization.c.name)
        .join(client, client.c.organization_id == organization.c.id)
        .where(client.c.id == client_id)
    )
    found = (await connection.execute(query)).first()
    if found is None:
        raise Refused("They belong to no organization. Set one first (l).")
    return found.id, found.name
