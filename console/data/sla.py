"""SLA targets of a client's or an organization's own."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.change import Change
from console.data.errors import Invalid
from console.data.models.clients import client
from console.data.models.departments import sla_target
from console.data.models.incidents import incident
from console.data.models.words import INCIDENT_KINDS, PRIORITIES
from console.data.records import SlaTarget
from console.data.retarget import retarget
from console.data.spoken import span

NONE = "none"
OWN_AWAY = "-"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A target as staff write it: each time as '4 h' or '2 d', 'none' for no promise, '' to leave it; ``away`` takes

    the own target away, so that what is behind it holds again.
    """

    kind: str
    priority: str
    first: str = ""
    resolution: str = ""

    @property
    def away(self) -> bool:
        """Whether the own target is to go."""
        return OWN_AWAY in (self.first.strip(), self.resolution.strip())

    def check(self) -> None:
        """Invalid for what cannot be read, or says nothing."""
        if self.kind not in INCIDENT_KINDS:
            raise Invalid("kind", f"The kind cannot be {self.kind!r}. Write {' or '.join(INCIDENT_KINDS)}.")
        if self.priority not in PRIORITIES:
            raise Invalid(
                "priority", f"The priority cannot be {self.priority!r}. Write {', '.join(PRIORITIES)}."
            )
        if not self.first.strip() and not self.resolution.strip():
            raise Invalid(
                "first", "No time was given. Write the first response, the resolution, or - to take it away."
            )
        first, resolution = self.over(None, None)
        if first is not None and resolution is not None and resolution < first:
            raise Invalid(
                "resolution", "The resolution would be due before the first response. Write a longer time."
            )

    def over(self, first: int | None, resolution: int | None) -> tuple[int | None, int | None]:
        """The minutes, over those that held before."""
        return _minutes("first", self.first, first), _minutes("resolution", self.resolution, resolution)


def _minutes(field: str, given: str, held: int | None) -> int | None:
    written = given.strip().lower()
    if written in ("", OWN_AWAY):
        return held
    return None if written == NONE else span(written, field)


async def of_organization(connection: AsyncConnection, organization_id: int) -> list[SlaTarget]:
    """The target of an organization for each kind and priority: its own, else the installation's default."""
    t = sla_target.c
    default = and_(t.client_id.is_(None), t.organization_id.is_(None), t.department_id.is_(None))
    query = select(sla_target).where(or_(t.organization_id == organization_id, default))
    found: dict[tuple[str, str], SlaTarget] = {}
    for row in await connection.execute(query.order_by(t.organization_id.is_not(None))):
        source = "organization" if row.organization_id else "default"
        found[row.kind, row.priority] = SlaTarget(
            row.kind, row.priority, row.first_response_minutes, row.resolution_minutes, source
        )
    return [
        found.get((kind, priority), SlaTarget(kind, priority, None, None, "none"))
        for kind in INCIDENT_KINDS
        for priority in reversed(PRIORITIES)
    ]


async def set_of_clients(change: Change, ids: Sequence[int], wanted: Wanted) -> None:
    """Give clients a target of their own, or take it away; what is not given stays as it holds for each of them now.

    Their open incidents are due by it at once.
    """
    wanted.check()
    await _write_of_clients(change, ids, wanted)
    await retarget(change, incident.c.client_id.in_(ids), wanted.kind, wanted.priority)


async def _write_of_clients(change: Change, ids: Sequence[int], wanted: Wanted) -> None:
    mine = and_(sla_target.c.client_id.in_(ids), *_same(wanted))
    if wanted.away:
        await change.delete_where(sla_target, mine)
        return
    held = await _held_by_clients(change.connection, ids, wanted)
    known = {
        row.client_id: row.id
        for row in await change.connection.execute(
            select(sla_target.c.client_id, sla_target.c.id).where(mine)
        )
    }
    new = []
    for one in ids:
        values = _values(wanted, held.get(one))
        if one in known:
            await change.update(sla_target, known[one], **values)
        else:
            new.append({"client_id": one, "kind": wanted.kind, "priority": wanted.priority, **values})
    await change.insert_many(sla_target, new)


async def set_of_organization(change: Change, organization_id: int, wanted: Wanted) -> None:
    """The same for an organization and its members."""
    wanted.check()
    await _write_of_organization(change, organization_id, wanted)
    members = select(client.c.id).where(client.c.organization_id == organization_id)
    await retarget(change, incident.c.client_id.in_(members), wanted.kind, wanted.priority)


async def _write_of_organization(change: Change, organization_id: int, wanted: Wanted) -> None:
    mine = and_(sla_target.c.organization_id == organization_id, *_same(wanted))
    if wanted.away:
        await change.delete_where(sla_target, mine)
        return
    held = next(
        one
        for one in await of_organization(change.connection, organization_id)
        if (one.kind, one.priority) == (wanted.kind, wanted.priority)
    )
    values = _values(wanted, (held.first_response, held.resolution))
    known = (await change.connection.execute(select(sla_target.c.id).where(mine))).scalar()
    if known is not None:
        await change.update(sla_target, known, **values)
    else:
        await change.insert(
            sla_target, organization_id=organization_id, kind=wanted.kind, priority=wanted.priority, **values
        )


def _same(wanted: Wanted) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return sla_target.c.kind == wanted.kind, sla_target.c.priority == wanted.priority


def _values(wanted: Wanted, held: tuple[int | None, int | None] | None) -> dict[str, int | None]:
    first, resolution = wanted.over(*(held or (None, None)))
    return {"first_response_minutes": first, "resolution_minutes": resolution}


async def _held_by_clients(
    connection: AsyncConnection, ids: Sequence[int], wanted: Wanted
) -> dict[int, tuple[int | None, int | None]]:
    """What holds for each client now: their own, their organization's, or the default."""
    t = sla_target.c
    default = and_(t.client_id.is_(None), t.organization_id.is_(None), t.department_id.is_(None))
    theirs = or_(t.client_id == client.c.id, t.organization_id == client.c.organization_id, default)
    query = (
        select(client.c.id, t.first_response_minutes, t.resolution_minutes)
        .join(sla_target, and_(theirs, *_same(wanted)))
        .where(client.c.id.in_(ids))
        .order_by(t.client_id.is_not(None), t.organization_id.is_not(None))
    )
    return {row[0]: (row[1], row[2]) for row in await connection.execute(query)}
