"""Alembic's entry: it runs on the connection that ``data.schema`` hands over, inside its transaction."""

from alembic import context

from console.data.models import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite's DDL is transactional too once we say BEGIN ourselves; a migration is whole or not there.
    transactional_ddl=True,
)
context.run_migrations()
