"""Departments, who may submit to them, and the SLA targets that hold for a client."""

from collections.abc import Sequence

from sqlalchemy import and_, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.change import Change
from console.data.errors import NotFound, Refused
from console.data.models.base import BIGINT
from console.data.models.clients import client, department_access
from console.data.models.departments import department, sla_target
from console.data.models.organizations import organization_access
from console.data.models.words import INCIDENT_KINDS, PRIORITIES
from console.data.records import DepartmentAccess, SlaTarget


async def access(connection: AsyncConnection, client_id: int | None) -> list[DepartmentAccess]:
    """Every active department and whether a client may submit to it: own switch, else organization's, else open.

    Without a client: whether somebody who is none may.
    """
    whose = literal(client_id, BIGINT)
    member = select(client.c.organization_id).where(client.c.id == whose).scalar_subquery()
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
                department_access.c.client_id == whose,
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


async def addressed(
    connection: AsyncConnection, client_id: int | None, wanted: int | None, preferred: str
) -> DepartmentAccess:
    """The department a submission goes to: the one it names, else the one ``preferred`` by name, else the first.

    One that the client may not submit to is taken only where it is named, or where there is no other. Refused where
    there is no department.
    """
    known = await access(connection, client_id)
    if wanted is not None:
        named = [one for one in known if one.department_id == wanted]
        if not named:
            raise NotFound("There is no such department, or it is no longer in use.")
        return named[0]
    if not known:
        raise Refused("There is no department that an incident could go to. An admin adds one first.")
    known.sort(key=lambda one: (not one.allowed, one.department != preferred, one.department_id))
    return known[0]


async def names(connection: AsyncConnection) -> tuple[str, ...]:
    """The names of the active departments, in order."""
    query = select(department.c.name).where(department.c.active).order_by(department.c.name)
    return tuple((await connection.execute(query)).scalars())


async def find(connection: AsyncConnection, given: str) -> tuple[int, str]:
    """The id and name of the active department a user named by name or id; NotFound if there is none."""
    wanted = given.strip()
    query = select(department.c.id, department.c.name).where(department.c.active)
    for row in await connection.execute(query.order_by(department.c.name)):
        if wanted.casefold() == row.name.casefold() or wanted == str(row.id):
            return row.id, row.name
    known = ", ".join(await names(connection)) or "none yet"
    raise NotFound(f"There is no department {wanted!r}. There is: {known}.")


async def set_access(change: Change, ids: Sequence[int], department_id: int, *, allowed: bool) -> None:
    """Switch clients' own access to a department, whatever their organizations have."""
    own = department_access.c
    mine = and_(own.client_id.in_(ids), own.department_id == department_id)
    known = set((await change.connection.execute(select(own.client_id).where(mine))).scalars())
    await change.update_where(department_access, mine, {"allowed": allowed})
    new = [one for one in ids if one not in known]
    rows = [{"client_id": one, "department_id": department_id, "allowed": allowed} for one in new]
    await change.insert_many(department_access, rows)


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
