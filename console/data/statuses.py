"""The status of clients: given, and, where it is a ban or a spam mark, lifted again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, select

from console.data.change import Change
from console.data.models.clients import client

LIFTABLE = ("banned", "spam")  # statuses that are lifted, giving back the one before


async def give(
    change: Change, ids: Sequence[int], status: str, *, reason: str = "", until: datetime | None = None
) -> int:
    """Give clients a status; what they had before is kept, so that a ban or a spam mark can be lifted."""
    lifted = client.c.status.in_(LIFTABLE)
    stacked = client.c.status_before.concat(">").concat(client.c.status)
    before: Any = case((lifted, stacked), else_=client.c.status) if status in LIFTABLE else ""
    values = _status(change, status, before) | {"status_reason": reason, "status_until": until}
    return await change.update_where(client, and_(client.c.id.in_(ids), client.c.status != status), values)


async def lift(change: Change, ids: Sequence[int], status: str) -> int:
    """Lift ``status`` (banned or spam): each client gets the status they had before it."""
    mine = and_(client.c.id.in_(ids), client.c.status == status)
    stacks = (
        await change.connection.execute(select(client.c.status_before).where(mine).distinct())
    ).scalars()
    count = 0
    for stack in stacks.all():
        rest, _, former = stack.rpartition(">")
        values = _status(change, former or "pending", rest) | {"status_reason": "", "status_until": None}
        count += await change.update_where(client, and_(mine, client.c.status_before == stack), values)
    return count


def _status(change: Change, status: str, before: Any) -> dict[str, Any]:
    return {
        "status": status,
        "status_before": before,
        "status_by": change.actor.staff_id,
        "status_at": change.at,
    }
