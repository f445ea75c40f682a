"""What a desk does by itself: bans whose time is over are lifted, the journal is sealed and kept as long as set."""

from dataclasses import dataclass

from sqlalchemy import and_, select

from console.data import retention, seal, statuses
from console.data.desk import Desk
from console.data.models.clients import client
from console.data.records import Actor

SYSTEM = Actor(None, "system", "the system", "admin", via="system")


@dataclass(frozen=True, slots=True)
class Kept:
    """What was done: bans lifted, entries sealed, details of old changes deleted."""

    lifted: int
    sealed: int
    pruned: int


async def keep(desk: Desk) -> Kept:
    """Do what is due. Any number of processes may; each thing is done once."""
    lifted = await lift_expired(desk)
    async with desk.read() as connection:
        span = await retention.keep(connection)
    pruned = await retention.prune(desk, SYSTEM, span) if span else 0
    return Kept(lifted, await seal.seal(desk), pruned)


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
