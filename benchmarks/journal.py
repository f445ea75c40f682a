"""What the journal costs: python benchmarks/journal.py [--database postgresql://…] [--clients N] [--rounds N].

Each round measures both sides one after the other, in alternating order, through the same engine and its settings;
the ratio of a round is paired, and the median of the ratios counts. The database named is filled and left behind;
without one, a SQLite file in a temporary folder is.
"""

import argparse
import asyncio
import itertools
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select, update

from console.data import derived, feed, staff
from console.data.desk import Desk
from console.data.models.clients import client, identity
from console.data.models.journal import journal_item
from console.data.models.organizations import organization
from console.data.records import Actor
from console.data.undo import undo

FIRST = ("Anna", "Jan", "Łukasz", "Zoë", "Maria", "Piotr", "Jürgen", "Ines", "Tomáš", "Olga")
LAST = ("Nowak", "Kowalski", "Żak", "Müller", "García", "Novák", "Smith", "Dubois", "Rossi", "Larsen")
EDITS = 50  # of one client each, a round
Work = Callable[[], Awaitable[None]]


async def main(database: str, count: int, rounds: int) -> None:
    """Fill the database, measure, print."""
    async with await Desk.open(database) as desk:
        ann = await staff.first_admin(desk, "ann", "Ann")
        await _fill(desk, ann, count)
        print(f"{desk.dialect.name}, {count:,} clients, {rounds} rounds")
        print("| what | ours | bare UPDATE | median of ratios | ratios |")
        print("|---|---|---|---|---|")
        await _edits(desk, ann, rounds)
        await _mass(desk, ann, rounds)
        await _feed(desk, database, ann)


async def _fill(desk: Desk, ann: Actor, count: int) -> None:
    rng = random.Random(7)
    async with desk.change(ann, "demo.load", bulk=True) as change:
        companies = await change.insert_many(
            organization, [{"name": f"{rng.choice(LAST)} {n} GmbH"} for n in range(count // 20)]
        )
        for start in range(0, count, 5000):
            rows = [
                {
                    "name": f"{rng.choice(FIRST)} {rng.choice(LAST)}",
                    "username": f"user{n}",
                    "status": "approved",
                    "organization_id": rng.choice(companies),
                    "organization_by": "import",
                }
                for n in range(start, min(start + 5000, count))
            ]
            ids = await change.insert_many(client, rows)
            owned = [
                {"client_id": one, "type": kind, "raw": raw, "normalized": raw, "mobile": kind == "phone"}
                for number, one in enumerate(ids, start)
                for kind, raw in (
                    ("email", f"user{number}@example{number % 500}.org"),
                    ("phone", f"+48600{number:06d}"),
                )
            ]
            await change.insert_many(identity, owned)
        await derived.recount(change.connection)
    await _settle(desk)


async def _settle(desk: Desk) -> None:
    """Do what the engine would do later, at any time."""
    later = {"sqlite": "PRAGMA wal_checkpoint(TRUNCATE)", "postgresql": "VACUUM ANALYZE client, journal_item"}
    async with desk.engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        await driver.execute(later[desk.dialect.name])


async def _paired(
    rounds: int, ours: Work, bare: Work, *, before: Work | None = None, between: Work | None = None
) -> list[tuple[float, float]]:
    """Seconds of both sides, by round, ours prepared by ``before``; a first round warms up and does not count."""
    pairs = []
    for number in range(rounds + 1):
        taken = {}
        for side in (ours, bare) if number % 2 else (bare, ours):
            if before and side is ours:
                await before()
            started = time.perf_counter()
            await side()
            taken[side] = time.perf_counter() - started
            if between:
                await between()
        if number:
            pairs.append((taken[ours], taken[bare]))
    return pairs


def _print(what: str, pairs: list[tuple[float, float]], per: int, unit: str) -> None:
    scale = {"ms": 1000 / per, "s": 1 / per}[unit]
    ratios = sorted(ours / bare for ours, bare in pairs)
    ours, bare = (statistics.median(side) * scale for side in zip(*pairs, strict=True))
    spread = f"{ratios[0]:.2f} to {ratios[-1]:.2f}"
    print(f"| {what} | {ours:.2f} {unit} | {bare:.2f} {unit} | {statistics.median(ratios):.2f} | {spread} |")


async def _edits(desk: Desk, ann: Actor, rounds: int) -> None:
    rng = random.Random(11)
    async with desk.read() as connection:
        ids = list((await connection.execute(select(client.c.id))).scalars())

    async def ours() -> None:
        for _ in range(EDITS):
            name = f"{rng.choice(FIRST)} {rng.choice(LAST)} {rng.randrange(10**6)}"
            async with desk.change(ann, "client.edit") as change:
                await change.update(client, rng.choice(ids), name=name)

    async def bare() -> None:
        for _ in range(EDITS):
            name = f"{rng.choice(FIRST)} {rng.choice(LAST)} {rng.randrange(10**6)}"
            async with desk.quiet() as connection:
                await connection.execute(
                    update(client).where(client.c.id == rng.choice(ids)).values(name=name)
                )

    _print("edit of one client", await _paired(rounds, ours, bare), EDITS, "ms")


async def _mass(desk: Desk, ann: Actor, rounds: int) -> None:
    done: list[int] = []
    statuses = itertools.cycle(("disapproved", "approved"))

    async def ours() -> None:
        async with desk.change(ann, "client.status") as change:
            await change.update_where(client, client.c.id.is_not(None), {"status": next(statuses)})
        done.append(change.entry_id)

    async def takes_back() -> None:
        await undo(desk, ann, done.pop())
        next(statuses)

    async def bare() -> None:
        new = next(statuses)
        async with desk.quiet() as connection:
            await connection.execute(
                update(client)
                .where(client.c.status != new)
                .values(status=new, version=client.c.version + 1, updated_at=desk.now())
            )

    async def tidy() -> None:
        # Each side finds the same database: no details of former rounds, nothing left to be written back.
        async with desk.quiet() as connection:
            await connection.execute(delete(journal_item))
        await _settle(desk)

    async def count() -> int:
        async with desk.read() as connection:
            return int((await connection.execute(select(func.count()).select_from(client))).scalar_one())

    many = f"{await count():,}"
    _print(f"mass status change of {many}", await _paired(rounds, ours, bare, between=tidy), 1, "s")

    async def prepared() -> None:
        await ours()
        await _settle(desk)

    undone = await _paired(rounds, takes_back, bare, before=prepared, between=tidy)
    _print(f"undo of it for {many}", undone, 1, "s")


async def _feed(desk: Desk, database: str, ann: Actor) -> None:
    delays = []
    rng = random.Random(3)
    async with await Desk.open(database) as other, aclosing(feed.watch(desk)) as watched:
        async with desk.read() as connection:
            one = (await connection.execute(select(client.c.id).limit(1))).scalar_one()
        for number in range(20):
            seen = asyncio.ensure_future(anext(watched))
            await asyncio.sleep(rng.random())
            async with other.change(ann, "client.edit") as change:
                await change.update(client, one, name=f"Seen {number}")
            committed = time.perf_counter()
            await seen
            delays.append(time.perf_counter() - committed)
    p95 = statistics.quantiles(delays, n=20)[-1]
    median = statistics.median(delays)
    print(f"| change by another process → feed | p95 {p95:.2f} s | target 2 s | | median {median:.2f} s |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database")
    parser.add_argument("--clients", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=9)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = given.database or str(Path(folder) / "journal.db")
        asyncio.run(main(url, given.clients, given.rounds))
