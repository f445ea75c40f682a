"""The people who work in the console, and who is acting now."""

import os
import pwd

from sqlalchemy import Row, func, select

from console.data.desk import Desk
from console.data.errors import Invalid, NotFound, Refused
from console.data.models.staff import staff
from console.data.models.words import ROLES
from console.data.records import Actor, StaffMember

_SYSTEM = Actor(None, "system", "the system", "admin", via="system")


def system_login() -> str:
    """The operating-system user's name: who acts, unless a key over SSH says otherwise.

    Asked of the system, not of the environment, which anybody can set.
    """
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid{os.getuid()}"  # a container may run a user that has no name


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
        return await first_admin(desk, login, login, via=via)
    if not found.active:
        raise Refused(f"The login {login} is no longer active. Ask an admin.")
    return Actor(found.id, found.login, found.name, found.role, via=via)


async def first_admin(desk: Desk, login: str, name: str, *, via: str = "console") -> Actor:
    """Make the first admin of an empty desk."""
    async with desk.change(_SYSTEM, "staff.add") as change:
        staff_id = await change.insert(staff, login=login, name=name, role="admin")
        change.entry.object_type, change.entry.object_id = "staff", staff_id
        change.entry.fixed = "The first admin cannot be undone."
    return Actor(staff_id, login, name, "admin", via=via)


async def add(desk: Desk, who: Actor, login: str, name: str, role: str, email: str = "") -> int:
    """Add a member of staff; returns their id."""
    if who.role != "admin":
        raise Refused("Only an admin adds staff.")
    if role not in ROLES:
        raise Invalid("role", f"{role!r} is not a role. Use one of {', '.join(ROLES)}.")
    if not login or any(char.isspace() for char in login):
        raise Invalid("login", "A login is one word, the name the person has on this machine.")
    if await _by_login(desk, login) is not None:
        raise Refused(f"There is a member of staff with the login {login} already.")
    async with desk.change(who, "staff.add") as change:
        staff_id = await change.insert(staff, login=login, name=name or login, role=role, email=email)
        change.entry.object_type, change.entry.object_id = "staff", staff_id
    return staff_id


async def members(desk: Desk) -> list[StaffMember]:
    """All staff, by login."""
    async with desk.read() as connection:
        rows = await connection.execute(select(staff).order_by(staff.c.login))
        return [StaffMember(r.id, r.login, r.name, r.email, r.role, r.active) for r in rows]


async def name_of(desk: Desk, staff_id: int) -> str:
    """A staff member's name; NotFound if there is none."""
    async with desk.read() as connection:
        found = (await connection.execute(select(staff.c.name).where(staff.c.id == staff_id))).scalar()
    if found is None:
        raise NotFound("There is no such member of staff.")
    return str(found)


async def _by_login(desk: Desk, login: str) -> "Row[tuple[object, ...]] | None":
    async with desk.read() as connection:
        return (await connection.execute(select(staff).where(staff.c.login == login))).first()


async def _anybody(desk: Desk) -> bool:
    async with desk.read() as connection:
        return bool((await connection.execute(select(func.count()).select_from(staff))).scalar())
