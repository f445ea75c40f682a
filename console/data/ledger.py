"""Lines of the ledger and what answers them: a line may be reversed, that reversal reversed in turn, and so on."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.models.billing import credit_entry


@dataclass(frozen=True, slots=True)
class Standing:
    """A line, the last of those that answer one another from it on, and whether the line still counts."""

    line: Row[Any]
    last: Row[Any]
    counts: bool


async def standing(connection: AsyncConnection, lines: Iterable[Row[Any]]) -> list[Standing]:
    """Each line with the end of its chain: an even number of answers cancel each other out."""
    found = {line.id: Standing(line, line, counts=True) for line in lines}
    ends = {line_id: line_id for line_id in found}  # the end of a chain so far: the line it began with
    while ends:
        query = select(credit_entry).where(credit_entry.c.reverses.in_(ends))
        answers = (await connection.execute(query)).all()
        further = {}
        for answer in answers:
            first = ends[answer.reverses]
            found[first] = Standing(found[first].line, answer, not found[first].counts)
            further[answer.id] = first
        ends = further
    return list(found.values())
