"""What SQLite and PostgreSQL say differently, in one place."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Boolean, Column, Date, Text, cast, func, literal, literal_column, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from console.data.models.base import BIGINT


class Dialect:
    """SQL that both engines need in their own words; ``name`` is 'sqlite' or 'postgresql'."""

    name: str

    def pack(self, values: Sequence[tuple[str, Any]]) -> ColumnElement[str]:
        """A JSON object, as text, of named expressions."""
        raise NotImplementedError

    def unpack(self, document: ColumnElement[str], column: Column[Any], key: str) -> ColumnElement[Any]:
        """The raw value under ``key`` of a JSON text, with the type of ``column``."""
        raise NotImplementedError

    async def position(self, connection: AsyncConnection) -> int:
        """Where in the feed an entry of this transaction stands (see data/feed.py)."""
        raise NotImplementedError

    async def settled(self, connection: AsyncConnection) -> int | None:
        """The position before which no transaction is still running; None where commits are in order anyhow."""
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

    async def position(self, connection: AsyncConnection) -> int:
        """See ``Dialect.position``."""
        result = await connection.execute(text("SELECT coalesce(max(position), 0) + 1 FROM journal_entry"))
        return int(result.scalar_one())

    async def settled(self, connection: AsyncConnection) -> int | None:
        """See ``Dialect.settled``."""
        return None


class PostgreSQL(Dialect):
    """Positions are transaction ids, read only up to the oldest transaction still running."""

    name = "postgresql"

    def pack(self, values: Sequence[tuple[str, Any]]) -> ColumnElement[str]:
        """See ``Dialect.pack``."""
        return cast(func.jsonb_build_object(*_flattened(values)), Text)

    def unpack(self, document: ColumnElement[str], column: Column[Any], key: str) -> ColumnElement[Any]:
        """See ``Dialect.unpack``."""
        value = cast(document, JSONB).op("->>")(literal(key))
        if isinstance(column.type, Boolean | Date):
            return cast(value, column.type)
        return cast(value, Text) if column.type.python_type is str else cast(value, BIGINT)

    async def position(self, connection: AsyncConnection) -> int:
        """See ``Dialect.position``."""
        query = (
            "SELECT CAST(CAST(pg_current_xact_id() AS text) AS bigint)"
            " + coalesce((SELECT CAST(value AS bigint) FROM about WHERE name = 'position_offset'), 0)"
        )
        return int((await connection.execute(text(query))).scalar_one())

    async def settled(self, connection: AsyncConnection) -> int | None:
        """See ``Dialect.settled``."""
        query = (
            "SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint)"
            " + coalesce((SELECT CAST(value AS bigint) FROM about WHERE name = 'position_offset'), 0)"
        )
        return int((await connection.execute(text(query))).scalar_one())


DIALECTS: dict[str, Dialect] = {"sqlite": SQLite(), "postgresql": PostgreSQL()}
