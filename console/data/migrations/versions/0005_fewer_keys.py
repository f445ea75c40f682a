"""Other keys by which duplicates are found: half as many, and shorter ones.

Revision 0005. The tables stay; forms and keys are made afterwards, in steps (see ``data.filling``).
"""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Empty the tables of forms and keys, and ask for them to be filled where there are clients."""
    op.execute("DELETE FROM duplicate_key")
    op.execute("DELETE FROM duplicate_form")
    op.execute(
        "INSERT INTO about (name, value) SELECT 'texts_to_fill', 'duplicate_form -1' "
        "WHERE EXISTS (SELECT 1 FROM client) AND NOT EXISTS (SELECT 1 FROM about WHERE name = 'texts_to_fill')"
    )
