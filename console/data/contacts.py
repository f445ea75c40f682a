"""The further persons under a client."""

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import identities
from console.data.models.contacts import contact
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
