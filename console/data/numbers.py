"""The readable numbers of incidents, and the hashes that nobody can guess."""

import secrets
from collections.abc import Callable
from typing import Any

from sqlalchemy import Table, case, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.change import Change
from console.data.models.incidents import counter, incident

HASH_BYTES = 12  # 96 random bits: twice as many as anybody could try


async def next_number(change: Change) -> int:
    """A number no incident has or had; one that is not used after all leaves a gap.

    On PostgreSQL it is taken in a transaction of its own, so that nobody waits for this one to end; on SQLite this
    one is the only writer.
    """
    if change.dialect.name == "sqlite":
        return await _take(change.connection, sqlite.insert)
    async with change.connection.engine.begin() as own:
        return await _take(own, postgresql.insert)


async def _take(connection: AsyncConnection, insert: Callable[[Table], Any]) -> int:
    used = select(func.coalesce(func.max(incident.c.number), 0)).scalar_subquery()
    first = insert(counter).values(name="incident", value=used + 1)
    higher = case((counter.c.value > used, counter.c.value), else_=used)
    taken = first.on_conflict_do_update(index_elements=["name"], set_={"value": higher + 1})
    return int((await connection.execute(taken.returning(counter.c.value))).scalar_one())


def new_hash() -> str:
    """What names an incident to its sender: 24 hexadecimal digits, from the system's own randomness."""
    return secrets.token_hex(HASH_BYTES)
