"""What an administrator sets for the whole desk; values are JSON."""

from sqlalchemy import Column, Index, LargeBinary, Table, UniqueConstraint

from console.data.models.base import day, key, metadata, moment, number, one_of, refers, stamps, string

setting = Table(
    "setting",
    metadata,
    key(),
    string("name", default=None),
    string("value", default=None),
    *stamps(),
    UniqueConstraint("name"),
)

saved_filter = Table(
    "saved_filter",
    metadata,
    key(),
    refers("staff_id", "staff"),
    string("place", default=None),
    string("name", default=None),
    string("query", default=None),
    *stamps(),
    UniqueConstraint("staff_id", "place", "name"),
    info={"subject": "staff_id"},
)

# What a merge did, beside its journal entry: the categories that were moved.
merge = Table(
    "merge",
    metadata,
    key(),
    string("kind", default=None),
    number("survivor_id", default=None),
    number("absorbed_id", default=None),
    string("categories"),
    number("entry_id", default=None),
    *stamps(),
    one_of("kind", ("client", "contact", "organization", "incident")),
    Index("ix_merge_absorbed_id", "absorbed_id"),
    Index("ix_merge_survivor_id", "survivor_id"),
    Index("ix_merge_entry_id", "entry_id"),
)

# What an erasure leaves behind: when, who, how many rows of each table, and no personal value.
certificate = Table(
    "certificate",
    metadata,
    key(),
    number("erased_id", default=None),
    Column("erased_hash", LargeBinary),
    refers("staff_id", "staff", nullable=True),
    string("counts", default=None),
    day("requested_on"),
    moment("created_at", nullable=False),
)
