"""Certificates: what a purge leaves behind. No value of the person is in them."""

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.change import Change
from console.data.errors import NotFound
from console.data.models.clients import client, identity
from console.data.models.settings import certificate
from console.data.models.staff import staff
from console.data.records.erasure import Certificate


async def begin(change: Change, client_id: int, key: bytes, requested_on: date) -> int:
    """A certificate without counts, as a purge begins; returns its id."""
    written = {
        "erased_id": client_id,
        "erased_hash": await _hash(change.connection, client_id, key),
        "staff_id": change.actor.staff_id,
        "counts": "{}",
        "requested_on": requested_on,
    }
    return await change.insert(certificate, **written)


async def _hash(connection: AsyncConnection, client_id: int, key: bytes) -> bytes:
    """HMAC-SHA256 of the client's id, name and identities as type:normalized in order, a line each."""
    name = (await connection.execute(select(client.c.name).where(client.c.id == client_id))).scalar_one()
    held = select(identity.c.type, identity.c.normalized).where(identity.c.client_id == client_id)
    known = sorted({f"{row.type}:{row.normalized}" for row in await connection.execute(held)})
    return hmac.digest(key, "\n".join([str(client_id), name, *known]).encode(), hashlib.sha256)


async def add(change: Change, certificate_id: int, counts: Mapping[str, int]) -> None:
    """Rows were erased in this change: the certificate counts them."""
    query = select(certificate.c.counts).where(certificate.c.id == certificate_id)
    known = Counter(json.loads((await change.connection.execute(query)).scalar_one()))
    known.update(counts)
    written = json.dumps(dict(sorted(known.items())))
    await change.update(certificate, certificate_id, counts=written)


async def of_client(connection: AsyncConnection, client_id: int) -> int | None:
    """The id of the certificate of a purge of this client, if one has begun."""
    query = select(certificate.c.id).where(certificate.c.erased_id == client_id)
    return (await connection.execute(query.order_by(certificate.c.id.desc()).limit(1))).scalar()


async def load(connection: AsyncConnection, certificate_id: int) -> Certificate:
    """One certificate; NotFound if there is none."""
    row = (await connection.execute(_select().where(certificate.c.id == certificate_id))).first()
    if row is None:
        raise NotFound("There is no such certificate. See: helpdesk certificates list")
    return _record(row)


async def newest(
    connection: AsyncConnection, *, before: int | None = None, limit: int = 100
) -> list[Certificate]:
    """Certificates, newest first; older than the one called ``before``."""
    query = _select().order_by(certificate.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(certificate.c.id < before)
    return [_record(row) for row in await connection.execute(query)]


def _select() -> Select[Any]:
    unfinished = exists().where(client.c.id == certificate.c.erased_id)
    by = func.coalesce(staff.c.name, "").label("by")
    query = select(certificate, by, unfinished.label("unfinished"))
    return query.outerjoin(staff, staff.c.id == certificate.c.staff_id)


def _record(row: Row[Any]) -> Certificate:
    return Certificate(
        row.id,
        row.erased_id,
        row.erased_hash.hex(),
        row.by,
        json.loads(row.counts),
        row.requested_on,
        row.created_at,
        not row.unfinished,
    )
