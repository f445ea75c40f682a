"""The index of the words of notes, subjects and messages, and indexes for lists of incidents and for erasure.

Revision 0003. An older database is filled afterwards, in steps (see ``data.filling``).
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

BIGINT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
OPEN = "state IN ('new', 'open', 'awaiting') AND folder = 'inbox' AND merged_into IS NULL"
_TEXTS = ("note_words", "subject_words", "message_words")
_INDEXES = (
    ("ix_raw_mail_copies", "raw_mail", ["mail_id"], "state = 'duplicate'"),
    ("ix_incident_open_id", "incident", ["id"], OPEN),
    ("ix_incident_open_owner", "incident", ["owner_id", "id"], OPEN),
    ("ix_incident_folder_id", "incident", ["folder", "id"], "folder <> 'inbox'"),
)


def upgrade() -> None:
    """Make the text index as this kind of database keeps it, and the indexes."""
    for name in _TEXTS:
        if op.get_bind().dialect.name == "sqlite":
            # Folded already: what is left are words, parted by spaces.
            op.execute(
                f"CREATE VIRTUAL TABLE {name} USING fts5 "
                "(words, content='', detail=none, tokenize=\"ascii tokenchars '_'\")"
            )
        else:
            op.execute(f"CREATE TABLE {name} (row_id bigint PRIMARY KEY, words tsvector NOT NULL)")
            op.execute(f"CREATE INDEX ix_{name}_words ON {name} USING gin (words)")
    for name, table, columns, where in _INDEXES:
        known = sa.text(where)
        op.create_index(name, table, columns, sqlite_where=known, postgresql_where=known)
    op.add_column("client_word", sa.Column("sort_name", TEXT, nullable=False, server_default=""))
    for name in ("kind", "heads"):
        op.add_column("client_word", sa.Column(name, BIGINT, nullable=False, server_default="0"))
    op.execute(
        "INSERT INTO about (name, value) SELECT 'texts_to_fill', 'client -1' "
        "WHERE EXISTS (SELECT 1 FROM client) OR EXISTS (SELECT 1 FROM incident)"
    )
