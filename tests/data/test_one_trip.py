"""SQLite's driver with fewer trips gives what the usual one gives: rows, counts, ids, errors, long results in parts."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, bindparam, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from console.data.locations import locate, make_engine
from console.data.one_trip import AHEAD, OneTripCursor, connect, run_together, written

MANY = AHEAD * 3 + 7


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    engine = make_engine(locate(str(tmp_path / "trips.db")))
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE one (id INTEGER PRIMARY KEY, name TEXT UNIQUE)"))
        await connection.execute(
            text("INSERT INTO one (id, name) VALUES (:id, :name)"),
            [{"id": number, "name": f"n{number}"} for number in range(MANY)],
        )
    yield engine
    await engine.dispose()


@pytest.mark.parametrize("limit", [0, 1, AHEAD - 1, AHEAD, AHEAD + 1, MANY])
async def test_all_rows_come_in_order_however_many(engine: AsyncEngine, limit: int) -> None:
    async with engine.connect() as connection:
        query = text("SELECT id FROM one ORDER BY id LIMIT :limit")
        rows = (await connection.execute(query, {"limit": limit})).scalars().all()
    assert rows == list(range(limit))


async def test_a_stream_is_read_in_parts_and_may_be_left(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        query = text("SELECT id FROM one ORDER BY id")
        async with connection.stream(query, execution_options={"yield_per": 100}) as result:
            rows = [row.id async for row in result]
        assert rows == list(range(MANY))
        async with connection.stream(query, execution_options={"yield_per": 100}) as result:
            assert (await result.fetchone() or (None,))[0] == 0
        await connection.rollback()
    async with engine.begin() as connection:  # no cursor left open keeps the table
        await connection.execute(text("DROP TABLE one"))


async def test_a_long_result_is_not_brought_whole(tmp_path: Path, engine: AsyncEngine) -> None:
    connection: Any = await connect(tmp_path / "trips.db")
    cursor = OneTripCursor(connection)
    await cursor.execute("SELECT id FROM one ORDER BY id")
    assert len(cursor._rows) == AHEAD
    assert [row[0] for row in await cursor.fetchmany(AHEAD + 5)] == list(range(AHEAD + 5))
    assert [row[0] for row in await cursor.fetchall()] == list(range(AHEAD + 5, MANY))
    await cursor.close()
    await connection.close()


async def test_counts_and_returned_rows_are_those_of_the_statement(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        changed = await connection.execute(text("UPDATE one SET name = name || 'x' WHERE id < 10"))
        assert changed.rowcount == 10
        gone = await connection.execute(text("DELETE FROM one WHERE id < 3 RETURNING id"))
        assert sorted(gone.scalars()) == [0, 1, 2]


async def test_errors_keep_their_kind_and_the_connection_goes_on(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        with pytest.raises(IntegrityError):
            await connection.execute(text("INSERT INTO one (id, name) VALUES (-1, 'n1')"))
        await connection.rollback()
        with pytest.raises(OperationalError):
            await connection.execute(text("SELECT nothing FROM nowhere"))
        await connection.rollback()
        assert (await connection.execute(text("SELECT count(*) FROM one"))).scalar_one() == MANY


async def test_statements_run_together_fail_as_statements_do(engine: AsyncEngine) -> None:
    insert, rename = "INSERT INTO one (id, name) VALUES (?, ?)", "UPDATE one SET name = ? WHERE id = ?"
    async with engine.begin() as connection:
        await run_together(connection, [(rename, [("a", 1), ("b", 2)]), (insert, []), (insert, [(-1, "c")])])
    with pytest.raises(IntegrityError):
        async with engine.begin() as connection:
            await run_together(connection, [(rename, [("d", 1)]), (insert, [(-2, "e"), (-3, "b")])])
    async with engine.connect() as connection:
        rows = await connection.execute(text("SELECT id, name FROM one WHERE id < 3 AND id <> 0 ORDER BY id"))
        assert [tuple(row) for row in rows] == [(-1, "c"), (1, "a"), (2, "b")]


async def test_a_statement_is_written_with_its_parameters_in_order(engine: AsyncEngine) -> None:
    one = Table("one", MetaData(), Column("id", Integer), Column("name", String))
    statement = one.update().where(one.c.id == bindparam("which")).values(name=bindparam("called"))
    sql, names = written(statement, engine.dialect)
    assert names == ("called", "which")
    async with engine.begin() as connection:
        await run_together(connection, [(sql, [("x", 5)])])
        assert (await connection.execute(text("SELECT name FROM one WHERE id = 5"))).scalar() == "x"
