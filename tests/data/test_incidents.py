"""Incidents as screens read them: lists, threads by page, a client's summary, access and targets, credit."""

from datetime import timedelta

import pytest

from console.data import credit, departments, incidents, invoices, organizations
from console.data.desk import Desk
from console.data.errors import NotFound
from console.data.incidents import IncidentQuery
from console.data.models.billing import credit_entry, credit_lot, invoice
from console.data.models.clients import client
from console.data.models.departments import department, sla_target
from console.data.models.incidents import attachment, incident, message
from console.data.models.organizations import organization, organization_access
from console.data.paging import At
from console.data.records import Actor
from tests.data.rows import add_client, add_department, add_incident, add_message, edit_client


async def test_a_clients_incidents_come_newest_first_by_page(desk: Desk, admin: Actor) -> None:
    anna, bob = await add_client(desk, admin), await add_client(desk, admin, "Bob")
    async with desk.change(admin, "test") as change:
        place = await add_department(change)
        for number in range(1, 8):
            await add_incident(change, anna, place, number, subject=f"Subject {number}")
        await add_incident(change, bob, place, 99, subject="Another's")
    query = IncidentQuery(client_id=anna)
    async with desk.read() as connection:
        first = await incidents.page(connection, query, desk.now(), limit=4)
        second = await incidents.page(
            connection, query, desk.now(), at=At(after=first.rows[-1].anchor), limit=4
        )
        last = await incidents.page(connection, query, desk.now(), at=At(last=True), limit=2)
    assert [row.number for row in first.rows] == [7, 6, 5, 4]
    assert first.has_after
    assert [row.number for row in second.rows] == [3, 2, 1]
    assert not second.has_after
    assert [row.readable for row in last.rows] == ["INC-000002", "INC-000001"]


async def test_overdue_is_due_time_against_now_and_only_while_open(desk: Desk, admin: Actor) -> None:
    anna = await add_client(desk, admin)
    async with desk.change(admin, "test") as change:
        place = await add_department(change)
        soon = desk.now() + timedelta(minutes=30)
        await add_incident(change, anna, place, 1, due_at=soon)
        await add_incident(change, anna, place, 2, due_at=soon, state="resolved")
        await add_incident(change, anna, place, 3, due_at=soon, folder="spam")
    for minutes, expected in ((29, []), (31, [1])):
        now = desk.now() + timedelta(minutes=minutes)
        async with desk.read() as connection:
            found = await incidents.page(connection, IncidentQuery(overdue_only=True), now)
            summary = await incidents.summary(connection, anna, now)
        assert [row.number for row in found.rows] == expected
        assert (summary.overdue, summary.open, summary.new) == (len(expected), 1, 1)


@pytest.mark.parametrize("given", ["INC-000042", "inc-42", "42", "0" * 14 + "42", "[#%HASH%]", "%HASH%"])
async def test_an_incident_is_found_by_number_or_hash(desk: Desk, admin: Actor, given: str) -> None:
    anna = await add_client(desk, admin)
    async with desk.change(admin, "test") as change:
        one = await add_incident(change, anna, await add_department(change), 42, hash="k3Jd92mzQpX7vB1c")
    async with desk.read() as connection:
        assert await incidents.find(connection, given.replace("%HASH%", "k3Jd92mzQpX7vB1c")) == one
        for wrong in ("INC-000043", "", "k3Jd92", "INC-99999999999999999999999"):
            with pytest.raises(NotFound):
                await incidents.find(connection, wrong)


async def test_a_thread_is_read_by_page_from_its_end(
    desk: Desk, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incidents, "THREAD_PAGE", 3)
    anna = await add_client(desk, admin)
    async with desk.change(admin, "test") as change:
        one = await add_incident(change, anna, await add_department(change), 1)
        parts = [await add_message(change, one, f"part {number}") for number in range(5)]
        await change.insert(
            attachment, incident_id=one, message_id=parts[-1], name="a.pdf", sha256="0" * 64, size=7
        )
    async with desk.read() as connection:
        end = await incidents.load(connection, one, desk.now())
        start = await incidents.load(connection, one, desk.now(), before=end.thread[0].id)
    assert [part.body for part in end.thread] == ["part 2", "part 3", "part 4"]
    assert end.has_before
    assert [file.name for file in end.thread[-1].attachments] == ["a.pdf"]
    assert [part.body for part in start.thread] == ["part 0", "part 1"]
    assert not start.has_before


async def test_a_retracted_message_is_not_shown(desk: Desk, admin: Actor) -> None:
    anna = await add_client(desk, admin)
    async with desk.change(admin, "test") as change:
        one = await add_incident(change, anna, await add_department(change), 1)
        kept = await add_message(change, one, "kept")
        gone = await add_message(change, one, "gone")
        await change.insert(
            message, incident_id=one, kind="event", channel="staff", body="retracted", retracts=gone
        )
    async with desk.read() as connection:
        assert [part.id for part in (await incidents.load(connection, one, desk.now())).thread] == [kept]


async def test_an_incident_of_a_one_time_sender_has_no_client(desk: Desk, admin: Actor) -> None:
    async with desk.change(admin, "test") as change:
        place = await add_department(change)
        one = await change.insert(
            incident,
            number=1,
            hash="x" * 20,
            department_id=place,
            channel="email",
            sender_address="who@example.org",
        )
    async with desk.read() as connection:
        found = await incidents.load(connection, one, desk.now())
    assert (found.row.client_id, found.row.client, found.sender) == (
        None,
        "who@example.org",
        "who@example.org",
    )


