"""How undo takes back rows of append-only tables: by a row that answers them, never by deleting."""

from collections.abc import Awaitable, Callable

from sqlalchemy import ColumnElement, Table, select, true

from console.data.change import Change
from console.data.models.billing import credit_entry, credit_lot

Conflicts = list[tuple[int, str]]
Compensation = Callable[[Change, Table, ColumnElement[bool]], Awaitable[Conflicts]]


async def _reverse_credit(change: Change, table: Table, mine: ColumnElement[bool]) -> Conflicts:
    """Each line gets its opposite; a lot that has been spent since is a conflict."""
    rows = (await change.connection.execute(select(table).where(mine))).all()
    needed: dict[int, int] = {}
    for row in rows:
        needed[row.lot_id] = needed.get(row.lot_id, 0) + row.amount
    short = select(credit_lot.c.id, credit_lot.c.remaining).where(credit_lot.c.id.in_(needed))
    poor = {row.id for row in await change.connection.execute(short) if row.remaining < needed[row.id]}
    reversed_before = select(credit_entry.c.reverses).where(credit_entry.c.reverses.in_([r.id for r in rows]))
    done = set((await change.connection.execute(reversed_before)).scalars())
    if conflicts := [(row.id, "has been spent since") for row in rows if row.lot_id in poor]:
        return conflicts
    await change.insert_many(
        table,
        [
            {
                "lot_id": row.lot_id,
                "client_id": row.client_id,
                "unit": row.unit,
                "amount": -row.amount,
                "incident_id": row.incident_id,
                "reverses": row.id,
                "staff_id": change.actor.staff_id,
                "reason": f"undo: {row.reason}" if row.reason else "undo",
            }
            for row in rows
            if row.id not in done
        ],
    )
    return []


async def _reverse_time(change: Change, table: Table, mine: ColumnElement[bool]) -> Conflicts:
    """Minutes are taken back by an entry that reverses them."""
    rows = (await change.connection.execute(select(table).where(mine))).all()
    await change.insert_many(
        table,
        [
            {
                "incident_id": row.incident_id,
                "staff_id": row.staff_id,
                "minutes": -row.minutes,
                "billable": row.billable,
                "note": f"undo: {row.note}" if row.note else "undo",
                "reverses": row.id,
            }
            for row in rows
        ],
    )
    return []


async def _retract_messages(change: Change, table: Table, mine: ColumnElement[bool]) -> Conflicts:
    """A message stays, and an event says that it was retracted; threads show neither."""
    rows = (await change.connection.execute(select(table).where(mine))).all()
    await change.insert_many(
        table,
        [
            {
                "incident_id": row.incident_id,
                "kind": "event",
                "staff_id": change.actor.staff_id,
                "author": change.actor.name,
                "channel": "staff",
                "body": "retracted",
                "retracts": row.id,
            }
            for row in rows
        ],
    )
    return []


async def _leave(change: Change, table: Table, mine: ColumnElement[bool]) -> Conflicts:
    """Nothing of its own: an emptied lot stays with nothing in it, a file stays with its retracted message."""
    found = await change.connection.execute(select(true()).where(select(table.c.id).where(mine).exists()))
    return [] if found.first() else [(0, "is gone already")]


COMPENSATIONS: dict[str, Compensation] = {
    "credit_entry": _reverse_credit,
    "credit_lot": _leave,
    "time_entry": _reverse_time,
    "message": _retract_messages,
    "attachment": _leave,
}
