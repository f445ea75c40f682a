"""The thread of an incident: who may join it, and what a new message does to it."""

from typing import Any

from sqlalchemy import Row, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import due
from console.data.change import Change
from console.data.errors import NotFound
from console.data.models.clients import client
from console.data.models.incidents import incident, message
from console.data.models.organizations import organization_manager
from console.data.records import Submission
from console.data.senders import HANDLES, MERGES, Sender, survivor

OVER = ("resolved", "closed", "cancelled")


async def joined(connection: AsyncConnection, given: Submission, sender: Sender) -> int | None:
    """The incident a reply joins, or None where the sender has no part in it and it becomes one of its own.

    Staff join any; they are told (NotFound) where there is none.
    """
    row = await _survivor(connection, given.reply_to)
    if row is None and given.by_staff:
        raise NotFound("There is no such incident. It may have been purged.")
    if row is None or not (given.by_staff or await _takes_part(connection, row, given, sender)):
        return None
    return int(row.id)


async def _survivor(connection: AsyncConnection, incident_id: int | None) -> Row[Any] | None:
    """The incident, or the one it was merged into."""
    for _ in range(MERGES):
        query = select(incident).where(incident.c.id == incident_id)
        row = (await connection.execute(query)).first()
        if row is None or row.merged_into is None:
            return row
        incident_id = row.merged_into
    return None


async def _takes_part(connection: AsyncConnection, row: Row[Any], given: Submission, sender: Sender) -> bool:
    """The client (or a contact) it belongs to, a manager who may answer for them, or who wrote it being no client."""
    if sender.client_id is None or row.client_id is None:
        # A handle means another person on each network.
        elsewhere = row.channel != given.channel and {row.channel, given.channel} & set(HANDLES)
        return row.client_id is None and row.sender_address == sender.address and not elsewhere
    owner = await survivor(connection, row.client_id)
    if owner == sender.client_id:
        return True
    grants = organization_manager.c
    managed = (
        select(grants.id)
        .join(client, client.c.organization_id == grants.organization_id)
        .where(client.c.id == owner, grants.client_id == sender.client_id, grants.may_reply)
    )
    return (await connection.execute(managed)).first() is not None


async def first(
    change: Change, incident_id: int, given: Submission, sender: Sender, *, event: str = ""
) -> None:
    """The message an incident begins with; a job is told in the words of staff, a request in the sender's."""
    if event:
        await tell(change, incident_id, event)
    await _say(change, incident_id, given, sender)


async def add(change: Change, incident_id: int, given: Submission, sender: Sender, *, opens: bool) -> bool:
    """Add a reply of the sender's; where ``opens``, it sets the incident going again. True if it had been over."""
    await change.dialect.lock(change.connection, incident, incident.c.id == incident_id)
    row = (await change.connection.execute(select(incident).where(incident.c.id == incident_id))).one()
    await _say(change, incident_id, given, sender)
    values: dict[str, Any] = {"last_message_at": change.at}
    over = opens and row.state in OVER
    if over or (opens and row.state == "awaiting"):
        hours = await due.schedule_of(change.connection, row.department_id)
        values |= {"state": "open", "resolved_at": None, "closed_at": None} | due.resumed(
            row, hours, change.at
        )
    await change.update(incident, incident_id, **values)
    if over:
        await tell(change, incident_id, f"reopened by a reply, was {row.state}")
    return over


async def is_of(connection: AsyncConnection, incident_id: int, client_id: int | None) -> bool:
    """Whether an incident is this client's own, so that what becomes of them decides about it."""
    query = select(incident.c.id).where(incident.c.id == incident_id, incident.c.client_id == client_id)
    return (await connection.execute(query)).first() is not None


async def hold(change: Change, incident_id: int, reason: str) -> None:
    """An incident of the inbox waits visibly for ``reason``."""
    here = and_(incident.c.id == incident_id, incident.c.folder == "inbox")
    await change.update_where(incident, here, {"held_reason": reason})


async def number(connection: AsyncConnection, incident_id: int) -> str:
    """INC-000123."""
    query = select(incident.c.number).where(incident.c.id == incident_id)
    return f"INC-{(await connection.execute(query)).scalar_one():06d}"


async def tell(change: Change, incident_id: int, event: str) -> None:
    """A line in the thread about what happened to it."""
    await change.insert(
        message,
        incident_id=incident_id,
        kind="event",
        staff_id=change.actor.staff_id,
        author=change.actor.name,
        channel="staff",
        body=event,
    )


async def _say(change: Change, incident_id: int, given: Submission, sender: Sender) -> None:
    by_staff = given.by_staff and given.kind == "job"
    await change.insert(
        message,
        incident_id=incident_id,
        kind="staff" if by_staff else "client",
        staff_id=change.actor.staff_id if given.by_staff else None,
        client_id=None if by_staff else sender.client_id,
        contact_id=None if by_staff else sender.contact_id,
        author=change.actor.name if by_staff else sender.name or sender.address,
        channel=given.channel,
        body=given.body,
    )
