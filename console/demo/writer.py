"""Rows on their way into the database: gathered by table, written many at a time."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Table, bindparam, insert, update

from console.data.change import Change
from console.data.models import metadata

Values = dict[str, Any]


class Writer:
    """Gathers rows and writes them when told to, in the order of the tables' dependencies.

    Rows of one table must name the same columns. Words and list columns are written by whoever makes the records,
    which is ten times faster than making them anew from what was written.
    """

    def __init__(self, change: Change) -> None:
        self.change = change
        self.new_id = change.new_id
        self._waiting: dict[str, list[Values]] = defaultdict(list)
        self._order = {table.name: number for number, table in enumerate(metadata.sorted_tables)}

    def add(self, table: Table, **values: Any) -> int:
        """Gather a row of a table with an id; returns the id."""
        record_id = self.new_id()
        values["id"] = record_id
        self._waiting[table.name].append(values)
        return record_id

    def add_plain(self, table: Table, **values: Any) -> None:
        """Gather a row of a table without an id of its own."""
        self._waiting[table.name].append(values)

    async def flush(self) -> None:
        """Write what was gathered."""
        for name in sorted(self._waiting, key=self._order.__getitem__):
            rows = self._waiting[name]
            await self.change.connection.execute(insert(metadata.tables[name]), rows)
            self.change.steps += 1
            self.change.rows += len(rows)
        self._waiting.clear()

    async def set(self, table: Table, rows: list[Values]) -> None:
        """Set columns of rows by their ``id``; all rows name the same columns."""
        if not rows:
            return
        names = [name for name in rows[0] if name != "id"]
        statement = (
            update(table)
            .where(table.c.id == bindparam("row_id"))
            .values({name: bindparam(f"new_{name}") for name in names})
        )
        values = [{"row_id": row["id"], **{f"new_{name}": row[name] for name in names}} for row in rows]
        await self.change.connection.execute(statement, values)
