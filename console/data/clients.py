"""Clients: the list, one client whole, and what changes a status."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, false, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import assignment, certificates, identities, managers, organizations, paging, search, tags
from console.data.change import Change
from console.data.drafts import ClientDraft
from console.data.errors import NotFound
from console.data.impact import chunks
from console.data.models.clients import client, client_tag, favourite, tag
from console.data.models.organizations import organization, organization_manager
from console.data.models.staff import staff
from console.data.normalize import query_words
from console.data.records import Address, Anchor, Client, ClientFacts, ClientRow, Page, Sort
from console.data.views import VIEWS, Reader

CANDIDATES = 2000
MATCHING_PIECE = 5000

# Every column the list can be ordered by; each has an index.
SORTS: dict[str, ColumnElement[Any]] = {
    "name": client.c.sort_name,
    "email": client.c.email,
    "mobile": client.c.mobile,
    "mail_domain": client.c.mail_domain,
    "organization": client.c.organization_sort,
    "contacts": client.c.contact_count,
    "incidents": client.c.open_incidents,
    "status": client.c.status,
}


BY_NAME = Sort()


@dataclass(frozen=True, slots=True)
class ClientQuery:
    """What a list of clients shows: typed filter, status, organization, saved filter (``views.VIEWS``), order."""

    text: str = ""
    status: str = ""
    organization_id: int | None = None
    view: str = "all"
    sort: Sort = BY_NAME


async def page(
    connection: AsyncConnection,
    query: ClientQuery,
    reader: Reader,
    *,
    at: paging.At = paging.FIRST,
    limit: int = 100,
) -> Page[ClientRow]:
    """A page of the list as ``reader`` sees it."""
    order = paging.order_of(SORTS, client.c.id, query.sort)
    conditions, exact = await _conditions(connection, query, reader)
    if exact:  # few enough to sort: an index walk in list order would read far more
        order = paging.Order(_unindexed(order.column), order.id, order.descending)
    rows = _rows(order, reader.staff_id).where(*conditions)
    return await paging.page(connection, rows, order, _row, at=at, limit=limit)


async def count(
    connection: AsyncConnection, query: ClientQuery, reader: Reader, limit: int = CANDIDATES
) -> int | None:
    """How many clients match a filter, or None if more than ``limit``: nobody waits for a whole count."""
    conditions, _ = await _conditions(connection, query, reader)
    some = select(client.c.id).where(*conditions).limit(limit + 1).subquery()
    found = (await connection.execute(select(func.count()).select_from(some))).scalar_one()
    return None if found > limit else int(found)


async def matching_ids(
    connection: AsyncConnection,
    query: ClientQuery,
    reader: Reader,
    *,
    between: tuple[Anchor, Anchor] | None = None,
) -> AsyncIterator[list[int]]:
    """The ids of all clients a filter matches now, in pieces, in no order that means anything; no rows are held.

    ``between`` keeps those from one row to another, whichever comes first, both included.
    """
    conditions, _ = await _conditions(connection, query, reader)
    if between is not None:
        order = paging.order_of(SORTS, client.c.id, query.sort)
        one, other = between
        forward = ((one.value, one.id) <= (other.value, other.id)) is not query.sort.descending
        begin, end = (one, other) if forward else (other, one)
        conditions.append(order.beyond(begin, forward=True, inclusive=True))
        conditions.append(order.beyond(end, forward=False, inclusive=True))
    last = -(1 << 63)
    while True:
        some = select(client.c.id).where(*conditions, client.c.id > last).order_by(client.c.id)
        ids = list((await connection.execute(some.limit(MATCHING_PIECE))).scalars())
        if ids:
            yield ids
        if len(ids) < MATCHING_PIECE:
            return
        last = ids[-1]


def _unindexed(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The same value, in a form no index serves."""
    if column.type.python_type is str:
        return column.concat("")
    return column + literal(0, column.type)


