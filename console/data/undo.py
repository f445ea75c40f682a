"""Undo: the inverse of an entry, step by step in reverse, if the rows are still as the entry left them.

Nothing else in the product has undo code. An undo is a change like any other and so can itself be undone (redone).
Only the columns an entry wrote are compared and written; versions are raised, never restored. Each step is set-based.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Row,
    Table,
    UniqueConstraint,
    and_,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from console.data.change import ITEM_COLUMNS, Change, Entry
from console.data.compensate import COMPENSATIONS
from console.data.desk import Desk
from console.data.errors import NotFound, Refused, UndoConflict
from console.data.migrations import HEAD, REVISIONS, Dropped, Renamed, since
from console.data.models.base import BIGINT, metadata
from console.data.models.journal import journal_entry, journal_item
from console.data.naming import name_rows
from console.data.records import Actor

NAMED = 20
item = journal_item.c


@dataclass(frozen=True)
class Undone:
    """What an undo did: its own entry, the action it took back, rows written, and mail that was already gone."""

    entry_id: int
    action: str
    rows: int
    already_sent: tuple[str, ...] = ()


@dataclass
class _Problems:
    """Conflicts found so far, by row so that each is named once."""

    rows: dict[tuple[str, int], str] = field(default_factory=dict)

    def add(self, table: str, row_id: int, why: str) -> None:
        self.rows.setdefault((table, row_id), why)


async def undo_last(desk: Desk, actor: Actor) -> Undone:
    """Take back the actor's last change that still stands; Refused if there is none."""
    query = (
        select(journal_entry.c.id)
        .where(
            journal_entry.c.actor_id == actor.staff_id,
            journal_entry.c.undone_by.is_(None),
            journal_entry.c.undoes.is_(None),
        )
        .order_by(journal_entry.c.id.desc())
        .limit(1)
    )
    async with desk.read() as connection:
        found = (await connection.execute(query)).scalar_one_or_none()
    if found is None:
        raise Refused("You have changed nothing that could be undone.")
    return await undo(desk, actor, found)


async def undo(desk: Desk, actor: Actor, entry_id: int, *, reason: str = "") -> Undone:
    """Take back an entry, or the whole batch it is part of, in one transaction.

    Raises UndoConflict (naming each row, nothing changed), Refused (done already, not undoable, not yours).
    """
    head = Entry("journal.undo", reason=reason)
    async with desk.undoing(actor, head) as change:
        entries = await _entries(change, actor, entry_id)
        first = entries[-1]
        head.undoes, head.object_type, head.object_id = entries[0].id, first.object_type, first.object_id
        head.client_id, head.detail = first.client_id, first.action
        problems = _Problems()
        for entry in entries:
            await _undo_entry(change, entry, problems)
        if not problems.rows:
            await _check_references(change, problems)
        if problems.rows:
            raise UndoConflict(await name_rows(change.connection, problems.rows))
        await _mark(change, entries)
        rows = change.rows
        sent = tuple(head.already_sent)
    return Undone(change.entry_id, first.action, rows, sent)


async def _entries(change: Change, actor: Actor, entry_id: int) -> list[Row[Any]]:
    """The entries to take back, newest first: the one named, or all of its batch."""
    found = (await change.connection.execute(_locked(journal_entry.c.id == entry_id))).first()
    if found is None:
        raise NotFound(f"There is no journal entry {entry_id}. See: helpdesk journal list")
    entries = [found]
    if found.batch_id is not None:
        mine = _locked(journal_entry.c.batch_id == found.batch_id).order_by(journal_entry.c.id.desc())
        entries = list(await change.connection.execute(mine))
    entries = [entry for entry in entries if entry.undone_by is None]
    if not entries:
        raise Refused("This has been undone already.")
    for entry in entries:
        _check_allowed(entry, actor)
    return entries


def _locked(where: ColumnElement[bool]) -> Any:
    return select(journal_entry).where(where).with_for_update()


def _check_allowed(entry: Row[Any], actor: Actor) -> None:
    if entry.fixed:
        raise Refused(entry.fixed)
    if entry.actor_id != actor.staff_id and actor.role != "admin":
        raise Refused("Another member of staff did this. Ask them, or an admin, to undo it.")
    if entry.revision not in REVISIONS:
        raise Refused("This was written by another version of the helpdesk and cannot be undone by this one.")


async def _undo_entry(change: Change, entry: Row[Any], problems: _Problems) -> None:
    steps = (
        select(item.step, item.table_name, item.op, item.columns, func.count().label("rows"))
        .where(item.entry_id == entry.id)
        .group_by(item.step, item.table_name, item.op, item.columns)
        .order_by(item.step.desc())
    )
    if not (found := (await change.connection.execute(steps)).all()):
        raise Refused("The journal no longer keeps the details of this change, so it cannot be undone.")
    for one in found:
        step = _Step(change, entry, one, problems)
        if one.op == "update":
            await step.restore_values()
        elif one.op == "delete":
            await step.insert_again()
        else:
            await step.take_out()


