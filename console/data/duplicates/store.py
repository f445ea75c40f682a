"""Forms and keys beside the clients they are made from, kept in the transaction that changes those.

Who is deleted, archived or merged into another has neither: an empty form says so until the pairs are gone, too (see
``data.duplicates.feed``). A contact's identities count to their client.
"""

import asyncio
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Row,
    Select,
    and_,
    bindparam,
    delete,
    func,
    literal_column,
    select,
    union_all,
    update,
)
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.duplicates import postings
from console.data.duplicates.block import keys
from console.data.duplicates.form import FORM_VERSION, Form, form, pack, unpack
from console.data.duplicates.marks import listed, neighbours_unscored
from console.data.duplicates.raw import Raw
from console.data.duplicates.spool import Spool
from console.data.models.base import BIGINT, TEXT
from console.data.models.clients import client, identity
from console.data.models.duplicates import duplicate_form, duplicate_key
from console.data.models.organizations import mail_domain, organization

if TYPE_CHECKING:
    from console.data.desk import Desk

CHUNK = 500
KEYED_AT_ONCE = 50_000
"""Clients whose keys are written in one transaction beside other work; three seconds of it."""
FILLED_AT_ONCE = 200_000
"""The same where nobody else is there."""
DOMAINS = 3
"""Mail domains of an organization that count to each of its clients: the first ones."""

# In the words of the partial index.
_UNKEYED = sql("NOT keyed")

_HANDLES = ("facebook", "twitter", "linkedin", "chat")
_OWN = ("kind", "name", "street", "city", "postcode", "country", "birth_date", "external_id")


@dataclass(slots=True)
class Differences:
    """What is not stored as it should be: forms by client ('' where there should be none), and keys."""

    forms: dict[int, str] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    missing: list[postings.Posting] = field(default_factory=list)
    stale: list[postings.Posting] = field(default_factory=list)

    @property
    def wrong(self) -> set[int]:
        """The ids of the clients that differ."""
        return {*self.forms, *self.gone}


# Writing


async def refresh(connection: AsyncConnection, ids: Sequence[int]) -> set[int]:
    """Make the forms and keys of these clients anew, writing only what differs; returns whose did.

    The caller has locked them.
    """
    found = await compare(connection, ids)
    if not found.wrong:
        return set()
    forms = [(one, FORM_VERSION, text) for one, text in found.forms.items()]
    await postings.change(connection, found.stale, found.missing, forms)
    if found.gone:
        await connection.execute(delete(duplicate_form).where(duplicate_form.c.client_id.in_(found.gone)))
    return found.wrong


async def add_unkeyed(connection: AsyncConnection, ids: Sequence[int]) -> int:
    """Write the forms of these clients, whose keys are written later (see ``key_waiting``). How many differed."""
    wrong = 0
    for start in range(0, len(ids), CHUNK):
        found = await compare(connection, ids[start : start + CHUNK], keyed=False)
        wrong += len(found.wrong)
        rows = [(one, FORM_VERSION, made) for one, made in found.forms.items()]
        await postings.remove(connection, found.stale)
        await postings.put_forms(connection, rows, keyed=False)
    return wrong


async def key_waiting(desk: "Desk") -> int:
    """Write the keys of clients who were added many at a time; returns how many clients there were.

    In the order of the keys, and of tens of thousands of clients at once: keys lie anywhere in their table, so that
    those of a few clients would each write as many pages of it.
    """
    done = 0
    while True:
        async with desk.read() as connection:
            waiting = await _unkeyed(connection, -(1 << 63), KEYED_AT_ONCE)
        if not waiting:
            return done
        theirs = await asyncio.to_thread(_keys_of, waiting)
        async with desk.quiet() as connection:
            await _write_keys(connection, waiting, *theirs)
        done += len(waiting)


async def _write_keys(
    connection: AsyncConnection, waiting: Mapping[int, str], hashes: "array[int]", owners: "array[int]"
) -> None:
    """Write these keys; of clients who have changed meanwhile the change has written them."""
    last = max(waiting)
    still = await _unkeyed(connection, min(waiting) - 1, len(waiting))
    changed = {one for one, text in waiting.items() if still.get(one) != text}
    if changed:
        left = {one: text for one, text in waiting.items() if one not in changed}
        hashes, owners = await asyncio.to_thread(_keys_of, left)
    await postings.add_many(connection, hashes, owners)
    form_ = duplicate_form.c
    mine = and_(_UNKEYED, form_.client_id >= min(waiting), form_.client_id <= last)
    if changed:
        mine = and_(mine, form_.client_id.not_in(changed))
    await connection.execute(update(duplicate_form).where(mine).values(keyed=True))


