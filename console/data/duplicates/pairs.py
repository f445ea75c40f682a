"""The pairs that are kept: those above the line, related ones, and those not far below."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.duplicates.both import Ids
from console.data.duplicates.compare import Levels
from console.data.duplicates.model import Model
from console.data.duplicates.score import CONFLICT, Scored, highest
from console.data.duplicates.scoring import Judged
from console.data.models.base import milliseconds
from console.data.models.duplicates import duplicate_pair

ZONE = 4.5
"""Bits below the line down to which a pair is kept, for staff to be asked about now and then."""

_PUT = """
INSERT INTO duplicate_pair
    (id, first_id, second_id, relation, score, percent, levels, model_version, run, scored_at) VALUES ({values})
ON CONFLICT (first_id, second_id) DO UPDATE SET relation = excluded.relation, score = excluded.score,
    percent = excluded.percent, levels = excluded.levels, model_version = excluded.model_version,
    run = excluded.run, scored_at = excluded.scored_at
"""
_VALUES = itemgetter(
    "first_id", "second_id", "relation", "score", "percent", "levels", "model_version", "run", "scored_at"
)
_UPSERT = {
    "sqlite": _PUT.format(values=", ".join(["?"] * 10)),
    "postgresql": _PUT.format(values=", ".join(f"${place}" for place in range(1, 11))),
}
_ASKED = 2_000
pair = duplicate_pair.c


def is_kept(one: Judged, model: Model) -> bool:
    """Whether a pair is worth a row; what a conflict takes off does not take related clients out of sight."""
    return _is_worth_a_row(one.scored, model)


def may_be_kept(levels: Levels, model: Model) -> bool:
    """Whether a pair of these levels would be kept if what the two agree in were as telling as can be."""
    known = _hopes(model)
    if levels not in known:
        known[levels] = _is_worth_a_row(highest(levels, model), model)
    return known[levels]


@lru_cache(maxsize=4)
def _hopes(model: Model) -> dict[Levels, bool]:
    return {}


def _is_worth_a_row(scored: Scored, model: Model) -> bool:
    related = scored.relation not in ("", "duplicate")
    return scored.bits >= model.line - ZONE - (CONFLICT if related else 0)


def row_of(one: Judged, model: Model, run: int, at: datetime) -> dict[str, Any]:
    """What is stored of a pair, but for its id."""
    from console.data.duplicates.explain import summary

    relation, percent = summary(one.scored)
    return {
        "first_id": one.pair[0],
        "second_id": one.pair[1],
        "relation": relation or "duplicate",
        "score": round(one.scored.bits * 1000),
        "percent": percent,
        "levels": one.levels,
        "model_version": model.version,
        "run": run,
        "scored_at": milliseconds(at),
    }


async def put(
    connection: AsyncConnection, rows: Sequence[Mapping[str, Any]], new_id: Callable[[], int]
) -> None:
    """Write pairs; those that are there keep their ids, queues and groups."""
    if rows:
        values = [(new_id(), *_VALUES(row)) for row in rows]
        await connection.exec_driver_sql(_UPSERT[connection.dialect.name], values)


async def of(connection: AsyncConnection, ids: Iterable[int]) -> dict[Ids, int]:
    """The stored pairs of these clients, with their ids."""
    found: dict[Ids, int] = {}
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _ASKED):
        some = wanted[start : start + _ASKED]
        mine = or_(pair.first_id.in_(some), pair.second_id.in_(some))
        for row in await connection.execute(select(pair.id, pair.first_id, pair.second_id).where(mine)):
            found[row.first_id, row.second_id] = row.id
    return found


async def drop(connection: AsyncConnection, ids: Sequence[int]) -> None:
    """Delete pairs, by the ids of their rows."""
    for start in range(0, len(ids), _ASKED):
        await connection.execute(delete(duplicate_pair).where(pair.id.in_(ids[start : start + _ASKED])))


async def drop_older(connection: AsyncConnection, run: int) -> None:
    """Delete the pairs that the scan called ``run`` has not found again."""
    await connection.execute(delete(duplicate_pair).where(pair.run < run))