async def _mark(change: Change, entries: Sequence[Row[Any]]) -> None:
    ids = [entry.id for entry in entries]
    await change.connection.execute(
        update(journal_entry).where(journal_entry.c.id.in_(ids)).values(undone_by=change.entry_id)
    )
    # Undoing an undo: what it had taken back stands again.
    await change.connection.execute(
        update(journal_entry).where(journal_entry.c.undone_by.in_(ids)).values(undone_by=None)
    )


class _Step:
    """One step of one entry: rows of one table, written by one statement, with the same columns."""

    def __init__(self, change: Change, entry: Row[Any], head: Row[Any], problems: _Problems) -> None:
        self.change = change
        self.problems = problems
        self.entry_id = entry.id
        self.number = head.step
        self.rows = head.rows
        names = _columns_now(head.table_name, head.columns, entry.revision)
        self.table: Table = metadata.tables[head.table_name]
        self.names = names  # column now -> name in the item
        self.mine = and_(item.entry_id == self.entry_id, item.step == self.number)

    def value(self, document: ColumnElement[str], column: str) -> ColumnElement[Any]:
        return self.change.dialect.unpack(document, self.table.c[column], self.names[column])

    async def restore_values(self) -> None:
        """Updated rows get their former values back."""
        differs = [self.table.c[name].is_distinct_from(self.value(item.after, name)) for name in self.names]
        query = (
            select(item.row_id, self.table.c.id)
            .select_from(journal_item.outerjoin(self.table, self.table.c.id == item.row_id))
            .where(self.mine, or_(self.table.c.id.is_(None), *differs))
        )
        for row in await self.change.connection.execute(query):
            self.problems.add(self.table.name, row[0], "is gone" if row[1] is None else "was changed since")
        if self.problems.rows:
            return
        await self._insert_items("update", before=item.after, after=item.before)
        await self._write(self._restore)

    async def insert_again(self) -> None:
        """Deleted rows come back."""
        query = select(item.row_id).where(self.mine, item.row_id.in_(select(self.table.c.id)))
        for row in await self.change.connection.execute(query):
            self.problems.add(self.table.name, row[0], "exists again")
        if not self.problems.rows:
            await self._insert_items("insert", before=None, after=None)
            await self._write(self._insert)

    async def take_out(self) -> None:
        """Inserted rows are deleted; ledger lines and messages get a compensating row; queued mail is cancelled."""
        mine = self.table.c.id.in_(select(item.row_id).where(self.mine))
        if self.table.info.get("effect"):
            await self._cancel_mail(mine)
        elif self.table.info.get("append_only") or self.table.name in COMPENSATIONS:
            for row_id, why in await COMPENSATIONS[self.table.name](self.change, self.table, mine):
                self.problems.add(self.table.name, row_id, why)
        else:
            await self._check_untouched()
            if not self.problems.rows:
                await self.change.delete_where(self.table, mine)

    async def _cancel_mail(self, mine: ColumnElement[bool]) -> None:
        queued = self.table.c.state == "queued"
        await self.change.update_where(self.table, and_(mine, queued), {"state": "cancelled"})
        sent = select(self.table.c.recipient, self.table.c.subject).where(mine, self.table.c.state == "sent")
        for recipient, subject in await self.change.connection.execute(sent):
            self.change.entry.already_sent.append(f"{subject} to {recipient}")

    async def _check_untouched(self) -> None:
        """A row that was edited after it was made must not vanish with the edit."""
        gone = select(item.row_id).where(self.mine, item.row_id.not_in(select(self.table.c.id)))
        for row in await self.change.connection.execute(gone):
            self.problems.add(self.table.name, row[0], "is gone already")
        if "version" not in self.table.c:
            return
        later, entry = journal_item.alias(), journal_entry.alias()
        edited = exists().where(
            later.c.subject_id == item.subject_id,
            later.c.row_id == item.row_id,
            later.c.table_name == self.table.name,
            later.c.op == "update",
            later.c.entry_id > self.entry_id,
            entry.c.id == later.c.entry_id,
            entry.c.undone_by.is_(None),
            entry.c.undoes.is_(None),
        )
        query = (
            select(item.row_id)
            .select_from(journal_item.join(self.table, self.table.c.id == item.row_id))
            .where(self.mine, self.table.c.version > 1, edited)
        )
        for row in await self.change.connection.execute(query):
            self.problems.add(self.table.name, row[0], "was changed since")

    async def _insert_items(
        self, op: str, *, before: ColumnElement[str] | None, after: ColumnElement[str] | None
    ) -> None:
        change = self.change
        change.steps += 1
        rows = select(
            literal(change.entry_id, BIGINT),
            literal(change.steps, BIGINT),
            item.row_id,
            literal(self.table.name),
            literal(op),
            item.subject_id,
            literal(",".join(sorted(self.names)) if op == "update" else ""),
            self._renamed(before),
            self._renamed(after),
        ).where(self.mine)
        result = await change.connection.execute(insert(journal_item).from_select(list(ITEM_COLUMNS), rows))
        change.rows += result.rowcount

    def _renamed(self, document: ColumnElement[str] | None) -> ColumnElement[Any]:
        """The document, its values under the columns' present names."""
        if document is None:
            return literal(None, journal_item.c.before.type)
        if all(now == then for now, then in self.names.items()):
            return document
        return self.change.dialect.pack([(name, self.value(document, name)) for name in sorted(self.names)])

    async def _write(self, statement: Any) -> None:
        """Run a step as one statement; where a unique value is taken, row by row to name each."""
        change, touched = self.change, self.table.c.id.in_(self.change.touched())
        changed = set(self.names) if statement == self._restore else None
        if changed is not None:
            await change.derived.mark(self.table, changed, change.touched())
            await change.count(self.table, changed, touched, -1)
        try:
            async with change.connection.begin_nested():
                await statement(self.mine)
        except IntegrityError:
            await self._write_each(statement)
        await change.count(self.table, changed, touched, +1)
        await change.derived.mark(self.table, changed, change.touched())

    async def _write_each(self, statement: Any) -> None:
        rows = (await self.change.connection.execute(select(item.row_id).where(self.mine))).scalars().all()
        for row_id in rows:
            try:
                async with self.change.connection.begin_nested():
                    await statement(and_(self.mine, item.row_id == row_id))
            except IntegrityError:
                self.problems.add(self.table.name, row_id, "its place is taken by another record")

    async def _restore(self, mine: ColumnElement[bool]) -> None:
        if self.rows > 1 and (parked := self._parked()):
            rows = self.table.c.id.in_(select(item.row_id).where(mine))
            await self.change.connection.execute(update(self.table).where(rows).values(parked))
        values: dict[str, Any] = {name: self.value(item.before, name) for name in self.names}
        if "version" in self.table.c:
            values["version"] = self.table.c.version + 1
        if "updated_at" in self.table.c:
            values["updated_at"] = self.change.at
        statement = update(self.table).where(mine, self.table.c.id == item.row_id).values(values)
        await self.change.connection.execute(statement)

    def _parked(self) -> dict[str, Any]:
        """Values that collide with nothing, for the columns of unique keys while rows trade them."""
        keys = [
            list(unique.columns) for unique in self.table.constraints if isinstance(unique, UniqueConstraint)
        ]
        parked: dict[str, Any] = {}
        for index in self.table.indexes:
            if index.unique:
                condition = str(index.dialect_options["sqlite"]["where"])
                keys.append([*index.columns, *(c for c in self.table.c if c.name in condition.split())])
        for column in {column for columns in keys for column in columns if column.name in self.names}:
            if isinstance(column.type, Boolean):
                parked[column.name] = False
            elif column.type.python_type is str:
                parked[column.name] = literal("~") + func.cast(self.table.c.id, column.type)
            else:
                parked[column.name] = -self.table.c.id
        return parked

    async def _insert(self, mine: ColumnElement[bool]) -> None:
        names = sorted(self.names)
        rows = select(*(self.value(item.before, name) for name in names)).where(mine)
        await self.change.connection.execute(insert(self.table).from_select(names, rows))


