"""One dialect of each kind for all the engines of a test process, so that a statement is compiled once, not per test.

SQLAlchemy keeps compiled statements by engine and dialect, and each test opens a database of its own. The console
itself opens one and needs none of this.
"""

from typing import Any, ClassVar

from sqlalchemy import Connection
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.util import LRUCache

STATEMENTS = 4_000


class _Shared:
    """Made once; whoever asks for another gets the same, with the statements compiled so far."""

    _one: ClassVar[Any] = None
    _made: ClassVar[bool] = False
    _ready: ClassVar[bool] = False
    _compiled: ClassVar[Any] = None

    def __new__(cls, **_: Any) -> Any:
        if cls._one is None:
            cls._one, cls._compiled = super().__new__(cls), LRUCache(STATEMENTS)
        return cls._one

    def __init__(self, **how: Any) -> None:
        if not type(self)._made:
            super().__init__(**how)
            type(self)._made = True

    def initialize(self, connection: Connection) -> None:
        """Ask the server what it can do, the first time."""
        if not type(self)._ready:
            super().initialize(connection)  # type: ignore[misc]
            type(self)._ready = True

    @classmethod
    def engine_created(cls, engine: Any) -> None:
        """Give a new engine the statements that others have compiled."""
        engine.update_execution_options(compiled_cache=cls._compiled)


class SharedAsyncpg(_Shared, PGDialect_asyncpg):
    """PostgreSQL's."""

    supports_statement_cache = True


class SharedAiosqlite(_Shared, SQLiteDialect_aiosqlite):
    """SQLite's."""

    supports_statement_cache = True


def use() -> None:
    """Let every engine that is made from now on share them."""
    registry.register("postgresql.asyncpg", __name__, "SharedAsyncpg")
    registry.register("sqlite.aiosqlite", __name__, "SharedAiosqlite")
