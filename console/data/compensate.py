"""How undo takes back rows of append-only tables: by a row that answers them, never by deleting."""

from collections.abc import Awaitable, Callable

from sqlalchemy import ColumnElement, Table, select

from console.data import ledger
from console.data.change import Change
from console.data.models.billing import credit_lot
from console.data.models.incidents import RESTORED, RETRACTED

Conflicts = list[tuple[int, str]]
Compensation = Callable[[Change, Table, ColumnElement[bool]], Awaitable[Conflicts]]


async def _reverse_credit(change: Change, table: Table, mine: ColumnElement[bool]) -> Conflicts:
    """Each line that still counts gets its opposite; a lot that has been spent since is a conflict."""
    rows = (await change.connection.execute(select(table).where(mine))).all()
    known = await ledger.standing(change.connection, rows)
    standing = [one for one in known if one.counts]
    needed: dict[int, int] = {}
    for one in standing:
        needed[one.line.lot_id] = needed.get(one.line.lot_id, 0) + one.line.amount
    lots = credit_lot.c.id.in_(needed)
    await change.dialect.lock(change.connection, credit_lot, lots)
    left = await change.connection.execute(select(credit_lot.c.id, credit_lot.c.remaining).where(lots))
    poor = {row.id for row in left if row.remaining < needed[row.id]}
    if conflicts := [(one.line.id, "has been spent since") for one in standing if one.line.lot_id in poor]:
        return conflicts
    await change.insert_many(
        table,
        [
            {
                "lot_id": one.line.lot_id,
                "client_id": one.line.client_id,
                "unit": one.line.unit,
                "amount": -one.line.amount,
                "incident_id": one.line.incident_id,
                "reverses": one.last.id,
                "staff_id": change.actor.staff_id,
                "reason": f"undo: {one.line.reason}" if one.line.reason else "undo",
            }
            for one in standing
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
    """A message stays, and an event says that it was retracted; threads show neither.

    Where that is undone in turn, a second event restores the message, and so on: an odd number hides it.
    """
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
                "body": RESTORED if row.retracts and row.body == RETRACTED else RETRACTED,
                "retracts": row.retracts or row.id,
            }
            for row in rows
        ],
    )
    return []


async def _leave(change: Change, table: Table, mine: ColumnElement[bool]) -> Conflicts:
    """Nothing of its own: an emptied lot stays with nothing in it, a file stays with its retracted message."""
    return []


COMPENSATIONS: dict[str, Compensation] = {
    "credit_entry": _reverse_credit,
    "credit_lot": _leave,
    "time_entry": _reverse_time,
    "message": _retract_messages,
    "attachment": _leave,
}