async def _conditions(
    connection: AsyncConnection, query: ClientQuery, reader: Reader
) -> tuple[list[ColumnElement[bool]], bool]:
    """The WHERE of a query, and whether it names the matching clients rather than those to be looked through."""
    view = VIEWS[query.view]
    conditions = [view.condition(reader)]
    if query.status:
        conditions.append(client.c.status == query.status)
    if query.organization_id is not None:
        conditions.append(client.c.organization_id == query.organization_id)
    typed = query_words(query.text)
    if not typed:
        return ([*conditions, false()] if query.text.strip() else conditions), view.few
    conditions.append(search.client_matches(typed))
    candidates = await search.client_candidates(connection, typed, CANDIDATES)
    if candidates is not None:
        conditions.append(client.c.id.in_(candidates))
    return conditions, candidates is not None or view.few


def _rows(order: paging.Order, reader: int | None) -> Select[Any]:
    mine = (
        select(favourite.c.id)
        .where(favourite.c.client_id == client.c.id, favourite.c.staff_id == reader)
        .exists()
    )
    name = select(organization.c.name).where(organization.c.id == client.c.organization_id).scalar_subquery()
    return select(
        client.c.id,
        client.c.name,
        client.c.kind,
        client.c.email,
        client.c.mobile,
        client.c.mail_domain,
        client.c.contact_count,
        client.c.open_incidents,
        client.c.status,
        client.c.incident_approval,
        client.c.archived_at,
        client.c.deleted_at,
        client.c.absorbed_into,
        client.c.organization_id,
        func.coalesce(name, "").label("organization"),
        (mine if reader is not None else false()).label("favourite"),
        order.column.label("sorted_by"),
    )


def _row(row: Row[Any]) -> ClientRow:
    return ClientRow(
        row.id,
        bool(row.favourite),
        row.name,
        row.kind,
        row.email,
        row.mobile,
        row.mail_domain,
        row.organization,
        row.contact_count,
        row.open_incidents,
        row.status,
        _state(row),
        row.incident_approval,
        Anchor(row.sorted_by, row.id),
        row.organization_id,
    )


async def load(connection: AsyncConnection, client_id: int, reader: int | None = None) -> Client:
    """One client whole, as ``reader`` sees them; NotFound if there is none."""
    query = (
        select(client, organization.c.name.label("organization_name"), staff.c.name.label("status_name"))
        .outerjoin(organization, organization.c.id == client.c.organization_id)
        .outerjoin(staff, staff.c.id == client.c.status_by)
        .where(client.c.id == client_id)
    )
    row = (await connection.execute(query)).first()
    if row is None:
        purged = await certificates.of_client(connection, client_id) is not None
        raise NotFound(
            "They were purged." if purged else "There is no such client. They may have been purged."
        )
    managed = (
        select(organization.c.name)
        .join(organization_manager, organization_manager.c.organization_id == organization.c.id)
        .where(organization_manager.c.client_id == client_id)
        .order_by(organization.c.sort_name)
    )
    tagged = (
        select(tag.c.name).join(client_tag).where(client_tag.c.client_id == client_id).order_by(tag.c.name)
    )
    mine = select(favourite.c.id).where(favourite.c.client_id == client_id, favourite.c.staff_id == reader)
    return Client(
        id=row.id,
        version=row.version,
        kind=row.kind,
        name=row.name,
        username=row.username or "",
        external_id=row.external_id,
        status=row.status,
        status_reason=row.status_reason,
        status_by=row.status_name or "",
        status_at=row.status_at,
        status_until=row.status_until,
        organization_id=row.organization_id,
        organization=row.organization_name or "",
        organization_by=row.organization_by,
        manages=tuple((await connection.execute(managed)).scalars()),
        favourite=(await connection.execute(mine)).first() is not None,
        identities=tuple(await identities.of_client(connection, client_id)),
        address=Address(row.street, row.city, row.postcode, row.country),
        language=row.language,
        time_zone=row.time_zone,
        birth_date=row.birth_date,
        mail_domain=row.mail_domain,
        tags=tuple((await connection.execute(tagged)).scalars()),
        incident_approval=row.incident_approval,
        portal=row.portal,
        portal_scope=row.portal_scope,
        portal_from=row.portal_from,
        state=_state(row),
        absorbed_into=row.absorbed_into,
        contacts=row.contact_count,
        open_incidents=row.open_incidents,
        created_at=row.created_at,
        purge_at=row.purge_at,
    )


