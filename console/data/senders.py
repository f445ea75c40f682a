"""Who sent something: a client or one of their contacts, found by identity; a new client; or somebody known once."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import clients, normalize
from console.data.change import Change
from console.data.drafts import MAX_NAME, ClientDraft
from console.data.edits import Value
from console.data.errors import Invalid, NotFound, Refused
from console.data.models.clients import client, identity
from console.data.models.contacts import contact
from console.data.models.staff import staff
from console.data.normalize import NewIdentity
from console.data.records import Submission
from console.data.settings import DeskSettings

_NOBODY = "(unknown sender)"
HANDLES = ("chat", "facebook", "twitter", "linkedin")
MERGES = 100  # followed at most: absorbed records point straight at the survivor, but for undone chains


@dataclass(frozen=True, slots=True)
class Sender:
    """A sender as the rule needs them.

    ``client_id`` is None for somebody who is no client; ``identity`` is theirs where it can be read, ``address`` how
    they are kept without a client. ``status`` is that client's, ``status_by`` who gave it. ``restorable`` is a
    deleted client who had the identity.
    """

    address: str
    name: str
    identity: NewIdentity | None = None
    client_id: int | None = None
    contact_id: int | None = None
    status: str = ""
    status_reason: str = ""
    status_by: str = ""
    email: str = ""
    restorable: int | None = None


def identity_of(channel: str, raw: str, kind: str = "") -> NewIdentity:
    """The identity a sender is known by on a channel; Invalid where it cannot be read."""
    if not kind and channel in HANDLES:
        kind = channel
    if not kind:
        kind = "email" if channel in ("email", "portal") or "@" in raw else "phone"
    return normalize.identity(kind, raw)


def values(channel: str, address: str, name: str = "") -> dict[str, Value]:
    """What a sender left, by the fields of a new client: their name, and the identity where it can be read."""
    try:
        one = identity_of(channel, address)
    except Invalid:
        return {"name": name}
    return {"name": name, "mobile" if one.mobile else one.type: (one.raw,)}


async def find(connection: AsyncConnection, given: Submission) -> Sender:
    """The sender of a submission.

    Staff are told what is wrong (Invalid, Refused); what comes from outside is never refused, its sender is then
    somebody known once.
    """
    gone: int | None = None
    if given.client_id is not None:
        try:
            return await _named(connection, given.client_id, given.contact_id)
        except (NotFound, Refused) as error:
            if given.by_staff:
                raise
            gone = given.client_id if isinstance(error, Refused) else None
    raw = given.sender.strip()
    if not raw and given.by_staff:
        raise Invalid("client", "Nobody is named. Give the client, or an identity of the caller.")
    name = given.sender_name.strip()[:MAX_NAME]
    unknown = Sender(raw[: normalize.MAX_IDENTITY] or _NOBODY, name, restorable=gone)
    try:
        one = identity_of(given.channel, raw, given.sender_type)
    except Invalid:
        if given.by_staff:
            raise
        return unknown
    return await _holder(connection, replace(unknown, address=one.normalized, identity=one), given.by_staff)


async def _named(connection: AsyncConnection, client_id: int, contact_id: int | None) -> Sender:
    known = await _load(connection, await survivor(connection, client_id))
    if contact_id is None:
        return known
    mine = and_(contact.c.id == contact_id, contact.c.client_id == known.client_id)
    name = (
        await connection.execute(select(contact.c.name).where(mine, contact.c.deleted_at.is_(None)))
    ).scalar()
    if name is None:
        raise NotFound("There is no such contact of this client.")
    return replace(known, contact_id=contact_id, name=name)


async def _holder(connection: AsyncConnection, unknown: Sender, by_staff: bool) -> Sender:
    """Whoever has the identity: one live client, or nobody; several have a telephone in common."""
    assert unknown.identity is not None
    one = unknown.identity
    query = (
        select(
            identity.c.client_id, identity.c.contact_id, identity.c.live, client.c.name, client.c.deleted_at
        )
        .join(client, client.c.id == identity.c.client_id)
        .where(identity.c.type == one.type, identity.c.normalized == one.normalized)
        .order_by(identity.c.id.desc())
        .limit(MERGES)
    )
    rows = (await connection.execute(query)).all()
    holders: dict[int, Any] = {}
    for row in rows:
        if row.live and row.deleted_at is None:
            holders.setdefault(await survivor(connection, row.client_id), row)
    if len(holders) == 1:
        [(client_id, row)] = holders.items()
        known = await _load(connection, client_id)
        name = await _contact_name(connection, row.contact_id) if row.contact_id else known.name
        return replace(known, identity=one, contact_id=row.contact_id, name=name, address=one.normalized)
    if holders and by_staff:
        names = ", ".join(sorted(row.name for row in holders.values())[:5])
        raise Refused(
            f"{one.raw} belongs to {len(holders)} clients: {names}. Say which with the client's id."
        )
    gone = next((row.client_id for row in rows if row.deleted_at is not None), None)
    still = any(row.live for row in rows) and one.type != "phone"
    # A telephone of several, or an address that a deleted client still has, makes no new client.
    return replace(unknown, identity=None if holders or still else one, restorable=gone)


async def contact_of(connection: AsyncConnection, client_id: int, channel: str, raw: str) -> int | None:
    """The contact of a client who sent this, None for the client or where it cannot be read."""
    try:
        one = identity_of(channel, raw)
    except Invalid:
        return None
    query = (
        select(identity.c.contact_id)
        .join(contact, contact.c.id == identity.c.contact_id)
        .where(identity.c.type == one.type, identity.c.normalized == one.normalized, identity.c.live)
        .where(identity.c.client_id == client_id, contact.c.deleted_at.is_(None))
    )
    return (await connection.execute(query)).scalars().first()


async def _contact_name(connection: AsyncConnection, contact_id: int) -> str:
    return str(
        (await connection.execute(select(contact.c.name).where(contact.c.id == contact_id))).scalar_one()
    )


async def survivor(connection: AsyncConnection, client_id: int) -> int:
    """The client that this one was merged into, or they themselves; NotFound if there is none."""
    for _ in range(MERGES):
        query = select(client.c.id, client.c.absorbed_into).where(client.c.id == client_id)
        found = (await connection.execute(query)).first()
        if found is None:
            raise NotFound("There is no such client. They may have been purged.")
        if found.absorbed_into is None:
            break
        client_id = found.absorbed_into
    return client_id


async def locked(change: Change, sender: Sender) -> Sender:
    """The same, their status read anew from a row that nobody changes until this change is over."""
    if sender.client_id is None:
        return sender
    await change.dialect.lock(change.connection, client, client.c.id == sender.client_id)
    if (now_id := await survivor(change.connection, sender.client_id)) != sender.client_id:
        return await locked(change, replace(sender, client_id=now_id))  # merged while we waited
    now = await _load(change.connection, sender.client_id)
    return replace(sender, status=now.status, status_reason=now.status_reason, status_by=now.status_by)


async def _load(connection: AsyncConnection, client_id: int) -> Sender:
    row = (await connection.execute(_client(client_id))).one()
    if row.deleted_at is not None:
        raise Refused(f"{row.name} is deleted. Restore them first.")
    return Sender(
        address=row.email,
        name=row.name,
        client_id=client_id,
        status=row.status,
        status_reason=row.status_reason,
        status_by=row.given_by or "",
        email=row.email,
    )


def _client(client_id: int) -> Select[Any]:
    return (
        select(client, staff.c.name.label("given_by"))
        .outerjoin(staff, staff.c.id == client.c.status_by)
        .where(client.c.id == client_id)
    )


async def registered(
    change: Change, given: Submission, one: NewIdentity, settings: DeskSettings
) -> tuple[Sender, bool]:
    """A client made of a sender, and True; False where another process has just made one of them.

    They are approved, or wait for it, as is set.
    """
    await change.dialect.alone(change.connection, f"register {one.type} {one.normalized}")
    sender = await find(change.connection, given)
    if sender.client_id is not None or sender.identity is None:
        return sender, False
    status = "approved" if settings.auto_approve else "pending"
    name = sender.name or one.raw
    field = "mobile" if one.mobile else one.type
    client_id = await clients.add(change, ClientDraft(name=name, status=status, **{field: (one.raw,)}))
    email = one.normalized if one.type == "email" else ""
    return replace(sender, name=name, client_id=client_id, status=status, email=email), True
