"""What a migration leaves to be made from the rows that were there: done after it, in steps, each kept.

``about`` says where it stands ('note 17': the next note is the one behind 17). Until it is done, the database is not
opened; where it is stopped, ``helpdesk migrate`` goes on.
"""

from collections.abc import Awaitable, Callable
from functools import partial

from sqlalchemy import Table, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from console.data import search, texts
from console.data.dialect import DIALECTS
from console.data.models.clients import client
from console.data.models.duplicates import duplicate_form, duplicate_key
from console.data.models.journal import about

MARK = "texts_to_fill"
STEP = 5_000
_CLIENTS = 500

Progress = Callable[[str, int, int], None]
"""Told what is being read ('message'), how many of them so far, and how many there are."""
Filler = Callable[[AsyncConnection, int, int], Awaitable[tuple[int, int]]]
"""Makes what belongs to the next rows behind an id, at most so many; the last one's id, and how many there were."""


async def _client_words(connection: AsyncConnection, after: int, limit: int) -> tuple[int, int]:
    done = 0
    while done < limit:
        some = select(client.c.id).where(client.c.id > after).order_by(client.c.id).limit(_CLIENTS)
        ids = list((await connection.execute(some)).scalars())
        if not ids:
            break
        await search.refresh_clients(connection, ids)
        after, done = ids[-1], done + len(ids)
    return after, done


async def _forms(connection: AsyncConnection, after: int, limit: int) -> tuple[int, int]:
    from console.data.duplicates import store  # slow to import, and only a migration fills

    return await store.fill(connection, after, limit)


async def _keys(connection: AsyncConnection, after: int, limit: int) -> tuple[int, int]:
    from console.data.duplicates import store

    return await store.fill_keys(connection, after, limit)


FILLERS: dict[str, tuple[Table, Filler]] = {
    client.name: (client, _client_words),
    **{name: (prose.table, partial(texts.fill, prose)) for name, prose in texts.PROSE.items()},
    duplicate_form.name: (client, _forms),
    duplicate_key.name: (client, _keys),
}
_ORDER = tuple(FILLERS)


async def unfinished(connection: AsyncConnection) -> str | None:
    """Where the filling stands, None where there is nothing to fill."""
    found = await connection.execute(select(about.c.value).where(about.c.name == MARK))
    return found.scalar()


async def fill(engine: AsyncEngine, progress: Progress | None = None) -> None:
    """Do all that is left; two processes that do it at once share the work."""
    async with engine.connect() as connection, connection.begin():
        name = (await unfinished(connection) or "").partition(" ")[0]
    while name:
        async with engine.connect() as connection, connection.begin():
            everything = select(func.count()).select_from(FILLERS[name][0])
            total = (await connection.execute(everything)).scalar_one()
        done, now = 0, name
        while now == name:
            number, now = await _step(engine)
            done += number
            if progress is not None:
                progress(FILLERS[name][0].name, min(done, total), total)
        name = now


async def _step(engine: AsyncEngine) -> tuple[int, str]:
    """Make what belongs to the next rows; how many there were, and of which table the next are ('' at the end)."""
    async with engine.connect() as connection:
        connection = await connection.execution_options(desk_writes=True)
        async with connection.begin():
            await DIALECTS[engine.dialect.name].alone(connection, MARK)
            if (stands := await unfinished(connection)) is None:
                return 0, ""
            name, _, after = stands.partition(" ")
            last, number = await FILLERS[name][1](connection, int(after), STEP)
            if number < STEP:
                rest = _ORDER[_ORDER.index(name) + 1 :]
                name, last = (rest[0], -1) if rest else ("", -1)
            mine = about.c.name == MARK
            kept = update(about).where(mine).values(value=f"{name} {last}")
            await connection.execute(kept if name else delete(about).where(mine))
            return number, name
