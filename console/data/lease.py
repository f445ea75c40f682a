"""Work that one process at a time may do: sealing, scoring, sending."""

from datetime import timedelta

from sqlalchemy import delete, insert, or_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.desk import Desk
from console.data.models.journal import lease


async def take(desk: Desk, connection: AsyncConnection, name: str, holder: str, lasts: timedelta) -> bool:
    """Hold the lease for ``lasts`` from now on; False while another holds it. In a transaction of ``desk.quiet``."""
    now = desk.now()
    free = or_(lease.c.holder == holder, lease.c.until < now)
    taken = update(lease).where(lease.c.name == name, free).values(holder=holder, until=now + lasts)
    if (await connection.execute(taken)).rowcount:
        return True
    try:
        async with connection.begin_nested():
            await connection.execute(insert(lease).values(name=name, holder=holder, until=now + lasts))
    except IntegrityError:
        return False
    return True


async def give_back(connection: AsyncConnection, name: str, holder: str) -> None:
    """Let another process have it at once."""
    await connection.execute(delete(lease).where(lease.c.name == name, lease.c.holder == holder))
