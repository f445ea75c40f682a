"""Who is acting now, and how a desk gets its first member of staff; ``staffing`` is how the others are managed."""

from sqlalchemy import Row, func, select

from console.data import departments_admin, staffing
from console.data.departments_admin import DepartmentDraft
from console.data.desk import Desk
from console.data.errors import Refused
from console.data.models.departments import department
from console.data.models.staff import staff
from console.data.paging import FIRST, At
from console.data.records import Actor, StaffMember
from console.places import login

system_login = login

_SYSTEM = Actor(None, "system", "the system", "admin", via="system")


async def actor(desk: Desk, login: str, *, via: str = "console") -> Actor:
    """The member of staff with this login, who acts; the first one in an empty desk becomes its admin.

    Raises Refused where the desk has staff and the login is not among them, or is no longer active.
    """
    found = await _by_login(desk, login)
    if found is None:
        if await _anybody(desk):
            raise Refused(
                f"You are {login}, and this desk has no member of staff by that login. "
                f"Ask an admin to run: helpdesk staff add {login}"
            )
        first = await first_admin(desk, login, login, via=via)
        await _first_department(desk)
        return first
    if not found.active:
        raise Refused(f"The login {login} is no longer active. Ask an admin.")
    return Actor(found.id, found.login, found.name, found.role, via=via)


async def first_admin(desk: Desk, login: str, name: str, *, via: str = "console") -> Actor:
    """Make the first admin of an empty desk; Refused if somebody else has become that a moment ago."""
    async with desk.change(_SYSTEM, "staff.add") as change:
        await change.dialect.alone(change.connection, "staff")
        if (await change.connection.execute(select(staff.c.id).limit(1))).first() is not None:
            raise Refused("This desk has its first admin already. Ask them to add you.")
        staff_id = await change.insert(staff, login=login, name=name, role="admin")
        change.entry.object_type, change.entry.object_id = "staff", staff_id
        change.entry.fixed = "The first admin cannot be undone."
    return Actor(staff_id, login, name, "admin", via=via)


async def _first_department(desk: Desk) -> None:
    """A new desk can be used at once: somebody must be there for what is submitted."""
    async with desk.change(_SYSTEM, "department.add") as change:
        if (await change.connection.execute(select(department.c.id).limit(1))).first() is None:
            await departments_admin.add(change, DepartmentDraft(name=departments_admin.DEFAULT))


async def members(desk: Desk) -> list[StaffMember]:
    """All staff, by login."""
    found: list[StaffMember] = []
    at, more = FIRST, True
    while more:
        async with desk.read() as connection:
            page = await staffing.page(connection, at=at)
        found += page.rows
        more = page.has_after
        at = At(after=page.rows[-1].anchor) if page.rows else FIRST
    return found


async def _by_login(desk: Desk, login: str) -> "Row[tuple[object, ...]] | None":
    async with desk.read() as connection:
        return (await connection.execute(select(staff).where(staff.c.login == login))).first()


async def _anybody(desk: Desk) -> bool:
    async with desk.read() as connection:
        return bool((await connection.execute(select(func.count()).select_from(staff))).scalar())
