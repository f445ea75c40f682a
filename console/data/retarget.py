"""Open incidents get other due times where the targets that hold for them have changed."""

from collections.abc import Hashable
from typing import Any

from sqlalchemy import ColumnElement, and_, select, text

from console.data import due
from console.data.change import Change
from console.data.models.incidents import OPEN, incident

PAGE = 500


async def retarget(change: Change, whose: ColumnElement[bool], kind: str, priority: str) -> int:
    """Set the clocks of open incidents of a kind and priority by the targets that hold now; returns how many differ."""
    known: dict[Hashable, Any] = {}
    last, count = -(1 << 63), 0
    mine = and_(whose, incident.c.kind == kind, incident.c.priority == priority, text(OPEN))
    while True:
        query = select(incident).where(mine, incident.c.id > last).order_by(incident.c.id).limit(PAGE)
        rows = (await change.connection.execute(query)).all()
        for row in rows:
            key = (row.client_id, row.department_id)
            if key not in known:
                known[key] = await due.targets(
                    change.connection,
                    client_id=row.client_id,
                    department_id=row.department_id,
                    kind=kind,
                    priority=priority,
                )
            if row.department_id not in known:
                known[row.department_id] = await due.schedule_of(change.connection, row.department_id)
            values = due.again(row, known[key], known[row.department_id])
            count += await change.update(incident, row.id, **values)
        if len(rows) < PAGE:
            return count
        last = rows[-1].id
