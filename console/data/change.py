"""The one way rows are written: every write leaves its journal items in the same transaction.

All writes are set-based, a single row being a set of one. The rows are locked, the items are made from them in
SQL, and only then the update is run on the rows the items name, so a before-image cannot race.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    delete,
    insert,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.derived import COUNTERS, Counter, Derived
from console.data.dialect import Dialect
from console.data.errors import NotFound, Stale
from console.data.ids import IdFactory
from console.data.migrations import HEAD
from console.data.models.base import BIGINT, metadata
from console.data.models.journal import journal_entry, journal_item
from console.data.records import Actor

PASSWORD_FIXED = "A password is never kept in the journal, so this cannot be undone."


@dataclass
class Entry:
    """What the journal will say about a change."""

    action: str
    object_type: str = ""
    object_id: int | None = None
    client_id: int | None = None
    reason: str = ""
    detail: str = ""
    batch_id: int | None = None
    undoes: int | None = None
    fixed: str = ""
    already_sent: list[str] = field(default_factory=list)


class Change:
    """One transaction's writes and the journal entry they become.

    ``bulk`` keeps no items: for demonstration data, which is one entry that cannot be undone.
    """

    def __init__(
        self,
        connection: AsyncConnection,
        dialect: Dialect,
        new_id: IdFactory,
        actor: Actor,
        entry: Entry,
        at: datetime,
        *,
        bulk: bool = False,
    ) -> None:
        self.connection = connection
        self.dialect = dialect
        self.new_id = new_id
        self.actor = actor
        self.entry = entry
        self.at = at
        self.bulk = bulk
        self.entry_id = new_id()
        self.steps = 0
        self.rows = 0
        self.derived = Derived(connection, at)

    # Writing

    async def insert(self, table: Table, **values: Any) -> int:
        """Insert one row; returns its id."""
        return (await self.insert_many(table, [values]))[0]

    async def insert_many(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> list[int]:
        """Insert rows that name the same columns; returns their ids in order."""
        if not rows:
            return []
        complete = [self._completed(table, row) for row in rows]
        await self.connection.execute(insert(table), complete)
        ids = [row["id"] for row in complete]
        self.steps += 1
        self.rows += len(ids)
        if not self.bulk:
            subject = subject_column(table).name
            items = [
                {
                    "entry_id": self.entry_id,
                    "step": self.steps,
                    "row_id": row["id"],
                    "table_name": table.name,
                    "op": "insert",
                    "subject_id": row.get(subject),
                    "columns": "",
                }
                for row in complete
            ]
            await self.connection.execute(insert(journal_item), items)
        await self.count(table, None, table.c.id.in_(ids), +1)
        await self.derived.mark_rows(table, complete)
        return ids

    async def update(self, table: Table, row_id: int, *, seen: int | None = None, **values: Any) -> bool:
        """Update one row; False if nothing differs.

        ``seen`` is the version the user saw: Stale if a colleague has changed the row since.
        """
        where = table.c.id == row_id
        if seen is not None:
            where = and_(where, table.c.version == seen)
        if await self.update_where(table, where, values):
            return True
        version = table.c.version if "version" in table.c else literal(seen)
        found = (await self.connection.execute(select(version).where(table.c.id == row_id))).first()
        if found is None:
            raise NotFound(f"This {table.name} no longer exists. Nothing was changed.")
        if seen is not None and found[0] != seen:
            raise Stale(
                f"A colleague changed this {table.name} while you were editing. Nothing was overwritten."
            )
        return False

    async def update_where(self, table: Table, where: ColumnElement[bool], values: Mapping[str, Any]) -> int:
        """Set columns (to values or SQL expressions) of the rows that match and differ; returns how many."""
        kept = {name: value for name, value in values.items() if not table.c[name].info.get("secret")}
        secrets = len(kept) < len(values)
        differs = or_(*(table.c[name].is_distinct_from(value) for name, value in values.items()))
        where = and_(where, differs)
        if self.bulk:
            return await self._update_plain(table, where, values)
        self.steps += 1
        columns = sorted(kept)
        after = [(name, self._typed(table, name, kept[name])) for name in columns]
        count = await self._record(table, where, "update", columns, after)
        if not count:
            self.steps -= 1
            return 0
        if secrets:
            self.entry.fixed = PASSWORD_FIXED
        changed = set(values)
        touched = table.c.id.in_(self.touched())
        await self.derived.mark(table, changed, self.touched())
        await self.count(table, changed, touched, -1)
        await self.connection.execute(update(table).where(touched).values(**self._raised(table, values)))
        await self.count(table, changed, touched, +1)
        await self.derived.mark(table, changed, self.touched())
        return count

    async def delete(self, table: Table, row_id: int) -> bool:
        """Delete one row; False if it is not there."""
        return bool(await self.delete_where(table, table.c.id == row_id))

    async def delete_where(self, table: Table, where: ColumnElement[bool]) -> int:
        """Delete the rows that match; the journal keeps them whole (but for secrets). Returns how many."""
        self.steps += 1
        count = await self._record(table, where, "delete", journalled_columns(table), [])
        if not count:
            self.steps -= 1
            return 0
        touched = table.c.id.in_(self.touched())
        await self.count(table, None, touched, -1)
        await self.derived.mark(table, None, self.touched())
        await self.connection.execute(delete(table).where(touched))
        return count

    def touched(self) -> Select[Any]:
        """The row ids of the step just recorded, as a subquery."""
        return select(journal_item.c.row_id).where(
            journal_item.c.entry_id == self.entry_id, journal_item.c.step == self.steps
        )

    # Finishing

    async def finish(self) -> int | None:
        """Bring derived rows up to date and write the entry; returns its id, or None if nothing was written."""
        if not self.steps:
            return None
        await self.derived.refresh()
        entry = self.entry
        values = {
            "id": self.entry_id,
            "position": await self.dialect.position(self.connection),
            "at": self.at,
            "actor_id": self.actor.staff_id,
            "acting_as": self.actor.acting_as,
            "via": self.actor.via,
            "action": entry.action,
            "object_type": entry.object_type,
            "object_id": entry.object_id,
            "client_id": entry.client_id,
            "reason": entry.reason,
            "detail": entry.detail,
            "batch_id": entry.batch_id,
            "undoes": entry.undoes,
            "rows": self.rows,
            "fixed": entry.fixed,
            "revision": HEAD,
        }
        await self.connection.execute(insert(journal_entry), values)
        return self.entry_id

    # Inside

    def _completed(self, table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
        values = dict(row)
        values.setdefault("id", self.new_id())
        if "created_at" in table.c:
            values.setdefault("created_at", self.at)
        return values

    def _typed(self, table: Table, name: str, value: Any) -> ColumnElement[Any]:
        """A value as an SQL expression of the column's own type."""
        if isinstance(value, ColumnElement):
            return value
        return null() if value is None else literal(value, table.c[name].type)

    def _raised(self, table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
        raised = dict(values)
        if "version" in table.c:
            raised["version"] = table.c.version + 1
        if "updated_at" in table.c:
            raised["updated_at"] = self.at
        return raised

    async def _update_plain(self, table: Table, where: ColumnElement[bool], values: Mapping[str, Any]) -> int:
        self.steps += 1
        result = await self.connection.execute(
            update(table).where(where).values(**self._raised(table, values))
        )
        self.rows += result.rowcount
        return int(result.rowcount)

    async def _record(
        self,
        table: Table,
        where: ColumnElement[bool],
        op: str,
        columns: Sequence[str],
        after: Sequence[tuple[str, ColumnElement[Any]]],
    ) -> int:
        """Insert the items of the rows that match, locked; returns how many."""
        before = [(name, table.c[name]) for name in columns]
        rows = (
            select(
                literal(self.entry_id, BIGINT),
                literal(self.steps, BIGINT),
                table.c.id,
                literal(table.name),
                literal(op),
                subject_column(table),
                literal(",".join(columns)),
                self.dialect.pack(before),
                self.dialect.pack(after) if after else null(),
            )
            .where(where)
            .with_for_update(of=table)
        )
        result = await self.connection.execute(insert(journal_item).from_select(list(ITEM_COLUMNS), rows))
        self.rows += result.rowcount
        return int(result.rowcount)

    async def count(
        self, table: Table, changed: set[str] | None, touched: ColumnElement[bool], sign: int
    ) -> None:
        """Add (+1) or take away (-1) what the touched rows contribute to the counters kept on other rows."""
        if self.bulk:
            return
        for counter in COUNTERS.get(table.name, ()):
            if changed is None or counter.watches & changed:
                await self._apply(counter, touched, sign)

    async def _apply(self, counter: Counter, touched: ColumnElement[bool], sign: int) -> None:
        target = counter.target.table
        for owner, amount in (await self.connection.execute(counter.contributions(touched))).all():
            if owner is not None and amount:
                await self.connection.execute(
                    update(target)
                    .where(target.c.id == owner)
                    .values({counter.target.name: counter.target + sign * int(amount)})
                )


ITEM_COLUMNS = (
    "entry_id",
    "step",
    "row_id",
    "table_name",
    "op",
    "subject_id",
    "columns",
    "before",
    "after",
)


def subject_column(table: Table) -> Any:
    """The column that names whose timeline a row of the table belongs to."""
    return table.c[table.info.get("subject", "id")]


def journalled_columns(table: Table) -> list[str]:
    """The columns whose values the journal keeps, sorted: all but derived ones, secrets and the version."""
    left_out = ("derived", "secret")
    kept = [c.name for c in table.c if c.name != "version" and not any(c.info.get(name) for name in left_out)]
    return sorted(kept)


def journalled_tables() -> dict[str, Table]:
    """The tables whose rows are changes, by name."""
    return {table.name: table for table in metadata.tables.values() if table.info.get("journal", True)}
