"""What waits for staff: clients to be approved, each with the first thing they sent, and what is in quarantine."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, false, func, literal, or_, select, true, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import clients, incidents, paging
from console.data.clients import ClientQuery
from console.data.duplicates import counting
from console.data.held import QUARANTINED
from console.data.models.clients import client
from console.data.models.incidents import held, incident, message
from console.data.paging import At, Order
from console.data.records import Anchor, ClientRow, HeldRow, Page, PendingRow, Sort, Waiting
from console.data.views import Reader, listed

COUNTED = 100
SHOWN_TEXT = 4000
# All have the same status, so this is the order of ids: oldest first.
_OLDEST = Sort("status")


async def pending(
    connection: AsyncConnection, text: str, reader: Reader, *, at: At = paging.FIRST, limit: int = 100
) -> Page[PendingRow]:
    """A page of the clients who wait for approval, those first who wait longest."""
    query = ClientQuery(text, status="pending", sort=_OLDEST)
    page = await clients.page(connection, query, reader, at=at, limit=limit)
    first = await _first_messages(connection, [row.id for row in page.rows])
    rows = tuple(_pending_row(row, first[row.id]) for row in page.rows)
    return Page(rows, page.has_before, page.has_after)


def _pending_row(row: ClientRow, first: Row[Any]) -> PendingRow:
    return PendingRow(row, first.created_at, first.number, first.subject, first.text)


async def pending_count(connection: AsyncConnection, text: str, reader: Reader) -> int | None:
    """How many of them match a filter; None if too many to count."""
    return await clients.count(connection, ClientQuery(text, status="pending"), reader)


async def _first_messages(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, Row[Any]]:
    """Since when clients are there, and the first incident of each with its first message from outside, by client."""
    first = (
        select(func.min(incident.c.id))
        .where(incident.c.client_id == client.c.id, incident.c.folder != "spam")
        .correlate(client)
        .scalar_subquery()
    )
    said = (
        select(func.min(message.c.id))
        .where(message.c.incident_id == incident.c.id, message.c.kind == "client")
        .correlate(incident)
        .scalar_subquery()
    )
    query: Select[Any] = (
        select(
            client.c.id,
            client.c.created_at,
            func.coalesce(incident.c.number, 0).label("number"),
            func.coalesce(incident.c.subject, "").label("subject"),
            func.coalesce(func.substr(message.c.body, 1, SHOWN_TEXT), "").label("text"),
        )
        .outerjoin(incident, incident.c.id == first)
        .outerjoin(message, message.c.id == said)
        .where(client.c.id.in_(ids))
    )
    return {row.id: row for row in await connection.execute(query)}


# Quarantine


async def in_quarantine(
    connection: AsyncConnection,
    text: str = "",
    *,
    client_id: int | None = None,
    at: At = paging.FIRST,
    limit: int = 100,
) -> Page[HeldRow]:
    """A page of what is held, newest first: messages and incidents together; of one client if that is given."""
    messages, quarantined = _messages(text, client_id), _incidents(text, client_id)
    # All that matches is sorted by id alone; only what is shown is read.
    ids = union_all(_only(messages, held.c.id), _only(quarantined, incident.c.id)).subquery()
    order = Order(ids.c.id, ids.c.id, descending=True)
    page = await paging.page(connection, select(ids), order, lambda row: int(row.id), at=at, limit=limit)
    shown = union_all(
        messages.where(held.c.id.in_(page.rows)), quarantined.where(incident.c.id.in_(page.rows))
    )
    found = {row.id: _held_row(row) for row in await connection.execute(shown)}
    return Page(tuple(found[one] for one in page.rows), page.has_before, page.has_after)


def _only(query: Select[Any], column: ColumnElement[int]) -> Select[Any]:
    return query.with_only_columns(column, maintain_column_froms=True)


async def held_count(connection: AsyncConnection, text: str) -> int | None:
    """How many of what is held match a filter; None if too many to count."""
    messages, quarantined = _messages(text, None), _incidents(text, None)
    both = union_all(_only(messages, held.c.id), _only(quarantined, incident.c.id))
    both = both.limit(clients.COUNTED + 1)
    found = (await connection.execute(select(func.count()).select_from(both.subquery()))).scalar_one()
    return None if found > clients.COUNTED else int(found)


def _messages(text: str, client_id: int | None) -> Select[Any]:
    query = (
        select(
            held.c.id,
            false().label("incident"),
            func.coalesce(incident.c.number, 0).label("number"),
            held.c.client_id,
            func.coalesce(client.c.name, "").label("client"),
            held.c.sender,
            held.c.channel,
            held.c.subject,
            func.substr(held.c.body, 1, SHOWN_TEXT).label("text"),
            held.c.reason,
            held.c.created_at,
        )
        .outerjoin(client, client.c.id == held.c.client_id)
        .outerjoin(incident, incident.c.id == held.c.incident_id)
        .where(held.c.released_at.is_(None), client.c.deleted_at.is_(None))
    )
    for word in text.split():
        texts = (held.c.sender, held.c.subject, held.c.reason, client.c.name)
        query = query.where(or_(*(one.icontains(word, autoescape=True) for one in texts)))
    return query if client_id is None else query.where(held.c.client_id == client_id)


def _incidents(text: str, client_id: int | None) -> Select[Any]:
    said = (
        select(func.min(message.c.id))
        .where(message.c.incident_id == incident.c.id, message.c.kind.in_(("client", "staff")))
        .correlate(incident)
        .scalar_subquery()
    )
    query = (
        select(
            incident.c.id,
            true().label("incident"),
            incident.c.number,
            incident.c.client_id,
            func.coalesce(client.c.name, "").label("client"),
            func.coalesce(func.nullif(incident.c.reply_address, ""), incident.c.sender_address),
            incident.c.channel,
            incident.c.subject,
            func.substr(message.c.body, 1, SHOWN_TEXT).label("text"),
            incident.c.held_reason,
            incident.c.created_at,
        )
        .outerjoin(client, client.c.id == incident.c.client_id)
        .outerjoin(message, message.c.id == said)
        .where(QUARANTINED, client.c.deleted_at.is_(None))
    )
    for word in text.split():
        texts = (incident.c.reply_address, incident.c.subject, incident.c.held_reason, client.c.name)
        query = query.where(or_(*(one.icontains(word, autoescape=True) for one in texts)))
    return query if client_id is None else query.where(incident.c.client_id == client_id)


def _held_row(row: Row[Any]) -> HeldRow:
    return HeldRow(
        row.id,
        bool(row.incident),
        row.number,
        row.client_id,
        row.client,
        row.sender,
        row.channel,
        row.subject,
        row.text or "",
        row.reason,
        row.created_at,
        Anchor(row.id, row.id),
    )


async def counts(connection: AsyncConnection) -> Waiting:
    """How many wait, for the tabs: each up to a hundred, so that nobody waits for a count."""
    people = select(literal(1)).where(listed(), client.c.status == "pending")
    messages = select(literal(1)).where(held.c.released_at.is_(None))
    quarantined = select(literal(1)).where(QUARANTINED)
    found = [await _up_to(connection, query) for query in (people, messages, quarantined)]
    return Waiting(found[0], min(found[1] + found[2], COUNTED), await counting.count(connection))


async def _up_to(connection: AsyncConnection, query: Select[Any]) -> int:
    some = query.limit(COUNTED).subquery()
    return int((await connection.execute(select(func.count()).select_from(some))).scalar_one())


async def find(connection: AsyncConnection, given: str) -> int:
    """The id of what is held, named by its id or, of an incident, by number or hash; NotFound if there is none."""
    name = given.strip()
    if name.isascii() and name.isdigit() and len(name) < 19:
        query = select(held.c.id).where(held.c.id == int(name))
        if (found := (await connection.execute(query)).scalar()) is not None:
            return int(found)
    return await incidents.find(connection, name)
