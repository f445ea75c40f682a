"""Where staff find each pair: which list of the queue it stands in, and with which others in a group.

Pairs above the line are drawn together by average linkage, as far as decisions allow. A group that is too large or too
loose to be trusted whole, and a pair that no group takes in, go to *split review*.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.duplicates.both import Ids
from console.data.models.duplicates import duplicate_decision, duplicate_pair

if TYPE_CHECKING:
    from console.data.duplicates.model import Model

MOST = 8
"""Clients of a group that staff may be asked to look at as one."""
REACH = 2_000
"""Clients who hang together, at most, that are grouped anew after a change."""
_ASKED = 2_000

pair, decision = duplicate_pair.c, duplicate_decision.c
_DECISIONS = [
    "SELECT id, first_id, second_id, decision, levels, staff_id FROM duplicate_decision WHERE first_id IN ({ids})",
    "SELECT id, first_id, second_id, decision, levels, staff_id FROM duplicate_decision WHERE second_id IN ({ids})",
]


@dataclass(frozen=True, slots=True)
class Decided:
    """What staff last decided of a pair, and the levels it had then."""

    decision: str
    levels: str
    staff_id: int

    def stands(self, levels: str) -> bool:
        """Whether it still holds: 'same' for good, the others until a clue of the two has changed."""
        return self.decision == "same" or self.levels == levels


async def decisions(connection: AsyncConnection, ids: Iterable[int]) -> dict[Ids, Decided]:
    """The last decision on each pair of which one is among these clients."""
    wanted = sorted(set(ids))
    rows = [row for statement in _DECISIONS for row in await _of(connection, statement, wanted)]
    rows.sort(key=itemgetter(0))
    return {(first, second): Decided(*rest) for _, first, second, *rest in rows}


async def regroup(connection: AsyncConnection, ids: Collection[int]) -> None:
    """Put the pairs of these clients, and of all who hang together with them, where they belong."""
    if ids:
        from console.data.duplicates import models

        model = await models.current(connection)
        await place(connection, await _connected(connection, ids, model), model)


async def _connected(connection: AsyncConnection, ids: Collection[int], model: "Model") -> set[int]:
    """These clients and whom pairs above the line connect with them, as far as ``REACH``."""
    found, new = set(ids), set(ids)
    above = [pair.relation == "duplicate", pair.score >= line(model)]
    while new and len(found) < REACH + len(ids):
        some = sorted(new)[:_ASKED]
        mine = or_(pair.first_id.in_(some), pair.second_id.in_(some))
        decided = or_(decision.first_id.in_(some), decision.second_id.in_(some))
        linked = union_all(
            select(pair.first_id, pair.second_id).where(mine, *above),
            select(decision.first_id, decision.second_id).where(decided, decision.decision == "same"),
        )
        rows = await connection.execute(linked)
        new = (new - set(some)) | ({one for row in rows for one in row} - found)
        found |= new
    return found


async def place(
    connection: AsyncConnection, ids: Collection[int], model: "Model", *, of_all: bool = False
) -> None:
    """The same for clients of whom nobody else hangs together with them.

    ``of_all``: all clients get their turn, so that each pair is looked at with the first of its two.
    """
    wanted = sorted(ids)
    rows: dict[int, Placed] = {}
    for statement in _PLACED[: 1 if of_all else 2]:
        rows |= {row[0]: Placed._make(row) for row in await _of(connection, statement, wanted)}
    standing = placed(list(rows.values()), await decisions(connection, wanted), model)
    differing = [
        (queue, group, one)
        for one, (queue, group) in sorted(standing.items())
        if (rows[one].queue, rows[one].group_id) != (queue, group)
    ]
    if differing:
        await connection.exec_driver_sql(_MOVE[connection.dialect.name], differing)


class Placed(NamedTuple):
    """A stored pair, with where it stood."""

    id: int
    first_id: int
    second_id: int
    relation: str
    score: int
    levels: str
    queue: str
    group_id: int


_COLUMNS = "SELECT id, first_id, second_id, relation, score, levels, queue, group_id FROM duplicate_pair"
_PLACED = [_COLUMNS + " WHERE first_id IN ({ids})", _COLUMNS + " WHERE second_id IN ({ids})"]
_MOVE = {
    "sqlite": "UPDATE duplicate_pair SET queue = ?, group_id = ? WHERE id = ?",
    "postgresql": "UPDATE duplicate_pair SET queue = $1, group_id = $2 WHERE id = $3",
}
_GIVEN = {"sqlite": "SELECT value FROM json_each(?)", "postgresql": "SELECT unnest($1::bigint[])"}


async def _of(connection: AsyncConnection, statement: str, ids: list[int]) -> Sequence[Any]:
    """What a statement finds of clients, however many these are."""
    name = connection.dialect.name
    given = str(ids) if name == "sqlite" else ids
    return (await connection.exec_driver_sql(statement.format(ids=_GIVEN[name]), (given,))).all()


def placed(
    rows: Sequence[Placed], decided: Mapping[Ids, Decided], model: "Model"
) -> dict[int, tuple[str, int]]:
    """The queue of each pair ('' where it is decided) and the id of the pair that leads its group."""
    found: dict[int, tuple[str, int]] = {}
    links: dict[Ids, Placed] = {}
    bound: dict[str, set[Ids]] = defaultdict(set)
    for row in rows:
        both = (row.first_id, row.second_id)
        known = decided.get(both)
        standing = known.decision if known is not None and known.stands(row.levels) else ""
        bound[standing].add(both)
        found[row.id] = (_alone(row, standing, model), row.id)
        links[both] = row
    strong = {both for both, row in links.items() if found[row.id][0] == "duplicate"}
    for group in _groups(strong, links, bound):
        queue = "split review" if group.loose or len(group.ids) > MOST else "duplicate"
        inside = [links[both] for both in group.pairs if found[links[both].id][0] != ""]
        leader = min(inside, key=lambda row: (-row.score, row.id)).id
        for row in inside:
            found[row.id] = (queue, leader)
            strong.discard((row.first_id, row.second_id))
    for both in strong:
        found[links[both].id] = ("split review", links[both].id)
    return found


def _alone(row: Placed, standing: str, model: "Model") -> str:
    """Where a pair stands without regard to others."""
    if standing == "different":
        return ""
    if standing == "related" or row.relation != "duplicate":
        return "related"
    if standing == "same" or row.score >= line(model):
        return "duplicate"
    return "uncertain"


def line(model: "Model") -> int:
    """The score from which a pair is queued, as it is stored."""
    return round(model.line * 1000)


@dataclass(frozen=True, slots=True)
class _Group:
    ids: frozenset[int]
    pairs: tuple[Ids, ...]
    loose: bool


def _groups(
    strong: Collection[Ids], links: Mapping[Ids, Placed], bound: Mapping[str, set[Ids]]
) -> list[_Group]:
    """Clients who may all be one, two or more each, with the stored pairs among them."""
    from console.data.duplicates.cluster import clusters

    found = clusters(
        {both: links[both].score / 1000 for both in strong},
        must=bound["same"],
        cannot=bound["different"] | bound["related"],
    )
    whose = {one: number for number, cluster in enumerate(found) for one in cluster.ids}
    among: dict[int, list[Ids]] = defaultdict(list)
    for both in links:
        if (number := whose.get(both[0])) is not None and number == whose.get(both[1]):
            among[number].append(both)
    return [
        _Group(frozenset(cluster.ids), tuple(among[number]), cluster.loose)
        for number, cluster in enumerate(found)
        if among[number]
    ]
