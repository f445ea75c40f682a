"""Clients that a new one may already be: by any identity of theirs, by the whole name, and by being like them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, literal, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import finding
from console.data.drafts import IDENTITY_FIELDS
from console.data.edits import Value
from console.data.errors import Invalid
from console.data.models.clients import client, identity
from console.data.models.contacts import contact
from console.data.normalize import NewIdentity, fold
from console.data.normalize import identity as normalized
from console.data.records.duplicates import Explanation

SHOWN = 8
_WORDS = {"email": "same email", "phone": "same number"}


@dataclass(frozen=True, slots=True)
class Likely:
    """A client who may be meant, and why: 'same email'. ``taken``: what was typed is theirs and cannot be another's."""

    id: int
    name: str
    why: str
    taken: bool


async def clients(
    connection: AsyncConnection, values: Mapping[str, Value], *, but: int | None = None
) -> list[Likely]:
    """The clients who have an identity, the username or the whole name that was typed; ``but`` is left out."""
    found: dict[int, Likely] = {}
    for one in [
        *await _by_identity(connection, _identities(values)),
        *await _by_fields(connection, values),
    ]:
        if one.id != but and one.id not in found:
            found[one.id] = one
    return list(found.values())[:SHOWN]


async def alike(
    connection: AsyncConnection, values: Mapping[str, Value], *, but: int | None = None
) -> list[Likely]:
    """Clients who are like the one that was typed, though nothing need be the same to the letter, the surest first."""
    found = await finding.of_values(connection, values, limit=SHOWN)
    return [
        Likely(one.client_id, one.name, _because(one.explanation), False)
        for one in found
        if one.explanation.relation == "duplicate" and one.client_id != but
    ]


def _because(explanation: Explanation) -> str:
    first = f", {explanation.reasons[0].text}" if explanation.reasons else ""
    return f"{explanation.percent} %{first}"


def _identities(values: Mapping[str, Value]) -> list[NewIdentity]:
    """The identities typed so far; what is half typed is none."""
    found = []
    country = str(values.get("country", "")).strip().upper()
    for field in IDENTITY_FIELDS:
        kind = "phone" if field == "mobile" else field
        for raw in values.get(field, ()):
            try:
                found.append(normalized(kind, raw, country=country))
            except Invalid:
                continue
    return found


async def _by_identity(connection: AsyncConnection, typed: list[NewIdentity]) -> list[Likely]:
    if not typed:
        return []
    same = or_(*(and_(identity.c.type == o.type, identity.c.normalized == o.normalized) for o in typed))
    query = (
        select(client.c.id, client.c.name, identity.c.type, contact.c.name.label("contact"))
        .join(client, client.c.id == identity.c.client_id)
        .outerjoin(contact, contact.c.id == identity.c.contact_id)
        .where(identity.c.live, same)
        .order_by(identity.c.type == literal("phone"), client.c.sort_name)
        .limit(SHOWN)
    )
    return [
        Likely(row.id, row.name, _why(row.type, row.contact), row.type != "phone")
        for row in await connection.execute(query)
    ]


def _why(kind: str, contact_name: str | None) -> str:
    why = _WORDS.get(kind, f"same {kind}")
    return f"{why}, contact {contact_name}" if contact_name else why


async def _by_fields(connection: AsyncConnection, values: Mapping[str, Value]) -> list[Likely]:
    conditions: list[tuple[str, ColumnElement[bool], bool]] = []
    username = str(values.get("username", "")).strip().casefold()
    if username:
        conditions.append(("same username", client.c.username == username, True))
    if external_id := str(values.get("external_id", "")).strip():
        # The second condition is the partial index's own, which no parameter implies.
        same = and_(client.c.external_id == external_id, client.c.external_id != literal_column("''"))
        conditions.append(("same external id", same, False))
    if name := fold(str(values.get("name", ""))):
        conditions.append(
            ("same name", and_(client.c.sort_name == name, client.c.archived_at.is_(None)), False)
        )
    found: list[Likely] = []
    for why, condition, taken in conditions:
        found += [Likely(row.id, row.name, why, taken) for row in await _some(connection, condition)]
    return found


async def _some(connection: AsyncConnection, condition: ColumnElement[bool]) -> list[Any]:
    listed = and_(client.c.deleted_at.is_(None), client.c.absorbed_into.is_(None))
    query = select(client.c.id, client.c.name).where(listed, condition).order_by(client.c.id).limit(SHOWN)
    return list(await connection.execute(query))