_STATE = ("archived_at", "deleted_at", "absorbed_into")


def _state(row: Row[Any]) -> str:
    if row.absorbed_into is not None:
        return "absorbed"
    if row.deleted_at is not None:
        return "deleted"
    return "archived" if row.archived_at is not None else "live"


async def facts(
    connection: AsyncConnection, ids: Sequence[int], reader: int | None = None
) -> list[ClientFacts]:
    """What commands must know of these clients, however many; ids that do not exist are left out."""
    found = []
    for chunk in chunks(ids):
        found += await _facts(connection, chunk, reader)
    return found


async def _facts(connection: AsyncConnection, ids: Sequence[int], reader: int | None) -> list[ClientFacts]:
    mine = select(favourite.c.client_id).where(favourite.c.staff_id == reader, favourite.c.client_id.in_(ids))
    starred = set((await connection.execute(mine)).scalars())
    columns = ("id", "name", "status", "email", "organization_id", "incident_approval", *_STATE)
    query = select(*(client.c[name] for name in columns))
    rows = await connection.execute(query.where(client.c.id.in_(ids)).order_by(client.c.sort_name))
    return [
        ClientFacts(
            r.id,
            r.name,
            r.status,
            r.id in starred,
            r.email,
            _state(r),
            r.organization_id,
            r.incident_approval,
        )
        for r in rows
    ]


# Changing


async def locked_facts(change: Change, ids: Sequence[int]) -> list[ClientFacts]:
    """The same inside a change: what is found holds until it is written, whatever colleagues do meanwhile."""
    for chunk in chunks(sorted(ids)):
        await change.dialect.lock(change.connection, client, client.c.id.in_(chunk))
    return await facts(change.connection, ids, change.actor.staff_id)


async def add(change: Change, draft: ClientDraft) -> int:
    """A new client with identities and tags; returns the id. Without an organization named, their address says which.

    Raises IdentityTaken where another live record holds one of the identities: it never moves.
    """
    found = identities.from_draft(draft)
    await identities.check_free(change.connection, found)
    owner = await organizations.named(change, draft.organization) if draft.organization else None
    client_id = await change.insert(
        client,
        kind=draft.kind,
        name=draft.name,
        username=draft.username or None,
        external_id=draft.external_id,
        status=draft.status,
        organization_id=owner,
        organization_by="manual" if owner else "none",
        street=draft.address,
        city=draft.city,
        postcode=draft.postcode,
        country=draft.country,
        language=draft.language,
        time_zone=draft.time_zone,
        birth_date=draft.birth_date,
        portal=draft.portal,
        portal_scope=draft.portal_scope,
        portal_from=draft.portal_from,
    )
    await identities.attach(change, client_id, found)
    if owner is not None:
        for domain in draft.mail_domain:
            await organizations.add_domain(change, owner, domain)
    else:
        await assignment.assign(change, client_id)
    await tags.add(change, [client_id], draft.tags)
    return client_id


async def set_favourite(change: Change, ids: Sequence[int], *, on: bool) -> int:
    """Mark clients as the actor's favourites, or take the marks away."""
    me = change.actor.staff_id
    mine = and_(favourite.c.staff_id == me, favourite.c.client_id.in_(ids))
    if not on:
        return await change.delete_where(favourite, mine)
    starred = set((await change.connection.execute(select(favourite.c.client_id).where(mine))).scalars())
    new = [{"client_id": one, "staff_id": me} for one in ids if one not in starred]
    return len(await change.insert_many(favourite, new))


async def set_organization(change: Change, ids: Sequence[int], organization_id: int | None) -> int:
    """Put clients into an organization, or into none; who moves out of one no longer manages it.

    Refused where the organization is deleted.
    """
    if organization_id is not None:
        await organizations.hold(change, organization_id)
    await managers.moved(change, ids, organization_id)
    by = "none" if organization_id is None else "manual"
    values = {"organization_id": organization_id, "organization_by": by}
    return await change.update_where(client, client.c.id.in_(ids), values)


async def set_approval(change: Change, ids: Sequence[int], *, on: bool) -> int:
    """Turn the incident-approval switch of clients on or off."""
    return await change.update_where(client, client.c.id.in_(ids), {"incident_approval": on})
