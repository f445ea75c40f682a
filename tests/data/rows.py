"""What tests see of the database as it is: rows, balances, threads, counts of the journal."""

from collections import Counter
from typing import Any

from sqlalchemy import Table, func, select

from console.data import derived
from console.data.change import Change
from console.data.desk import Desk
from console.data.models import metadata
from console.data.models.billing import credit_lot
from console.data.models.clients import client
from console.data.models.departments import department
from console.data.models.incidents import incident, message
from console.data.models.journal import journal_entry, journal_item
from console.data.records import Actor

Snapshot = dict[str, list[tuple[Any, ...]]]

# An undo answers the rows of these instead of deleting them; what they add up to is compared instead.
LASTING = {"credit_entry", "credit_lot", "message", "attachment", "time_entry"}

# Versions only rise; a password goes with its client and, as the journal never had it, does not come back.
LEFT_OUT = {"version", "updated_at", "password_hash"}


async def snapshot(desk: Desk, *, lasting: bool = False) -> Snapshot:
    """Every row of every journalled table, but for versions and times of update, and what stands in for ledgers."""
    found: Snapshot = {}
    async with desk.read() as connection:
        for table in metadata.tables.values():
            if not table.info.get("journal", True) or (table.name in LASTING and not lasting):
                continue
            columns = [c for c in table.c if c.name not in LEFT_OUT]
            rows = await connection.execute(select(*columns).order_by(table.c.id))
            found[table.name] = [tuple(row) for row in rows]
        balances = (
            select(credit_lot.c.client_id, credit_lot.c.unit, func.sum(credit_lot.c.remaining))
            .group_by(credit_lot.c.client_id, credit_lot.c.unit)
            .order_by(credit_lot.c.client_id, credit_lot.c.unit)
        )
        found["balances"] = [tuple(row) for row in await connection.execute(balances) if row[2]]
        messages = (await connection.execute(select(message).order_by(message.c.id))).all()
        answers = Counter(row.retracts for row in messages if row.retracts)
        found["threads"] = [
            (row.incident_id, row.body) for row in messages if not row.retracts and answers[row.id] % 2 == 0
        ]
    return found


async def wrong(desk: Desk) -> list[str]:
    """Counters, list columns and words that are not as a recount would make them."""
    async with desk.read() as connection:
        return await derived.differences(connection)


async def value(desk: Desk, query: Any) -> Any:
    """The first column of the first row."""
    async with desk.read() as connection:
        return (await connection.execute(query)).scalar()


async def rows(desk: Desk, query: Any) -> list[tuple[Any, ...]]:
    async with desk.read() as connection:
        return [tuple(row) for row in await connection.execute(query)]


async def column(desk: Desk, table: Table, row_id: int, name: str) -> Any:
    return await value(desk, select(table.c[name]).where(table.c.id == row_id))


async def items(desk: Desk, entry_id: int) -> list[Any]:
    async with desk.read() as connection:
        query = select(journal_item).where(journal_item.c.entry_id == entry_id)
        return list(await connection.execute(query.order_by(journal_item.c.step, journal_item.c.row_id)))


async def entry_count(desk: Desk) -> int:
    count: int = await value(desk, select(func.count()).select_from(journal_entry))
    return count


async def add_client(desk: Desk, who: Actor, name: str = "Anna Nowak", **values: Any) -> int:
    async with desk.change(who, "client.add") as change:
        client_id = await change.insert(client, name=name, **values)
        change.entry.object_type, change.entry.object_id = "client", client_id
    return client_id


async def edit_client(desk: Desk, who: Actor, client_id: int, **values: Any) -> int:
    """Returns the entry's id."""
    async with desk.change(who, "client.edit", about=("client", client_id)) as change:
        await change.update(client, client_id, **values)
    return change.entry_id


async def add_department(change: Change, name: str = "Support") -> int:
    return await change.insert(department, name=name)


async def add_incident(change: Change, client_id: int, department_id: int, number: int, **values: Any) -> int:
    return await change.insert(
        incident,
        **{
            "number": number,
            "hash": f"{number:016d}",
            "client_id": client_id,
            "department_id": department_id,
            "channel": "staff",
            **values,
        },
    )


async def add_message(change: Change, incident_id: int, body: str, kind: str = "staff") -> int:
    return await change.insert(message, incident_id=incident_id, kind=kind, channel="staff", body=body)
