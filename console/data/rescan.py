"""Mail domains looked at anew: who would move if the rules, or rules with one more or one less, were followed.

Clients with one address, nearly all, are counted by mail domain in the database, page by page, and never loaded. Those
with several addresses are decided one by one, a piece at a time. Both are decided by ``assignment.decide``.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, distinct, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import organizations, settings
from console.data.assignment import (
    CHUNK,
    Rule,
    Standing,
    Verdict,
    assign_many,
    decide,
    rules_for,
    standings,
)
from console.data.batch import Batch, batch
from console.data.desk import Desk
from console.data.errors import IdentityTaken, NotFound
from console.data.models.clients import client
from console.data.models.organizations import organization, organization_manager
from console.data.naming import names_of
from console.data.records import Actor, Conflict, Move, Rescan, Rescanned
from console.data.rescan_scope import RuleChange, Scope

HOSTS = 500
SAMPLE = 10
_TERMS = 100


@dataclass(frozen=True, slots=True)
class _Group:
    """Clients of one mail domain who stand alike: how many, and their open incidents."""

    host: str
    organization_id: int | None
    by: str
    count: int
    incidents: int


# Looking


async def preview(connection: AsyncConnection) -> Rescan:
    """What a rescan of everybody would do, by the rules and settings there are now."""
    make = (await settings.load(connection)).auto_organization
    return await _preview(connection, Scope(make))


async def preview_adding(connection: AsyncConnection, organization_id: int, given: str) -> Rescan:
    """What giving an organization a mail domain would do; refused as ``organizations.add_domain`` is."""
    return await _preview(connection, await _adding(connection, organization_id, given))


async def preview_removing(connection: AsyncConnection, organization_id: int, given: str) -> Rescan:
    """What taking a mail domain from an organization would do; NotFound if it does not have it."""
    return await _preview(connection, await _removing(connection, organization_id, given))


async def _adding(connection: AsyncConnection, organization_id: int, given: str) -> Scope:
    domain, below = organizations.domain_and_below(given)
    organizations.check_company(domain)
    if (holder := (await rules_for(connection, [domain])).get(domain)) is not None:
        name = (await names_of(connection, "organization", [holder.organization_id]))[holder.organization_id]
        raise IdentityTaken(f"The mail domain {domain} belongs to {name} already.", holder.organization_id)
    query = select(organization.c.manager).where(organization.c.id == organization_id)
    managed = bool((await connection.execute(query)).scalar())
    return Scope(False, RuleChange(domain, Rule(domain, below, organization_id, managed)))


async def _removing(connection: AsyncConnection, organization_id: int, given: str) -> Scope:
    domain, _ = organizations.domain_and_below(given)
    holder = (await rules_for(connection, [domain])).get(domain)
    if holder is None or holder.organization_id != organization_id:
        raise NotFound(f"The organization has no mail domain {domain}. Nothing was changed.")
    return Scope(False, RuleChange(domain, None))


@dataclass(slots=True)
class _Tally:
    """What a preview has counted so far; names of organizations come last."""

    moves: int = 0
    conflicts: int = 0
    managers: int = 0
    seen: int = 0
    made: set[str] = field(default_factory=set)
    moving: list[tuple[int, str, int | None, Verdict]] = field(default_factory=list)
    conflicting: list[tuple[int, str, tuple[int, ...]]] = field(default_factory=list)

    def count(self, verdict: Verdict, clients: int, incidents: int, managed: bool) -> None:
        """Add clients who move alike."""
        self.moves += clients
        self.seen += incidents if managed else 0
        if verdict.made:
            self.made.add(verdict.made)


async def _preview(connection: AsyncConnection, scope: Scope) -> Rescan:
    tally, host, last = _Tally(), "", -(1 << 63)
    while hosts := await _hosts_after(connection, scope, host):
        await _count_groups(connection, scope, await _groups_of(connection, scope, hosts), tally)
        host = hosts[-1]
    while ids := await _ids_after(connection, scope.several, last):
        await _count_each(connection, scope, await standings(connection, ids), tally)
        last = ids[-1]
    return await _told(connection, tally)


async def _hosts_after(connection: AsyncConnection, scope: Scope, last: str) -> list[str]:
    """A page of the mail domains of listed clients, in order."""
    host = client.c.mail_domain
    query = select(host).where(scope.around, host > last).distinct().order_by(host).limit(HOSTS)
    return list((await connection.execute(query)).scalars())


async def _groups_of(connection: AsyncConnection, scope: Scope, hosts: Sequence[str]) -> list[_Group]:
    c = client.c
    key = (c.mail_domain, c.organization_id, c.organization_by)
    query = (
        select(*key, func.count(), func.coalesce(func.sum(c.open_incidents), 0))
        .where(scope.single, c.mail_domain.in_(hosts))
        .group_by(*key)
        .order_by(c.mail_domain)
    )
    return [_Group(*row) for row in await connection.execute(query)]


async def _ids_after(
    connection: AsyncConnection, where: ColumnElement[bool], last: int, *, unordered: bool = False
) -> list[int]:
    """A page of ids in their order. ``unordered``: the condition finds few, by an index that the order must not win
    over.
    """
    key = client.c.id + 0 if unordered else client.c.id
    query = select(client.c.id).where(where, key > last).order_by(key).limit(CHUNK)
    return list((await connection.execute(query)).scalars())


async def _moving(
    connection: AsyncConnection, scope: Scope, groups: Sequence[_Group]
) -> list[tuple[_Group, Verdict, bool]]:
    """The groups that would move, where to, and whether managers wait there."""
    rules = await scope.rules(connection, {group.host for group in groups})
    managed = {rule.organization_id for rule in rules.values() if rule.managed}
    verdicts = [
        (group, decide(group.organization_id, group.by, (group.host,), rules, make=scope.make))
        for group in groups
    ]
    return [(group, found, found.organization_id in managed) for group, found in verdicts if found.moves]


async def _count_groups(
    connection: AsyncConnection, scope: Scope, groups: Sequence[_Group], tally: _Tally
) -> None:
    moving = await _moving(connection, scope, groups)
    for group, verdict, managed in moving:
        tally.count(verdict, group.count, group.incidents, managed)
        if len(tally.moving) < SAMPLE:
            some = select(client.c.id, client.c.name).where(scope.single, _alike(group)).order_by(client.c.id)
            for row in await connection.execute(some.limit(SAMPLE - len(tally.moving))):
                tally.moving.append((row.id, row.name, group.organization_id, verdict))
    for piece in _slices(moving):
        managing = organization_manager.c.client_id
        query = (
            select(func.count(distinct(managing)))
            .select_from(organization_manager.join(client, client.c.id == managing))
            .where(scope.single, _among(piece))
        )
        tally.managers += int((await connection.execute(query)).scalar_one())


def _alike(group: _Group) -> ColumnElement[bool]:
    c = client.c
    return and_(
        c.mail_domain == group.host,
        c.organization_id.is_not_distinct_from(group.organization_id),
        c.organization_by == group.by,
    )


def _among(moving: Sequence[tuple[_Group, Verdict, bool]]) -> ColumnElement[bool]:
    """Clients of these groups; the domains are named apart, for the index of them to be used."""
    hosts = client.c.mail_domain.in_(sorted({group.host for group, _, _ in moving}))
    return and_(hosts, or_(*(_alike(group) for group, _, _ in moving)))


def _slices(moving: Sequence[Any]) -> list[Sequence[Any]]:
    """Pieces small enough for one OR."""
    return [moving[start : start + _TERMS] for start in range(0, len(moving), _TERMS)]


async def _verdicts(
    connection: AsyncConnection, scope: Scope, found: Sequence[Standing]
) -> list[tuple[Standing, Verdict, bool]]:
    rules = await scope.rules(connection, {host for one in found for host in one.hosts})
    managed = {rule.organization_id for rule in rules.values() if rule.managed}
    verdicts = [
        (one, decide(one.organization_id, one.by, one.hosts, rules, make=scope.make)) for one in found
    ]
    return [(one, verdict, verdict.organization_id in managed) for one, verdict in verdicts]


async def _count_each(
    connection: AsyncConnection, scope: Scope, found: Sequence[Standing], tally: _Tally
) -> None:
    moving = []
    for one, verdict, managed in await _verdicts(connection, scope, found):
        if verdict.conflict:
            tally.conflicts += 1
            if len(tally.conflicting) < SAMPLE:
                tally.conflicting.append((one.id, one.name, verdict.conflict))
        if verdict.moves:
            moving.append(one.id)
            tally.count(verdict, 1, one.open_incidents, managed)
            if len(tally.moving) < SAMPLE:
                tally.moving.append((one.id, one.name, one.organization_id, verdict))
    if moving:
        managing = organization_manager.c.client_id
        query = select(func.count(distinct(managing))).where(managing.in_(moving))
        tally.managers += int((await connection.execute(query)).scalar_one())


async def _told(connection: AsyncConnection, tally: _Tally) -> Rescan:
    """The tally with organizations by name."""
    wanted = {
        one for _, _, before, verdict in tally.moving for one in (before, verdict.organization_id) if one
    }
    wanted |= {one for _, _, several in tally.conflicting for one in several}
    names = await names_of(connection, "organization", wanted) if wanted else {}
    return Rescan(
        moves=tally.moves,
        made=len(tally.made),
        conflicts=tally.conflicts,
        managers=tally.managers,
        seen=tally.seen,
        moving=tuple(
            Move(
                one,
                name,
                names.get(before or 0, ""),
                verdict.made or names.get(verdict.organization_id or 0, ""),
            )
            for one, name, before, verdict in tally.moving
        ),
        conflicting=tuple(
            Conflict(one, name, tuple(names[owner] for owner in several))
            for one, name, several in tally.conflicting
        ),
    )


# Doing


async def rescan(desk: Desk, actor: Actor) -> Rescanned:
    """Move everybody where the rules say, in chunks of one batch, which is undone as one. Conflicts are left."""
    async with batch(desk, actor, "organization.rescan") as running:
        async with desk.read() as connection:
            make = (await settings.load(connection)).auto_organization
        return await _move(desk, running, Scope(make), None, "")


async def add_domain(desk: Desk, actor: Actor, organization_id: int, given: str) -> Rescanned:
    """Give an organization a mail domain, and move the clients whom that concerns: one batch, one undo."""
    async with batch(desk, actor, "organization.add-domain") as running:
        async with desk.read() as connection:
            scope = await _adding(connection, organization_id, given)
        async with running.chunk(about=("organization", organization_id), detail=given.strip()) as change:
            await organizations.add_domain(change, organization_id, given)
        return await _move(desk, running, scope, organization_id, given.strip())


async def remove_domain(desk: Desk, actor: Actor, organization_id: int, given: str) -> Rescanned:
    """Take a mail domain away, and move the clients whom it had brought: one batch, one undo."""
    async with batch(desk, actor, "organization.remove-domain") as running:
        async with desk.read() as connection:
            scope = await _removing(connection, organization_id, given)
        async with running.chunk(about=("organization", organization_id), detail=given.strip()) as change:
            await organizations.remove_domain(change, organization_id, given)
        return await _move(desk, running, scope, organization_id, given.strip())


@dataclass(frozen=True, slots=True)
class _Piece:
    """Clients who would move, and how many beside them are in conflict."""

    movers: list[int]
    conflicts: int = 0


async def _move(
    desk: Desk, running: Batch, scope: Scope, organization_id: int | None, detail: str
) -> Rescanned:
    moved = conflicts = 0
    made: set[str] = set()
    about = None if organization_id is None else ("organization", organization_id)
    async for piece in _pieces(desk, scope):
        conflicts += piece.conflicts
        if piece.movers:
            async with running.chunk(about=about, detail=detail) as change:
                done = await assign_many(change, piece.movers, make=scope.make)
            moved += done.moved
            made |= done.made.keys()
    return Rescanned(moved, len(made), conflicts, running.last_entry)


async def _pieces(desk: Desk, scope: Scope) -> AsyncIterator[_Piece]:
    """The clients who would move, a chunk at a time; what is read of them is let go before the chunk is written."""
    host = ""
    while True:
        async with desk.read() as connection:
            hosts = await _hosts_after(connection, scope, host)
            moving = await _moving(connection, scope, await _groups_of(connection, scope, hosts))
        for some in _slices(moving):
            async for ids in _ids(desk, and_(scope.single, _among(some)), unordered=True):
                yield _Piece(ids)
        if not hosts:
            break
        host = hosts[-1]
    async for ids in _ids(desk, scope.several):
        async with desk.read() as connection:
            found = await _verdicts(connection, scope, await standings(connection, ids))
        movers = [one.id for one, verdict, _ in found if verdict.moves]
        yield _Piece(movers, sum(bool(verdict.conflict) for _, verdict, _ in found))


async def _ids(
    desk: Desk, where: ColumnElement[bool], *, unordered: bool = False
) -> AsyncIterator[list[int]]:
    last = -(1 << 63)
    while True:
        async with desk.read() as connection:
            ids = await _ids_after(connection, where, last, unordered=unordered)
        if not ids:
            return
        yield ids
        last = ids[-1]
