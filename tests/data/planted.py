"""A client with rows in every table, a marker in every text of theirs, and a neighbour whose rows touch theirs."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import LargeBinary, cast, insert, select
from sqlalchemy.types import String

from console.data import clients, deletion, statuses
from console.data.change import Change
from console.data.desk import Desk
from console.data.models import metadata
from console.data.models.billing import credit_entry, credit_lot, invoice
from console.data.models.clients import alias, client, department_access, favourite, identity
from console.data.models.contacts import contact
from console.data.models.departments import department, sla_target
from console.data.models.duplicates import duplicate_decision, duplicate_pair
from console.data.models.incidents import (
    approval,
    attachment,
    held,
    incident,
    incident_tag,
    message,
    sla_step,
    time_entry,
)
from console.data.models.mail import blob, outbox, portal_session, portal_token, raw_mail
from console.data.models.notes import note
from console.data.models.organizations import organization, organization_manager
from console.data.models.settings import merge
from console.data.models.staff import draft
from console.data.records import Actor
from console.data.tags import add as add_tags

MARKER = "zqxmarker"
THEIR_FILE, SHARED_FILE = f"{MARKER} file".encode(), b"the same price list for all"


@dataclass(frozen=True)
class Planted:
    """The ids of the client, of somebody merged into them, of the neighbour, and of an entry on both of the two."""

    client: int
    absorbed: int
    neighbour: int
    neighbours_incident: int
    mass_entry: int
    organization: int


async def plant(desk: Desk, who: Actor) -> Planted:
    """Make it all, live; ``delete`` follows."""
    m = MARKER
    async with desk.change(who, "test.house") as change:
        support = await change.insert(department, name="Support")
        owner = await change.insert(organization, name="Acme")
    people = []
    for name, address in (
        (f"Anna {m}", f"anna@{m}.example"),
        (f"Old {m}", f"old@{m}.example"),
        ("Bob", "bob@b.example"),
    ):
        async with desk.change(who, "client.add") as change:
            made = await change.insert(client, name=name, organization_id=owner, organization_by="manual")
            await change.insert(identity, client_id=made, type="email", raw=address, normalized=address)
            change.entry.object_type, change.entry.object_id = "client", made
        people.append(made)
    anna, old, bob = people
    async with desk.change(who, "client.edit", about=("client", anna), reason=f"asked by {m}") as change:
        await change.update(
            client, anna, username=m, external_id=m, status_reason=m, street=m, city=m, postcode=m,
            country=m, language=m, time_zone=m,
        )  # fmt: skip
        change.entry.detail = m
    async with desk.change(who, "client.edit", about=("client", anna)) as change:
        await change.update(client, anna, city=f"{m} again")
    async with desk.change(who, "client.ban", reason=f"{m} and Bob were rude") as change:
        await statuses.give(change, [anna, bob], "banned", reason="rude")
    mass = change.entry_id
    async with desk.change(who, "client.merge", about=("client", anna)) as change:
        await change.update_where(identity, identity.c.client_id == old, {"live": False})
        await change.update(client, old, absorbed_into=anna)
        merged = {"survivor_id": anna, "absorbed_id": old, "entry_id": change.entry_id}
        await change.insert(merge, kind="client", categories="notes", **merged)
        await change.insert(alias, kind="email", value=f"old@{m}.example", client_id=anna)
    neighbours = await _rows(desk, who, anna, bob, support, owner)
    await _apart(desk, who, anna, bob)
    return Planted(anna, old, bob, neighbours, mass, owner)


async def _rows(desk: Desk, who: Actor, anna: int, bob: int, support: int, owner: int) -> int:
    m, now = MARKER, desk.now()
    async with desk.change(who, "test.rows") as change:
        first, _ = [await _incident(change, anna, support, number) for number in (1, 2)]
        bobs = await _incident(change, bob, support, 3, subject="Bob's own")
        await change.update(incident, bobs, merged_into=first)
        sender = {"client_id": None, "sender_name": m, "sender_address": f"anna@{m}.example"}
        await _incident(change, anna, support, 4, created_at=now - timedelta(days=3), of=sender)
        person = await change.insert(contact, client_id=anna, name=m, job_title=m, street=m)
        await change.insert(identity, client_id=anna, contact_id=person, type="chat", raw=m, normalized=m)
        wrote = await _message(change, bobs, client_id=anna, body=f"{m} on Bob's", author=m)
        await _message(change, bobs, kind="event", retracts=wrote, body="retracted", author=who.name)
        await _message(change, bobs, client_id=bob, body="mine", author="Bob")
        for sha in (THEIR_FILE, SHARED_FILE):
            await _file(change, bobs, wrote, sha)
        mine = await _message(change, bobs, client_id=bob, body="see the list", author="Bob")
        await _file(change, bobs, mine, SHARED_FILE, name="list.pdf")
        await change.insert(note, client_id=anna, author_id=who.staff_id, text=m)
        lot = await change.insert(credit_lot, client_id=anna, unit="minutes", reason=m)
        await change.insert(credit_entry, lot_id=lot, client_id=anna, unit="minutes", amount=60, reason=m)
        bobs_lot = await change.insert(credit_lot, client_id=bob, unit="minutes", reason="Bob's")
        await change.insert(
            credit_entry, lot_id=bobs_lot, client_id=bob, unit="minutes", amount=30, incident_id=first
        )
        await change.insert(
            invoice, client_id=anna, number="F/1", title=m, amount=100, issued_on=now.date(),
            due_on=now.date(), contact_id=person,
        )  # fmt: skip
        await change.insert(favourite, client_id=anna, staff_id=who.staff_id)
        await change.insert(department_access, client_id=anna, department_id=support)
        await change.insert(organization_manager, organization_id=owner, client_id=anna)
        await change.insert(sla_target, client_id=anna, kind="job", priority="low", resolution_minutes=5)
        await add_tags(change, [anna], ["vip"])
        low, high = sorted((anna, bob))
        await change.insert(
            duplicate_decision, first_id=low, second_id=high, decision="different", staff_id=who.staff_id,
            levels=m,
        )  # fmt: skip
        await change.insert(
            held, client_id=anna, channel="chat", sender=m, subject=m, body=m, reason="banned"
        )
        await change.insert(
            outbox, client_id=anna, recipient=f"anna@{m}.example", subject=m, body=m, mail_id=f"{m}@us"
        )
    async with desk.change(who, "incident.close", about=("incident", first), reason=m) as change:
        await change.update(incident, first, state="closed")
    return bobs


async def _incident(
    change: Change, client_id: int, support: int, number: int, of: Any = None, **more: Any
) -> int:
    """An incident, full of them unless a subject is given; ``of``: of a one-time sender."""
    m = MARKER
    values = {"client_id": client_id, **more, **(of or {})}
    if "subject" not in more:
        values |= {"subject": m, "sender_name": m, "reply_address": m, "held_reason": m}
    made = await change.insert(
        incident, number=number, hash=f"{number:020d}", channel="email", department_id=support, **values
    )
    if "subject" in more:
        return made
    wrote = await _message(
        change, made, body=m, author=m, client_id=values["client_id"], mail_id=f"{m}{number}@them"
    )
    await _message(change, made, kind="staff", body=f"Dear {m}", author="Ann")
    await _file(change, made, wrote, THEIR_FILE)
    await _file(change, made, wrote, SHARED_FILE)
    spent = await change.insert(
        time_entry, incident_id=made, staff_id=change.actor.staff_id, minutes=5, note=m
    )
    await change.insert(
        time_entry, incident_id=made, staff_id=change.actor.staff_id, minutes=-5, reverses=spent, note=m
    )
    await change.insert(
        approval, incident_id=made, client_id=client_id, asked_by=change.actor.staff_id, question=m, answer=m
    )
    await add_tags(change, [client_id], ["urgent"])
    tagged = (await change.connection.execute(select(metadata.tables["tag"].c.id).limit(1))).scalar_one()
    await change.insert(incident_tag, incident_id=made, tag_id=tagged)
    return made


async def _message(change: Change, incident_id: int, **values: Any) -> int:
    return await change.insert(
        message, incident_id=incident_id, **{"kind": "client", "channel": "email", **values}
    )


async def _file(
    change: Change, incident_id: int, message_id: int, data: bytes, name: str = f"{MARKER}.pdf"
) -> None:
    await change.insert(
        attachment, incident_id=incident_id, message_id=message_id, name=name, media_type="application/pdf",
        size=len(data), sha256=hashlib.sha256(data).hexdigest(),
    )  # fmt: skip


async def _apart(desk: Desk, who: Actor, anna: int, bob: int) -> None:
    """What is no change."""
    m, now = MARKER, desk.now()
    ids = [await desk.new_id() for _ in range(20)]
    async with desk.quiet() as connection:
        first = (
            await connection.execute(
                select(message.c.id, message.c.incident_id).where(message.c.mail_id == f"{m}1@them")
            )
        ).one()
        asked = (await connection.execute(select(approval.c.id).limit(1))).scalar_one()
        low, high = sorted((anna, bob))
        rows: list[tuple[Any, dict[str, Any]]] = [
            (raw_mail, {"sha256": "1", "data": m.encode(), "state": "filed", "mail_id": f"{m}1@them"}),
            (raw_mail, {"sha256": "2", "data": m.encode(), "state": "duplicate", "mail_id": f"{m}1@them"}),
            (raw_mail, {"sha256": "3", "data": b"Bob's", "state": "filed", "mail_id": "bob@them"}),
            (duplicate_pair, {"first_id": low, "second_id": high, "levels": m, "scored_at": now}),
            (sla_step, {"incident_id": first.incident_id, "step": "paused", "detail": m, "at": now}),
            (portal_session, {"client_id": anna, "token_hash": m, "expires_at": now, "created_at": now}),
            (
                portal_token,
                {"client_id": anna, "approval_id": asked, "purpose": "approval", "token_hash": m,
                 "expires_at": now, "created_at": now},
            ),
            *(
                (draft, {"staff_id": who.staff_id, "scope": scope, "fields": fields, "saved_at": now})
                for scope, fields in (
                    (f"client.edit:{anna}", "{}"),
                    ("client.new", f'{{"name": "Anna {m}"}}'),
                    ("organization.new", '{"name": "X"}'),
                )
            ),
            *((blob, {"sha256": hashlib.sha256(data).hexdigest(), "data": data}) for data in (THEIR_FILE, SHARED_FILE)),
        ]  # fmt: skip
        for row_id, (table, values) in zip(ids, rows, strict=False):
            values.setdefault("received_at", now) if table is raw_mail else None
            await connection.execute(insert(table).values(id=row_id, **values))
        await connection.execute(message.update().where(message.c.id == first.id).values(raw_mail_id=ids[0]))


async def delete(desk: Desk, who: Actor, client_id: int) -> None:
    async with desk.change(who, "client.delete", about=("client", client_id)) as change:
        await clients.locked_facts(change, [client_id])
        await deletion.delete_clients(change, [client_id])


async def holding(desk: Desk, marker: str = MARKER) -> list[str]:
    """The tables and columns that hold the marker anywhere, whatever the columns' types."""
    found = []
    async with desk.read() as connection:
        for table in metadata.tables.values():
            for column in table.c:
                held_text = cast(column, String)
                if isinstance(column.type, LargeBinary):
                    rows = (await connection.execute(select(column).where(column.is_not(None)))).scalars()
                    if any(marker.encode() in value for value in rows):
                        found.append(f"{table.name}.{column.name}")
                    continue
                query = select(held_text).where(held_text.contains(marker)).limit(1)
                if (await connection.execute(query)).first() is not None:
                    found.append(f"{table.name}.{column.name}")
    return found
