"""The queue that staff work: groups of clients who may be one, the surest first, a page at a time.

Every tenth group of the duplicates is one in doubt: what staff say of those teaches most.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.duplicates import groups, models, scoring
from console.data.duplicates import state as scans
from console.data.duplicates.both import Ids, in_order
from console.data.duplicates.counting import COUNTED, LEADS
from console.data.duplicates.lookup import explained
from console.data.duplicates.marks import listed
from console.data.duplicates.scoring import Judged
from console.data.errors import NotFound
from console.data.models.clients import client, identity
from console.data.models.duplicates import duplicate_pair
from console.data.models.incidents import incident
from console.data.models.organizations import organization
from console.data.models.staff import staff
from console.data.records.duplicates import Group, Pair, QueuePage, ScanState, Side

DOUBTS_EVERY = 10
_SIDES = 50
"""Clients of a group that are shown, at most."""

row_pair = duplicate_pair.c


@dataclass(frozen=True, slots=True)
class _At:
    """Behind which group of its queue a reader stands: its score and id; (None, 0) before the first."""

    score: int | None = None
    id: int = 0

    def after(self) -> ColumnElement[bool] | None:
        if self.score is None:
            return None
        same = and_(row_pair.score == self.score, row_pair.id > self.id)
        return or_(row_pair.score < self.score, same)


async def page(
    connection: AsyncConnection, *, relation: str = "duplicate", after: str | None = None, limit: int = 50
) -> QueuePage:
    """The next groups of a queue (one of QUEUES) behind ``after``, the ``next`` of the page before."""
    at, doubt_at = _read(after)
    doubtful = limit // DOUBTS_EVERY if relation == "duplicate" else 0
    leads = await _leads(connection, relation, at, limit - doubtful)
    doubts = await _leads(connection, "uncertain", doubt_at, doubtful) if doubtful else []
    found = await _groups(connection, [*leads, *doubts])
    sure = [found[row.id] for row in leads if row.id in found]
    asked = [replace(found[row.id], in_doubt=True) for row in doubts if row.id in found]
    more = len(leads) == limit - doubtful
    following = _written(leads[-1:], at) + ":" + _written(doubts[-1:], doubt_at)
    return QueuePage(tuple(_mixed(sure, asked)), following if more else "")


async def state(connection: AsyncConnection) -> ScanState:
    """How far the search of the whole base is."""
    return (await scans.load(connection)).shown()


async def pair(connection: AsyncConnection, one: int, other: int) -> Pair:
    """Two clients and why they look like one, whatever the score. NotFound where one is not looked for."""
    both = in_order(one, other)
    model = await models.current(connection)
    judged, forms = await scoring.judge_stored(connection, [both], model)
    sides = await _sides(connection, both)
    if not judged or len(sides) < 2:
        raise NotFound("One of the two is deleted, archived or merged, so they are not compared.")
    mine = and_(row_pair.first_id == both[0], row_pair.second_id == both[1])
    stored = (await connection.execute(select(row_pair.id).where(mine))).scalar()
    decided = await _decided(connection, both)
    return _pair(stored or 0, judged[0], sides, decided, explained(judged[0], forms, model))


def _mixed(sure: Sequence[Group], asked: Sequence[Group]) -> Iterable[Group]:
    """The sure ones, with one in doubt behind each nine of them."""
    rest = list(asked)
    for number, one in enumerate(sure, 1):
        yield one
        if number % (DOUBTS_EVERY - 1) == 0 and rest:
            yield rest.pop(0)
    yield from rest


def _read(after: str | None) -> tuple[_At, _At]:
    sure, _, doubt = (after or "").partition(":")
    return _at(sure), _at(doubt)


def _at(text: str) -> _At:
    score, _, row_id = text.partition(".")
    return _At(int(score), int(row_id)) if row_id else _At()


def _written(last: Sequence[Row[Any]], before: _At) -> str:
    """Where the next page begins: behind the last group, or where it was."""
    if last:
        return f"{last[0].score}.{last[0].id}"
    return "" if before.score is None else f"{before.score}.{before.id}"


async def _leads(connection: AsyncConnection, queue: str, at: _At, limit: int) -> list[Row[Any]]:
    """The pairs that lead the next groups."""
    query = select(row_pair.id, row_pair.score).where(LEADS, row_pair.queue == queue)
    if (behind := at.after()) is not None:
        query = query.where(behind)
    return list(await connection.execute(query.order_by(row_pair.score.desc(), row_pair.id).limit(limit)))


async def _groups(connection: AsyncConnection, leads: Sequence[Row[Any]]) -> dict[int, Group]:
    """The groups by the id of their leading pair, without who has left the lists and what is decided by now."""
    if not leads:
        return {}
    rows: dict[int, list[Row[Any]]] = defaultdict(list)
    members = select(duplicate_pair).where(row_pair.group_id.in_([row.id for row in leads]))
    for row in await connection.execute(members.order_by(row_pair.score.desc(), row_pair.id)):
        rows[row.group_id].append(row)
    wanted = [(row.first_id, row.second_id) for some in rows.values() for row in some[:_SIDES]]
    model = await models.current(connection)
    judged, forms = await scoring.judge_stored(connection, wanted, model)
    scores = {one.pair: one for one in judged}
    ids = {one for both in wanted for one in both}
    sides, decided = await _sides(connection, ids), await _decided(connection, ids)
    found = {}
    for lead, some in rows.items():
        pairs = []
        for row in some:
            both = (row.first_id, row.second_id)
            score = scores.get(both)
            if score is None or not {*both} <= sides.keys() or _is_out(row, score, decided):
                continue
            pairs.append(_pair(row.id, score, sides, decided, explained(score, forms, model)))
        if pairs:
            found[lead] = _group(pairs, split=some[0].queue == "split review")
    return found


def _is_out(row: Row[Any], score: Judged, decided: Mapping[Ids, tuple[groups.Decided, str]]) -> bool:
    known = decided.get(score.pair)
    if known is None or not known[0].stands(score.levels):
        return False
    return known[0].decision == "different" or (known[0].decision == "related" and row.queue != "related")


def _group(pairs: Sequence[Pair], *, split: bool) -> Group:
    sides = {side.id: side for one in pairs for side in (one.first, one.second)}
    key = hashlib.blake2b(",".join(map(str, sorted(sides))).encode(), digest_size=8).hexdigest()
    return Group(key, tuple(sides.values()), tuple(pairs), pairs[0].explanation.relation, split)


def _pair(
    row_id: int,
    judged: Judged,
    sides: Mapping[int, Side],
    decided: Mapping[Ids, tuple[groups.Decided, str]],
    explanation: Any,
) -> Pair:
    first, second = (sides[one] for one in judged.pair)
    known = decided.get(judged.pair)
    if known is None or not known[0].stands(judged.levels):
        return Pair(row_id, first, second, explanation)
    return Pair(row_id, first, second, explanation, known[0].decision, known[1])


async def _decided(connection: AsyncConnection, ids: Iterable[int]) -> dict[Ids, tuple[groups.Decided, str]]:
    """The decisions on these clients' pairs, each with the name of who made it."""
    found = await groups.decisions(connection, ids)
    authors = {one.staff_id for one in found.values()}
    query = select(staff.c.id, staff.c.name).where(staff.c.id.in_(authors))
    names = {row.id: row.name for row in await connection.execute(query)} if authors else {}
    return {both: (one, names.get(one.staff_id, "")) for both, one in found.items()}


