"""Credit and contacts as staff add them, and take them back."""

import pytest

from console.commands import by_id
from console.data import clients, contacts, credit, notes, organizations
from console.data.desk import Desk
from console.data.errors import IdentityTaken, Invalid, NotFound, Refused
from console.data.models.billing import credit_entry
from console.data.records import Actor, Contact, CreditLine
from tests.data.rows import add_client, add_department, add_incident, entry_count, wrong


async def act(desk: Desk, who: Actor, command: str, *ids: int, **inputs: str) -> str:
    run = by_id(command).run
    assert run is not None
    return (await run(desk, who, ids, inputs)).sentence


async def balance(desk: Desk, client_id: int) -> dict[str, int]:
    async with desk.read() as connection:
        return await credit.balance(connection, client_id, desk.now())


async def contacts_of(desk: Desk, client_id: int) -> list[Contact]:
    async with desk.read() as connection:
        return await contacts.of_client(connection, client_id)


async def test_credit_is_added_as_a_lot_with_its_reason_and_end(desk: Desk, admin: Actor) -> None:
    one, two = await add_client(desk, admin), await add_client(desk, admin, "Bob")
    said = await act(desk, admin, "client.credit", one, two, amount="2 h", reason="goodwill", until="2 w")
    assert said == "Added credit to 2 clients: 2 h"
    await act(desk, admin, "client.credit", one, amount="4 incidents")
    assert await balance(desk, one) == {"minutes": 120, "incidents": 4}
    assert await balance(desk, two) == {"minutes": 120, "incidents": 0}
    async with desk.read() as connection:
        lots = await credit.lots(connection, one, desk.now())
        lines = await credit.ledger(connection, one)
    assert [(lot.unit, lot.expires_at is None) for lot in lots] == [("minutes", False), ("incidents", True)]
    assert [(line.amount, line.reason, line.staff) for line in lines] == [
        (4, "", admin.name),
        (120, "goodwill", admin.name),
    ]


async def test_added_credit_is_taken_back_by_a_line_that_answers_it(desk: Desk, admin: Actor) -> None:
    one = await add_client(desk, admin)
    await act(desk, admin, "client.credit", one, amount="90 min", reason="by mistake")
    await act(desk, admin, "journal.undo")
    assert await balance(desk, one) == {"minutes": 0, "incidents": 0}
    async with desk.read() as connection:
        lines = [(line.amount, line.reason) for line in await credit.ledger(connection, one)]
    assert lines == [(-90, "undo: by mistake"), (90, "by mistake")]
    assert await wrong(desk) == []


@pytest.mark.parametrize("amount", ["", "0 h", "-2 h", "much", "12"])
async def test_an_amount_that_cannot_be_is_refused(desk: Desk, admin: Actor, amount: str) -> None:
    one = await add_client(desk, admin)
    with pytest.raises(Invalid, match="amount"):
        await act(desk, admin, "client.credit", one, amount=amount)
    assert await balance(desk, one) == {"minutes": 0, "incidents": 0}


async def test_the_first_contact_is_the_primary_one_until_another_is_made_it(
    desk: Desk, admin: Actor
) -> None:
    one = await add_client(desk, admin)
    await act(
        desk, admin, "client.contact", one, name="Piotr Bąk", email="piotr@acme.example", access="complete"
    )
    await act(desk, admin, "client.contact", one, name="Ala", phone="+48 601 555 010")
    first, second = await contacts_of(desk, one)
    assert (first.name, first.primary, first.access) == ("Piotr Bąk", True, "complete")
    assert (second.name, second.primary, second.access) == ("Ala", False, "none")
    assert [identity.normalized for identity in second.identities] == ["+48601555010"]
    async with desk.change(admin, "contact.primary") as change:
        await contacts.make_primary(change, second.id)
    assert [(c.name, c.primary) for c in await contacts_of(desk, one)] == [
        ("Ala", True),
        ("Piotr Bąk", False),
    ]
    await act(desk, admin, "journal.undo")
    assert [(c.name, c.primary) for c in await contacts_of(desk, one)] == [
        ("Piotr Bąk", True),
        ("Ala", False),
    ]
    with pytest.raises(NotFound):
        async with desk.change(admin, "contact.primary") as change:
            await contacts.make_primary(change, 12345)


