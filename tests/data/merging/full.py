"""Clients with rows in every table that a merge moves, some of them the same on each."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from console.data.change import Change
from console.data.desk import Desk
from console.data.merging.apply import merge
from console.data.merging.parts import OF_CLIENT
from console.data.models.billing import credit_entry, credit_lot, invoice
from console.data.models.clients import client, client_tag, department_access, favourite, identity, tag
from console.data.models.contacts import contact
from console.data.models.departments import department, sla_target
from console.data.models.incidents import approval, held
from console.data.models.mail import outbox, portal_session
from console.data.models.notes import note
from console.data.models.organizations import organization, organization_manager
from console.data.records import Actor
from console.data.records.merging import Choices, Merged
from tests.data.rows import add_incident, add_message

NAMES = ("Anna Kowalska", "Kasia Kowalska", "A. Kowalska", "Anna K.")


async def people(desk: Desk, who: Actor, count: int = 2, *, incidents: int = 2) -> list[int]:
    """Clients with something of everything; tag, favourite, department, manager grant and SLA target agree."""
    async with desk.change(who, "test.house") as change:
        support = await change.insert(department, name="Support")
        sales = await change.insert(department, name="Sales")
        company = await change.insert(organization, name="Acme")
        vip = await change.insert(tag, name="vip")
    found = []
    for place in range(count):
        async with desk.change(who, "test.person") as change:
            one = await change.insert(
                client,
                name=NAMES[place],
                username=f"anna{place}",
                external_id=f"X-{place}",
                organization_id=company,
                organization_by="manual",
                status="approved",
            )
            await _fill(change, who, one, place, (support, sales), incidents)
            await change.insert(client_tag, client_id=one, tag_id=vip)
            await change.insert(organization_manager, organization_id=company, client_id=one)
        found.append(one)
    return found


async def _fill(
    change: Change, who: Actor, one: int, place: int, departments: tuple[int, int], incidents: int
) -> None:
    support, sales = departments
    await change.insert(favourite, client_id=one, staff_id=who.staff_id)
    await change.insert(department_access, client_id=one, department_id=support, allowed=place == 0)
    if place:
        await change.insert(department_access, client_id=one, department_id=sales)
    await change.insert(sla_target, client_id=one, kind="request", priority="high", resolution_minutes=60)
    await change.insert(note, client_id=one, author_id=who.staff_id, text=f"note {place}")
    person = await change.insert(contact, client_id=one, name=f"Piotr {place}", is_primary=True)
    for position, (kind, raw, whose) in enumerate(
        (
            ("email", f"anna{place}@acme.example", None),
            ("phone", "+48601555010", None),
            ("email", f"piotr{place}@acme.example", person),
        )
    ):
        await change.insert(
            identity,
            client_id=one,
            contact_id=whose,
            type=kind,
            raw=raw,
            normalized=raw,
            mobile=kind == "phone",
            position=position,
        )
    lot = await change.insert(
        credit_lot, client_id=one, unit="minutes", expires_at=change.at + timedelta(days=9)
    )
    await change.insert(credit_entry, lot_id=lot, client_id=one, unit="minutes", amount=60 * (place + 2))
    await change.insert(
        invoice,
        client_id=one,
        number=f"F/{place}",
        amount=100,
        issued_on=change.at.date(),
        due_on=change.at.date(),
    )
    for number in range(incidents):
        opened = await add_incident(change, one, support, 500_001 + place * 10_000 + number)
        await add_message(change, opened, f"message {place} {number}", "client")
        if number == 0:
            await change.insert(approval, incident_id=opened, client_id=one, asked_by=who.staff_id)
            await change.insert(
                outbox, client_id=one, incident_id=opened, recipient="a@b.example", mail_id=f"m{place}"
            )
    await change.insert(held, client_id=one, channel="email", sender="x@y.example", reason="banned")
    await change.connection.execute(
        portal_session.insert().values(
            id=change.new_id(),
            client_id=one,
            token_hash=f"t{one}",
            expires_at=change.at,
            created_at=change.at,
        )
    )


async def merged(desk: Desk, who: Actor, survivor: int, *absorbed: int, **choices: Any) -> Merged:
    return await merge(desk, who, Choices(survivor, absorbed, **choices))


async def owned(desk: Desk, one: int) -> dict[str, int]:
    """How many rows of each part a client has, without those that are none."""
    found = {}
    async with desk.read() as connection:
        for part in OF_CLIENT:
            query = select(func.count()).select_from(part.table).where(part.owner == one)
            if number := (await connection.execute(query)).scalar_one():
                found[part.label] = int(number)
    return found
