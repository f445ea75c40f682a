"""The inverse of one step of an entry: rows of one table, written by one statement, with the same columns."""

import json
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Table,
    and_,
    exists,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
)
from sqlalchemy.exc import IntegrityError

from console.data.change import Change, items_of
from console.data.compensate import COMPENSATIONS
from console.data.errors import Refused
from console.data.keys import may_clash, parking, write_from_items
from console.data.merging.fields import field_of
from console.data.migrations import HEAD, Dropped, Renamed, since
from console.data.models.base import BIGINT, metadata
from console.data.models.journal import journal_entry, journal_item
from console.data.naming import TAKEN
from console.data.rebase import (
    MERGES,
    Leeway,
    as_left,
    deleted_since,
    handed_back,
    handovers,
    hands_over,
    through,
)
from console.data.statements import ITEM_COLUMNS

NAMED = 20
item = journal_item.c
Statement = Callable[[ColumnElement[bool]], Coroutine[Any, Any, None]]


@dataclass
class Problems:
    """Conflicts found so far, by table and row so that each is named once, at most ``NAMED``."""

    rows: dict[tuple[str, int], str] = field(default_factory=dict)

    def add(self, table: str, row_id: int, why: str) -> None:
        """Note a conflict, unless there are enough."""
        if len(self.rows) < NAMED:
            self.rows.setdefault((table, row_id), why)

    @property
    def enough(self) -> bool:
        """Whether no more need be looked for."""
        return len(self.rows) >= NAMED


