"""The further persons under a client."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import edits, identities
from console.data.change import Change
from console.data.drafts import CONTACT_RULES, ContactDraft
from console.data.edits import Value, Values
from console.data.errors import NotFound
from console.data.holding import hold
from console.data.models.clients import client
from console.data.models.contacts import contact
from console.data.normalize import identity
from console.data.records import Address, Contact


async def of_client(connection: AsyncConnection, client_id: int, limit: int = 500) -> list[Contact]:
    """A client's contacts, the primary one first, with their identities."""
    query = (
        select(contact)
        .where(and_(contact.c.client_id == client_id, contact.c.deleted_at.is_(None)))
        .order_by(contact.c.is_primary.desc(), contact.c.name, contact.c.id)
        .limit(limit)
    )
    rows = (await connection.execute(query)).all()
    held = await identities.of_client(connection, client_id) if rows else []
    return [
        Contact(
            r.id,
            r.name,
            r.job_title,
            r.access,
            r.is_primary,
            tuple(one for one in held if one.contact_id == r.id),
            Address(r.street, r.city, r.postcode, r.country),
        )
        for r in rows
    ]


async def add(change: Change, client_id: int, draft: ContactDraft) -> int:
    """A new contact under a client, the primary one if it is the first; returns the id.

    Raises IdentityTaken where another live record holds one of their addresses.
    """
    found = [identity("email", raw) for raw in draft.email]
    found = identities.once(found + [identity("phone", raw, country=draft.country) for raw in draft.phone])
    await identities.check_free(change.connection, found)
    others = and_(contact.c.client_id == client_id, contact.c.deleted_at.is_(None))
    first = (await change.connection.execute(select(contact.c.id).where(others).limit(1))).first() is None
    contact_id = await change.insert(
        contact,
        client_id=client_id,
        name=draft.name,
        job_title=draft.job_title,
        access=draft.access,
        is_primary=first,
        street=draft.address,
        city=draft.city,
        postcode=draft.postcode,
        country=draft.country,
    )
    await identities.attach(change, client_id, found, contact_id)
    return contact_id


async def make_primary(change: Change, contact_id: int) -> tuple[int, str]:
    """Make a contact the one that invitations and invoices go to; returns the client's id and the contact's name."""
    await hold(change, _client_of(contact_id))
    found = await _live(change.connection, contact_id)
    theirs = and_(contact.c.client_id == found.client_id, contact.c.deleted_at.is_(None))
    await change.update_where(contact, theirs, {"is_primary": contact.c.id == contact_id})
    return found.client_id, found.name


async def values(connection: AsyncConnection, contact_id: int) -> tuple[int, dict[str, Value]]:
    """The client a contact belongs to, and the contact as forms have them; NotFound if there is none."""
    row = await _live(connection, contact_id)
    held = [one for one in await identities.of_client(connection, row.client_id) if one.contact_id == row.id]
    return row.client_id, {
        "name": row.name,
        "job_title": row.job_title,
        "email": tuple(one.raw for one in held if one.type == "email"),
        "phone": tuple(one.raw for one in held if one.type == "phone"),
        "access": row.access,
        "address": row.street,
        "city": row.city,
        "postcode": row.postcode,
        "country": row.country,
    }


async def edit(change: Change, contact_id: int, given: Values, base: Values | None = None) -> tuple[int, str]:
    """Write what differs of the given fields; returns the client's id and the contact's name now.

    Raises EditConflict where a colleague changed the same fields meanwhile, IdentityTaken, Invalid; Refused where
    their client is deleted.
    """
    await hold(change, _client_of(contact_id))
    client_id, now = await values(change.connection, contact_id)
    new = edits.wanted(given, base, now)
    checked = {field: CONTACT_RULES[field](value) for field, value in new.items()}
    columns = {
        "street" if field == "address" else field: value
        for field, value in checked.items()
        if field not in ("email", "phone")
    }
    if columns:
        await change.update(contact, contact_id, **columns)
    held: dict[str, Sequence[str]] = {one: checked[one] for one in ("email", "phone") if one in checked}
    if held:
        await identities.replace(
            change, client_id, contact_id, held, country=str({**now, **checked}["country"])
        )
    return client_id, str(checked.get("name", now["name"]))


async def remove(change: Change, contact_id: int) -> tuple[int, str]:
    """Take a contact away: their identities are free again, and the next contact becomes the primary one.

    Returns the client's id and the contact's name; Refused where the client is deleted.
    """
    await hold(change, _client_of(contact_id))
    row = await _live(change.connection, contact_id)
    await identities.free(change, contact_id)
    await change.update(contact, contact_id, deleted_at=change.at, is_primary=False)
    if row.is_primary:
        others = and_(contact.c.client_id == row.client_id, contact.c.deleted_at.is_(None))
        next_one = select(contact.c.id).where(others).order_by(contact.c.id).limit(1)
        if (heir := (await change.connection.execute(next_one)).scalar()) is not None:
            await change.update(contact, heir, is_primary=True)
    return row.client_id, row.name


def _client_of(contact_id: int) -> ColumnElement[bool]:
    return client.c.id.in_(select(contact.c.client_id).where(contact.c.id == contact_id))


async def _live(connection: AsyncConnection, contact_id: int) -> Row[Any]:
    query = select(contact).where(contact.c.id == contact_id, contact.c.deleted_at.is_(None))
    if (row := (await connection.execute(query)).first()) is None:
        raise NotFound("There is no such contact. They may have been taken away a moment ago.")
    return row
