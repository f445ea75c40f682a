"""What SQLite and PostgreSQL say differently, in one place."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    FromClause,
    Select,
    Table,
    Text,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from console.data.models.base import BIGINT
from console.data.text_index import forget_deleted


class Dialect:
    """SQL that both engines need in their own words; ``name`` is 'sqlite' or 'postgresql'."""

    name: str

    def pack(self, values: Sequence[tuple[str, Any]]) -> ColumnElement[str]:
        """A JSON object, as text, of named expressions."""
        raise NotImplementedError

    def unpack(self, document: ColumnElement[str], column: Column[Any], key: str) -> ColumnElement[Any]:
        """The raw value under ``key`` of a JSON text, with the type of ``column``."""
        raise NotImplementedError

    def rows_of(self, texts: Sequence[str]) -> FromClause:
        """Texts as rows with one column, ``value``."""
        raise NotImplementedError

    def position(self) -> ColumnElement[int]:
        """Where in the feed an entry of this transaction stands (see data/feed.py)."""
        raise NotImplementedError

    def next_position(self) -> ColumnElement[int]:
        """A position that no entry has yet (see ``schema.repair_positions``)."""
        raise NotImplementedError

    def settled(self) -> ColumnElement[int]:
        """The position before which no entry can appear any more."""
        raise NotImplementedError

    async def lock(
        self,
        connection: AsyncConnection,
        table: Table,
        where: ColumnElement[bool],
        given: Mapping[str, Any] | None = None,
    ) -> None:
        """Keep other transactions from changing these rows, so that what is checked now still holds later.

        ``given`` are the parameters of a condition that is built once.
        """
        raise NotImplementedError

    async def give_way(self, connection: AsyncConnection) -> None:
        """From here on, wait for other transactions' rows only as long as none of the two is ended for it."""
        raise NotImplementedError

    async def alone(self, connection: AsyncConnection, what: str) -> None:
        """Wait until no other transaction that asks for the same can still commit: then check what they have left."""
        raise NotImplementedError

    async def forget_freed(self, connection: AsyncConnection) -> None:
        """Write over what deleted rows have left in the files, as far as that can be asked for."""
        raise NotImplementedError


def _flattened(values: Sequence[tuple[str, Any]]) -> list[Any]:
    parts: list[Any] = []
    for name, value in values:
        parts += [literal_column(f"'{name}'"), value]
    return parts


