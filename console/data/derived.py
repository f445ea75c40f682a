"""What is kept beside the rows it is computed from: counters, list columns, words, what duplicates are found by.

Never journalled. Counters move by difference: what the touched rows contributed before a write is taken away,
what they contribute after it is added. List columns and words of the touched clients and organizations are
made anew once, at the end of a change. ``recount`` makes everything anew, ``differences`` says what is wrong.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    Subquery,
    Table,
    and_,
    case,
    func,
    literal,
    select,
    text,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import search, texts
from console.data.dialect import DIALECTS
from console.data.duplicates import groups, marks
from console.data.models import billing, clients, contacts, incidents, organizations
from console.data.models.duplicates import duplicate_decision
from console.data.normalize import fold

CHUNK = 500


@dataclass(frozen=True)
class Counter:
    """A number on ``target`` that sums what rows of another table contribute; ``owner`` names the target's row."""

    target: Column[int]
    owner: Column[Any]
    watches: frozenset[str]
    contributions: Callable[[ColumnElement[bool]], Select[Any]]


def _listed(table: Table) -> ColumnElement[bool]:
    return table.c.deleted_at.is_(None) & table.c.archived_at.is_(None) & table.c.absorbed_into.is_(None)


def _incidents_of_client(touched: ColumnElement[bool]) -> Select[Any]:
    owner = incidents.incident.c.client_id
    return select(owner, func.count()).where(touched, text(incidents.OPEN)).group_by(owner)


def _incidents_of_organization(touched: ColumnElement[bool]) -> Select[Any]:
    client, incident = clients.client, incidents.incident
    return (
        select(client.c.organization_id, func.count())
        .select_from(incident.join(client, client.c.id == incident.c.client_id))
        .where(touched, text(incidents.OPEN), _listed(client))
        .group_by(client.c.organization_id)
    )


def _members(touched: ColumnElement[bool]) -> Select[Any]:
    client = clients.client
    return (
        select(client.c.organization_id, func.count())
        .where(touched, _listed(client))
        .group_by(client.c.organization_id)
    )


def _members_incidents(touched: ColumnElement[bool]) -> Select[Any]:
    client = clients.client
    return (
        select(client.c.organization_id, func.sum(client.c.open_incidents))
        .where(touched, _listed(client))
        .group_by(client.c.organization_id)
    )


def _contacts(touched: ColumnElement[bool]) -> Select[Any]:
    contact = contacts.contact
    return (
        select(contact.c.client_id, func.count())
        .where(touched, contact.c.deleted_at.is_(None))
        .group_by(contact.c.client_id)
    )


def _credit(touched: ColumnElement[bool]) -> Select[Any]:
    entry = billing.credit_entry
    return select(entry.c.lot_id, func.sum(entry.c.amount)).where(touched).group_by(entry.c.lot_id)


def _messages(touched: ColumnElement[bool]) -> Select[Any]:
    """Those of clients and staff; an event that retracts one of them counts against it, one that restores it for it."""
    message, retracted = incidents.message, incidents.message.alias()
    counted = ("client", "staff")
    amount = case(
        (message.c.kind.in_(counted), 1),
        (and_(retracted.c.kind.in_(counted), message.c.body == incidents.RETRACTED), -1),
        (and_(retracted.c.kind.in_(counted), message.c.body == incidents.RESTORED), 1),
        else_=0,
    )
    return (
        select(message.c.incident_id, func.sum(amount))
        .select_from(message.outerjoin(retracted, retracted.c.id == message.c.retracts))
        .where(touched)
        .group_by(message.c.incident_id)
    )


_OPENNESS = frozenset({"client_id", "state", "folder", "merged_into"})
_MEMBERSHIP = frozenset({"organization_id", "deleted_at", "archived_at", "absorbed_into"})

_client, _organization, _incident = clients.client, organizations.organization, incidents.incident

