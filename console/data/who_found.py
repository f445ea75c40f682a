"""Who a pasted text may mean: every way to find somebody, each answered from an index, none by looking through rows."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from sqlalchemy import Column, ColumnElement, Select, and_, func, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import certificates, clients, views
from console.data.models.billing import invoice
from console.data.models.clients import alias, client, client_word, identity
from console.data.models.contacts import contact
from console.data.models.incidents import incident
from console.data.models.organizations import LISTED, mail_domain, organization, organization_word
from console.data.normalize import fold, query_words, words
from console.data.pasted import Pasted
from console.data.public_mail import is_public
from console.data.search import LAST

FEW = 20
"""Of each way to find somebody so many are taken."""

_COMMON = 2000
_WALKED = 5_000
_LEAST_END = 3
_TYPES = {"email": "e-mail address", "phone": "phone number", "chat": "chat name"}
_EMPTY: ColumnElement[str] = literal_column(
    "''"
)  # in the words of the partial indexes, which no parameter would imply


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that may be meant: of ``kind`` client, incident, organization or purged, and how it was found.

    ``contact_id``: it is this contact of the client.
    """

    kind: str
    id: int
    why: str
    contact_id: int | None = None


Way = Callable[[AsyncConnection, Pasted], Awaitable[list[Hit]]]


async def find(connection: AsyncConnection, given: Pasted) -> list[Hit]:
    """The records that a pasted text may mean, those first that it means most likely.

    No query orders by id what it limits: PostgreSQL might walk the whole table in that order.

    First everything that it names exactly: hash, number, identity, id, external id, username, invoice, what merged
    records were called, mail domain. Where that finds nobody: one-time senders, last digits, names, and the
    organization of an unknown address, one after another until one of them finds somebody. Digits alone may be
    the end of a phone number even where an incident has that number.
    """
    found = list(chain.from_iterable([await way(connection, given) for way in _EXACT]))
    if given.bare is not None and not any(one.kind == "client" for one in found):
        found += await _phone_ends(connection, given)
    if found:
        return found
    for way in _ELSE:
        if found := await way(connection, given):
            return found
    return []


async def near(connection: AsyncConnection, given: Pasted, now: datetime) -> list[Hit]:
    """Those who come near where nobody is meant: found by the search, typing errors forgiven, else by one word."""
    if given.phones and not given.name:
        return []  # a number that differs by one digit is somebody else's
    query = clients.ClientQuery(given.name or given.line)
    page = await clients.page(connection, query, views.Reader(None, now), limit=FEW)
    if page.rows:
        why = f"like {', '.join(page.near)}" if page.near else "search"
        return [Hit("client", one.id, why) for one in page.rows]
    typed = query_words(given.name)
    for word in sorted(typed, key=len, reverse=True) if len(typed) > 1 else ():
        if len(word) >= _LEAST_END and (found := await _by_words(connection, [word])):
            return [Hit("client", one, f"has {word!r}") for one in list(found)[:FEW]]
    return []


# What is named exactly


async def _incidents(connection: AsyncConnection, given: Pasted) -> list[Hit]:
    """By hash in a link, a subject or a reply address; by number."""
    found = []
    if given.tokens:
        tokens = {form for one in given.tokens for form in (one, one.lower())}
        query = select(incident.c.id).where(incident.c.hash.in_(tokens)).limit(FEW)
        found = [Hit("incident", one, "link or hash") for one in (await connection.execute(query)).scalars()]
    number = given.bare if given.number is None else given.number
    if number is not None:
        query = select(incident.c.id).where(incident.c.number == number)
        found += [Hit("incident", one, "number") for one in (await connection.execute(query)).scalars()]
    return found


async def _identities(connection: AsyncConnection, given: Pasted) -> list[Hit]:
    """By whole identity: whoever has it; else whoever had it before they were deleted or merged."""
    held = [("email", one) for one in given.emails] + [("phone", one) for one in given.phones]
    held += given.handles
    if not held:
        return []
    same = or_(*(and_(identity.c.type == kind, identity.c.normalized == value) for kind, value in held))
    query = (
        select(identity.c.client_id, identity.c.contact_id, identity.c.type, identity.c.live, contact.c.name)
        .outerjoin(contact, contact.c.id == identity.c.contact_id)
        .where(identity.c.normalized.in_({value for _, value in held}), same)
        .order_by(identity.c.live.desc(), identity.c.contact_id.is_not(None), identity.c.id.desc())
        .limit(FEW + 1)
    )
    rows = (await connection.execute(query)).all()
    live = [row for row in rows if row.live]
    return [
        Hit("client", row.client_id, _why(row.type, row.name, former=not row.live), row.contact_id)
        for row in live or rows
    ]


def _why(kind: str, contact_name: str | None, *, former: bool = False) -> str:
    why = ("former " if former else "") + _TYPES.get(kind, f"{kind} name")
    return f"{why} of contact {contact_name}" if contact_name else why


