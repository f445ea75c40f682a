"""Indexes without which a purge would look through whole tables for each row it deletes.

Revision 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_REFERENCES = (
    ("credit_entry", "time_entry_id"),
    ("portal_token", "approval_id"),
    ("time_entry", "reverses"),
)


def upgrade() -> None:
    """Index the references to time entries and approvals."""
    for table, column in _REFERENCES:
        known = sa.text(f"{column} IS NOT NULL")
        op.create_index(f"ix_{table}_{column}", table, [column], sqlite_where=known, postgresql_where=known)
