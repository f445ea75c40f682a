"""When incidents are due: whose target holds, by which hours, and what a pause does."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from console.data import sla
from console.data.desk import Desk
from console.data.models.departments import department, holiday, schedule, schedule_interval, sla_target
from console.data.models.incidents import incident
from console.data.models.organizations import organization
from console.data.records import Actor
from console.data.sla import Wanted
from console.data.undo import undo_last
from tests.conftest import FrozenClock
from tests.data.submitting import client_of, departments, edit, send, the_incident

DUE = ("first_response_minutes", "resolution_minutes", "first_response_due", "resolution_due", "due_at")


async def target(desk: Desk, who: Actor, first: int | None, resolution: int | None, **whose: Any) -> None:
    values = {"kind": "request", "priority": "medium", **whose}
    async with desk.change(who, "sla.set") as change:
        await change.insert(sla_target, first_response_minutes=first, resolution_minutes=resolution, **values)


async def office_hours(desk: Desk, who: Actor, department_id: int) -> None:
    """Warsaw, Monday to Friday, 9 to 12 and 13 to 17; the next day is a holiday."""
    async with desk.change(who, "schedule.set") as change:
        hours = await change.insert(schedule, name="Office", time_zone="Europe/Warsaw")
        for day in range(5):
            for start, end in ((540, 720), (780, 1020)):
                await change.insert(
                    schedule_interval, schedule_id=hours, weekday=day, start_minute=start, end_minute=end
                )
        await change.insert(holiday, schedule_id=hours, day=date(2026, 3, 3))
        await change.update(department, department_id, schedule_id=hours)


async def test_precedence_of_targets(desk: Desk, admin: Actor) -> None:
    [support] = await departments(desk, admin)
    async with desk.change(admin, "organization.add") as change:
        acme = await change.insert(organization, name="Acme")
    one = await client_of(desk, admin, "approved", organization_id=acme, organization_by="manual")
    found = []
    for number, whose in enumerate(
        ({}, {"department_id": support}, {"organization_id": acme}, {"client_id": one}), 1
    ):
        await target(desk, admin, number, number * 10, **whose)
        made = await send(desk)
        found.append(await the_incident(desk, made.incident_id, *DUE[:2]))
    assert found == [(1, 10), (2, 20), (3, 30), (4, 40)]
    other = await send(desk, priority="high")
    assert await the_incident(desk, other.incident_id, *DUE) == (None, None, None, None, None)
    job = await send(desk, admin, kind="job", by_staff=True)
    assert await the_incident(desk, job.incident_id, "due_at") == (None,)


async def test_targets_of_others_do_not_hold(desk: Desk, admin: Actor) -> None:
    await departments(desk, admin)
    other = await client_of(desk, admin, "approved", "other@acme.example")
    await target(desk, admin, 5, 50, client_id=other)
    made = await send(desk, sender="nobody", channel="email")
    assert await the_incident(desk, made.incident_id, *DUE[:2]) == (None, None)


async def test_due_times_are_stored_by_business_hours(desk: Desk, admin: Actor, clock: FrozenClock) -> None:
    [support] = await departments(desk, admin)
    await client_of(desk, admin, "approved")
    await office_hours(desk, admin, support)
    await target(desk, admin, 150, 480)
    assert clock.now() == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday, 10:00 in Warsaw
    made = await send(desk)
    first = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)  # over lunch
    whole = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)  # 6 h on Monday, Tuesday off, 2 h on Wednesday
    assert await the_incident(desk, made.incident_id, *DUE) == (150, 480, first, whole, first)


@pytest.mark.parametrize("responded", [True, False])
async def test_a_reply_sets_the_clock_going_without_the_time_it_stood(
    desk: Desk, admin: Actor, clock: FrozenClock, responded: bool
) -> None:
    await departments(desk, admin)
    await client_of(desk, admin, "approved")
    await target(desk, admin, 60, 240)
    made = await send(desk)
    begun = desk.now()
    clock.advance(hours=1)
    await edit(
        desk,
        admin,
        made.incident_id,
        state="awaiting",
        waiting_since=desk.now(),
        due_at=None,
        first_response_at=desk.now() if responded else None,
    )
    clock.advance(hours=10)
    await send(desk, reply_to=made.incident_id)
    found = await the_incident(
        desk, made.incident_id, "state", "waiting_since", "waited_minutes", "resolution_due", "due_at"
    )
    due = begun + timedelta(minutes=240 + 600)
    first = begun + timedelta(minutes=60)
    assert found == ("open", None, 600, due, due if responded else first)


async def test_what_staff_set_themselves_stays_due_then(desk: Desk, admin: Actor, clock: FrozenClock) -> None:
    await departments(desk, admin)
    await client_of(desk, admin, "approved")
    made = await send(desk)
    later = desk.now() + timedelta(days=9)
    await edit(
        desk,
        admin,
        made.incident_id,
        state="resolved",
        resolved_at=desk.now(),
        due_override=later,
        due_at=None,
    )
    clock.advance(days=1)
    await send(desk, reply_to=made.incident_id)
    assert await the_incident(desk, made.incident_id, "due_at", "waited_minutes") == (later, 1440)


async def test_open_incidents_are_due_by_another_target_at_once_and_again_after_its_undo(
    desk: Desk, admin: Actor
) -> None:
    await departments(desk, admin)
    async with desk.change(admin, "organization.add") as change:
        acme = await change.insert(organization, name="Acme")
    one = await client_of(desk, admin, "approved", organization_id=acme, organization_by="manual")
    await target(desk, admin, 60, 600)
    every = [(await send(desk)).incident_id or 0 for _ in range(5)]
    opened, paused, answered, closed, dated = every
    async with desk.change(admin, "test.make") as change:
        now = change.at
        await change.update(incident, paused, waiting_since=now)
        await change.update(incident, answered, first_response_at=now)
        await change.update(incident, closed, state="closed")
        await change.update(incident, dated, due_override=now + timedelta(days=9))
    before = [await the_incident(desk, each, *DUE) for each in every]
    made_at = before[0][2] - timedelta(minutes=60)
    async with desk.change(admin, "organization.sla") as change:
        await sla.set_of_organization(change, acme, Wanted("request", "medium", "30 min", "5 h"))
    after = dict(zip(every, [await the_incident(desk, each, *DUE) for each in every], strict=True))
    first, whole = made_at + timedelta(minutes=30), made_at + timedelta(hours=5)
    assert after[opened] == (30, 300, first, whole, first)
    assert after[paused] == (30, 300, *before[1][2:])
    assert after[answered][:2] == (30, 300)
    assert after[answered][4] == after[answered][3]
    assert after[closed] == before[3]
    assert after[dated][4] == now + timedelta(days=9)
    async with desk.change(admin, "client.sla") as change:
        await sla.set_of_clients(change, [one], Wanted("request", "medium", "10 min"))
    assert (await the_incident(desk, opened, *DUE))[4] == made_at + timedelta(minutes=10)
    await undo_last(desk, admin)
    assert await the_incident(desk, opened, *DUE) == after[opened]
    await undo_last(desk, admin)
    assert [await the_incident(desk, each, *DUE) for each in every] == before
