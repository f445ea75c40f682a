"""What the search for duplicates costs: python -m benchmarks.duplicates_scan DATABASE [--lookups N] [--processes N].

The base is one that ``benchmarks.base`` made, or any copy of a real one: its forms and keys are made anew, it is
scanned cold and again, and clients of it are looked up, in another order each time, with scores and explanation.
Processor's seconds count this process and those it started.
"""

import argparse
import asyncio
import random
import resource
import statistics
import time

from sqlalchemy import Table, delete, func, select, text

from console.data.desk import Desk
from console.data.duplicates import lookup, scan, store
from console.data.duplicates.crew import crew
from console.data.models.clients import client
from console.data.models.duplicates import duplicate_form, duplicate_key, duplicate_model, duplicate_pair

WARMING = 50
_SIZES = {
    "sqlite": "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'duplicate_key' OR name LIKE '%duplicate_form%'",
    "postgresql": "SELECT pg_total_relation_size('duplicate_key') + pg_total_relation_size('duplicate_form')",
}
_PIECE = 20_000


async def main(database: str, lookups: int, processes: int, *, keep: bool) -> None:
    """Measure, and print a line for each figure."""
    async with await Desk.open(database) as desk:
        count = await _number(desk, client)
        print(f"{desk.dialect.name}, {count:,} clients, {processes} processes")
        if not keep:
            await _normalize(desk)
        keys = await _number(desk, duplicate_key)
        print(f"keys a client: {keys / count:.1f}; bytes a client: {await _bytes(desk) / count:.0f}")
        for what in ("cold", "warm"):
            begun, used = time.monotonic(), _processor()
            async with crew(processes) as helpers:
                done = await scan.scan(desk, helpers=helpers)
            print(
                f"scan, {what}: {time.monotonic() - begun:.1f} s, {_processor() - used:.1f} s of processor; "
                f"{done.compared / max(done.clients, 1):.2f} pairs a client, {done.kept:,} kept; peak {_peak():.0f} MB"
            )
        await _look_up(desk, lookups)


async def _normalize(desk: Desk) -> None:
    async with desk.quiet() as connection:
        for table in (duplicate_key, duplicate_form, duplicate_pair, duplicate_model):
            await connection.execute(delete(table))
    begun, used = time.monotonic(), _processor()
    last, number = -1, _PIECE
    while number == _PIECE:
        async with desk.quiet() as connection:
            last, number = await store.fill(connection, last, _PIECE)
    await store.key_waiting(desk)
    print(f"forms and keys: {time.monotonic() - begun:.1f} s, {_processor() - used:.1f} s of processor")


async def _look_up(desk: Desk, lookups: int) -> None:
    async with desk.read() as connection:
        ids = list((await connection.execute(select(client.c.id).order_by(client.c.id))).scalars())
    rng, took = random.Random(5), []
    for number in range(lookups + WARMING):
        async with desk.read() as connection:
            begun = time.perf_counter()
            await lookup.of_client(connection, rng.choice(ids))
            if number >= WARMING:
                took.append((time.perf_counter() - begun) * 1000)
    took.sort()
    marks = ", ".join(f"p{part} {took[len(took) * part // 100]:.1f}" for part in (50, 95, 99))
    print(f"look-up: {marks}, max {took[-1]:.1f}, mean {statistics.mean(took):.1f} ms")


async def _number(desk: Desk, table: Table) -> int:
    async with desk.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())


async def _bytes(desk: Desk) -> int:
    """What forms and keys take on disk, their indexes included."""
    async with desk.read() as connection:
        return int((await connection.execute(text(_SIZES[desk.dialect.name]))).scalar_one())


def _processor() -> float:
    times = [resource.getrusage(one) for one in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in times)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database")
    parser.add_argument("--lookups", type=int, default=500)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--keep", action="store_true", help="Leave forms, keys and model as they are.")
    given = parser.parse_args()
    asyncio.run(main(given.database, given.lookups, given.processes, keep=given.keep))
