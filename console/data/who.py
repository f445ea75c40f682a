"""Who-is-this: anything pasted, answered with the person it means and what to know of them before talking to them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import certificates, organizations, pasted, senders, who_client, who_found
from console.data.models.clients import client
from console.data.models.incidents import incident
from console.data.models.organizations import organization
from console.data.records.who import Answer, Candidate
from console.data.who_found import FEW, Hit

_STATES = ("live", "archived", "deleted", "absorbed")


async def answer(connection: AsyncConnection, text: str, reader: int | None, now: datetime) -> Answer:
    """Who is meant by ``text``, however it was pasted, as the member of staff ``reader`` sees them.

    Never refuses: whoever is deleted, archived, banned or merged into another is answered as such, what names several
    is answered with all of them, and what names nobody says so.
    """
    given = pasted.read(text)
    hits = await who_found.find(connection, given) if given.line else []
    found = await _candidates(connection, hits)
    bare = Answer(given.line, "nobody", new=given.new)
    if len(found) == 1:
        return replace(await of(connection, found[0], given.line, reader, now), new=given.new)
    if found:
        return replace(bare, kind="several", candidates=tuple(found[:FEW]), more=len(found) > FEW)
    near = await who_found.near(connection, given, now) if given.line else []
    return replace(bare, candidates=tuple((await _candidates(connection, near))[:FEW]))


async def of(
    connection: AsyncConnection, found: Candidate, given: str, reader: int | None, now: datetime
) -> Answer:
    """The answer for one candidate; NotFound if they are gone by now."""
    one = Answer(given, found.kind, found)
    if found.kind == "client":
        return replace(one, client=await who_client.known(connection, found, reader, now))
    if found.kind == "organization":
        return replace(one, organization=await organizations.load(connection, found.id, now))
    if found.kind == "purged":
        return replace(one, purged_at=(await certificates.load(connection, found.id)).created_at)
    return replace(one, sender=await who_client.sender(connection, found.id, now))


async def _candidates(connection: AsyncConnection, hits: Sequence[Hit]) -> list[Candidate]:
    """The records behind hits, each once, in the order of what they were found by; of equals those in use first.

    An incident stands for its client or its one-time sender, who was merged for the survivor.
    """
    found: dict[tuple[str, int], Candidate] = {}
    people = await _clients(connection, [hit.id for hit in hits if hit.kind == "client"])
    for place, hit in enumerate(hits[: 10 * FEW]):
        for one in await _behind(connection, hit, people):
            known = found.setdefault((one.kind, one.id), one)
            if known.incident_id is None and known.contact_id is None:
                found[one.kind, one.id] = replace(
                    known, incident_id=one.incident_id, contact_id=one.contact_id if not place else None
                )
    ways = {hit.why: place for place, hit in reversed(list(enumerate(hits)))}
    return sorted(found.values(), key=lambda one: _rank(one, ways))


def _rank(one: Candidate, ways: dict[str, int]) -> tuple[Any, ...]:
    seen = one.seen_at.timestamp() if one.seen_at else 0
    return (_STATES.index(one.state), ways.get(one.why, 0), -seen, one.name, one.id)


async def _behind(connection: AsyncConnection, hit: Hit, people: dict[int, Row[Any]]) -> list[Candidate]:
    if hit.kind == "client":
        return await _person(connection, hit, people.get(hit.id))
    if hit.kind == "incident":
        return await _of_incident(connection, hit)
    if hit.kind == "organization":
        return await _company(connection, hit)
    return [Candidate("purged", hit.id, "", hit.why, status="purged")]


async def _clients(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, Row[Any]]:
    """Clients as candidates need them, by id."""
    return {
        row.id: row for row in await connection.execute(_select().where(client.c.id.in_(ids[: 10 * FEW])))
    }


def _select() -> Select[Any]:
    newest = (
        select(func.coalesce(incident.c.last_message_at, incident.c.created_at))
        .where(incident.c.client_id == client.c.id)
        .order_by(incident.c.id.desc())
        .limit(1)
        .correlate(client)
        .scalar_subquery()
    )
    columns = ("id", "name", "email", "mobile", "status", "archived_at", "deleted_at", "absorbed_into")
    return select(
        *(client.c[name] for name in columns),
        func.coalesce(organization.c.name, "").label("organization"),
        newest.label("seen_at"),
    ).outerjoin(organization, organization.c.id == client.c.organization_id)


async def _person(connection: AsyncConnection, hit: Hit, row: Row[Any] | None) -> list[Candidate]:
    if row is None:
        return []
    former = ""
    if row.absorbed_into is not None:
        former = row.name or str(row.id)
        last = await senders.survivor(connection, row.id)
        row = (await _clients(connection, [last]))[last]
    state = "deleted" if row.deleted_at else "archived" if row.archived_at else "live"
    return [
        Candidate(
            "client",
            row.id,
            row.name,
            hit.why,
            row.email or row.mobile,
            row.organization,
            row.status,
            state,
            row.seen_at,
            hit.contact_id,
            former=former,
        )
    ]


async def _of_incident(connection: AsyncConnection, hit: Hit) -> list[Candidate]:
    """The client of an incident, or its one-time sender."""
    query = select(incident).where(incident.c.id == hit.id)
    row = (await connection.execute(query)).one()
    number = f"INC-{row.number:06d}"
    if row.client_id is not None:
        people = await _clients(connection, [row.client_id])
        owner = Hit("client", row.client_id, number, row.contact_id)
        return [
            replace(one, incident_id=row.id)
            for one in await _person(connection, owner, people.get(row.client_id))
        ]
    name = row.sender_name or row.sender_address
    why = number if hit.why != "sender of incidents" else hit.why
    seen = row.last_message_at or row.created_at
    return [
        Candidate(
            "sender",
            row.id,
            name,
            why,
            row.sender_address,
            "",
            "no client yet",
            "live",
            seen,
            incident_id=row.id,
        )
    ]


async def _company(connection: AsyncConnection, hit: Hit) -> list[Candidate]:
    row = (await connection.execute(select(organization).where(organization.c.id == hit.id))).first()
    if row is None:
        return []
    former = ""
    while row.absorbed_into is not None:
        former = former or row.name
        above = select(organization).where(organization.c.id == row.absorbed_into)
        row = (await connection.execute(above)).one()
    state = "deleted" if row.deleted_at else "archived" if row.archived_at else "live"
    return [
        Candidate(
            "organization", row.id, row.name, hit.why, row.domains, "", "organization", state, former=former
        )
    ]
