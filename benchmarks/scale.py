"""How each figure grows with the base: python -m benchmarks.scale [DATABASE …] [--rounds N].

The databases are made by ``benchmarks.base``, the smallest named first; without any, two small ones are made. Every
round asks each database for each figure in turn, in alternating order; what counts is the median of paired ratios.
On SQLite the processor's time is taken, which others who use the machine do not change; on PostgreSQL the clock's.
``benchmarks.scale_screen`` measures the console itself, on a terminal.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from sqlalchemy import text

from benchmarks import base as builder
from benchmarks.big import incidents, raw
from benchmarks.big.figures import NOBODY, PAGE, Ask, Base, base, figures
from console.data.desk import Desk
from console.data.paging import At

SMALL = (10_000, 100_000)
LETTERS = 8
Taken = dict[str, list[float]]


async def main(databases: Sequence[str], rounds: int) -> None:
    """Measure, and print three tables."""
    async with AsyncExitStack() as stack:
        bases = []
        for database in databases:
            desk = await stack.enter_async_context(await Desk.open(database, create=False))
            bases.append(await base(desk.location.shown, desk))
        await _growth(bases, rounds)
        largest = bases[-1]
        await _beside_raw(largest, rounds)
        await _filters(largest, rounds)


async def _seconds(one: Base, ask: Ask) -> float:
    clock = _clock(one.desk)
    begun = clock()
    async with one.desk.read() as connection:
        await ask(connection)
    return clock() - begun


def _clock(desk: Desk) -> Callable[[], float]:
    return time.process_time if desk.dialect.name == "sqlite" else time.perf_counter


async def _growth(bases: list[Base], rounds: int) -> None:
    """Each figure on each base, and how it grew from the first to the last; then figures beside each other."""
    asked = [figures(one) for one in bases]
    taken: list[Taken] = [defaultdict(list) for _ in bases]
    for number in range(rounds + 1):  # the first warms up
        order = range(len(bases)) if number % 2 else reversed(range(len(bases)))
        for place in order:
            for what, ask in asked[place].items():
                seconds = await _seconds(bases[place], ask)
                if number:
                    taken[place][what].append(seconds)
    print(f"| what, ms | {' | '.join(f'{one.clients:,}' for one in bases)} | grew by |")
    print("|---|" + "---|" * (len(bases) + 1))
    for what in asked[-1]:
        cells = [f"{_ms(each[what]):.1f}" if each[what] else "" for each in taken]
        print(f"| {what} | {' | '.join(cells)} | {_ratio(taken[-1][what], taken[0][what])} |")
    await _beside(bases[-1], taken[-1], rounds)


async def _beside(one: Base, last: Taken, rounds: int) -> None:
    print("\n| what, in the largest | ratio | target |\n|---|---|---|")
    first = last["clients, first page"]
    print(f"| last page against the first | {_ratio(last['clients, last page'], first)} | 1.5 |")
    print(f"| last page against OFFSET there | {await _offset(one, rounds)} | 0.02 |")
    by_id = last.get("incidents by id, first page")
    for view in ("incidents, overdue", "incidents, open by due time"):
        if by_id:
            print(f"| {view}, against by id | {_ratio(last[view], by_id)} | 3 |")


async def _offset(one: Base, rounds: int) -> str:
    """The last page by keyset against a page by OFFSET near there, in turn."""
    query = text(
        "SELECT * FROM client WHERE deleted_at IS NULL AND archived_at IS NULL AND absorbed_into IS NULL"
        " ORDER BY sort_name, id LIMIT :page OFFSET :rows"
    ).bindparams(page=PAGE, rows=int(one.clients * 0.97))
    pairs = [
        (await _seconds(one, one.page(At(last=True))), await _seconds(one, lambda c: c.execute(query)))
        for _ in range(rounds)
    ]
    return f"{statistics.median(ours / theirs for ours, theirs in pairs):.3f}"


async def _beside_raw(one: Base, rounds: int) -> None:
    """List, filter and detail through the data layer against the driver alone running the same SQL."""
    bare, close = await raw.bare(one.desk)
    driver, target = ("sqlite3", 6) if one.desk.dialect.name == "sqlite" else ("asyncpg", 3.5)
    print(
        f"\n| through the data layer, ms | ours | raw {driver} | ratio of p50 | target |\n|---|---|---|---|---|"
    )
    for what, ask in figures(one).items():
        with raw.caught(one.desk) as sent:
            await _seconds(one, ask)
        ours, theirs, clock = [], [], _clock(one.desk)
        for _ in range(rounds * 3):
            with raw.caught(one.desk) as sent:
                ours.append(await _seconds(one, ask))
            begun = clock()
            await bare(sent)
            theirs.append(clock() - begun)
        print(f"| {what} | {_ms(ours):.2f} | {_ms(theirs):.2f} | {_ms(ours) / _ms(theirs):.2f} | {target} |")
    await close()


async def _filters(one: Base, rounds: int) -> None:
    """What typing one letter after another asks for, against a LIKE that misses."""
    like = text(
        "SELECT id FROM client WHERE lower(name) LIKE :text OR lower(email) LIKE :text OR mobile LIKE :text"
        " OR organization_sort LIKE :text LIMIT 100"
    ).bindparams(text=f"%{NOBODY.lower()}%")
    missed = [
        await _seconds(one, lambda connection: connection.execute(like)) for _ in range(max(3, rounds // 3))
    ]
    taken: list[list[float]] = [[] for _ in range(LETTERS)]
    for typed in one.typed:
        for count in range(1, LETTERS + 1):
            taken[count - 1].append(await _seconds(one, one.filtered(typed[:count])))
    everything = [seconds for some in taken for seconds in some]
    p95 = statistics.quantiles(everything, n=20)[-1]
    print(f"\n| letters typed | {' | '.join(str(count + 1) for count in range(LETTERS))} |")
    print("|---|" + "---|" * LETTERS)
    print("| median, ms | " + " | ".join(f"{_ms(some):.1f}" for some in taken) + " |")
    print("| most, ms | " + " | ".join(f"{max(some) * 1000:.1f}" for some in taken) + " |")
    print(
        f"\nFilter, 1 to {LETTERS} letters of names, addresses, phones, organizations: p95 {p95 * 1000:.1f} ms;"
    )
    print(
        f"a LIKE that misses {_ms(missed):.0f} ms; ratio {p95 / statistics.median(missed):.3f} (target 0.03)."
    )


def _ms(seconds: Sequence[float]) -> float:
    return statistics.median(seconds) * 1000


def _ratio(ours: Sequence[float], theirs: Sequence[float]) -> str:
    pairs = [one / other for one, other in zip(ours, theirs, strict=False)]
    return f"{statistics.median(pairs):.2f}" if pairs else ""


def _made(folder: Path) -> list[str]:
    made = []
    for count in SMALL:
        builder.build_clients(folder / f"{count}.db", count)
        builder.build_incidents(folder / f"{count}.db", count * incidents.EACH)
        made.append(str(folder / f"{count}.db"))
    return made


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("databases", nargs="*")
    parser.add_argument("--rounds", type=int, default=9)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        asyncio.run(main(given.databases or _made(Path(temporary)), given.rounds))
