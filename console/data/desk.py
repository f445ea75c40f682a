"""``Desk``: the one door to the database. Everything read or written goes through it, one transaction each."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Self

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from console.data import failures, schema
from console.data.change import Change, Entry
from console.data.dialect import DIALECTS, Dialect
from console.data.errors import DatabaseError, Refused
from console.data.filling import Progress
from console.data.guards import ASK_FIRST, as_now
from console.data.ids import NODES, IdFactory
from console.data.locations import Location, locate, make_engine
from console.data.models.journal import node
from console.data.records import Actor

Clock = Callable[[], datetime]
_CLAIM_LASTS = timedelta(days=30)
_CLAIM_RENEWED = timedelta(days=1)


def utc_now() -> datetime:
    """The time of the machine, aware, in UTC."""
    return datetime.now(UTC)


class Desk:
    """An open database. Make it with ``Desk.open`` and close it; it holds one engine."""

    def __init__(self, location: Location, engine: AsyncEngine, clock: Clock) -> None:
        self.location = location
        self.clock = clock
        self.engine = engine
        self.dialect: Dialect = DIALECTS[engine.dialect.name]
        self.created = False
        self._ids: IdFactory | None = None
        self._claimed_at: datetime | None = None
        self._writing = asyncio.Lock()

    @classmethod
    async def open(cls, database: str, *, clock: Clock = utc_now, create: bool = True) -> Self:
        """Open a database by URL or path, making its tables if it has none.

        Raises DatabaseError with a sentence where it cannot be used: not a database, of a newer or older schema,
        unreachable, missing (``create`` False).
        """
        location = locate(database)
        if location.path is not None:
            failures.check_file(location.path, create=create)
        desk = cls(location, make_engine(location), clock)
        try:
            with failures.translated(location):
                async with desk.engine.connect() as connection, connection.begin():
                    known = await schema.check(connection, location)
                    ahead = known and await schema.positions_are_ahead(connection)
                if not known:
                    if not create:
                        raise DatabaseError(f"{location.shown} is empty. Run: helpdesk migrate")
                    await schema.upgrade(desk.engine, location)
                    desk.created = True
                if ahead:
                    await schema.repair_positions(desk.engine)
        except BaseException:
            await desk.engine.dispose()
            raise
        return desk

    async def close(self) -> None:
        """Give the node number back and close every connection."""
        if self._ids is not None:
            with failures.ignored_at_exit():
                async with self._transaction(writes=True) as connection:
                    await connection.execute(delete(node).where(node.c.number == self._ids.node))
        await self.engine.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def now(self) -> datetime:
        """The desk's time, in UTC, in whole milliseconds as the database keeps it."""
        moment = self.clock()
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads; all its queries see one state of the database."""
        with failures.translated(self.location):
            async with self._transaction(writes=False) as connection:
                yield connection

    @asynccontextmanager
    async def change(
        self,
        actor: Actor,
        action: str,
        *,
        about: tuple[str, int] | None = None,
        client_id: int | None = None,
        reason: str = "",
        detail: str = "",
        batch_id: int | None = None,
        bulk: bool = False,
    ) -> AsyncIterator[Change]:
        """One change by ``actor``: everything written inside becomes one journal entry, committed at the end.

        ``action`` is a command's id ('client.ban'); ``about`` names the record by table and id. An exception
        inside leaves nothing written. Viewers are Refused.
        """
        if not actor.may_change:
            raise Refused("Viewers change nothing. Ask an agent or an admin to do this.")
        kind, record = about or ("", None)
        entry = Entry(action, kind, record, client_id, reason, detail, batch_id)
        async with self._changing(actor, entry, bulk=bulk) as change:
            yield change

    @asynccontextmanager
    async def undoing(self, actor: Actor, entry: Entry) -> AsyncIterator[Change]:
        """A change that ``data.undo`` makes; nothing else calls it. Viewers are Refused."""
        if not actor.may_change:
            raise Refused("Viewers change nothing, so there is nothing of theirs to undo.")
        async with self._changing(actor, entry, bulk=False) as change:
            yield change

    @asynccontextmanager
    async def quiet(self) -> AsyncIterator[AsyncConnection]:
        """A transaction for what is not a change: drafts, presence, leases, seals."""
        with failures.translated(self.location):
            async with self._writing, self._transaction(writes=True) as connection:
                yield connection

    async def forget_freed(self) -> None:
        """Leave nothing in the database's files of rows that were purged (see ``Dialect.forget_freed``)."""
        with failures.translated(self.location):
            async with self._writing, self.engine.connect() as connection:
                await self.dialect.forget_freed(connection)

    async def new_id(self) -> int:
        """An id for something written outside a change (a batch, a draft)."""
        return (await self._factory())()

    async def new_ids(self, number: int) -> list[int]:
        """The same for many."""
        new_id = await self._factory()
        return [new_id() for _ in range(number)]

    @asynccontextmanager
    async def _changing(self, actor: Actor, entry: Entry, *, bulk: bool) -> AsyncIterator[Change]:
        with failures.translated(self.location):
            new_id = await self._factory()
            async with self._writing, self._transaction(writes=True) as connection:
                who = await as_now(connection, actor) if entry.action.startswith(ASK_FIRST) else actor
                change = Change(connection, self.dialect, new_id, who, entry, self.now(), bulk=bulk)
                yield change
                await change.finish()

    @asynccontextmanager
    async def _transaction(self, *, writes: bool) -> AsyncIterator[AsyncConnection]:
        async with self.engine.connect() as connection:
            if writes:
                connection = await connection.execution_options(desk_writes=True)
            elif self.dialect.name == "postgresql":
                connection = await connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            async with connection.begin():
                yield connection

    async def _factory(self) -> IdFactory:
        """The id factory, whose node number is claimed the first time and then daily.

        In a transaction of its own: a change that fails must not take the claim back with it.
        """
        now = self.now()
        if self._ids is not None and self._claimed_at is not None and now - self._claimed_at < _CLAIM_RENEWED:
            return self._ids
        async with self.quiet() as connection:
            if self._ids is not None:
                renewed = update(node).where(node.c.number == self._ids.node).values(claimed_at=now)
                if not (await connection.execute(renewed)).rowcount:
                    self._ids = None
            ids = self._ids or IdFactory(await _claim_node(connection, now))
        self._ids, self._claimed_at = ids, now
        return ids


async def _claim_node(connection: AsyncConnection, now: datetime) -> int:
    await connection.execute(delete(node).where(node.c.claimed_at < now - _CLAIM_LASTS))
    while True:
        number = secrets.randbelow(NODES)
        taken = await connection.execute(select(node.c.number).where(node.c.number == number))
        if taken.first() is not None:
            continue
        try:
            async with connection.begin_nested():
                await connection.execute(insert(node).values(number=number, claimed_at=now))
        except IntegrityError:
            continue  # another process took it between the two statements
        return number


async def migrate(database: str, progress: Progress | None = None) -> str:
    """Bring a database to the newest schema, creating it if need be; returns the revision it had ('' if none)."""
    location = locate(database)
    if location.path is not None:
        failures.check_file(location.path, create=True)
    engine = make_engine(location)
    try:
        with failures.translated(location):
            before = await schema.upgrade(engine, location, progress)
            async with engine.connect() as connection:
                ahead = await schema.positions_are_ahead(connection)
            if ahead:
                await schema.repair_positions(engine)
            return before
    finally:
        await engine.dispose()