async def _ids(connection: AsyncConnection, given: Pasted) -> list[Hit]:
    """By the id of whatever record."""
    if given.bare is None:
        return []
    row_id = given.bare
    for table, kind in ((client, "client"), (organization, "organization"), (incident, "incident")):
        query = select(table.c.id).where(table.c.id == row_id)
        if (await connection.execute(query)).first() is not None:
            return [Hit(kind, row_id, "id")]
    named = select(contact.c.client_id, contact.c.name).where(contact.c.id == row_id)
    if (row := (await connection.execute(named)).first()) is not None:
        return [Hit("client", row.client_id, f"id of contact {row.name}", row_id)]
    if (written := await certificates.of_client(connection, row_id)) is not None:
        return [Hit("purged", written, "id")]
    return []


async def _codes(connection: AsyncConnection, given: Pasted) -> list[Hit]:
    """By external id, username, or the number of an invoice."""
    if not given.codes:
        return []
    found = []
    for table, kind in ((client, "client"), (organization, "organization")):
        same = and_(table.c.external_id.in_(given.codes), table.c.external_id != _EMPTY)
        rows = await connection.execute(select(table.c.id).where(same).limit(FEW))
        found += [Hit(kind, one, "external id") for one in sorted(rows.scalars())]
    mine = and_(client.c.deleted_at.is_(None), client.c.absorbed_into.is_(None))
    names = {one.lstrip("@").casefold() for one in given.codes}
    query = select(client.c.id).where(client.c.username.in_(names), mine)
    found += [Hit("client", one, "username") for one in (await connection.execute(query)).scalars()]
    billed = select(invoice.c.client_id, invoice.c.number).where(invoice.c.number.in_(given.codes))
    return found + [
        Hit("client", row.client_id, f"invoice {row.number}") for row in await connection.execute(billed)
    ]


async def _aliases(connection: AsyncConnection, given: Pasted) -> list[Hit]:
    """By what records were called that have been merged into others."""
    values = {*given.emails, *given.phones, *given.tokens, *given.codes, *(name for _, name in given.handles)}
    if not values:
        return []
    query = select(alias.c.client_id, alias.c.organization_id, alias.c.kind)
    rows = await connection.execute(query.where(alias.c.value.in_(values)).distinct().limit(FEW))
    return [
        Hit("client", row.client_id, f"former {row.kind}")
        if row.client_id is not None
        else Hit("organization", row.organization_id, f"former {row.kind}")
        for row in rows
    ]


async def _domains(connection: AsyncConnection, given: Pasted) -> list[Hit]:
    """By a mail domain that was written as one."""
    return await _by_hosts(connection, [given.domain] if given.domain else [])


_EXACT: tuple[Way, ...] = (_incidents, _identities, _ids, _codes, _aliases, _domains)


# What is said less exactly


async def _one_time(connection: AsyncConnection, given: Pasted) -> list[Hit]:
    """Senders who are no clients, by the address their incidents came from."""
    line = (given.line,) if given.line else ()
    addresses = {*given.emails, *given.phones, *(name for _, name in given.handles), *line}
    return [
        Hit("incident", found, "sender of incidents")
        for address in sorted(addresses)
        if (found := await _newest_of(connection, address)) is not None
    ]


async def _newest_of(connection: AsyncConnection, address: str) -> int | None:
    mine = and_(incident.c.sender_address == address, incident.c.client_id.is_(None))
    newest = (await connection.execute(select(func.max(incident.c.id)).where(mine))).scalar()
    return None if newest is None else int(newest)


async def _phone_ends(connection: AsyncConnection, given: Pasted) -> list[Hit]:
    """Clients who have a number that ends so, or whose contacts have."""
    if len(given.digits) < _LEAST_END:
        return []
    word = client_word
    ends = (
        select(word.c.client_id)
        .where(_begins(word.c.word, "~" + given.digits[::-1]))
        .distinct()
        .limit(FEW + 1)
    )
    ids = list((await connection.execute(ends)).scalars())
    if not ids:
        return []
    query = (
        select(identity.c.client_id, identity.c.contact_id, identity.c.normalized, contact.c.name)
        .outerjoin(contact, contact.c.id == identity.c.contact_id)
        .where(identity.c.client_id.in_(ids), identity.c.type == "phone")
        .order_by(identity.c.contact_id.is_not(None), identity.c.id)
    )
    return [
        Hit("client", row.client_id, _why("phone", row.name), row.contact_id)
        for row in await connection.execute(query)
        if row.normalized.endswith(given.digits)
    ]


