"""A client's profile as forms have it, and editing it: only the fields that were changed are written."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import assignment, clients, edits, identities, organizations, tags
from console.data.change import Change
from console.data.drafts import CLIENT_RULES, IDENTITY_FIELDS, NO_IDENTITY, check_scope
from console.data.edits import Value, Values
from console.data.errors import Invalid
from console.data.holding import hold
from console.data.models.clients import client
from console.data.records import Client

# The fields that are columns of the client, and what the columns are called.
_COLUMNS = {
    **{name: name for name in ("name", "kind", "external_id", "language", "time_zone", "birth_date")},
    **{name: name for name in ("portal", "portal_scope", "portal_from", "city", "postcode", "country")},
    "username": "username",
    "address": "street",
}
FIELDS = (*_COLUMNS, *IDENTITY_FIELDS, "organization", "tags")


async def values(connection: AsyncConnection, client_id: int) -> dict[str, Value]:
    """The profile by the names of ``FIELDS``; NotFound if there is no such client."""
    return values_of(await clients.load(connection, client_id))


def values_of(found: Client) -> dict[str, Value]:
    """The same of a client that is loaded already."""
    own = [one for one in found.identities if one.contact_id is None]
    return {
        "name": found.name,
        "kind": found.kind,
        "username": found.username,
        "external_id": found.external_id,
        "organization": found.organization,
        "address": found.address.street,
        "city": found.address.city,
        "postcode": found.address.postcode,
        "country": found.address.country,
        "language": found.language,
        "time_zone": found.time_zone,
        "birth_date": _written(found.birth_date),
        "tags": found.tags,
        "portal": found.portal,
        "portal_scope": found.portal_scope,
        "portal_from": _written(found.portal_from),
        **{
            field: tuple(one.raw for one in own if identities.field_of(one) == field)
            for field in IDENTITY_FIELDS
        },
    }


def _written(day: date | None) -> str:
    return day.isoformat() if day else ""


async def edit(change: Change, client_id: int, given: Values, base: Values | None = None) -> tuple[str, ...]:
    """Write what differs of the given fields; returns their names. ``base`` is what was seen when editing began.

    Raises EditConflict where a colleague changed the same fields meanwhile, IdentityTaken, Invalid; Refused
    where the client is deleted or was merged into another.
    """
    await hold(change, client.c.id == client_id)
    now = await values(change.connection, client_id)
    new = edits.wanted(_in_order(given), base, now)
    checked = {field: CLIENT_RULES[field](value) for field, value in new.items()}
    whole = {**now, **new}
    if set(new) & set(IDENTITY_FIELDS) and not any(whole[field] for field in IDENTITY_FIELDS):
        raise Invalid("email", NO_IDENTITY)
    check_scope(str(whole["portal_scope"]), CLIENT_RULES["portal_from"](whole["portal_from"]))
    await _write(change, client_id, checked, country=str(whole["country"]), had=now["tags"])
    return tuple(new)


def _in_order(given: Values) -> Values:
    """Tags have no order of their own: another order is no change."""
    tagged = given.get("tags")
    return given if tagged is None else {**given, "tags": tuple(sorted(tagged))}


async def _write(
    change: Change, client_id: int, checked: Mapping[str, Any], *, country: str, had: Value
) -> None:
    columns = {_COLUMNS[field]: value for field, value in checked.items() if field in _COLUMNS}
    if "username" in columns:
        columns["username"] = columns["username"] or None
    if columns:
        await change.update(client, client_id, **columns)
    held = {field: checked[field] for field in IDENTITY_FIELDS if field in checked}
    if held:
        await identities.replace(change, client_id, None, held, country=country)
    if "organization" in checked:
        name = checked["organization"]
        owner = await organizations.named(change, name) if name else None
        await clients.set_organization(change, [client_id], owner)
    elif "email" in held:
        await assignment.assign(change, client_id)
    if "tags" in checked:
        await tags.remove(change, [client_id], [one for one in had if one not in checked["tags"]])
        await tags.add(change, [client_id], [one for one in checked["tags"] if one not in had])
