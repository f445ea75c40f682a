"""How rows are named to a user: by the name of the record they belong to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.models import metadata

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
        word = table.replace("_", " ")
        sentences += [f"{word} {names.get(row_id, row_id)} {why}" for row_id, why in rows.items()]
    return sentences


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
