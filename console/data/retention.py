"""How long the journal keeps the details of changes: the setting, and the command that carries it out."""

import json
from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.change import Change
from console.data.desk import Desk
from console.data.errors import Invalid, Refused
from console.data.models.journal import journal_entry, journal_item
from console.data.models.settings import setting
from console.data.records import Actor
from console.data.seal import erase, seal

KEEP_DAYS = "journal_keep_days"
FIXED = "The journal no longer keeps the details of this change, so it cannot be undone."
CHUNK = 20_000
entry, item = journal_entry.c, journal_item.c


async def keep(connection: AsyncConnection) -> timedelta | None:
    """How long details are kept, by the setting ``journal_keep_days``; None (or 0 days): for ever."""
    query = select(setting.c.value).where(setting.c.name == KEEP_DAYS)
    value = (await connection.execute(query)).scalar()
    days = json.loads(value) if value else 0
    return timedelta(days=days) if days else None


async def prune(desk: Desk, actor: Actor, keep: timedelta) -> int:
    """Delete the details of changes older than ``keep``; the entries stay, and say that they cannot be undone.

    In chunks, each an entry of its own, so that it may be stopped at any time and others can work meanwhile.
    Returns how many details were deleted.
    """
    if actor.role != "admin":
        raise Refused("Only an admin shortens the journal.")
    if keep < timedelta(days=1):
        raise Invalid("keep", "Keep at least one day of the journal.")
    await seal(desk)  # what was there is proven before it goes
    until, total, batch_id = desk.now() - keep, 0, await desk.new_id()
    while True:
        async with desk.change(
            actor, "journal.prune", detail=f"before {until:%Y-%m-%d}", batch_id=batch_id
        ) as change:
            deleted = await _prune_some(change, until)
        if not deleted:
            return total
        total += deleted


async def _prune_some(change: Change, until: datetime) -> int:
    """Prune the oldest entries, as many as have ``CHUNK`` details together, or one that has more."""
    connection = change.connection
    kept = exists().where(item.entry_id == entry.id)
    oldest = select(entry.id, entry.rows).where(entry.at < until, kept).order_by(entry.id).limit(1000)
    ids: list[int] = []
    rows = 0
    for row in await connection.execute(oldest):
        if ids and rows + row.rows > CHUNK:
            break
        ids.append(row.id)
        rows += row.rows
    if not ids:
        return 0
    deleted = await erase(connection, entry.id.in_(ids), texts=False)
    silent = entry.id.in_(ids) & (entry.fixed == "")
    await connection.execute(update(journal_entry).where(silent).values(fixed=FIXED))
    change.took_away(deleted)
    change.entry.fixed = "What the journal has given up cannot be brought back."
    return deleted
