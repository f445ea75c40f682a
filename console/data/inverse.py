"""The inverse of one step of an entry: rows of one table, written by one statement, with the same columns."""

import json
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Insert, Row, Select, Table, and_, not_, or_, select
from sqlalchemy.exc import IntegrityError

from console.data import inverse_sql
from console.data.change import Change
from console.data.compensate import COMPENSATIONS
from console.data.errors import Refused
from console.data.fields import field_of
from console.data.inverse_sql import NAMED, Kind, item
from console.data.migrations import HEAD, Dropped, Renamed, since
from console.data.models.base import metadata
from console.data.models.journal import journal_item
from console.data.naming import TAKEN
from console.data.rebase import MERGES, Leeway, as_left, deleted_since, handed_back, hands_over
from console.data.touched import step_items

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
    ``careful``: a unique value was found taken, so each row that wants one is looked for.
    """

    def __init__(
        self,
        change: Change,
        entry: Row[Any],
        head: Any,
        ids: Iterable[int],
        problems: Problems,
        leeway: Leeway,
        takers: Sequence[int] = (),
        *,
        careful: bool = False,
    ) -> None:
        self.change = change
        self.problems = problems
        self.entry_id = entry.id
        self.ids = [*ids]
        self.number = head.step
        self.rows = head.rows
        self.row_id = head.row_id
        self.op = head.op
        self.names = columns_now(
            head.table_name, head.columns, entry.revision
        )  # column now -> name in the item
        self.table: Table = metadata.tables[head.table_name]
        self.leeway = leeway
        self.merges = entry.action in MERGES
        passes_over = head.op != "update" or hands_over(self.table, self.names)
        self.takers = tuple(takers) if passes_over else ()
        self.careful = careful
        self.given: dict[str, Any] = {"of_entry": self.entry_id, "of_step": self.number}
        self.alike = head.op == "update" and hands_over(self.table, self.names) and self._alike(head)
        self.mine = inverse_sql.mine(self.kind)

    @property
    def kind(self) -> Kind:
        """What statements take it back."""
        names = tuple(sorted(self.names.items()))
        return Kind(self.table, names, self.takers, self.change.dialect, self.alike)

    def _alike(self, head: Any) -> bool:
        """Whether all rows went from one owner to one other; those are then given to the statements."""
        if head.before != head.last_before or head.after != head.last_after:
            return False
        before, after = json.loads(head.before), json.loads(head.after)
        for now, then in self.names.items():
            self.given |= {f"before_{now}": before[then], f"after_{now}": after[then]}
        return True

    async def restore_values(self) -> None:
        """Updated rows get their former values back."""
        if self.leeway.keep_changed and self.rows == 1 and not hands_over(self.table, self.names):
            await self._leave_changed_columns()
            if not self.names:
                return
        written = await self._insert_items(inverse_sql.restoring_items(self.kind), self.names)
        rows = self.change.touched(self.table)
        whole = written == self.rows
        if not whole:
            await self._bring_back_repeated()
            await self._name_changed()
            whole = not self.leeway.keep_changed
        if not whole:
            self.mine = and_(self.mine, item.row_id.in_(select(item.row_id).where(step_items())))
            self.given |= rows.given
        elif self.alike and written == self.rows:
            # The items just made name the same rows; PostgreSQL looks these up, where for older ones it may read all.
            self.mine = step_items()
            self.given |= rows.given
        only = self.row_id if self.rows == 1 else None
        await self.change.derived.mark(self.table, self.names, rows, only=only)
        before = await self.change.counted(self.table, self.names, rows)
        await self._write(self._restore)
        await self.change.count_again(self.table, self.names, rows, before)
        await self.change.derived.mark_again(self.table, dict.fromkeys(self.names), rows)

    async def _leave_changed_columns(self) -> None:
        """Of a single row, only the fields that are still as the entry left them are written."""
        names, kind = list(self.names), self.kind
        query = (
            select(item.row_id, *(as_left(self.table.c[n], kind.value(item.after, n)) for n in names))
            .select_from(journal_item.join(self.table, self.table.c.id == item.row_id))
            .where(self.mine)
        )
        for row_id, *same in await self._run(query):
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
        for row_id, before in (await self._run(gone)).all():
            found = await deleted_since(self.change.connection, self.entry_id, self.table, row_id)
            if found is None:
                continue
            given = {now: json.loads(before)[then] for now, then in self.names.items()}
            values = {
                name: value for name, value in found.items() if name in self.table.c and name != "version"
            }
            await self.change.insert(self.table, **(values | given))

    async def _name_changed(self) -> None:
        query = (
            select(item.row_id, self.table.c.id)
            .select_from(journal_item.outerjoin(self.table, self.table.c.id == item.row_id))
            .where(self.mine, or_(self.table.c.id.is_(None), not_(self.kind.same())))
            .limit(NAMED)
        )
        for row in await self._run(query):
            self._problem(row[0], "is gone" if row[1] is None else "was changed since")

    def _problem(self, row_id: int, why: str) -> None:
        """A row that was changed since: named as a conflict, or left as it is where staff have said so."""
        if self.leeway.keep_changed:
            self.leeway.kept[self.table.name, row_id] = why
        else:
            self.problems.add(self.table.name, row_id, why)

    async def insert_again(self) -> None:
        """Deleted rows come back, their versions raised."""
        for row in await self._run(inverse_sql.standing(self.kind)):
            self.problems.add(self.table.name, row[0], "exists again")
        if self.problems.rows:
            return
        await self._insert_items(inverse_sql.again_items(self.kind), None)
        rows = self.change.touched(self.table)
        await self._write(self._insert)
        await self.change.count(self.table, rows, +1)
        await self.change.derived.restored(self.table, rows)
        await self.change.derived.mark(self.table, None, rows)

    async def take_out(self) -> None:
        """Inserted rows are deleted; ledger lines and messages get a compensating row; queued mail is cancelled."""
        if self.table.info.get("effect") or is_lasting(self.table):
            await self._answer(self.table.c.id.in_(select(item.row_id).where(self._literally())))
            return
        mine = inverse_sql.rows_of(self.kind)
        await self.change.dialect.lock(self.change.connection, self.table, mine, self.given)
        await self._check_untouched()
        await self.change.delete_where(self.table, mine, self.given)

    async def _answer(self, mine: ColumnElement[bool]) -> None:
        await self.change.dialect.lock(self.change.connection, self.table, mine)
        if self.table.info.get("effect"):
            await self._cancel_mail(mine)
            return
        going = self._with_their_record()
        await self.change.delete_where(self.table, and_(mine, going))
        staying = and_(mine, ~going)
        for row_id, why in await COMPENSATIONS[self.table.name](self.change, self.table, staying):
            self.problems.add(self.table.name, row_id, why)

    def _literally(self) -> ColumnElement[bool]:
        """The condition that an item is of this step, with nothing to be given."""
        mine = and_(item.entry_id == self.entry_id, item.step == self.number)
        return and_(mine, ~handed_back(self.table, self.names, self.takers)) if self.takers else mine

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

    async def _cancel_mail(self, mine: ColumnElement[bool]) -> None:
        queued = self.table.c.state == "queued"
        await self.change.update_where(self.table, and_(mine, queued), {"state": "cancelled"})
        sent = select(self.table.c.recipient, self.table.c.subject).where(mine, self.table.c.state == "sent")
        for recipient, subject in await self.change.connection.execute(sent):
            self.change.entry.already_sent.append(f"{subject} to {recipient}")

    async def _check_untouched(self) -> None:
        """A row that was edited after it was made must not vanish with an edit that still stands."""
        # What stands and falls with a merge goes with it; that is said, where nobody is asked any more.
        why = "went with the merge, though changed since" if self.leeway.keep_changed else "was changed since"
        ids = {"the_ids": [self.change.entry_id, *self.ids]}
        found = await self.change.connection.execute(inverse_sql.edited(self.kind), self.given | ids)
        for row_id, there in found:
            self._problem(row_id, "is gone already" if there is None else why)

    async def _run(self, query: Select[Any]) -> Any:
        return await self.change.connection.execute(query, self.given)

    async def _insert_items(self, statement: Insert, columns: Collection[str] | None) -> int:
        """Record this undo's step; ``columns`` are those written, None: whole rows come. Returns how many rows."""
        change = self.change
        change.writes(self.table, columns)
        change.steps += 1
        step = {"the_entry": change.entry_id, "the_step": change.steps}
        result = await change.connection.execute(statement, self.given | step)
        change.rows += result.rowcount
        return int(result.rowcount)

    async def _write(self, statement: Statement) -> None:
        """Write a step's rows by one statement; where a unique value is taken, find the rows that want it."""
        if not self.careful:
            await statement(self.mine)  # where a value is taken, all is tried once more, with care
            return
        try:
            async with self.change.connection.begin_nested():
                await statement(self.mine)
        except IntegrityError:
            query = select(item.row_id).where(self.mine)
            await self._write_parts(statement, sorted((await self._run(query)).scalars()))

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
        several = self.rows > 1 and not self.alike  # whoever gets the same owner trades with nobody
        if mine is inverse_sql.mine(self.kind) or mine is step_items():
            statements = inverse_sql.restores(self.kind, mine, several)
        else:
            statements = inverse_sql.restores_once(self.kind, mine, several=several)
        for statement in statements:
            await self.change.connection.execute(statement, self.given | {"the_time": self.change.at})

    async def _insert(self, mine: ColumnElement[bool]) -> None:
        statement = inverse_sql.again_once(self.kind, mine)
        await self.change.connection.execute(statement, self.given | {"the_time": self.change.at})


def is_lasting(table: Table) -> bool:
    """Whether rows of the table are answered, never deleted, as long as the record they belong to is there."""
    return bool(table.info.get("append_only")) or table.name in COMPENSATIONS


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
