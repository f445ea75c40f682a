"""Archived clients stand in no list, and can be brought back; nothing else of theirs changes."""

from collections.abc import Sequence

from sqlalchemy import and_

from console.data.change import Change
from console.data.models.clients import client


async def put_away(change: Change, ids: Sequence[int]) -> int:
    """Take clients out of the lists."""
    mine = and_(client.c.id.in_(ids), client.c.archived_at.is_(None))
    return await change.update_where(client, mine, {"archived_at": change.at})


async def bring_back(change: Change, ids: Sequence[int]) -> int:
    """Bring archived clients back into the lists."""
    return await change.update_where(client, client.c.id.in_(ids), {"archived_at": None})