async def _sides(connection: AsyncConnection, ids: Collection[int]) -> dict[int, Side]:
    """The clients, of those who are looked for, with what is shown of each."""
    held: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    known = select(identity.c.client_id, identity.c.type, identity.c.raw).where(
        identity.c.client_id.in_(ids), identity.c.live
    )
    for row in await connection.execute(known.order_by(identity.c.position, identity.c.id)):
        if row.type in ("email", "phone"):
            held[row.client_id][row.type].append(row.raw)
        else:
            held[row.client_id]["handle"].append(f"{row.type}:{row.raw}")
    query = (
        select(client, organization.c.name.label("organization"), _incidents())
        .outerjoin(organization, organization.c.id == client.c.organization_id)
        .where(client.c.id.in_(ids), listed())
    )
    return {row.id: _side(row, held[row.id]) for row in await connection.execute(query)}


def _incidents() -> ColumnElement[int]:
    some = select(incident.c.id).where(incident.c.client_id == client.c.id).correlate(client).limit(COUNTED)
    return select(func.count()).select_from(some.subquery()).scalar_subquery().label("incidents")


def _side(row: Row[Any], held: Mapping[str, list[str]]) -> Side:
    return Side(
        row.id,
        row.kind,
        row.name,
        row.status,
        tuple(held.get("email", ())),
        tuple(held.get("phone", ())),
        tuple(held.get("handle", ())),
        row.organization or "",
        row.mail_domain,
        row.street,
        row.city,
        row.postcode,
        row.country,
        row.birth_date.isoformat() if row.birth_date else "",
        row.external_id,
        row.incidents,
        row.version,
    )