class SQLite(Dialect):
    """One writer at a time, so positions are simply counted."""

    name = "sqlite"

    def pack(self, values: Sequence[tuple[str, Any]]) -> ColumnElement[str]:
        """See ``Dialect.pack``."""
        return func.json_object(*_flattened(values))

    def unpack(self, document: ColumnElement[str], column: Column[Any], key: str) -> ColumnElement[Any]:
        """See ``Dialect.unpack``."""
        return func.json_extract(document, literal_column(f"'$.{key}'"))

    def rows_of(self, texts: Sequence[str]) -> FromClause:
        """See ``Dialect.rows_of``."""
        return func.json_each(json.dumps(list(texts))).table_valued(column("value", Text))

    def position(self) -> ColumnElement[int]:
        """See ``Dialect.position``."""
        return literal_column("(SELECT coalesce(max(position), 0) + 1 FROM journal_entry)", BIGINT)

    def next_position(self) -> ColumnElement[int]:
        """See ``Dialect.next_position``."""
        return self.position()

    def settled(self) -> ColumnElement[int]:
        """See ``Dialect.settled``."""
        return literal_column(str((1 << 63) - 1), BIGINT)

    async def lock(
        self,
        connection: AsyncConnection,
        table: Table,
        where: ColumnElement[bool],
        given: Mapping[str, Any] | None = None,
    ) -> None:
        """See ``Dialect.lock``; BEGIN IMMEDIATE has locked everything."""

    async def forget_freed(self, connection: AsyncConnection) -> None:
        """See ``Dialect.forget_freed``; pages are written over at once, but the log holds older ones of them."""
        driver: Any = (await connection.get_raw_connection()).driver_connection
        await forget_deleted(driver)
        await (await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")).close()

    async def give_way(self, connection: AsyncConnection) -> None:
        """See ``Dialect.give_way``; nobody else has any."""

    async def alone(self, connection: AsyncConnection, what: str) -> None:
        """See ``Dialect.alone``; a writer is alone as it is."""


class PostgreSQL(Dialect):
    """Positions are transaction ids, read only up to the oldest transaction still running."""

    name = "postgresql"

    def pack(self, values: Sequence[tuple[str, Any]]) -> ColumnElement[str]:
        """See ``Dialect.pack``."""
        return cast(func.jsonb_build_object(*_flattened(values)), Text)

    def unpack(self, document: ColumnElement[str], column: Column[Any], key: str) -> ColumnElement[Any]:
        """See ``Dialect.unpack``."""
        value = cast(document, JSONB).op("->>")(literal(key, Text))
        if isinstance(column.type, Boolean | Date):
            return cast(value, column.type)
        return cast(value, Text) if column.type.python_type is str else cast(value, BIGINT)

    def rows_of(self, texts: Sequence[str]) -> FromClause:
        """See ``Dialect.rows_of``."""
        return (
            func.unnest(literal(list(texts), ARRAY(Text)))
            .table_valued(column("value", Text))
            .render_derived()
        )

    def position(self) -> ColumnElement[int]:
        """See ``Dialect.position``."""
        return literal_column(f"CAST(CAST(pg_current_xact_id() AS text) AS bigint) + {_OFFSET}", BIGINT)

    def next_position(self) -> ColumnElement[int]:
        """See ``Dialect.next_position``."""
        newest = "pg_snapshot_xmax(pg_current_snapshot())"
        return literal_column(f"CAST(CAST({newest} AS text) AS bigint) + {_OFFSET}", BIGINT)

    def settled(self) -> ColumnElement[int]:
        """See ``Dialect.settled``."""
        oldest = "pg_snapshot_xmin(pg_current_snapshot())"
        return literal_column(f"CAST(CAST({oldest} AS text) AS bigint) + {_OFFSET}", BIGINT)

    async def lock(
        self,
        connection: AsyncConnection,
        table: Table,
        where: ColumnElement[bool],
        given: Mapping[str, Any] | None = None,
    ) -> None:
        """See ``Dialect.lock``; in the order of ids, so that two of us wait rather than deadlock."""
        statement = _locking(table, where) if given is None else _kept_locking(table, where)
        await connection.execute(statement, given or {})

    async def give_way(self, connection: AsyncConnection) -> None:
        """See ``Dialect.give_way``; PostgreSQL looks for deadlocks after a second."""
        await connection.exec_driver_sql("SET LOCAL lock_timeout = '300ms'")

    async def alone(self, connection: AsyncConnection, what: str) -> None:
        """See ``Dialect.alone``."""
        await connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(literal(what)))))

    async def forget_freed(self, connection: AsyncConnection) -> None:
        """See ``Dialect.forget_freed``; vacuuming, and how old the log gets, are the administrator's."""


def _locking(table: Table, where: ColumnElement[bool]) -> Select[Any]:
    rows = select(table.c.id).where(where).order_by(table.c.id).with_for_update(key_share=True)
    return select(func.count()).select_from(rows.subquery())


_kept_locking = lru_cache(maxsize=512)(_locking)

# Added to transaction ids, which begin anew where a dump is restored into another cluster (see data/feed.py).
_OFFSET = "coalesce((SELECT CAST(value AS bigint) FROM about WHERE name = 'position_offset'), 0)"
DIALECTS: dict[str, Dialect] = {"sqlite": SQLite(), "postgresql": PostgreSQL()}
