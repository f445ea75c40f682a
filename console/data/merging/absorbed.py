"""The records that were merged into one, and what staff left with them."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.merging.parts import OF_CLIENT
from console.data.models.clients import client
from console.data.models.journal import journal_entry
from console.data.models.organizations import organization
from console.data.models.settings import merge
from console.data.models.staff import staff
from console.data.rebase import MERGES
from console.data.records.merging import Absorbed

SHOWN = 100
_TABLES: dict[str, Table] = {"client": client, "organization": organization}
_LEFT = ("incidents", "invoices", "notes", "contacts", "departments", "credit lots")


async def absorbed(connection: AsyncConnection, noun: str, record_id: int) -> list[Absorbed]:
    """Who was merged into a 'client' or an 'organization', the last one first, ``SHOWN`` at most."""
    table = _TABLES[noun]
    mine = select(table.c.id, table.c.name).where(table.c.absorbed_into == record_id)
    names = {row.id: row.name for row in await connection.execute(mine.order_by(table.c.id).limit(SHOWN))}
    if not names:
        return []
    query = (
        select(
            merge.c.absorbed_id, merge.c.kind, merge.c.entry_id, journal_entry.c.at, staff.c.name.label("by")
        )
        .join(journal_entry, journal_entry.c.id == merge.c.entry_id)
        .outerjoin(staff, staff.c.id == journal_entry.c.actor_id)
        .where(merge.c.absorbed_id.in_(names))
        .order_by(merge.c.entry_id)
    )
    rows = {row.absorbed_id: row for row in await connection.execute(query)}  # of several the last one
    left = await _left(connection, list(names)) if table is client else {}
    found = [
        Absorbed(one, names[one], row.kind, row.entry_id, row.at, row.by or "", left.get(one, {}))
        for one, row in rows.items()
    ]
    return sorted(found, key=lambda one: one.entry_id, reverse=True)


async def survivor(connection: AsyncConnection, noun: str, record_id: int) -> int:
    """The record that this one was merged into, however many times; itself if it stands, or is not there."""
    table = _TABLES[noun]
    seen: set[int] = set()
    while record_id not in seen:
        seen.add(record_id)
        into = select(table.c.absorbed_into).where(table.c.id == record_id)
        record_id = (await connection.execute(into)).scalar() or record_id
    return record_id


async def _left(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Rows of the categories that staff may leave out, by record and by what they are called."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for part in OF_CLIENT:
        if part.label in _LEFT:
            query = select(part.owner, func.count()).where(part.owner.in_(ids)).group_by(part.owner)
            for owner, number in await connection.execute(query):
                found[owner][part.label] = int(number)
    return found


async def last_merge(connection: AsyncConnection, actor_id: int | None) -> int | None:
    """The entry of the last change that this member of staff could take back, if that is a merge."""
    query = (
        select(journal_entry.c.id, journal_entry.c.action)
        .where(
            journal_entry.c.actor_id == actor_id,
            journal_entry.c.undone_by.is_(None),
            journal_entry.c.undoes.is_(None),
        )
        .order_by(journal_entry.c.id.desc())
        .limit(1)
    )
    found = (await connection.execute(query)).first()
    return int(found.id) if found is not None and found.action in MERGES else None


async def is_merge(connection: AsyncConnection, entry_id: int) -> bool:
    """Whether a journal entry is a merge."""
    query = select(journal_entry.c.action).where(journal_entry.c.id == entry_id)
    return (await connection.execute(query)).scalar() in MERGES
