"""What staff have typed into forms and notes and not saved yet: kept as it is typed; a dropped line loses nothing.

It is no change, so the journal knows nothing of it. ``scope`` names the form and the record it is about
('client.edit:250019078565798977'); each member of staff has at most one draft of a scope.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.desk import Desk
from console.data.models.staff import draft

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Unsaved:
    """A draft: what was typed, field by field, and when."""

    scope: str
    fields: dict[str, str]
    saved_at: datetime


async def keep(desk: Desk, staff_id: int, scope: str, fields: Mapping[str, str]) -> None:
    """Keep what is typed so far, in place of what was kept before."""
    written = json.dumps(dict(fields), ensure_ascii=True)
    new_id = await desk.new_id()
    mine = and_(draft.c.staff_id == staff_id, draft.c.scope == scope)
    values = {"fields": written, "saved_at": desk.now()}
    async with desk.quiet() as connection:
        if not (await connection.execute(update(draft).where(mine).values(values))).rowcount:
            await connection.execute(
                insert(draft).values(id=new_id, staff_id=staff_id, scope=scope, **values)
            )


async def load(connection: AsyncConnection, staff_id: int, scope: str) -> Unsaved | None:
    """What was kept of a scope; None if nothing."""
    query = select(draft).where(draft.c.staff_id == staff_id, draft.c.scope == scope)
    row = (await connection.execute(query)).first()
    return None if row is None else Unsaved(row.scope, json.loads(row.fields), row.saved_at)


async def of_staff(connection: AsyncConnection, staff_id: int) -> list[Unsaved]:
    """Everything somebody has not saved, the newest first."""
    query = select(draft).where(draft.c.staff_id == staff_id).order_by(draft.c.saved_at.desc()).limit(SHOWN)
    rows = await connection.execute(query)
    return [Unsaved(row.scope, json.loads(row.fields), row.saved_at) for row in rows]


async def drop(desk: Desk, staff_id: int, scope: str) -> None:
    """It is saved, or no longer wanted."""
    mine = and_(draft.c.staff_id == staff_id, draft.c.scope == scope)
    async with desk.read() as connection:
        if (await connection.execute(select(draft.c.id).where(mine))).first() is None:
            return
    async with desk.quiet() as connection:
        await connection.execute(delete(draft).where(mine))
