"""The statements that take a step back, built once for each kind of step: a table, its columns, what was done."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Insert,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
)

from console.data.change import items_of
from console.data.dialect import Dialect
from console.data.keys import from_items, parking
from console.data.models.base import BIGINT
from console.data.models.journal import journal_entry, journal_item
from console.data.rebase import as_left, handed_back, handovers, through
from console.data.statements import ITEM_COLUMNS, raised

NAMED = 20
item = journal_item.c


@dataclass(frozen=True, slots=True)
class Kind:
    """Steps that the same statements take back.

    ``names`` are the columns, sorted, each with what the items call it; the rows that the undos ``takers`` have given
    back are none of theirs. ``alike``: all rows have changed hands alike, so that documents need not be read. The
    statements take ``of_entry`` and ``of_step``, of those who are alike also ``before_`` and ``after_`` each column,
    and where they write items, the entry and the step of those.
    """

    table: Table
    names: tuple[tuple[str, str], ...]
    takers: tuple[int, ...]
    dialect: Dialect
    alike: bool = False

    def value(self, document: Column[str], column: str) -> ColumnElement[Any]:
        """What the document, of an item before or after, holds of a column."""
        if self.alike:
            return bindparam(f"{document.name}_{column}", type_=BIGINT)
        return self.dialect.unpack(document, self.table.c[column], dict(self.names)[column])

    def before(self, name: str) -> ColumnElement[Any]:
        """What a column was, or, of an owner, whom that one was merged into."""
        return through(self.table.c[name], self.value(item.before, name))

    def same(self) -> ColumnElement[bool]:
        """Whether a row is as the step left it."""
        return and_(*(as_left(self.table.c[name], self.value(item.after, name)) for name, _ in self.names))


@lru_cache(maxsize=512)
def mine(kind: Kind) -> ColumnElement[bool]:
    """The condition that an item is of the step."""
    entry, step = (bindparam(name, type_=BIGINT) for name in ("of_entry", "of_step"))
    condition = and_(item.entry_id == entry, item.step == step)
    if not kind.takers:
        return condition
    return and_(condition, ~handed_back(kind.table, [name for name, _ in kind.names], kind.takers))


@lru_cache(maxsize=512)
def rows_of(kind: Kind) -> ColumnElement[bool]:
    """The condition that a row is one of the step's."""
    return kind.table.c.id.in_(select(item.row_id).where(mine(kind)))


# Updates


@lru_cache(maxsize=512)
def restoring_items(kind: Kind) -> Insert:
    """Makes the items of the rows that are as they were left, which it locks.

    Compared while they are locked, and by the same statement: a mass change is read once, not three times.
    """
    columns = ",".join(name for name, _ in kind.names)
    rows = (
        _items(kind, "update", columns, _renamed(kind, item.after), _renamed(kind, item.before))
        .select_from(journal_item.join(kind.table, kind.table.c.id == item.row_id))
        .where(kind.same())
        .with_for_update(of=kind.table, key_share=True)
    )
    return insert(journal_item).from_select(list(ITEM_COLUMNS), rows)


def restores_once(kind: Kind, where: ColumnElement[bool], *, several: bool) -> list[Update]:
    """Write the rows that these items name; of ``several`` some may trade unique values. Takes the time, too."""
    values = raised(kind.table, {name: kind.before(name) for name, _ in kind.names})
    parked = parking(kind.table, [name for name, _ in kind.names]) if several else {}
    return from_items(kind.table, where, values, parked, joined=not kind.alike)


@lru_cache(maxsize=512)
def restores(kind: Kind, where: ColumnElement[bool], several: bool) -> list[Update]:
    """The same for a condition that comes again."""
    return restores_once(kind, where, several=several)


def _renamed(kind: Kind, document: Column[str]) -> ColumnElement[Any]:
    """The document, its values under the columns' present names."""
    if all(now == then for now, then in kind.names):
        return document
    return kind.dialect.pack([(name, kind.value(document, name)) for name, _ in kind.names])


# Deleted and inserted rows