async def _unkeyed(connection: AsyncConnection, after: int, limit: int) -> dict[int, str]:
    """The next clients whose keys are to be written, with their forms."""
    form_ = duplicate_form.c
    query = select(form_.client_id, form_.form).where(_UNKEYED, form_.client_id > after)
    rows = await connection.execute(query.order_by(form_.client_id).limit(limit))
    return {row.client_id: row.form for row in rows}


def _keys_of(waiting: Mapping[int, str]) -> tuple["array[int]", "array[int]"]:
    """The keys of these forms, and beside each whose it is."""
    hashes, owners = array("q"), array("q")
    for one, packed in waiting.items():
        mine = keys(unpack(packed)) if packed else []
        hashes.extend(mine)
        owners.extend([one] * len(mine))
    return hashes, owners


async def put_keyed(connection: AsyncConnection, forms: Iterable[tuple[int, str]]) -> None:
    """Write packed forms beside whose they are, whose keys the caller writes (see ``put_spooled``)."""
    await postings.put_forms(connection, [(one, FORM_VERSION, packed) for one, packed in forms])


async def put_spooled(connection: AsyncConnection, spool: Spool) -> None:
    """Write the keys of very many clients."""
    for hashes, owners in spool.parts():
        await postings.add_sorted(connection, hashes, owners)


async def compare(connection: AsyncConnection, ids: Sequence[int], *, keyed: bool = True) -> Differences:
    """What is not as it should be of these clients' forms and keys; keys are judged by the stored form.

    ``keyed`` False: the keys are written later, so that none are missing and all there are go.
    """
    stored, fresh, unkeyed = await _stored_and_fresh(connection, ids)
    found = Differences()
    for one in ids:
        before, made = stored.get(one), fresh.get(one)
        now = pack(made) if made is not None else ""
        if before == now or (before is None and made is None):
            continue
        if one in fresh:
            found.forms[one] = now
        else:
            found.gone.add(one)
        had = set(keys(unpack(before))) if before and one not in unkeyed else set()
        has = set(keys(made)) if keyed and made is not None else set()
        found.stale += [(key, one) for key in had - has]
        found.missing += [(key, one) for key in has - had]
    return found


async def _stored_and_fresh(
    connection: AsyncConnection, ids: Sequence[int]
) -> tuple[dict[int, str], dict[int, Form | None], set[int]]:
    """The forms of these clients as they are stored, and as they should be: None of who is not listed.

    The last are those whose keys are not written yet.
    """
    rows: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in await connection.execute(_sources(), {"ids": list(ids)}):
        rows[row.client_id].append(row)
    stored = {one: found[0].form for one, found in rows.items() if found[0].form is not None}
    fresh = {one: form(_raw(found)) if found[0].listed else None for one, found in rows.items()}
    if vanished := [one for one in ids if one not in rows]:
        columns = (duplicate_form.c.client_id, duplicate_form.c.form, duplicate_form.c.keyed)
        left = await connection.execute(select(*columns).where(duplicate_form.c.client_id.in_(vanished)))
        rows |= {row.client_id: [row] for row in left}
        stored |= {one: rows[one][0].form for one in vanished if one in rows}
    return stored, fresh, {one for one in stored if not rows[one][0].keyed}


def _raw(rows: Sequence[Row[Any]]) -> Raw:
    """What is known of a client, from their rows of ``_sources``."""
    row = rows[0]
    found: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for one in rows:
        if one.text is not None:
            found[one.type].append((one.position, one.own_id, one.text))

    def values(kind: str, prefix: str = "") -> tuple[str, ...]:
        return tuple(prefix + text for _, _, text in sorted(found[kind]))

    own = {name: getattr(row, name) for name in _OWN}
    own["birth_date"] = row.birth_date.isoformat() if row.birth_date else ""
    return Raw(
        **own,
        emails=values("email"),
        phones=values("phone"),
        handles=tuple(one for kind in _HANDLES for one in values(kind, f"{kind}:")),
        organization=row.organization or "",
        mail_domains=values("domain")[:DOMAINS],
    )


@cache
def _sources() -> Select[Any]:
    """Clients (``ids`` is the parameter) beside each of their identities and mail domains, and the stored form.

    One query, built once, for it runs in every edit of a name.
    """
    ids = bindparam("ids", expanding=True, type_=BIGINT)
    nothing = literal_column("NULL", BIGINT)
    mine = client.alias()
    domains = (
        select(
            mine.c.id,
            literal_column("'domain'", TEXT).label("type"),
            mail_domain.c.domain,
            nothing,
            mail_domain.c.id,
        )
        .join(mail_domain, mail_domain.c.organization_id == mine.c.organization_id)
        .where(mine.c.id.in_(ids))
    )
    identities = select(
        identity.c.client_id.label("owner"),
        identity.c.type,
        identity.c.normalized.label("text"),
        identity.c.position,
        identity.c.id.label("own_id"),
    ).where(identity.c.client_id.in_(ids), identity.c.live)
    clues = union_all(identities, domains).subquery()
    return (
        select(
            client.c.id.label("client_id"),
            *(client.c[name] for name in _OWN),
            listed().label("listed"),
            organization.c.sort_name.label("organization"),
            duplicate_form.c.form,
            duplicate_form.c.keyed,
            *(clues.c[name] for name in ("type", "text", "position", "own_id")),
        )
        .outerjoin(organization, organization.c.id == client.c.organization_id)
        .outerjoin(duplicate_form, duplicate_form.c.client_id == client.c.id)
        .outerjoin(clues, clues.c.owner == client.c.id)
        .where(client.c.id.in_(ids))
    )


