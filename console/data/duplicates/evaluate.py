"""How well duplicates are found: labelled records in a scratch database, the real scan, and what it found."""

import resource
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from console.data import staff
from console.data.desk import Desk
from console.data.duplicates import decisions, feed, labelled, models, queue, store, training
from console.data.duplicates.both import Ids, in_order
from console.data.duplicates.form import form
from console.data.duplicates.labelled import Record
from console.data.duplicates.scan import Progress, scan
from console.data.errors import Invalid
from console.data.models.base import milliseconds
from console.data.models.clients import client
from console.data.models.duplicates import duplicate_pair
from console.data.records import Actor

CHUNK = 5_000
_PAGE = 50
Scores = dict[Ids, float]


@dataclass(frozen=True, slots=True)
class Rates:
    """How many of those found are right, how many of the right ones are found, and both in one number."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Best(Rates):
    """The same at the threshold, in bits, where f1 is highest."""

    threshold: float


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
    with tempfile.TemporaryDirectory(prefix="helpdesk-evaluate-") as folder:
        async with await Desk.open(str(Path(folder) / "scratch.db")) as desk:
            actor = await staff.first_admin(desk, "evaluate", "Evaluation")
            entities = await _load(desk, labelled.read(path, entity, mapped), progress)
            scores: Scores = {}

            async def scanned() -> None:
                scores.clear()
                await scan(desk, processes=processes, progress=progress, collect=scores.update)

            await scanned()
            known: set[Ids] = set()
            if decided:
                known = await _decide(desk, actor, entities, decided)
                if await training.refit(desk, decided):
                    await scanned()
            async with desk.read() as connection:
                line = (await models.current(connection)).line
            groups = await _groups(desk)
    truth = _Truth(entities, known)
    judged = {pair: bits for pair, bits in scores.items() if pair not in known}
    above = [pair for pair, bits in judged.items() if bits >= line]
    return Evaluated(
        records=len(entities),
        true_pairs=truth.number,
        candidate_pairs=len(judged),
        blocking_recall=_share(sum(map(truth.same, judged)), truth.number),
        line=truth.rates(above),
        best=truth.best(judged),
        cluster_f1=truth.rates(pair for group in groups for pair in _among(group) if pair not in known).f1,
        seconds=round(time.perf_counter() - begun, 2),
        peak_mb=round(_peak(), 1),
    )


def _peak() -> float:
    """Megabytes that this process and those it started have held at most."""
    unit = 1 if sys.platform == "darwin" else 1024
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(resource.getrusage(one).ru_maxrss for one in whose) * unit / 1e6


async def _load(desk: Desk, records: Iterable[Record], progress: Progress) -> list[str]:
    """Write the records as clients 1, 2, …, as they are: what is unique elsewhere may be several clients' here."""
    entities: list[str] = []
    waiting: list[Record] = []

    async def flush() -> None:
        first = len(entities) - len(waiting) + 1
        rows = [
            {
                "id": number,
                "kind": one.raw.kind or "person",
                "name": one.raw.name or f"{one.raw.given_name} {one.raw.family_name}".strip(),
                "created_at": milliseconds(desk.now()),
            }
            for number, one in enumerate(waiting, first)
        ]
        forms = {number: form(one.raw) for number, one in enumerate(waiting, first)}
        async with desk.quiet() as connection:
            await connection.execute(insert(client), rows)
            await store.write_unkeyed(connection, forms)
        waiting.clear()
        progress("loading", len(entities), len(entities))

    for one in records:
        entities.append(one.entity)
        waiting.append(one)
        if len(waiting) == CHUNK:
            await flush()
    if waiting:
        await flush()
    if not entities:
        raise Invalid("file", "The file has no records.")
    await store.key_waiting(desk)
    return entities


async def _decide(desk: Desk, actor: Actor, entities: Sequence[str], number: int) -> set[Ids]:
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
                same = _entity(entities, pair[0]) == _entity(entities, pair[1])
                async with desk.change(actor, "duplicate.decide") as change:
                    await decisions.record(change, [pair], "same" if same else "different")
                decided.add(pair)
    await feed.catch_up(desk)
    return decided


def _entity(entities: Sequence[str], client_id: int) -> str:
    """Which entity a record is of; one without a name is of its own."""
    return entities[client_id - 1] or f"\x00{client_id}"


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


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


class _Truth:
    """Which pairs are of one entity; those that ``but`` names count neither as such nor otherwise."""

    def __init__(self, entities: Sequence[str], but: Collection[Ids]) -> None:
        self._entities = entities
        sizes = Counter(one for one in entities if one)
        pairs = sum(size * (size - 1) // 2 for size in sizes.values())
        self.number = pairs - sum(map(self.same, but))

    def same(self, pair: Ids) -> bool:
        """Whether two records are of one entity."""
        return _entity(self._entities, pair[0]) == _entity(self._entities, pair[1])

    def rates(self, found: Iterable[Ids]) -> Rates:
        """What these pairs are worth."""
        said = list(found)
        right = sum(map(self.same, said))
        return self._rates(right, len(said))

    def best(self, scores: Mapping[Ids, float]) -> Best:
        """The threshold that serves best."""
        best, threshold = Rates(0.0, 0.0, 0.0), 0.0
        right = number = 0
        for bits, pairs in _by_bits(scores):
            right += sum(map(self.same, pairs))
            number += len(pairs)
            rates = self._rates(right, number)
            if rates.f1 > best.f1:
                best, threshold = rates, bits
        return Best(best.precision, best.recall, best.f1, round(threshold, 3))

    def _rates(self, right: int, said: int) -> Rates:
        f1 = 2 * right / (said + self.number) if said + self.number else 0.0
        return Rates(_share(right, said), _share(right, self.number), round(f1, 4))


def _by_bits(scores: Mapping[Ids, float]) -> Iterable[tuple[float, list[Ids]]]:
    """Pairs of equal scores, the highest first."""
    found: dict[float, list[Ids]] = defaultdict(list)
    for pair, bits in scores.items():
        found[bits].append(pair)
    return sorted(found.items(), reverse=True)