async def _names(connection: AsyncConnection, given: Pasted) -> list[Hit]:
    """Clients of whatever state, their contacts and organizations: those of this whole name, else of these words."""
    folded, typed = fold(given.name), query_words(given.name)
    if not folded or not typed:
        return []
    whole = await _whole_name(connection, folded)
    worded = await _by_words(connection, typed)
    people = await _contacts(connection, list(worded), typed)
    same = [Hit("client", one, "name") for one, name in worded.items() if name == folded]
    same += [hit for hit, name in people if name == folded]
    if whole or same:
        return [*whole, *same]
    found = [Hit("client", one, "name") for one, name in worded.items() if _is_called(name, typed)]
    found += [hit for hit, _ in people] + await _organizations(connection, typed)
    known = {one.id for one in found}
    return found + [Hit("client", one, "other words") for one in worded if one not in known]


def _is_called(name: str, typed: Sequence[str]) -> bool:
    """Whether a name has a word that begins with each typed one."""
    known = words(name)
    return all(any(one.startswith(word) for one in known) for word in typed)


async def _whole_name(connection: AsyncConnection, folded: str) -> list[Hit]:
    found = []
    for table, kind in ((client, "client"), (organization, "organization")):
        listed: ColumnElement[bool] = literal_column(f"({_of(table.name)})")
        query = select(table.c.id).where(table.c.sort_name == folded, listed).order_by(table.c.id)
        rows = await connection.execute(query.limit(FEW + 1))
        found += [Hit(kind, one, "name") for one in rows.scalars()]
    return found


def _of(table: str) -> str:
    """What is listed, in the words of the partial indexes."""
    return " AND ".join(f"{table}.{part}" for part in LISTED.split(" AND "))


async def _by_words(connection: AsyncConnection, typed: Sequence[str]) -> dict[int, str]:
    """The folded names, by id, of clients who have a word that begins with each typed one."""
    longest = sorted(typed, key=len, reverse=True)
    for rarest in longest:
        ids = (
            select(client_word.c.client_id)
            .where(_begins(client_word.c.word, rarest))
            .distinct()
            .limit(_COMMON + 1)
        )
        if len((await connection.execute(ids)).all()) <= _COMMON:
            break
    query = _having(client_word.c.client_id, rarest, [one for one in longest if one != rarest])
    found = query.limit(10 * FEW).subquery()
    named = select(client.c.id, client.c.sort_name).join(found, found.c.owner == client.c.id)
    return {row.id: row.sort_name for row in await connection.execute(named.order_by(client.c.sort_name))}


def _begins(column: ColumnElement[str], word: str) -> ColumnElement[bool]:
    return and_(column >= word, column < word + LAST)


def _having(owner: Column[int], first: str, others: Sequence[str]) -> Select[int]:
    """The owners of words that begin so, looked for among those of the first; of a common one not through all."""
    table = owner.table
    begin = select(owner.label("owner")).where(_begins(table.c.word, first)).limit(_WALKED).subquery()
    conditions = []
    for other in others:
        own = table.alias()
        mine = own.c[owner.name] == begin.c.owner
        conditions.append(select(own.c.word).where(mine, _begins(own.c.word, other)).exists())
    return select(begin.c.owner).where(*conditions).distinct()


async def _contacts(
    connection: AsyncConnection, ids: Sequence[int], typed: Sequence[str]
) -> list[tuple[Hit, str]]:
    """The contacts of these clients who are called so, with their folded names."""
    if not ids:
        return []
    live = and_(contact.c.client_id.in_(ids), contact.c.deleted_at.is_(None))
    query = select(contact.c.id, contact.c.client_id, contact.c.name).where(live)
    return [
        (Hit("client", row.client_id, f"contact {row.name}", row.id), fold(row.name))
        for row in await connection.execute(query.limit(100 * FEW))
        if _is_called(row.name, typed)
    ]


async def _organizations(connection: AsyncConnection, typed: Sequence[str]) -> list[Hit]:
    first, *others = sorted(typed, key=len, reverse=True)
    query = _having(organization_word.c.organization_id, first, others).limit(FEW + 1)
    return [Hit("organization", one, "name") for one in (await connection.execute(query)).scalars()]


async def _employers(connection: AsyncConnection, given: Pasted) -> list[Hit]:
    """The organization that an unknown address belongs to; nobody's where anybody may have an address."""
    return await _by_hosts(connection, [host for host in given.hosts if not is_public(host)])


async def _by_hosts(connection: AsyncConnection, hosts: Sequence[str]) -> list[Hit]:
    found = []
    for host in hosts:
        labels = host.split(".")
        above = [".".join(labels[place:]) for place in range(len(labels) - 1)]
        holds = or_(mail_domain.c.domain == host, mail_domain.c.subdomains)
        query = (
            select(mail_domain.c.organization_id, mail_domain.c.domain)
            .where(mail_domain.c.domain.in_(above), holds)
            .order_by(func.length(mail_domain.c.domain).desc())
            .limit(1)
        )
        if (row := (await connection.execute(query)).first()) is not None:
            found.append(Hit("organization", row.organization_id, f"mail domain {row.domain}"))
    return found


_ELSE: tuple[Way, ...] = (_one_time, _phone_ends, _names, _employers)