@lru_cache(maxsize=512)
def again_items(kind: Kind) -> Insert:
    """Makes the items of rows that come back, their versions raised."""
    nothing = literal(None, item.before.type)
    if "version" in dict(kind.names):
        version = kind.dialect.pack([("version", kind.value(item.before, "version") + 1)])
        rows = _items(kind, "insert", "version", nothing, version)
    else:
        rows = _items(kind, "insert", "", nothing, nothing)
    return insert(journal_item).from_select(list(ITEM_COLUMNS), rows)


def again_once(kind: Kind, where: ColumnElement[bool]) -> Insert:
    """Insert the rows that these items name. Takes the time, too."""
    values = {name: kind.before(name) for name, _ in kind.names}
    if "version" in values:
        values["version"] += 1
    if "updated_at" in kind.table.c:
        values["updated_at"] = bindparam("the_time", type_=kind.table.c.updated_at.type)
    return insert(kind.table).from_select([*values], select(*values.values()).where(where))


@lru_cache(maxsize=512)
def standing(kind: Kind) -> Select[Any]:
    """Some of the rows that are there."""
    return select(item.row_id).where(mine(kind), item.row_id.in_(select(kind.table.c.id))).limit(NAMED)


@lru_cache(maxsize=512)
def edited(kind: Kind) -> Select[Any]:
    """Some of the rows that are gone, or were edited since: item's row, row. Takes ``the_ids``, see ``neutral_entry``.

    Each update raises the version by one, so versions tell how many there were; those found in the journal that were
    taken back again, or are being so now, do not count.
    """
    table = kind.table
    if "version" in table.c:
        made = kind.dialect.unpack(item.after, table.c.version, "version")
        raises = table.c.version - func.coalesce(made, 1)
        changed = and_(raises > 0, raises > _updates(kind, neutral=True))
    else:
        changed = _updates(kind, neutral=False) > 0
    joined = journal_item.outerjoin(table, table.c.id == item.row_id)
    gone = table.c.id.is_(None)
    return (
        select(item.row_id, table.c.id).select_from(joined).where(mine(kind), or_(gone, changed)).limit(NAMED)
    )


def _updates(kind: Kind, *, neutral: bool) -> ColumnElement[int]:
    """How often the item's row was updated later, by entries that count or by those that no longer do."""
    later = journal_item.alias()
    # That a merge gave it to another record changes nothing of what it says.
    passed_on = later.c.columns.in_(handovers(kind.table))
    # A row that was deleted and came back has a higher version as well.
    itself = and_(later.c.entry_id == item.entry_id, later.c.step == item.step)
    again = and_(later.c.op == "insert", later.c.columns == "version", ~itself)
    ids = bindparam("the_ids", expanding=True, type_=BIGINT)
    return (
        select(func.count())
        .where(
            items_of(later, item.row_id),
            later.c.table_name == kind.table.name,
            or_(later.c.op == "update", again),
            later.c.entry_id >= item.entry_id,
            or_(neutral_entry(later.c.entry_id, ids), passed_on) == neutral,
        )
        .correlate(journal_item)
        .scalar_subquery()
    )


def neutral_entry(
    entry_id: ColumnElement[int], ids: Iterable[int] | BindParameter[Any]
) -> ColumnElement[bool]:
    """Whether what an entry did no longer counts: it is one of these, was taken back, or took something back."""
    entry = journal_entry.alias()
    taken_back = exists().where(
        entry.c.id == entry_id, or_(entry.c.undone_by.is_not(None), entry.c.undoes.is_not(None))
    )
    return or_(entry_id.in_(ids if isinstance(ids, BindParameter) else [*ids]), taken_back)


def _items(
    kind: Kind, op: str, columns: str, before: ColumnElement[Any], after: ColumnElement[Any]
) -> Select[Any]:
    return select(
        bindparam("the_entry", type_=BIGINT),
        bindparam("the_step", type_=BIGINT),
        item.row_id,
        literal(kind.table.name),
        literal(op),
        item.subject_id,
        literal(columns),
        before,
        after,
    ).where(mine(kind))
