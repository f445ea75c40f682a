"""Records by the names that people have for them: id, e-mail address, number, username, external id, name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, Table, and_, or_, select, text, union
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.errors import Invalid, NotFound, Refused
from console.data.freed import freed
from console.data.merging.absorbed import survivor
from console.data.models.billing import credit_entry
from console.data.models.clients import alias, client, identity
from console.data.models.contacts import contact
from console.data.models.journal import journal_entry
from console.data.models.organizations import mail_domain, organization
from console.data.models.words import IDENTITY_TYPES
from console.data.normalize import fold
from console.data.normalize import identity as normalized

CANDIDATES = 6
_LARGEST = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that a name may stand for; ``hint`` tells it from the others."""

    id: int
    name: str
    hint: str


def listed(table: Table) -> ColumnElement[bool]:
    """Clients or organizations that stand in lists: not archived, not deleted, not absorbed by a merge."""
    return and_(table.c.deleted_at.is_(None), table.c.archived_at.is_(None), table.c.absorbed_into.is_(None))


class Ambiguous(Refused):
    """A name stands for more than one record; ``candidates`` are the first of them."""

    def __init__(self, given: str, noun: str, candidates: Sequence[Candidate]) -> None:
        shown = "; ".join(
            f"{one.id} {one.name}" + (f" ({one.hint})" if one.hint else "") for one in candidates
        )
        more = "" if len(candidates) < CANDIDATES else "; and more"
        super().__init__(f"{given!r} stands for more than one {noun}: {shown}{more}. Use an id.")
        self.candidates = tuple(candidates)


async def clients(connection: AsyncConnection, given: Iterable[str]) -> list[int]:
    """The ids of the clients that these name, each once; NotFound or Ambiguous, with a sentence, at the first other."""
    return list(dict.fromkeys([await client_id(connection, one) for one in given]))


async def client_id(connection: AsyncConnection, given: str, *, left: bool = False) -> int:
    """The one client that an id, identity, username, external id or whole name stands for.

    The id of one who was merged into another stands for that one, unless what was ``left`` with them is meant.
    """
    name = given.strip()
    if (number := _number(name)) is not None:
        known = (await connection.execute(select(client.c.id).where(client.c.id == number))).scalar()
        if known is not None:
            return int(known) if left else await survivor(connection, "client", known)
    held = _identities(name)
    for condition in (client.c.id.in_(_bearers(name, held)), client.c.sort_name == fold(name)):
        query = select(client.c.id, client.c.name, client.c.email.label("hint")).where(
            listed(client), condition
        )
        if found := await _some(connection, query.order_by(client.c.id).limit(CANDIDATES)):
            return _only(found, given, "client")
    if held and (gone := await _deleted(connection, held)) is not None:
        raise NotFound(
            f"{given!r} belonged to {gone.name or gone.id}, who is deleted. To bring them back: "
            f"helpdesk clients restore {gone.id}"
        )
    raise NotFound(
        f"There is no client {given!r}. Name them by id, e-mail address, number, username, external id or whole "
        "name, a deleted one by id. To search: helpdesk clients list --filter TEXT, and --view deleted"
    )


def _bearers(name: str, held: Sequence[tuple[str, str]]) -> CompoundSelect[tuple[int]]:
    """Whose username, external id or identity it is; in parts, each in the words of an index that serves it alone."""
    live = and_(
        client.c.username.is_not(None), client.c.deleted_at.is_(None), client.c.absorbed_into.is_(None)
    )
    parts = [
        select(client.c.id).where(client.c.username == name.casefold(), live),
        select(client.c.id).where(client.c.external_id == name, text("external_id <> ''")),
        # What those were called who were merged into others.
        select(alias.c.client_id).where(
            alias.c.value.in_((name, name.casefold())), alias.c.client_id.is_not(None)
        ),
    ]
    if held:
        same = or_(*(and_(identity.c.type == kind, identity.c.normalized == value) for kind, value in held))
        parts.append(select(identity.c.client_id).where(same, identity.c.live))
    return union(*parts)


async def _deleted(connection: AsyncConnection, held: Sequence[tuple[str, str]]) -> Candidate | None:
    """The deleted client whose identity one of these was, the last deleted first."""
    same = or_(*(and_(identity.c.type == kind, identity.c.normalized == value) for kind, value in held))
    query = (
        select(client.c.id, client.c.name, client.c.email)
        .join(identity, identity.c.client_id == client.c.id)
        .where(same, freed(), client.c.deleted_at.is_not(None))
        .order_by(client.c.deleted_at.desc())
    )
    found = await _some(connection, query.limit(1))
    return found[0] if found else None


