"""Identities: who holds one, whether it is free, and how a client comes by it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.change import Change
from console.data.drafts import ClientDraft
from console.data.errors import IdentityTaken
from console.data.freed import theirs
from console.data.models.clients import client, identity
from console.data.normalize import NewIdentity
from console.data.normalize import identity as normalized
from console.data.records import Identity


async def of_client(connection: AsyncConnection, client_id: int) -> list[Identity]:
    """A client's identities and their contacts', the first of each type first; of a deleted one, those they had."""
    mine = and_(identity.c.client_id == client_id, theirs())
    rows = await connection.execute(select(identity).where(mine).order_by(identity.c.position, identity.c.id))
    return [Identity(r.id, r.type, r.raw, r.normalized, r.mobile, r.contact_id) for r in rows]


def from_draft(draft: ClientDraft) -> list[NewIdentity]:
    """The identities a draft names, in order, each once; Invalid where one is malformed."""
    found = [normalized("email", raw) for raw in draft.email]
    found += [normalized("phone", raw, country=draft.country, mobile=True) for raw in draft.mobile]
    found += [normalized("phone", raw, country=draft.country, mobile=False) for raw in draft.phone]
    for kind in ("facebook", "twitter", "linkedin", "chat"):
        found += [normalized(kind, raw) for raw in getattr(draft, kind)]
    return once(found)


def once(found: Sequence[NewIdentity]) -> list[NewIdentity]:
    """Identities in order, each only where it comes first: two spellings of one address are one."""
    return list({(one.type, one.normalized): one for one in reversed(found)}.values())[::-1]


async def check_free(connection: AsyncConnection, found: Sequence[NewIdentity]) -> None:
    """IdentityTaken, naming the holder, where a live record holds one of these; phones may be shared."""
    unique = [one for one in found if one.type != "phone"]
    if not unique:
        return
    same = or_(*(and_(identity.c.type == o.type, identity.c.normalized == o.normalized) for o in unique))
    query = (
        select(identity.c.raw, client.c.id, client.c.name)
        .join(client, client.c.id == identity.c.client_id)
        .where(identity.c.live, same)
        .limit(1)
    )
    if (taken := (await connection.execute(query)).first()) is not None:
        sentence = f"{taken.raw} belongs to {taken.name} already. Open them, or leave it out here."
        raise IdentityTaken(sentence, taken.id)


async def attach(
    change: Change,
    client_id: int,
    found: Sequence[NewIdentity],
    contact_id: int | None = None,
    *,
    first: int = 0,
) -> list[int]:
    """Give a client (or one of their contacts) identities that are free, in places from ``first`` on."""
    rows = [
        {
            "client_id": client_id,
            "contact_id": contact_id,
            "type": one.type,
            "raw": one.raw,
            "normalized": one.normalized,
            "mobile": one.mobile,
            "position": position,
        }
        for position, one in enumerate(found, first)
    ]
    return await change.insert_many(identity, rows)


async def replace(
    change: Change,
    client_id: int,
    contact_id: int | None,
    wanted: Mapping[str, Sequence[str]],
    *,
    country: str = "",
) -> None:
    """Give a client, or one of their contacts, these identities in place of those of the same fields.

    ``wanted`` has texts by field: 'email', 'mobile', 'phone' (on a contact: all numbers), or a handle's type. What is
    there already stays the row it is, and another spelling of it adds nothing. Raises IdentityTaken, and Invalid where
    a text is malformed.
    """
    holder = identity.c.contact_id == contact_id if contact_id else identity.c.contact_id.is_(None)
    mine = and_(identity.c.client_id == client_id, holder, identity.c.live)
    rows = (await change.connection.execute(select(identity).where(mine))).all()
    for field, raws in wanted.items():
        held = {row.raw: row for row in rows if field_of(row, contact_id) == field}
        gone = [row.id for raw, row in held.items() if raw not in raws]
        if gone:
            await change.delete_where(identity, identity.c.id.in_(gone))
        known_as = {row.normalized for raw, row in held.items() if raw in raws}
        for position, raw in enumerate(raws):
            if (known := held.get(raw)) is not None:
                await change.update(identity, known.id, position=position)
                continue
            kind = "phone" if field == "mobile" else field
            mobile = None if contact_id or kind != "phone" else field == "mobile"
            new = normalized(kind, raw, country=country, mobile=mobile)
            if new.normalized in known_as:
                continue
            known_as.add(new.normalized)
            await check_free(change.connection, [new])
            await attach(change, client_id, [new], contact_id, first=position)


async def free(change: Change, contact_id: int) -> int:
    """Take away all identities of a contact, so that others may have them; returns how many.

    Those that are not live, too: nobody would ever give them back.
    """
    return await change.delete_where(identity, identity.c.contact_id == contact_id)


def field_of(row: Identity | Row[Any], contact_id: int | None = None) -> str:
    """The field of a form that an identity stands in."""
    if row.type == "phone":
        return "mobile" if row.mobile and contact_id is None else "phone"
    return str(row.type)
