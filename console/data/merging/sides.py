"""The records that become one, as they are now; refused where they cannot be merged at all."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, Table, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.deletion import BEGUN
from console.data.errors import NotFound, Refused, Stale
from console.data.models.base import BIGINT
from console.data.records.merging import CATEGORIES, Choices

MOST = 10
"""Records merged at once, the survivor included."""


def check(choices: Choices, noun: str = "client") -> None:
    """Refused where the choices make no merge: nobody to absorb, one with itself, too many, an unknown category."""
    if choices.survivor in choices.absorbed:
        raise Refused(f"A {noun} cannot be merged with itself. Name another one.")
    if not choices.absorbed:
        raise Refused(f"Name at least two {noun}s to merge.")
    if len(set(choices.absorbed)) < len(choices.absorbed):
        raise Refused(f"The same {noun} is named twice. Name each once.")
    if len(choices.ids) > MOST:
        raise Refused(
            f"Up to {MOST} {noun}s are merged at once; these are {len(choices.ids)}. Do it in parts."
        )
    if strange := choices.without - {*CATEGORIES}:
        raise Refused(f"{min(strange)!r} is no category. Use one of {', '.join(CATEGORIES)}.")


async def load(connection: AsyncConnection, table: Table, choices: Choices) -> dict[int, Row[Any]]:
    """The records by id; NotFound for one that is not there, Refused for one deleted, being erased, or absorbed."""
    found = await connection.execute(_records(table), {"the_ids": choices.ids})
    rows = {row.id: row for row in found}
    for one in choices.ids:
        if one not in rows:
            raise NotFound(f"There is no {table.name} {one}. They may have been purged.")
    for row in rows.values():
        await _check_free(connection, table, row)
    return rows


@cache
def _records(table: Table) -> Select[Any]:
    return select(table).where(table.c.id.in_(bindparam("the_ids", expanding=True, type_=BIGINT)))


async def _check_free(connection: AsyncConnection, table: Table, row: Row[Any]) -> None:
    name = row.name or f"{table.name} {row.id}"
    if row.absorbed_into is not None:
        query = select(table.c.name).where(table.c.id == row.absorbed_into)
        into = (await connection.execute(query)).scalar_one()
        raise Refused(f"{name} was merged into {into or row.absorbed_into} already. Merge that one.")
    if getattr(row, "purge_at", None) == BEGUN:
        raise Refused(f"{name} is being erased and cannot be merged.")
    if row.deleted_at is not None:
        raise Refused(f"{name} is deleted. Restore them first, or leave them out.")


def check_seen(rows: Mapping[int, Row[Any]], seen: Mapping[int, int], noun: str = "client") -> None:
    """Stale where a record is not as it was shown."""
    for one, version in seen.items():
        if one in rows and rows[one].version != version:
            name = rows[one].name or f"{noun} {one}"
            raise Stale(f"A colleague changed {name} meanwhile, so nothing was merged. Look at it again.")
