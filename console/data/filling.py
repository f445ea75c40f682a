"""What a migration leaves to be made from the rows that were there: done after it, in steps, each kept.

``about`` says where it stands ('note 17': the next note is the one behind 17). Until it is done, the database is not
opened; where it is stopped, ``helpdesk migrate`` goes on.
"""

from collections.abc import Callable

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from console.data import texts
from console.data.dialect import DIALECTS
from console.data.models.journal import about

MARK = "texts_to_fill"
STEP = 5_000
_ORDER = tuple(texts.PROSE)

Progress = Callable[[str, int, int], None]
"""Told what is being read ('message'), how many of them so far, and how many there are."""


async def unfinished(connection: AsyncConnection) -> str | None:
    """Where the filling stands, None where there is nothing to fill."""
    found = await connection.execute(select(about.c.value).where(about.c.name == MARK))
    return found.scalar()


async def fill(engine: AsyncEngine, progress: Progress | None = None) -> None:
    """Do all that is left; two processes that do it at once share the work."""
    async with engine.connect() as connection, connection.begin():
        name = (await unfinished(connection) or "").partition(" ")[0]
    while name:
        table = texts.PROSE[name].table
        async with engine.connect() as connection, connection.begin():
            total = (await connection.execute(select(func.count()).select_from(table))).scalar_one()
        done, now = 0, name
        while now == name:
            number, now = await _step(engine)
            done += number
            if progress is not None:
                progress(name, min(done, total), total)
        name = now


async def _step(engine: AsyncEngine) -> tuple[int, str]:
    """Index the next rows; returns how many there were, and of which table the next ones are ('' at the end)."""
    async with engine.connect() as connection:
        connection = await connection.execution_options(desk_writes=True)
        async with connection.begin():
            await DIALECTS[engine.dialect.name].alone(connection, MARK)
            stands = await unfinished(connection)
            if stands is None:
                return 0, ""
            name, _, after = stands.partition(" ")
            last, number = await texts.fill(connection, texts.PROSE[name], int(after), STEP)
            if number < STEP:
                rest = _ORDER[_ORDER.index(name) + 1 :]
                name, last = (rest[0], -1) if rest else ("", -1)
            mine = about.c.name == MARK
            stands_now = update(about).where(mine).values(value=f"{name} {last}")
            await connection.execute(stands_now if name else delete(about).where(mine))
            return number, name
