"""The feed: what was committed since a reader last looked, by any process, in an order that skips nothing.

On SQLite positions are counted under the write lock. On PostgreSQL an entry's position is its transaction's id,
and transactions commit in another order than they begin: an entry may appear before one that is already there.
So a cursor stands below the oldest transaction still running and remembers which entries it has shown beyond that.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.desk import Desk
from console.data.dialect import DIALECTS
from console.data.models.base import metadata
from console.data.models.journal import journal_entry, journal_item

LIMIT = 200
MANY = 100  # rows of one entry beyond which a reader does better to load anew than to look for each
entry = journal_entry.c


@dataclass(frozen=True, slots=True)
class FeedCursor:
    """Where a reader stands: the last entry that nothing can come before any more, and those shown beyond it."""

    position: int
    id: int
    ahead: frozenset[int] = frozenset()


START = FeedCursor(-1, -1)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One change: ``touched`` are the rows it wrote and the records they belong to, by table and id.

    ``many`` says that there are more than a hundred, or that the journal does not keep them: anything may differ.
    """

    id: int
    action: str
    actor_id: int | None
    client_id: int | None
    touched: frozenset[tuple[str, int]]
    many: bool


@dataclass(frozen=True, slots=True)
class FeedBatch:
    """Entries in feed order, where to go on from, and whether more are there already."""

    entries: tuple[FeedEntry, ...]
    cursor: FeedCursor
    more: bool


async def now(connection: AsyncConnection) -> FeedCursor:
    """The cursor from which only what this transaction does not see yet is new."""
    settled = DIALECTS[connection.dialect.name].settled()
    last = select(entry.position, entry.id).where(entry.position < settled)
    newest = last.order_by(entry.position.desc(), entry.id.desc()).limit(1)
    found = (await connection.execute(newest)).first()
    ahead = await connection.execute(select(entry.id).where(entry.position >= settled))
    position, record_id = (found[0], found[1]) if found else (START.position, START.id)
    return FeedCursor(position, record_id, frozenset(ahead.scalars()))


async def since(connection: AsyncConnection, cursor: FeedCursor | None, limit: int = LIMIT) -> FeedBatch:
    """What was committed after the cursor (None: from the beginning), at most ``limit`` entries."""
    cursor = cursor or START
    settled = DIALECTS[connection.dialect.name].settled()
    after = or_(
        entry.position > cursor.position, and_(entry.position == cursor.position, entry.id > cursor.id)
    )
    query = (
        select(journal_entry, (entry.position < settled).label("is_settled"))
        .where(entry.position >= cursor.position, after)
        .order_by(entry.position, entry.id)
        .limit(limit + len(cursor.ahead) + 1)
    )
    rows = (await connection.execute(query)).all()
    new = [row for row in rows if row.id not in cursor.ahead]
    more, new = len(new) > limit, new[:limit]
    passed = [row for row in rows if not more or (row.position, row.id) <= (new[-1].position, new[-1].id)]
    final = [row for row in passed if row.is_settled]
    position, record_id = (final[-1].position, final[-1].id) if final else (cursor.position, cursor.id)
    ahead = (cursor.ahead | {row.id for row in passed}) - {row.id for row in final}
    return FeedBatch(await _described(connection, new), FeedCursor(position, record_id, ahead), more)


async def _described(connection: AsyncConnection, rows: Sequence[Row[Any]]) -> tuple[FeedEntry, ...]:
    small = [row.id for row in rows if row.rows <= MANY]
    touched: dict[int, set[tuple[str, int]]] = defaultdict(set)
    items = select(
        journal_item.c.entry_id, journal_item.c.table_name, journal_item.c.row_id, journal_item.c.subject_id
    ).where(journal_item.c.entry_id.in_(small))
    for entry_id, table, row_id, subject_id in await connection.execute(items):
        touched[entry_id].add((table, row_id))
        if subject_id != row_id:
            touched[entry_id].add((subject_of(table), subject_id))
    return tuple(
        FeedEntry(
            row.id,
            row.action,
            row.actor_id,
            row.client_id,
            frozenset(touched[row.id]),
            many=bool(row.rows) and not touched[row.id],
        )
        for row in rows
    )


def subject_of(table: str) -> str:
    """The table of the records whose timelines rows of this one belong to."""
    model = metadata.tables.get(table)
    if model is None or "subject" not in model.info:
        return table
    (foreign,) = model.c[model.info["subject"]].foreign_keys
    return foreign.column.table.name


async def watch(
    desk: Desk, *, cursor: FeedCursor | None = None, interval: float = 1.0
) -> AsyncGenerator[FeedBatch, None]:
    """Yield what any process commits (this one, too) from ``cursor`` or now on, until the reader stops.

    ``interval`` is in seconds. No transaction stays open between two looks; on SQLite a look costs one pragma.
    """
    if cursor is None:
        async with desk.read() as connection:
            cursor = await now(connection)
    async with AsyncExitStack() as stack:
        watching = None
        if desk.dialect.name == "sqlite":
            watching = await stack.enter_async_context(desk.engine.connect())
        seen = None
        while True:
            version = await _data_version(watching) if watching else None
            if version is None or version != seen:
                async with desk.read() as connection:
                    batch = await since(connection, cursor)
                cursor = batch.cursor
                if batch.entries:
                    yield batch
                if batch.more:
                    continue
            seen = version
            await asyncio.sleep(interval)


async def _data_version(watching: AsyncConnection) -> int:
    """SQLite's count of what other connections have committed, asked of the driver so that no transaction begins."""
    driver: Any = (await watching.get_raw_connection()).driver_connection
    async with driver.execute("PRAGMA data_version") as rows:
        return int((await rows.fetchone())[0])
