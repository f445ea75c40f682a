"""When an incident is due: its targets, copied when it comes in, and the times that follow from them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, case, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import business_hours
from console.data.business_hours import Interval, Schedule
from console.data.models.base import BIGINT
from console.data.models.clients import client
from console.data.models.departments import department, holiday, schedule, schedule_interval, sla_target


@dataclass(frozen=True, slots=True)
class Targets:
    """Working minutes to the first response and to the resolution; None where nothing is promised."""

    first_response: int | None = None
    resolution: int | None = None


async def targets(
    connection: AsyncConnection, *, client_id: int | None, department_id: int, kind: str, priority: str
) -> Targets:
    """What holds for an incident: the client's target, else the organization's, the department's, the default."""
    t = sla_target.c
    member = (
        select(client.c.organization_id).where(client.c.id == literal(client_id, BIGINT)).scalar_subquery()
    )
    default = and_(t.client_id.is_(None), t.organization_id.is_(None), t.department_id.is_(None))
    theirs = (
        t.client_id == literal(client_id, BIGINT),
        t.organization_id == member,
        t.department_id == department_id,
    )
    rank = case(*((whose, place) for place, whose in enumerate(theirs)), else_=len(theirs))
    query = (
        select(t.first_response_minutes, t.resolution_minutes)
        .where(t.kind == kind, t.priority == priority, or_(*theirs, default))
        .order_by(rank)
        .limit(1)
    )
    found = (await connection.execute(query)).first()
    return Targets(*found) if found else Targets()


async def schedule_of(connection: AsyncConnection, department_id: int) -> Schedule | None:
    """The business hours of a department; None where it works round the clock."""
    query = (
        select(schedule.c.id, schedule.c.time_zone)
        .join(department, department.c.schedule_id == schedule.c.id)
        .where(department.c.id == department_id)
    )
    found = (await connection.execute(query)).first()
    if found is None:
        return None
    hours = schedule_interval.c
    intervals = await connection.execute(
        select(hours.weekday, hours.start_minute, hours.end_minute).where(hours.schedule_id == found.id)
    )
    days = await connection.execute(select(holiday.c.day).where(holiday.c.schedule_id == found.id))
    return Schedule(found.time_zone, tuple(Interval(*row) for row in intervals), frozenset(days.scalars()))


def begun(targets: Targets, hours: Schedule | None, at: datetime) -> dict[str, Any]:
    """The clock's columns of an incident that comes in now."""
    first = _after(hours, at, targets.first_response, 0)
    resolution = _after(hours, at, targets.resolution, 0)
    return {
        "first_response_minutes": targets.first_response,
        "resolution_minutes": targets.resolution,
        "first_response_due": first,
        "resolution_due": resolution,
        "due_at": first or resolution,
    }


def again(row: Row[Any], targets: Targets, hours: Schedule | None) -> dict[str, Any]:
    """The clock's columns of an open incident to which other targets apply now; one that is put aside keeps its times

    until it goes on.
    """
    minutes = {
        "first_response_minutes": targets.first_response,
        "resolution_minutes": targets.resolution,
    }
    if row.waiting_since is not None:
        return minutes
    first = _after(hours, row.created_at, targets.first_response, 0)
    resolution = _after(hours, row.created_at, targets.resolution, row.waited_minutes)
    responded = row.first_response_at is not None
    return {
        **minutes,
        "first_response_due": row.first_response_due if responded else first,
        "resolution_due": resolution,
        "due_at": row.due_override or (None if responded else first) or resolution,
    }


def resumed(row: Row[Any], hours: Schedule | None, at: datetime) -> dict[str, Any]:
    """The clock's columns of an incident that goes on now: the time since it was put aside does not count."""
    since = row.waiting_since or row.resolved_at or row.closed_at
    waited = row.waited_minutes + (business_hours.between(hours, since, at) if since else 0)
    resolution = _after(hours, row.created_at, row.resolution_minutes, waited)
    responded = row.first_response_at is not None
    return {
        "waiting_since": None,
        "waited_minutes": waited,
        "resolution_due": resolution,
        "due_at": row.due_override or (None if responded else row.first_response_due) or resolution,
    }


def _after(hours: Schedule | None, at: datetime, minutes: int | None, waited: int) -> datetime | None:
    return None if minutes is None else business_hours.after(hours, at, minutes + waited)
