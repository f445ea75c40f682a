"""How well duplicates are found: labelled records in a scratch database, the real scan, and what it found."""

import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from console.data import staff
from console.data.desk import Desk
from console.data.duplicates import decisions, feed, models, queue, training
from console.data.duplicates.both import Ids, in_order
from console.data.duplicates.crew import crew
from console.data.duplicates.loading import load
from console.data.duplicates.scan import scan
from console.data.duplicates.truth import Best, Found, Rates, Truth, share
from console.data.duplicates.whole import Progress
from console.data.models.duplicates import duplicate_pair
from console.data.records import Actor

_PAGE = 50


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What came of it; pairs on which decisions were simulated count for nothing. ``peak_mb`` is this process's."""

    records: int
    true_pairs: int
    candidate_pairs: int
    blocking_recall: float
    line: Rates
    best: Best
    cluster_f1: float
    seconds: float
    peak_mb: float

    def json(self) -> dict[str, Any]:
        """As the command answers it."""
        found = asdict(self)
        best = found["best"]
        found["best"] = {name: best[name] for name in ("threshold", "precision", "recall", "f1")}
        return found


async def evaluate(
    path: Path,
    entity: str,
    mapped: Mapping[str, Sequence[str]],
    *,
    decided: int = 0,
    processes: int = 1,
    progress: Progress,
) -> Evaluated:
    """Measure on a CSV file whose column ``entity`` says which records are one. Invalid where it has no records."""
    begun = time.perf_counter()
    found = Found()
    async with AsyncExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="helpdesk-evaluate-")))
        desk = await running.enter_async_context(await Desk.open(str(folder / "scratch.db")))
        helpers = await running.enter_async_context(crew(processes))
        actor = await staff.first_admin(desk, "evaluate", "Evaluation")
        entities = await load(desk, folder, path, entity, mapped, helpers, progress)

        async def scanned() -> None:
            found.clear()
            await scan(desk, helpers=helpers, progress=progress, collect=found.add)

        await scanned()
        known: set[Ids] = set()
        if decided:
            known = await _decide(desk, actor, Truth(entities, ()), decided)
            if await training.refit(desk, decided):
                await scanned()
        async with desk.read() as connection:
            line = (await models.current(connection)).line
        groups = await _groups(desk)
    truth = Truth(entities, known)
    bits, right = truth.judged(found.all())
    above = int((bits >= line).sum())
    return Evaluated(
        records=len(entities),
        true_pairs=truth.number,
        candidate_pairs=len(bits),
        blocking_recall=share(int(right.sum()), truth.number),
        line=truth.rates(int(right[:above].sum()), above),
        best=truth.best(bits, right),
        cluster_f1=truth.rates_of(pair for group in groups for pair in _among(group) if pair not in known).f1,
        seconds=round(time.perf_counter() - begun, 2),
        peak_mb=round(_peak(), 1),
    )


def _peak() -> float:
    """Megabytes that this process and those it started have held at most."""
    unit = 1 if sys.platform == "darwin" else 1024
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(resource.getrusage(one).ru_maxrss for one in whose) * unit / 1e6


async def _decide(desk: Desk, actor: Actor, truth: Truth, number: int) -> set[Ids]:
    """Decide as staff would who know the truth: pair after pair of the queue, in its order."""
    decided: set[Ids] = set()
    after: str | None = None
    while len(decided) < number and after != "":
        async with desk.read() as connection:
            page = await queue.page(connection, after=after, limit=_PAGE)
        after = page.next
        found = [in_order(one.first.id, one.second.id) for group in page.groups for one in group.pairs]
        for pair in dict.fromkeys(found):
            if len(decided) < number and pair not in decided:
                async with desk.change(actor, "duplicate.decide") as change:
                    await decisions.record(change, [pair], "same" if truth.same(pair) else "different")
                decided.add(pair)
    await feed.catch_up(desk)
    return decided


async def _groups(desk: Desk) -> list[set[int]]:
    """The groups of the queue, each client in the surest that has them."""
    pair = duplicate_pair.c
    wanted = select(pair.group_id, pair.first_id, pair.second_id, pair.score).where(
        pair.queue.in_(("duplicate", "split review"))
    )
    found: dict[int, set[int]] = defaultdict(set)
    async with desk.read() as connection:
        for row in await connection.execute(wanted.order_by(pair.score.desc(), pair.id)):
            found[row.group_id] |= {row.first_id, row.second_id}
    taken: set[int] = set()
    groups = []
    for group in sorted(found.values(), key=len, reverse=True):
        if not group & taken:
            groups.append(group)
            taken |= group
    return groups


def _among(group: Collection[int]) -> Iterable[Ids]:
    ordered = sorted(group)
    return ((one, other) for place, one in enumerate(ordered) for other in ordered[place + 1 :])
