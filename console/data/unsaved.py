"""What staff have typed into forms and notes and not saved yet: kept as it is typed; a dropped line loses nothing.

It is no change, so the journal knows nothing of it. ``scope`` names the form and the record it is about
('client.edit:250019078565798977'); each member of staff has at most one draft of a scope.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.desk import Desk
from console.data.models.clients import client
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


async def take_over(desk: Desk, staff_id: int, scope: str) -> None:
    """Bring along what was typed about a client who is merged into the one of this scope, unless there is more."""
    what, _, about = scope.partition(":")
    if not about.isdecimal():
        return
    async with desk.read() as connection:
        absorbed = select(client.c.id).where(client.c.absorbed_into == int(about))
        scopes = {one: f"{what}:{one}" for one in (await connection.execute(absorbed)).scalars()}
        if not scopes:
            return
        theirs = draft.c.scope.in_([scope, *scopes.values()])
        query = select(draft.c.id, draft.c.scope).where(draft.c.staff_id == staff_id, theirs)
        found = (await connection.execute(query.order_by(draft.c.saved_at.desc()))).all()
    if found and all(row.scope != scope for row in found):
        async with desk.quiet() as connection:
            await connection.execute(update(draft).where(draft.c.id == found[0].id).values(scope=scope))


async def merged_away(connection: AsyncConnection, drafts: Sequence[Unsaved]) -> set[str]:
    """The scopes of these drafts that are about a single client who was merged into another since."""
    about = {one.scope: one.scope.partition(":")[2] for one in drafts}
    ids = {scope: int(text) for scope, text in about.items() if text.isdecimal()}
    query = select(client.c.id).where(client.c.id.in_(ids.values()), client.c.absorbed_into.is_not(None))
    gone = {*(await connection.execute(query)).scalars()} if ids else set()
    return {scope for scope, one in ids.items() if one in gone}


async def drop(desk: Desk, staff_id: int, scope: str) -> None:
    """It is saved, or no longer wanted."""
    mine = and_(draft.c.staff_id == staff_id, draft.c.scope == scope)
    async with desk.read() as connection:
        if (await connection.execute(select(draft.c.id).where(mine))).first() is None:
            return
    async with desk.quiet() as connection:
        await connection.execute(delete(draft).where(mine))
