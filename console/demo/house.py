"""The helpdesk's own side of a demonstration: staff, departments, business hours, targets, packages, tags."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Table, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.departments_admin import DEFAULT
from console.data.models.billing import package
from console.data.models.clients import tag
from console.data.models.departments import department, holiday, schedule, schedule_interval, sla_target
from console.data.models.staff import staff, staff_department
from console.data.models.words import INCIDENT_KINDS, PRIORITIES
from console.demo.texts import TAGS
from console.demo.writer import Writer

# First response and resolution, in minutes.
TARGETS = {"low": (1440, 10080), "medium": (480, 2880), "high": (240, 1440), "critical": (60, 240)}
PEOPLE = (("tom", "Tom Baker", "agent"), ("ola", "Ola Zielińska", "agent"), ("wu", "Wu Lan", "viewer"))
DEPARTMENTS = (
    ("Support", "none", False, True),
    ("Accounts", "none", False, True),
    ("Field service", "time", True, True),
    ("Sales", "none", False, True),
    ("Consulting", "incident", True, False),
)
PACKAGES = (
    ("10 hours", "minutes", 600, 90000, "yearly"),
    ("2 hours a month", "minutes", 120, 19900, "monthly"),
    ("5 incidents", "incidents", 5, 25000, "half-yearly"),
    ("20 incidents", "incidents", 20, 80000, "yearly"),
)
CURRENCY = "EUR"


@dataclass(frozen=True)
class House:
    """Ids by name; ``agents`` are those who answer, ``you`` first."""

    you: int
    agents: tuple[int, ...]
    names: dict[int, str]
    departments: dict[str, int]
    packages: tuple[tuple[int, str, str, int, int], ...]
    tags: dict[str, int]


async def build(writer: Writer, you: int, your_name: str) -> House:
    """Make what is missing; what is there by the same name is used."""
    connection, at = writer.change.connection, writer.change.at
    hours = await _schedules(writer, at)
    people = await _known(connection, staff, "login")
    for login, name, role in PEOPLE:
        if login not in people:
            people[login] = writer.add(staff, login=login, name=name, role=role, created_at=at)
    departments = await _departments(writer, hours, at)
    agents = (you, people["tom"], people["ola"])
    tags = await _known(connection, tag, "name")
    for name in TAGS:
        tags.setdefault(name, 0)
        tags[name] = tags[name] or writer.add(tag, name=name)
    packages = await _packages(writer, at)
    await writer.flush()
    names = {you: your_name, people["tom"]: "Tom Baker", people["ola"]: "Ola Zielińska"}
    return House(you, agents, names, departments, packages, {name: tags[name] for name in TAGS})


async def _known(connection: AsyncConnection, table: Table, by: str) -> dict[str, int]:
    return {row[0]: row[1] for row in await connection.execute(select(table.c[by], table.c.id))}


async def _schedules(writer: Writer, at: datetime) -> dict[str, int]:
    known = await _known(writer.change.connection, schedule, "name")
    if "Office hours" not in known:
        office = known["Office hours"] = writer.add(
            schedule, name="Office hours", time_zone="Europe/Warsaw", created_at=at
        )
        for weekday in range(5):
            for start, end in ((8 * 60, 12 * 60 + 30), (13 * 60, 17 * 60)):
                writer.add(
                    schedule_interval, schedule_id=office, weekday=weekday, start_minute=start, end_minute=end
                )
        for month, day, name in (
            (1, 1, "New Year"),
            (5, 1, "Labour Day"),
            (11, 11, "Independence Day"),
            (12, 25, "Christmas"),
        ):
            writer.add(holiday, schedule_id=office, day=date(at.year, month, day), name=name)
    if "Always" not in known:
        always = known["Always"] = writer.add(schedule, name="Always", time_zone="UTC", created_at=at)
        for weekday in range(7):
            writer.add(
                schedule_interval, schedule_id=always, weekday=weekday, start_minute=0, end_minute=1440
            )
    return known


async def _departments(writer: Writer, hours: dict[str, int], at: datetime) -> dict[str, int]:
    known = await _known(writer.change.connection, department, "name")
    fresh = set(known) <= {DEFAULT}
    for name, billing, credit_required, open_to_all in DEPARTMENTS:
        if name not in known:
            known[name] = writer.add(
                department,
                name=name,
                email=f"{name.lower().replace(' ', '.')}@desk.example",
                open_to_all=open_to_all,
                schedule_id=hours["Always" if name == "Support" else "Office hours"],
                billing=billing,
                credit_required=credit_required,
                created_at=at,
            )
    if fresh:
        await _complete(writer, hours)
        _targets(writer, known["Field service"], at)
    return {name: known[name] for name, *_ in DEPARTMENTS}


async def _complete(writer: Writer, hours: dict[str, int]) -> None:
    """What a new desk begins with knows neither address nor business hours."""
    bare = and_(department.c.name == DEFAULT, department.c.schedule_id.is_(None))
    values = {"email": f"{DEFAULT.lower()}@desk.example", "schedule_id": hours["Always"]}
    await writer.flush()
    await writer.change.update_where(department, bare, values)


def _targets(writer: Writer, slower: int, at: datetime) -> None:
    for kind in INCIDENT_KINDS:
        for priority in PRIORITIES:
            response, resolution = TARGETS[priority]
            for owner, factor in ((None, 1), (slower, 2)):
                writer.add(
                    sla_target,
                    department_id=owner,
                    kind=kind,
                    priority=priority,
                    first_response_minutes=response * factor,
                    resolution_minutes=resolution * factor,
                    created_at=at,
                )


async def _packages(writer: Writer, at: datetime) -> tuple[tuple[int, str, str, int, int], ...]:
    known = await _known(writer.change.connection, package, "title")
    made = []
    for title, unit, quantity, price, validity in PACKAGES:
        record_id = known.get(title) or writer.add(
            package,
            title=title,
            unit=unit,
            quantity=quantity,
            price=price,
            currency=CURRENCY,
            validity=validity,
            created_at=at - timedelta(days=700),
        )
        made.append((record_id, title, unit, quantity, price))
    return tuple(made)


async def assign(writer: Writer, house: House) -> None:
    """Say which departments everybody serves."""
    known = set(
        (await writer.change.connection.execute(select(staff_department.c.staff_id).distinct())).scalars()
    )
    for number, agent in enumerate(house.agents):
        if agent in known:
            continue
        for position, served in enumerate(house.departments.values()):
            if number == 0 or (position + number) % 2:
                writer.add(staff_department, staff_id=agent, department_id=served)
    await writer.flush()
