"""Client notes: shown on the client and on every incident of theirs."""

from sqlalchemy import Index, Table

from console.data.models.base import flag, key, metadata, moment, one_of, refers, stamps, string
from console.data.models.words import NOTE_LEVELS

note = Table(
    "note",
    metadata,
    key(),
    refers("client_id", "client", owner=True),
    refers("author_id", "staff"),
    string("level", default="note"),
    string("text", default=None),
    flag("pinned"),
    moment("expires_at"),
    *stamps(),
    one_of("level", NOTE_LEVELS),
    Index("ix_note_client_id", "client_id", "created_at"),
    info={"subject": "client_id"},
)
