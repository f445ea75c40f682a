"""What every table is made of: the metadata, the column types and the flags the journal reads.

Flags in ``Table.info``
    ``journal``: False for what is not a change (drafts, presence, sessions, derived rows).
    ``append_only``: True for ledgers and messages; undo posts a compensating row instead of deleting.
    ``effect``: True for what leaves the house (mail); undo cancels what is queued and names what is gone.
    ``subject``: the column that names the record whose timeline a row belongs to.

Flags in ``Column.info``
    ``derived``: recomputed on write, never journalled.
    ``secret``: never enters the journal; a change of it cannot be undone.
    ``owner``: names the client or organization that owns the row, which a merge may redirect.
    ``loose``: undo writes it without asking whether it was changed since (the order of identities).
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Text,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# On SQLite only INTEGER is an alias of the rowid; it is 64 bits wide all the same.
BIGINT = BigInteger().with_variant(Integer(), "sqlite")
# Bytewise order on both engines, so that a keyset page means the same on each.
TEXT = Text().with_variant(Text(collation="C"), "postgresql")


class Moment(TypeDecorator[datetime]):
    """A point in time: an aware UTC datetime in Python, whole milliseconds since 1970 in the database."""

    impl = BIGINT
    cache_ok = True

    def process_bind_param(self, value: datetime | int | None, dialect: Dialect) -> int | None:
        """Milliseconds since 1970; an int is taken as such already."""
        return value if value is None or isinstance(value, int) else milliseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """The aware UTC datetime."""
        return None if value is None else from_milliseconds(value)


def milliseconds(moment: datetime) -> int:
    """Whole milliseconds since 1970 of an aware datetime, exact."""
    delta = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return delta.days * 86_400_000 + delta.seconds * 1000 + delta.microseconds // 1000


def from_milliseconds(value: int) -> datetime:
    """The aware UTC datetime of whole milliseconds since 1970."""
    seconds, rest = divmod(value, 1000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest * 1000)


def raw(value: Any) -> Any:
    """The value as the database keeps it and JSON can hold it: what a journal item stores."""
    if isinstance(value, datetime):
        return milliseconds(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def key() -> Column[int]:
    """The primary key every journalled table has: 64 bits, made by ``data.ids``."""
    return Column("id", BIGINT, primary_key=True, autoincrement=False)


def refers(name: str, target: str, *, nullable: bool = False, **info: bool) -> Column[int]:
    """A foreign key to ``target``'s id, checked at commit so that undo may pass through any order."""
    foreign = ForeignKey(f"{target}.id", deferrable=True, initially="DEFERRED")
    return Column(name, BIGINT, foreign, nullable=nullable, info=dict(info))


def string(name: str, *, nullable: bool = False, default: str | None = "", **info: bool) -> Column[str]:
    """A text column; empty, not null, where nothing is known."""
    server = None if nullable or default is None else text("'" + default + "'")
    return Column(name, TEXT, nullable=nullable, server_default=server, info=dict(info))


def number(name: str, *, nullable: bool = False, default: int | None = 0, **info: bool) -> Column[int]:
    """A whole number: a count, minutes, or minor units of a currency."""
    server = None if nullable or default is None else text(str(default))
    return Column(name, BIGINT, nullable=nullable, server_default=server, info=dict(info))


def flag(name: str, *, default: bool = False, **info: bool) -> Column[bool]:
    """Yes or no."""
    server = text("true" if default else "false")
    return Column(name, Boolean, nullable=False, server_default=server, info=dict(info))


def moment(name: str, *, nullable: bool = True, **info: bool) -> Column[datetime]:
    """A point in time (see ``Moment``)."""
    return Column(name, Moment, nullable=nullable, info=dict(info))


def day(name: str, *, nullable: bool = True) -> Column[date]:
    """A calendar day without a zone."""
    return Column(name, Date, nullable=nullable)


def version() -> Column[int]:
    """Raised by one on every update; an edit names the version it saw."""
    return Column("version", Integer, nullable=False, server_default=text("1"))


def stamps() -> tuple[Column[Any], ...]:
    """When the row was made and last changed, and its version. The journal does not keep ``updated_at``."""
    return (moment("created_at", nullable=False), moment("updated_at", derived=True), version())


def address() -> tuple[Column[str], ...]:
    """A postal address, in the form it was given; ``country`` is ISO 3166 alpha-2 or empty."""
    return (string("street"), string("city"), string("postcode"), string("country"))


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """The column holds one of ``values``."""
    allowed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({allowed})", name=column)


def partial(name: str, *columns: Any, where: str, unique: bool = False) -> Index:
    """An index over the rows that meet ``where``, on both engines."""
    condition = text(where)
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)
