"""Who changes much at once gives way to who changes little: it lets go of everything, and begins anew.

A merge has the clients' rows and waits for an incident, while somebody who has just written that incident waits for
the client's: PostgreSQL would end one of them, whichever. So a merge, and its undo, wait for a row less long than it
takes PostgreSQL to see that, and are done once more; nobody else notices.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from console.data.desk import Desk
from console.data.errors import DatabaseBusy
from console.data.locations import BUSY_SECONDS

T = TypeVar("T")
_PAUSE = (0.02, 0.1)  # seconds


async def giving_way(desk: Desk, work: Callable[[], Awaitable[T]]) -> T:
    """Do ``work``, one transaction that may be begun anew (see ``Dialect.give_way``), until nobody is in its way.

    DatabaseBusy where somebody is for as long as a writer waits for another on SQLite.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + BUSY_SECONDS
    while True:
        try:
            return await work()
        except DatabaseBusy:
            if desk.location.path is not None or loop.time() > until:
                raise
        await asyncio.sleep(random.uniform(*_PAUSE))
