"""The rows of keys and forms as each database writes and reads them fastest, many at a time."""

import asyncio
from array import array
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.one_trip import run_together

if TYPE_CHECKING:
    from numpy import int64
    from numpy.typing import NDArray

_TOGETHER = 64  # rows of one statement, where each would be a step of its own
_PART = 1_600 * _TOGETHER
Posting = tuple[int, int]
"""A key and the client who has it."""

_ADD = {
    "sqlite": "INSERT OR IGNORE INTO duplicate_key (hash, client_id) VALUES (?, ?)",
    "postgresql": "INSERT INTO duplicate_key (hash, client_id)"
    " SELECT * FROM unnest($1::bigint[], $2::bigint[]) ON CONFLICT DO NOTHING",
}
_ADD_TOGETHER = _ADD["sqlite"] + ", (?, ?)" * (_TOGETHER - 1)
_REMOVE = {
    "sqlite": "DELETE FROM duplicate_key WHERE hash = ? AND client_id = ?",
    "postgresql": "DELETE FROM duplicate_key USING unnest($1::bigint[], $2::bigint[]) AS gone (hash, client_id)"
    " WHERE duplicate_key.hash = gone.hash AND duplicate_key.client_id = gone.client_id",
}
_FORMS = {
    "sqlite": "INSERT INTO duplicate_form (client_id, version, form, unscored, keyed) VALUES (?, ?, ?, true, {keyed})",
    "postgresql": "INSERT INTO duplicate_form (client_id, version, form, unscored, keyed)"
    " SELECT *, true, {keyed} FROM unnest($1::bigint[], $2::bigint[], $3::text[])",
}
_FORMS_UPSERT = (
    " ON CONFLICT (client_id) DO UPDATE SET version = excluded.version, form = excluded.form,"
    " unscored = true, keyed = excluded.keyed"
)
_HOLDERS = {
    "sqlite": "SELECT k.value, (SELECT group_concat(client_id) FROM (SELECT client_id FROM duplicate_key"
    " WHERE hash = k.value LIMIT {limit})) FROM json_each(:keys) AS k",
    "postgresql": "SELECT k, ARRAY(SELECT client_id FROM duplicate_key WHERE hash = k LIMIT {limit})"
    " FROM unnest(CAST(:keys AS bigint[])) AS k",
}
_COUNTS = {
    "sqlite": "SELECT k.value, (SELECT count(*) FROM (SELECT 1 FROM duplicate_key"
    " WHERE hash = k.value LIMIT {limit})) FROM json_each(:keys) AS k",
    "postgresql": "SELECT k, (SELECT count(*) FROM (SELECT 1 FROM duplicate_key WHERE hash = k LIMIT {limit}) AS held)"
    " FROM unnest(CAST(:keys AS bigint[])) AS k",
}
_STORED = {
    "sqlite": "SELECT client_id, form FROM duplicate_form"
    " WHERE client_id IN (SELECT value FROM json_each(?)) AND form <> ''",
    "postgresql": "SELECT client_id, form FROM duplicate_form WHERE client_id = ANY($1::bigint[]) AND form <> ''",
}

_LOOKED_FOR = {
    name: statement.replace("client_id, form", "client_id", 1) for name, statement in _STORED.items()
}


async def change(
    connection: AsyncConnection,
    gone: Iterable[Posting],
    new: Iterable[Posting],
    forms: Iterable[tuple[int, int, str]],
) -> None:
    """Delete postings, write others, and write clients, versions and forms as ``put_forms`` does."""
    parts: list[tuple[dict[str, str], Sequence[Any]]] = [
        (_REMOVE, sorted(gone)),
        (_ADD, sorted(new)),
        (_put_forms(keyed=True), sorted(forms)),
    ]
    if connection.dialect.name == "sqlite":
        await run_together(connection, [(statements["sqlite"], rows) for statements, rows in parts])
        return
    for statements, rows in parts:
        await _many(connection, statements, rows)


