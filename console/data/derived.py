"""What is kept beside the rows it is computed from: counters, list columns, words, what duplicates are found by.

Never journalled. Counters move with each write (see ``data.counters``). List columns and words of the touched clients
and organizations are made anew once, at the end of a change. ``recount`` makes everything anew, ``differences`` says
what is wrong.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, func, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import counters, search, texts
from console.data.dialect import DIALECTS
from console.data.duplicates import groups, marks
from console.data.models import clients, organizations
from console.data.models.duplicates import duplicate_decision
from console.data.normalize import fold
from console.data.touched import Touched

CHUNK = 500


_client, _organization = clients.client, organizations.organization

# Columns of each table that list columns or search words are made from, and which column names the record.
_CLIENT_SOURCES: dict[str, tuple[frozenset[str], str]] = {
    "client": (frozenset({"name", "username", "external_id", "organization_id", "deleted_at"}), "id"),
    "identity": (
        frozenset({"client_id", "contact_id", "raw", "normalized", "live", "position", "mobile"}),
        "client_id",
    ),
    "contact": (frozenset({"client_id", "name", "deleted_at"}), "client_id"),
    "client_tag": (frozenset({"client_id", "tag_id"}), "client_id"),
}
_ORGANIZATION_SOURCES: dict[str, tuple[frozenset[str], str]] = {
    "organization": (frozenset({"name", "external_id", "deleted_at"}), "id"),
    "mail_domain": (frozenset({"organization_id", "domain"}), "organization_id"),
    "organization_manager": (frozenset({"organization_id", "client_id"}), "organization_id"),
}
# The same for what duplicates are found by; a contact's identities count, their names do not.
_FORM_SOURCES: dict[str, tuple[frozenset[str], str]] = {
    "client": (marks.WATCHED, "id"),
    "identity": (frozenset({"client_id", "normalized", "type", "live", "position"}), "client_id"),
}
_DECIDED = ("first_id", "second_id")


def alongside(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """List columns that follow from plain values of the same row alone, to be written with them at once.

    An organization's name is not among them: its clients are sorted by it, which the refresh sees to.
    """
    if table is _client and isinstance(name := values.get("name"), str):
        return {"sort_name": fold(name)}
    return {}


class Derived:
    """The clients and organizations a change has touched, and their refresh."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.texts = texts.Texts(connection)
        self._clients: set[int] = set()
        self._organizations: set[int] = set()
        self._forms: set[int] = set()
        self._made: set[int] = set()
        self._decided: set[int] = set()
        self._restored: dict[str, set[int]] = {}
        self._renamed = False
        self._written: set[int] = set()

    async def mark_rows(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Rows were inserted: the records they belong to need a refresh."""
        for sources, marked in self._kinds():
            if table.name in sources:
                owner = sources[table.name][1]
                marked.update(row[owner] for row in rows)
        if table is duplicate_decision:
            self._decided.update(row[name] for row in rows for name in _DECIDED)

    def locked(self, clients: Iterable[int]) -> None:
        """The change has locked these clients already."""
        self._written.update(clients)

    def made_clients(self, ids: Iterable[int]) -> None:
        """Many clients were inserted with all that is derived from their rows, but for what duplicates are found by.

        ``duplicates.store.key_waiting`` has to run when all are there.
        """
        self._made.update(ids)
        self._written.update(ids)

    async def mark(
        self, table: Table, changed: Collection[str] | None, touched: Touched, *, only: int | None = None
    ) -> None:
        """Rows are about to change, or are about to be deleted or were inserted (``changed`` None).

        ``only`` is the one row's id, where it is known.
        """
        for owner, marked in self._concerned(table, changed):
            if only is not None and owner == "id":
                ids = [only]
                self._written.add(only)
            else:
                ids = await self._owners(table.c[owner], touched)
            for records in marked:
                records.update(ids)
        if table is _client and changed and "name" in changed:
            self._renamed = True
        await self._mark_pairs(table, changed, touched)
        await self.texts.changing(table, changed, touched)

    async def mark_again(self, table: Table, values: Mapping[str, Any], touched: Touched) -> None:
        """The same rows have changed, to plain ``values`` or by expressions: whose they are now matters, too."""
        for owner, marked in self._concerned(table, values):
            if owner == "id" or owner not in values:
                continue
            new = values[owner]
            ids = [new] if isinstance(new, int) else await self._owners(table.c[owner], touched)
            for records in marked:
                records.update(ids)

    def _concerned(self, table: Table, changed: Collection[str] | None) -> list[tuple[str, list[set[int]]]]:
        """What records of which kinds are to be made anew, by the column that names them."""
        found: dict[str, list[set[int]]] = defaultdict(list)
        for sources, marked in self._kinds():
            if table.name in sources:
                watched, owner = sources[table.name]
                if changed is None or not watched.isdisjoint(changed):
                    found[owner].append(marked)
        return [*found.items()]

    async def _owners(self, column: Column[Any], touched: Touched) -> list[int]:
        query = _column_of(column, touched.where)
        return list((await self._connection.execute(query, touched.given)).scalars())

    async def _mark_pairs(self, table: Table, changed: Collection[str] | None, touched: Touched) -> None:
        """What the search for duplicates says of pairs depends on decisions, and on who is there at all."""
        if table is duplicate_decision:
            query = select(*(table.c[name] for name in _DECIDED)).where(touched.where)
            rows = await self._connection.execute(query, touched.given)
            self._decided.update(one for row in rows for one in row)
        if table is _client and changed is None:
            await marks.neighbours_unscored(self._connection, touched.where, touched.given)

    async def restored(self, table: Table, touched: Touched) -> None:
        """Rows came back, perhaps after those that count in them: their counters are made anew."""
        await self.texts.restored(table, touched)
        if table in counters.targets():
            self._restored.setdefault(table.name, set()).update(await self._owners(table.c.id, touched))

    async def refresh(self) -> None:
        """Make the list columns and search words of all marked records anew."""
        if self._restored:
            await self._recount_restored()
        for chunk in _chunks(self._organizations):
            found = await search.refresh_organizations(self._connection, chunk)
            if found.renamed:  # their clients are found by the name
                self._clients.update(await self._members(found.renamed))
            if known := found.renamed | found.moved:
                self._forms.update(await self._members(known))
        managers: set[int] = set()
        await self._lock_clients()
        for chunk in _chunks(self._clients):
            managers |= (await search.refresh_clients(self._connection, chunk)).managers
        if self._forms or self._made:
            await self._refresh_forms()
        await groups.regroup(self._connection, self._decided)
        if self._renamed and managers:
            await self._refresh_managed(managers)
        await self.texts.refresh()

    async def _lock_clients(self) -> None:
        """Those whose own row this change has written are locked already."""
        dialect = DIALECTS[self._connection.dialect.name]
        for chunk in _chunks((self._clients | self._forms) - self._written):
            await dialect.lock(self._connection, _client, _client.c.id.in_(chunk))

    async def _refresh_forms(self) -> None:
        from console.data.duplicates import store  # 30 ms to import, and most commands never need it

        await store.add_unkeyed(self._connection, sorted(self._made))
        for chunk in _chunks(self._forms):
            await store.refresh(self._connection, chunk)

    async def _members(self, owners: Iterable[int]) -> list[int]:
        return await self._ids(select(_client.c.id).where(_client.c.organization_id.in_(owners)))

    async def _refresh_managed(self, managers: set[int]) -> None:
        """Organizations show their managers by name."""
        manager = organizations.organization_manager
        for chunk in _chunks(managers):
            managed = select(manager.c.organization_id).where(manager.c.client_id.in_(chunk)).distinct()
            for some in _chunks(set(await self._ids(managed))):
                await search.refresh_organizations(self._connection, some)

    async def _recount_restored(self) -> None:
        owners: set[int] = set()
        for chunk in _chunks(self._restored.get("client", set())):
            owned = select(_client.c.organization_id).where(
                _client.c.id.in_(chunk), _client.c.organization_id.is_not(None)
            )
            owners.update(await self._ids(owned))
        if owners:
            self._restored.setdefault("organization", set()).update(owners)
        for counter, counted in counters.totals():
            for chunk in _chunks(self._restored.get(counter.target.table.name, set())):
                await counters.recount(self._connection, counter, counted, chunk)

    async def _ids(self, query: Select[Any]) -> list[int]:
        return list((await self._connection.execute(query)).scalars())

    def _kinds(self) -> tuple[tuple[dict[str, tuple[frozenset[str], str]], set[int]], ...]:
        return (
            (_CLIENT_SOURCES, self._clients),
            (_ORGANIZATION_SOURCES, self._organizations),
            (_FORM_SOURCES, self._forms),
        )


# Everything at once


async def recount(connection: AsyncConnection) -> int:
    """Make all counters, list columns and words anew, after a bulk load; returns how many rows were wrong."""
    from console.data.duplicates import store

    wrong = 0
    for counter, counted in counters.totals():
        wrong += await counters.recount(connection, counter, counted, None)
    async for ids in _all(connection, _organization):
        wrong += len((await search.refresh_organizations(connection, ids)).wrong)
    async for ids in _all(connection, _client):
        wrong += len((await search.refresh_clients(connection, ids)).wrong)
    return wrong + await texts.recount(connection) + await store.recount(connection)


async def differences(connection: AsyncConnection) -> list[str]:
    """What is not as a recount would make it, one sentence each, at most a hundred a kind; writes nothing."""
    from console.data.duplicates import store

    found: list[str] = []
    for counter, counted in counters.totals():
        target = counter.target.table
        total, owner, amount = counters.total(counter, counted, true())
        right = func.coalesce(amount, 0)
        query = (
            select(target.c.id, counter.target, right)
            .select_from(target.outerjoin(total, owner == target.c.id))
            .where(counter.target != right)
            .limit(100)
        )
        found += [
            f"{target.name} {row[0]}: {counter.target.name} is {row[1]} and should be {row[2]}"
            for row in await connection.execute(query)
        ]
    async for ids in _all(connection, _organization):
        found += (await search.compare_organizations(connection, ids)).sentences("organization")
    async for ids in _all(connection, _client):
        found += (await search.compare_clients(connection, ids)).sentences("client")
    return found + await texts.differences(connection) + await store.differences(connection)


async def _all(connection: AsyncConnection, table: Table) -> AsyncIterator[list[int]]:
    last = -(1 << 63)
    while True:
        query = select(table.c.id).where(table.c.id > last).order_by(table.c.id).limit(CHUNK)
        ids = list((await connection.execute(query)).scalars())
        if not ids:
            return
        yield ids
        last = ids[-1]


@lru_cache(maxsize=512)
def _column_of(column: Column[Any], where: ColumnElement[bool]) -> Select[Any]:
    return select(column).where(where).distinct()


def _chunks(ids: set[int]) -> list[list[int]]:
    ordered = sorted(ids)
    return [ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK)]
