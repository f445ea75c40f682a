"""What a merge and its undo cost: python -m benchmarks.merge [--database postgresql://…] [--rounds N] [--flat].

Two clients with 2,000 incidents each become one and are two again, against the bare UPDATEs of the same rows in one
transaction and back, among 10,000 other clients. ``--flat``: 7,000 against 70,000 incidents of the absorbed client,
the preview too, and the longest the console could not have answered a key meanwhile. On SQLite times are of the
processor. A database named is filled and left behind; without one, a SQLite file in a temporary folder is.
"""

import argparse
import asyncio
import secrets
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import and_, delete, update

from benchmarks import base
from benchmarks.big.tables import AT
from console.data import staff
from console.data.desk import Desk
from console.data.merging.apply import merge
from console.data.merging.parts import OF_CLIENT
from console.data.merging.preview import preview
from console.data.merging.unmerge import unmerge
from console.data.models.billing import invoice
from console.data.models.clients import client, identity
from console.data.models.contacts import contact
from console.data.models.departments import department
from console.data.models.incidents import incident, message
from console.data.models.journal import journal_item
from console.data.models.notes import note
from console.data.records import Actor
from console.data.records.merging import Choices

OTHERS = 10_000  # clients beside the two, with ten incidents each
EACH = 2_000
FLAT = (7_000, 70_000)
PIECE = 2_000
BEAT = 0.005  # seconds
TARGETS = {"merge": 2.5, "undo": 2.5}
_SETTLED = {
    "sqlite": "PRAGMA wal_checkpoint(TRUNCATE)",
    "postgresql": "VACUUM ANALYZE client, incident, message, journal_item",
}


class Two:
    """The survivor and the absorbed client of one merge, with their rows."""

    def __init__(self, desk: Desk, ann: Actor, survivor: int, absorbed: int) -> None:
        self.desk = desk
        self.ann = ann
        self.choices = Choices(survivor, (absorbed,))
        self.entry = 0
        self.ranges: dict[str, tuple[int, int]] = {}

    async def previewed(self) -> None:
        """Look at it, as the merge screen does before it asks."""
        async with self.desk.read() as connection:
            await preview(connection, self.choices)

    async def merged(self) -> None:
        """Ours: one journal entry."""
        self.entry = (await merge(self.desk, self.ann, self.choices)).entry_id

    async def undone(self) -> None:
        """Ours, back."""
        await unmerge(self.desk, self.ann, self.entry)

    async def moved(self) -> None:
        """Bare: each table's rows get the other owner, and the absorbed client says where they went."""
        await self._hand_over(self.choices.absorbed[0], self.choices.survivor, self.choices.survivor)

    async def moved_back(self) -> None:
        """Bare, back: the rows that the absorbed client had."""
        await self._hand_over(self.choices.survivor, self.choices.absorbed[0], None)

    async def _hand_over(self, giver: int, taker: int, into: int | None) -> None:
        now = self.desk.now()
        async with self.desk.quiet() as connection:
            for part in OF_CLIENT:
                table = part.table
                where = [part.owner == giver]
                if into is None and table.name in self.ranges:
                    where.append(table.c.id.between(*self.ranges[table.name]))
                elif into is None:
                    continue
                values: dict[str, Any] = {part.owner.name: taker}
                if "version" in table.c:
                    values["version"] = table.c.version + 1
                if "updated_at" in table.c:
                    values["updated_at"] = now
                await connection.execute(update(table).where(and_(*where)).values(values))
            absorbed = update(client).where(client.c.id == self.choices.absorbed[0])
            await connection.execute(absorbed.values(absorbed_into=into, version=client.c.version + 1))


async def _made(desk: Desk, ann: Actor, name: str, first: int, each: tuple[int, int]) -> Two:
    """Two clients of this many incidents each, with what else clients have; ``first`` is their first number."""
    async with desk.change(ann, "client.add") as change:
        ids = [
            await change.insert(client, name=f"{name} {place}", status="approved", organization_by="none")
            for place in ("One", "Two")
        ]
    two = Two(desk, ann, ids[0], ids[1])
    for one, count in zip(ids, each, strict=True):
        two.ranges = await _rows_of(desk, ann, one, first, count)
        first += count
    return two


async def _rows_of(desk: Desk, ann: Actor, owner: int, first: int, count: int) -> dict[str, tuple[int, int]]:
    """Write a client's rows; by table, the first and the last id."""
    ranges: dict[str, tuple[int, int]] = {}

    async def insert(change: Any, table: Any, rows: Sequence[dict[str, Any]]) -> list[int]:
        made: list[int] = await change.insert_many(table, rows)
        ranges[table.name] = (ranges.get(table.name, (made[0], 0))[0], made[-1])
        return made

    async with desk.change(ann, "client.edit") as change:
        served = (await change.connection.execute(department.select().limit(1))).one().id
        emails = [f"{owner}.{n}@example.org" for n in range(3)]
        mine = {"client_id": owner, "type": "email"}
        await insert(change, identity, [mine | {"raw": one, "normalized": one} for one in emails])
        told = [{"client_id": owner, "author_id": ann.staff_id, "text": f"Note {n}"} for n in range(20)]
        await insert(change, note, told)
        bills = [
            {
                "client_id": owner,
                "number": f"{owner}/{n}",
                "amount": 100,
                "issued_on": AT.date(),
                "due_on": AT.date(),
            }
            for n in range(20)
        ]
        await insert(change, invoice, bills)
        people = [{"client_id": owner, "name": f"Contact {n}"} for n in range(5)]
        await insert(change, contact, people)
    for start in range(first, first + count, PIECE):
        async with desk.change(ann, "incident.add") as change:
            cases = [
                {
                    "number": number,
                    "hash": secrets.token_hex(12),
                    "client_id": owner,
                    "channel": "portal",
                    "department_id": served,
                    "state": "closed" if number % 20 else "open",
                    "subject": f"Printer {number} is broken",
                }
                for number in range(start, min(start + PIECE, first + count))
            ]
            made = await insert(change, incident, cases)
            written = [
                {
                    "incident_id": one,
                    "kind": kind,
                    "client_id": author,
                    "channel": "portal",
                    "body": "It is broken.",
                }
                for one in made
                for kind, author in (("client", owner), ("staff", None))
            ]
            await insert(change, message, written)
    return ranges


