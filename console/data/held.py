"""Quarantine: messages of senders who may not submit, and incidents that wait for staff; each can be released."""

from collections.abc import Sequence

from sqlalchemy import and_, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.change import Change
from console.data.models.incidents import held, incident
from console.data.records import Submission
from console.data.senders import Sender

QUARANTINED = and_(incident.c.folder == "quarantine", incident.c.folder != literal_column("'inbox'"))
"""That an incident is in quarantine; the second half is in the words of the partial index, so that it serves."""

WAITS = "Waits until the client is approved."
DISAPPROVED = "The client is disapproved."


def no_access(department: str) -> str:
    """Why an incident is held whose client may not submit to a department."""
    return f"They have no access to {department}."


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
    """What waited for the approval of clients goes on, and what was held because they were disapproved."""
    theirs = incident.c.client_id.in_(client_ids)
    waited = and_(theirs, incident.c.held_reason == WAITS)
    count = await change.update_where(incident, waited, {"held_reason": ""})
    kept = and_(theirs, QUARANTINED, incident.c.held_reason == DISAPPROVED)
    return count + await change.update_where(
        incident, kept, {"folder": "inbox", "folder_before": "", "held_reason": ""}
    )


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
    incidents = and_(incident.c.client_id == client_id, QUARANTINED)
    one = select(func.count()).select_from(held).where(messages).scalar_subquery()
    other = select(func.count()).select_from(incident).where(incidents).scalar_subquery()
    return int((await connection.execute(select(one + other))).scalar_one())
