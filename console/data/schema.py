"""The schema of a database: whether it is ours, which revision it has, and how it gets the newest one."""

import os
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, inspect, select, text, update
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from console.data import filling
from console.data.dialect import DIALECTS
from console.data.errors import DatabaseError, DatabaseNewer, DatabaseOlder
from console.data.locations import Location
from console.data.migrations import HEAD, REVISIONS
from console.data.models.journal import about, journal_entry

_LOCK = 0x68656C70  # one number for all our PostgreSQL advisory locks on migrations


async def revision(connection: AsyncConnection) -> str | None:
    """The schema's revision, '' for a database without tables, None for one that is not ours."""
    try:
        async with connection.begin_nested():
            found = await connection.execute(text("SELECT version_num FROM alembic_version"))
            return str(found.scalar_one_or_none() or "")
    except (OperationalError, ProgrammingError) as error:
        if "alembic_version" not in str(error.orig):
            raise
    tables = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    return None if tables else ""


async def check(connection: AsyncConnection, location: Location) -> bool:
    """True if the schema is the newest, False if the database is empty; a DatabaseError otherwise."""
    found = await _ours(connection, location)
    if found and found != HEAD:
        raise DatabaseOlder(
            f"{location.shown} has the older schema {found}. Make a copy of it, then run: helpdesk migrate"
        )
    if found and await filling.unfinished(connection) is not None:
        raise DatabaseOlder(f"The migration of {location.shown} was stopped. To go on, run: helpdesk migrate")
    return found == HEAD


async def _ours(connection: AsyncConnection, location: Location) -> str:
    """The revision, '' for an empty database; a DatabaseError where it is another program's, or newer than we are."""
    found = await revision(connection)
    if found in ("", *REVISIONS):
        return found
    # Other programs use Alembic as well.
    if found is None or not await connection.run_sync(lambda sync: inspect(sync).has_table("journal_entry")):
        raise DatabaseError(
            f"{location.shown} holds tables of another program. Name another database with --database."
        )
    raise DatabaseNewer(
        f"{location.shown} was written by a newer helpdesk (schema {found}, this one knows {HEAD}). "
        "Upgrade helpdesk-console, then start again."
    )


async def upgrade(engine: AsyncEngine, location: Location, progress: filling.Progress | None = None) -> str:
    """Bring the schema to the newest revision, whole or not at all; returns the revision it had.

    What the new revision keeps beside older rows is made after that, in steps (see ``data.filling``).
    """
    async with engine.connect() as connection:
        connection = await connection.execution_options(desk_writes=True)
        async with connection.begin():
            if connection.dialect.name == "postgresql":
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            found = await _ours(connection, location)
            if found != HEAD:
                await connection.run_sync(_run_alembic)
                await _introduce(connection)
    if found:
        await filling.fill(engine, progress)
    return found


def _run_alembic(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


async def _introduce(connection: AsyncConnection) -> None:
    """Give a new database its own id."""
    known: Any = (await connection.execute(text("SELECT value FROM about WHERE name = 'database'"))).first()
    if known is None:
        await connection.execute(
            text("INSERT INTO about (name, value) VALUES ('database', :value)"),
            {"value": os.urandom(16).hex()},
        )


async def positions_are_ahead(connection: AsyncConnection) -> bool:
    """Whether entries stand at positions that are yet to be given out.

    So it is after a dump was restored into another PostgreSQL cluster, whose transaction ids are lower: new
    entries would sort before old ones, and no feed would ever show them.
    """
    newest = (await connection.execute(select(func.max(journal_entry.c.position)))).scalar()
    if newest is None:
        return False
    following = DIALECTS[connection.dialect.name].next_position()
    return bool(newest >= (await connection.execute(select(following))).scalar_one())


async def repair_positions(engine: AsyncEngine) -> None:
    """Raise the offset of positions so that new entries come after all there are."""
    async with engine.connect() as connection, connection.begin():
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        if not await positions_are_ahead(connection):
            return
        name, position = "position_offset", DIALECTS[connection.dialect.name].position()
        offset = (await connection.execute(select(about.c.value).where(about.c.name == name))).scalar()
        newest = select(func.max(journal_entry.c.position)).scalar_subquery()
        short = (await connection.execute(select(newest + 1 - position))).scalar_one()
        if offset is None:
            await connection.execute(insert(about).values(name=name, value=str(short)))
        else:
            raised = update(about).where(about.c.name == name).values(value=str(int(offset) + short))
            await connection.execute(raised)
