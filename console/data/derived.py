"""What is kept beside the rows it is computed from: counters, list columns, search words.

Never journalled. Counters move by difference: what the touched rows contributed before a write is taken away,
what they contribute after it is added. List columns and words of the touched clients and organizations are
made anew once, at the end of a change.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import search
from console.data.models import billing, clients, contacts, incidents, organizations

CHUNK = 500


@dataclass(frozen=True)
class Counter:
    """A number on ``target`` that sums what rows of another table contribute."""

    target: Column[int]
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
    message = incidents.message
    return (
        select(message.c.incident_id, func.count())
        .where(touched, message.c.kind.in_(("client", "staff")))
        .group_by(message.c.incident_id)
    )


_OPENNESS = frozenset({"client_id", "state", "folder", "merged_into"})
_MEMBERSHIP = frozenset({"organization_id", "deleted_at", "archived_at", "absorbed_into"})

COUNTERS: dict[str, tuple[Counter, ...]] = {
    "incident": (
        Counter(clients.client.c.open_incidents, _OPENNESS, _incidents_of_client),
        Counter(organizations.organization.c.open_incidents, _OPENNESS, _incidents_of_organization),
    ),
    "client": (
        Counter(organizations.organization.c.client_count, _MEMBERSHIP, _members),
        Counter(organizations.organization.c.open_incidents, _MEMBERSHIP, _members_incidents),
    ),
    "contact": (Counter(clients.client.c.contact_count, frozenset({"client_id", "deleted_at"}), _contacts),),
    "credit_entry": (Counter(billing.credit_lot.c.remaining, frozenset(), _credit),),
    "message": (Counter(incidents.incident.c.message_count, frozenset({"incident_id"}), _messages),),
}

# Columns of each table that list columns or search words are made from, and which column names the record.
_CLIENT_SOURCES: dict[str, tuple[frozenset[str], str]] = {
    "client": (frozenset({"name", "username", "external_id", "organization_id", "deleted_at"}), "id"),
    "identity": (
        frozenset({"client_id", "contact_id", "raw", "normalized", "live", "position", "mobile"}),
        "client_id",
    ),
    "contact": (frozenset({"client_id", "name", "deleted_at"}), "client_id"),
}
_ORGANIZATION_SOURCES: dict[str, tuple[frozenset[str], str]] = {
    "organization": (frozenset({"name", "external_id", "deleted_at"}), "id"),
    "mail_domain": (frozenset({"organization_id", "domain"}), "organization_id"),
    "organization_manager": (frozenset({"organization_id", "client_id"}), "organization_id"),
}


class Derived:
    """The clients and organizations a change has touched, and their refresh."""

    def __init__(self, connection: AsyncConnection, at: datetime) -> None:
        self._connection = connection
        self._at = at
        self._clients: set[int] = set()
        self._organizations: set[int] = set()

    async def mark_rows(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Rows were inserted: the records they belong to need a refresh."""
        for sources, marked in self._kinds():
            if table.name in sources:
                owner = sources[table.name][1]
                marked.update(row[owner] for row in rows)

    async def mark(self, table: Table, changed: set[str] | None, touched: Select[Any]) -> None:
        """Rows are about to change or have changed (a row may change hands), or are about to be deleted (None)."""
        for sources, marked in self._kinds():
            if table.name not in sources:
                continue
            watched, owner = sources[table.name]
            if changed is None or watched & changed:
                query = select(table.c[owner]).where(table.c.id.in_(touched))
                marked.update((await self._connection.execute(query)).scalars())

    async def refresh(self) -> None:
        """Make the list columns and search words of all marked records anew."""
        for chunk in _chunks(self._organizations):
            await search.refresh_organizations(self._connection, chunk)
        for chunk in _chunks(self._clients):
            await search.refresh_clients(self._connection, chunk)

    def _kinds(self) -> tuple[tuple[dict[str, tuple[frozenset[str], str]], set[int]], ...]:
        return ((_CLIENT_SOURCES, self._clients), (_ORGANIZATION_SOURCES, self._organizations))


def _chunks(ids: set[int]) -> list[list[int]]:
    ordered = sorted(ids)
    return [ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK)]
