"""How many groups wait in a queue, for the tabs: without what comparing takes to import."""

from sqlalchemy import and_, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.models.duplicates import duplicate_pair

COUNTED = 100

# In the words of the partial index, which no parameter implies.
LEADS = and_(duplicate_pair.c.group_id == duplicate_pair.c.id, duplicate_pair.c.queue != literal_column("''"))


async def count(connection: AsyncConnection, relation: str = "duplicate") -> int:
    """How many groups wait in a queue, counted up to 100."""
    some = (
        select(duplicate_pair.c.id).where(LEADS, duplicate_pair.c.queue == relation).limit(COUNTED).subquery()
    )
    return int((await connection.execute(select(func.count()).select_from(some))).scalar_one())
