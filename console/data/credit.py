"""Prepaid credit: balances and the ledger behind them, in minutes and in incidents."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.change import Change
from console.data.errors import Invalid, NotFound, Refused
from console.data.holding import hold
from console.data.ledger import standing
from console.data.models.billing import credit_entry, credit_lot
from console.data.models.clients import client
from console.data.models.staff import staff
from console.data.records import CreditLine, CreditLot

LAPSES_SOON = timedelta(days=30)


def _usable(now: datetime) -> ColumnElement[bool]:
    return and_(
        credit_lot.c.remaining > 0, or_(credit_lot.c.expires_at.is_(None), credit_lot.c.expires_at > now)
    )


async def balance(connection: AsyncConnection, client_id: int, now: datetime) -> dict[str, int]:
    """What a client can still use, by unit; lapsed lots do not count."""
    query = (
        select(credit_lot.c.unit, func.sum(credit_lot.c.remaining))
        .where(credit_lot.c.client_id == client_id, _usable(now))
        .group_by(credit_lot.c.unit)
    )
    return {"minutes": 0, "incidents": 0} | {u: int(total) for u, total in await connection.execute(query)}


async def organization_balance(
    connection: AsyncConnection, organization_id: int, now: datetime
) -> dict[str, int]:
    """What the clients of an organization can still use together, by unit."""
    query = (
        select(credit_lot.c.unit, func.sum(credit_lot.c.remaining))
        .join(client, client.c.id == credit_lot.c.client_id)
        .where(client.c.organization_id == organization_id, _usable(now))
        .group_by(credit_lot.c.unit)
    )
    return {"minutes": 0, "incidents": 0} | {u: int(total) for u, total in await connection.execute(query)}


async def lots(connection: AsyncConnection, client_id: int, now: datetime) -> list[CreditLot]:
    """The lots that can still be used, first to lapse first: the order they are spent in."""
    query = (
        select(credit_lot)
        .where(credit_lot.c.client_id == client_id, _usable(now))
        .order_by(credit_lot.c.expires_at.is_(None), credit_lot.c.expires_at, credit_lot.c.id)
        .limit(100)
    )
    rows = await connection.execute(query)
    return [CreditLot(r.id, r.unit, r.remaining, r.expires_at, r.reason) for r in rows]


async def ledger(connection: AsyncConnection, client_id: int, limit: int = 200) -> list[CreditLine]:
    """The newest lines of a client's ledger."""
    query = (
        select(credit_entry, func.coalesce(staff.c.name, "").label("by"))
        .outerjoin(staff, staff.c.id == credit_entry.c.staff_id)
        .where(credit_entry.c.client_id == client_id)
        .order_by(credit_entry.c.id.desc())
        .limit(limit)
    )
    rows = await connection.execute(query)
    return [CreditLine(r.id, r.unit, r.amount, r.reason, r.by, r.created_at) for r in rows]


async def add(
    change: Change,
    ids: Sequence[int],
    unit: str,
    amount: int,
    *,
    reason: str = "",
    expires_at: datetime | None = None,
) -> list[int]:
    """Put a lot of credit into each client's account; returns the lots' ids. ``amount`` is minutes or incidents."""
    if amount <= 0:
        raise Invalid(
            "amount", "The amount must be more than nothing. To take credit away, undo the line that gave it."
        )
    lots = [{"client_id": one, "unit": unit, "expires_at": expires_at, "reason": reason} for one in ids]
    made = await change.insert_many(credit_lot, lots)
    lines = [
        {
            "lot_id": lot_id,
            "client_id": one,
            "unit": unit,
            "amount": amount,
            "staff_id": change.actor.staff_id,
            "reason": reason,
        }
        for lot_id, one in zip(made, ids, strict=True)
    ]
    await change.insert_many(credit_entry, lines)
    return made


async def reverse(change: Change, entry_id: int, *, reason: str = "") -> CreditLine:
    """Correct a line of the ledger by its opposite; returns the new line. Both stay.

    Refused where it has been reversed already, is itself a reversal, or its credit has been spent since; and where
    the client is deleted.
    """
    query = select(credit_entry).where(credit_entry.c.id == entry_id)
    row = (await change.connection.execute(query)).first()
    if row is None:
        raise NotFound("There is no such line in the ledger.")
    await hold(change, client.c.id == row.client_id)
    lot = credit_lot.c.id == row.lot_id
    await change.dialect.lock(change.connection, credit_lot, lot)
    [known] = await standing(change.connection, [row])
    if row.reverses is not None or not known.counts:
        raise Refused("This line has been reversed already, or reverses another. Add credit anew instead.")
    left = int((await change.connection.execute(select(credit_lot.c.remaining).where(lot))).scalar_one())
    if left < row.amount:
        spent = row.amount - left
        raise Refused(
            f"Of this credit {spent:,} {row.unit} have been spent since, so it cannot be taken back."
        )
    why = reason or row.reason
    made = await change.insert(
        credit_entry,
        lot_id=row.lot_id,
        client_id=row.client_id,
        unit=row.unit,
        amount=-row.amount,
        incident_id=row.incident_id,
        reverses=known.last.id,
        staff_id=change.actor.staff_id,
        reason=why,
    )
    change.entry.object_type, change.entry.object_id = "client", row.client_id
    return CreditLine(made, row.unit, -row.amount, why, change.actor.name, change.at)