async def _settle(desk: Desk, *, tidy: bool = False) -> None:
    """Do what the engine would do later; ``tidy``: no details of former rounds stay."""
    if tidy:
        async with desk.quiet() as connection:
            await connection.execute(delete(journal_item))
    async with desk.engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        await driver.execute(_SETTLED[desk.dialect.name])


async def _timed(desk: Desk, work: Callable[[], Awaitable[None]]) -> float:
    """Seconds: on SQLite of the processor, which others who use the machine change little; else of the clock."""
    clock = time.process_time if desk.dialect.name == "sqlite" else time.perf_counter
    begun = clock()
    await work()
    return clock() - begun


async def _against_bare(two: Two, rounds: int) -> None:
    """Both sides there and back by turns; a first round warms up and does not count."""
    sides = {"ours": (two.merged, two.undone), "bare": (two.moved, two.moved_back)}
    taken: dict[str, list[tuple[float, float]]] = {"merge": [], "undo": []}
    for number in range(rounds + 1):
        times = {}
        for side in ("ours", "bare") if number % 2 else ("bare", "ours"):
            for what, work in zip(("merge", "undo"), sides[side], strict=True):
                times[side, what] = await _timed(two.desk, work)
                await _settle(two.desk)
            await _settle(two.desk, tidy=True)
        if number:
            for what, pairs in taken.items():
                pairs.append((times["ours", what], times["bare", what]))
    print("| what | ours | bare UPDATEs | median of ratios | ratios | target |\n|---|---|---|---|---|---|")
    for what, pairs in taken.items():
        ratios = sorted(ours / bare for ours, bare in pairs)
        ours, bare = (statistics.median(side) * 1000 for side in zip(*pairs, strict=True))
        spread = f"{ratios[0]:.2f} to {ratios[-1]:.2f}"
        ratio = statistics.median(ratios)
        print(f"| {what} | {ours:.0f} ms | {bare:.0f} ms | {ratio:.2f} | {spread} | {TARGETS[what]} |")


@asynccontextmanager
async def _beating() -> AsyncIterator[list[float]]:
    """Seconds by which a beat of the loop came late: so long a key would have waited."""
    late: list[float] = []

    async def beat() -> None:
        while True:
            due = time.perf_counter() + BEAT
            await asyncio.sleep(BEAT)
            late.append(time.perf_counter() - due)

    task = asyncio.ensure_future(beat())
    try:
        yield late
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _flat(small: Two, large: Two, rounds: int) -> None:
    times: dict[tuple[str, str], list[float]] = {}
    waited: dict[str, float] = {}
    for number in range(rounds + 1):
        for size, two in (("small", small), ("large", large)):
            for what, work in (("preview", two.previewed), ("merge", two.merged), ("undo", two.undone)):
                async with _beating() as late:
                    seconds = await _timed(two.desk, work)
                await _settle(two.desk)
                if number:
                    times.setdefault((what, size), []).append(seconds)
                    waited[what] = max(waited.get(what, 0), *late, 0)
            await _settle(two.desk, tidy=True)
    print(
        f"| what | {FLAT[0]:,} | {FLAT[1]:,} | a row, large / small | a key waits at most |\n|---|---|---|---|---|"
    )
    for what in ("preview", "merge", "undo"):
        few, many = (statistics.median(times[what, size]) for size in ("small", "large"))
        flat = many / few / (FLAT[1] / FLAT[0])
        print(
            f"| {what} | {few * 1000:.0f} ms | {many * 1000:.0f} ms | {flat:.2f} | {waited[what] * 1000:.0f} ms |"
        )


async def main(database: str, rounds: int, flat: bool) -> None:
    """Fill the database, measure, print."""
    async with await Desk.open(database) as desk:
        ann = await staff.actor(desk, staff.system_login())
        first = OTHERS * 10 + 1
        if flat:
            small = await _made(desk, ann, "Small", first, (EACH, FLAT[0]))
            large = await _made(desk, ann, "Large", first + EACH + FLAT[0], (EACH, FLAT[1]))
            await _settle(desk, tidy=True)
            print(f"{desk.dialect.name}, the absorbed client's incidents, {rounds} rounds")
            await _flat(small, large, rounds)
        else:
            two = await _made(desk, ann, "Both", first, (EACH, EACH))
            await _settle(desk, tidy=True)
            print(f"{desk.dialect.name}, {EACH:,} incidents each, {rounds} rounds")
            await _against_bare(two, rounds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--flat", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "merge.db"
        base.build_clients(file, OTHERS)
        base.build_incidents(file, OTHERS * 10)
        if given.database:
            asyncio.run(base.copy_to(file, given.database))
        asyncio.run(main(given.database or str(file), given.rounds, given.flat))
