"""Clients: the list, one client whole, and what changes a status."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import (
    assignment,
    certificates,
    client_rows,
    client_search,
    identities,
    managers,
    organizations,
    paging,
    tags,
)
from console.data.change import Change
from console.data.client_search import Matches
from console.data.client_walk import Ranking, Walk
from console.data.drafts import ClientDraft
from console.data.errors import NotFound
from console.data.impact import chunks
from console.data.models.clients import client, client_tag, favourite, tag
from console.data.models.organizations import organization, organization_manager
from console.data.models.staff import staff
from console.data.records import Address, Anchor, Client, ClientFacts, ClientRow, Page, Sort
from console.data.views import VIEWS, Reader

COUNTED = 2000
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
    """A page of the list as ``reader`` sees it: of what was typed the best first, unless they are many."""
    order = paging.order_of(SORTS, client.c.id, query.sort)
    conditions, few = _conditions(query, reader), VIEWS[query.view].few
    if not query.text.strip():
        order = order.unindexed() if few else order
        return await _page(connection, order, conditions, reader, at, limit)
    found = await client_search.match(connection, query.text, and_(*conditions))
    if found.few is not None and query.sort == BY_NAME:
        ranking = Ranking(found.few)
        at = replace(at, start=ranking.start(at.letters), letters="") if at.letters else at
        shown = await _page_of(connection, ranking, reader, at, limit)
    elif found.few is None and not few:
        walk = Walk(connection, order, conditions, found.terms, narrow=_is_narrow(query))
        at = replace(at, start=paging.place_of(order, at.letters), letters="") if at.letters else at
        shown = await _page_of(connection, walk, reader, at, limit)
    else:
        conditions.append(_is_matched(found))
        shown = await _page(connection, order.unindexed(), conditions, reader, at, limit)
    if not found.near:
        return shown
    return replace(shown, rows=tuple(replace(one, near=True) for one in shown.rows), near=found.near)


async def _page(
    connection: AsyncConnection,
    order: paging.Order,
    conditions: Sequence[ColumnElement[bool]],
    reader: Reader,
    at: paging.At,
    limit: int,
) -> Page[ClientRow]:
    rows = client_rows.rows(order.column, reader.staff_id).where(*conditions)
    return await paging.page(connection, rows, order, client_rows.row, at=at, limit=limit)


async def _page_of(
    connection: AsyncConnection, places: Ranking | Walk, reader: Reader, at: paging.At, limit: int
) -> Page[ClientRow]:
    """A page of rows whose places are found first."""

    async def beyond(
        anchor: Anchor | None, *, forward: bool, inclusive: bool, limit: int
    ) -> tuple[list[ClientRow], bool]:
        found = await places.places(anchor, forward=forward, inclusive=inclusive, limit=limit + 1)
        here = found[:limit] if forward else found[:limit][::-1]
        query = client_rows.rows(literal(""), reader.staff_id).where(
            client.c.id.in_([one for _, one in here])
        )
        rows = {row.id: client_rows.row(row) for row in (await connection.execute(query) if here else ())}
        shown = [replace(rows[one], anchor=Anchor(value, one)) for value, one in here if one in rows]
        return shown, len(found) > limit

    return await paging.page_of(beyond, lambda row: row, at=at, limit=limit)


async def count(
    connection: AsyncConnection, query: ClientQuery, reader: Reader, limit: int = COUNTED
) -> int | None:
    """How many clients match a filter, or None if more than ``limit``: nobody waits for a whole count."""
    conditions = _conditions(query, reader)
    matching = select(client.c.id).where(*conditions)
    if query.text.strip():
        found = await client_search.match(connection, query.text, and_(*conditions))
        if found.few is not None:
            return None if len(found.few) > limit else len(found.few)
        term, _ = await client_search.rarest(connection, found.terms)
        having = client_search.ids_of(client_search.postings(term, found.terms)).subquery()
        matching = select(client.c.id).distinct().join(having, having.c.client_id == client.c.id)
        matching = matching.where(*conditions)
    some = matching.limit(limit + 1).subquery()
    number = (await connection.execute(select(func.count()).select_from(some))).scalar_one()
    return None if number > limit else int(number)


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
    conditions = _conditions(query, reader)
    if query.text.strip():
        found = await client_search.match(connection, query.text, and_(*conditions))
        if between is not None and found.few is not None and query.sort == BY_NAME:
            yield Ranking(found.few).between(*between)
            return
        conditions.append(_is_matched(found))
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


def _conditions(query: ClientQuery, reader: Reader) -> list[ColumnElement[bool]]:
    """Who is in the list, before anything is typed."""
    conditions = [VIEWS[query.view].condition(reader)]
    if query.status:
        conditions.append(client.c.status == query.status)
    if query.organization_id is not None:
        conditions.append(client.c.organization_id == query.organization_id)
    return conditions


def _is_narrow(query: ClientQuery) -> bool:
    """Whether few of all clients are in the list before anything is typed."""
    return bool(query.status) or query.organization_id is not None or VIEWS[query.view].narrow


def _is_matched(found: Matches) -> ColumnElement[bool]:
    if found.few is None:
        return client_search.has_all(found.terms)
    return client.c.id.in_(found.few)


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
        state=client_rows.state(row),
        absorbed_into=row.absorbed_into,
        contacts=row.contact_count,
        open_incidents=row.open_incidents,
        created_at=row.created_at,
        purge_at=row.purge_at,
    )


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
    columns = ("id", "name", "status", "email", "organization_id", "incident_approval", *client_rows.STATE)
    query = select(*(client.c[name] for name in columns))
    rows = await connection.execute(query.where(client.c.id.in_(ids)).order_by(client.c.sort_name))
    return [
        ClientFacts(
            r.id,
            r.name,
            r.status,
            r.id in starred,
            r.email,
            client_rows.state(r),
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
