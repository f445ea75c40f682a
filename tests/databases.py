"""Databases for the tests, on both engines: migrated once a run, copied for each test."""

import asyncio
import itertools
import os
import shutil
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg

from tests import postgres

ENGINES = ("sqlite", "postgresql")
TEMPLATE = "helpdesk_template"


async def _migrate(url: str) -> None:
    from console.data.desk import migrate

    await migrate(url)


def _completed(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine to its end, in a thread, so that it works inside a running event loop, too."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, coroutine).result()


def _once(run: Path, name: str, make: Callable[[], None]) -> None:
    """Do it in the first process of this run that asks; the others wait until it is done."""
    done = run / f"{name}.done"
    with postgres.locked(run / f"{name}.lock"):
        if not done.exists():
            make()
            done.touch()


class SqliteFiles:
    """SQLite databases of one test run, whose folder is `run`."""

    def __init__(self, run: Path) -> None:
        self._run = run
        self._template = run / "template.db"

    def new(self, folder: Path, name: str = "helpdesk.db") -> str:
        """The URL of a new database in this folder, with all tables and no rows of ours."""
        _once(self._run, "sqlite-template", self._make_template)
        shutil.copyfile(self._template, folder / name)
        return f"sqlite:///{folder / name}"

    def _make_template(self) -> None:
        self._template.unlink(missing_ok=True)
        _completed(_migrate(f"sqlite:///{self._template}"))
        if self._template.with_name(f"{self._template.name}-wal").exists():
            raise RuntimeError("migrate() left a connection open: the new tables are still in the -wal file")


class PostgresDatabases:
    """PostgreSQL databases of one test run; the first one asked for starts the server."""

    def __init__(self, run: Path) -> None:
        self._run = run
        self._names = (f"test_{os.getpid()}_{number}" for number in itertools.count(1))

    def new(self) -> str:
        """The URL of a new database with all tables and no rows of ours."""
        _once(self._run, "postgresql-template", self._make_template)
        # Copied as files: three times as fast as through the log.
        return self._created(f"TEMPLATE {TEMPLATE} STRATEGY file_copy")

    def new_empty(self) -> str:
        """The URL of a new database without tables."""
        return self._created("")

    def drop(self, url: str) -> None:
        self._administer(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    def _created(self, how: str) -> str:
        name = next(self._names)
        self._administer(f"CREATE DATABASE {name} {how}")
        return self._server().url(name, role="helpdesk")

    def _make_template(self) -> None:
        self._administer(f"DROP DATABASE IF EXISTS {TEMPLATE}")
        self._administer(f"CREATE DATABASE {TEMPLATE}")
        _completed(_migrate(self._server().url(TEMPLATE, role="helpdesk")))

    def _administer(self, statement: str) -> None:
        _completed(_execute(self._server().url("postgres", role="helpdesk"), statement))

    def _server(self) -> postgres.Server:
        _once(self._run, "postgresql", self._start)
        return postgres.started(self._run)

    def _start(self) -> None:
        server = postgres.start(self._run)
        # The console must get by with databases of its own and no superuser's rights.
        role = f"CREATE ROLE helpdesk LOGIN CREATEDB PASSWORD '{server.password}'"
        _completed(_execute(server.url("postgres", role="postgres"), role))


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
