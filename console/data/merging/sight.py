"""Who sees more, or less, once records are one: managers of organizations, and the survivor in the portal."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import sight
from console.data.models.clients import client
from console.data.models.contacts import contact
from console.data.models.incidents import incident
from console.data.models.organizations import organization_manager
from console.data.records.merging import SightChange


async def of_clients(
    connection: AsyncConnection,
    rows: Mapping[int, Row[Any]],
    ids: Sequence[int],
    owner: int | None,
    *,
    moves: bool,
) -> list[SightChange]:
    """What changes for others when clients are merged into the first, who is in the organization ``owner`` then.

    ``moves`` says that their incidents move. What nobody sees or loses is left out.
    """
    moving = list(ids[1:]) if moves else []
    if rows[ids[0]].organization_id != owner:
        moving = [ids[0], *moving]
    found: list[SightChange] = []
    if moving:
        if owner is not None:
            found += [_gains(shown) for shown in await sight.gained(connection, moving, owner)]
        found += [_loses(shown) for shown in await sight.lost(connection, moving, owner)]
    found += await _managing(connection, rows[ids[0]], ids, owner)
    if moves:
        found += await _themselves(connection, rows, ids)
    return [one for one in found if one.gains or one.loses]


async def _managing(
    connection: AsyncConnection, first: Row[Any], ids: Sequence[int], owner: int | None
) -> list[SightChange]:
    """What the survivor sees as a manager: by a grant of one they absorb, or no longer, of who leaves."""
    grants = organization_manager.c
    query = select(grants.client_id, grants.organization_id).where(grants.client_id.in_(ids))
    held = {(row[0], row[1]) for row in await connection.execute(query)}
    own = {organization_id for one, organization_id in held if one == first.id}
    newly = {organization_id for _, organization_id in held if organization_id == owner} - own
    found = []
    for organization_id in sorted(newly | {each for each in own if each != owner}):
        name, incidents = await _of_others(connection, organization_id, ids)
        gains, loses = (incidents, 0) if organization_id in newly else (0, incidents)
        found.append(SightChange(first.name, gains, loses, f"manager of {name}"))
    return found


async def _of_others(connection: AsyncConnection, owner: int, ids: Sequence[int]) -> tuple[str, int]:
    """An organization's name, and how many incidents its other clients have."""
    theirs = (
        select(func.count(incident.c.id))
        .join(client, client.c.id == incident.c.client_id)
        .where(client.c.organization_id == owner, client.c.id.not_in(ids), client.c.deleted_at.is_(None))
    )
    count = int((await connection.execute(theirs)).scalar_one())
    return await sight.organization_name(connection, owner), count


async def of_organizations(connection: AsyncConnection, ids: Sequence[int]) -> list[SightChange]:
    """What managers newly see when organizations are merged: the incidents of each other's clients."""
    counts = await _incidents(connection, ids)
    total = sum(counts.values())
    query = (
        select(organization_manager.c.organization_id, client.c.name)
        .join(client, client.c.id == organization_manager.c.client_id)
        .where(organization_manager.c.organization_id.in_(ids))
        .order_by(client.c.sort_name)
    )
    found = [
        SightChange(name, total - counts.get(owner, 0), 0, "manager")
        for owner, name in await connection.execute(query)
    ]
    return [one for one in found if one.gains]


def _gains(shown: sight.Shown) -> SightChange:
    return SightChange(", ".join(shown.managers), shown.incidents, 0, f"manager of {shown.organization}")


def _loses(shown: sight.Shown) -> SightChange:
    return SightChange(", ".join(shown.managers), 0, shown.incidents, f"manager of {shown.organization}")


async def _themselves(
    connection: AsyncConnection, rows: Mapping[int, Row[Any]], ids: Sequence[int]
) -> list[SightChange]:
    """The survivor in the portal, and contacts who see all of a client's incidents."""
    query = (
        select(incident.c.client_id, func.count())
        .where(incident.c.client_id.in_(ids))
        .group_by(incident.c.client_id)
    )
    counts: dict[int, int] = {owner: int(number) for owner, number in await connection.execute(query)}
    total = sum(counts.values())
    first = ids[0]
    found = []
    if rows[first].portal != "off":
        found.append(
            SightChange(rows[first].name, total - counts.get(first, 0), 0, "in the portal, if it is on")
        )
    sees_all = (
        select(contact.c.name, contact.c.client_id)
        .where(contact.c.client_id.in_(ids), contact.c.deleted_at.is_(None), contact.c.access == "complete")
        .order_by(contact.c.name)
        .limit(20)
    )
    for name, owner in await connection.execute(sees_all):
        found.append(SightChange(name, total - counts.get(owner, 0), 0, "contact who sees all"))
    return found


async def _incidents(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, int]:
    query = (
        select(client.c.organization_id, func.count(incident.c.id))
        .join(incident, incident.c.client_id == client.c.id)
        .where(client.c.organization_id.in_(ids), client.c.deleted_at.is_(None))
        .group_by(client.c.organization_id)
    )
    return {owner: int(number) for owner, number in await connection.execute(query)}
