"""What the tests of submissions need: a desk with departments, a client of each status, and one way to submit."""

from typing import Any

from sqlalchemy import select

from console.data import settings
from console.data.desk import Desk
from console.data.models.clients import department_access, identity
from console.data.models.departments import department
from console.data.models.incidents import held, incident, message
from console.data.records import Actor, Submission, Submitted
from console.data.submit import submit
from tests.data.rows import add_client, add_department, rows

MAIL = Actor(None, "mail", "mail", "admin", via="mail")
ADDRESS = "anna@acme.example"


async def departments(desk: Desk, who: Actor, *names: str) -> list[int]:
    """The ids of new departments, open to all; Support where none is named."""
    async with desk.change(who, "department.add") as change:
        return [await add_department(change, name) for name in names or ("Support",)]


async def client_of(desk: Desk, who: Actor, status: str, address: str = ADDRESS, **values: Any) -> int:
    """A client of this status with one address."""
    name = values.pop("name", "Anna Nowak")
    client_id = await add_client(desk, who, name, status=status, **values)
    await give(desk, who, client_id, address)
    return client_id


async def give(desk: Desk, who: Actor, client_id: int, raw: str, kind: str = "email", **more: Any) -> None:
    """An identity; ``raw`` is normalized as it is."""
    async with desk.change(who, "client.edit") as change:
        values = {"client_id": client_id, "type": kind, "raw": raw, "normalized": raw, **more}
        await change.insert(identity, **values)


async def send(desk: Desk, who: Actor = MAIL, **given: Any) -> Submitted:
    """Submit by mail from Anna unless said otherwise."""
    values = {"channel": "email", "subject": "Printer on fire", "body": "It burns.", **given}
    if "client_id" not in values:
        values.setdefault("sender", ADDRESS)
    async with desk.change(who, "incident.create") as change:
        return await submit(change, Submission(**values))


async def put(desk: Desk, who: Actor, **values: Any) -> None:
    """Settings of the desk."""
    async with desk.change(who, "setting.put") as change:
        for name, value in values.items():
            await settings.put(change, name, value)


async def the_incident(desk: Desk, incident_id: int | None, *columns: str) -> tuple[Any, ...]:
    """Columns of an incident."""
    query = select(*(incident.c[name] for name in columns)).where(incident.c.id == incident_id)
    [found] = await rows(desk, query)
    return found


async def thread(desk: Desk, incident_id: int | None) -> list[tuple[str, str]]:
    """Kind and text of each message, in order; those that were retracted are in it as well."""
    mine = message.c.incident_id == incident_id
    found = await rows(desk, select(message.c.kind, message.c.body).where(mine).order_by(message.c.id))
    return [(row[0], row[1]) for row in found]


async def held_rows(desk: Desk) -> list[tuple[Any, ...]]:
    """Sender, reason and thread of what is held."""
    return await rows(desk, select(held.c.sender, held.c.reason, held.c.incident_id).order_by(held.c.id))


async def edit(desk: Desk, who: Actor, incident_id: int | None, **values: Any) -> None:
    """Set columns of an incident, as other parts of the console do."""
    assert incident_id is not None
    async with desk.change(who, "incident.edit") as change:
        await change.update(incident, incident_id, **values)


async def the_portal_sends_where_they_may_not(database: str, address: str) -> None:
    """A client's message to the first department, which they may not write to."""
    async with await Desk.open(database) as desk:
        who = await client_id_of(desk, address)
        [(department_id,)] = await rows(desk, select(department.c.id).limit(1))
        actor = Actor(None, "portal", "portal", "admin", via="portal")
        async with desk.change(actor, "client.access") as change:
            await change.insert(department_access, client_id=who, department_id=department_id, allowed=False)
        made = await send(desk, actor, channel="portal", sender=address, department_id=department_id)
        assert made.outcome == "quarantined"


async def client_id_of(desk: Desk, address: str) -> int:
    """Who has an address."""
    [(client_id,)] = await rows(desk, select(identity.c.client_id).where(identity.c.normalized == address))
    return int(client_id)
