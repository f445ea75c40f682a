"""What others changed on my favourites since I last looked: a feed of each member of staff, from the journal."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, insert, or_, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import ids
from console.data.desk import Desk
from console.data.history import told
from console.data.models.base import milliseconds
from console.data.models.clients import favourite
from console.data.models.journal import journal_entry, journal_item
from console.data.models.staff import last_seen
from console.data.naming import names_of
from console.data.paging import FIRST, At, Order
from console.data.paging import page as keyset_page
from console.data.records import Actor, NewsLine, Page

SCOPE = "favourites"
AT_FIRST = timedelta(days=7)
"""How far back one looks who never looked before."""

COUNTED = 99
_SKEW = timedelta(days=1)  # ids bear the time of the machine that made them


async def since(connection: AsyncConnection, staff_id: int | None, now: datetime) -> datetime:
    """When a member of staff last looked at the feed; a week ago if never."""
    mine = and_(last_seen.c.staff_id == staff_id, last_seen.c.scope == SCOPE)
    found = (await connection.execute(select(last_seen.c.seen_at).where(mine))).scalar()
    return found or now - AT_FIRST


async def looked(desk: Desk, actor: Actor, at: datetime) -> None:
    """Remember that the actor has seen what there was until then."""
    mine = and_(last_seen.c.staff_id == actor.staff_id, last_seen.c.scope == SCOPE)
    made = await desk.new_id()
    async with desk.quiet() as connection:
        if not (await connection.execute(update(last_seen).where(mine).values(seen_at=at))).rowcount:
            values = {"id": made, "staff_id": actor.staff_id, "scope": SCOPE, "seen_at": at}
            await connection.execute(insert(last_seen).values(values))


async def page(
    connection: AsyncConnection, staff_id: int | None, after: datetime, *, at: At = FIRST, limit: int = 100
) -> Page[NewsLine]:
    """A page of the feed, newest first; a line's anchor is its entry's id, twice."""
    order = Order(journal_entry.c.id, journal_entry.c.id, descending=True)
    query = select(journal_entry).where(_news(staff_id, after))
    found = await keyset_page(connection, query, order, lambda row: row, at=at, limit=limit)
    lines = await told(connection, found.rows, None)
    clients = await _clients(connection, staff_id, [line.id for line in lines])
    names = await names_of(connection, "client", list(set(clients.values())))
    news = tuple(
        NewsLine(line, clients[line.id], names.get(clients[line.id], ""))
        for line in lines
        if line.id in clients
    )
    return Page(news, found.has_before, found.has_after)


async def count(connection: AsyncConnection, staff_id: int | None, after: datetime) -> int:
    """How much news there is, up to COUNTED + 1."""
    some = select(journal_entry.c.id).where(_news(staff_id, after)).limit(COUNTED + 1).subquery()
    return int((await connection.execute(select(func.count()).select_from(some))).scalar_one())


def _mine(staff_id: int | None) -> Select[Any]:
    return select(favourite.c.client_id).where(favourite.c.staff_id == staff_id)


def _news(staff_id: int | None, after: datetime) -> ColumnElement[bool]:
    """Entries by others that wrote something of a favourite's, found by the journal's indexes."""
    oldest = ids.first_of(milliseconds(after - _SKEW))
    written = select(journal_item.c.entry_id).where(
        journal_item.c.subject_id.in_(_mine(staff_id)), journal_item.c.entry_id >= oldest
    )
    about = select(journal_entry.c.id).where(
        journal_entry.c.client_id.in_(_mine(staff_id)), journal_entry.c.id >= oldest
    )
    others = or_(journal_entry.c.actor_id.is_(None), journal_entry.c.actor_id != staff_id)
    return and_(journal_entry.c.id.in_(union(written, about)), journal_entry.c.at > after, others)


async def _clients(connection: AsyncConnection, staff_id: int | None, entries: list[int]) -> dict[int, int]:
    """The favourite each entry is about; of several the one that was there first."""
    touched = (
        select(journal_item.c.entry_id, func.min(journal_item.c.subject_id))
        .where(journal_item.c.entry_id.in_(entries), journal_item.c.subject_id.in_(_mine(staff_id)))
        .group_by(journal_item.c.entry_id)
    )
    about = select(journal_entry.c.id, journal_entry.c.client_id).where(
        journal_entry.c.id.in_(entries), journal_entry.c.client_id.in_(_mine(staff_id))
    )
    found: dict[int, int] = {}
    for query in (touched, about):
        found |= {row[0]: row[1] for row in await connection.execute(query)}
    return found
