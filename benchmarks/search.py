"""What finding clients costs: python -m benchmarks.search [DATABASE …] [--filters N] [--rounds N].

The databases are made by ``benchmarks.base``; without one, a small one is made. Each round asks for a page by filters
of each kind, and by a LIKE over the list's columns that finds nothing, through the same engine; what counts is the
ratio to that LIKE, in the median of the rounds. On SQLite the processor's time is taken, which others who use the
machine change little; on PostgreSQL the clock's.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import or_, select

from benchmarks import base as builder
from console.data import clients
from console.data.clients import ClientQuery
from console.data.desk import Desk
from console.data.models.clients import client
from console.data.normalize import words
from console.data.views import Reader, listed

SMALL = 20_000
LONGEST = 8
SAMPLE = 400  # clients whose words are typed
PAGE = 100
COMMON = (
    "an ko",
    "ma no",
    "a k",
    "ma an",
    "an ma ko",
    "ja an",
    "al ma",
    "z q",
    "pe pe",
    "com ma",
    "48 an",
    "s s",
)
MISSED = "zzqqxx"


async def main(databases: Sequence[str], filters: int, rounds: int) -> None:
    """Measure each database, and print a table of each."""
    for database in databases:
        async with await Desk.open(database, create=False) as desk:
            asked = await _asked(desk, filters)
            print(f"{desk.location.shown}, {rounds} rounds, pages of {PAGE}")
            print("| what | typed | p50 | p95 | worst | a LIKE that misses | p50 / LIKE | p95 / LIKE |")
            print("|---|---|---|---|---|---|---|---|")
            for what, typed in asked.items():
                await _measure(desk, what, typed, rounds)


async def _asked(desk: Desk, filters: int) -> dict[str, list[str]]:
    """What is typed, by kind; the same every time."""
    rng = random.Random(4)
    query = select(client.c.sort_name, client.c.email, client.c.mobile, client.c.organization_sort)
    async with desk.read() as connection:
        rows = (
            await connection.execute(query.where(listed()).order_by(client.c.id % 9973).limit(SAMPLE))
        ).all()
    values = [value for row in rows for value in row if value]
    typed = [value[: rng.randint(1, LONGEST)] for value in values]
    whole = sorted(
        {word for row in rows for word in words(row.sort_name) if len(word) > 4 and word.isalpha()}
    )
    numbers = ["".join(sign for sign in row.mobile if sign.isdigit()) for row in rows if row.mobile]
    names = [row.sort_name.split() for row in rows if len(row.sort_name.split()) > 1]
    return {
        "1 to 8 characters": rng.sample(typed, min(filters, len(typed))),
        "the end of a number": [one[-rng.randint(3, 7) :] for one in rng.sample(numbers, filters // 4)],
        "two beginnings of a name": [f"{a[:2]} {b[:2]}" for a, b, *_ in rng.sample(names, filters // 4)],
        "two and more common beginnings": list(COMMON),
        "a name with one letter wrong": [_mistyped(rng, one) for one in rng.sample(whole, filters // 4)],
    }


def _mistyped(rng: random.Random, word: str) -> str:
    """The word with two letters swapped, one more or one less."""
    at = rng.randrange(len(word) - 1)
    return rng.choice(
        (
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + "x" + word[at:],
            word[:at] + word[at + 1 :],
        )
    )


async def _measure(desk: Desk, what: str, typed: Sequence[str], rounds: int) -> None:
    taken, missed = [], []
    for number in range(rounds + 1):
        if number % 2:
            missed.append(await _like(desk))
        times = [await _filter(desk, one) for one in typed]
        if not number % 2:
            missed.append(await _like(desk))
        if number:  # the first round warms up
            taken.append(times)
    like = statistics.median(missed)
    each = sorted(statistics.median(times) for times in zip(*taken, strict=True))
    p50, p95 = statistics.median(each), each[int(len(each) * 0.95) - 1 if len(each) > 1 else 0]
    shown = " | ".join(f"{value * 1000:.1f} ms" for value in (p50, p95, each[-1], like))
    print(f"| {what} | {len(typed)} | {shown} | {p50 / like:.4f} | {p95 / like:.4f} |", flush=True)


async def _filter(desk: Desk, typed: str) -> float:
    clock, reader = _clock(desk), Reader(None, desk.now())
    begun = clock()
    async with desk.read() as connection:
        await clients.page(connection, ClientQuery(typed), reader, limit=PAGE)
    return clock() - begun


async def _like(desk: Desk) -> float:
    columns = (client.c.sort_name, client.c.email, client.c.mobile, client.c.organization_sort)
    query = select(client.c.id).where(listed(), or_(*(column.contains(MISSED) for column in columns)))
    clock = _clock(desk)
    begun = clock()
    async with desk.read() as connection:
        await connection.execute(query.limit(PAGE))
    return clock() - begun


def _clock(desk: Desk) -> Callable[[], float]:
    return time.process_time if desk.dialect.name == "sqlite" else time.perf_counter


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("databases", nargs="*")
    parser.add_argument("--filters", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=9)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if not given.databases:
            builder.build_clients(Path(folder) / "small.db", SMALL)
        found = given.databases or [str(Path(folder) / "small.db")]
        asyncio.run(main(found, given.filters, given.rounds))
