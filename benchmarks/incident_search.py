"""Typing into the list of incidents: python -m benchmarks.incident_search [DATABASE] [--rounds N].

DATABASE is a file or a URL with many incidents (``benchmarks.base``); without one, 50,000 are made. Each round types
words that stand there, by their first one to eight characters, and then runs a LIKE over subjects and messages that
matches nothing, in the same process. Prints the p50 and p95 for each length, and the median over the rounds of each
p95 as a part of the LIKE.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks import base
from benchmarks.big import incidents as incidents_made
from console.data import incidents
from console.data.desk import Desk
from console.data.incidents import IncidentQuery
from console.data.models.incidents import incident, message
from console.data.texts import text_words

SMALL = 5_000  # clients
LENGTHS = range(1, 9)
EACH = 6  # words a length and round
MISS = "%no such words anywhere%"


async def _words(connection: AsyncConnection, rng: random.Random, count: int) -> list[str]:
    """Words of subjects and messages, taken at random places; a common one is taken as often as it is common."""
    first, last = (await connection.execute(select(func.min(message.c.id), func.max(message.c.id)))).one()
    found: list[str] = []
    while len(found) < count:
        some = select(message.c.body).where(message.c.id >= rng.randint(first, last)).order_by(message.c.id)
        body = (await connection.execute(some.limit(1))).scalar_one()
        found += rng.sample(text_words(body), 1)
    return found


async def _typed(desk: Desk, text: str, view: str = "all") -> float:
    begun = time.perf_counter()
    async with desk.read() as connection:
        await incidents.page(connection, IncidentQuery(text=text, view=view), desk.now())
    return time.perf_counter() - begun


async def _like(desk: Desk) -> float:
    begun = time.perf_counter()
    async with desk.read() as connection:
        for column in (incident.c.subject, message.c.body):
            await connection.execute(select(column).where(column.like(MISS)).limit(1))
    return time.perf_counter() - begun


def _p(times: Sequence[float], part: float) -> float:
    return sorted(times)[min(int(len(times) * part), len(times) - 1)]


async def measure(database: str, rounds: int) -> None:
    """Print one line a length, and one for each other thing that is typed."""
    rng = random.Random(1)
    times: dict[str, list[list[float]]] = defaultdict(list)
    likes: list[float] = []
    async with await Desk.open(database, create=False) as desk:
        await _typed(desk, "warm")
        for _ in range(rounds):
            async with desk.read() as connection:
                words = await _words(connection, rng, EACH * 3)
                number = (await connection.execute(select(func.max(incident.c.number)))).scalar_one()
            typed = {f"{size} characters": [word[:size] for word in words[:EACH]] for size in LENGTHS}
            typed |= {
                "two words": [f"{one} {two[:3]}" for one, two in zip(words, words[EACH:], strict=False)][
                    :EACH
                ],
                "a word of none": ["qqzzyx", "nosuchword"],
                "a number": [f"INC-{rng.randint(1, number):06d}" for _ in range(EACH)],
                "a name": ["kowalska", "anna"],
            }
            for name, texts in typed.items():
                times[name].append([await _typed(desk, text) for text in texts])
            times["3 characters, unassigned"].append(
                [await _typed(desk, word[:3], "unassigned") for word in words[:EACH]]
            )
            likes.append(await _like(desk))
    print(f"a LIKE that misses: p50 {statistics.median(likes):.2f} s, {rounds} rounds")
    for name, parts in times.items():
        every = [one for part in parts for one in part]
        ratio = statistics.median(_p(part, 0.95) / like for part, like in zip(parts, likes, strict=True))
        print(
            f"{name:26} p50 {_p(every, 0.5) * 1000:7.1f} ms   p95 {_p(every, 0.95) * 1000:7.1f} ms"
            f"   of the LIKE {ratio:.4f}"
        )


def main() -> None:
    """Measure the database that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", nargs="?")
    parser.add_argument("--rounds", type=int, default=9)
    given = parser.parse_args()
    if given.database is not None:
        asyncio.run(measure(given.database, given.rounds))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "small.db"
        base.build_clients(path, SMALL)
        base.build_incidents(path, SMALL * incidents_made.EACH)
        asyncio.run(measure(str(path), given.rounds))


if __name__ == "__main__":
    main()
