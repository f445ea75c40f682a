"""Labelled records made clients of a scratch database, as they are: what is unique elsewhere may be several's here."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.schema import DropIndex

from console.data.desk import Desk
from console.data.duplicates import labelled, store
from console.data.duplicates.block import keys
from console.data.duplicates.crew import Crew
from console.data.duplicates.form import form, pack
from console.data.duplicates.labelled import Page
from console.data.duplicates.spool import Spool
from console.data.errors import Invalid
from console.data.models.base import milliseconds
from console.data.models.clients import client

if TYPE_CHECKING:
    from numpy import int64
    from numpy.typing import NDArray

    from console.data.duplicates.whole import Progress

PAGE = 5_000
"""Records of a page."""
LARGE = 1 << 20
"""Bytes of a file from which processes are worth their start."""


@dataclass(frozen=True, slots=True)
class _Made:
    """Records made comparable: a line of each column for each, and the keys of all in order, beside whose they are."""

    first: int
    entities: list[str]
    named: list[tuple[str, str]]
    forms: list[str]
    keys: "NDArray[int64]"
    clients: "NDArray[int64]"


async def load(
    desk: Desk,
    folder: Path,
    path: Path,
    entity: str,
    mapped: Mapping[str, Sequence[str]],
    crew: Crew,
    progress: "Progress",
) -> list[str]:
    """Write the records of a file as clients 1, 2, …, with what they are searched by; returns the entity of each.

    Invalid where the file has none. The ``folder`` is for what has to wait.
    """
    entities: list[str] = []
    spool = Spool(folder)
    many = (await asyncio.to_thread(path.stat)).st_size >= LARGE
    await _without_lists(desk)
    async for made in crew.calls(_made, labelled.read(path, entity, mapped, PAGE), many=many):
        async with desk.quiet() as connection:
            await connection.exec_driver_sql(_ADD, _rows(made, milliseconds(desk.now())))
            await store.put_keyed(connection, enumerate(made.forms, made.first))
        spool.add(made.keys, made.clients)
        entities += made.entities
        progress("loading", len(entities), len(entities))
    if not entities:
        raise Invalid("file", "The file has no records.")
    async with desk.quiet() as connection:
        await store.put_spooled(connection, spool)
    return entities


async def _without_lists(desk: Desk) -> None:
    """Take away the indexes of lists that nobody will look at."""
    async with desk.quiet() as connection:
        for index in client.indexes:
            await connection.execute(DropIndex(index))


_ADD = "INSERT INTO client (id, kind, name, created_at) VALUES (?, ?, ?, ?)"


def _rows(made: _Made, at: int) -> list[tuple[int, str, str, int]]:
    return [(number, kind, name, at) for number, (kind, name) in enumerate(made.named, made.first)]


def _made(page: Page) -> _Made:
    """Make records comparable."""
    import numpy as np

    records = list(page.records())
    forms = [form(one.raw) for one in records]
    found = [keys(one) for one in forms]
    numbers = np.arange(page.first, page.first + len(records), dtype=np.int64)
    hashes = np.fromiter((key for some in found for key in some), dtype=np.int64)
    order = np.argsort(hashes, kind="stable")
    return _Made(
        page.first,
        [one.entity for one in records],
        [
            (raw.kind or "person", raw.name or f"{raw.given_name} {raw.family_name}".strip())
            for raw in (one.raw for one in records)
        ],
        [pack(one) for one in forms],
        hashes[order],
        np.repeat(numbers, [len(some) for some in found])[order],
    )
