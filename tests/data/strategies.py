"""Random work on a small desk: changes of many kinds, as hypothesis draws them."""

import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import and_, case, func, select
from sqlalchemy.exc import IntegrityError

from console.data.change import Change
from console.data.desk import Desk
from console.data.errors import DeskError
from console.data.models.billing import credit_entry, credit_lot
from console.data.models.clients import client, client_tag, favourite, identity, tag
from console.data.models.contacts import contact
from console.data.models.departments import department
from console.data.models.incidents import incident
from console.data.models.notes import note
from console.data.models.organizations import mail_domain, organization, organization_manager
from console.data.records import Actor
from tests.data.rows import add_incident, add_message

_numbers = itertools.count(1)
NAMES = ("Anna Nowak", "Łukasz Żak", "ACME s.r.o.", "Anna Maria Nowak", "Bob", "x" * 70)
STATUSES = ("pending", "approved", "disapproved", "banned", "spam")


@dataclass
class World:
    """The records that one example works on; ``mark`` keeps its unique values apart from other examples'."""

    mark: str
    actor: Actor
    clients: list[int]
    organizations: list[int]
    departments: list[int]
    tags: list[int]
    incidents: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Draw:
    """What hypothesis drew for one step: which kind of work, and numbers to choose records and values with."""

    kind: str
    a: int
    b: int
    c: int


async def world(desk: Desk, actor: Actor) -> World:
    """Three organizations, five clients and what they need, made by one change."""
    mark = f"w{next(_numbers)}"
    async with desk.change(actor, "test.world") as change:
        organizations = [await change.insert(organization, name=f"{mark} Org {n}") for n in range(3)]
        clients = [await change.insert(client, name=NAMES[n], username=f"{mark}-{n}") for n in range(5)]
        for n, client_id in enumerate(clients[:3]):
            await change.update(
                client, client_id, organization_id=organizations[n % 2], organization_by="manual"
            )
            raw = f"{mark}-{n}@example.org"
            await change.insert(identity, client_id=client_id, type="email", raw=raw, normalized=raw)
        departments = [await change.insert(department, name=f"{mark} D{n}") for n in range(2)]
        tags = [await change.insert(tag, name=f"{mark} t{n}") for n in range(2)]
        made = World(mark, actor, clients, organizations, departments, tags)
        made.incidents = [await _opened(change, made, clients[n], n) for n in range(3)]
    return made


async def _opened(change: Change, w: World, client_id: int, n: int) -> int:
    opened = await add_incident(change, client_id, w.departments[n % 2], next(_numbers))
    await add_message(change, opened, f"first of {w.mark}", "client")
    return opened


def _some(ids: list[int], bits: int) -> list[int]:
    return [one for n, one in enumerate(ids) if bits >> n & 1] or ids[:1]


async def _rename(c: Change, w: World, d: Draw) -> None:
    await c.update(client, w.clients[d.a % 5], name=NAMES[d.b % len(NAMES)], external_id=str(d.c))


async def _status(c: Change, w: World, d: Draw) -> None:
    mine = client.c.id.in_(_some(w.clients, d.a))
    await c.update_where(
        client,
        mine,
        {"status": STATUSES[d.b % 5], "status_before": client.c.status, "status_at": c.at},
    )


async def _move_to_organization(c: Change, w: World, d: Draw) -> None:
    where = client.c.id.in_(_some(w.clients, d.a))
    to = (None, *w.organizations)[d.b % 4]
    await c.update_where(
        client, where, {"organization_id": to, "organization_by": "manual" if to else "none"}
    )


async def _add_client(c: Change, w: World, d: Draw) -> None:
    added = await c.insert(client, name=NAMES[d.a % len(NAMES)], password_hash="$argon2$secret")
    raw = f"{w.mark}-{d.b % 4}@new.example"
    await c.insert(identity, client_id=added, type="email", raw=raw, normalized=raw)
    if d.c % 2:
        await c.insert(note, client_id=added, author_id=w.actor.staff_id, text="new")
    if d.c % 3 == 0:
        await _opened(c, w, added, d.c)


async def _delete_client(c: Change, w: World, d: Draw) -> None:
    """With everything, the client before or after what belongs to them."""
    gone = w.clients[d.a % 5]
    owned = [note, contact, identity, favourite, client_tag, organization_manager]
    order = [client, *owned] if d.b % 2 else [*owned, client]
    for table in order:
        await c.delete_where(table, table.c.id == gone if table is client else table.c.client_id == gone)


async def _hide_client(c: Change, w: World, d: Draw) -> None:
    one = w.clients[d.a % 5]
    column = ("deleted_at", "archived_at")[d.b % 2]
    hidden: dict[str, Any] = {column: c.at if d.c % 2 else None}
    await c.update(client, one, **hidden)
    if column == "deleted_at":
        await c.update_where(identity, identity.c.client_id == one, {"live": not d.c % 2})


async def _move_identities(c: Change, w: World, d: Draw) -> None:
    where = identity.c.client_id == w.clients[d.a % 5]
    await c.update_where(identity, where, {"client_id": w.clients[d.b % 5], "position": d.c % 3})


async def _add_identity(c: Change, w: World, d: Draw) -> None:
    kind, raw = (("email", f"{w.mark}-{d.b % 4}@example.org"), ("phone", f"+4860012{d.b % 4:04d}"))[d.c % 2]
    one = w.clients[d.a % 5]
    await c.insert(identity, client_id=one, type=kind, raw=raw, normalized=raw, mobile=kind == "phone")


