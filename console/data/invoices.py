"""Invoices: what is new and what is overdue is computed at reading."""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.models.billing import invoice
from console.data.records import Invoice

Amounts = tuple[tuple[str, int], ...]


async def of_client(
    connection: AsyncConnection, client_id: int, today: date, limit: int = 200
) -> list[Invoice]:
    """A client's newest invoices."""
    query = (
        select(invoice)
        .where(invoice.c.client_id == client_id)
        .order_by(invoice.c.issued_on.desc(), invoice.c.id.desc())
        .limit(limit)
    )
    return [
        Invoice(
            r.id,
            r.number,
            r.title,
            r.amount,
            r.currency,
            r.issued_on,
            r.due_on,
            r.state,
            r.state == "unpaid" and r.due_on < today,
        )
        for r in await connection.execute(query)
    ]


async def totals(connection: AsyncConnection, client_id: int, today: date) -> dict[str, tuple[int, Amounts]]:
    """Number and amounts by currency of a client's unpaid invoices: 'new' (not due yet) and 'overdue'."""
    late = invoice.c.due_on < today
    return {
        "new": await _total(connection, client_id, ~late),
        "overdue": await _total(connection, client_id, late),
    }


async def _total(
    connection: AsyncConnection, client_id: int, condition: ColumnElement[bool]
) -> tuple[int, Amounts]:
    mine = and_(invoice.c.client_id == client_id, invoice.c.state == "unpaid", condition)
    query = select(invoice.c.currency, func.count(), func.sum(invoice.c.amount)).where(mine)
    count, amounts = 0, defaultdict[str, int](int)
    row: Any
    for row in await connection.execute(query.group_by(invoice.c.currency)):
        count += row[1]
        amounts[row[0]] += int(row[2])
    return count, tuple(sorted(amounts.items()))
