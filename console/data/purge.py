"""Purging a deleted client, the second of two steps: for good, with everything of theirs, never undoable.

Rows go without items: the journal must not keep what is erased. Three parts, each in small transactions so that others
can work meanwhile: what the journal knows of them, their incidents, and the rest. ``client.purge_at`` is set to
``BEGUN`` first; whoever stops a purge, it is due from then on, and goes on where it was.
"""

import secrets
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, Table, and_, delete, null, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import belongings, certificates, texts
from console.data.belongings import LABELS, Belongings, Conditions
from console.data.change import Change
from console.data.deletion import BEGUN
from console.data.desk import Desk
from console.data.errors import NotFound, Refused
from console.data.forget import PURGE, Step, forget
from console.data.models.base import metadata
from console.data.models.billing import credit_entry, credit_lot
from console.data.models.clients import client
from console.data.models.contacts import contact
from console.data.models.incidents import approval, incident, message, time_entry
from console.data.models.mail import raw_mail
from console.data.models.organizations import organization_manager
from console.data.records import Actor
from console.data.records.erasure import Certificate
from console.data.seal import paused, seal
from console.data.touched import such

CHUNK = 500  # incidents in one transaction
FIXED = "A purge is for good and cannot be undone."
ADMINS = "Only an admin purges clients. Ask one, or wait: deleted clients are purged when their time is over."
_EMPTY = {"data": null(), "mail_id": "", "source": "", "error": ""}
_REFERRED_TO = (incident, message, time_entry, approval, contact, credit_lot, credit_entry, client)

Lasting = Callable[[AsyncConnection], Awaitable[None]]


async def purge(desk: Desk, actor: Actor, client_id: int) -> Certificate:
    """Erase a deleted client and everything of theirs; the certificate's counts are those of ``belongings.counts``.

    Refused for who is no admin, for a client who is not deleted, and for one who was merged into another: they go
    with them. Where a purge was stopped, this finishes it.
    """
    async with desk.read() as connection:
        await check(connection, actor, client_id)
    await seal(desk)  # what was there is proven before it goes
    batch_id = await desk.new_id()

    @asynccontextmanager
    async def step() -> AsyncIterator[Change]:
        opened = desk.change(actor, PURGE, about=("client", client_id), batch_id=batch_id)
        async with opened as change:
            change.entry.fixed = FIXED
            yield change

    async with step() as change:
        certificate_id, key = await _begin(change, client_id)
    async with paused(desk) as lasting:
        await _forget(desk, step, client_id, lasting)
    while await _incidents(step, client_id, certificate_id):
        pass
    await _rest(step, client_id, certificate_id)
    await desk.forget_freed()
    async with desk.read() as connection:
        return replace(await certificates.load(connection, certificate_id), key=key)


async def check(connection: AsyncConnection, actor: Actor, client_id: int) -> Row[Any]:
    """The client, if this actor may purge them now: NotFound, or Refused with the reason, if not."""
    if actor.role != "admin":
        raise Refused(ADMINS)
    row = (await connection.execute(select(client).where(client.c.id == client_id))).first()
    if row is None:
        raise NotFound("There is no such client. They may have been purged already.")
    name = row.name or "This client"
    if row.absorbed_into is not None:
        raise Refused(f"{name} was merged into another client, and is purged with that one.")
    if row.deleted_at is None:
        raise Refused(f"{name} is not deleted. Delete them first: then they can be restored, or purged.")
    return row


async def due(connection: AsyncConnection, now: datetime) -> list[int]:
    """The clients whose time is over, a hundred at most, the longest due first."""
    over = (client.c.purge_at <= now, client.c.deleted_at.is_not(None), client.c.absorbed_into.is_(None))
    query = select(client.c.id).where(*over).order_by(client.c.purge_at, client.c.id).limit(100)
    return list((await connection.execute(query)).scalars())


async def _begin(change: Change, client_id: int) -> tuple[int, str]:
    """From here on there is no way back; returns the certificate's id and, the first time, its key."""
    await _locked(change, client_id)
    row = await check(change.connection, change.actor, client_id)
    if (known := await certificates.of_client(change.connection, client_id)) is not None:
        return known, ""
    key = secrets.token_bytes(32)
    begun = update(client).where(client.c.id == client_id).values(purge_at=BEGUN)
    await change.connection.execute(begun)
    certificate_id = await certificates.begin(change, client_id, key, row.deleted_at.date())
    whose = await belongings.of_client(change.connection, client_id)
    emptied = await change.connection.execute(update(raw_mail).where(whose.copies()).values(_EMPTY))
    await _account(change, certificate_id, {"raw_mail": emptied.rowcount})
    return certificate_id, key.hex()


