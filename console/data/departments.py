"""Departments, who may submit to them, and the SLA targets that hold for a client."""

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.change import Change
from console.data.errors import NotFound
from console.data.models.clients import client, department_access
from console.data.models.departments import department, sla_target
from console.data.models.organizations import organization_access
from console.data.models.words import INCIDENT_KINDS, PRIORITIES
from console.data.records import DepartmentAccess, SlaTarget


async def access(connection: AsyncConnection, client_id: int) -> list[DepartmentAccess]:
    """Every active department and whether a client may submit to it: own switch, else organization's, else open."""
    member = select(client.c.organization_id).where(client.c.id == client_id).scalar_subquery()
    query = (
        select(
            department.c.id,
            department.c.name,
            department.c.open_to_all,
            department_access.c.allowed.label("own"),
            organization_access.c.allowed.label("theirs"),
        )
        .outerjoin(
            department_access,
            and_(
                department_access.c.department_id == department.c.id,
                department_access.c.client_id == client_id,
            ),
        )
        .outerjoin(
            organization_access,
            and_(
                organization_access.c.department_id == department.c.id,
                organization_access.c.organization_id == member,
            ),
        )
        .where(department.c.active)
        .order_by(department.c.name)
    )
    found = []
    for row in await connection.execute(query):
        if row.own is not None:
            allowed, source = bool(row.own), "client"
        elif row.theirs is not None:
            allowed, source = bool(row.theirs), "organization"
        else:
            allowed, source = bool(row.open_to_all), "department"
        found.append(DepartmentAccess(row.id, row.name, allowed, source))
    return found


async def name(connection: AsyncConnection, department_id: int) -> str:
    """A department's name; NotFound if there is none."""
    query = select(department.c.name).where(department.c.id == department_id)
    found = (await connection.execute(query)).scalar()
    if found is None:
        raise NotFound("There is no such department.")
    return str(found)


async def set_access(change: Change, client_id: int, department_id: int, *, allowed: bool) -> None:
    """Switch a client's own access to a department, whatever their organization has."""
    mine = and_(
        department_access.c.client_id == client_id, department_access.c.department_id == department_id
    )
    known = (await change.connection.execute(select(department_access.c.id).where(mine))).scalar()
    if known is None:
        await change.insert(
            department_access, client_id=client_id, department_id=department_id, allowed=allowed
        )
    else:
        await change.update(department_access, known, allowed=allowed)


async def targets(connection: AsyncConnection, client_id: int) -> list[SlaTarget]:
    """The target that holds for each kind and priority of a client's incidents, and whose it is.

    Precedence: client, organization, then the installation's default; a department's own comes between and
    depends on the incident, so it is not shown here.
    """
    member = select(client.c.organization_id).where(client.c.id == client_id).scalar_subquery()
    default = and_(
        sla_target.c.client_id.is_(None),
        sla_target.c.organization_id.is_(None),
        sla_target.c.department_id.is_(None),
    )
    mine = or_(sla_target.c.client_id == client_id, sla_target.c.organization_id == member, default)
    best: dict[tuple[str, str], SlaTarget] = {}
    rank = ("client", "organization", "default")
    for row in await connection.execute(select(sla_target).where(mine)):
        source = "client" if row.client_id else "organization" if row.organization_id else "default"
        found = SlaTarget(row.kind, row.priority, row.first_response_minutes, row.resolution_minutes, source)
        held = best.get((row.kind, row.priority))
        if held is None or rank.index(source) < rank.index(held.source):
            best[row.kind, row.priority] = found
    return [
        best.get((kind, priority), SlaTarget(kind, priority, None, None, "none"))
        for kind in INCIDENT_KINDS
        for priority in reversed(PRIORITIES)
    ]
