"""The readable numbers of incidents, and the hashes that nobody can guess."""

import secrets

from sqlalchemy import case, func, select
from sqlalchemy.dialects import postgresql, sqlite

from console.data.change import Change
from console.data.models.incidents import counter, incident

HASH_BYTES = 12  # 96 random bits: twice as many as anybody could try


async def next_number(change: Change) -> int:
    """A number no incident has or had; one that is not used after all leaves a gap.

    Whoever takes one holds the counter to the end of the change, so it is taken before any other row is locked:
    two of us then wait for each other here and nowhere else.
    """
    used = select(func.coalesce(func.max(incident.c.number), 0)).scalar_subquery()
    insert = postgresql.insert if change.dialect.name == "postgresql" else sqlite.insert
    first = insert(counter).values(name="incident", value=used + 1)
    higher = case((counter.c.value > used, counter.c.value), else_=used)
    taken = first.on_conflict_do_update(index_elements=["name"], set_={"value": higher + 1})
    return int((await change.connection.execute(taken.returning(counter.c.value))).scalar_one())


def new_hash() -> str:
    """What names an incident to its sender: 24 hexadecimal digits, from the system's own randomness."""
    return secrets.token_hex(HASH_BYTES)
