"""The same rows on PostgreSQL: every table of a SQLite file copied, its indexes made after."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Date, Table
from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks.big.tables import PIECE, Row
from console.data.desk import Desk
from console.data.models import metadata

# What a database has of its own.
_OWN = ("about", "lease", "node", "journal_entry", "journal_item", "journal_seal")
_INDEXES = """SELECT format('DROP INDEX %I', indexname), indexdef FROM pg_indexes
    WHERE schemaname = current_schema() AND indexname NOT IN (SELECT conname FROM pg_constraint)"""
_REFERENCES = """SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
    format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"""


async def copy(path: Path, desk: Desk) -> None:
    """Fill an empty desk on PostgreSQL."""
    source = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        async with desk.quiet() as connection:
            later = [row for query in (_INDEXES, _REFERENCES) for row in await _all(connection, query)]
            for drop, _ in later:
                await connection.exec_driver_sql(drop)
            for table in metadata.sorted_tables:
                if table.name not in _OWN:
                    await _copy_table(source, connection, table)
            await connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '512MB'")
            for _, make in later:
                await connection.exec_driver_sql(make)
        await _analyze(desk)
    finally:
        source.close()


async def _all(connection: AsyncConnection, query: str) -> list[tuple[str, str]]:
    rows: list[Any] = list(await connection.exec_driver_sql(query))
    return [(row[0], row[1]) for row in rows]


async def _copy_table(source: sqlite3.Connection, connection: AsyncConnection, table: Table) -> None:
    await connection.execute(table.delete())
    columns = [column.name for column in table.columns]
    rows = source.execute(f"SELECT {', '.join(columns)} FROM {table.name}")
    driver: Any = (await connection.get_raw_connection()).driver_connection
    for piece in _pieces(rows, _converters(table)):
        await driver.copy_records_to_table(table.name, records=piece, columns=columns)


def _converters(table: Table) -> list[tuple[int, Callable[[Any], Any]]]:
    """What SQLite keeps otherwise: the places of such columns, and what makes a value of them."""
    found: list[tuple[int, Callable[[Any], Any]]] = []
    for place, column in enumerate(table.columns):
        if isinstance(column.type, Boolean):
            found.append((place, bool))
        elif isinstance(column.type, Date):
            found.append((place, date.fromisoformat))
    return found


def _pieces(rows: sqlite3.Cursor, converters: list[tuple[int, Callable[[Any], Any]]]) -> Iterator[list[Row]]:
    while piece := rows.fetchmany(PIECE):
        yield [_converted(row, converters) for row in piece] if converters else piece


def _converted(row: Row, converters: list[tuple[int, Callable[[Any], Any]]]) -> Row:
    values = list(row)
    for place, convert in converters:
        if values[place] is not None:
            values[place] = convert(values[place])
    return tuple(values)


async def _analyze(desk: Desk) -> None:
    """What the server would do by itself a little later."""
    async with desk.engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        await driver.execute("VACUUM ANALYZE")
