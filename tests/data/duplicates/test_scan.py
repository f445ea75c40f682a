"""The full scan: the same queue each time, also after a kill, and the same scores as everywhere else."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from console.data import deletion, purge
from console.data.desk import Desk
from console.data.duplicates import batches, candidates, feed, lookup, models, queue, scan, state
from console.data.duplicates.crew import crew
from console.data.duplicates.model import SHIPPED
from console.data.errors import Refused
from console.data.models.clients import client, identity
from console.data.models.duplicates import duplicate_form, duplicate_model, duplicate_pair
from console.data.records import Actor
from tests.data.duplicates.people import add, crowd, pairs, scored, twice
from tests.data.rows import edit_client, rows


async def test_somebody_who_is_here_twice_is_found_and_explained(desk: Desk, admin: Actor) -> None:
    one, other = await twice(desk, admin)
    await add(desk, admin, "Jan Kowalski", "jan@else.example", "602 555 020")
    done = await scan.scan(desk)
    assert (done.clients, done.kept, done.model_version, done.resumed) == (
        3,
        1,
        SHIPPED.version,
        False,
    )
    async with desk.read() as connection:
        (group,) = (await queue.page(connection)).groups
        stands = await queue.state(connection)
    assert (set(group.ids), group.relation, group.split_review) == ({one, other}, "duplicate", False)
    (pair,) = group.pairs
    assert any("same phone, held by 2 clients" in reason.text for reason in pair.explanation.reasons)
    assert (stands.is_running, stands.done, stands.total) == (False, done.compared, done.compared)


async def test_two_runs_give_the_same_queue(desk: Desk, admin: Actor) -> None:
    await crowd(desk, admin, 60)
    await scan.scan(desk)
    first = await pairs(desk)
    ids = await rows(desk, select(duplicate_pair.c.id).order_by(duplicate_pair.c.id))
    await scan.scan(desk)
    assert await pairs(desk) == first
    assert await rows(desk, select(duplicate_pair.c.id).order_by(duplicate_pair.c.id)) == ids
    assert len(first) >= 10


async def test_the_feed_finds_what_the_scan_finds(desk: Desk, admin: Actor) -> None:
    ids = await crowd(desk, admin, 40)
    await scored(desk)
    fed = {row[:2] for row in await pairs(desk)}
    await scan.scan(desk)
    scanned = {row[:2] for row in await pairs(desk)}
    assert scanned <= fed
    assert len(scanned) >= len(ids) // 10


async def test_the_same_pair_has_the_same_score_in_the_look_up_the_scan_and_the_queue(
    desk: Desk, admin: Actor
) -> None:
    ids = await crowd(desk, admin, 50)
    await scan.scan(desk)
    stored = {(row[0], row[1]): row for row in await pairs(desk)}
    compared = 0
    async with desk.read() as connection:
        for one in ids:
            for found in await lookup.of_client(connection, one, limit=10):
                both = (min(one, found.client_id), max(one, found.client_id))
                shown = await queue.pair(connection, *both)
                assert shown.explanation == found.explanation
                if both in stored:
                    row, compared = stored[both], compared + 1
                    assert (row[5], row[6]) == (found.explanation.percent, found.explanation.levels)
                    assert abs(row[4] * 3 / 1000 - found.explanation.points) <= 0.5 + 1e-3
    assert compared >= 2 * len(stored) * 0.9


async def test_a_scan_that_fails_half_way_goes_on_and_ends_with_the_same_queue(
    desk: Desk, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await crowd(desk, admin, 60)
    await scan.scan(desk)
    whole = await pairs(desk)
    monkeypatch.setattr(batches, "SIZE", 10)
    steps: list[tuple[str, int]] = []

    def stops(what: str, done: int, _total: int) -> None:
        steps.append((what, done))
        if steps[-1] == ("comparing", 30):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await scan.scan(desk, progress=stops)
    async with desk.read() as connection:
        stands = await state.load(connection)
    assert (stands.runs, stands.done, stands.shown().is_running) == (True, 30, True)
    steps.clear()
    done = await scan.scan(desk, progress=lambda what, done, _total: steps.append((what, done)))
    assert done.resumed
    assert min(done for what, done in steps if what == "comparing") == 40
    assert await pairs(desk) == whole


async def test_what_changes_while_a_scan_was_stopped_is_in_its_queue(
    desk: Desk, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await crowd(desk, admin, 40)
    monkeypatch.setattr(batches, "SIZE", 5)

    def stops(what: str, _done: int, _total: int) -> None:
        if what == "comparing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await scan.scan(desk, progress=stops)
    one, other = await twice(desk, admin)
    await edit_client(desk, admin, ids[0], archived_at=desk.now())
    await scan.scan(desk)
    found = [row[:2] for row in await pairs(desk)]
    assert (one, other) in found
    assert not [pair for pair in found if ids[0] in pair]
    assert await rows(desk, select(duplicate_form.c.client_id).where(duplicate_form.c.unscored)) == []


async def test_who_comes_while_the_keys_are_read_is_in_the_queue_at_the_end(
    desk: Desk, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await crowd(desk, admin, 20)
    known = await add(desk, admin, "Katarzyna Wiśniewska", "k@acme.example", "601 555 010", city="Gdynia")
    come: list[int] = []

    async def read(_desk: Desk, part: int) -> list[Any]:
        if not come:
            come.append(
                await add(desk, admin, "Kasia Wiśniewska", "k@post.example", "601 555 010", city="Gdynia")
            )
        async with desk.read() as connection:
            return await candidates.sharing(connection, part)

    monkeypatch.setattr(candidates, "_read", read)
    await scan.scan(desk)
    assert (known, *come) in [row[:2] for row in await pairs(desk)]


async def test_who_is_purged_while_a_scan_compares_is_in_no_pair(
    desk: Desk, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await crowd(desk, admin, 10)
    await scan.scan(desk)
    (one, other), *rest = [(row[0], row[1]) for row in await pairs(desk)]
    found = candidates.find

    async def find(desk: Desk, ids: Any, told: candidates.Told) -> candidates.Candidates:
        chosen = await found(desk, ids, told)
        async with desk.change(admin, "client.delete", about=("client", other)) as change:
            await deletion.delete_clients(change, [other])
        await purge.purge(desk, admin, other)
        return chosen

    monkeypatch.setattr(candidates, "find", find)
    await scan.scan(desk)
    assert one in ids
    assert [(row[0], row[1]) for row in await pairs(desk)] == [pair for pair in rest if other not in pair]


async def test_a_killed_scan_goes_on(desk: Desk, admin: Actor, database_url: str, tmp_path: Path) -> None:
    """A process of its own, killed in the middle as by kill -9."""
    await crowd(desk, admin, 80)
    await scan.scan(desk)
    whole = await pairs(desk)
    assert await asyncio.to_thread(_killed, database_url, tmp_path / "begun") == -signal.SIGKILL
    async with desk.read() as connection:
        stands = await state.load(connection)
    assert stands.runs
    assert 0 < stands.done < stands.total
    async with (
        desk.quiet() as connection
    ):  # the clock stands still here, so the dead process holds it for ever
        from console.data.models.journal import lease

        await connection.execute(delete(lease).where(lease.c.name == feed.LEASE))
    assert (await scan.scan(desk)).resumed
    assert await pairs(desk) == whole


_SLOW = """
import asyncio, sys, time
from pathlib import Path
from console.data.desk import Desk
from console.data.duplicates import batches, scan
batches.SIZE = 8
def slow(what, done, total):
    if what == "comparing":
        Path(sys.argv[2]).touch()
        time.sleep(0.5)
