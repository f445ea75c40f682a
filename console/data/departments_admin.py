"""Departments as admins manage them: added, changed, closed and opened again, and what that means for clients."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, literal, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import edits, paging, plain, settings
from console.data.change import Change
from console.data.drafts import Draft, Rule
from console.data.edits import Value, Values
from console.data.errors import Invalid, NotFound
from console.data.models.clients import client, department_access
from console.data.models.departments import department, schedule
from console.data.models.incidents import OPEN, incident
from console.data.models.organizations import organization_access
from console.data.models.staff import staff, staff_department
from console.data.models.words import BILLING
from console.data.normalize import fold
from console.data.records import Anchor, Department, Page, Sort

MAX_NAME = 60
OPEN_SHOWN = 100
COUNTED = 10_000
NO_HOURS = "none"
"""In place of the name of business hours: its clocks never stop."""
DEFAULT = "Support"
"""The department that a new desk begins with."""

SORTS: dict[str, ColumnElement[Any]] = {"name": department.c.name, "billing": department.c.billing}

DEPARTMENT_RULES: dict[str, Rule] = {
    "name": plain.name("name", MAX_NAME),
    "email": plain.email,
    "open_to_all": plain.switch("open_to_all"),
    "billing": plain.choice("billing", BILLING),
    "credit_required": plain.switch("credit_required"),
    "schedule": lambda given: plain.plain("schedule", given) or NO_HOURS,
}


class DepartmentDraft(Draft):
    """A department; ``schedule`` is the name of its business hours, or ``NO_HOURS``."""

    RULES = DEPARTMENT_RULES

    name: str
    email: str = ""
    open_to_all: bool = True
    billing: str = "none"
    credit_required: bool = False
    schedule: str = NO_HOURS


# Reading


async def page(
    connection: AsyncConnection,
    text: str = "",
    sort: Sort | None = None,
    *,
    at: paging.At = paging.FIRST,
    limit: int = 100,
) -> Page[Department]:
    """A page of all departments, those not active too; ``text`` is looked for in names and addresses."""
    order = paging.order_of(SORTS, department.c.id, sort or Sort())
    query = _rows(order.column).where(*matching(text))
    return await paging.page(connection, query, order, _department, at=at, limit=limit)


def matching(text: str) -> list[ColumnElement[bool]]:
    """The condition of a typed filter."""
    wanted = text.strip().lower()
    if not wanted:
        return []
    columns = (department.c.name, department.c.email)
    return [or_(*(func.lower(column).contains(wanted, autoescape=True) for column in columns))]


async def count(connection: AsyncConnection, text: str) -> int:
    """How many match a typed filter."""
    query = select(func.count()).select_from(department).where(*matching(text))
    return int((await connection.execute(query)).scalar_one())


async def load(connection: AsyncConnection, department_id: int) -> Department:
    """One department; NotFound if there is none."""
    row = (await connection.execute(_rows(department.c.name).where(department.c.id == department_id))).first()
    if row is None:
        raise NotFound("There is no such department.")
    return _department(row)


async def find(connection: AsyncConnection, given: str) -> int:
    """The id of the department with this name or id, active or not; NotFound if there is none."""
    wanted = given.strip()
    if (found := await _by_name(connection, wanted)) is not None:
        return found[0]
    if wanted.isdecimal() and len(wanted) < 19:
        query = select(department.c.id).where(department.c.id == int(wanted))
        if (found := (await connection.execute(query)).scalar()) is not None:
            return int(found)
    raise NotFound(f"There is no department {wanted[:60]!r}. See: helpdesk departments list")


async def schedules(connection: AsyncConnection) -> tuple[str, ...]:
    """The names of the business hours there are."""
    return tuple((await connection.execute(select(schedule.c.name).order_by(schedule.c.name))).scalars())


async def values(connection: AsyncConnection, department_id: int) -> dict[str, Value]:
    """What can be changed of it, as forms have it: yes and no as words."""
    found = await load(connection, department_id)
    known: dict[str, Value] = {name: worded(getattr(found, name)) for name in DEPARTMENT_RULES}
    return known | {"schedule": found.schedule or NO_HOURS}


def worded(value: bool | str) -> str:
    """A value as it is written in a form."""
    return value if isinstance(value, str) else "yes" if value else "no"


async def swayed(connection: AsyncConnection, department_id: int, limit: int = COUNTED) -> int:
    """How many clients may submit to it only because it is open to all; ``limit`` + 1 if there are more."""
    own = exists().where(
        department_access.c.client_id == client.c.id, department_access.c.department_id == department_id
    )
    theirs = exists().where(
        organization_access.c.organization_id == client.c.organization_id,
        organization_access.c.department_id == department_id,
    )
    here = and_(client.c.deleted_at.is_(None), client.c.absorbed_into.is_(None))
    some = select(literal(1)).select_from(client).where(here, ~own, ~theirs).limit(limit + 1).subquery()
    return int((await connection.execute(select(func.count()).select_from(some))).scalar_one())


def _rows(order: ColumnElement[Any]) -> Any:
    """Departments with what hangs on them, counted by index for the rows of a page."""
    waiting = (
        select(literal(1))
        .where(incident.c.department_id == department.c.id, text(OPEN))
        .limit(OPEN_SHOWN)
        .correlate(department)
        .subquery()
    )
    serving = (
        select(func.count())
        .select_from(staff_department.join(staff, staff.c.id == staff_department.c.staff_id))
        .where(staff_department.c.department_id == department.c.id, staff.c.active)
        .scalar_subquery()
    )
    return select(
        department,
        func.coalesce(schedule.c.name, "").label("hours"),
        select(func.count()).select_from(waiting).scalar_subquery().label("waiting"),
        serving.label("serving"),
        order.label("sorted_by"),
    ).select_from(department.outerjoin(schedule, schedule.c.id == department.c.schedule_id))


def _department(row: Row[Any]) -> Department:
    return Department(
        row.id,
        row.name,
        row.email,
        row.active,
        row.open_to_all,
        row.billing,
        row.credit_required,
        row.hours,
        row.serving,
        row.waiting,
        row.version,
        Anchor(row.sorted_by, row.id),
    )


# Writing


async def add(change: Change, draft: DepartmentDraft) -> int:
    """Add a department; returns its id."""
    plain.only_admins(change.actor, "adds departments")
    await _names_settled(change)
    columns = await _columns(change.connection, draft, None)
    department_id = await change.insert(department, **columns)
    change.entry.object_type, change.entry.object_id = "department", department_id
    return department_id


async def edit(
    change: Change, department_id: int, given: Values, base: Values | None = None
) -> dict[str, Value]:
    """Change what is given of it; returns the fields that were changed, as they are now.

    ``base`` is what the editor saw: EditConflict where a colleague has changed the same since.
    """
    plain.only_admins(change.actor, "changes departments")
    await _names_settled(change)
    await change.dialect.lock(change.connection, department, department.c.id == department_id)
    now = await values(change.connection, department_id)
    checked = {name: worded(DEPARTMENT_RULES[name](value)) for name, value in given.items()}
    wanted = edits.wanted(checked, base, now)
    draft = DepartmentDraft(**{**now, **wanted})
    if wanted:
        columns = await _columns(change.connection, draft, department_id)
        await change.update(department, department_id, **columns)
    if "name" in wanted:
        await _take_along(change, str(now["name"]), department_id)
    return wanted


async def _take_along(change: Change, former: str, department_id: int) -> None:
    """The default department is set by its name, and goes on to be so under another."""
    found = await load(change.connection, department_id)
    if found.active and (await settings.load(change.connection)).default_department == former:
        await settings.put(change, "default_department", found.name)


async def deactivate(change: Change, department_id: int) -> None:
    """Nobody can submit to it any more; its incidents stay where they are. One department stays active (guards)."""
    plain.only_admins(change.actor, "deactivates departments")
    await change.update(department, department_id, active=False)


async def activate(change: Change, department_id: int) -> None:
    """Let clients submit to it again, as before."""
    plain.only_admins(change.actor, "activates departments")
    await change.update(department, department_id, active=True)


async def _names_settled(change: Change) -> None:
    """Two names that differ only in case are no duplicates to PostgreSQL: who gives one waits for who does so now."""
    await change.dialect.alone(change.connection, "names of departments")


async def _columns(connection: AsyncConnection, draft: DepartmentDraft, own: int | None) -> dict[str, Any]:
    """The columns of a draft, checked against the other departments; ``own`` is the department that is edited."""
    if draft.credit_required and draft.billing == "none":
        raise Invalid(
            "credit_required", "Credit can only be required where billing is by incident or by time."
        )
    taken = await _by_name(connection, draft.name)
    if taken is not None and taken[0] != own:
        raise Invalid("name", f"There is a department {taken[1]} already. Choose another name.")
    await _check_email(connection, draft.email, own)
    hours = await _schedule(connection, draft.schedule)
    return {**draft.model_dump(exclude={"schedule"}), "schedule_id": hours}


async def _by_name(connection: AsyncConnection, name: str) -> tuple[int, str] | None:
    """The department of this name, case and diacritics aside: its id, and how it is written."""
    wanted = fold(name)
    for row in await connection.execute(select(department.c.name, department.c.id)):
        if fold(row.name) == wanted:
            return row.id, row.name
    return None


async def _check_email(connection: AsyncConnection, email: str, own: int | None) -> None:
    """Mail to an address must have one department to go to."""
    if not email:
        return
    others = (func.lower(department.c.email) == email.lower(), department.c.id != (own or 0))
    holder = (await connection.execute(select(department.c.name).where(*others))).scalar()
    if holder is not None:
        raise Invalid("email", f"{holder} has the address {email} already. Mail to it must go to one place.")


async def _schedule(connection: AsyncConnection, name: str) -> int | None:
    if name == NO_HOURS:
        return None
    found = (await connection.execute(select(schedule.c.id).where(schedule.c.name == name))).scalar()
    if found is None:
        known: Sequence[str] = await schedules(connection)
        listed = ", ".join(known) or "none yet"
        raise Invalid("schedule", f"There are no business hours {name[:40]!r}. There are: {listed}.")
    return int(found)
