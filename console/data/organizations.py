"""Organizations: the list, one organization whole, how a new one is made, and its mail domains."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, false, func, literal, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import credit, paging, search, views
from console.data.change import Change
from console.data.drafts import OrganizationDraft
from console.data.errors import IdentityTaken, Invalid, NotFound, Refused
from console.data.models.clients import client
from console.data.models.incidents import OPEN, incident
from console.data.models.organizations import mail_domain, organization, organization_manager
from console.data.normalize import domain as normalized_domain
from console.data.normalize import fold, query_words
from console.data.public_mail import is_public
from console.data.records import Address, Anchor, Organization, OrganizationFacts, OrganizationRow, Page, Sort

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
    """What a list of organizations shows: typed filter, order, saved filter (``ORGANIZATION_VIEWS``)."""

    text: str = ""
    sort: Sort = BY_NAME
    view: str = "all"


def _as_a_name(letters: str) -> str:
    """The column of managers holds names as they are written."""
    return letters[:1].upper() + letters[1:]


def listed() -> ColumnElement[bool]:
    """Organizations that stand in lists: not archived, not deleted, not absorbed by a merge."""
    kept = organization.c
    return and_(kept.deleted_at.is_(None), kept.archived_at.is_(None), kept.absorbed_into.is_(None))


def _archived() -> ColumnElement[bool]:
    kept = organization.c
    return and_(kept.archived_at.is_not(None), kept.deleted_at.is_(None), kept.absorbed_into.is_(None))


ORGANIZATION_VIEWS: dict[str, tuple[str, Callable[[], ColumnElement[bool]]]] = {
    "all": ("all organizations", listed),
    "archived": ("archived", _archived),
    "deleted": ("deleted", lambda: organization.c.deleted_at.is_not(None)),
}
"""The saved filters of the list: what each is called, and its condition."""


def _conditions(query: OrganizationQuery) -> list[ColumnElement[bool]]:
    shown = ORGANIZATION_VIEWS[query.view][1]()
    typed = query_words(query.text)
    if not typed:
        return [shown, false()] if query.text.strip() else [shown]
    return [shown, search.organization_matches(typed)]


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
    if query.sort.column == "manager":
        order = replace(order, spelled=_as_a_name)
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
        .where(
            client.c.organization_id == organization.c.id, views.listed(), text(OPEN), incident.c.due_at < now
        )
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
        _state(row),
        Anchor(row.sorted_by, row.id),
    )


def _state(row: Row[Any]) -> str:
    if row.absorbed_into is not None:
        return "absorbed"
    return "deleted" if row.deleted_at else "archived" if row.archived_at else "live"


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
        state=_state(row),
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
    """Give an organization a mail domain (``.suffix`` includes subdomains); clients stay where they are.

    Raises IdentityTaken if another organization has it (a deleted one gives it up), Invalid where anybody may have
    an address there.
    """
    name, below = domain_and_below(given)
    check_company(name)
    holder = (
        select(
            organization.c.id, organization.c.name, organization.c.deleted_at, mail_domain.c.id.label("rule")
        )
        .join(mail_domain, mail_domain.c.organization_id == organization.c.id)
        .where(mail_domain.c.domain == name)
    )
    taken = (await change.connection.execute(holder)).first()
    if taken is not None and taken.deleted_at is not None:
        await change.delete(mail_domain, taken.rule)
    elif taken is not None:
        raise IdentityTaken(f"The mail domain {name} belongs to {taken.name} already.", taken.id)
    return await change.insert(
        mail_domain, organization_id=organization_id, domain=name, subdomains=below, source=source
    )


async def remove_domain(change: Change, organization_id: int, given: str) -> None:
    """Take a mail domain away; clients stay where they are. NotFound if the organization does not have it."""
    name, _ = domain_and_below(given)
    mine = and_(mail_domain.c.organization_id == organization_id, mail_domain.c.domain == name)
    if not await change.delete_where(mail_domain, mine):
        raise NotFound(f"The organization has no mail domain {name}. Nothing was changed.")


def domain_and_below(given: str) -> tuple[str, bool]:
    """A mail domain as written ('acme.pl', '.acme.pl'): the domain, and whether those below it count too."""
    return normalized_domain(given), given.strip().startswith(".")


def check_company(domain: str) -> None:
    """Invalid for a mail domain where anybody may have an address."""
    if is_public(domain):
        raise Invalid(
            "mail_domain",
            f"Anybody may have an address at {domain}, so it means no organization. Leave it out.",
        )


async def named(change: Change, name: str) -> int:
    """The organization of this name (case and diacritics aside), made if there is none."""
    same = and_(listed(), organization.c.sort_name == fold(name))
    found = select(organization.c.id).where(same).order_by(organization.c.id).limit(1)
    known = (await change.connection.execute(found)).scalar()
    return known or await change.insert(organization, name=name)


# What commands must know


async def facts(connection: AsyncConnection, ids: Sequence[int]) -> list[OrganizationFacts]:
    """What commands must know of these organizations (up to 5,000); ids that do not exist are left out."""
    mine = and_(
        client.c.organization_id == organization.c.id,
        client.c.deleted_at.is_(None),
        client.c.absorbed_into.is_(None),
    )
    members = select(func.count()).select_from(client).where(mine).correlate(organization).scalar_subquery()
    query = select(organization, members.label("members")).where(organization.c.id.in_(ids))
    rows = await connection.execute(query.order_by(organization.c.sort_name))
    return [OrganizationFacts(row.id, row.name, _state(row), int(row.members)) for row in rows]


async def hold(change: Change, organization_id: int) -> None:
    """Lock an organization that gets members now; Refused where it is deleted or was merged into another."""
    mine = organization.c.id == organization_id
    await change.dialect.lock(change.connection, organization, mine)
    row = (await change.connection.execute(select(organization).where(mine))).first()
    if row is None:
        raise NotFound("There is no such organization. It may have been purged.")
    if row.deleted_at is not None:
        raise Refused(f"{row.name} is deleted. Restore it first, or name another organization.")
    if row.absorbed_into is not None:
        raise Refused(f"{row.name} was merged into another organization. Name that one.")


async def locked_facts(change: Change, ids: Sequence[int]) -> list[OrganizationFacts]:
    """The same inside a change: what is found holds until it is written."""
    await change.dialect.lock(change.connection, organization, organization.c.id.in_(ids))
    return await facts(change.connection, ids)
