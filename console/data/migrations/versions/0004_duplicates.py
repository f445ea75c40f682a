"""What the search for duplicates keeps: normalized clients, keys without a second index, queues and groups of pairs.

Revision 0004. The tables before it were never written. The forms and keys of clients that are there are made
afterwards, in steps (see ``data.filling``).
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

BIGINT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables; ask for them to be filled where there are clients."""
    for name in ("duplicate_key", "duplicate_pair"):
        op.drop_table(name)
    _forms()
    _keys()
    _pairs()
    for column in ("absorbed_id", "survivor_id", "entry_id"):
        op.create_index(f"ix_merge_{column}", "merge", [column])
    op.add_column("duplicate_decision", sa.Column("rarity", TEXT, nullable=False, server_default=""))
    op.execute(
        "INSERT INTO about (name, value) SELECT 'texts_to_fill', 'duplicate_form -1' "
        "WHERE EXISTS (SELECT 1 FROM client) AND NOT EXISTS (SELECT 1 FROM about WHERE name = 'texts_to_fill')"
    )


def _forms() -> None:
    op.create_table(
        "duplicate_form",
        sa.Column("client_id", BIGINT, nullable=False, autoincrement=False),
        sa.Column("version", BIGINT, nullable=False),
        sa.Column("form", TEXT, nullable=False, server_default=""),
        sa.Column("unscored", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("keyed", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_duplicate_form")),
    )
    for name, where in (("unscored", "unscored"), ("unkeyed", "NOT keyed")):
        waiting = sa.text(where)
        op.create_index(
            f"ix_duplicate_form_{name}",
            "duplicate_form",
            ["client_id"],
            sqlite_where=waiting,
            postgresql_where=waiting,
        )


def _keys() -> None:
    op.create_table(
        "duplicate_key",
        sa.Column("hash", BIGINT, nullable=False),
        sa.Column("client_id", BIGINT, nullable=False),
        sa.PrimaryKeyConstraint("hash", "client_id", name=op.f("pk_duplicate_key")),
        sqlite_with_rowid=False,
    )


def _pairs() -> None:
    numbers = ("score", "percent", "model_version", "run", "group_id")
    op.create_table(
        "duplicate_pair",
        sa.Column("id", BIGINT, nullable=False, autoincrement=False),
        sa.Column("first_id", BIGINT, nullable=False),
        sa.Column("second_id", BIGINT, nullable=False),
        sa.Column("relation", TEXT, nullable=False, server_default="duplicate"),
        sa.Column("queue", TEXT, nullable=False, server_default=""),
        sa.Column("levels", TEXT, nullable=False, server_default=""),
        *(sa.Column(name, BIGINT, nullable=False, server_default="0") for name in numbers),
        sa.Column("scored_at", BIGINT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_pair")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_duplicate_pair_first_id_second_id")),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_duplicate_pair_order")),
        sa.CheckConstraint(
            "relation IN ('duplicate', 'same household', 'works at', 'branch', 'same company')",
            name=op.f("ck_duplicate_pair_relation"),
        ),
        sa.CheckConstraint(
            "queue IN ('', 'duplicate', 'related', 'split review', 'uncertain')",
            name=op.f("ck_duplicate_pair_queue"),
        ),
        *(_client("duplicate_pair", name) for name in ("first_id", "second_id")),
    )
    leads = sa.text("group_id = id AND queue <> ''")
    op.create_index(
        "ix_duplicate_pair_queue",
        "duplicate_pair",
        ["queue", "score", "id"],
        sqlite_where=leads,
        postgresql_where=leads,
    )
    op.create_index("ix_duplicate_pair_group_id", "duplicate_pair", ["group_id"])
    op.create_index("ix_duplicate_pair_second_id", "duplicate_pair", ["second_id"])


def _client(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        ["client.id"],
        name=op.f(f"fk_{table}_{column}"),
        deferrable=True,
        initially="DEFERRED",
    )
