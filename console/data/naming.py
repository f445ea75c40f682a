"""How rows are named to a user: by the name of the record they belong to."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.models import metadata
from console.data.models.journal import journal_item

_NAMED_BY = {
    "client": "name",
    "organization": "name",
    "contact": "name",
    "department": "name",
    "staff": "name",
    "identity": "raw",
    "mail_domain": "domain",
    "package": "title",
    "invoice": "number",
    "tag": "name",
    "template": "name",
}
TAKEN = "cannot have back what another record has now"
_OWNERS = ("client_id", "organization_id", "incident_id")


async def names_of(connection: AsyncConnection, table: str, ids: Iterable[int]) -> dict[int, str]:
    """The names of rows of one table, by id; rows that are gone or have no name are left out."""
    wanted = sorted(set(ids))
    if table == "incident":
        incident = metadata.tables["incident"]
        query = select(incident.c.id, incident.c.number).where(incident.c.id.in_(wanted))
        return {row[0]: f"INC-{row[1]:06d}" for row in await connection.execute(query)}
    if table not in _NAMED_BY or not wanted:
        return {}
    model = metadata.tables[table]
    query = select(model.c.id, model.c[_NAMED_BY[table]]).where(model.c.id.in_(wanted))
    return {row[0]: row[1] for row in await connection.execute(query) if row[1]}


async def name_rows(connection: AsyncConnection, problems: Mapping[tuple[str, int], str]) -> list[str]:
    """Sentences without a full stop, one a row: 'client Anna Kowalska was changed since'."""
    by_table: dict[str, dict[int, str]] = defaultdict(dict)
    for (table, row_id), why in problems.items():
        by_table[table][row_id] = why
    sentences = []
    for table, rows in by_table.items():
        names = await _named(connection, table, rows)
        names |= await _vanished(connection, table, [row_id for row_id in rows if row_id not in names])
        word = table.replace("_", " ")
        for row_id, why in rows.items():
            held = await _held_by(connection, table, row_id, names) if why == TAKEN else ""
            sentences.append(f"{word} {names.get(row_id, row_id)} {held or why}")
    return sentences


async def _vanished(connection: AsyncConnection, table: str, ids: Iterable[int]) -> dict[int, str]:
    """What rows that are gone were called, as the journal has it."""
    if table not in _NAMED_BY:
        return {}
    item = journal_item.c
    query = (
        select(item.row_id, item.before)
        .where(item.table_name == table, item.op == "delete", item.row_id.in_(sorted(set(ids))))
        .order_by(item.entry_id)
    )
    kept = {row_id: json.loads(before or "{}") for row_id, before in await connection.execute(query)}
    return {
        row_id: str(values[_NAMED_BY[table]]) for row_id, values in kept.items() if _NAMED_BY[table] in values
    }


async def _held_by(connection: AsyncConnection, table: str, row_id: int, names: Mapping[int, str]) -> str:
    """Whose an identity is now, where it cannot be given back."""
    if table != "identity" or row_id not in names:
        return ""
    identity, client = metadata.tables["identity"], metadata.tables["client"]
    query = (
        select(client.c.name)
        .join(identity, identity.c.client_id == client.c.id)
        .where(identity.c.normalized == names[row_id].casefold(), identity.c.live)
        .limit(1)
    )
    holder = (await connection.execute(query)).scalar()
    return f"belongs to {holder} now" if holder else ""


async def _named(connection: AsyncConnection, table: str, ids: Iterable[int]) -> dict[int, str]:
    """The rows' own names, or the names of the records they belong to."""
    if own := await names_of(connection, table, ids):
        return own
    model = metadata.tables[table]
    for owner in _OWNERS:
        if owner in model.c:
            pairs = (
                await connection.execute(select(model.c.id, model.c[owner]).where(model.c.id.in_(ids)))
            ).all()
            names = await names_of(connection, owner.removesuffix("_id"), [p[1] for p in pairs if p[1]])
            return {row_id: f"of {names[owner_id]}" for row_id, owner_id in pairs if owner_id in names}
    return {}
