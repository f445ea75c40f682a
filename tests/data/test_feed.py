"""The feed: every entry once, whatever order transactions commit in."""

import asyncio
from contextlib import aclosing

import pytest
from sqlalchemy import insert, select, update

from console.data import feed, staff
from console.data.desk import Desk, migrate
from console.data.feed import FeedBatch, FeedCursor
from console.data.models.clients import client
from console.data.models.journal import about, journal_entry
from console.data.models.notes import note
from console.data.records import Actor
from tests.data.rows import add_client, column, edit_client, value


async def _since(desk: Desk, cursor: FeedCursor | None, limit: int = 200) -> FeedBatch:
    async with desk.read() as connection:
        return await feed.since(connection, cursor, limit)


async def _now(desk: Desk) -> FeedCursor:
    async with desk.read() as connection:
        return await feed.now(connection)


async def test_the_feed_gives_each_entry_once_in_order(desk: Desk, admin: Actor) -> None:
    start = await _now(desk)
    client_id = await add_client(desk, admin)
    entries = [await edit_client(desk, admin, client_id, city=f"city {n}") for n in range(5)]
    batches = [await _since(desk, start, 2)]
    while batches[-1].more:
        batches.append(await _since(desk, batches[-1].cursor, 2))
    assert len(batches) == 3
    batch = batches[-1]
    seen = [entry for batch in batches for entry in batch.entries]
    assert [one.id for one in seen][1:] == entries
    assert (await _since(desk, batch.cursor)).entries == ()
    assert (await _since(desk, await _now(desk))).entries == ()
    assert len((await _since(desk, None)).entries) == len(seen) + 1


async def test_an_entry_of_the_feed_says_what_it_touched(desk: Desk, admin: Actor) -> None:
    client_id = await add_client(desk, admin)
    start = await _now(desk)
    async with desk.change(admin, "note.add", client_id=client_id) as change:
        noted = await change.insert(note, client_id=client_id, author_id=admin.staff_id, text="hello")
    (entry,) = (await _since(desk, start)).entries
    assert (entry.id, entry.action, entry.actor_id) == (change.entry_id, "note.add", admin.staff_id)
    assert entry.client_id == client_id
    assert entry.touched == {("note", noted), ("client", client_id)}
    assert not entry.many


@pytest.mark.parametrize("bulk", [True, False])
async def test_a_mass_change_in_the_feed_says_many(desk: Desk, admin: Actor, bulk: bool) -> None:
    start = await _now(desk)
    async with desk.change(admin, "client.import", bulk=bulk) as change:
        await change.insert_many(client, [{"name": f"Client {n}"} for n in range(101)])
    (entry,) = (await _since(desk, start)).entries
    assert entry.many
    assert entry.touched == frozenset()


async def test_no_entry_is_skipped_where_transactions_commit_out_of_order(postgresql_url: str) -> None:
    async with await Desk.open(postgresql_url) as here, await Desk.open(postgresql_url) as there:
        ann = await staff.first_admin(here, "ann", "Ann")
        one, two = await add_client(here, ann), await add_client(here, ann, "Jan")
        start = await _now(here)
        async with there.change(ann, "client.edit") as slow:
            await slow.update(client, one, city="begun first, committed last")
            quick = [await edit_client(here, ann, two, city=f"city {n}") for n in range(3)]
            meanwhile = await _since(here, start)
            assert [entry.id for entry in meanwhile.entries] == quick
            assert (await _since(here, meanwhile.cursor)).entries == ()
            opened_meanwhile = await _now(here)
            assert (await _since(here, opened_meanwhile)).entries == ()
        for cursor in (meanwhile.cursor, opened_meanwhile):
            after = await _since(here, cursor)
            assert [entry.id for entry in after.entries] == [slow.entry_id]
            assert (await _since(here, after.cursor)).entries == ()
        positions = select(journal_entry.c.id).order_by(journal_entry.c.position.desc()).limit(1)
        assert await value(here, positions) == quick[-1]


async def test_watching_yields_what_this_and_another_process_commit(
    desk: Desk, database_url: str, admin: Actor
) -> None:
    async with await Desk.open(database_url) as other, aclosing(feed.watch(desk, interval=0.01)) as watched:
        first = asyncio.ensure_future(anext(watched))
        await asyncio.sleep(0.05)
        client_id = await add_client(other, admin)
        (entry,) = (await asyncio.wait_for(first, 30)).entries
        assert ("client", client_id) in entry.touched
        mine = await edit_client(desk, admin, client_id, city="Kraków")
        (entry,) = (await asyncio.wait_for(anext(watched), 30)).entries
        assert entry.id == mine


async def test_watching_stops_when_it_is_cancelled_and_gives_its_connection_back(
    desk: Desk, admin: Actor
) -> None:
    async def watches() -> None:
        async with aclosing(feed.watch(desk, interval=0.01)) as watched:
            async for _ in watched:
                pass

    for _ in range(20):  # more than the pool has connections
        watching = asyncio.create_task(watches())
        await asyncio.sleep(0.02)
        watching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await watching
    await add_client(desk, admin)


async def test_watching_keeps_no_transaction_open(sqlite_url: str) -> None:
    async with await Desk.open(sqlite_url) as here, await Desk.open(sqlite_url) as there:
        ann = await staff.first_admin(here, "ann", "Ann")
        async with aclosing(feed.watch(here, interval=0.01)) as watched:
            first = asyncio.ensure_future(anext(watched))
            await asyncio.sleep(0.05)
            await add_client(there, ann)
            await first
            # A reader that held on to an old state would keep the log from being written back whole.
            async with there.engine.connect() as connection:
                result = await connection.exec_driver_sql("SELECT 1")
                result.close()
                await connection.rollback()
                driver = (await connection.get_raw_connection()).driver_connection
                assert driver is not None
                async with driver.execute("PRAGMA wal_checkpoint(TRUNCATE)") as rows:
                    assert tuple(await rows.fetchone()) == (0, 0, 0)


@pytest.mark.parametrize("through", ["open", "migrate"])
@pytest.mark.parametrize("stored", [False, True])
async def test_positions_go_on_after_a_dump_is_restored_into_another_cluster(
    postgresql_url: str, through: str, stored: bool
) -> None:
    async with await Desk.open(postgresql_url) as desk:
        ann = await staff.first_admin(desk, "ann", "Ann")
        old = await edit_client(desk, ann, await add_client(desk, ann), city="Kraków")
        async with desk.quiet() as connection:
            if stored:
                await connection.execute(insert(about).values(name="position_offset", value="17"))
            # As if written by a cluster that had seen a million transactions more.
            ahead = journal_entry.c.position + 1_000_000
            await connection.execute(update(journal_entry).values(position=ahead))
    if through == "migrate":
        await migrate(postgresql_url)
    async with await Desk.open(postgresql_url) as desk:
        cursor = await _now(desk)
        client_id = await add_client(desk, ann)
        new = await edit_client(desk, ann, client_id, city="Gdańsk")
        assert [entry.id for entry in (await _since(desk, cursor)).entries][-1] == new
        before, after = [await column(desk, journal_entry, entry, "position") for entry in (old, new)]
        assert before < after
        offset = select(about.c.value).where(about.c.name == "position_offset")
        raised = await value(desk, offset)
    async with await Desk.open(postgresql_url) as desk:
        assert await value(desk, offset) == raised
