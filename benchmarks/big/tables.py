"""Bulk writing through the real schema: rows in the order of a table's columns, indexes made after the load."""

import itertools
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from console.data.ids import first_of
from console.data.models import metadata

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)  # the moment at which the base is as it is
START = datetime(2025, 1, 1, tzinfo=UTC)
NOW_MS = int(AT.timestamp() * 1000)
START_MS = int(START.timestamp() * 1000)
PIECE = 20_000

Row = tuple[Any, ...]


def spread(text: str) -> tuple[str, ...]:
    """The words of a text: columns, or a stock of words."""
    return tuple(text.split())


def record_id(milliseconds: int, number: int) -> int:
    """An id as one made at that time would be, the same every time."""
    return first_of(milliseconds) | (number & 0x3FFFFF)


@contextmanager
def loading(path: Path, tables: Sequence[str]) -> Iterator[sqlite3.Connection]:
    """A connection that writes without logs and checks; the tables' indexes are made again in the end."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -400000"):
        connection.execute(f"PRAGMA {pragma}")
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN"
        f" ({', '.join('?' * len(tables))})",
        tables,
    ).fetchall()
    try:
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        connection.execute("BEGIN")
        yield connection
        connection.execute("COMMIT")
        for _, sql in indexes:
            connection.execute(sql)
        connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


def insert(connection: sqlite3.Connection, table: str, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Insert rows of a table that name these columns; returns how many."""
    known = metadata.tables[table].c
    marks = ", ".join("?" * len([known[name] for name in columns]))
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
    return sum(connection.executemany(statement, piece).rowcount for piece in pieces(rows))


def pieces(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """The rows, some thousands at a time."""
    source = iter(rows)
    while piece := list(itertools.islice(source, PIECE)):
        yield piece
