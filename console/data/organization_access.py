"""The departments that the members of an organization may submit to, where they have no switch of their own."""

from dataclasses import dataclass

from sqlalchemy import and_, exists, func, not_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.change import Change
from console.data.models.clients import client, department_access
from console.data.models.departments import department
from console.data.models.organizations import organization_access
from console.data.records import DepartmentAccess
from console.data.views import listed


@dataclass(frozen=True, slots=True)
class Switched:
    """How many members may newly submit to the department, or no longer."""

    let_in: int = 0
    shut_out: int = 0


async def access(connection: AsyncConnection, organization_id: int) -> list[DepartmentAccess]:
    """Every active department and whether members may submit to it; ``source`` is organization or department."""
    theirs = organization_access.c
    joined = and_(theirs.department_id == department.c.id, theirs.organization_id == organization_id)
    query = (
        select(department.c.id, department.c.name, department.c.open_to_all, theirs.allowed)
        .outerjoin(organization_access, joined)
        .where(department.c.active)
        .order_by(department.c.name)
    )
    return [
        DepartmentAccess(row.id, row.name, bool(row.open_to_all), "department")
        if row.allowed is None
        else DepartmentAccess(row.id, row.name, bool(row.allowed), "organization")
        for row in await connection.execute(query)
    ]


async def switched(
    connection: AsyncConnection, organization_id: int, department_id: int, *, allowed: bool
) -> Switched:
    """Whom the default would let in or shut out: the members without a switch of their own, if it changes anything."""
    now = next(one for one in await access(connection, organization_id) if one.department_id == department_id)
    if now.allowed == allowed:
        return Switched()
    own = exists().where(
        department_access.c.client_id == client.c.id, department_access.c.department_id == department_id
    )
    query = (
        select(func.count())
        .select_from(client)
        .where(client.c.organization_id == organization_id, listed(), not_(own))
    )
    members = int((await connection.execute(query)).scalar_one())
    return Switched(let_in=members) if allowed else Switched(shut_out=members)


async def set_default(change: Change, organization_id: int, department_id: int, *, allowed: bool) -> Switched:
    """Switch the default; returns whom that lets in or shuts out."""
    found = await switched(change.connection, organization_id, department_id, allowed=allowed)
    theirs = organization_access.c
    mine = and_(theirs.organization_id == organization_id, theirs.department_id == department_id)
    known = (await change.connection.execute(select(theirs.id).where(mine))).scalar()
    if known is not None:
        await change.update(organization_access, known, allowed=allowed)
    else:
        await change.insert(
            organization_access, organization_id=organization_id, department_id=department_id, allowed=allowed
        )
    return found
