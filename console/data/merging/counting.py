"""The balance sheet of a merge: how many rows each record has, and what becomes of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    and_,
    bindparam,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.merging.parts import Part
from console.data.models.base import BIGINT
from console.data.models.billing import credit_lot
from console.data.models.clients import identity
from console.data.models.organizations import organization_manager


@dataclass(frozen=True, slots=True)
class Count:
    """Rows of a part: of each record, in their order, and how many of them become one with another or end."""

    part: Part
    before: tuple[int, ...]
    same: int = 0
    ended: int = 0


async def counts(
    connection: AsyncConnection, parts: Sequence[Part], ids: Sequence[int], organization: int | None
) -> list[Count]:
    """Count the rows of each part; ``organization`` is the survivor's afterwards, for what its managers may."""
    before = await owned(connection, parts, ids)
    return [await _count(connection, part, before[part], ids, organization) for part in parts]


async def _count(
    connection: AsyncConnection,
    part: Part,
    before: tuple[int, ...],
    ids: Sequence[int],
    organization: int | None,
) -> Count:
    leaving = ends(part, ids, organization)
    if not any(before):
        return Count(part, before)
    ended = await _number(connection, part, leaving) if leaving is not None else 0
    same = 0
    if part.same and any(before[1:]):
        staying = part.repeats(ids) if leaving is None else and_(part.repeats(ids), ~leaving)
        same = await _number(connection, part, staying)
    return Count(part, before, same, ended)


async def owned(
    connection: AsyncConnection, parts: Sequence[Part], ids: Sequence[int]
) -> dict[Part, tuple[int, ...]]:
    """How many rows of each part each record has now, by one statement."""
    rows = await connection.execute(_owned(tuple(parts)), {"the_ids": ids})
    found = {(place, owner): int(number) for place, owner, number in rows}
    return {part: tuple(found.get((place, one), 0) for one in ids) for place, part in enumerate(parts)}


@lru_cache(maxsize=64)
def _owned(parts: Sequence[Part]) -> CompoundSelect[Any]:
    ids = bindparam("the_ids", expanding=True, type_=BIGINT)
    return union_all(
        *(
            select(literal_column(str(place), BIGINT), part.owner, func.count())
            .where(part.owner.in_(ids))
            .group_by(part.owner)
            for place, part in enumerate(parts)
        )
    )


def ends(part: Part, ids: Sequence[int], organization: int | None) -> ColumnElement[bool] | None:
    """Rows that end with the merge: who leaves an organization manages it no longer. None: this part has no such."""
    if part.owner is not organization_manager.c.client_id:
        return None
    other = organization_manager.c.organization_id.is_distinct_from(organization)
    return and_(part.owner.in_(ids), other)


async def credit(connection: AsyncConnection, ids: Sequence[int], unit: str) -> tuple[int, ...]:
    """What is left in the lots of each record, lapsed ones included: they move as they are."""
    mine = and_(credit_lot.c.client_id.in_(ids), credit_lot.c.unit == unit)
    left = func.sum(credit_lot.c.remaining)
    query = select(credit_lot.c.client_id, left).where(mine).group_by(credit_lot.c.client_id)
    found = {owner: int(number) for owner, number in await connection.execute(query)}
    return tuple(found.get(one, 0) for one in ids)


async def own_identities(
    connection: AsyncConnection, ids: Sequence[int]
) -> dict[int, list[tuple[str, str, bool]]]:
    """By record, the live identities that are their own: type, as typed, and whether it is a mobile."""
    query = (
        select(identity.c.client_id, identity.c.type, identity.c.raw, identity.c.mobile)
        .where(identity.c.client_id.in_(ids), identity.c.live, identity.c.contact_id.is_(None))
        .order_by(identity.c.position, identity.c.id)
    )
    found: dict[int, list[tuple[str, str, bool]]] = {one: [] for one in ids}
    for row in await connection.execute(query):
        found[row.client_id].append((row.type, row.raw, bool(row.mobile)))
    return found


async def _number(connection: AsyncConnection, part: Part, where: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(part.table).where(where)
    return int((await connection.execute(query)).scalar_one())
