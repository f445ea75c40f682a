"""The models of scores that a database has had; the newest one counts, the shipped one where there is none."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.duplicates.model import SHIPPED, Model, from_json
from console.data.models.duplicates import duplicate_model

LEARNED_FROM = 1_000
"""Clients a base must have for weights to be estimated from it."""

# Built once: a look-up begins with it.
_NEWEST = select(duplicate_model.c.id).order_by(duplicate_model.c.model_version.desc()).limit(1)
_READ: dict[int, Model] = {}
"""The model read last, by the id of its row, which never changes: reading its terms takes longer than a look-up."""


async def current(connection: AsyncConnection) -> Model:
    """The model that scores are made by now."""
    if (row_id := (await connection.execute(_NEWEST)).scalar()) is None:
        return SHIPPED
    if row_id not in _READ:
        weights = select(duplicate_model.c.weights).where(duplicate_model.c.id == row_id)
        _READ.clear()
        _READ[row_id] = from_json((await connection.execute(weights)).scalar_one())
    return _READ[row_id]


async def next_version(connection: AsyncConnection) -> int:
    """The version that the next model gets; the shipped one's is never given again."""
    newest = (await connection.execute(select(func.max(duplicate_model.c.model_version)))).scalar()
    return max(newest or 0, SHIPPED.version) + 1


async def keep(connection: AsyncConnection, new_id: int, model: Model, origin: str, now: datetime) -> None:
    """Make a model the current one; ``origin`` says in words what it was made from."""
    row = {"id": new_id, "model_version": model.version, "weights": model.to_json(), "origin": origin}
    await connection.execute(insert(duplicate_model).values(**row, created_at=now))


def renumbered(model: Model, version: int) -> Model:
    """The same model as another version."""
    return replace(model, version=version)
