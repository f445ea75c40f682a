"""Incidents: lists by keyset, one with a page of its thread, and a client's summary."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import credit, held, incident_search, invoices, paging
from console.data.change import Change
from console.data.errors import Invalid, NotFound
from console.data.incident_search import Ranked, Wanted
from console.data.incident_views import INCIDENT_VIEWS, in_folder, is_open
from console.data.models.clients import client
from console.data.models.departments import department
from console.data.models.incidents import attachment, incident, message
from console.data.models.organizations import organization
from console.data.models.staff import staff
from console.data.normalize import storable
from console.data.records import Anchor, Attachment, Incident, IncidentRow, Message, Page, Sort, Summary
from console.data.views import Reader

THREAD_PAGE = 200
# By the time it is due: only those that are open and have one.
SORTS: dict[str, ColumnElement[Any]] = {"number": incident.c.id, "due": incident.c.due_at}


NEWEST = Sort("number", descending=True)


@dataclass(frozen=True, slots=True)
class IncidentQuery:
    """What a list of incidents shows. ``open_only`` leaves out resolved, closed, cancelled, spam and quarantine;

    ``view`` is a saved filter (``INCIDENT_VIEWS``), ``staff_id`` who reads. With ``text``, the newest first means the
    best first (see ``incident_search``).
    """

    client_id: int | None = None
    organization_id: int | None = None
    open_only: bool = False
    overdue_only: bool = False
    folder: str = ""
    state: str = ""
    text: str = ""
    sort: Sort = NEWEST
    view: str = "all"
    staff_id: int | None = None


def _select(sorted_by: ColumnElement[Any] = incident.c.id) -> Select[Any]:
    return (
        select(
            incident,
            func.coalesce(client.c.name, incident.c.sender_name, "").label("client_name"),
            department.c.name.label("department_name"),
            func.coalesce(staff.c.name, "").label("owner_name"),
            sorted_by.label("sorted_by"),
        )
        .join(department, department.c.id == incident.c.department_id)
        .outerjoin(client, client.c.id == incident.c.client_id)
        .outerjoin(staff, staff.c.id == incident.c.owner_id)
    )


def _conditions(query: IncidentQuery, now: datetime) -> list[ColumnElement[bool]]:
    """All but the text."""
    view = INCIDENT_VIEWS[query.view]
    conditions: list[ColumnElement[bool]] = []
    if query.view != "all":
        conditions.append(view.condition(Reader(query.staff_id, now)))
    if query.client_id is not None:
        conditions.append(incident.c.client_id == query.client_id)
    else:
        conditions.append(client.c.deleted_at.is_(None))  # out of sight with their client
    if query.organization_id is not None:
        conditions.append(client.c.organization_id == query.organization_id)
    if query.open_only or query.overdue_only:
        conditions.append(is_open())
    if query.overdue_only:
        conditions.append(incident.c.due_at < now)
    if query.folder:
        conditions.append(in_folder(query.folder))
    if query.state:
        conditions.append(incident.c.state == query.state)
    if query.sort.column == "due":
        conditions.append(and_(is_open(), incident.c.due_at.is_not(None)))
    return conditions


def _row(row: Row[Any], now: datetime, rank: int | None = None) -> IncidentRow:
    is_open = row.state in ("new", "open", "awaiting") and row.folder == "inbox" and row.merged_into is None
    return IncidentRow(
        id=row.id,
        number=row.number,
        subject=row.subject,
        client=row.client_name or row.sender_address,
        client_id=row.client_id,
        kind=row.kind,
        channel=row.channel,
        department=row.department_name,
        priority=row.priority,
        state=row.state,
        folder=row.folder,
        owner=row.owner_name,
        due_at=row.due_at if is_open else None,
        overdue=is_open and row.due_at is not None and row.due_at < now,
        created_at=row.created_at,
        anchor=Anchor(row.sorted_by if rank is None else rank, row.id),
    )


async def page(
    connection: AsyncConnection,
    query: IncidentQuery,
    now: datetime,
    *,
    at: paging.At = paging.FIRST,
    limit: int = 100,
) -> Page[IncidentRow]:
    """A page of incidents, newest first unless sorted otherwise; of what a text finds, the best first."""
    if query.text.strip():
        return await page_of(
            connection, await matching(connection, query, now), query, now, at=at, limit=limit
        )
    order = paging.order_of(SORTS, incident.c.id, query.sort)
    if at.letters and query.sort.column == "number":
        at = paging.At(start=await _numbered(connection, at.letters, query.sort))
    rows = _select(order.column).where(*_conditions(query, now))
    return await paging.page(connection, rows, order, lambda row: _row(row, now), at=at, limit=limit)


async def matching(connection: AsyncConnection, query: IncidentQuery, now: datetime) -> Ranked:
    """What the text of a query finds among what it shows, at most ``incident_search.FOUND``, the best first."""
    wanted = Wanted(storable(query.text), tuple(_conditions(query, now)), query.client_id)
    return await incident_search.find(connection, wanted)


async def page_of(
    connection: AsyncConnection,
    found: Ranked,
    query: IncidentQuery,
    now: datetime,
    *,
    at: paging.At = paging.FIRST,
    limit: int = 100,
) -> Page[IncidentRow]:
    """A page of what ``matching`` has found; in another order than the newest first as in any list."""
    ranks = {one: rank for rank, one in found}
    if query.sort != NEWEST:
        order = paging.order_of(SORTS, incident.c.id, query.sort)
        rows = _select(order.column).where(incident.c.id.in_(ranks), *_conditions(query, now))
        return await paging.page(connection, rows, order, lambda row: _row(row, now), at=at, limit=limit)
    some, before, after = incident_search.piece(found, at, limit)
    rows = _select(incident.c.id).where(incident.c.id.in_(some))
    shown = {row.id: _row(row, now, ranks[row.id]) for row in await connection.execute(rows)}
    return Page(tuple(shown[one] for one in some if one in shown), before, after)


async def _numbered(connection: AsyncConnection, digits: str, sort: Sort) -> Anchor:
    """Where the incident with this number stands, or the next one in the order."""
    wanted = incident.c.number
    number = incident_search.number_of(digits)
    if number is None:
        raise Invalid("sort", "Incidents stand by their numbers: type digits.")
    query = select(incident.c.id)
    if sort.descending:
        query = query.where(wanted <= number).order_by(wanted.desc())
    else:
        query = query.where(wanted >= number).order_by(wanted)
    found = (await connection.execute(query.limit(1))).scalar()
    end = 0 if sort.descending else paging.GREATEST
    return Anchor(end if found is None else found, end if found is None else found)


async def find(connection: AsyncConnection, given: str) -> int:
    """The id of the incident a user named by INC-000123, number, hash or id; NotFound if there is none."""
    name = given.strip()
    digits = name.upper().removeprefix("INC-").lstrip("0")
    conditions: list[ColumnElement[bool]] = [incident.c.hash == name.lstrip("#").strip("[]#")]
    if digits.isascii() and digits.isdigit() and len(digits) < 19:
        conditions += [incident.c.number == int(digits), incident.c.id == int(digits)]
    found = (await connection.execute(select(incident.c.id).where(or_(*conditions)))).scalars().first()
    if found is None:
        raise NotFound(f"There is no incident {name}. Name it like INC-000123, or by its hash.")
    return int(found)


async def load(
    connection: AsyncConnection, incident_id: int, now: datetime, *, before: int | None = None
) -> Incident:
    """One incident with the newest page of its thread, or the page before message ``before``."""
    row = (await connection.execute(_select().where(incident.c.id == incident_id))).first()
    if row is None:
        raise NotFound("There is no such incident. It may have been purged.")
    owner = (
        select(organization.c.name)
        .join(client, client.c.organization_id == organization.c.id)
        .where(client.c.id == row.client_id)
    )
    thread, more = await _thread(connection, incident_id, before)
    return Incident(
        row=_row(row, now),
        version=row.version,
        hash=row.hash,
        reply_address=row.reply_address,
        sender=row.sender_address,
        organization=(await connection.execute(owner)).scalar() or "",
        held_reason=row.held_reason,
        first_response_due=row.first_response_due,
        resolution_due=row.due_override or row.resolution_due,
        first_response_at=row.first_response_at,
        resolved_at=row.resolved_at,
        thread=thread,
        has_before=more,
    )


async def _thread(
    connection: AsyncConnection, incident_id: int, before: int | None
) -> tuple[tuple[Message, ...], bool]:
    answered = message.alias()
    retracted = (
        select(answered.c.retracts)
        .where(answered.c.incident_id == incident_id, answered.c.retracts.is_not(None))
        .group_by(answered.c.retracts)
        .having(func.count() % 2 == 1)
    )
    query = select(message).where(
        message.c.incident_id == incident_id, message.c.retracts.is_(None), message.c.id.not_in(retracted)
    )
    if before is not None:
        query = query.where(message.c.id < before)
    rows = (await connection.execute(query.order_by(message.c.id.desc()).limit(THREAD_PAGE + 1))).all()
    shown = rows[:THREAD_PAGE][::-1]
    files: dict[int, list[Attachment]] = {}
    wanted = select(attachment).where(attachment.c.message_id.in_([row.id for row in shown]))
    for file in await connection.execute(wanted.order_by(attachment.c.id)):
        files.setdefault(file.message_id, []).append(
            Attachment(file.id, file.name, file.media_type, file.size)
        )
    thread = tuple(
        Message(r.id, r.kind, r.author, r.channel, r.body, r.created_at, tuple(files.get(r.id, ())))
        for r in shown
    )
    return thread, len(rows) > THREAD_PAGE


async def urgent(
    connection: AsyncConnection, client_id: int, now: datetime, limit: int = 12
) -> tuple[IncidentRow, ...]:
    """A client's open incidents, those due first first, then those without a due time; each read in index order."""
    mine = _select().where(incident.c.client_id == client_id, is_open())
    due = mine.where(incident.c.due_at.is_not(None)).order_by(incident.c.due_at, incident.c.id)
    rows = list(await connection.execute(due.limit(limit)))
    if len(rows) < limit:
        # In a form no index serves, or PostgreSQL would walk everybody's open incidents in the order of their ids.
        rest = mine.where(incident.c.due_at.is_(None)).order_by(
            incident.c.id + literal(0, incident.c.id.type)
        )
        rows += await connection.execute(rest.limit(limit - len(rows)))
    return tuple(_row(row, now) for row in rows)


