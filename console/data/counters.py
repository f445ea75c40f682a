"""Numbers that are kept on a row and sum what rows of another table contribute to it.

They move by difference: what the touched rows contribute before a write is taken away, what they contribute after it
is added, by one statement for each number that has changed.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    Subquery,
    Table,
    Update,
    and_,
    bindparam,
    case,
    func,
    select,
    text,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.models import billing, clients, contacts, incidents, organizations
from console.data.models.base import BIGINT
from console.data.touched import Touched

Counts = Mapping[Column[int], Mapping[int, int]]
"""By number, and by the row it stands on, what others contribute to it."""


@dataclass(frozen=True)
class Counter:
    """A number; ``owner`` is the column of the contributing rows, or of what is joined to them, that names its row."""

    target: Column[int]
    owner: Column[Any]


@dataclass(frozen=True)
class Counted:
    """What the rows of one table contribute, read at once for all the numbers they count in.

    ``contributions`` gives, for rows that meet a condition, the owner and the amount for each counter in turn; an
    owner may come more than once. A write of any of the columns ``watches`` may change them.
    """

    counters: tuple[Counter, ...]
    watches: frozenset[str]
    contributions: Callable[[ColumnElement[bool]], Select[Any]]


def listed(table: Table) -> ColumnElement[bool]:
    """Whether a record counts to its organization."""
    return and_(table.c.deleted_at.is_(None), table.c.archived_at.is_(None), table.c.absorbed_into.is_(None))


def _incidents(touched: ColumnElement[bool]) -> Select[Any]:
    client, incident = clients.client, incidents.incident
    organization = case((listed(client), client.c.organization_id))
    number = func.count()
    return (
        select(incident.c.client_id, number, organization, number)
        .select_from(incident.join(client, client.c.id == incident.c.client_id))
        .where(touched, text(incidents.OPEN))
        .group_by(incident.c.client_id, organization)
    )


def _members(touched: ColumnElement[bool]) -> Select[Any]:
    client = clients.client
    owner = client.c.organization_id
    return (
        select(owner, func.count(), owner, func.sum(client.c.open_incidents))
        .where(touched, listed(client))
        .group_by(owner)
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


_client, _organization, _incident = clients.client, organizations.organization, incidents.incident

COUNTED: dict[str, Counted] = {
    "incident": Counted(
        (
            Counter(_client.c.open_incidents, _incident.c.client_id),
            Counter(_organization.c.open_incidents, _client.c.organization_id),
        ),
        frozenset({"client_id", "state", "folder", "merged_into"}),
        _incidents,
    ),
    "client": Counted(
        (
            Counter(_organization.c.client_count, _client.c.organization_id),
            Counter(_organization.c.open_incidents, _client.c.organization_id),
        ),
        frozenset({"organization_id", "deleted_at", "archived_at", "absorbed_into"}),
        _members,
    ),
    "contact": Counted(
        (Counter(_client.c.contact_count, contacts.contact.c.client_id),),
        frozenset({"client_id", "deleted_at"}),
        _contacts,
    ),
    "credit_entry": Counted(
        (Counter(billing.credit_lot.c.remaining, billing.credit_entry.c.lot_id),), frozenset(), _credit
    ),
    "message": Counted(
        (Counter(_incident.c.message_count, incidents.message.c.incident_id),),
        frozenset({"incident_id"}),
        _messages,
    ),
}


async def contributed(
    connection: AsyncConnection, table: Table, changed: Collection[str] | None, touched: Touched
) -> Counts:
    """What the touched rows contribute now; nothing where a write of ``changed`` cannot change that (None: may)."""
    counted = COUNTED.get(table.name)
    if counted is None or not (changed is None or not counted.watches.isdisjoint(changed)):
        return {}
    found: dict[Column[int], dict[int, int]] = {one.target: defaultdict(int) for one in counted.counters}
    for row in await connection.execute(_of_touched(counted, touched.where), touched.given):
        for place, counter in enumerate(counted.counters):
            owner, amount = row[2 * place], row[2 * place + 1]
            if owner is not None and amount:
                found[counter.target][owner] += int(amount)
    return found


async def move(connection: AsyncConnection, before: Counts, after: Counts) -> None:
    """Bring the numbers from what was contributed before a write to what is contributed after it."""
    for target in before or after:
        had, has = before.get(target, {}), after.get(target, {})
        moved = [
            {"the_row": owner, "the_difference": has.get(owner, 0) - had.get(owner, 0)}
            for owner in sorted({*had, *has})
            if has.get(owner, 0) != had.get(owner, 0)
        ]
        if moved:
            await connection.execute(_moving(target), moved)


@lru_cache(maxsize=512)
def _of_touched(counted: Counted, where: ColumnElement[bool]) -> Select[Any]:
    return counted.contributions(where)


@cache
def _moving(target: Column[int]) -> Update:
    difference = bindparam("the_difference", type_=BIGINT)
    return (
        update(target.table)
        .where(target.table.c.id == bindparam("the_row", type_=BIGINT))
        .values({target.name: target + difference})
    )


# Everything at once


def targets() -> set[Table]:
    """The tables with numbers on them."""
    return {counter.target.table for counted in COUNTED.values() for counter in counted.counters}


def totals() -> Iterator[tuple[Counter, Counted]]:
    """One counter for each number, in an order in which each rests on right ones."""
    seen: set[Column[int]] = set()
    for counted in COUNTED.values():
        for counter in counted.counters:
            if counter.target not in seen:
                seen.add(counter.target)
                yield counter, counted


def total(
    counter: Counter, counted: Counted, touched: ColumnElement[bool]
) -> tuple[Subquery, ColumnElement[int], Any]:
    """What the touched rows contribute to a number, as a subquery with its columns for owner and amount."""
    place = 2 * counted.counters.index(counter)
    every = counted.contributions(touched).subquery()
    owner, amount = every.c[place], every.c[place + 1]
    whole = select(owner.label("owner"), func.sum(amount).label("amount")).where(owner.is_not(None))
    summed = whole.group_by(owner).subquery()
    return summed, summed.c.owner, summed.c.amount


async def recount(
    connection: AsyncConnection, counter: Counter, counted: Counted, ids: Iterable[int] | None
) -> int:
    """Make a number anew on these rows, or on all; returns on how many it was wrong."""
    target = counter.target.table
    _, owner, amount = total(counter, counted, true() if ids is None else counter.owner.in_(ids))
    mine = true() if ids is None else target.c.id.in_(ids)
    some = (
        update(target)
        .where(mine, target.c.id == owner, counter.target != amount)
        .values({counter.target.name: amount})
    )
    none = (
        update(target)
        .where(mine, counter.target != 0, target.c.id.not_in(select(owner)))
        .values({counter.target.name: 0})
    )
    return int((await connection.execute(some)).rowcount + (await connection.execute(none)).rowcount)
