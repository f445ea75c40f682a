"""What a desk does by itself: bans whose time is over are lifted, deleted clients whose time is over are purged, the
journal is sealed and kept as long as set.
"""

import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, select

from console.data import lease, purge, retention, seal, statuses
from console.data.desk import Desk
from console.data.errors import DeskError
from console.data.models.clients import client
from console.data.records import Actor

log = logging.getLogger("helpdesk")
_PURGING, _LASTS = "purge", timedelta(minutes=30)
SYSTEM = Actor(None, "system", "the system", "admin", via="system")


@dataclass(frozen=True, slots=True)
class Kept:
    """What was done: bans lifted, entries sealed, details of old changes deleted, clients purged."""

    lifted: int
    sealed: int
    pruned: int
    purged: int


async def keep(desk: Desk) -> Kept:
    """Do what is due. Any number of processes may; each thing is done once."""
    lifted = await lift_expired(desk)
    purged = await purge_due(desk)
    async with desk.read() as connection:
        span = await retention.keep(connection)
    pruned = await retention.prune(desk, SYSTEM, span) if span else 0
    return Kept(lifted, await seal.seal(desk), pruned, purged)


async def lift_expired(desk: Desk) -> int:
    """Give clients whose ban has ended the status they had before; returns how many."""
    over = and_(client.c.status == "banned", client.c.status_until <= desk.now())
    async with desk.read() as connection:
        if (await connection.execute(select(client.c.id).where(over).limit(1))).first() is None:
            return 0
    async with desk.change(SYSTEM, "client.unban", reason="its time is over") as change:
        await change.dialect.lock(change.connection, client, over)  # or one renewed meanwhile would be lifted
        ids = (await change.connection.execute(select(client.c.id).where(over))).scalars().all()
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
        except DeskError as error:
            log.warning("purging client %s: %s", client_id, error)
    if ids:
        async with desk.quiet() as connection:
            await lease.give_back(connection, _PURGING, holder)
    return count
