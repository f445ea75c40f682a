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

from console.data import one_trip
from console.data.errors import DatabaseError

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}
_FORMS = "sqlite:///FILE, postgresql://USER@HOST/NAME, or the path of a file"
BUSY_SECONDS = 30
# Options of PostgreSQL addresses, as its own tools call them and as the driver does.
_OPTIONS = {
    "sslmode": "ssl",
    "ssl": "ssl",
    "connect_timeout": "timeout",
    "application_name": "application_name",
    "host": "host",
    "port": "port",
    "user": "user",
    "password": "password",
    "passfile": "passfile",
}


@dataclass(frozen=True, slots=True)
class Location:
    """One database: its URL with our driver, and the file where it is SQLite."""

    url: URL
    path: Path | None

    @property
    def shown(self) -> str:
        """How to name it to the user: the path, or the URL without its password and options."""
        if self.path:
            return str(self.path)
        return self.url.set(drivername="postgresql", query={}).render_as_string()


def locate(given: str) -> Location:
    """The location a user wrote as a URL (any driver suffix) or as a path; DatabaseError if it is neither."""
    if "://" not in given:
        return _file(Path(given).expanduser())
    try:
        url = make_url(given)
    except (ArgumentError, ValueError) as error:
        # What cannot be read is not repeated: there may be a password in it.
        raise DatabaseError(f"The database address cannot be read. Write {_FORMS}.") from error
    scheme = url.drivername.split("+")[0]
    if scheme not in _DRIVERS:
        raise DatabaseError(f"A database of kind {scheme!r} is not supported. Write {_FORMS}.")
    if scheme == "sqlite":
        if not url.database or url.database == ":memory:":
            raise DatabaseError("A SQLite database needs a file. Write sqlite:///FILE.")
        return _file(Path(url.database).expanduser())
    if not url.database:
        raise DatabaseError("The PostgreSQL address names no database. Write postgresql://USER@HOST/NAME.")
    return Location(_for_driver(url).set(drivername=_DRIVERS[scheme]), None)


def _for_driver(url: URL) -> URL:
    """The address with its options as the driver calls them; DatabaseError for one it does not know."""
    options = {name: value if isinstance(value, str) else value[-1] for name, value in url.query.items()}
    for name in options:
        if name not in _OPTIONS:
            known = ", ".join(_OPTIONS)
            raise DatabaseError(
                f"The database address has an option {name!r} that is not known. Use {known}."
            )
    timeout = options.get("connect_timeout", "1")
    if not timeout.isdigit():
        raise DatabaseError(
            "The connect_timeout of the database address is no number of seconds. Write one such as 10."
        )
    kept = {_OPTIONS[name]: value for name, value in options.items()}
    return url.set(query=kept)


def connect_arguments(given: URL) -> tuple[URL, dict[str, Any]]:
    """The address without, and apart from it, the options that are numbers or settings of the server."""
    options = dict(given.query)
    arguments: dict[str, Any] = {}
    if timeout := options.pop("timeout", None):
        arguments["timeout"] = float(str(timeout))
    if name := options.pop("application_name", None):
        arguments["server_settings"] = {"application_name": str(name)}
    return given.set(query=options), arguments


def _file(path: Path) -> Location:
    absolute = path.absolute()
    return Location(URL.create(_DRIVERS["sqlite"], database=str(absolute)), absolute)


def make_engine(location: Location) -> AsyncEngine:
    """The one engine of a process; the caller disposes of it."""
    if location.path is None:
        url, arguments = connect_arguments(location.url)
        return create_async_engine(url, pool_size=5, max_overflow=5, connect_args=arguments)
    engine = create_async_engine(
        location.url, connect_args={"timeout": BUSY_SECONDS, "async_creator_fn": one_trip.connect}
    )
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
        cursor.execute("PRAGMA secure_delete = ON")  # or what is purged would stay in the file's free pages
        cursor.execute("PRAGMA temp_store = MEMORY")
        cursor.execute("PRAGMA cache_size = -32768")
        cursor.execute("PRAGMA mmap_size = 2147418112")  # read pages are the system's then, not ours
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        writing = connection.get_execution_options().get("desk_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