async def forget(connection: AsyncConnection, ids: Sequence[int]) -> None:
    """Leave nothing of clients who are about to be purged; the journal does not count these rows."""
    await neighbours_unscored(connection, client.c.id.in_(ids))
    mine = duplicate_form.c.client_id.in_(ids)
    stored = await connection.execute(select(duplicate_form.c.client_id, duplicate_form.c.form).where(mine))
    held = [(key, row.client_id) for row in stored if row.form for key in keys(unpack(row.form))]
    await postings.remove(connection, held)
    await connection.execute(delete(duplicate_form).where(mine))


# Everything at once


async def fill(connection: AsyncConnection, after: int, limit: int) -> tuple[int, int]:
    """Make the forms of the next clients behind this id: the last one's id, and how many there were."""
    ids = await _next(connection, client.c.id, after, limit)
    await add_unkeyed(connection, ids)
    return (ids[-1] if ids else after), len(ids)


async def fill_keys(connection: AsyncConnection, after: int, _limit: int) -> tuple[int, int]:
    """Make the keys of the next clients whose forms were filled, as many as memory allows."""
    waiting = await _unkeyed(connection, after, FILLED_AT_ONCE)
    if waiting:
        await _write_keys(connection, waiting, *await asyncio.to_thread(_keys_of, waiting))
    return max(waiting, default=after), len(waiting)


async def recount(connection: AsyncConnection) -> int:
    """Make all forms and keys as they should be, after a bulk load; returns how many clients were wrong.

    Where the rule that makes forms is another than theirs, or keys are there that nobody should have, everything is
    made anew.
    """
    wrong = 0
    if await _outdated(connection) or (wrong := await _odd_keys(connection)):
        await connection.execute(delete(duplicate_key))
        await connection.execute(delete(duplicate_form))
    last = -(1 << 63)
    while ids := await _next(connection, client.c.id, last, CHUNK):
        wrong += await add_unkeyed(connection, ids)
        last = ids[-1]
    while (await fill_keys(connection, -(1 << 63), 0))[1]:
        pass
    return wrong


async def differences(connection: AsyncConnection) -> list[str]:
    """What a recount would change, one sentence each."""
    if await _outdated(connection):
        return ["clients: what duplicates are found by was made by an older rule"]
    found, last = [], -(1 << 63)
    while ids := await _next(connection, client.c.id, last, CHUNK):
        wrong = (await compare(connection, ids)).wrong
        found += [f"client {one}: what duplicates are found by is out of date" for one in sorted(wrong)]
        last = ids[-1]
    if not found and await _odd_keys(connection):
        found.append("clients: there are keys of duplicates that belong to nobody, or some are missing")
    return found


async def _next(connection: AsyncConnection, column: Any, after: int, limit: int) -> list[int]:
    return list(
        (
            await connection.execute(select(column).where(column > after).order_by(column).limit(limit))
        ).scalars()
    )


async def _outdated(connection: AsyncConnection) -> bool:
    other = select(duplicate_form.c.client_id).where(duplicate_form.c.version != FORM_VERSION).limit(1)
    return (await connection.execute(other)).first() is not None


async def _odd_keys(connection: AsyncConnection) -> int:
    """By how many the stored keys differ from those of the stored forms: in number, or as a sum of the hashes."""
    expected = total = 0
    last = -(1 << 63)
    while ids := await _next(connection, duplicate_form.c.client_id, last, CHUNK):
        known = and_(duplicate_form.c.form != "", duplicate_form.c.keyed)
        rows = select(duplicate_form.c.form).where(duplicate_form.c.client_id.in_(ids), known)
        for text in (await connection.execute(rows)).scalars():
            mine = keys(unpack(text))
            expected += len(mine)
            total += sum(key % _SUMMED for key in mine)
        last = ids[-1]
    summed = func.coalesce(func.sum((duplicate_key.c.hash % _SUMMED + _SUMMED) % _SUMMED), 0)
    number, stored = (await connection.execute(select(func.count(), summed).select_from(duplicate_key))).one()
    return max(abs(int(number) - expected), int(stored != total))


_SUMMED = 1 << 20
