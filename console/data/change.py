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
    Table,
    and_,
    delete,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import touched
from console.data.counters import Counts, contributed, move
from console.data.derived import Derived, alongside
from console.data.dialect import Dialect
from console.data.errors import NotFound, Stale
from console.data.guards import Watch, role_now
from console.data.ids import IdFactory
from console.data.migrations import HEAD
from console.data.models.journal import journal_item
from console.data.records import Actor
from console.data.statements import (
    delete_items,
    delete_once,
    deletes,
    entry_insert,
    inserting,
    many_rows,
    many_rows_once,
    one_row,
    raised,
)
from console.data.touched import Touched

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
        await self.connection.execute(inserting(table), complete)
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
            await self.connection.execute(inserting(journal_item), items)
            await self.count(table, self.touched(table), +1)
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

    async def update_where(
        self,
        table: Table,
        where: ColumnElement[bool],
        values: Mapping[str, Any],
        given: Mapping[str, Any] | None = None,
    ) -> int:
        """Set columns (to values or SQL expressions) of the rows that match and differ; returns how many.

        ``given`` are the parameters of a condition (and of expressions) built once, whose statements are kept.
        """
        self.writes(table, values)
        if self.bulk:
            differs = or_(*(table.c[name].is_distinct_from(value) for name, value in values.items()))
            new = raised(table, values)
            written = update(table).where(and_(where, differs)).values(**new)
            return await self._recorded(written, {"the_time": self.at} if "updated_at" in new else {})
        plain = {name: value for name, value in values.items() if not isinstance(value, ClauseElement)}
        expressions = tuple((name, None if name in plain else values[name]) for name in sorted(values))
        build = many_rows_once if given is None else many_rows
        statements = build(table, where, expressions, self.dialect)
        named = {**(given or {}), **{f"new_{name}": value for name, value in plain.items()}}
        count = await self._recorded(statements.items, named | self._next_step())
        if not count:
            return 0
        self._note_secrets(table, values)
        rows = self.touched(table)
        await self.derived.mark(table, values, rows)
        before = await self.counted(table, values, rows)
        writes = statements.parked if statements.parked and count > 1 else (statements.write,)
        for statement in writes:
            await self.connection.execute(statement, {**named, **rows.given, "the_time": self.at})
        await self.count_again(table, values, rows, before)
        await self.derived.mark_again(table, values, rows)
        return count

    async def _update_one(
        self, table: Table, row_id: int, seen: int | None, values: Mapping[str, Any]
    ) -> bool:
        """The same for plain values of one row, which is most of what staff do: by statements built once."""
        self.writes(table, values)
        beside = alongside(table, values)
        statements = one_row(table, tuple(sorted(values)), tuple(beside), self.dialect)
        new = {f"new_{name}": value for name, value in values.items()}
        named = {**self._next_step(), "the_row": row_id, **new}
        if "version" in table.c:
            named["the_seen"] = seen
        if not await self._recorded(statements.items, named):
            return False
        self._note_secrets(table, values)
        rows = touched.one(table, row_id)
        await self.derived.mark(table, values, rows, only=row_id)
        before = await self.counted(table, values, rows)
        written = {"the_row": row_id, **new, **{f"new_{name}": value for name, value in beside.items()}}
        if "updated_at" in table.c:
            written["the_time"] = self.at
        await self.connection.execute(statements.write, written)
        await self.count_again(table, values, rows, before)
        await self.derived.mark_again(table, values, rows)
        return True

    async def delete(self, table: Table, row_id: int) -> bool:
        """Delete one row; False if it is not there."""
        return bool(await self.delete_where(table, table.c.id == row_id))

    async def delete_where(
        self, table: Table, where: ColumnElement[bool], given: Mapping[str, Any] | None = None
    ) -> int:
        """Delete the rows that match; the journal keeps them whole (but for secrets). Returns how many.

        What is no change of its own but hangs on them (search words, links, duplicate keys) goes with them. ``given``
        as for ``update_where``.
        """
        self.writes(table)
        if self.bulk:
            return await self._recorded(delete(table).where(where), {})
        build = delete_once if given is None else delete_items
        items = build(table, where, self.dialect)
        count = await self._recorded(items, {**(given or {}), **self._next_step()})
        if not count:
            return 0
        rows = self.touched(table)
        await self.count(table, rows, -1)
        await self.derived.mark(table, None, rows)
        self.deleted.add(table.name)
        for statement in deletes(table):
            await self.connection.execute(statement, rows.given)
        return count

    def touched(self, table: Table) -> Touched:
        """The rows of the step just recorded."""
        return touched.of_step(table, self.entry_id, self.steps)

    def _next_step(self) -> dict[str, int]:
        return {"the_entry": self.entry_id, "the_step": self.steps + 1}

    async def counted(self, table: Table, changed: Collection[str] | None, rows: Touched) -> Counts:
        """What the touched rows contribute to the counters kept on other rows, as far as ``changed`` may change it."""
        return {} if self.bulk else await contributed(self.connection, table, changed, rows)

    async def count_again(
        self, table: Table, changed: Collection[str] | None, rows: Touched, before: Counts
    ) -> None:
        """Bring those counters to what the touched rows contribute now; ``before`` is what they did."""
        after = await self.counted(table, changed, rows)
        await move(self.connection, before, after)

    async def count(self, table: Table, rows: Touched, sign: int) -> None:
        """The same for rows that have come (+1), or are about to go (-1)."""
        found = await self.counted(table, None, rows)
        await move(self.connection, *(({}, found) if sign > 0 else (found, {})))

    def writes(self, table: Table, columns: Collection[str] | None = None) -> None:
        """Note that rows (None: whole ones) are about to be written. Programming error where they are no changes."""
        if not table.info.get("journal", True):
            raise ValueError(f"{table.name} is not journalled; write it with desk.quiet()")
        self.watch.note(table.name, columns, self.steps + 1)

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

    async def _recorded(self, statement: Executable, parameters: Mapping[str, Any]) -> int:
        result: Any = await self.connection.execute(statement, parameters)
        if result.rowcount:
            self.steps += 1
            self.rows += result.rowcount
        return int(result.rowcount)

    def _note_secrets(self, table: Table, columns: Iterable[str]) -> None:
        if any(table.c[name].info.get("secret") for name in columns):
            self.entry.fixed = PASSWORD_FIXED


def items_of(items: FromClause, row_id: ColumnElement[int]) -> ColumnElement[bool]:
    """The condition that an item (of an alias of the journal's) is about a row, in words that its indexes serve."""
    mine = items.c.row_id == row_id
    return or_(and_(items.c.subject_id == row_id, mine), and_(mine, items.c.subject_id != items.c.row_id))