async def test_a_contacts_address_finds_the_client_and_is_theirs_alone(desk: Desk, admin: Actor) -> None:
    one, two = await add_client(desk, admin), await add_client(desk, admin, "Bob")
    await act(desk, admin, "client.contact", one, name="Piotr", email="piotr@acme.example")
    with pytest.raises(IdentityTaken, match="belongs to Anna Nowak already"):
        await act(desk, admin, "client.contact", two, name="Another", email="PIOTR@acme.example")
    async with desk.read() as connection:
        assert (await clients.load(connection, one)).contacts == 1
        assert (await clients.load(connection, one)).email == ""
        assert (await clients.load(connection, two)).contacts == 0


async def test_a_contact_belongs_to_one_client_and_needs_a_name(desk: Desk, admin: Actor) -> None:
    one, two = await add_client(desk, admin), await add_client(desk, admin, "Bob")
    with pytest.raises(Refused, match="one client"):
        await act(desk, admin, "client.contact", one, two, name="Piotr")
    with pytest.raises(Invalid, match="name is missing"):
        await act(desk, admin, "client.contact", one, name=" ")
    with pytest.raises(Invalid, match="access"):
        await act(desk, admin, "client.contact", one, name="Piotr", access="all")


async def test_what_is_so_already_is_said_and_makes_no_entry(desk: Desk, admin: Actor) -> None:
    one = await add_client(desk, admin)
    await act(desk, admin, "client.tag", one, tags="vip")
    before = await entry_count(desk)
    said = await act(desk, admin, "client.tag", one, tags="vip")
    assert said == "It is so already for Anna Nowak. Nothing was changed."
    assert await entry_count(desk) == before


async def test_a_manager_is_told_by_what_they_newly_see_and_lose(desk: Desk, admin: Actor) -> None:
    one, two = await add_client(desk, admin), await add_client(desk, admin, "Bob")
    with pytest.raises(Refused, match="no organization"):
        await act(desk, admin, "client.manager", one, reply="no")
    await act(desk, admin, "client.organization", one, two, organization="Acme")
    async with desk.change(admin, "test") as change:
        place = await add_department(change)
        await add_incident(change, two, place, 1)
        await add_incident(change, two, place, 2, state="closed")
        await add_incident(change, one, place, 3)
    said = await act(desk, admin, "client.manager", one, reply="yes")
    assert said == "Anna Nowak manages Acme now and sees 2 incidents of 1 colleague"
    async with desk.read() as connection:
        acme = (await clients.load(connection, one)).organization_id
        assert acme is not None
        assert (await organizations.load(connection, acme, desk.now())).managers == (
            (one, "Anna Nowak", True),
        )
    await act(desk, admin, "client.manager", one, reply="no")
    async with desk.read() as connection:
        assert (await organizations.load(connection, acme, desk.now())).managers == (
            (one, "Anna Nowak", False),
        )
    said = await act(desk, admin, "client.no-manager", one)
    assert said == "Anna Nowak no longer manages Acme nor sees 2 incidents of colleagues"
    with pytest.raises(Refused, match="do not manage Acme"):
        await act(desk, admin, "client.no-manager", one)
    assert await wrong(desk) == []


async def ledger(desk: Desk, client_id: int) -> list[CreditLine]:
    async with desk.read() as connection:
        return await credit.ledger(connection, client_id)


async def test_a_line_of_the_ledger_is_corrected_by_its_opposite_once(desk: Desk, admin: Actor) -> None:
    anna = await add_client(desk, admin, "Anna")
    await act(desk, admin, "client.credit", anna, amount="2 h", reason="spring")
    [line] = await ledger(desk, anna)
    assert (
        await act(desk, admin, "credit.reverse", line.id, reason="typo")
        == "Reversed a line of the ledger: -2 h"
    )
    assert [(one.amount, one.reason) for one in await ledger(desk, anna)] == [(-120, "typo"), (120, "spring")]
    assert await balance(desk, anna) == {"minutes": 0, "incidents": 0}
    for again in [one.id for one in await ledger(desk, anna)]:
        with pytest.raises(Refused, match="has been reversed already, or reverses another"):
            await act(desk, admin, "credit.reverse", again)
    await act(desk, admin, "journal.undo")
    assert await balance(desk, anna) == {"minutes": 120, "incidents": 0}
    await act(desk, admin, "credit.reverse", line.id, reason="typo after all")
    assert await balance(desk, anna) == {"minutes": 0, "incidents": 0}
    await act(desk, admin, "journal.undo")
    await act(desk, admin, "journal.undo")
    assert await balance(desk, anna) == {"minutes": 0, "incidents": 0}  # the line itself was taken back