def _columns_now(table: str, columns: str, revision: str) -> Mapping[str, str]:
    """What an item's columns are called now; Refused where a migration has dropped what it needs."""
    then = [name for name in columns.split(",") if name]
    now = {name: name for name in then}
    for change in since(revision) if revision != HEAD else ():
        if change.table != table:
            continue
        if isinstance(change, Dropped) and (not change.column or change.column in now):
            raise Refused("The database has changed its form since, so this cannot be undone any more.")
        if isinstance(change, Renamed) and change.old in now:
            now[change.new] = now.pop(change.old)
    return now


async def _check_references(change: Change, problems: _Problems) -> None:
    """Rows about to vanish must not be needed by others that came since."""
    gone = select(item.row_id, item.table_name).where(item.entry_id == change.entry_id, item.op == "delete")
    tables = {
        row[0]
        for row in await change.connection.execute(
            select(item.table_name).where(item.entry_id == change.entry_id, item.op == "delete").distinct()
        )
    }
    for child in metadata.tables.values():
        for column in child.columns:
            for foreign in column.foreign_keys:
                parent = foreign.column.table.name
                if parent not in tables or not child.info.get("journal", True):
                    continue
                deleted = gone.where(item.table_name == parent).subquery()
                query = select(column).where(column.in_(select(deleted.c.row_id))).distinct().limit(NAMED)
                for row in await change.connection.execute(query):
                    problems.add(parent, row[0], f"has a {child.name.replace('_', ' ')} that came later")
