"""What the search for duplicates keeps: keys, scored pairs, decisions and models."""

from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint, Table, UniqueConstraint

from console.data.models.base import (
    key,
    metadata,
    moment,
    number,
    one_of,
    refers,
    stamps,
    string,
)

duplicate_key = Table(
    "duplicate_key",
    metadata,
    number("hash", default=None),
    refers("client_id", "client"),
    PrimaryKeyConstraint("hash", "client_id"),
    Index("ix_duplicate_key_client_id", "client_id"),
    info={"journal": False},
    sqlite_with_rowid=False,
)

# ``first_id`` is the smaller id. ``score`` is in thousandths of a bit; ``levels`` lets every number be shown again.
duplicate_pair = Table(
    "duplicate_pair",
    metadata,
    key(),
    refers("first_id", "client"),
    refers("second_id", "client"),
    string("relation", default="duplicate"),
    number("score"),
    string("levels"),
    number("model_version"),
    moment("scored_at", nullable=False),
    UniqueConstraint("first_id", "second_id"),
    CheckConstraint("first_id < second_id", name="order"),
    one_of("relation", ("duplicate", "related")),
    Index("ix_duplicate_pair_score", "relation", "score"),
    Index("ix_duplicate_pair_second_id", "second_id"),
    info={"journal": False},
)

duplicate_decision = Table(
    "duplicate_decision",
    metadata,
    key(),
    refers("first_id", "client"),
    refers("second_id", "client"),
    string("decision", default=None),
    refers("staff_id", "staff"),
    string("levels"),
    number("model_version"),
    *stamps(),
    CheckConstraint("first_id < second_id", name="order"),
    one_of("decision", ("same", "different", "related")),
    Index("ix_duplicate_decision_pair", "first_id", "second_id"),
    Index("ix_duplicate_decision_second_id", "second_id"),
    info={"subject": "first_id"},
)

duplicate_model = Table(
    "duplicate_model",
    metadata,
    key(),
    number("model_version", default=None),
    string("weights", default=None),
    string("origin"),
    moment("created_at", nullable=False),
    UniqueConstraint("model_version"),
    info={"journal": False},
)
