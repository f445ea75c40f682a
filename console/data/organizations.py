"""Organizations: the list, one organization whole, and how a new one is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, false, func, literal, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import credit, paging, search
from console.data.change import Change
from console.data.drafts import OrganizationDraft
from console.data.errors import IdentityTaken, NotFound
from console.data.models.clients import client
from console.data.models.incidents import OPEN, incident
from console.data.models.organizations import mail_domain, organization, organization_manager
from console.data.normalize import domain as normalized_domain
from console.data.normalize import fold, query_words
from console.data.records import Address, Anchor, Organization, OrganizationRow, Page, Sort

OVERDUE_SHOWN = 100

SORTS: dict[str, ColumnElement[Any]] = {
    "name": organization.c.sort_name,
    "mail_domains": organization.c.domains,
    "clients": organization.c.client_count,
    "manager": organization.c.manager,
    "incidents": organization.c.open_incidents,
}


BY_NAME = Sort()


@dataclass(frozen=True, slots=True)
class OrganizationQuery:
    """What a list of organizations shows: typed filter and order."""

    text: str = ""
    sort: Sort = BY_NAME


def listed() -> ColumnElement[bool]:
    """Organizations that stand in lists: not archived, not deleted, not absorbed by a merge."""
    kept = organization.c
    return and_(kept.deleted_at.is_(None), kept.archived_at.is_(None), kept.absorbed_into.is_(None))


def _conditions(query: OrganizationQuery) -> list[ColumnElement[bool]]:
    typed = query_words(query.text)
    if not typed:
        return [listed(), false()] if query.text.strip() else [listed()]
    return [listed(), search.organization_matches(typed)]


async def page(
    connection: AsyncConnection,
    query: OrganizationQuery,
    now: datetime,
    *,
    at: paging.At = paging.FIRST,
    limit: int = 100,
) -> Page[OrganizationRow]:
    """A page of the list; overdue incidents are counted for its rows only, up to 100 each."""
    order = paging.order_of(SORTS, organization.c.id, query.sort)
    rows = select(organization, order.column.label("sorted_by")).where(*_conditions(query))
    found = await paging.page(
        connection,
        rows,
        order,
        lambda row: row,
        at=at,
        limit=limit,
    )
    late = await overdue(connection, [row.id for row in found.rows], now)
    return Page(
        tuple(_row(row, late.get(row.id, 0)) for row in found.rows), found.has_before, found.has_after
    )


async def count(connection: AsyncConnection, query: OrganizationQuery, limit: int = 2000) -> int | None:
    """How many match a filter, or None if more than ``limit``."""
    some = select(organization.c.id).where(*_conditions(query)).limit(limit + 1).subquery()
    found = (await connection.execute(select(func.count()).select_from(some))).scalar_one()
    return None if found > limit else int(found)


async def overdue(connection: AsyncConnection, ids: Sequence[int], now: datetime) -> dict[int, int]:
    """Overdue incidents of each organization's clients, counted by index up to 100; none are left out."""
    late = (
        select(literal(1))
        .select_from(incident.join(client, client.c.id == incident.c.client_id))
        .where(client.c.organization_id == organization.c.id, text(OPEN), incident.c.due_at < now)
        .limit(OVERDUE_SHOWN)
        .correlate(organization)
        .subquery()
    )
    counted = select(func.count()).select_from(late).scalar_subquery()
    busy = and_(organization.c.id.in_(ids), organization.c.open_incidents > 0)
    rows = await connection.execute(select(organization.c.id, counted).where(busy))
    return {organization_id: int(number) for organization_id, number in rows if number}


def _row(row: Row[Any], late: int) -> OrganizationRow:
    return OrganizationRow(
        row.id,
        row.name,
        row.domains,
        row.client_count,
        row.manager,
        row.open_incidents,
        late,
        Anchor(row.sorted_by, row.id),
    )


async def load(connection: AsyncConnection, organization_id: int, now: datetime) -> Organization:
    """One organization whole; NotFound if there is none."""
    found = await connection.execute(select(organization).where(organization.c.id == organization_id))
    row = found.first()
    if row is None:
        raise NotFound("There is no such organization. It may have been purged.")
    domains = (
        select(mail_domain.c.domain, mail_domain.c.subdomains)
        .where(mail_domain.c.organization_id == organization_id)
        .order_by(mail_domain.c.domain)
    )
    managers = (
        select(client.c.id, client.c.name, organization_manager.c.may_reply)
        .join(organization_manager, organization_manager.c.client_id == client.c.id)
        .where(organization_manager.c.organization_id == organization_id)
        .order_by(client.c.sort_name)
    )
    late = await overdue(connection, [organization_id], now)
    balance = await credit.organization_balance(connection, organization_id, now)
    return Organization(
        id=row.id,
        version=row.version,
        name=row.name,
        external_id=row.external_id,
        phone=row.phone,
        website=row.website,
        remarks=row.remarks,
        address=Address(row.street, row.city, row.postcode, row.country),
        domains=tuple((name, bool(below)) for name, below in await connection.execute(domains)),
        managers=tuple((one, name, bool(reply)) for one, name, reply in await connection.execute(managers)),
        clients=row.client_count,
        open_incidents=row.open_incidents,
        overdue=late.get(organization_id, 0),
        credit_minutes=balance["minutes"],
        credit_incidents=balance["incidents"],
        state="deleted" if row.deleted_at else "archived" if row.archived_at else "live",
        created_at=row.created_at,
    )


async def add(change: Change, draft: OrganizationDraft) -> int:
    """A new organization with its mail domains; IdentityTaken where another one has a domain."""
    organization_id = await change.insert(
        organization,
        name=draft.name,
        external_id=draft.external_id,
        phone=draft.phone,
        website=draft.website,
        remarks=draft.remarks,
        street=draft.address,
        city=draft.city,
        postcode=draft.postcode,
        country=draft.country,
    )
    for given in draft.mail_domain:
        await add_domain(change, organization_id, given)
    return organization_id


async def add_domain(change: Change, organization_id: int, given: str, *, source: str = "manual") -> int:
    """Give an organization a mail domain (``.suffix`` includes subdomains); IdentityTaken if another has it."""
    name = normalized_domain(given)
    holder = (
        select(organization.c.id, organization.c.name)
        .join(mail_domain, mail_domain.c.organization_id == organization.c.id)
        .where(mail_domain.c.domain == name)
    )
    if (taken := (await change.connection.execute(holder)).first()) is not None:
        raise IdentityTaken(f"The mail domain {name} belongs to {taken.name} already.", taken.id)
    below = given.strip().startswith(".")
    return await change.insert(
        mail_domain, organization_id=organization_id, domain=name, subdomains=below, source=source
    )


async def named(change: Change, name: str) -> int:
    """The organization of this name (case and diacritics aside), made if there is none."""
    same = and_(listed(), organization.c.sort_name == fold(name))
    found = select(organization.c.id).where(same).order_by(organization.c.id).limit(1)
    known = (await change.connection.execute(found)).scalar()
    return known or await change.insert(organization, name=name)