async def main():
    async with await Desk.open(sys.argv[1]) as desk:
        await scan.scan(desk, progress=slow)
asyncio.run(main())
"""


def _killed(url: str, begun: Path) -> int:
    with subprocess.Popen([sys.executable, "-c", _SLOW, url, str(begun)]) as process:
        for _ in range(600):
            if begun.exists() or process.poll() is not None:
                break
            time.sleep(0.1)
        os.kill(process.pid, signal.SIGKILL)
        return process.wait()


async def test_processes_find_what_a_thread_finds(
    desk: Desk, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await crowd(desk, admin, 60)
    await scan.scan(desk)
    alone = await pairs(desk)
    monkeypatch.setattr(batches, "MANY", 1)
    monkeypatch.setattr(batches, "SIZE", 20)
    async with crew(2) as helpers:
        await scan.scan(desk, helpers=helpers)
    assert await pairs(desk) == alone


async def test_the_console_answers_while_a_scan_runs(desk: Desk, admin: Actor) -> None:
    await crowd(desk, admin, 60)
    beats = 0

    async def beating() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0.001)
            beats += 1

    heart = asyncio.create_task(beating())
    begun = time.monotonic()
    await scan.scan(desk)
    lasted = time.monotonic() - begun
    heart.cancel()
    assert beats > min(20, lasted * 20)


async def test_only_one_process_scans(desk: Desk, admin: Actor) -> None:
    await twice(desk, admin)
    async with desk.quiet() as connection:
        from console.data.lease import take

        assert await take(desk, connection, feed.LEASE, "another", feed.LASTS)
    with pytest.raises(Refused, match="Another process is looking for duplicates"):
        await scan.scan(desk, wait=0)
    assert await feed.catch_up(desk) == 0
    assert await pairs(desk) == []


async def test_a_base_of_a_thousand_learns_its_own_weights_once(
    unchanged_desk: Desk, unchanged_admin: Actor
) -> None:
    desk, admin = unchanged_desk, unchanged_admin
    await crowd(desk, admin, 840)
    done = await scan.scan(desk)
    assert done.clients >= models.LEARNED_FROM
    assert done.model_version == SHIPPED.version + 1
    before = await pairs(desk)
    assert (await scan.scan(desk)).model_version == done.model_version
    assert await pairs(desk) == before
    assert (await scan.scan(desk, retrain=True)).model_version == done.model_version + 1
    kept = await rows(desk, select(duplicate_model.c.model_version, duplicate_model.c.origin))
    assert sorted(row[0] for row in kept) == [done.model_version, done.model_version + 1]
    assert all("clients" in row[1] for row in kept)


async def test_a_scan_of_nobody_finds_nothing(desk: Desk, admin: Actor) -> None:
    done = await scan.scan(desk)
    assert (done.clients, done.compared, done.kept) == (0, 0, 0)
    one = await add(desk, admin, "Anna Nowak", "anna@example.org")
    assert (await scan.scan(desk)).clients == 1
    async with desk.read() as connection:
        assert (await queue.page(connection)).groups == ()
        assert await lookup.of_client(connection, one) == []


async def test_there_are_at_most_five_pairs_a_client(unchanged_desk: Desk, unchanged_admin: Actor) -> None:
    """Twenty of one family at one number: 190 pairs, of which the heaviest are kept."""
    async with unchanged_desk.change(unchanged_admin, "client.import") as change:
        for number in range(20):
            one = await change.insert(client, name=f"Anna{number % 3} Nowakowska", city="Gdynia")
            values = {"type": "phone", "raw": "+48601555010", "normalized": "+48601555010"}
            await change.insert(identity, client_id=one, **values)
    done = await scan.scan(unchanged_desk)
    assert 20 <= done.compared <= 20 * candidates.ON_AVERAGE
