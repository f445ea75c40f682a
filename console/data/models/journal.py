"""The journal: entries, their items, the seal; and what the database knows about itself."""

from sqlalchemy import Column, Index, LargeBinary, PrimaryKeyConstraint, Table, UniqueConstraint

from console.data.models.base import (
    BIGINT,
    flag,
    key,
    metadata,
    moment,
    number,
    one_of,
    partial,
    refers,
    string,
)
from console.data.models.words import VIA

# ``position`` orders the feed by commit (see data/feed.py). ``object_*`` is what the entry is about;
# ``client_id`` is whose timeline it also belongs to. ``fixed`` says why it cannot be undone.
journal_entry = Table(
    "journal_entry",
    metadata,
    key(),
    Column("position", BIGINT, nullable=False),
    moment("at", nullable=False),
    refers("actor_id", "staff", nullable=True),
    Column("acting_as", BIGINT),
    string("via", default=None),
    string("action", default=None),
    string("object_type"),
    Column("object_id", BIGINT),
    Column("client_id", BIGINT),
    string("reason"),
    string("detail"),
    Column("batch_id", BIGINT),
    Column("undoes", BIGINT),
    Column("undone_by", BIGINT),
    number("rows"),
    string("fixed"),
    string("revision", default=None),
    one_of("via", VIA),
    Index("ix_journal_entry_position", "position", "id"),
    Index("ix_journal_entry_actor_id", "actor_id", "id"),
    partial("ix_journal_entry_client_id", "client_id", "id", where="client_id IS NOT NULL"),
    partial("ix_journal_entry_batch_id", "batch_id", "id", where="batch_id IS NOT NULL"),
    info={"journal": False},
)

# ``columns`` is the sorted list of what ``before`` and ``after`` hold; an insert keeps its key only.
# ``step`` counts the writes of one entry; undo takes them in reverse. ``subject_id`` is the record whose timeline
# the row belonged to before the write; the row itself where it belongs to none.
journal_item = Table(
    "journal_item",
    metadata,
    refers("entry_id", "journal_entry"),
    number("step", default=None),
    Column("row_id", BIGINT, nullable=False),
    string("table_name", default=None),
    string("op", default=None),
    Column("subject_id", BIGINT, nullable=False),
    string("columns"),
    string("before", nullable=True, default=None),
    string("after", nullable=True, default=None),
    PrimaryKeyConstraint("entry_id", "step", "row_id"),
    Index("ix_journal_item_subject_id", "subject_id", "entry_id"),
    # What was done to one row. Where a row is its own subject the index above finds it, and this one stays small.
    partial("ix_journal_item_row_id", "row_id", where="subject_id <> row_id"),
    one_of("op", ("insert", "update", "delete")),
    info={"journal": False},
    sqlite_with_rowid=False,
)

# The chain of hashes, written after commit by the one sealer. A purge erases ``payload_key``.
journal_seal = Table(
    "journal_seal",
    metadata,
    refers("entry_id", "journal_entry"),
    number("number", default=None),
    Column("payload_key", LargeBinary),
    Column("payload_hash", LargeBinary, nullable=False),
    Column("chain", LargeBinary, nullable=False),
    flag("erased"),
    PrimaryKeyConstraint("entry_id"),
    UniqueConstraint("number"),
    info={"journal": False},
)

# Work that one process at a time may do: sealing, scoring, sending.
lease = Table(
    "lease",
    metadata,
    string("name", default=None),
    string("holder", default=None),
    moment("until", nullable=False),
    PrimaryKeyConstraint("name"),
    info={"journal": False},
)

# Node parts of ids in use, so that no two processes on one database share one (see data/ids.py).
node = Table(
    "node",
    metadata,
    Column("number", BIGINT, primary_key=True, autoincrement=False),
    moment("claimed_at", nullable=False),
    info={"journal": False},
)

# Facts about this database: its own id, the offset of feed positions.
about = Table(
    "about",
    metadata,
    string("name", default=None),
    string("value", default=None),
    PrimaryKeyConstraint("name"),
    info={"journal": False},
)
