"""The further persons under a client."""

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import identities
from console.data.change import Change
from console.data.drafts import ContactDraft
from console.data.errors import NotFound
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
    found += [identity("phone", raw, country=draft.country) for raw in draft.phone]
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
    query = select(contact.c.client_id, contact.c.name).where(
        contact.c.id == contact_id, contact.c.deleted_at.is_(None)
    )
    found = (await change.connection.execute(query)).first()
    if found is None:
        raise NotFound("There is no such contact.")
    theirs = and_(contact.c.client_id == found.client_id, contact.c.deleted_at.is_(None))
    await change.update_where(contact, theirs, {"is_primary": contact.c.id == contact_id})
    return found.client_id, found.name