async def _locked(change: Change, client_id: int) -> Row[Any] | None:
    """The client, who stays as they are until this step is done; two purges of one client take turns."""
    mine = client.c.id == client_id
    await change.dialect.lock(change.connection, client, mine)
    return (await change.connection.execute(select(client).where(mine))).first()


async def _forget(desk: Desk, step: Step, client_id: int, lasting: Lasting) -> None:
    async with desk.read() as connection:
        whose = await belongings.of_client(connection, client_id)

    @asynccontextmanager
    async def quiet_step() -> AsyncIterator[Change]:
        async with step() as change:
            await lasting(change.connection)
            yield change

    await forget(quiet_step, whose)


async def _incidents(step: Step, client_id: int, certificate_id: int) -> bool:
    """Erase some of their incidents, with what hangs on them; False where there are none left."""
    async with step() as change:
        if await _locked(change, client_id) is None:
            return False
        whose = await belongings.of_client(change.connection, client_id)
        some = whose.incidents().order_by(incident.c.id).limit(CHUNK)
        ids = list((await change.connection.execute(some)).scalars())
        if not ids:
            return False
        await _erase(change, whose, ids[-1], certificate_id)
    return len(ids) == CHUNK


async def _rest(step: Step, client_id: int, certificate_id: int) -> None:
    """Erase what is left, and the client."""
    async with step() as change:
        if await _locked(change, client_id) is None:
            return  # another process has finished it
        whose = await belongings.of_client(change.connection, client_id)
        managers = such(organization_manager.c.client_id.in_(whose.ids))
        await change.derived.mark(organization_manager, None, managers)
        await _forget_duplicates(change.connection, whose)
        elsewhere = message.c.incident_id.not_in(whose.incidents())
        await change.count(message, such(whose.wrote(message) & elsewhere), -1)
        await _erase(change, whose, None, certificate_id)


async def _forget_duplicates(connection: AsyncConnection, whose: Belongings) -> None:
    from console.data.duplicates import store  # slow to import, and few processes purge

    await store.forget(connection, whose.ids)


async def _erase(change: Change, whose: Belongings, last: int | None, certificate_id: int) -> None:
    """Erase the rows of ``whose`` up to the incident called ``last`` (None: all of them), and count them."""
    rows = whose.rows(last)
    await _let_go(change, dict(rows), dict(whose.rows()), whole=last is None)
    counts: Counter[str] = Counter()
    for table, where in rows:
        await texts.erase(change.connection, table, where)
        gone = update(raw_mail).values(_EMPTY) if table is raw_mail else delete(table)
        counts[table.name] += (await change.connection.execute(gone.where(where))).rowcount
    await _account(change, certificate_id, counts)


async def _account(change: Change, certificate_id: int, counts: Mapping[str, int]) -> None:
    told = {LABELS[name]: number for name, number in counts.items() if number}
    change.took_away(sum(told.values()))
    await certificates.add(change, certificate_id, told)


async def _let_go(change: Change, going: Conditions, theirs: Conditions, *, whole: bool) -> None:
    """Rows that stay no longer refer to rows that go. What belongs to others is changed as any change is."""
    for parent in (table for table in _REFERRED_TO if table in going):
        gone = select(parent.c.id).where(going[parent])
        for column in references(parent):
            child, refers, nobody = column.table, column.in_(gone), {column.name: None}
            if child.info.get("journal", True):
                others = and_(refers, _except(theirs.get(child)))
                await change.update_where(child, others, nobody)
            if not whole:
                waiting = and_(refers, _except(going.get(child)))
                await change.connection.execute(update(child).where(waiting).values(nobody))


def _except(where: ColumnElement[bool] | None) -> ColumnElement[bool]:
    """Rows that do not meet a condition, or of which it is unknown."""
    return true() if where is None else where.is_not(true())


@cache
def references(parent: Table) -> tuple[Column[Any], ...]:
    """The columns by which rows may, and need not, refer to rows of a table."""
    return tuple(
        column
        for child in metadata.tables.values()
        for column in child.columns
        if column.nullable and any(foreign.column.table is parent for foreign in column.foreign_keys)
    )
