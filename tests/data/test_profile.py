"""Editing a client and a contact: only what changed is written, and never over a colleague's change."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from console.commands.forms import several, text_of
from console.commands.profiles import EDIT_CLIENT
from console.data import clients, contacts, deletion, likely, profile
from console.data.change import Change
from console.data.desk import Desk
from console.data.drafts import ClientDraft, ContactDraft
from console.data.edits import EditConflict, Value
from console.data.errors import DeskError, IdentityTaken, Invalid, NotFound, Refused, UndoConflict
from console.data.models.clients import client, identity
from console.data.models.contacts import contact
from console.data.records import Actor, Client
from console.data.undo import undo_last
from tests.data.rows import column, rows


async def add(desk: Desk, actor: Actor, name: str = "Anna Kowalska", **more: Any) -> int:
    async with desk.change(actor, "client.add") as change:
        return await clients.add(change, ClientDraft(name=name, **{"email": ("anna@acme.pl",), **more}))


async def edit(
    desk: Desk,
    actor: Actor,
    client_id: int,
    given: Mapping[str, Value],
    base: Mapping[str, Value] | None = None,
) -> tuple[str, ...]:
    async with desk.change(actor, "client.edit") as change:
        return await profile.edit(change, client_id, given, base)


async def seen(desk: Desk, client_id: int) -> dict[str, Value]:
    async with desk.read() as connection:
        return await profile.values(connection, client_id)


async def loaded(desk: Desk, client_id: int) -> Client:
    async with desk.read() as connection:
        return await clients.load(connection, client_id)


async def test_every_field_can_be_edited_and_the_edit_undone(desk: Desk, admin: Actor) -> None:
    anna = await add(desk, admin, tags=("vip",), organization="Acme")
    before = await seen(desk, anna)
    after: dict[str, Value] = {
        "name": "Anna Nowak",
        "kind": "company",
        "username": "anowak",
        "external_id": "K-1",
        "organization": "Northwind",
        "address": "ul. Polna 1",
        "city": "Łódź",
        "postcode": "90-001",
        "country": "PL",
        "language": "pl",
        "time_zone": "Europe/Warsaw",
        "birth_date": "1980-05-17",
        "tags": ("north", "vip"),
        "portal": "on",
        "portal_scope": "from_date",
        "portal_from": "2026-01-31",
        "email": ("a.nowak@north.example", "anna@acme.pl"),
        "mobile": ("+48 601 555 010",),
        "phone": ("22 555 01 99",),
        "facebook": ("anna.nowak",),
        "twitter": (),
        "linkedin": (),
        "chat": ("anowak",),
    }
    assert set(after) == set(profile.FIELDS)
    await edit(desk, admin, anna, after)
    assert await seen(desk, anna) == after
    found = await loaded(desk, anna)
    assert found.birth_date == date(1980, 5, 17)
    assert found.email == "a.nowak@north.example"
    assert found.mail_domain == "north.example"
    await undo_last(desk, admin)
    assert await seen(desk, anna) == before


async def test_what_was_not_changed_is_not_written(desk: Desk, admin: Actor) -> None:
    anna = await add(desk, admin)
    assert await edit(desk, admin, anna, await seen(desk, anna)) == ()
    async with desk.change(admin, "client.edit") as change:
        await profile.edit(change, anna, {"city": "Łódź", "name": "Anna Kowalska"})
        assert change.rows == 1


async def test_an_identity_that_stays_keeps_its_row(desk: Desk, admin: Actor) -> None:
    anna = await add(desk, admin, email=("one@acme.pl", "two@acme.pl"))

    async def rows() -> dict[str, int]:
        async with desk.read() as connection:
            query = select(identity.c.raw, identity.c.id).where(identity.c.client_id == anna)
            return {row.raw: row.id for row in await connection.execute(query)}

    before = await rows()
    await edit(desk, admin, anna, {"email": ("two@acme.pl", "three@acme.pl")})
    after = await rows()
    assert set(after) == {"two@acme.pl", "three@acme.pl"}
    assert after["two@acme.pl"] == before["two@acme.pl"]
    assert (await loaded(desk, anna)).email == "two@acme.pl"


async def test_two_edits_of_different_fields_both_stand(desk: Desk, admin: Actor) -> None:
    anna = await add(desk, admin)
    base = await seen(desk, anna)
    await edit(desk, admin, anna, {**base, "city": "Gdańsk"}, base)
    await edit(desk, admin, anna, {**base, "language": "pl"}, base)
    found = await seen(desk, anna)
    assert (found["city"], found["language"]) == ("Gdańsk", "pl")


async def test_two_edits_of_one_field_show_old_theirs_and_yours(desk: Desk, admin: Actor) -> None:
    anna = await add(desk, admin, city="Łódź", tags=("vip",))
    base = await seen(desk, anna)
    await edit(desk, admin, anna, {**base, "city": "Gdańsk", "tags": ("vip", "north")}, base)
    with pytest.raises(EditConflict, match="A colleague changed city, tags meanwhile") as caught:
        await edit(desk, admin, anna, {**base, "city": "Sopot", "tags": (), "language": "pl"}, base)
    shown = {one.field: (one.old, one.theirs, one.yours) for one in caught.value.fields}
    assert shown == {"city": ("Łódź", "Gdańsk", "Sopot"), "tags": ("vip", "north, vip", "")}
    assert (await seen(desk, anna))["language"] == ""


async def test_the_same_edit_by_two_is_no_conflict(desk: Desk, admin: Actor) -> None:
    anna = await add(desk, admin)
    base = await seen(desk, anna)
    await edit(desk, admin, anna, {**base, "city": "Gdańsk"}, base)
    assert await edit(desk, admin, anna, {**base, "city": "Gdańsk"}, base) == ()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name": " "}, "The name is missing"),
        ({"email": ("nonsense",)}, "is not an e-mail address"),
        ({"email": ()}, "is missing. Write at least one"),
        ({"birth_date": "1980-02-30"}, "is no day"),
        ({"birth_date": "2980-02-01"}, "Nobody here was born"),
        ({"portal_scope": "from_date"}, "write it as 2026-01-31"),
        ({"time_zone": "Warsaw"}, "is not a time zone"),
        ({"country": "UK"}, "Write GB"),
        ({"tags": ("x" * 61,)}, "Shorten it to 60"),
        ({"mobile": ("sixhundred",)}, "sixhundred"),
    ],
)
async def test_bad_values_are_refused_whole(
    desk: Desk, admin: Actor, given: dict[str, Value], sentence: str
) -> None:
    anna = await add(desk, admin)
    before = await seen(desk, anna)
    with pytest.raises(Invalid, match=sentence):
        await edit(desk, admin, anna, {"city": "Gdańsk", **given})
    assert await seen(desk, anna) == before


async def test_a_taken_identity_never_moves(desk: Desk, admin: Actor) -> None:
    anna = await add(desk, admin)
    tom = await add(desk, admin, "Tom", email=("tom@acme.pl",))
    with pytest.raises(IdentityTaken, match="belongs to Anna Kowalska") as caught:
        await edit(desk, admin, tom, {"email": ("tom@acme.pl", "ANNA@acme.pl")})
    assert caught.value.client_id == anna
    assert (await seen(desk, tom))["email"] == ("tom@acme.pl",)


async def test_a_username_of_another_is_refused(desk: Desk, admin: Actor) -> None:
    await add(desk, admin, username="anna")
    tom = await add(desk, admin, "Tom", email=("tom@acme.pl",))
    with pytest.raises(Refused, match="username already"):
        await edit(desk, admin, tom, {"username": "Anna"})


async def test_moving_out_of_an_organization_revokes_management(desk: Desk, admin: Actor) -> None:
    from console.data import managers

    anna = await add(desk, admin, organization="Acme")
    async with desk.change(admin, "client.manager") as change:
        await managers.grant(change, anna, may_reply=True)
    await edit(desk, admin, anna, {"organization": "Northwind"})
    found = await loaded(desk, anna)
    assert (found.organization, found.manages) == ("Northwind", ())


async def test_old_values_that_would_not_do_today_need_no_mending(desk: Desk, admin: Actor) -> None:
    anna = await add(desk, admin)
    async with desk.change(admin, "test.make") as change:
        await change.update(client, anna, name="", language="klingon")
    await edit(desk, admin, anna, {"city": "Gdańsk"})
    assert (await seen(desk, anna))["city"] == "Gdańsk"


async def test_contacts_are_edited_and_taken_away(desk: Desk, admin: Actor) -> None:
    anna = await add(desk, admin)
    async with desk.change(admin, "client.contact") as change:
        first = await contacts.add(change, anna, ContactDraft(name="Piotr", email=("piotr@acme.pl",)))
        second = await contacts.add(change, anna, ContactDraft(name="Ewa", phone=("+48 601 555 011",)))
    async with desk.change(admin, "contact.edit") as change:
        await contacts.edit(change, first, {"access": "limited", "email": ("p@acme.pl",), "city": "Sopot"})
    async with desk.read() as connection:
        _, values = await contacts.values(connection, first)
    assert (values["access"], values["email"], values["city"]) == ("limited", ("p@acme.pl",), "Sopot")
    async with desk.change(admin, "contact.remove") as change:
        assert await contacts.remove(change, first) == (anna, "Piotr")
    async with desk.read() as connection:
        left = await contacts.of_client(connection, anna)
        assert [(one.id, one.primary) for one in left] == [(second, True)]
        with pytest.raises(NotFound):
            await contacts.values(connection, first)
    tom = await add(desk, admin, "Tom", email=("p@acme.pl",))  # the address is free again
    with pytest.raises(UndoConflict, match=r"identity p@acme\.pl belongs to Tom now"):
        await undo_contact(desk, admin)
    async with desk.change(admin, "client.edit") as change:
        await profile.edit(change, tom, {"email": ("tom@acme.pl",)})
    await undo_contact(desk, admin)
    async with desk.read() as connection:
        left = await contacts.of_client(connection, anna)
    assert [(one.name, one.primary) for one in left] == [("Piotr", True), ("Ewa", False)]


async def undo_contact(desk: Desk, admin: Actor) -> None:
    from console.data import history
    from console.data.undo import undo

    async with desk.read() as connection:
        lines = await history.newest(connection, limit=20)
    entry = next(line.id for line in lines if line.action == "contact.remove")
    await undo(desk, admin, entry)


async def with_contact(desk: Desk, admin: Actor, client_id: int, name: str, *email: str) -> int:
    async with desk.change(admin, "client.contact") as change:
        return await contacts.add(change, client_id, ContactDraft(name=name, email=email))


Work = Callable[[Change], Awaitable[object]]


async def at_once(url: str, desk: Desk, who: Actor, first: Work, second: Work) -> str:
    """``second`` begins before ``first`` has committed; returns the sentence it was refused with, if it was."""
    async with await Desk.open(url, clock=desk.now) as other:

        async def run() -> None:
            async with other.change(who, "test.second") as change:
                await second(change)

        async with desk.change(who, "test.first") as change:
            await first(change)
            task = asyncio.create_task(run())
            await asyncio.sleep(0.3)
        (error,) = await asyncio.gather(task, return_exceptions=True)
    if error is not None and not isinstance(error, DeskError):
        raise error
    return str(error or "")


async def test_a_contact_edited_and_taken_away_at_once_leaves_no_address(
    desk: Desk, admin: Actor, database_url: str
) -> None:
    anna = await add(desk, admin)
    piotr = await with_contact(desk, admin, anna, "Piotr")
    said = await at_once(
        database_url,
        desk,
        admin,
        lambda change: contacts.edit(change, piotr, {"email": ("p@acme.pl",)}),
        lambda change: contacts.remove(change, piotr),
    )
    assert said == ""
    assert await rows(desk, select(identity.c.raw).where(identity.c.contact_id == piotr)) == []
    ewa = await with_contact(desk, admin, anna, "Ewa")
    said = await at_once(
        database_url,
        desk,
        admin,
        lambda change: contacts.remove(change, ewa),
        lambda change: contacts.edit(change, ewa, {"email": ("e@acme.pl",)}),
    )
    assert "There is no such contact" in said
    assert await rows(desk, select(identity.c.raw).where(identity.c.contact_id == ewa)) == []


async def test_a_contact_taken_away_and_made_primary_at_once_leaves_one_primary(
    desk: Desk, admin: Actor, database_url: str
) -> None:
    anna = await add(desk, admin)
    piotr = await with_contact(desk, admin, anna, "Piotr")
    ewa = await with_contact(desk, admin, anna, "Ewa")
    said = await at_once(
        database_url,
        desk,
        admin,
        lambda change: contacts.remove(change, ewa),
        lambda change: contacts.make_primary(change, ewa),
    )
    assert "There is no such contact" in said
    primary = select(contact.c.id).where(contact.c.is_primary, contact.c.deleted_at.is_(None))
    assert await rows(desk, primary) == [(piotr,)]


async def test_contacts_of_a_deleted_client_stay_as_they_are(desk: Desk, admin: Actor) -> None:
    anna = await add(desk, admin)
    await with_contact(desk, admin, anna, "Piotr", "p@acme.pl")
    ewa = await with_contact(desk, admin, anna, "Ewa", "e@acme.pl")
    async with desk.change(admin, "client.delete") as change:
        await deletion.delete_clients(change, [anna])
    acts: list[Work] = [
        lambda change: contacts.edit(change, ewa, {"email": ("new@acme.pl",)}),
        lambda change: contacts.remove(change, ewa),
        lambda change: contacts.make_primary(change, ewa),
    ]
    for act in acts:
        with pytest.raises(Refused, match=r"^Anna Kowalska is deleted\. Restore them first\.$"):
            async with desk.change(admin, "test.contact") as change:
                await act(change)
    async with desk.change(admin, "test.merge") as change:
        tom = await change.insert(client, name="Tom")
        await change.update(client, anna, deleted_at=None, absorbed_into=tom)
    for act in acts:
        with pytest.raises(Refused, match="Anna Kowalska was merged into another client"):
            async with desk.change(admin, "test.contact") as change:
                await act(change)


async def test_an_address_of_a_contact_that_was_taken_away_does_not_come_back(
    desk: Desk, admin: Actor
) -> None:
    anna = await add(desk, admin)
    ewa = await with_contact(desk, admin, anna, "Ewa", "e@acme.pl")
    async with desk.change(admin, "client.delete") as change:
        await deletion.delete_clients(change, [anna])
    tom = await add(desk, admin, "Tom", email=("e@acme.pl",))
    async with desk.change(admin, "client.restore") as change:
        await deletion.restore(change, [anna])
    mine = select(identity.c.live).where(identity.c.contact_id == ewa)
    assert await rows(desk, mine) == [(False,)]
    async with desk.change(admin, "contact.remove") as change:
        await contacts.remove(change, ewa)
    assert await rows(desk, mine) == []
    async with desk.change(admin, "client.delete") as change:
        await deletion.delete_clients(change, [anna, tom])
    async with desk.change(admin, "test.old") as change:  # as databases hold it that are older than this rule
        row = {"type": "email", "raw": "old@acme.pl", "normalized": "old@acme.pl", "live": False}
        old = await change.insert(identity, client_id=anna, contact_id=ewa, **row)
        await change.update(identity, old, position=1)
    async with desk.change(admin, "client.restore") as change:
        await deletion.restore(change, [anna])
    assert await column(desk, identity, old, "live") is False


async def test_two_spellings_of_one_address_are_one(desk: Desk, admin: Actor) -> None:
    anna = await add(desk, admin)
    await edit(desk, admin, anna, {"email": ("bob@x.pl", "BOB@x.pl", "anna@acme.pl")})
    held = (await seen(desk, anna))["email"]
    assert held == ("bob@x.pl", "anna@acme.pl")
    await edit(desk, admin, anna, {"email": ("BOB@x.pl", "bob@x.pl", "anna@acme.pl")})
    assert sorted((await seen(desk, anna))["email"]) == ["anna@acme.pl", "bob@x.pl"]
    await edit(desk, admin, anna, {"email": ("BOB@x.pl",)})
    assert (await seen(desk, anna))["email"] == ("BOB@x.pl",)
    ewa = await with_contact(desk, admin, anna, "Ewa", "e@acme.pl", "E@acme.pl")
    assert await rows(desk, select(identity.c.raw).where(identity.c.contact_id == ewa)) == [("e@acme.pl",)]


async def test_who_is_known_already_is_found_by_any_identity_and_by_name(desk: Desk, admin: Actor) -> None:
    anna = await add(desk, admin, mobile=("+48 601 555 010",), username="anna", external_id="K-1")
    async with desk.change(admin, "client.contact") as change:
        await contacts.add(change, anna, ContactDraft(name="Piotr", email=("piotr@acme.pl",)))

    async def why(**values: Value) -> list[tuple[str, str, bool]]:
        async with desk.read() as connection:
            return [(one.name, one.why, one.taken) for one in await likely.clients(connection, values)]

    assert await why(email=("ANNA@acme.pl",)) == [("Anna Kowalska", "same email", True)]
    assert await why(mobile=("601 555 010",), country="PL") == [("Anna Kowalska", "same number", False)]
    assert await why(phone=("+48601555010",)) == [("Anna Kowalska", "same number", False)]
    assert await why(email=("piotr@acme.pl",)) == [("Anna Kowalska", "same email, contact Piotr", True)]
    assert await why(name="anna KOWALSKA") == [("Anna Kowalska", "same name", False)]
    assert await why(username="ANNA") == [("Anna Kowalska", "same username", True)]
    assert await why(external_id="K-1") == [("Anna Kowalska", "same external id", False)]
    assert await why(email=("anna@",), name="Ann") == []
    async with desk.read() as connection:
        assert await likely.clients(connection, {"email": ("anna@acme.pl",)}, but=anna) == []


def test_a_text_of_several_and_its_values_are_the_same_thing_twice() -> None:
    values = ("user|77", "b c", "ł@x.pl")
    assert several(text_of(values)) == values
    assert several("a, b;c\nd, a") == ("a", "b", "c", "d")


async def test_a_handle_with_a_bar_survives_another_beside_it(desk: Desk, admin: Actor) -> None:
    anna = await add(desk, admin, chat=("user|77",))
    form = EDIT_CLIENT.parse({"chat": "user|77, second"})
    await edit(desk, admin, anna, form)
    assert (await seen(desk, anna))["chat"] == ("user|77", "second")
    with pytest.raises(Invalid, match="has a comma"):
        await edit(desk, admin, anna, {"tags": ("red, white",)})
