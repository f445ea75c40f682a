"""Somebody has written an incident and then wants its client, while a merge has the clients and wants the incident."""

import asyncio
from collections.abc import Awaitable

from sqlalchemy import select, text

from console.data.desk import Desk
from console.data.merging.apply import merge
from console.data.merging.unmerge import unmerge
from console.data.models.incidents import incident
from console.data.records import Actor
from console.data.records.merging import Choices, Merged, Unmerged
from tests.data.merging.full import people
from tests.data.rows import rows, wrong


async def _waits(desk: Desk) -> None:
    """Until a transaction waits for another; SQLite cannot say, there it is before its first statement."""
    if desk.dialect.name == "sqlite":
        await asyncio.sleep(0.05)
        return
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    while True:
        async with desk.read() as connection:
            if (await connection.execute(waiting)).scalar():
                return


async def _beside(desk: Desk, who: Actor, one: int, work: Awaitable[object]) -> object:
    """Write an incident, and only when the other work waits for it the client whose open incidents it counts among."""
    async with desk.change(who, "test.both") as change:
        await change.update(incident, one, subject="Looked at")
        task = asyncio.ensure_future(work)
        await _waits(desk)
        await change.update(incident, one, state="closed")
    return await task


async def test_a_merge_gives_way_and_is_done_all_the_same(
    desk: Desk, admin: Actor, database_url: str
) -> None:
    one, two = await people(desk, admin, incidents=3)
    theirs = [row[0] for row in await rows(desk, select(incident.c.id).where(incident.c.client_id == two))]
    async with await Desk.open(database_url, clock=desk.clock) as other:
        done = await _beside(desk, admin, theirs[0], merge(other, admin, Choices(one, (two,))))
        assert isinstance(done, Merged)
        undone = await _beside(desk, admin, theirs[1], unmerge(other, admin, done.entry_id))
        assert isinstance(undone, Unmerged)
    found = await rows(desk, select(incident.c.client_id, incident.c.state).where(incident.c.id.in_(theirs)))
    assert [owner for owner, _ in found] == [two] * len(theirs)
    assert [state for _, state in found].count("closed") == 2
    assert await wrong(desk) == []
