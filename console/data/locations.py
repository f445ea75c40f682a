"""Where a database is: the ways to write it down, and the engine behind it."""

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from console.data.errors import DatabaseError

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}
_FORMS = "sqlite:///FILE, postgresql://USER@HOST/NAME, or the path of a file"
BUSY_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Location:
    """One database: its URL with our driver, and the file where it is SQLite."""

    url: URL
    path: Path | None

    @property
    def shown(self) -> str:
        """How to name it to the user: the path, or the URL without its password."""
        return str(self.path) if self.path else self.url.set(drivername="postgresql").render_as_string()


def locate(given: str) -> Location:
    """The location a user wrote as a URL (any driver suffix) or as a path; DatabaseError if it is neither."""
    if "://" not in given:
        return _file(Path(given).expanduser())
    try:
        url = make_url(given)
    except (ArgumentError, ValueError) as error:
        raise DatabaseError(f"The database address {given!r} cannot be read. Write {_FORMS}.") from error
    scheme = url.drivername.split("+")[0]
    if scheme not in _DRIVERS:
        raise DatabaseError(f"A database of kind {scheme!r} is not supported. Write {_FORMS}.")
    if scheme == "sqlite":
        if not url.database or url.database == ":memory:":
            raise DatabaseError("A SQLite database needs a file. Write sqlite:///FILE.")
        return _file(Path(url.database).expanduser())
    if not url.database:
        raise DatabaseError("The PostgreSQL address names no database. Write postgresql://USER@HOST/NAME.")
    return Location(url.set(drivername=_DRIVERS[scheme]), None)


def _file(path: Path) -> Location:
    absolute = path.absolute()
    return Location(URL.create(_DRIVERS["sqlite"], database=str(absolute)), absolute)


def make_engine(location: Location) -> AsyncEngine:
    """The one engine of a process; the caller disposes of it."""
    if location.path is None:
        return create_async_engine(location.url, pool_size=5, max_overflow=5, pool_pre_ping=False)
    engine = create_async_engine(location.url, connect_args={"timeout": BUSY_SECONDS})
    _prepare_sqlite(engine)
    return engine


def _prepare_sqlite(engine: AsyncEngine) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        # We say BEGIN ourselves: the driver would begin too late, and never IMMEDIATE.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        with contextlib.suppress(
            sqlite3.OperationalError
        ):  # a read-only file cannot be switched to WAL, and reads do without
            cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA temp_store = MEMORY")
        cursor.execute("PRAGMA cache_size = -32768")
        cursor.execute("PRAGMA mmap_size = 268435456")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        writing = connection.get_execution_options().get("desk_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