class Step:
    """One step of ``entry``, taken back by ``change`` together with all the entries ``ids``.

    Where rows conflict, the problem is noted and the step is taken back all the same: the steps before it must
    find what they left, or else they would name rows that no one has touched. The transaction ends unwritten.
    """

    def __init__(
        self,
        change: Change,
        entry: Row[Any],
        head: Row[Any],
        ids: Iterable[int],
        problems: Problems,
        leeway: Leeway,
        takers: Sequence[int] = (),
    ) -> None:
        self.change = change
        self.problems = problems
        self.entry_id = entry.id
        self.ids = [*ids]
        self.number = head.step
        self.rows = head.rows
        self.op = head.op
        self.names = columns_now(
            head.table_name, head.columns, entry.revision
        )  # column now -> name in the item
        self.table: Table = metadata.tables[head.table_name]
        self.leeway = leeway
        self.merges = entry.action in MERGES
        self.mine = and_(item.entry_id == self.entry_id, item.step == self.number)
        if takers and (head.op != "update" or hands_over(self.table, self.names)):
            self.mine = and_(self.mine, ~handed_back(self.table, self.names, takers))
        self.touched = self.table.c.id.in_(select(item.row_id).where(self.mine))

    def value(self, document: ColumnElement[Any], column: str) -> ColumnElement[Any]:
        """What the document holds of a column."""
        return self.change.dialect.unpack(document, self.table.c[column], self.names[column])

    async def restore_values(self) -> None:
        """Updated rows get their former values back."""
        if self.leeway.keep_changed and self.rows == 1 and not hands_over(self.table, self.names):
            await self._leave_changed_columns()
            if not self.names:
                return
        same = and_(*(as_left(self.table.c[name], self.value(item.after, name)) for name in self.names))
        columns = ",".join(sorted(self.names))
        # Compared while they are locked, and by the same statement: a mass change is read once, not three times.
        written = await self._insert_items(
            "update", columns, self._renamed(item.after), self._renamed(item.before), as_left=same
        )
        step = self.change.last_step()
        if written < self.rows:
            await self._bring_back_repeated()
            await self._name_changed(not_(same))
            if self.leeway.keep_changed:
                self.mine = and_(self.mine, item.row_id.in_(self._rows_of(step)))
        changed, touched = set(self.names), self.table.c.id.in_(self._rows_of(step))
        await self.change.derived.mark(self.table, changed, touched)
        await self.change.count(self.table, changed, touched, -1)
        await self._write(self._restore)
        await self.change.count(self.table, changed, touched, +1)
        await self.change.derived.mark(self.table, changed, touched, again=True)

    def _rows_of(self, step: ColumnElement[bool]) -> Select[Any]:
        return select(journal_item.c.row_id).where(step)

    async def _leave_changed_columns(self) -> None:
        """Of a single row, only the fields that are still as the entry left them are written."""
        names = list(self.names)
        query = (
            select(item.row_id, *(as_left(self.table.c[n], self.value(item.after, n)) for n in names))
            .select_from(journal_item.join(self.table, self.table.c.id == item.row_id))
            .where(self.mine)
        )
        for row_id, *same in await self.change.connection.execute(query):
            changed = [name for name, as_it_was in zip(names, same, strict=True) if not as_it_was]
            fields = {name: field_of(self.table, name) for name in names}
            kept = list(dict.fromkeys(fields[name] for name in changed))
            if kept:
                self.leeway.kept[self.table.name, row_id] = f"keeps {', '.join(kept)} as changed since"
            self.names = {name: then for name, then in self.names.items() if fields[name] not in kept}

    async def _bring_back_repeated(self) -> None:
        """Rows that a later merge found to say what another said already come back for whom they were before."""
        if not self.merges or not hands_over(self.table, self.names):
            return
        gone = select(item.row_id, item.before).where(self.mine, item.row_id.not_in(select(self.table.c.id)))
        for row_id, before in (await self.change.connection.execute(gone)).all():
            found = await deleted_since(self.change.connection, self.entry_id, self.table, row_id)
            if found is None:
                continue
            given = {now: json.loads(before)[then] for now, then in self.names.items()}
            values = {
                name: value for name, value in found.items() if name in self.table.c and name != "version"
            }
            await self.change.insert(self.table, **(values | given))

    async def _name_changed(self, differs: ColumnElement[bool]) -> None:
        query = (
            select(item.row_id, self.table.c.id)
            .select_from(journal_item.outerjoin(self.table, self.table.c.id == item.row_id))
            .where(self.mine, or_(self.table.c.id.is_(None), differs))
            .limit(NAMED)
        )
        for row in await self.change.connection.execute(query):
            self._problem(row[0], "is gone" if row[1] is None else "was changed since")

    def _problem(self, row_id: int, why: str) -> None:
        """A row that was changed since: named as a conflict, or left as it is where staff have said so."""
        if self.leeway.keep_changed:
            self.leeway.kept[self.table.name, row_id] = why
        else:
            self.problems.add(self.table.name, row_id, why)

    async def insert_again(self) -> None:
        """Deleted rows come back, their versions raised."""
        query = select(item.row_id).where(self.mine, item.row_id.in_(select(self.table.c.id))).limit(NAMED)
        for row in await self.change.connection.execute(query):
            self.problems.add(self.table.name, row[0], "exists again")
        if self.problems.rows:
            return
        nothing = literal(None, journal_item.c.before.type)
        if "version" in self.names:
            raised = self.change.dialect.pack([("version", self.value(item.before, "version") + 1)])
            await self._insert_items("insert", "version", nothing, raised)
        else:
            await self._insert_items("insert", "", nothing, nothing)
        touched = self.table.c.id.in_(self.change.touched())
        await self._write(self._insert)
        await self.change.count(self.table, None, touched, +1)
        await self.change.derived.restored(self.table, touched)
        await self.change.derived.mark(self.table, None, touched)

    async def take_out(self) -> None:
        """Inserted rows are deleted; ledger lines and messages get a compensating row; queued mail is cancelled."""
        await self._lock()
        if self.table.info.get("effect"):
            await self._cancel_mail()
        elif is_lasting(self.table):
            going = self._with_their_record()
            await self.change.delete_where(self.table, and_(self.touched, going))
            staying = and_(self.touched, ~going)
            for row_id, why in await COMPENSATIONS[self.table.name](self.change, self.table, staying):
                self.problems.add(self.table.name, row_id, why)
        else:
            await self._check_untouched()
            await self.change.delete_where(self.table, self.touched)

    async def _lock(self) -> None:
        await self.change.dialect.lock(self.change.connection, self.table, self.touched)

    def _with_their_record(self) -> ColumnElement[bool]:
        """Whether the record that a lasting row belongs to was made by the same entries, and so goes as well."""
        owners = [
            column.in_(self._inserted(foreign.column.table))
            for column in self.table.c
            if not column.nullable
            for foreign in column.foreign_keys
            if not is_lasting(foreign.column.table)
        ]
        return or_(*owners)

    def _inserted(self, table: Table) -> Select[Any]:
        return select(item.row_id).where(
            item.entry_id.in_(self.ids), item.op == "insert", item.table_name == table.name
        )

    async def _cancel_mail(self) -> None:
        queued = self.table.c.state == "queued"
        await self.change.update_where(self.table, and_(self.touched, queued), {"state": "cancelled"})
        sent = select(self.table.c.recipient, self.table.c.subject).where(
            self.touched, self.table.c.state == "sent"
        )
        for recipient, subject in await self.change.connection.execute(sent):
            self.change.entry.already_sent.append(f"{subject} to {recipient}")

    async def _check_untouched(self) -> None:
        """A row that was edited after it was made must not vanish with an edit that still stands.

        Each update raises the version by one, so versions tell how many there were; those found in the journal
        that were taken back again, or are being so now, do not count.
        """
        gone = select(item.row_id).where(self.mine, item.row_id.not_in(select(self.table.c.id))).limit(NAMED)
        for row in await self.change.connection.execute(gone):
            self._problem(row[0], "is gone already")
        versioned = "version" in self.table.c
        joined = journal_item.join(self.table, self.table.c.id == item.row_id)
        query = select(item.row_id).select_from(joined).where(self.mine).limit(NAMED)
        if versioned:
            made = self.change.dialect.unpack(item.after, self.table.c.version, "version")
            raises = self.table.c.version - func.coalesce(made, 1)
            query = query.where(raises > 0, raises > self._updates(neutral=True))
        else:
            query = query.where(self._updates(neutral=False) > 0)
        # What stands and falls with a merge goes with it; that is said, where nobody is asked any more.
        why = "went with the merge, though changed since" if self.leeway.keep_changed else "was changed since"
        for row in await self.change.connection.execute(query):
            self._problem(row[0], why)

    def _updates(self, *, neutral: bool) -> ColumnElement[int]:
        """How often the item's row was updated later, by entries that count or by those that no longer do."""
        later = journal_item.alias()
        # That a merge gave it to another record changes nothing of what it says.
        passed_on = later.c.columns.in_(handovers(self.table))
        # A row that was deleted and came back has a higher version as well.
        itself = and_(later.c.entry_id == self.entry_id, later.c.step == self.number)
        again = and_(later.c.op == "insert", later.c.columns == "version", ~itself)
        return (
            select(func.count())
            .where(
                items_of(later, item.row_id),
                later.c.table_name == self.table.name,
                or_(later.c.op == "update", again),
                later.c.entry_id >= self.entry_id,
                or_(neutral_entry(self.change, later.c.entry_id, self.ids), passed_on) == neutral,
            )
            .scalar_subquery()
        )

    async def _insert_items(
        self,
        op: str,
        columns: str,
        before: ColumnElement[Any],
        after: ColumnElement[Any],
        *,
        as_left: ColumnElement[bool] | None = None,
    ) -> int:
        """Record this undo's step; ``as_left`` locks the rows and takes those that meet it. Returns how many."""
        change = self.change
        change.writes(self.table)
        change.steps += 1
        rows = select(
            literal(change.entry_id, BIGINT),
            literal(change.steps, BIGINT),
            item.row_id,
            literal(self.table.name),
            literal(op),
            item.subject_id,
            literal(columns),
            before,
            after,
        ).where(self.mine)
        if as_left is not None:
            joined = journal_item.join(self.table, self.table.c.id == item.row_id)
            rows = rows.select_from(joined).where(as_left).with_for_update(of=self.table, key_share=True)
        result = await change.connection.execute(insert(journal_item).from_select(list(ITEM_COLUMNS), rows))
        change.rows += result.rowcount
        return int(result.rowcount)

    def _renamed(self, document: ColumnElement[Any]) -> ColumnElement[Any]:
        """The document, its values under the columns' present names."""
        if all(now == then for now, then in self.names.items()):
            return document
        return self.change.dialect.pack([(name, self.value(document, name)) for name in sorted(self.names)])

    async def _write(self, statement: Statement) -> None:
        """Write a step's rows by one statement; where a unique value is taken, find the rows that want it."""
        if self.op == "update" and not may_clash(self.table, self.names):
            await statement(self.mine)  # no column of a unique key: nothing can be taken
            return
        try:
            async with self.change.connection.begin_nested():
                await statement(self.mine)
        except IntegrityError:
            ids = (await self.change.connection.execute(select(item.row_id).where(self.mine))).scalars()
            await self._write_parts(statement, sorted(ids))

    async def _write_parts(self, statement: Statement, ids: list[int]) -> None:
        """Write the rows in ever smaller parts, until what cannot be written is a single one."""
        for part in (ids[: len(ids) // 2], ids[len(ids) // 2 :]):
            if not part or self.problems.enough:
                continue
            try:
                async with self.change.connection.begin_nested():
                    await statement(and_(self.mine, item.row_id.between(part[0], part[-1])))
            except IntegrityError:
                if len(part) == 1:
                    self.problems.add(self.table.name, part[0], TAKEN)
                else:
                    await self._write_parts(statement, part)

    async def _restore(self, mine: ColumnElement[bool]) -> None:
        values = self.change.raised(self.table, {name: self._before(name) for name in self.names})
        parked = parking(self.table, self.names) if self.rows > 1 else {}
        await write_from_items(self.change.connection, self.table, mine, values, parked=parked)

    def _before(self, name: str) -> ColumnElement[Any]:
        """What a column was, or, of an owner, whom that one was merged into."""
        return through(self.table.c[name], self.value(item.before, name))

    async def _insert(self, mine: ColumnElement[bool]) -> None:
        values = {name: self._before(name) for name in sorted(self.names)}
        if "version" in values:
            values["version"] += 1
        if "updated_at" in self.table.c:
            values["updated_at"] = literal(self.change.at, self.table.c.updated_at.type)
        rows = select(*values.values()).where(mine)
        await self.change.connection.execute(insert(self.table).from_select([*values], rows))


def is_lasting(table: Table) -> bool:
    """Whether rows of the table are answered, never deleted, as long as the record they belong to is there."""
    return bool(table.info.get("append_only")) or table.name in COMPENSATIONS


def neutral_entry(change: Change, entry_id: ColumnElement[int], ids: Iterable[int]) -> ColumnElement[bool]:
    """Whether what an entry did no longer counts: it was taken back, is being so now, or took something back."""
    entry = journal_entry.alias()
    taken_back = exists().where(
        entry.c.id == entry_id, or_(entry.c.undone_by.is_not(None), entry.c.undoes.is_not(None))
    )
    return or_(entry_id.in_([change.entry_id, *ids]), taken_back)


def columns_now(table: str, columns: str, revision: str) -> Mapping[str, str]:
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
