"""Every table of the database, one noun a file. They never leave ``console.data``."""

from typing import Any

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table, UniqueConstraint

from console.data.models import (
    billing,
    clients,
    contacts,
    departments,
    duplicates,
    incidents,
    journal,
    mail,
    notes,
    organizations,
    settings,
    staff,
)
from console.data.models.base import metadata, partial

__all__ = [
    "billing",
    "clients",
    "contacts",
    "departments",
    "duplicates",
    "incidents",
    "journal",
    "mail",
    "metadata",
    "notes",
    "organizations",
    "settings",
    "staff",
]

# Rows of these are deleted, by undo or by a purge; without an index each such delete would read whole tables.
_DELETED_FROM = {
    "approval",
    "client",
    "contact",
    "credit_lot",
    "incident",
    "message",
    "organization",
    "tag",
    "time_entry",
}


def _leads(table: Table, column: Column[Any]) -> bool:
    """Whether an index, a unique constraint or the primary key of the table begins with the column."""
    keys = [constraint.columns for constraint in table.constraints if isinstance(constraint, _KEYS)]
    return any(
        next(iter(columns), None) is column
        for columns in (*keys, *(index.columns for index in table.indexes))
    )


def _index_foreign_keys() -> None:
    for table in metadata.tables.values():
        for column in table.columns:
            targets = {foreign.column.table.name for foreign in column.foreign_keys}
            if targets & _DELETED_FROM and not _leads(table, column):
                name = f"ix_{table.name}_{column.name}"
                if column.nullable:
                    partial(name, column, where=f"{column.name} IS NOT NULL")
                else:
                    Index(name, column)


_KEYS = (PrimaryKeyConstraint, UniqueConstraint)
_index_foreign_keys()
