"""Rows that refer to rows an undo takes away: let go where they no longer count, named where they do."""

from functools import cache

from sqlalchemy import Column, ColumnElement, Select, Table, and_, exists, select

from console.data.change import Change, items_of
from console.data.inverse import Problems, is_lasting
from console.data.inverse_sql import NAMED, item, neutral_entry
from console.data.models.base import metadata
from console.data.models.journal import journal_item


async def let_go(change: Change, ids: list[int]) -> None:
    """Ledger lines, messages and mail of records that vanish, if what they say was taken back as well.

    They cannot stay without their record; the journal keeps them whole, and redoing brings them back.
    """
    done: set[str] = set()
    while new := change.deleted - done:
        for parent in sorted(new):
            for column in _referring(metadata.tables[parent]):
                child = column.table
                if not (is_lasting(child) or child.info.get("effect")):
                    continue
                where = and_(column.in_(_rows(change, "delete", parent)), _neutral(change, child, ids))
                if column.nullable:
                    await change.update_where(child, where, {column.name: None})
                else:
                    await change.delete_where(child, where)
        done |= new


async def explain_references(change: Change, problems: Problems) -> None:
    """Find the rows for whose sake the foreign keys do not hold."""
    await change.derived.refresh()
    for parent in sorted(change.deleted):
        for column in _referring(metadata.tables[parent]):
            child = column.table
            query = select(column).where(column.in_(_rows(change, "delete", parent))).distinct().limit(NAMED)
            for row in await change.connection.execute(query):
                problems.add(parent, row[0], f"has {_noun(child)} that came later")
    for name in await _tables(change, "insert") | await _tables(change, "update"):
        table = metadata.tables[name]
        written = table.c.id.in_(_rows(change, "insert", name)) | table.c.id.in_(
            _rows(change, "update", name)
        )
        for column in table.c:
            for foreign in column.foreign_keys:
                parents = foreign.column.table
                missing = and_(column.is_not(None), column.not_in(select(parents.c.id)))
                query = select(table.c.id).where(written, missing).limit(NAMED)
                for row in await change.connection.execute(query):
                    problems.add(name, row[0], f"belongs to {_noun(parents)} that is gone")


async def _tables(change: Change, op: str) -> set[str]:
    query = select(item.table_name).where(item.entry_id == change.entry_id, item.op == op).distinct()
    return set((await change.connection.execute(query)).scalars())


def _rows(change: Change, op: str, table: str) -> Select[tuple[int]]:
    return select(item.row_id).where(
        item.entry_id == change.entry_id, item.op == op, item.table_name == table
    )


@cache
def _referring(parent: Table) -> tuple[Column[int], ...]:
    return tuple(
        column
        for child in metadata.tables.values()
        for column in child.columns
        if any(foreign.column.table is parent for foreign in column.foreign_keys)
    )


def _neutral(change: Change, child: Table, ids: list[int]) -> ColumnElement[bool]:
    made = journal_item.alias()
    return exists().where(
        items_of(made, child.c.id),
        made.c.table_name == child.name,
        made.c.op == "insert",
        neutral_entry(made.c.entry_id, [change.entry_id, *ids]),
    )


def _noun(table: Table) -> str:
    word = "mail" if table.name == "outbox" else table.name.replace("_", " ")
    return f"an {word}" if word[0] in "aeio" else f"a {word}"