async def test_credit_that_was_spent_since_cannot_be_reversed(desk: Desk, admin: Actor) -> None:
    anna = await add_client(desk, admin, "Anna")
    await act(desk, admin, "client.credit", anna, amount="2 h")
    [line] = await ledger(desk, anna)
    async with desk.read() as connection:
        [lot] = await credit.lots(connection, anna, desk.now())
    async with desk.change(admin, "test.spend") as change:
        await change.insert(
            credit_entry, lot_id=lot.id, client_id=anna, unit="minutes", amount=-30, staff_id=admin.staff_id
        )
    with pytest.raises(Refused, match="30 minutes have been spent since"):
        await act(desk, admin, "credit.reverse", line.id)
    assert await balance(desk, anna) == {"minutes": 90, "incidents": 0}


async def test_a_ledger_of_a_deleted_client_is_not_written(desk: Desk, admin: Actor) -> None:
    anna = await add_client(desk, admin, "Anna")
    await act(desk, admin, "client.credit", anna, amount="2 h")
    [line] = await ledger(desk, anna)
    await act(desk, admin, "client.delete", anna)
    with pytest.raises(Refused, match=r"^Anna is deleted\. Restore them first\.$"):
        await act(desk, admin, "credit.reverse", line.id)
    assert await balance(desk, anna) == {"minutes": 120, "incidents": 0}


async def test_five_hundred_tags_go_on_and_off(desk: Desk, admin: Actor) -> None:
    anna = await add_client(desk, admin, "Anna")
    names = ", ".join(f"tag {number:03d}" for number in range(500))
    await act(desk, admin, "client.tag", anna, tags=names)
    async with desk.read() as connection:
        assert len((await clients.load(connection, anna)).tags) == 500
    await act(desk, admin, "client.untag", anna, tags=names)
    await act(desk, admin, "journal.undo")
    async with desk.read() as connection:
        assert len((await clients.load(connection, anna)).tags) == 500


async def test_a_note_of_a_megabyte_is_taken_and_a_longer_one_refused_whole(desk: Desk, admin: Actor) -> None:
    anna = await add_client(desk, admin, "Anna")
    await act(desk, admin, "client.note", anna, text="x" * 1_000_000, level="pinned warning", until="2 d")
    with pytest.raises(Invalid, match=r"longer than 1,000,000 characters\. Shorten it"):
        await act(desk, admin, "client.note", anna, text="x" * 1_000_001)
    async with desk.read() as connection:
        [one] = await notes.of_client(connection, anna)
    assert (len(one.text), one.level, one.pinned) == (1_000_000, "warning", True)
    assert one.expires_at is not None


@pytest.mark.parametrize(
    "name", ["🎉👩‍👩‍👧", "\u202eمرحبا بالعالم", "\u0301\u0308\u20dd", "[red]x[/red]", "a\x1b[2Jb"]
)
async def test_a_strange_name_is_kept_and_found_and_does_not_stop_an_edit(
    desk: Desk, admin: Actor, name: str
) -> None:
    anna = await add_client(desk, admin, "Anna")
    await act(desk, admin, "client.edit", anna, name=name)
    await act(desk, admin, "client.edit", anna, city="Łódź")
    async with desk.read() as connection:
        found = await clients.load(connection, anna)
    assert (found.name, found.address.city) == (name.strip(), "Łódź")
    await act(desk, admin, "client.ban", anna, reason="loud", until="2 w")
    async with desk.read() as connection:
        found = await clients.load(connection, anna)
    assert found.status == "banned"
    assert found.status_until is not None


async def test_two_managers_at_once_and_each_goes_alone(desk: Desk, admin: Actor) -> None:
    one, two = await add_client(desk, admin, "Anna"), await add_client(desk, admin, "Bob")
    for member in (one, two):
        await act(desk, admin, "client.organization", member, organization="Acme")
        await act(desk, admin, "client.manager", member, reply="yes")
    async with desk.read() as connection:
        assert [(await clients.load(connection, member)).manages for member in (one, two)] == [("Acme",)] * 2
    await act(desk, admin, "client.organization", one, organization="Northwind")
    async with desk.read() as connection:
        assert [(await clients.load(connection, member)).manages for member in (one, two)] == [(), ("Acme",)]
