"""The demonstration: whole, in step, believable, the same for the same seed, and harmless."""

import random
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Table, func, select

from console.data import derived, normalize, staff
from console.data.desk import Desk
from console.data.errors import Refused
from console.data.models.billing import credit_entry, credit_lot, invoice
from console.data.models.clients import client, favourite, identity
from console.data.models.contacts import contact
from console.data.models.incidents import counter, incident, message
from console.data.models.journal import journal_entry, journal_item
from console.data.models.notes import note
from console.data.models.organizations import organization
from console.data.models.words import CHANNELS, CLIENT_STATUSES, FOLDERS, IDENTITY_TYPES, STATES
from console.data.records import Actor
from console.demo.generate import Made, make
from console.demo.people import Inventor
from tests.cli.running import Helpdesk


async def made(desk: Desk, actor: Actor, clients: int = 600, seed: int = 1, *, force: bool = False) -> Made:
    return await make(desk, actor, clients=clients, seed=seed, force=force, tell=lambda _: None)


async def column(desk: Desk, wanted: object) -> list[object]:
    async with desk.read() as connection:
        return list((await connection.execute(select(wanted))).scalars())  # type: ignore[call-overload]


async def count(desk: Desk, table: Table) -> int:
    async with desk.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())


async def test_everything_is_there_and_in_step(desk: Desk, admin: Actor) -> None:
    found = await made(desk, admin)
    assert (found.clients, await count(desk, client)) == (600, 600)
    assert found.organizations == await count(desk, organization) == 30
    assert found.incidents == await count(desk, incident) > 300
    assert set(await column(desk, client.c.status)) == set(CLIENT_STATUSES)
    assert set(await column(desk, identity.c.type)) == set(IDENTITY_TYPES)
    assert set(await column(desk, incident.c.state)) == set(STATES)
    assert set(await column(desk, incident.c.folder)) == set(FOLDERS)
    assert set(await column(desk, incident.c.channel)) >= set(CHANNELS) - {"facebook", "twitter", "linkedin"}
    assert set(await column(desk, message.c.kind)) == {"client", "staff", "note", "event"}
    assert set(await column(desk, invoice.c.state)) >= {"paid", "unpaid"}
    for table in (contact, credit_lot, favourite, note):
        assert await count(desk, table) > 5
    assert [member.login for member in await staff.members(desk)] == ["ann", "ola", "tom", "wu"]
    async with desk.read() as connection:
        assert await derived.differences(connection) == []


async def test_some_incidents_are_overdue_and_some_soon_due(desk: Desk, admin: Actor) -> None:
    await made(desk, admin)
    due = [one for one in await column(desk, incident.c.due_at) if one is not None]
    late = sum(one < desk.now() for one in due)  # type: ignore[operator]
    assert 0 < late < len(due) / 2


async def test_numbers_go_on_and_ledgers_balance(desk: Desk, admin: Actor) -> None:
    await made(desk, admin)
    numbers = await column(desk, incident.c.number)
    assert sorted(numbers) == list(range(1, len(numbers) + 1))  # type: ignore[type-var]
    async with desk.read() as connection:
        last = select(counter.c.value).where(counter.c.name == "incident")
        assert (await connection.execute(last)).scalar_one() == len(numbers)
        total = select(func.sum(credit_entry.c.amount))
        left = select(func.sum(credit_lot.c.remaining))
        assert (await connection.execute(total)).scalar_one() == (await connection.execute(left)).scalar_one()
        in_order = select(incident.c.created_at).order_by(incident.c.id)
        times = list((await connection.execute(in_order)).scalars())
    assert all((later - earlier).total_seconds() > -60 for earlier, later in pairwise(times))


async def test_it_is_one_entry_without_items(desk: Desk, admin: Actor) -> None:
    items = await count(desk, journal_item)
    await made(desk, admin, 50)
    async with desk.read() as connection:
        mine = select(journal_entry).where(journal_entry.c.action == "demo.make")
        entry = (await connection.execute(mine)).one()
    assert await count(desk, journal_item) == items
    assert entry.rows > 500
    assert entry.fixed.startswith("Demonstration data")


async def test_the_same_seed_makes_the_same(
    sqlite_url: str, tmp_path: Path, admin: Actor, desk: Desk
) -> None:
    async def facts(one: Desk) -> list[list[object]]:
        return [
            await column(one, table.c[name])
            for table, name in (
                (client, "name"),
                (identity, "raw"),
                (incident, "subject"),
                (incident, "hash"),
            )
        ]

    async def sample(name: str, seed: int) -> list[list[object]]:
        async with await Desk.open(str(tmp_path / name), clock=desk.clock) as other:
            await made(other, await staff.first_admin(other, "ann", "Ann"), 120, seed)
            return await facts(other)

    await made(desk, admin, 120, 5)
    assert [sorted(map(str, found)) for found in await facts(desk)] == [
        sorted(map(str, found)) for found in await sample("again.db", 5)
    ]
    assert await sample("other.db", 6) != await sample("once more.db", 5)


async def test_no_mail_of_it_reaches_anybody(desk: Desk, admin: Actor) -> None:
    await made(desk, admin, 300)
    async with desk.read() as connection:
        emails = select(identity.c.normalized).where(identity.c.type == "email")
        found = list((await connection.execute(emails)).scalars())
    assert len(found) > 250
    assert [one for one in found if not one.endswith(".example")] == []
    assert [one for one in found if normalize.email(one) != one] == []


async def test_a_base_that_holds_clients_is_refused_unless_forced(desk: Desk, admin: Actor) -> None:
    await made(desk, admin, 40)
    with pytest.raises(Refused, match="holds clients already, and nothing was added"):
        await made(desk, admin, 40)
    await made(desk, admin, 40, force=True)
    assert await count(desk, client) == 80
    async with desk.read() as connection:
        assert await derived.differences(connection) == []


@pytest.mark.parametrize("number", [0, -1, 5_000_001])
async def test_impossible_numbers_are_refused(number: int, desk: Desk, admin: Actor) -> None:
    with pytest.raises(Refused):
        await made(desk, admin, number)


def test_numbers_are_normalized_as_if_they_had_been_typed() -> None:
    inventor = Inventor(random.Random(3))
    for _ in range(500):
        country = inventor.country()
        _, area = inventor.place(country)
        for phone in (inventor.mobile(country), inventor.landline(country, area)):
            assert normalize.phone(phone.raw, country.code)[0] == phone.normalized


def test_the_command(tmp_path: Path) -> None:
    helpdesk = Helpdesk(tmp_path, f"sqlite:///{tmp_path / 'demo.db'}")
    answer = helpdesk.ok("demo", "--no-open", "--clients", "30", "--seed", "4", "--json").json
    assert (answer["clients"], answer["organizations"]) == (30, 1)
    again = helpdesk("demo", "--no-open", "--clients", "30")
    assert (again.code, again.out) == (1, "")
    assert "--force" in again.err
    assert len(helpdesk.ok("clients", "list", "--json").json) >= 28
    assert helpdesk.ok("doctor").out.endswith("Nothing is wrong.\n")
    # It opens the console afterwards, and here there is no terminal to open it in.
    opened = helpdesk("demo", "--force", "--clients", "5")
    assert opened.code == 1
    assert opened.out.startswith("Made 5 clients")
    assert opened.err.startswith("The console needs a terminal")
