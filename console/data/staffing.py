"""The people who work here, as admins manage them: added, changed, deactivated and brought back."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, func, literal, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import edits, paging, plain
from console.data.change import Change
from console.data.drafts import Draft, Rule, time_zone
from console.data.edits import Value, Values
from console.data.errors import Invalid, NotFound, Refused
from console.data.models.departments import department
from console.data.models.incidents import OPEN, incident
from console.data.models.staff import staff, staff_department
from console.data.models.words import ROLES
from console.data.records import Anchor, Page, Sort, StaffMember

MAX_LOGIN = 64
COUNTED = 100

SORTS: dict[str, ColumnElement[Any]] = {"login": staff.c.login, "name": staff.c.name, "role": staff.c.role}


def _login(given: str) -> str:
    login = plain.plain("login", given, MAX_LOGIN)
    if not login or any(character.isspace() for character in login):
        raise Invalid("login", "A login is one word, the name the person has on this machine.")
    return login


def _departments(given: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.strip() for one in given if one.strip()))


STAFF_RULES: dict[str, Rule] = {
    "login": _login,
    "name": plain.name("name"),
    "role": plain.choice("role", ROLES),
    "email": plain.email,
    "time_zone": time_zone,
    "departments": _departments,
}


class StaffDraft(Draft):
    """A member of staff; ``departments`` are the names of those they serve."""

    RULES = STAFF_RULES

    login: str
    name: str
    role: str = "agent"
    email: str = ""
    time_zone: str = ""
    departments: tuple[str, ...] = ()


# Reading


async def page(
    connection: AsyncConnection,
    text: str = "",
    sort: Sort | None = None,
    *,
    at: paging.At = paging.FIRST,
    limit: int = 100,
) -> Page[StaffMember]:
    """A page of all staff, those deactivated too; ``text`` is looked for in logins, names and addresses."""
    order = paging.order_of(SORTS, staff.c.id, sort or Sort("login"))
    query = select(staff, order.column.label("sorted_by")).where(*matching(text))
    found = await paging.page(connection, query, order, lambda row: row, at=at, limit=limit)
    served = await _served(connection, [row.id for row in found.rows])
    rows = tuple(_member(row, served.get(row.id, ())) for row in found.rows)
    return Page(rows, found.has_before, found.has_after)


def matching(text: str) -> list[ColumnElement[bool]]:
    """The condition of a typed filter."""
    wanted = text.strip().lower()
    if not wanted:
        return []
    columns = (staff.c.login, staff.c.name, staff.c.email)
    return [or_(*(func.lower(column).contains(wanted, autoescape=True) for column in columns))]


async def count(connection: AsyncConnection, text: str) -> int:
    """How many match a typed filter."""
    query = select(func.count()).select_from(staff).where(*matching(text))
    return int((await connection.execute(query)).scalar_one())


async def load(connection: AsyncConnection, staff_id: int) -> StaffMember:
    """One member of staff; NotFound if there is none."""
    query = select(staff, staff.c.login.label("sorted_by")).where(staff.c.id == staff_id)
    row = (await connection.execute(query)).first()
    if row is None:
        raise NotFound("There is no such member of staff.")
    return _member(row, (await _served(connection, [staff_id])).get(staff_id, ()))


async def find(connection: AsyncConnection, given: str) -> int:
    """The id of the member of staff with this login or id; NotFound if there is none."""
    wanted = given.strip()
    query = select(staff.c.id).where(staff.c.login == wanted)
    found = (await connection.execute(query)).scalar()
    if found is None and wanted.isdecimal() and len(wanted) < 19:
        found = (await connection.execute(select(staff.c.id).where(staff.c.id == int(wanted)))).scalar()
    if found is None:
        raise NotFound(f"There is no member of staff with the login {wanted!r}. See: helpdesk staff list")
    return int(found)


async def owned(connection: AsyncConnection, staff_id: int) -> int:
    """How many open incidents are theirs, counted up to 100."""
    mine = select(literal(1)).where(incident.c.owner_id == staff_id, text(OPEN)).limit(COUNTED).subquery()
    return int((await connection.execute(select(func.count()).select_from(mine))).scalar_one())


async def values(connection: AsyncConnection, staff_id: int) -> dict[str, Value]:
    """What can be changed of them, as forms have it."""
    found = await load(connection, staff_id)
    return {name: getattr(found, name) for name in STAFF_RULES if name != "login"}


async def _served(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    query = (
        select(staff_department.c.staff_id, department.c.name)
        .join(department, department.c.id == staff_department.c.department_id)
        .where(staff_department.c.staff_id.in_(ids))
        .order_by(department.c.name)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for staff_id, name in await connection.execute(query):
        found[staff_id].append(name)
    return {staff_id: tuple(names) for staff_id, names in found.items()}


def _member(row: Row[Any], served: tuple[str, ...]) -> StaffMember:
    return StaffMember(
        row.id,
        row.login,
        row.name,
        row.email,
        row.role,
        row.active,
        row.time_zone,
        served,
        row.version,
        Anchor(row.sorted_by, row.id),
    )


# Writing


async def add(change: Change, draft: StaffDraft) -> int:
    """Add a member of staff; returns their id."""
    plain.only_admins(change.actor, "adds staff")
    if (await change.connection.execute(select(staff.c.id).where(staff.c.login == draft.login))).first():
        raise Refused(f"There is a member of staff with the login {draft.login} already.")
    columns = draft.model_dump(exclude={"departments"})
    staff_id = await change.insert(staff, **columns)
    change.entry.object_type, change.entry.object_id = "staff", staff_id
    await _serve(change, staff_id, draft.departments)
    return staff_id


async def edit(change: Change, staff_id: int, given: Values, base: Values | None = None) -> dict[str, Value]:
    """Change what is given of them; returns the fields that were changed, with what they are now.

    ``base`` is what the editor saw: EditConflict where a colleague has changed the same since.
    """
    plain.only_admins(change.actor, "changes staff")
    await change.dialect.lock(change.connection, staff, staff.c.id == staff_id)
    now = await values(change.connection, staff_id)
    wanted = edits.wanted(_checked(given), base, now)
    columns: dict[str, Any] = {name: value for name, value in wanted.items() if name != "departments"}
    if columns:
        await change.update(staff, staff_id, **columns)
    if "departments" in wanted:
        await _serve(change, staff_id, wanted["departments"])
    return wanted


async def deactivate(change: Change, staff_id: int) -> None:
    """Take their login away; what they did, and what is theirs, stays. Nobody does it to themselves."""
    plain.only_admins(change.actor, "deactivates staff")
    if staff_id == change.actor.staff_id:
        raise Refused("You cannot deactivate yourself. Ask another admin to do it.")
    await change.update(staff, staff_id, active=False)


async def activate(change: Change, staff_id: int) -> None:
    """Let them log in again, with the role they had."""
    plain.only_admins(change.actor, "activates staff")
    await change.update(staff, staff_id, active=True)


def _checked(given: Values) -> dict[str, Value]:
    if "login" in given:
        raise Invalid("login", "A login stays as it is. Add them anew with the other login.")
    return {name: STAFF_RULES[name](value) for name, value in given.items()}


async def _serve(change: Change, staff_id: int, names: Sequence[str]) -> None:
    """Make these the departments they serve."""
    mine = staff_department.c.staff_id == staff_id
    serving = select(staff_department.c.department_id).where(mine)
    has = set((await change.connection.execute(serving)).scalars())
    query = select(department.c.name, department.c.id).where(
        or_(department.c.active, department.c.id.in_(has))
    )
    known = {row.name.casefold(): row.id for row in await change.connection.execute(query)}
    wanted = {_department(known, name) for name in names}
    if gone := has - wanted:
        await change.delete_where(staff_department, mine & staff_department.c.department_id.in_(gone))
    new = [{"staff_id": staff_id, "department_id": one} for one in sorted(wanted - has)]
    await change.insert_many(staff_department, new)


def _department(known: Mapping[str, int], name: str) -> int:
    if (found := known.get(name.casefold())) is None:
        raise Invalid(
            "departments", f"There is no active department {name[:40]!r}. See: helpdesk departments list"
        )
    return found
