"""The same SQL without the data layer: what a call sent is caught, and sent again through the bare driver."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import event

from console.data.desk import Desk

Sent = tuple[str, Any]
Bare = Callable[[list[Sent]], Awaitable[None]]
_PRAGMAS = ("temp_store = MEMORY", "cache_size = -32768", "mmap_size = 268435456")


@contextmanager
def caught(desk: Desk) -> Iterator[list[Sent]]:
    """The statements and parameters that are sent meanwhile."""
    sent: list[Sent] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement != "BEGIN":
            sent.append((statement, parameters))

    engine = desk.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def bare(desk: Desk) -> tuple[Bare, Callable[[], Awaitable[None]]]:
    """What sends statements through the driver alone and reads all rows, and what closes it."""
    if desk.location.path is not None:
        return _sqlite(desk.location.path)
    url = desk.location.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(url)

    async def fetch(sent: list[Sent]) -> None:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            for statement, parameters in sent:
                await connection.fetch(statement, *parameters)

    return fetch, connection.close


def _sqlite(path: Path) -> tuple[Bare, Callable[[], Awaitable[None]]]:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")

    async def fetch(sent: list[Sent]) -> None:
        connection.execute("BEGIN")
        for statement, parameters in sent:
            connection.execute(statement, parameters).fetchall()
        connection.execute("COMMIT")

    async def close() -> None:
        connection.close()

    return fetch, close
