"""SQLite's driver with fewer trips: a statement and its rows are one visit to the connection's thread.

aiosqlite goes there four times for a statement (a cursor, the statement, the rows, the end), which takes longer than
most of our statements do.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

import aiosqlite
from sqlalchemy import ClauseElement, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

AHEAD = 1000
"""Rows that are brought with the statement; those behind them are fetched as they are asked for."""


class OneTripCursor:
    """A cursor as SQLAlchemy uses it: opened, given one statement or many, read, closed."""

    def __init__(self, connection: "OneTripConnection") -> None:
        self._connection = connection
        self._cursor: sqlite3.Cursor | None = None
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Iterable[Any] = ()) -> Self:
        """Run a statement and bring its first rows."""
        await self._connection.visit(self._run, sql, parameters)
        return self

    async def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> Self:
        """Run a statement for each set of parameters."""
        await self._connection.visit(self._run_many, sql, parameters)
        return self

    async def fetchall(self) -> list[Any]:
        """All rows that are left."""
        rows, self._rows = self._rows, []
        if self._cursor is not None:
            rows += await self._connection.visit(self._rest)
        return rows

    async def fetchmany(self, size: int | None = None) -> Sequence[Any]:
        """The next rows."""
        wanted = size or self.arraysize
        if len(self._rows) < wanted and self._cursor is not None:
            self._rows += await self._connection.visit(self._fetch, wanted)
        rows, self._rows = self._rows[:wanted], self._rows[wanted:]
        return rows

    async def close(self) -> None:
        """Let go of rows that nobody has asked for."""
        self._rows = []
        if self._cursor is not None:
            await self._connection.visit(self._end)

    # In the connection's thread

    def _run(self, sql: str, parameters: Iterable[Any]) -> None:
        self._began(self._connection.bare.execute(sql, tuple(parameters)))
        if self.description is None:
            self._end()
        else:
            self._rows = self._fetch(AHEAD)

    def _run_many(self, sql: str, parameters: Iterable[Sequence[Any]]) -> None:
        self._began(self._connection.bare.executemany(sql, parameters))
        self._end()

    def _began(self, cursor: sqlite3.Cursor) -> None:
        self._cursor, self.description = cursor, cursor.description
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid

    def _fetch(self, size: int) -> list[Any]:
        assert self._cursor is not None
        rows = self._cursor.fetchmany(size)
        if len(rows) < size:
            self._end()
        return rows

    def _rest(self) -> list[Any]:
        assert self._cursor is not None
        rows = self._cursor.fetchall()
        self._end()
        return rows

    def _end(self) -> None:
        if self._cursor is not None:
            self.rowcount = self._cursor.rowcount  # of a statement with rows it is known when all are read
            self._cursor.close()
            self._cursor = None


class OneTripConnection(aiosqlite.Connection):
    """A connection whose cursors go to its thread once for each statement."""

    @property
    def bare(self) -> sqlite3.Connection:
        """The connection itself, for its own thread only."""
        return self._conn

    async def visit(self, work: Any, *given: Any) -> Any:
        """Run something in the connection's thread."""
        return await self._execute(work, *given)  # type: ignore[no-untyped-call]

    def cursor(self) -> Any:
        """A cursor, without going to the thread for it."""
        return OneTripCursor(self)


@lru_cache(maxsize=64)
def written(statement: ClauseElement, dialect: Dialect) -> tuple[str, tuple[str, ...]]:
    """A statement as SQLite reads it, and the names of its parameters in their order."""
    made: Any = statement.compile(dialect=dialect)
    return str(made), tuple(made.positiontup)


async def run_together(connection: AsyncConnection, statements: Sequence[tuple[str, Sequence[Any]]]) -> None:
    """Run statements of SQLite's, each for its rows, in one trip."""
    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    assert isinstance(driver, OneTripConnection)

    def run() -> None:
        for statement, rows in statements:
            try:
                driver.bare.executemany(statement, rows)
            except sqlite3.Error as error:
                raise DBAPIError.instance(statement, None, error, sqlite3.Error) from error

    await driver.visit(run)


def connect(database: str | Path, **options: Any) -> OneTripConnection:
    """A connection to a file, to be awaited; its thread keeps no process."""
    connection = OneTripConnection(lambda: sqlite3.connect(database, **options), iter_chunk_size=AHEAD)
    connection._thread.daemon = True
    return connection
