"""What is measured on a base through the data layer: each figure is one thing a screen asks for."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks.big.tables import AT
from console.data import clients, incidents, organizations, who
from console.data.clients import ClientQuery
from console.data.desk import Desk
from console.data.incidents import IncidentQuery
from console.data.models.clients import client
from console.data.models.incidents import incident
from console.data.models.organizations import organization
from console.data.paging import At
from console.data.records import Anchor, Sort
from console.data.views import Reader

Ask = Callable[[AsyncConnection], Awaitable[Any]]
PAGE = 100
NOBODY = "Qzxwvk"
EVERYBODY = ClientQuery()


@dataclass(frozen=True)
class Base:
    """A desk that is measured, and what is asked for on it, the same every time."""

    name: str
    desk: Desk
    clients: int
    incidents: int
    late: Anchor
    largest: int
    someone: Iterator[int]
    typed: tuple[str, ...]
    phone: str
    number: int

    @property
    def reader(self) -> Reader:
        """Nobody in particular, at the moment the base is of."""
        return Reader(None, AT)

    def page(self, at: At, query: ClientQuery = EVERYBODY) -> Ask:
        """A page of the list of clients."""
        return lambda connection: clients.page(connection, query, self.reader, at=at, limit=PAGE)

    def filtered(self, text: str) -> Ask:
        """The first page of what a text finds among clients."""
        return self.page(At(), ClientQuery(text))

    def tickets(self, query: IncidentQuery) -> Ask:
        """The first page of a list of incidents."""
        return lambda connection: incidents.page(connection, query, AT, limit=PAGE)

    def who_is(self, text: str) -> Ask:
        """The answer to something pasted."""
        return lambda connection: who.answer(connection, text, None, AT)

    async def client(self, connection: AsyncConnection) -> None:
        """A client as their screen shows them: themselves, what is open, their newest incidents."""
        one = next(self.someone)
        await clients.load(connection, one)
        await incidents.summary(connection, one, AT)
        await incidents.page(connection, IncidentQuery(client_id=one), AT, limit=PAGE)

    async def organization(self, connection: AsyncConnection) -> None:
        """The organization of most members, with the first page of these."""
        await organizations.load(connection, self.largest, AT)
        await self.page(At(), ClientQuery(organization_id=self.largest))(connection)


async def base(name: str, desk: Desk) -> Base:
    """What there is to be measured on a desk; it must have been made by ``benchmarks.base``."""
    async with desk.read() as connection:
        count = await _scalar(connection, select(func.count()).select_from(client))
        by_name = select(client.c.sort_name, client.c.id).where(_listed())
        late = by_name.order_by(client.c.sort_name, client.c.id).offset(int(count * 0.98)).limit(1)
        value, one = (await connection.execute(late)).one()
        some = select(client.c.id).order_by(client.c.id).limit(500)
        middle = some.where(client.c.id > (await _scalar(connection, _middle(count))))
        ids = list((await connection.execute(middle)).scalars())
        largest = select(organization.c.id).order_by(organization.c.client_count.desc()).limit(1)
        sample = select(client.c.name, client.c.email, client.c.mobile, client.c.organization_sort)
        rows = (await connection.execute(sample.where(client.c.id.in_(ids[::25])))).all()
        texts = tuple(text for row in rows for text in row if text)
        return Base(
            name,
            desk,
            count,
            await _scalar(connection, select(func.count()).select_from(incident)),
            Anchor(value, one),
            await _scalar(connection, largest),
            itertools.cycle(ids),
            texts,
            next(row.mobile for row in rows if row.mobile),
            await _scalar(connection, select(func.coalesce(func.max(incident.c.number), 0))) // 2,
        )


def figures(base: Base) -> dict[str, Ask]:
    """What is asked for, by what it is called in the results."""
    found: dict[str, Ask] = {
        "clients, first page": base.page(At()),
        "clients, last page": base.page(At(last=True)),
        "clients, page at 98 %": base.page(At(after=base.late)),
        "clients, jump to m": base.page(At(letters="m")),
        "clients by organization, last page": base.page(
            At(last=True), ClientQuery(sort=Sort("organization"))
        ),
        "a client opens": base.client,
        "largest organization opens": base.organization,
        "filter: a family name": base.filtered("nowak"),
        "filter: two letters": base.filtered("an"),
        "filter: last digits of a phone": base.filtered(base.phone.replace(" ", "")[-7:]),
        "filter: nobody (near names looked up)": base.filtered(NOBODY),
        "who is: a phone number": base.who_is(base.phone),
        "organizations, first page": lambda connection: organizations.page(
            connection, organizations.OrganizationQuery(), AT, limit=PAGE
        ),
    }
    if base.incidents:
        due = Sort("due")
        found |= {
            "incidents by id, first page": base.tickets(IncidentQuery()),
            "incidents, overdue": base.tickets(IncidentQuery(view="overdue", sort=due)),
            "incidents, open by due time": base.tickets(IncidentQuery(view="open", sort=due)),
            "incidents: words of a message": base.tickets(IncidentQuery(text="printer broken prague")),
            "who is: an incident number": base.who_is(f"INC-{base.number:06d}"),
        }
    return found


def _listed() -> Any:
    return client.c.deleted_at.is_(None) & client.c.archived_at.is_(None) & client.c.absorbed_into.is_(None)


def _middle(count: int) -> Any:
    return select(client.c.id).order_by(client.c.id).offset(count // 2).limit(1)


async def _scalar(connection: AsyncConnection, query: Any) -> int:
    return int((await connection.execute(query)).scalar_one())