async def test_access_is_the_clients_switch_then_the_organizations_then_the_departments(
    desk: Desk, admin: Actor
) -> None:
    anna = await add_client(desk, admin)
    async with desk.change(admin, "test") as change:
        acme = await change.insert(organization, name="Acme")
        await change.update(client, anna, organization_id=acme, organization_by="manual")
        places = [await change.insert(department, name=f"D{n}", open_to_all=n < 2) for n in range(3)]
        await change.insert(department, name="D9", active=False)
        await change.insert(organization_access, organization_id=acme, department_id=places[2], allowed=True)
        await change.insert(organization_access, organization_id=acme, department_id=places[1], allowed=False)
    async with desk.change(admin, "client.access") as change:
        await departments.set_access(change, [anna], places[0], allowed=False)
    async with desk.change(admin, "client.access") as change:
        await departments.set_access(change, [anna], places[1], allowed=True)
    async with desk.read() as connection:
        found = [
            (one.department, one.allowed, one.source) for one in await departments.access(connection, anna)
        ]
    assert found == [("D0", False, "client"), ("D1", True, "client"), ("D2", True, "organization")]


async def test_targets_are_the_clients_then_the_organizations_then_the_default(
    desk: Desk, admin: Actor
) -> None:
    anna = await add_client(desk, admin)
    async with desk.change(admin, "test") as change:
        acme = await change.insert(organization, name="Acme")
        await change.update(client, anna, organization_id=acme, organization_by="manual")
        for priority, owner, minutes in (
            ("high", {}, 10),
            ("high", {"organization_id": acme}, 20),
            ("high", {"client_id": anna}, 30),
            ("low", {}, 40),
            ("low", {"organization_id": acme}, 50),
            ("medium", {}, 60),
        ):
            await change.insert(
                sla_target, kind="request", priority=priority, resolution_minutes=minutes, **owner
            )
    async with desk.read() as connection:
        found = {
            (one.kind, one.priority): (one.resolution, one.source)
            for one in await departments.targets(connection, anna)
        }
    assert found["request", "high"] == (30, "client")
    assert found["request", "low"] == (50, "organization")
    assert found["request", "medium"] == (60, "default")
    assert found["job", "critical"] == (None, "none")


async def test_credit_that_has_lapsed_does_not_count(desk: Desk, admin: Actor) -> None:
    anna = await add_client(desk, admin)
    async with desk.change(admin, "client.credit") as change:
        for unit, amount, days in (("minutes", 60, 1), ("minutes", 90, None), ("incidents", 4, 400)):
            ends = desk.now() + timedelta(days=days) if days else None
            lot = await change.insert(credit_lot, client_id=anna, unit=unit, expires_at=ends)
            await change.insert(credit_entry, lot_id=lot, client_id=anna, unit=unit, amount=amount)
    async with desk.read() as connection:
        assert await credit.balance(connection, anna, desk.now()) == {"minutes": 150, "incidents": 4}
        later = desk.now() + timedelta(days=2)
        assert await credit.balance(connection, anna, later) == {"minutes": 90, "incidents": 4}
        summary = await incidents.summary(connection, anna, desk.now())
        assert [(unit, left) for unit, left, _ in summary.lapsing] == [("minutes", 60)]
        order = [lot.unit for lot in await credit.lots(connection, anna, desk.now())]
        assert order == ["minutes", "incidents", "minutes"]


async def test_invoices_are_new_until_they_are_due(desk: Desk, admin: Actor) -> None:
    anna = await add_client(desk, admin)
    today = desk.now().date()
    async with desk.change(admin, "test") as change:
        for number, (days, state, currency) in enumerate(
            ((0, "unpaid", "PLN"), (-1, "unpaid", "EUR"), (-1, "unpaid", "PLN"), (-9, "paid", "PLN"))
        ):
            await change.insert(
                invoice,
                client_id=anna,
                number=f"F/{number}",
                amount=1000 + number,
                currency=currency,
                issued_on=today - timedelta(days=20),
                due_on=today + timedelta(days=days),
                state=state,
            )
    async with desk.read() as connection:
        totals = await invoices.totals(connection, anna, today)
        listed = await invoices.of_client(connection, anna, today)
    assert totals == {"new": (1, (("PLN", 1000),)), "overdue": (2, (("EUR", 1001), ("PLN", 1002)))}
    assert sorted(one.number for one in listed if one.overdue) == ["F/1", "F/2"]


async def test_a_clients_move_takes_their_open_incidents_to_the_other_organization(
    desk: Desk, admin: Actor
) -> None:
    anna = await add_client(desk, admin)
    async with desk.change(admin, "test") as change:
        one, two = [await change.insert(organization, name=name) for name in ("One", "Two")]
        await add_incident(change, anna, await add_department(change), 1)
    await edit_client(desk, admin, anna, organization_id=one, organization_by="manual")
    await edit_client(desk, admin, anna, organization_id=two)
    async with desk.read() as connection:
        assert (await organizations.load(connection, one, desk.now())).open_incidents == 0
        assert (await organizations.load(connection, two, desk.now())).open_incidents == 1