async def row_of(connection: AsyncConnection, incident_id: int, now: datetime) -> IncidentRow:
    """One incident as lists show it; NotFound if there is none."""
    row = (await connection.execute(_select().where(incident.c.id == incident_id))).first()
    if row is None:
        raise NotFound("There is no such incident. It may have been purged.")
    return _row(row, now)


async def of_sender(
    connection: AsyncConnection, address: str, now: datetime, limit: int = 12
) -> tuple[IncidentRow, ...]:
    """The newest incidents of a sender who is no client."""
    sent = _select().where(incident.c.sender_address == address, incident.c.client_id.is_(None))
    rows = await connection.execute(sent.order_by(incident.c.id.desc()).limit(limit))
    return tuple(_row(row, now) for row in rows)


async def summary(connection: AsyncConnection, client_id: int, now: datetime) -> Summary:
    """The Summary tab of a client."""
    mine = and_(incident.c.client_id == client_id, is_open())
    counts = select(
        func.count(),
        func.count().filter(incident.c.state == "new"),
        func.count().filter(incident.c.due_at < now),
    ).where(mine)
    opened, new, late = (await connection.execute(counts)).one()
    owed = await invoices.totals(connection, client_id, now.date())
    lots = await credit.lots(connection, client_id, now)
    left = await credit.balance(connection, client_id, now)
    soon = [lot for lot in lots if lot.expires_at is not None and lot.expires_at - now < credit.LAPSES_SOON]
    return Summary(
        new=int(new),
        open=int(opened),
        overdue=int(late),
        incidents=await urgent(connection, client_id, now),
        invoices_new=owed["new"][0],
        invoices_new_amounts=owed["new"][1],
        invoices_overdue=owed["overdue"][0],
        invoices_overdue_amounts=owed["overdue"][1],
        credit_minutes=left["minutes"],
        credit_incidents=left["incidents"],
        held=await held.count(connection, client_id),
        lapsing=tuple((lot.unit, lot.remaining, lot.expires_at) for lot in soon if lot.expires_at),
    )


async def to_spam(change: Change, client_ids: list[int]) -> int:
    """Move clients' incidents to the spam folder; each keeps its former folder."""
    where = and_(incident.c.client_id.in_(client_ids), incident.c.folder != "spam")
    return await change.update_where(incident, where, {"folder_before": incident.c.folder, "folder": "spam"})


async def from_spam(change: Change, client_ids: list[int]) -> int:
    """Bring clients' incidents back from the spam folder, each to its former one; those begun there as if new."""
    mine = and_(incident.c.client_id.in_(client_ids), incident.c.folder == "spam")
    count = 0
    for former in ("inbox", "quarantine"):
        stood = and_(mine, incident.c.folder_before == former)
        count += await change.update_where(incident, stood, {"folder": former, "folder_before": ""})
    return count + await held.place(change, mine)
