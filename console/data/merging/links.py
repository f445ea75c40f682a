"""One-time links that a merge ends: they never come back, also not when it is undone."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.models.mail import portal_token
from console.data.records.merging import Choices


async def ending(
    connection: AsyncConnection, rows: Mapping[int, Row[Any]], choices: Choices
) -> tuple[str, ...]:
    """A sentence that says whose links end, where anybody has one that was not used yet."""
    unused = select(portal_token.c.client_id).where(
        portal_token.c.client_id.in_(choices.absorbed), portal_token.c.used_at.is_(None)
    )
    holders = {*(await connection.execute(unused.distinct())).scalars()}
    names = [rows[one].name or str(one) for one in choices.absorbed if one in holders]
    if not names:
        return ()
    return (
        f"One-time links of {', '.join(names)} open nothing any more, also not once the merge is undone.",
    )
