"""The search for duplicates as screens and forms ask for it.

Its modules take longer to import than a key may wait: they are loaded when they are first needed, beside the loop.
"""

import asyncio
from collections.abc import Mapping
from importlib import import_module

from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.edits import Value
from console.data.records.duplicates import Pair, QueuePage, ScanState, Suggestion


async def of_client(connection: AsyncConnection, client_id: int, limit: int = 5) -> list[Suggestion]:
    """The clients who may be this one, the likeliest first."""
    await _loaded()
    from console.data.duplicates import lookup

    return await lookup.of_client(connection, client_id, limit)


async def of_values(
    connection: AsyncConnection, values: Mapping[str, Value], limit: int = 5
) -> list[Suggestion]:
    """The clients who may be whom these fields of a form describe, the likeliest first."""
    await _loaded()
    from console.data.duplicates import lookup

    return await lookup.of_values(connection, values, limit)


async def of_sender(
    connection: AsyncConnection, values: Mapping[str, Value], limit: int = 5
) -> list[Suggestion]:
    """The clients who may be a sender who is none yet, by what they left; then those who only have a name like it.

    That the address is another speaks against nobody: whose it is would have been known.
    """
    found = await of_values(connection, values, limit)
    known = {one.client_id for one in found}
    named = await of_values(connection, {"name": values.get("name", "")}, limit)
    return [*found, *(one for one in named if one.client_id not in known)][:limit]


async def page(
    connection: AsyncConnection, relation: str, *, after: str | None = None, limit: int = 50
) -> QueuePage:
    """The next groups of a queue (one of QUEUES) behind ``after``, the ``next`` of the page before."""
    await _loaded()
    from console.data.duplicates import queue

    return await queue.page(connection, relation=relation, after=after, limit=limit)


async def pair(connection: AsyncConnection, one: int, other: int) -> Pair:
    """Two clients and why they look like one. NotFound where one of them is in no list any more."""
    await _loaded()
    from console.data.duplicates import queue

    return await queue.pair(connection, one, other)


async def state(connection: AsyncConnection) -> ScanState:
    """How far the search of the whole base is."""
    await _loaded()
    from console.data.duplicates import queue

    return await queue.state(connection)


async def _loaded() -> None:
    await asyncio.to_thread(import_module, "console.data.duplicates.queue")
