"""Quarantine: messages of senders who may not submit, and incidents that wait for staff; each can be released."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, func, literal, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.change import Change
from console.data.models.clients import client, department_access
from console.data.models.departments import department
from console.data.models.incidents import held, incident
from console.data.models.organizations import organization_access
from console.data.records import Submission
from console.data.senders import Sender

QUARANTINED = and_(incident.c.folder == "quarantine", incident.c.folder != literal_column("'inbox'"))
"""That an incident is in quarantine; the second half is in the words of the partial index, so that it serves."""

WAITS = "Waits until the client is approved."
DISAPPROVED = "The client is disapproved."
_NO_ACCESS = "They have no access to {}."


def no_access(name: str) -> str:
    """Why an incident is held whose client may not submit to a department."""
    return _NO_ACCESS.replace("{}", name)


def reason(sender: Sender) -> str:
    """Why what this client sends is held: the status, by whom, and why."""
    if sender.status != "banned":
        return DISAPPROVED
    by = f" by {sender.status_by}" if sender.status_by else ""
    return f"Banned{by}: {sender.status_reason}" if sender.status_reason else f"The client is banned{by}."


async def keep(change: Change, given: Submission, sender: Sender, incident_id: int | None, why: str) -> int:
    """Hold a message; returns the id of the row."""
    return await change.insert(
        held,
        client_id=sender.client_id,
        incident_id=incident_id,
        channel=given.channel,
        sender=given.sender.strip() or sender.address or sender.name,
        subject=given.subject,
        body=given.body,
        reason=why,
    )


async def let_go(change: Change, client_ids: Sequence[int]) -> int:
    """What waited for the approval of clients goes on, and what was held because they were disapproved.

    What stood in the inbox goes back there; of what they began since, their access to its department decides.
    """
    theirs = incident.c.client_id.in_(client_ids)
    waited = and_(theirs, incident.c.held_reason == WAITS)
    count = await change.update_where(incident, waited, {"held_reason": ""})
    kept = and_(theirs, QUARANTINED, incident.c.held_reason == DISAPPROVED)
    stood = {"folder": "inbox", "folder_before": "", "held_reason": ""}
    count += await change.update_where(incident, and_(kept, incident.c.folder_before == "inbox"), stood)
    return count + await place(change, kept)


async def place(change: Change, kept: ColumnElement[bool]) -> int:
    """Put clients' incidents where new ones would go now, by the rule of ``submit``; returns how many that touched."""
    why = _why()
    folder = case((why.in_(("", WAITS)), "inbox"), else_="quarantine")
    return await change.update_where(
        incident, kept, {"folder": folder, "folder_before": "", "held_reason": why}
    )


def _why() -> ColumnElement[str]:
    """Why an incident is held, or waits: the client's status first, then the department; '' where it need not."""
    status = _of_client(client.c.status)
    named = select(department.c.name).where(department.c.id == incident.c.department_id)
    before, after = (literal(part, String) for part in _NO_ACCESS.split("{}"))
    no_access = before.concat(named.correlate(incident).scalar_subquery()).concat(after)
    return case(
        (status == "disapproved", literal(DISAPPROVED, String)),
        (~_allowed(), no_access),
        (status == "pending", literal(WAITS, String)),
        else_=literal("", String),
    )


def _allowed() -> ColumnElement[bool]:
    """Whether the client may submit to the department: their own switch, else their organization's, else open."""
    own, theirs = department_access.c, organization_access.c
    ways = (
        select(own.allowed).where(
            own.client_id == incident.c.client_id, own.department_id == incident.c.department_id
        ),
        select(theirs.allowed).where(
            theirs.organization_id == _of_client(client.c.organization_id),
            theirs.department_id == incident.c.department_id,
        ),
        select(department.c.open_to_all).where(department.c.id == incident.c.department_id),
    )
    return func.coalesce(*(one.correlate(incident).scalar_subquery() for one in ways))


def _of_client(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return select(column).where(client.c.id == incident.c.client_id).correlate(incident).scalar_subquery()


async def put_by(change: Change, client_ids: Sequence[int]) -> int:
    """What waited for the approval of clients who are disapproved now goes to quarantine."""
    waited = and_(
        incident.c.client_id.in_(client_ids), incident.c.folder == "inbox", incident.c.held_reason == WAITS
    )
    return await change.update_where(
        incident, waited, {"folder": "quarantine", "folder_before": "inbox", "held_reason": DISAPPROVED}
    )


async def count(connection: AsyncConnection, client_id: int) -> int:
    """How much of a client is held, counted whole: it is found by an index."""
    messages = and_(held.c.client_id == client_id, held.c.released_at.is_(None))
    # Not QUARANTINED, whose index SQLite would take: it holds the quarantine of everybody.
    incidents = and_(incident.c.client_id == client_id, incident.c.folder == "quarantine")
    one = select(func.count()).select_from(held).where(messages).scalar_subquery()
    other = select(func.count()).select_from(incident).where(incidents).scalar_subquery()
    return int((await connection.execute(select(one + other))).scalar_one())