async def organization_id(connection: AsyncConnection, given: str, *, left: bool = False) -> int:
    """The one organization that an id, mail domain, external id or whole name stands for; ``left`` as for clients."""
    name = given.strip()
    if (number := _number(name)) is not None:
        known = (
            await connection.execute(select(organization.c.id).where(organization.c.id == number))
        ).scalar()
        if known is not None:
            return int(known) if left else await survivor(connection, "organization", known)
    domain = select(mail_domain.c.organization_id).where(mail_domain.c.domain == name.lower().lstrip("@"))
    wanted = or_(
        organization.c.id.in_(domain),
        organization.c.id.in_(select(alias.c.organization_id).where(alias.c.value == name)),
        organization.c.external_id == name,
        organization.c.sort_name == fold(name),
    )
    query = select(organization.c.id, organization.c.name, organization.c.domains.label("hint"))
    found = await _some(
        connection,
        query.where(listed(organization), wanted).order_by(organization.c.id).limit(CANDIDATES),
    )
    if found:
        return _only(found, given, "organization")
    raise NotFound(
        f"There is no organization {given!r}. Name it by id, mail domain, external id or whole name. "
        "To search: helpdesk organizations list --filter TEXT"
    )


async def contact_id(connection: AsyncConnection, given: str) -> int:
    """The one contact that an id, an identity or a whole name stands for."""
    name = given.strip()
    live = contact.c.deleted_at.is_(None)
    if (number := _number(name)) is not None:
        known = (await connection.execute(select(contact.c.id).where(contact.c.id == number, live))).scalar()
        if known is not None:
            return int(known)
    wanted: list[ColumnElement[bool]] = [contact.c.name == name]
    if held := _identities(name):
        same = or_(*(and_(identity.c.type == kind, identity.c.normalized == value) for kind, value in held))
        wanted.append(contact.c.id.in_(select(identity.c.contact_id).where(same, identity.c.live)))
    query = (
        select(contact.c.id, contact.c.name, client.c.name.label("hint"))
        .join(client, client.c.id == contact.c.client_id)
        .where(live, or_(*wanted))
    )
    if found := await _some(connection, query.order_by(contact.c.id).limit(CANDIDATES)):
        return _only(found, given, "contact")
    raise NotFound(
        f"There is no contact {given!r}. Name them by id, e-mail address, number or whole name; the contacts of a "
        "client: helpdesk clients show ID"
    )


async def credit_line_id(connection: AsyncConnection, given: str) -> int:
    """The line of the ledger with this id; NotFound if there is none."""
    number = _number(given.strip())
    known = None
    if number is not None:
        query = select(credit_entry.c.id).where(credit_entry.c.id == number)
        known = (await connection.execute(query)).scalar()
    if known is None:
        raise NotFound(f"There is no line {given!r} in the ledger. See: helpdesk credit list CLIENT")
    return int(known)


async def entry_id(connection: AsyncConnection, given: int) -> int:
    """The journal entry with this id, or the last one of the batch with this id."""
    mine = or_(journal_entry.c.id == given, journal_entry.c.batch_id == given)
    query = select(journal_entry.c.id).where(mine).order_by(journal_entry.c.id.desc()).limit(1)
    found = (await connection.execute(query)).scalar()
    if found is None:
        raise NotFound(f"There is no journal entry {given}. See: helpdesk journal list")
    return int(found)


async def _some(connection: AsyncConnection, query: Select[Any]) -> list[Candidate]:
    rows = await connection.execute(query)
    return [Candidate(row[0], row[1], row[2]) for row in rows]


def _only(found: Sequence[Candidate], given: str, noun: str) -> int:
    if len(found) > 1:
        raise Ambiguous(given, noun, found)
    return found[0].id


def _number(given: str) -> int | None:
    """The id that was written, if it is one."""
    short = len(given) <= len(str(_LARGEST))
    return int(given) if short and given.isascii() and given.isdigit() and int(given) <= _LARGEST else None


def _identities(given: str) -> list[tuple[str, str]]:
    """What each kind of identity would be stored as, if it were this."""
    found = []
    for kind in IDENTITY_TYPES:
        try:
            one = normalized(kind, given)
        except Invalid:
            continue
        found.append((kind, one.normalized))
    return found
