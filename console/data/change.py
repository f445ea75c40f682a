"""The one way rows are written: every write leaves its journal items in the same transaction.

All writes are set-based, a single row being a set of one. The rows are locked, the items are made from them in
SQL, and only then the update is run on the rows the items name, so a before-image cannot race. Rows that trade
unique values are parked first and then get theirs from the items.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ClauseElement,
    ColumnElement,
    Executable,
    FromClause,
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

from console.data.derived import COUNTERS, Counter, Derived, alongside
from console.data.dialect import Dialect
from console.data.errors import NotFound, Stale
from console.data.guards import Watch, role_now
from console.data.ids import IdFactory
from console.data.keys import parking, write_from_items
from console.data.migrations import HEAD
from console.data.models.base import BIGINT
from console.data.models.journal import journal_item
from console.data.records import Actor
from console.data.statements import (
    ITEM_COLUMNS,
    entry_insert,
    hangers_on,
    kept_columns,
    one_row,
    subject_column,
)

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

    ``bulk`` keeps no items and no derived rows: for demonstration data, which is one entry that cannot be undone,
    and after which ``derived.recount`` must run. ``written`` says, in the end, that there is an entry.
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
        self.derived = Derived(connection)
        self.kept = True
        self.written = False
        self.deleted: set[str] = set()
        self.watch = Watch()

    # Writing

    async def insert(self, table: Table, **values: Any) -> int:
        """Insert one row; returns its id."""
        return (await self.insert_many(table, [values]))[0]

    async def insert_many(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> list[int]:
        """Insert rows that name the same columns; returns their ids in order."""
        if not rows:
            return []
        self.writes(table)
        complete = [self._completed(table, row) for row in rows]
        if not self.bulk:
            await self.derived.texts.inserting(table, complete)
        await self.connection.execute(insert(table), complete)
        ids = [row["id"] for row in complete]
        self.steps += 1
        self.rows += len(ids)
        if not self.bulk:
            subject = table.info.get("subject", "id")
            items = [
                {
                    "entry_id": self.entry_id,
                    "step": self.steps,
                    "row_id": row["id"],
                    "table_name": table.name,
                    "op": "insert",
                    "subject_id": row.get(subject) or row["id"],
                    "columns": "",
                }
                for row in complete
            ]
            await self.connection.execute(insert(journal_item), items)
            await self.count(table, None, table.c.id.in_(self.touched()), +1)
            await self.derived.mark_rows(table, complete)
        return ids

    async def update(self, table: Table, row_id: int, *, seen: int | None = None, **values: Any) -> bool:
        """Update one row; False if nothing differs.

        ``seen`` is the version the user saw: Stale if a colleague has changed the row since.
        """
        if self.bulk or any(isinstance(value, ClauseElement) for value in values.values()):
            where = table.c.id == row_id
            if seen is not None:
                where = and_(where, table.c.version == seen)
            if await self.update_where(table, where, values):
                return True
        elif await self._update_one(table, row_id, seen, values):
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
        self.writes(table, values)
        differs = or_(*(table.c[name].is_distinct_from(value) for name, value in values.items()))
        where = and_(where, differs)
        if self.bulk:
            return await self._recorded(update(table).where(where).values(**self.raised(table, values)), {})
        kept = {name: value for name, value in values.items() if not table.c[name].info.get("secret")}
        columns = sorted(kept)
        after = [(name, self._typed(table, name, kept[name])) for name in columns]
        count = await self._record(table, where, "update", columns, after)
        if not count:
            return 0
        self._note_secrets(table, values)
        changed = set(values)
        touched = table.c.id.in_(self.touched())
        await self.derived.mark(table, changed, touched)
        await self.count(table, changed, touched, -1)
        await self._write(table, touched, values, parking(table, columns) if count > 1 else {})
        await self.count(table, changed, touched, +1)
        await self.derived.mark(table, changed, touched, again=True)
        return count

    async def _update_one(
        self, table: Table, row_id: int, seen: int | None, values: Mapping[str, Any]
    ) -> bool:
        """The same for plain values of one row, which is most of what staff do: by statements built once."""
        self.writes(table, values)
        beside = alongside(table, values)
        statements = one_row(table, tuple(sorted(values)), tuple(beside), self.dialect)
        new = {f"new_{name}": value for name, value in values.items()}
        named = {"the_entry": self.entry_id, "the_step": self.steps + 1, "the_row": row_id, **new}
        if "version" in table.c:
            named["the_seen"] = seen
        if not await self._recorded(statements.items, named):
            return False
        self._note_secrets(table, values)
        changed, touched = set(values), table.c.id == row_id
        await self.derived.mark(table, changed, touched, only=row_id)
        await self.count(table, changed, touched, -1)
        written = {"the_row": row_id, **new, **{f"new_{name}": value for name, value in beside.items()}}
        if "updated_at" in table.c:
            written["the_time"] = self.at
        await self.connection.execute(statements.write, written)
        await self.count(table, changed, touched, +1)
        await self.derived.mark(table, changed, touched, again=True)
        return True

    async def delete(self, table: Table, row_id: int) -> bool:
        """Delete one row; False if it is not there."""
        return bool(await self.delete_where(table, table.c.id == row_id))

    async def delete_where(self, table: Table, where: ColumnElement[bool]) -> int:
        """Delete the rows that match; the journal keeps them whole (but for secrets). Returns how many.

        What is no change of its own but hangs on them (search words, links, duplicate keys) goes with them.
        """
        self.writes(table)
        if self.bulk:
            return await self._recorded(delete(table).where(where), {})
        count = await self._record(table, where, "delete", kept_columns(table), [])
        if not count:
            return 0
        touched = table.c.id.in_(self.touched())
        await self.count(table, None, touched, -1)
        await self.derived.mark(table, None, touched)
        self.deleted.add(table.name)
        for column in hangers_on(table):
            await self.connection.execute(delete(column.table).where(column.in_(self.touched())))
        await self.connection.execute(delete(table).where(touched))
        return count

    def touched(self) -> Select[Any]:
        """The row ids of the step just recorded, as a subquery."""
        return select(journal_item.c.row_id).where(self.last_step())

    def last_step(self) -> ColumnElement[bool]:
        """The condition that an item is of the step just recorded."""
        return and_(journal_item.c.entry_id == self.entry_id, journal_item.c.step == self.steps)

    def writes(self, table: Table, columns: Collection[str] | None = None) -> None:
        """Note that rows (None: whole ones) are about to be written. Programming error where they are no changes."""
        if not table.info.get("journal", True):
            raise ValueError(f"{table.name} is not journalled; write it with desk.quiet()")
        self.watch.note(table.name, columns)

    def took_away(self, rows: int) -> None:
        """Rows of the journal itself, or others that it does not keep, are gone: an entry without items."""
        self.kept = False
        self.rows += rows

    # Finishing

    async def finish(self) -> int | None:
        """Bring derived rows up to date and write the entry; returns its id, or None if nothing was written."""
        if not self.steps and self.kept:
            return None
        await self.derived.refresh()
        await self.watch.check(self.connection, self.dialect, self.entry_id)
        entry = self.entry
        values = {
            "id": self.entry_id,
            "at": self.at,
            "actor_id": self.actor.staff_id,
            "acting_as": self.actor.acting_as,
            "via": self.actor.via,
            "action": entry.action,
            "object_type": entry.object_type,
            "object_id": entry.object_id,
            "client_id": entry.object_id if entry.object_type == "client" else entry.client_id,
            "reason": entry.reason,
            "detail": entry.detail,
            "batch_id": entry.batch_id,
            "undoes": entry.undoes,
            "rows": self.rows,
            "fixed": entry.fixed,
            "revision": HEAD,
        }
        await self._write_entry(values)
        self.written = True
        return self.entry_id

    # Inside

    async def _write_entry(self, values: Mapping[str, Any]) -> None:
        """Insert the entry, if the actor still has the rights by which everything was allowed."""
        insert_entry = entry_insert(self.dialect)
        result: Any = await self.connection.execute(insert_entry, {**values, "the_role": self.actor.role})
        if not result.rowcount:
            role = await role_now(self.connection, self.actor, themselves="staff" in self.watch.tables)
            await self.connection.execute(insert_entry, {**values, "the_role": role})

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

    def raised(self, table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values of an update, with the row's version raised and its time set."""
        raised = dict(values)
        if "version" in table.c:
            raised["version"] = table.c.version + 1
        if "updated_at" in table.c:
            raised["updated_at"] = self.at
        return raised

    async def _write(
        self,
        table: Table,
        touched: ColumnElement[bool],
        values: Mapping[str, Any],
        parked: Mapping[str, Any],
    ) -> None:
        if not parked:
            await self.connection.execute(update(table).where(touched).values(**self.raised(table, values)))
            return
        after = journal_item.c.after
        unpacked = {
            name: value
            if table.c[name].info.get("secret")
            else self.dialect.unpack(after, table.c[name], name)
            for name, value in values.items()
        }
        await write_from_items(
            self.connection, table, self.last_step(), self.raised(table, unpacked), parked=parked
        )

    async def _record(
        self,
        table: Table,
        where: ColumnElement[bool],
        op: str,
        columns: Sequence[str],
        after: Sequence[tuple[str, ColumnElement[Any]]],
    ) -> int:
        """Insert the items of the rows that match, locked, as the next step; returns how many."""
        before = [(name, table.c[name]) for name in columns]
        rows = (
            select(
                literal(self.entry_id, BIGINT),
                literal(self.steps + 1, BIGINT),
                table.c.id,
                literal(table.name),
                literal(op),
                subject_column(table),
                literal(",".join(columns)),
                self.dialect.pack(before),
                self.dialect.pack(after) if after else null(),
            )
            .where(where)
            .with_for_update(of=table, key_share=op == "update")
        )
        return await self._recorded(insert(journal_item).from_select(list(ITEM_COLUMNS), rows), {})

    async def _recorded(self, statement: Executable, parameters: Mapping[str, Any]) -> int:
        result: Any = await self.connection.execute(statement, parameters)
        if result.rowcount:
            self.steps += 1
            self.rows += result.rowcount
        return int(result.rowcount)

    def _note_secrets(self, table: Table, columns: Iterable[str]) -> None:
        if any(table.c[name].info.get("secret") for name in columns):
            self.entry.fixed = PASSWORD_FIXED

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


def items_of(items: FromClause, row_id: ColumnElement[int]) -> ColumnElement[bool]:
    """The condition that an item (of an alias of the journal's) is about a row, in words that its indexes serve."""
    mine = items.c.row_id == row_id
    return or_(and_(items.c.subject_id == row_id, mine), and_(mine, items.c.subject_id != items.c.row_id))