async def add_many(connection: AsyncConnection, hashes: "array[int]", owners: "array[int]") -> None:
    """The same for millions, given as two columns: written in the order of the keys, a part at a time."""
    import numpy as np

    keys, clients = np.frombuffer(hashes, dtype=np.int64), np.frombuffer(owners, dtype=np.int64)
    order = await asyncio.to_thread(np.lexsort, (clients, keys))
    await add_sorted(connection, keys[order], clients[order])


async def add_sorted(connection: AsyncConnection, keys: "NDArray[int64]", clients: "NDArray[int64]") -> None:
    """The same for keys that are in their order."""
    import numpy as np

    begin = 0
    if connection.dialect.name == "sqlite":
        rows = np.stack([keys, clients], axis=1)
        begin = len(keys) // _TOGETHER * _TOGETHER
        for start in range(0, begin, _PART):
            some = rows[start : min(start + _PART, begin)].reshape(-1, 2 * _TOGETHER)
            await connection.exec_driver_sql(_ADD_TOGETHER, [tuple(one) for one in some.tolist()])
    for start in range(begin, len(keys), _PART):
        part = slice(start, start + _PART)
        await _many(connection, _ADD, list(zip(keys[part].tolist(), clients[part].tolist(), strict=True)))


async def remove(connection: AsyncConnection, postings: Iterable[Posting]) -> None:
    """Delete postings."""
    await _many(connection, _REMOVE, sorted(postings))


async def put_forms(
    connection: AsyncConnection, rows: Iterable[tuple[int, int, str]], *, keyed: bool = True
) -> None:
    """Write client, version and form, not scored yet; forms that are there are replaced."""
    await _many(connection, _put_forms(keyed=keyed), sorted(rows))


@cache
def _put_forms(*, keyed: bool) -> dict[str, str]:
    return {name: (sql + _FORMS_UPSERT).format(keyed=str(keyed).lower()) for name, sql in _FORMS.items()}


async def forms(connection: AsyncConnection, ids: Iterable[int]) -> dict[int, str]:
    """The packed forms of clients; who is not looked for is left out."""
    if not (wanted := sorted(set(ids))):
        return {}
    name = connection.dialect.name
    given = str(wanted) if name == "sqlite" else wanted
    rows: Any = await connection.exec_driver_sql(_STORED[name], (given,))
    return {row[0]: row[1] for row in rows}


async def looked_for(connection: AsyncConnection, ids: Iterable[int]) -> set[int]:
    """Those of these clients who have a form."""
    if not (wanted := sorted(set(ids))):
        return set()
    name = connection.dialect.name
    given = str(wanted) if name == "sqlite" else wanted
    rows = await connection.exec_driver_sql(_LOOKED_FOR[name], (given,))
    return set(rows.scalars())


async def holders(connection: AsyncConnection, keys: Iterable[int], limit: int) -> dict[int, list[int]]:
    """Who has each key, at most ``limit`` clients of each, in the order of ids; keys that nobody has are left out."""
    if not (wanted := sorted(set(keys))):
        return {}
    rows = await _asked(connection, _HOLDERS, wanted, limit)
    return {key: _ids(found) for key, found in rows if found}


async def counts(connection: AsyncConnection, keys: Iterable[int], limit: int) -> dict[int, int]:
    """How many clients have each key, counted up to ``limit``."""
    if not (wanted := sorted(set(keys))):
        return {}
    return dict(await _asked(connection, _COUNTS, wanted, limit))


def _ids(found: str | list[int]) -> list[int]:
    return [int(one) for one in found.split(",")] if isinstance(found, str) else found


async def _asked(
    connection: AsyncConnection, statements: dict[str, str], keys: list[int], limit: int
) -> list[Any]:
    name = connection.dialect.name
    given = str(keys) if name == "sqlite" else keys
    statement = text(statements[name].format(limit=int(limit)))
    return [tuple(row) for row in await connection.execute(statement, {"keys": given})]


async def _many(
    connection: AsyncConnection, statements: dict[str, str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Run a statement for rows: one by one where that is free, as columns where each would be a message."""
    if not rows:
        return
    name = connection.dialect.name
    given: Any = rows if name == "sqlite" else tuple(list(column) for column in zip(*rows, strict=True))
    await connection.exec_driver_sql(statements[name], given)
