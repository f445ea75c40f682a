"""What hangs on clients, counted for an impact card: by sets of ids, never one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, distinct, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.models.billing import invoice
from console.data.models.clients import client, favourite
from console.data.models.incidents import OPEN, incident
from console.data.models.organizations import organization_manager

CHUNK = 2000
"""Ids in one statement, and clients in one entry of a batch."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What clients have: sums of their contacts and open incidents, and how many of them are managers, have an open
    critical incident, owe something, are somebody's favourite.
    """

    contacts: int = 0
    incidents: int = 0
    managers: int = 0
    critical: int = 0
    unpaid: int = 0
    favourites: int = 0

    def plus(self, other: "Weight") -> "Weight":
        """The weights of two sets of clients that share none."""
        return Weight(
            self.contacts + other.contacts,
            self.incidents + other.incidents,
            self.managers + other.managers,
            self.critical + other.critical,
            self.unpaid + other.unpaid,
            self.favourites + other.favourites,
        )


def chunks(ids: Sequence[int]) -> Iterator[list[int]]:
    """Ids in pieces that one statement can take."""
    for start in range(0, len(ids), CHUNK):
        yield list(ids[start : start + CHUNK])


async def weight(connection: AsyncConnection, ids: Sequence[int]) -> Weight:
    """What these clients have, however many they are."""
    total = Weight()
    for chunk in chunks(ids):
        total = total.plus(await _weight(connection, chunk))
    return total


async def _weight(connection: AsyncConnection, ids: Sequence[int]) -> Weight:
    mine = client.c.id.in_(ids)
    sums = select(
        func.coalesce(func.sum(client.c.contact_count), 0),
        func.coalesce(func.sum(client.c.open_incidents), 0),
    ).where(mine)
    contacts, incidents = (await connection.execute(sums)).one()
    managing, starred = organization_manager.c.client_id, favourite.c.client_id
    urgent, owing = incident.c.client_id, invoice.c.client_id
    counts = [
        await _count(connection, query)
        for query in (
            _having(managing, managing.in_(ids)),
            _having(urgent, urgent.in_(ids), text(OPEN), incident.c.priority == "critical"),  # type: ignore[arg-type]
            _having(owing, owing.in_(ids), invoice.c.state == "unpaid"),
            _having(starred, starred.in_(ids)),
        )
    ]
    return Weight(int(contacts), int(incidents), *counts)


def _having(owner: ColumnElement[int], *conditions: ColumnElement[bool]) -> Select[Any]:
    return select(func.count(distinct(owner))).where(*conditions)


async def _count(connection: AsyncConnection, query: Select[Any]) -> int:
    return int((await connection.execute(query)).scalar_one())
