"""Letting go what is held, and making clients of senders who were known once: what staff decide afterwards."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, select, union

from console.data import held as quarantine
from console.data import normalize, profile, senders, settings, threads
from console.data.change import Change
from console.data.errors import Invalid, NotFound, Refused
from console.data.models.clients import client
from console.data.models.incidents import held, incident, message
from console.data.records import Submission, Submitted
from console.data.submit import submit


async def release(change: Change, record_id: int) -> Submitted:
    """Let go a held message, or an incident of the quarantine folder, by its id.

    A message becomes an incident of its client, or goes on in its thread; the rule is ``submit``, on behalf of staff.
    """
    # Clients first, as everybody locks: a merge of theirs, which moves what is held, waits or is waited for.
    whose = union(*(select(table.c.client_id).where(table.c.id == record_id) for table in (held, incident)))
    await change.dialect.lock(change.connection, client, client.c.id.in_(whose))
    await change.dialect.lock(change.connection, held, held.c.id == record_id)
    query = select(held).where(held.c.id == record_id)
    row = (await change.connection.execute(query)).first()
    if row is None:
        return await _release_incident(change, record_id)
    if row.released_at is not None:
        raise Refused("It was released already.")
    made = await submit(change, await _submission(change, row))
    await change.update(held, record_id, released_at=change.at)
    return made


async def _submission(change: Change, row: Row[Any]) -> Submission:
    """What was held, as staff submit it now."""
    contact_id = None
    if row.client_id is not None:
        owner = await senders.survivor(change.connection, row.client_id)
        contact_id = await senders.contact_of(change.connection, owner, row.channel, row.sender)
    return Submission(
        row.channel,
        row.subject,
        row.body,
        sender=row.sender,
        client_id=row.client_id,
        contact_id=contact_id,
        reply_to=row.incident_id,
        by_staff=True,
        released=True,
    )


async def _release_incident(change: Change, incident_id: int) -> Submitted:
    await change.dialect.lock(change.connection, incident, incident.c.id == incident_id)
    query = select(incident).where(incident.c.id == incident_id)
    row = (await change.connection.execute(query)).first()
    if row is None:
        raise NotFound("Nothing of this id is held. Look at: helpdesk held list")
    number = f"INC-{row.number:06d}"
    if row.folder != "quarantine":
        raise Refused(f"{number} is not held.")
    await change.update(incident, incident_id, folder="inbox", folder_before="", held_reason="")
    await threads.tell(change, incident_id, f"released from quarantine by {change.actor.name}")
    entry = change.entry
    entry.object_type, entry.object_id, entry.client_id = "incident", incident_id, row.client_id
    return Submitted("created", f"Brought {number} to the inbox", "", row.client_id, incident_id, number)


@dataclass(frozen=True, slots=True)
class Registered:
    """A sender who was known once and belongs to a client now: a new one if ``made``."""

    client_id: int
    name: str
    status: str
    incidents: int
    made: bool


async def register(change: Change, incident_id: int) -> Registered:
    """Make a client of an incident's sender, who takes over all incidents of that address.

    Where somebody has the identity by now, they are theirs. Refused where it belongs to a client already, or the
    sender cannot be reached by what they left.
    """
    row = await _from_nobody(change, incident_id)
    given = Submission(row.channel, sender=row.sender_address, sender_name=row.sender_name, by_staff=True)
    sender = await senders.find(change.connection, given)
    made = False
    if sender.client_id is None and sender.identity is not None:
        desk = await settings.load(change.connection)
        sender, made = await senders.registered(change, given, sender.identity, desk)
    sender = await senders.locked(change, sender)  # or an approval meanwhile would leave them waiting
    if sender.client_id is None:
        raise Refused(f"{row.sender_address} is still an identity of a deleted client. Restore them first.")
    count = await _take_over(change, _same_sender(row), sender)
    change.entry.object_type, change.entry.object_id = "client", sender.client_id
    return Registered(sender.client_id, sender.name, sender.status, count, made)


@dataclass(frozen=True, slots=True)
class Attached:
    """A client who turned out to be the sender: how many incidents are theirs now, the identity they got, or ''."""

    client_id: int
    name: str
    incidents: int
    identity: str


async def attach(change: Change, incident_id: int, client_id: int) -> Attached:
    """Give a client all incidents of this incident's sender, and the address they were sent from.

    Refused where it belongs to a client already; IdentityTaken where the address is somebody else's.
    """
    row = await _from_nobody(change, incident_id)
    given = Submission(row.channel, client_id=client_id, by_staff=True)
    sender = await senders.locked(change, await senders.find(change.connection, given))
    assert sender.client_id is not None
    added = await _give_identity(change, sender.client_id, row)
    count = await _take_over(change, _same_sender(row), sender)
    change.entry.object_type, change.entry.object_id = "client", sender.client_id
    change.entry.detail = added
    return Attached(sender.client_id, sender.name, count, added)


async def _give_identity(change: Change, client_id: int, row: Row[Any]) -> str:
    """The sender's address is one of the client's; returns it, or '' where it was already or cannot be read."""
    try:
        one = senders.identity_of(row.channel, row.sender_address)
    except Invalid:
        return ""
    known = await profile.values(change.connection, client_id)
    fields = ("mobile", "phone") if one.type == "phone" else (one.type,)
    held = {normalize.identity(one.type, raw).normalized for field in fields for raw in known[field]}
    if one.normalized in held:
        return ""
    field = "mobile" if one.mobile else one.type
    await profile.edit(change, client_id, {field: (*known[field], one.raw)})
    return one.raw


async def _from_nobody(change: Change, incident_id: int) -> Row[Any]:
    """An incident whose sender is no client yet; Refused for any other."""
    row = (await change.connection.execute(select(incident).where(incident.c.id == incident_id))).first()
    if row is None:
        raise NotFound("There is no such incident. It may have been purged.")
    if row.client_id is not None:
        raise Refused(f"INC-{row.number:06d} belongs to a client already. c opens them.")
    return row


def _same_sender(row: Row[Any]) -> ColumnElement[bool]:
    """All that came from the same address; a handle is another person on another network."""
    handles = incident.c.channel.in_(senders.HANDLES)
    there = incident.c.channel == row.channel if row.channel in senders.HANDLES else ~handles
    return and_(there, incident.c.sender_address == row.sender_address)


async def _take_over(change: Change, sent: ColumnElement[bool], sender: senders.Sender) -> int:
    """All incidents of an address that had no client, with what was said in them, are the client's."""
    theirs = and_(sent, incident.c.client_id.is_(None))
    owner = {"client_id": sender.client_id, "contact_id": sender.contact_id}
    of_them = select(incident.c.id).where(theirs)
    said = and_(message.c.incident_id.in_(of_them), message.c.kind == "client", message.c.client_id.is_(None))
    await change.update_where(message, said, owner)
    if sender.status == "pending":
        here = and_(theirs, incident.c.folder == "inbox", incident.c.held_reason == "")
        waits = and_(here, incident.c.state.not_in(threads.OVER))
        await change.update_where(incident, waits, {"held_reason": quarantine.WAITS})
    return await change.update_where(incident, theirs, owner)