async def _note(c: Change, w: World, d: Draw) -> None:
    mine = note.c.client_id == w.clients[d.a % 5]
    if d.b % 3 == 0:
        await c.insert(
            note, client_id=w.clients[d.a % 5], author_id=w.actor.staff_id, text=f'says "{d.c}"\n\\ é'
        )
    elif d.b % 3 == 1:
        await c.update_where(note, mine, {"pinned": bool(d.c % 2), "expires_at": c.at + timedelta(days=d.c)})
    else:
        await c.delete_where(note, mine)


async def _credit(c: Change, w: World, d: Draw) -> None:
    one = w.clients[d.a % 5]
    if d.b % 2 == 0:
        lot = await c.insert(credit_lot, client_id=one, unit="minutes")
        await c.insert(credit_entry, lot_id=lot, client_id=one, unit="minutes", amount=60, reason="bought")
        return
    left = select(credit_lot.c.id).where(credit_lot.c.client_id == one, credit_lot.c.remaining >= 15).limit(1)
    if found := (await c.connection.execute(left)).scalar():
        await c.insert(credit_entry, lot_id=found, client_id=one, unit="minutes", amount=-15)


async def _contact(c: Change, w: World, d: Draw) -> None:
    mine = and_(contact.c.client_id == w.clients[d.a % 5], contact.c.deleted_at.is_(None))
    kind = d.b % 4
    if kind < 2:
        await c.insert(contact, client_id=w.clients[d.a % 5], name=NAMES[d.c % len(NAMES)])
    elif kind == 2:
        newest = (await c.connection.execute(select(func.max(contact.c.id)).where(mine))).scalar()
        oldest = (await c.connection.execute(select(func.min(contact.c.id)).where(mine))).scalar()
        chosen = newest if d.c % 2 else oldest
        if chosen:
            await c.update_where(contact, mine, {"is_primary": contact.c.id == chosen})
    else:
        await c.update_where(contact, mine, {"deleted_at": c.at})


async def _incident(c: Change, w: World, d: Draw) -> None:
    chosen = incident.c.id.in_(_some(w.incidents, d.a))
    kind = d.b % 5
    if kind == 0:
        await _opened(c, w, w.clients[d.a % 5], d.c)
    elif kind == 1:
        await c.update_where(incident, chosen, {"state": ("open", "closed")[d.c % 2], "closed_at": c.at})
    elif kind == 2:
        await c.update_where(incident, chosen, {"client_id": w.clients[d.c % 5]})
    elif kind == 3:
        await c.update_where(incident, chosen, {"folder": ("inbox", "spam")[d.c % 2]})
    else:
        await add_message(c, w.incidents[d.a % 3], f"reply {d.c}", ("client", "staff", "note")[d.c % 3])


async def _tag(c: Change, w: World, d: Draw) -> None:
    mine = and_(client_tag.c.client_id == w.clients[d.a % 5], client_tag.c.tag_id == w.tags[d.b % 2])
    if not await c.delete_where(client_tag, mine):
        await c.insert(client_tag, client_id=w.clients[d.a % 5], tag_id=w.tags[d.b % 2])


async def _favourite(c: Change, w: World, d: Draw) -> None:
    mine = favourite.c.client_id == w.clients[d.a % 5]
    if not await c.delete_where(favourite, mine):
        await c.insert(favourite, client_id=w.clients[d.a % 5], staff_id=w.actor.staff_id)


async def _swap_usernames(c: Change, w: World, d: Draw) -> None:
    one, two = w.clients[d.a % 5], w.clients[d.b % 5]
    names = select(client.c.id, client.c.username).where(client.c.id.in_([one, two]))
    named = {row[0]: row[1] for row in await c.connection.execute(names)}
    if len(named) == 2:
        swapped = case((client.c.id == one, named[two]), else_=named[one])
        await c.update_where(client, client.c.id.in_([one, two]), {"username": swapped})


async def _organization(c: Change, w: World, d: Draw) -> None:
    one = w.organizations[d.a % 3]
    kind = d.b % 4
    if kind == 0:
        await c.update(organization, one, name=f"{w.mark} {NAMES[d.c % len(NAMES)]}")
    elif kind == 1:
        await c.insert(mail_domain, organization_id=one, domain=f"{w.mark}-{d.c % 3}.example")
    elif kind == 2:
        await c.delete_where(mail_domain, mail_domain.c.organization_id == one)
    else:
        pair = {"organization_id": one, "client_id": w.clients[d.c % 5]}
        mine = and_(*(organization_manager.c[name] == value for name, value in pair.items()))
        if not await c.delete_where(organization_manager, mine):
            await c.insert(organization_manager, **pair)


KINDS: dict[str, Callable[[Change, World, Draw], Awaitable[None]]] = {
    "rename": _rename,
    "status": _status,
    "move to organization": _move_to_organization,
    "add client": _add_client,
    "delete client": _delete_client,
    "hide client": _hide_client,
    "move identities": _move_identities,
    "add identity": _add_identity,
    "note": _note,
    "credit": _credit,
    "contact": _contact,
    "incident": _incident,
    "tag": _tag,
    "favourite": _favourite,
    "swap usernames": _swap_usernames,
    "organization": _organization,
}

numbers = st.integers(0, 31)
draws = st.builds(Draw, st.sampled_from(sorted(KINDS)), numbers, numbers, numbers)
# Each inner list is one entry: a change of one to three steps.
work = st.lists(st.lists(draws, min_size=1, max_size=3), min_size=1, max_size=10)


async def perform(desk: Desk, w: World, steps: list[Draw], *, batch_id: int | None = None) -> int | None:
    """Do one entry's work; its id, or None where the database refuses it or nothing differs."""
    try:
        async with desk.change(w.actor, f"test.{steps[0].kind}", batch_id=batch_id) as change:
            for step in steps:
                await KINDS[step.kind](change, w, step)
    except (IntegrityError, DeskError):
        return None
    except Exception as error:
        error.add_note(repr(steps))
        raise
    return change.entry_id if change.written else None