COUNTERS: dict[str, tuple[Counter, ...]] = {
    "incident": (
        Counter(_client.c.open_incidents, _incident.c.client_id, _OPENNESS, _incidents_of_client),
        Counter(
            _organization.c.open_incidents, _client.c.organization_id, _OPENNESS, _incidents_of_organization
        ),
    ),
    "client": (
        Counter(_organization.c.client_count, _client.c.organization_id, _MEMBERSHIP, _members),
        Counter(_organization.c.open_incidents, _client.c.organization_id, _MEMBERSHIP, _members_incidents),
    ),
    "contact": (
        Counter(
            _client.c.contact_count,
            contacts.contact.c.client_id,
            frozenset({"client_id", "deleted_at"}),
            _contacts,
        ),
    ),
    "credit_entry": (
        Counter(billing.credit_lot.c.remaining, billing.credit_entry.c.lot_id, frozenset(), _credit),
    ),
    "message": (
        Counter(
            _incident.c.message_count, incidents.message.c.incident_id, frozenset({"incident_id"}), _messages
        ),
    ),
}

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

    def made_clients(self, ids: Iterable[int]) -> None:
        """Many clients were inserted with all that is derived from their rows, but for what duplicates are found by.

        ``duplicates.store.key_waiting`` has to run when all are there.
        """
        self._made.update(ids)
        self._written.update(ids)

    async def mark(
        self,
        table: Table,
        changed: set[str] | None,
        touched: ColumnElement[bool],
        *,
        again: bool = False,
        only: int | None = None,
    ) -> None:
        """Rows are about to change, or are about to be deleted or were inserted (``changed`` None).

        ``again`` says that the same rows were marked before the change: only those that changed hands matter.
        ``only`` is the one row's id, where it is known.
        """
        for sources, marked in self._kinds():
            if table.name not in sources:
                continue
            watched, owner = sources[table.name]
            if changed is None or watched & changed:
                if again and (owner == "id" or owner not in (changed or ())):
                    continue
                if only is not None and owner == "id":
                    marked.add(only)
                    self._written.add(only)
                    continue
                marked.update(await self._ids(select(table.c[owner]).where(touched)))
        if table is _client and changed and "name" in changed:
            self._renamed = True
        await self._mark_pairs(table, changed, touched)
        if not again:
            await self.texts.changing(table, changed, touched)

    async def _mark_pairs(self, table: Table, changed: set[str] | None, touched: ColumnElement[bool]) -> None:
        """What the search for duplicates says of pairs depends on decisions, and on who is there at all."""
        if table is duplicate_decision:
            for name in _DECIDED:
                self._decided.update(await self._ids(select(table.c[name]).where(touched)))
        if table is _client and changed is None:
            await marks.neighbours_unscored(self._connection, touched)

    async def restored(self, table: Table, touched: ColumnElement[bool]) -> None:
        """Rows came back, perhaps after those that count in them: their counters are made anew."""
        await self.texts.restored(table, touched)
        if table in (counter.target.table for counters in COUNTERS.values() for counter in counters):
            self._restored.setdefault(table.name, set()).update(
                await self._ids(select(table.c.id).where(touched))
            )

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
        for counter in _totals():
            for chunk in _chunks(self._restored.get(counter.target.table.name, set())):
                await _recount(self._connection, counter, chunk)

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
    for counter in _totals():
        wrong += await _recount(connection, counter, None)
    async for ids in _all(connection, _organization):
        wrong += len((await search.refresh_organizations(connection, ids)).wrong)
    async for ids in _all(connection, _client):
        wrong += len((await search.refresh_clients(connection, ids)).wrong)
    return wrong + await texts.recount(connection) + await store.recount(connection)


async def differences(connection: AsyncConnection) -> list[str]:
    """What is not as a recount would make it, one sentence each, at most a hundred a kind; writes nothing."""
    from console.data.duplicates import store

    found: list[str] = []
    for counter in _totals():
        target = counter.target.table
        total, owner, amount = _total(counter, true())
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


def _totals() -> list[Counter]:
    """One counter for each target, in an order in which each rests on right ones."""
    first: dict[Column[int], Counter] = {}
    for counters in COUNTERS.values():
        for counter in counters:
            first.setdefault(counter.target, counter)
    return list(first.values())


def _total(counter: Counter, touched: ColumnElement[bool]) -> tuple[Subquery, ColumnElement[int], Any]:
    """What the touched rows contribute, as a subquery with its columns for owner and amount."""
    total = counter.contributions(touched).subquery()
    owner, amount = total.c
    return total, owner, amount


async def _recount(connection: AsyncConnection, counter: Counter, ids: Iterable[int] | None) -> int:
    target = counter.target.table
    _, owner, amount = _total(counter, true() if ids is None else counter.owner.in_(ids))
    mine = true() if ids is None else target.c.id.in_(ids)
    some = (
        update(target)
        .where(mine, target.c.id == owner, counter.target != amount)
        .values({counter.target.name: amount})
    )
    owners = select(owner).where(owner.is_not(None))
    none = (
        update(target)
        .where(mine, counter.target != 0, target.c.id.not_in(owners))
        .values({counter.target.name: literal(0)})
    )
    return int((await connection.execute(some)).rowcount + (await connection.execute(none)).rowcount)


async def _all(connection: AsyncConnection, table: Table) -> AsyncIterator[list[int]]:
    last = -(1 << 63)
    while True:
        query = select(table.c.id).where(table.c.id > last).order_by(table.c.id).limit(CHUNK)
        ids = list((await connection.execute(query)).scalars())
        if not ids:
            return
        yield ids
        last = ids[-1]


def _chunks(ids: set[int]) -> list[list[int]]:
    ordered = sorted(ids)
    return [ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK)]
