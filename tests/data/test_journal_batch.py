"""Long batches: chunks under one batch id; stopped half way, they leave nothing."""

import asyncio

import pytest
from sqlalchemy import select

from console.data import staff
from console.data.batch import batch
from console.data.desk import Desk
from console.data.errors import Refused
from console.data.models.clients import client
from console.data.models.journal import journal_entry
from console.data.records import Actor
from console.data.undo import undo
from tests.colleagues import add_staff
from tests.data.rows import add_client, column, edit_client, entry_count, rows, snapshot, value, wrong


async def _three_chunks(desk: Desk, who: Actor) -> tuple[int, list[int]]:
    added = []
    async with batch(desk, who, "client.import", reason="clients.csv") as running:
        for number in range(3):
            async with running.chunk(detail=f"part {number}") as change:
                added += await change.insert_many(
                    client, [{"name": f"Client {number} {n}"} for n in range(5)]
                )
        async with running.chunk() as change:
            assert await change.update_where(client, client.c.id.in_(added), {"status": "approved"}) == 15
    return running.id, added


async def test_long_batches_are_entries_under_one_id_and_undone_as_one(desk: Desk, admin: Actor) -> None:
    before = await snapshot(desk)
    batch_id, _ = await _three_chunks(desk, admin)
    after = await snapshot(desk)
    mine = select(journal_entry.c.id, journal_entry.c.reason).where(journal_entry.c.batch_id == batch_id)
    entries = await rows(desk, mine.order_by(journal_entry.c.id))
    assert [reason for _, reason in entries] == ["clients.csv"] * 4
    undone = await undo(desk, admin, entries[1][0])
    assert (undone.action, undone.rows) == ("client.import", 30)
    assert await snapshot(desk) == before
    with pytest.raises(Refused, match="already"):
        await undo(desk, admin, entries[0][0])
    redone = await undo(desk, admin, undone.entry_id)
    assert await snapshot(desk) == after
    await undo(desk, admin, redone.entry_id)
    assert await snapshot(desk) == before
    assert await wrong(desk) == []


async def test_long_batches_an_error_takes_the_finished_chunks_back(desk: Desk, admin: Actor) -> None:
    before = await snapshot(desk)
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 - where it is raised is the point
        async with batch(desk, admin, "client.import") as running:
            async with running.chunk() as change:
                await change.insert(client, name="Finished")
            async with running.chunk() as change:
                await change.insert(client, name="Half way")
                raise ZeroDivisionError
    assert await snapshot(desk) == before
    marks = select(journal_entry.c.undone_by).where(journal_entry.c.batch_id == running.id)
    assert await value(desk, marks) is not None


async def test_long_batches_cancelling_takes_the_finished_chunks_back(desk: Desk, admin: Actor) -> None:
    before = await snapshot(desk)
    finished = asyncio.Event()

    async def works() -> None:
        async with batch(desk, admin, "client.import") as running:
            for number in range(1000):
                async with running.chunk() as change:
                    await change.insert(client, name=f"Client {number}")
                if number == 2:
                    finished.set()

    working = asyncio.create_task(works())
    await finished.wait()
    working.cancel()
    await asyncio.sleep(0)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert await snapshot(desk) == before
    assert await wrong(desk) == []


async def test_long_batches_what_cannot_be_taken_back_is_said(
    desk: Desk, database_url: str, admin: Actor
) -> None:
    with pytest.raises(ZeroDivisionError) as stopped:  # noqa: PT012 - where it is raised is the point
        async with batch(desk, admin, "client.import") as running:
            async with running.chunk() as change:
                client_id = await change.insert(client, name="Anna Nowak")
            await edit_client(desk, admin, client_id, city="Kraków")
            raise ZeroDivisionError
    (note,) = stopped.value.__notes__
    assert note.startswith("What was finished before stays: ")
    assert "client Anna Nowak was changed since" in note
    assert await column(desk, client, client_id, "city") == "Kraków"


async def test_long_batches_that_were_undone_while_they_run_are_stopped(desk: Desk, admin: Actor) -> None:
    before = await snapshot(desk)
    with pytest.raises(Refused, match="while it was still running"):  # noqa: PT012 - where it is raised is the point
        async with batch(desk, admin, "client.import") as running:
            async with running.chunk() as change:
                await change.insert(client, name="First")
            await undo(desk, admin, change.entry_id)
            async with running.chunk() as change:
                await change.insert(client, name="Second")
    assert await snapshot(desk) == before


async def test_long_batches_without_a_change_leave_no_entry(desk: Desk, admin: Actor) -> None:
    client_id = await add_client(desk, admin)
    count = await entry_count(desk)
    async with batch(desk, admin, "client.edit") as running, running.chunk() as change:
        await change.update(client, client_id, name="Anna Nowak")
    assert running.last_entry is None
    assert await entry_count(desk) == count


async def test_long_batches_of_viewers_are_refused_before_they_begin(desk: Desk, admin: Actor) -> None:
    await add_staff(desk, admin, "vic", "Vic", "viewer")
    viewer = await staff.actor(desk, "vic")
    with pytest.raises(Refused, match="Viewers"):
        async with batch(desk, viewer, "client.import"):
            pytest.fail("not reached")
