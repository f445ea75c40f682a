"""Who sees whose incidents through an organization, and what moving clients would change about it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.impact import chunks
from console.data.models.clients import client
from console.data.models.incidents import incident
from console.data.models.organizations import organization, organization_manager
from console.data.normalize import fold


@dataclass(frozen=True, slots=True)
class Shown:
    """The incidents of some clients that the managers of an organization see: how many, and who the managers are."""

    organization: str
    managers: tuple[str, ...]
    incidents: int


async def lost(connection: AsyncConnection, ids: Sequence[int], new_owner: int | None) -> list[Shown]:
    """What managers no longer see once these clients belong to ``new_owner``; most incidents first."""
    counts: dict[int, int] = defaultdict(int)
    for chunk in chunks(ids):
        moving = client.c.organization_id.is_distinct_from(new_owner)
        query = (
            select(client.c.organization_id, func.count(incident.c.id))
            .outerjoin(incident, incident.c.client_id == client.c.id)
            .where(client.c.id.in_(chunk), client.c.organization_id.is_not(None), moving)
            .group_by(client.c.organization_id)
        )
        for owner, count in await connection.execute(query):
            counts[owner] += int(count)
    return await _shown(connection, counts)


async def gained(connection: AsyncConnection, ids: Sequence[int], new_owner: int) -> list[Shown]:
    """What the managers of ``new_owner`` newly see once these clients belong to it."""
    total = 0
    for chunk in chunks(ids):
        moving = client.c.organization_id.is_distinct_from(new_owner)
        query = (
            select(func.count(incident.c.id))
            .join(client, client.c.id == incident.c.client_id)
            .where(client.c.id.in_(chunk), moving)
        )
        total += int((await connection.execute(query)).scalar_one())
    return await _shown(connection, {new_owner: total})


async def grants_lost(connection: AsyncConnection, ids: Sequence[int], new_owner: int | None) -> int:
    """How many of these clients manage an organization that they leave."""
    total = 0
    for chunk in chunks(ids):
        grants = organization_manager.c
        leaving = and_(grants.client_id.in_(chunk), grants.organization_id.is_distinct_from(new_owner))
        query = select(func.count(grants.client_id.distinct())).where(leaving)
        total += int((await connection.execute(query)).scalar_one())
    return total


async def organization_named(connection: AsyncConnection, name: str) -> tuple[int, str] | None:
    """The live organization of this name, as setting it would find it; None where it would be made."""
    query = (
        select(organization.c.id, organization.c.name)
        .where(_live(), organization.c.sort_name == fold(name))
        .order_by(organization.c.id)
        .limit(1)
    )
    found = (await connection.execute(query)).first()
    return None if found is None else (found.id, found.name)


async def organization_name(connection: AsyncConnection, organization_id: int) -> str:
    """An organization's name."""
    query = select(organization.c.name).where(organization.c.id == organization_id)
    return str((await connection.execute(query)).scalar_one())


async def grant(connection: AsyncConnection, client_id: int, organization_id: int) -> bool | None:
    """Whether a client manages the organization: True if they may answer, too, None if they do not manage it."""
    grants = organization_manager.c
    query = select(grants.may_reply).where(
        grants.client_id == client_id, grants.organization_id == organization_id
    )
    return (await connection.execute(query)).scalar()


def _live() -> ColumnElement[bool]:
    return and_(
        organization.c.deleted_at.is_(None),
        organization.c.archived_at.is_(None),
        organization.c.absorbed_into.is_(None),
    )


async def _shown(connection: AsyncConnection, counts: dict[int, int]) -> list[Shown]:
    """Those organizations of ``counts`` (incidents by id) that have managers at all."""
    names: dict[int, str] = {}
    people: dict[int, list[str]] = defaultdict(list)
    for chunk in chunks(sorted(counts)):
        query = (
            select(organization.c.id, organization.c.name, client.c.name.label("manager"))
            .join(organization_manager, organization_manager.c.organization_id == organization.c.id)
            .join(client, client.c.id == organization_manager.c.client_id)
            .where(organization.c.id.in_(chunk))
            .order_by(client.c.sort_name)
        )
        for row in await connection.execute(query):
            names[row.id] = row.name
            people[row.id].append(row.manager)
    found = [Shown(name, tuple(people[one]), counts[one]) for one, name in names.items()]
    return sorted(found, key=lambda shown: (-shown.incidents, shown.organization))


async def incidents_of(connection: AsyncConnection, client_id: int, *, contact_id: int | None = None) -> int:
    """How many incidents a client has; with a contact, those that the contact opened."""
    mine = incident.c.client_id == client_id
    if contact_id is not None:
        mine = and_(mine, incident.c.contact_id == contact_id)
    found = await connection.execute(select(func.count()).select_from(incident).where(mine))
    return int(found.scalar_one())
