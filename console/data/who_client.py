"""What whoever talks to a client now must know of them, read in a handful of bounded queries."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, text, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import clients, contacts, credit, departments, incidents, invoices, notes
from console.data.models.billing import credit_lot
from console.data.models.clients import client, identity
from console.data.models.departments import department
from console.data.models.incidents import OPEN, incident, message
from console.data.models.incidents import held as held_message
from console.data.records import Client, DepartmentAccess, IncidentRow
from console.data.records.who import Candidate, KnownClient, KnownSender, Spoken

LAST = 3
"""So many of the last things said are shown."""

_COUNTED = 100
_WORDS = 300
_RECENT = 60
_THREADS = 6


async def known(
    connection: AsyncConnection, found: Candidate, reader: int | None, now: datetime
) -> KnownClient:
    """The client whom a candidate names, as ``reader`` sees them; NotFound if they are gone by now."""
    one = await clients.load(connection, found.id, reader)
    people = await contacts.of_client(connection, found.id) if found.contact_id else []
    opened = await incidents.urgent(connection, found.id, now)
    named = await incidents.row_of(connection, found.incident_id, now) if found.incident_id else None
    left = await credit.balance(connection, found.id, now)
    lots = await credit.lots(connection, found.id, now)
    soon = [lot for lot in lots if lot.expires_at is not None and lot.expires_at - now < credit.LAPSES_SOON]
    access = await departments.access(connection, found.id)
    owed = await invoices.totals(connection, found.id, now.date())
    return KnownClient(
        client=one,
        contact=next((person for person in people if person.id == found.contact_id), None),
        incident=named,
        notes=tuple(await notes.warnings(connection, found.id, now)),
        incidents=_first(named, opened),
        overdue=await _overdue(connection, found.id, now),
        held=await _in_quarantine(connection, found.id),
        invoices=owed["overdue"],
        minutes=left["minutes"],
        credits=left["incidents"],
        had_credit=await _had_credit(connection, found.id),
        lapsing=tuple(soon),
        lacking=await _lacking(connection, access, left),
        access=tuple(access),
        same_number=await _same_number(connection, one),
        last=await last_said(connection, incident.c.client_id == found.id, found.id),
    )


async def sender(connection: AsyncConnection, incident_id: int, now: datetime) -> KnownSender:
    """The one-time sender of an incident, with the newest that came from the same address."""
    query = select(incident.c.sender_address, incident.c.sender_name).where(incident.c.id == incident_id)
    row = (await connection.execute(query)).one()
    theirs = and_(incident.c.sender_address == row.sender_address, incident.c.client_id.is_(None))
    rows = await incidents.of_sender(connection, row.sender_address, now)
    named = next((one for one in rows if one.id == incident_id), None)
    named = named or await incidents.row_of(connection, incident_id, now)
    last = await last_said(connection, theirs, None)
    return KnownSender(row.sender_address, row.sender_name, _first(named, rows), last)


def _first(named: IncidentRow | None, rows: Sequence[IncidentRow]) -> tuple[IncidentRow, ...]:
    """The incident that was named, before the others."""
    return tuple(rows) if named is None else (named, *(row for row in rows if row.id != named.id))


async def _overdue(connection: AsyncConnection, client_id: int, now: datetime) -> int:
    late = select(incident.c.id).where(incident.c.client_id == client_id, text(OPEN), incident.c.due_at < now)
    some = late.limit(_COUNTED).subquery()
    return int((await connection.execute(select(func.count()).select_from(some))).scalar_one())


async def _in_quarantine(connection: AsyncConnection, client_id: int) -> int:
    """How much of them is held: messages, and those of their newest incidents that stand in quarantine."""
    messages = select(held_message.c.id).where(
        held_message.c.client_id == client_id, held_message.c.released_at.is_(None)
    )
    newest = select(incident.c.id, incident.c.folder).where(incident.c.client_id == client_id)
    recent = newest.order_by(incident.c.id.desc()).limit(_COUNTED).subquery()
    stand = select(func.count()).select_from(recent).where(recent.c.folder == "quarantine").scalar_subquery()
    some = select(func.count()).select_from(messages.limit(_COUNTED).subquery()).scalar_subquery()
    return int((await connection.execute(select(some + stand))).scalar_one())


async def _had_credit(connection: AsyncConnection, client_id: int) -> bool:
    query = select(credit_lot.c.id).where(credit_lot.c.client_id == client_id).limit(1)
    return (await connection.execute(query)).first() is not None


async def _lacking(
    connection: AsyncConnection, access: Sequence[DepartmentAccess], left: dict[str, int]
) -> tuple[str, ...]:
    """The departments they may submit to that want credit, where they have none of the kind it wants."""
    wants = select(department.c.name, department.c.billing).where(department.c.credit_required)
    units = {"incident": "incidents", "time": "minutes"}
    open_to = {one.department for one in access if one.allowed}
    return tuple(
        row.name
        for row in await connection.execute(wants.order_by(department.c.name))
        if row.name in open_to and not left.get(units.get(row.billing, ""), 1)
    )


async def _same_number(connection: AsyncConnection, one: Client) -> tuple[str, ...]:
    """Others who have a telephone number of theirs: a household, a switchboard, or the same person twice."""
    numbers = [own.normalized for own in one.identities if own.type == "phone"]
    if not numbers:
        return ()
    theirs = and_(identity.c.type == "phone", identity.c.normalized.in_(numbers), identity.c.live)
    query = (
        select(client.c.name)
        .join(identity, identity.c.client_id == client.c.id)
        .where(theirs, client.c.id != one.id, client.c.deleted_at.is_(None))
        .distinct()
        .limit(LAST)
    )
    return tuple(sorted((await connection.execute(query)).scalars()))


# What was said last


async def last_said(
    connection: AsyncConnection, whose: ColumnElement[bool], client_id: int | None
) -> tuple[Spoken, ...]:
    """The last things said in incidents (``whose`` names them by an index), and what of the client was held.

    Of the newest incidents those are read in which something was said last, each from its end.
    """
    recent = (
        select(incident.c.id, incident.c.number, incident.c.last_message_at)
        .where(whose)
        .order_by(incident.c.id.desc())
        .limit(_RECENT)
        .subquery()
    )
    query = (
        select(recent.c.id, recent.c.number)
        .order_by(func.coalesce(recent.c.last_message_at, 0).desc(), recent.c.id.desc())
        .limit(_THREADS)
    )
    numbers = {row.id: row.number for row in await connection.execute(query)}
    said = await _said(connection, numbers) if numbers else []
    if client_id is not None:
        said += await _held(connection, client_id)
    return tuple(sorted(said, key=lambda one: one.at, reverse=True)[:LAST])


async def _said(connection: AsyncConnection, numbers: dict[int, int]) -> list[Spoken]:
    parts = [select(_end_of(one).subquery()) for one in numbers]
    rows = (await connection.execute(union_all(*parts))).all()
    hidden = await _retracted(connection, [row.id for row in rows])
    return [
        Spoken(
            row.created_at,
            "from" if row.kind == "client" else "to",
            row.channel,
            row.author,
            row.words,
            numbers[row.incident_id],
        )
        for row in rows
        if row.id not in hidden
    ]


def _end_of(incident_id: int) -> Select[Any]:
    """The last messages of a thread that went to the client or came from them."""
    m = message.c
    words = func.substr(m.body, 1, _WORDS).label("words")
    return (
        select(m.id, m.incident_id, m.kind, m.channel, m.author, m.created_at, words)
        .where(m.incident_id == incident_id, m.kind.in_(("client", "staff")), m.retracts.is_(None))
        .order_by(m.id.desc())
        .limit(2 * LAST)
    )


async def _retracted(connection: AsyncConnection, ids: Sequence[int]) -> set[int]:
    """Those of the messages that are hidden: retracted, and not shown again since."""
    query = (
        select(message.c.retracts)
        .where(message.c.retracts.in_(ids))
        .group_by(message.c.retracts)
        .having(func.count() % 2 == 1)
    )
    return set((await connection.execute(query)).scalars())


async def _held(connection: AsyncConnection, client_id: int) -> list[Spoken]:
    h = held_message.c
    words = func.substr(h.subject.concat(literal(" ")).concat(h.body), 1, _WORDS).label("words")
    query = (
        select(h.created_at, h.channel, h.sender, words)
        .where(h.client_id == client_id, h.released_at.is_(None))
        .order_by(h.id.desc())
        .limit(LAST)
    )
    return [
        Spoken(row.created_at, "held", row.channel, row.sender, row.words, 0)
        for row in await connection.execute(query)
    ]
