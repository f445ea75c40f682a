"""What is in the database already, asked for a whole chunk at a time."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.change import Change
from console.data.find import listed
from console.data.models.clients import client, client_tag, identity, tag
from console.data.models.organizations import mail_domain, organization
from console.data.normalize import fold

T = TypeVar("T")
Holder = tuple[int, str]
Key = tuple[str, str]
# Parameters of one statement: SQLite takes 32,766, PostgreSQL 32,767.
SLICE = 10_000


def slices(values: Iterable[T]) -> Iterator[list[T]]:
    """The values in lists that fit into one statement."""
    rest = list(values)
    for start in range(0, len(rest), SLICE):
        yield rest[start : start + SLICE]


async def holders(connection: AsyncConnection, keys: Iterable[Key]) -> dict[Key, Holder]:
    """Who holds each identity (type, normalized) among live records, phones left out."""
    found: dict[Key, Holder] = {}
    by_type: dict[str, list[str]] = {}
    for kind, value in keys:
        by_type.setdefault(kind, []).append(value)
    for kind, values in by_type.items():
        for some in slices(values):
            query = (
                select(identity.c.normalized, client.c.id, client.c.name)
                .join(client, client.c.id == identity.c.client_id)
                .where(identity.c.type == kind, identity.c.normalized.in_(some), identity.c.live)
            )
            for row in await connection.execute(query):
                found[kind, row[0]] = (row[1], row[2])
    return found


async def usernames(connection: AsyncConnection, names: Iterable[str]) -> dict[str, Holder]:
    """Who has each username among live clients."""
    found = {}
    for some in slices(names):
        alive = and_(client.c.deleted_at.is_(None), client.c.absorbed_into.is_(None))
        query = select(client.c.username, client.c.id, client.c.name).where(
            client.c.username.in_(some), alive
        )
        for row in await connection.execute(query):
            found[row[0]] = (row[1], row[2])
    return found


async def namesakes(connection: AsyncConnection, phones: Iterable[str]) -> dict[Key, Holder]:
    """Live clients by one of these numbers and their folded name: the same person once more."""
    found = {}
    for some in slices(phones):
        query = (
            select(identity.c.normalized, client.c.sort_name, client.c.id, client.c.name)
            .join(client, client.c.id == identity.c.client_id)
            .where(
                identity.c.type == "phone",
                identity.c.normalized.in_(some),
                identity.c.live,
                identity.c.contact_id.is_(None),
            )
        )
        for row in await connection.execute(query):
            found[row[0], row[1]] = (row[2], row[3])
    return found


async def domain_owners(connection: AsyncConnection, domains: Iterable[str]) -> dict[str, Holder]:
    """The organization of each mail domain."""
    found = {}
    for some in slices(domains):
        query = (
            select(mail_domain.c.domain, organization.c.id, organization.c.name)
            .join(organization, organization.c.id == mail_domain.c.organization_id)
            .where(mail_domain.c.domain.in_(some))
        )
        for row in await connection.execute(query):
            found[row[0]] = (row[1], row[2])
    return found


async def organizations_named(connection: AsyncConnection, folded: Iterable[str]) -> dict[str, int]:
    """Listed organizations by folded name; the oldest where several share one."""
    found: dict[str, int] = {}
    for some in slices(folded):
        query = (
            select(organization.c.sort_name, organization.c.id)
            .where(listed(organization), organization.c.sort_name.in_(some))
            .order_by(organization.c.id.desc())
        )
        for row in await connection.execute(query):
            found[row[0]] = row[1]
    return found


async def make_organizations(change: Change, names: Sequence[str]) -> tuple[dict[str, int], int]:
    """The organization of each name, by folded name; missing ones are made. Also how many were made."""
    wanted = {fold(name): name for name in reversed(names)}
    known = await organizations_named(change.connection, wanted)
    missing = [folded for folded in wanted if folded not in known]
    ids = await change.insert_many(organization, [{"name": wanted[one], "sort_name": one} for one in missing])
    return known | dict(zip(missing, ids, strict=True)), len(missing)


async def add_tags(change: Change, wanted: Sequence[tuple[int, str]]) -> int:
    """Tag clients, (client, tag) pairs each once; tags are made as they are first used. Returns how many were new."""
    if not wanted:
        return 0
    names = {name for _, name in wanted}
    known: dict[str, int] = {}
    for some in slices(names):
        for row in await change.connection.execute(select(tag.c.name, tag.c.id).where(tag.c.name.in_(some))):
            known[row[0]] = row[1]
    missing = sorted(names - set(known))
    known |= dict(zip(missing, await change.insert_many(tag, [{"name": n} for n in missing]), strict=True))
    has: set[tuple[int, int]] = set()
    for ids in slices({one for one, _ in wanted}):
        query = select(client_tag.c.client_id, client_tag.c.tag_id).where(client_tag.c.client_id.in_(ids))
        has.update((row[0], row[1]) for row in await change.connection.execute(query))
    new = dict.fromkeys((one, known[name]) for one, name in wanted if (one, known[name]) not in has)
    rows: list[dict[str, Any]] = [{"client_id": one, "tag_id": tag_id} for one, tag_id in new]
    await change.insert_many(client_tag, rows)
    return len(rows)
