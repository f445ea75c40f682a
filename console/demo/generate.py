"""Makes a demonstration: one transaction, one journal entry without items."""

import hashlib
import random
from array import array
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Table, func, insert, select, update

from console.data import texts
from console.data.desk import Desk
from console.data.duplicates import store
from console.data.errors import Refused
from console.data.models.billing import credit_lot, invoice
from console.data.models.clients import client, identity
from console.data.models.incidents import counter, incident
from console.data.models.mail import blob
from console.data.models.organizations import mail_domain
from console.data.records import Actor
from console.demo import companies, house
from console.demo.clients import ClientWriter, Sender
from console.demo.incidents import FILE, IncidentWriter
from console.demo.people import Inventor
from console.demo.records import Records
from console.demo.writer import Writer

CLIENTS = 2000
MOST_CLIENTS = 5_000_000
CHUNK = 1000
SPAN = timedelta(days=420)

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Made:
    """How much was made."""

    organizations: int
    clients: int
    incidents: int


async def make(desk: Desk, actor: Actor, *, clients: int, seed: int, force: bool, tell: Tell) -> Made:
    """Fill a database; Refused if it holds clients already, unless ``force``.

    The same seed, number and time of day give the same data, ids aside. ``tell`` gets a line of progress now and then.
    """
    if not 1 <= clients <= MOST_CLIENTS:
        raise Refused(f"A demonstration has 1 to {MOST_CLIENTS:,} clients.")
    fresh = await _is_empty(desk)
    if not (fresh or force):
        raise Refused(
            f"{desk.location.shown} holds clients already, and nothing was added. "
            "Name another with --database, or add --force."
        )
    async with desk.change(actor, "demo.make", detail=f"{clients} clients, seed {seed}", bulk=True) as change:
        change.entry.fixed = "Demonstration data is taken away by deleting its database, not by undo."
        writer, inventor = Writer(change), Inventor(random.Random(seed))
        if not fresh:
            async for name in _taken(desk):
                inventor.taken.add(name)
        home = await house.build(writer, _id_of(actor), actor.name)
        await house.assign(writer, home)
        firms = await companies.build(writer, inventor, max(1, clients // 20))
        tell(f"{len(firms):,} organizations")
        numbers = await _last_number(writer, invoice, "invoice")
        people = ClientWriter(writer, inventor, Records(inventor, firms), home, clients, numbers)
        senders, order = await _clients(writer, people, inventor.rng, clients, tell)
        count = await _incidents(writer, inventor.rng, home, senders, order, tell)
        await companies.finish(writer, firms)
        await _settle(writer, senders)
        await _remember(writer, "invoice", people.invoices)
        await texts.recount(change.connection)
        await store.recount(change.connection)
    return Made(len(firms), clients, count)


def _id_of(actor: Actor) -> int:
    if actor.staff_id is None:
        raise Refused("Only a member of staff makes a demonstration.")
    return actor.staff_id


async def _is_empty(desk: Desk) -> bool:
    async with desk.read() as connection:
        return (await connection.execute(select(client.c.id).limit(1))).first() is None


async def _taken(desk: Desk) -> AsyncIterator[str]:
    """What must not be made again: addresses, usernames, mail domains."""
    sources = (
        select(identity.c.normalized).where(identity.c.type != "phone"),
        select(client.c.username).where(client.c.username.is_not(None)),
        select(mail_domain.c.domain),
    )
    async with desk.read() as connection:
        for source in sources:
            async for row in await connection.stream(source):
                yield row[0]


async def _clients(
    writer: Writer, people: ClientWriter, rng: random.Random, total: int, tell: Tell
) -> tuple[list[Sender], "array[int]"]:
    """Write all clients; returns those with incidents, and the moments (ms) and senders of these, packed."""
    senders: list[Sender] = []
    order = array("q")
    for number in range(1, total + 1):
        sender = people.write()
        if count := rng.choices((0, 1, 2, 3, 6, 20), (62, 18, 10, 6, 3.6, 0.4))[0]:
            senders.append(sender)
            order.extend(_moment(rng, sender, people.at) << 24 | len(senders) - 1 for _ in range(count))
        if number % CHUNK == 0 or number == total:
            await writer.flush()
            tell(f"{number:,} of {total:,} clients")
    return senders, array("q", sorted(order))


def _moment(rng: random.Random, sender: Sender, at: datetime) -> int:
    """Minutes before ``at``, negative, at which somebody writes: lately more often, and at working hours."""
    oldest = min(SPAN, at - sender.created_at) / timedelta(minutes=1)
    before = int(oldest * rng.random() ** 2.2)
    if before > 1440 and rng.random() < 0.8:
        hour = (at - timedelta(minutes=before)).hour
        before += 60 * ((hour - rng.randrange(7, 17)) % 24)
    return -min(before, int(oldest))


async def _incidents(
    writer: Writer,
    rng: random.Random,
    home: house.House,
    senders: list[Sender],
    order: "array[int]",
    tell: Tell,
) -> int:
    await _attachment(writer)
    start = await _last_number(writer, incident, "incident")
    made = IncidentWriter(writer, rng, home, start)
    total = len(order)
    for number, packed in enumerate(order, 1):
        opened = writer.change.at + timedelta(minutes=packed >> 24, milliseconds=-rng.randrange(60_000))
        made.write(senders[packed & 0xFFFFFF], opened)
        if rng.random() < 0.006:
            made.write(None, opened)
        if number % CHUNK == 0 or number == total:
            await writer.flush()
            tell(f"{number:,} of {total:,} incidents")
    await _remember(writer, "incident", made.numbers)
    return made.numbers - start


async def _attachment(writer: Writer) -> None:
    digest = hashlib.sha256(FILE).hexdigest()
    known = select(blob.c.id).where(blob.c.sha256 == digest)
    if (await writer.change.connection.execute(known)).first() is None:
        writer.add(blob, sha256=digest, data=FILE)


async def _last_number(writer: Writer, table: Table, name: str) -> int:
    """The last readable number in use: the counter's, or that of rows which came without it."""
    connection = writer.change.connection
    counted = (await connection.execute(select(counter.c.value).where(counter.c.name == name))).scalar() or 0
    if table is incident:
        used = (await connection.execute(select(func.max(incident.c.number)))).scalar() or 0
        return max(int(counted), int(used))
    return int(counted)


async def _remember(writer: Writer, name: str, value: int) -> None:
    changed = update(counter).where(counter.c.name == name).values(value=value)
    if not (await writer.change.connection.execute(changed)).rowcount:
        await writer.change.connection.execute(insert(counter).values(name=name, value=value))


async def _settle(writer: Writer, senders: list[Sender]) -> None:
    """Write the counters that the incidents moved."""
    opened = [{"id": one.id, "open_incidents": one.open_incidents} for one in senders if one.open_incidents]
    lots = [{"id": one.lot.id, "remaining": one.lot.remaining} for one in senders if one.lot]
    for table, rows in ((client, opened), (credit_lot, lots)):
        for start in range(0, len(rows), CHUNK):
            await writer.set(table, rows[start : start + CHUNK])
