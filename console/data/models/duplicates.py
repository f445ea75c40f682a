"""What the search for duplicates keeps: normalized clients, their keys, scored pairs, decisions and models."""

from sqlalchemy import CheckConstraint, Column, Index, PrimaryKeyConstraint, Table, UniqueConstraint

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
    stamps,
    string,
)
from console.data.models.words import DUPLICATE_DECISIONS, DUPLICATE_QUEUES, DUPLICATE_RELATIONS

# The normalized client (see data/duplicates/form.py), of those who are listed. ``unscored`` since it last changed: the
# pairs of the client are to be looked for anew, or, where ``form`` is empty, they have left the lists and go. It refers
# to nothing, so that where a client is taken back it is still there to say which keys were theirs. ``keyed`` is false
# while these are still to be written, many clients' at once (see ``store.key_waiting``).
duplicate_form = Table(
    "duplicate_form",
    metadata,
    Column("client_id", BIGINT, nullable=False, autoincrement=False),
    number("version", default=None),
    string("form"),
    flag("unscored", default=True),
    flag("keyed", default=True),
    PrimaryKeyConstraint("client_id"),
    partial("ix_duplicate_form_unscored", "client_id", where="unscored"),
    partial("ix_duplicate_form_unkeyed", "client_id", where="NOT keyed"),
    info={"journal": False},
)

# What clients may have in common, with its kind in the low bits of the hash. It has one index and refers to nothing:
# thirty rows a client are most of what the search costs on disk, and the form says which they are.
duplicate_key = Table(
    "duplicate_key",
    metadata,
    Column("hash", BIGINT, nullable=False),
    Column("client_id", BIGINT, nullable=False),
    PrimaryKeyConstraint("hash", "client_id"),
    info={"journal": False},
    sqlite_with_rowid=False,
)

# ``first_id`` is the smaller id. ``score`` is in thousandths of a bit; ``levels`` lets every number be shown again.
# ``queue`` is where staff find the pair, '' where they have decided it; ``group_id`` is the pair that leads its group;
# ``run`` is the full scan that last found it.
duplicate_pair = Table(
    "duplicate_pair",
    metadata,
    key(),
    refers("first_id", "client"),
    refers("second_id", "client"),
    string("relation", default="duplicate"),
    string("queue"),
    number("score"),
    number("percent"),
    string("levels"),
    number("model_version"),
    number("run"),
    number("group_id"),
    moment("scored_at", nullable=False),
    UniqueConstraint("first_id", "second_id"),
    CheckConstraint("first_id < second_id", name="order"),
    one_of("relation", DUPLICATE_RELATIONS),
    one_of("queue", ("", *DUPLICATE_QUEUES)),
    partial("ix_duplicate_pair_queue", "queue", "score", "id", where="group_id = id AND queue <> ''"),
    Index("ix_duplicate_pair_group_id", "group_id"),
    Index("ix_duplicate_pair_second_id", "second_id"),
    info={"journal": False},
)

# ``levels`` and ``rarity`` are what the two had in common then (see data/duplicates/score.py): what weights learn from.
duplicate_decision = Table(
    "duplicate_decision",
    metadata,
    key(),
    refers("first_id", "client"),
    refers("second_id", "client"),
    string("decision", default=None),
    refers("staff_id", "staff"),
    string("levels"),
    string("rarity"),
    number("model_version"),
    *stamps(),
    CheckConstraint("first_id < second_id", name="order"),
    one_of("decision", DUPLICATE_DECISIONS),
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
