"""What a desk does by itself: bans whose time is over are lifted, deleted clients whose time is over are purged, the
journal is sealed and kept as long as set, clients that changed are compared with others for the queue of duplicates.
"""

import asyncio
import importlib
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, select
from sqlalchemy.exc import SQLAlchemyError

from console.data import lease, purge, retention, seal, statuses
from console.data.desk import Desk
from console.data.errors import DeskError
from console.data.impact import CHUNK
from console.data.models.clients import client
from console.data.records import Actor

log = logging.getLogger("helpdesk")
_PURGING, _LASTS = "purge", timedelta(minutes=30)
SYSTEM = Actor(None, "system", "the system", "admin", via="system")


@dataclass(frozen=True, slots=True)
class Kept:
    """What was done: bans lifted, entries sealed, details of old changes deleted, clients purged, clients compared."""

    lifted: int
    sealed: int
    pruned: int
    purged: int
    scored: int


async def keep(desk: Desk) -> Kept:
    """Do what is due. Any number of processes may; each thing is done once.

    A part that fails is written to the log and keeps none of the others from being done; the first error is raised
    at the end.
    """
    failed: list[DeskError | SQLAlchemyError] = []

    async def done(part: Callable[[Desk], Awaitable[int]]) -> int:
        try:
            return await part(desk)
        except (DeskError, SQLAlchemyError) as error:
            log.warning("housekeeping, %s: %s", part.__name__, error)
            failed.append(error)
            return 0

    lifted, purged = await done(lift_expired), await done(purge_due)
    pruned, sealed = await done(prune), await done(seal.seal)
    scored = await done(score)
    if failed:
        raise failed[0]
    return Kept(lifted, sealed, pruned, purged, scored)


async def prune(desk: Desk) -> int:
    """Delete the details of changes that are older than the settings say; returns how many."""
    async with desk.read() as connection:
        span = await retention.keep(connection)
    return await retention.prune(desk, SYSTEM, span) if span else 0


async def score(desk: Desk) -> int:
    """Learn from what staff decided, and compare clients that changed with others; returns how many were."""
    # Importing these takes longer than a key may wait.
    training = await asyncio.to_thread(importlib.import_module, "console.data.duplicates.training")
    feed = await asyncio.to_thread(importlib.import_module, "console.data.duplicates.feed")
    await training.learn_if_due(desk)
    return int(await feed.catch_up(desk))


async def lift_expired(desk: Desk) -> int:
    """Give clients whose ban has ended the status they had before; returns how many."""
    count = 0
    while lifted := await _lift_some(desk):
        count += lifted
    return count


async def _lift_some(desk: Desk) -> int:
    """Lift the next bans, those that ended first: as many as one statement can take."""
    over = and_(client.c.status == "banned", client.c.status_until <= desk.now())
    async with desk.read() as connection:
        some = select(client.c.id).where(over).order_by(client.c.status_until, client.c.id).limit(CHUNK)
        ended = (await connection.execute(some)).scalars().all()
    if not ended:
        return 0
    async with desk.change(SYSTEM, "client.unban", reason="its time is over") as change:
        mine = and_(client.c.id.in_(ended), over)
        await change.dialect.lock(change.connection, client, mine)  # or one renewed meanwhile would be lifted
        ids = (await change.connection.execute(select(client.c.id).where(mine))).scalars().all()
        if len(ids) == 1:
            change.entry.object_type, change.entry.object_id = "client", ids[0]
        return await statuses.lift(change, ids, "banned")


async def purge_due(desk: Desk) -> int:
    """Purge deleted clients whose time is over, and go on with purges that were stopped; returns how many.

    One process does it at a time. What fails is written to the log, and is due the next time.
    """
    async with desk.read() as connection:
        ids = await purge.due(connection, desk.now())
    holder = secrets.token_hex(8)
    count = 0
    for client_id in ids:
        async with desk.quiet() as connection:
            if not await lease.take(desk, connection, _PURGING, holder, _LASTS):
                return count
        try:
            await purge.purge(desk, SYSTEM, client_id)
            count += 1
        except (DeskError, SQLAlchemyError) as error:
            log.warning("purging client %s: %s", client_id, error)
    if ids:
        async with desk.quiet() as connection:
            await lease.give_back(connection, _PURGING, holder)
    return count
