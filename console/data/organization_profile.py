"""An organization as forms have it, and editing it: only the fields that were changed are written."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import edits, organizations
from console.data.change import Change
from console.data.drafts import ORGANIZATION_RULES
from console.data.edits import Value, Values
from console.data.errors import NotFound
from console.data.models.organizations import mail_domain, organization

# The fields that are columns of the organization, and what the columns are called.
_COLUMNS = {
    "name": "name",
    "external_id": "external_id",
    "phone": "phone",
    "website": "website",
    "remarks": "remarks",
    "address": "street",
    "city": "city",
    "postcode": "postcode",
    "country": "country",
}
FIELDS = (*_COLUMNS, "mail_domain")


async def values(connection: AsyncConnection, organization_id: int) -> dict[str, Value]:
    """The fields by the names of ``FIELDS``; a mail domain that counts for those below it begins with a dot."""
    found = (
        await connection.execute(select(organization).where(organization.c.id == organization_id))
    ).first()
    if found is None:
        raise NotFound("There is no such organization. It may have been purged.")
    domains = (
        select(mail_domain.c.domain, mail_domain.c.subdomains)
        .where(mail_domain.c.organization_id == organization_id)
        .order_by(mail_domain.c.domain)
    )
    written = tuple("." * below + name for name, below in await connection.execute(domains))
    return {**{field: getattr(found, column) for field, column in _COLUMNS.items()}, "mail_domain": written}


async def edit(
    change: Change, organization_id: int, given: Values, base: Values | None = None
) -> tuple[str, ...]:
    """Write what differs of the given fields; returns their names. ``base`` is what was seen when editing began.

    Mail domains are written as rules: no client moves before a rescan. Raises EditConflict where a colleague changed
    the same fields meanwhile, IdentityTaken, Invalid.
    """
    await change.dialect.lock(change.connection, organization, organization.c.id == organization_id)
    now = await values(change.connection, organization_id)
    new = edits.wanted(given, base, now)
    checked: dict[str, Any] = {field: ORGANIZATION_RULES[field](value) for field, value in new.items()}
    columns = {_COLUMNS[field]: value for field, value in checked.items() if field in _COLUMNS}
    if columns:
        await change.update(organization, organization_id, **columns)
    if "mail_domain" in checked:
        await _write_domains(change, organization_id, checked["mail_domain"], now["mail_domain"])
    return tuple(new)


async def _write_domains(change: Change, organization_id: int, wanted: Value, had: Value) -> None:
    for gone in had:
        if gone not in wanted:
            await organizations.remove_domain(change, organization_id, gone)
    for new in wanted:
        if new not in had:
            await organizations.add_domain(change, organization_id, new)
