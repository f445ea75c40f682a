"""Forms and keys beside the clients, whatever changes these."""

from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, update

from console.data import clients, deletion, derived, filling
from console.data.desk import Desk, migrate
from console.data.duplicates import store
from console.data.duplicates.block import keys
from console.data.duplicates.form import form, pack, unpack
from console.data.duplicates.raw import Raw
from console.data.errors import DatabaseOlder
from console.data.models.clients import identity
from console.data.models.contacts import contact
from console.data.models.duplicates import duplicate_form, duplicate_key
from console.data.models.journal import about
from console.data.models.organizations import mail_domain, organization
from console.data.normalize import storable as storable_text
from console.data.records import Actor
from console.data.undo import undo
from tests.data.duplicates.people import add, crowd
from tests.data.rows import edit_client, rows, value, wrong
from tests.hostile.payloads import PAYLOADS

HOSTILE = (*PAYLOADS.values(), "Null", "None", "NA", "   ", "'; DROP TABLE client; --", "\t,")


async def stored(desk: Desk, client_id: int) -> Any:
    """The client's form, unpacked; None where there is none."""
    found = await value(desk, select(duplicate_form.c.form).where(duplicate_form.c.client_id == client_id))
    return unpack(found) if found else None


async def stored_keys(desk: Desk, client_id: int) -> set[int]:
    query = select(duplicate_key.c.hash).where(duplicate_key.c.client_id == client_id)
    return {row[0] for row in await rows(desk, query)}


async def test_a_client_is_normalized_and_keyed_when_they_are_added(desk: Desk, admin: Actor) -> None:
    one = await add(desk, admin, "Łukasz Żak", "Lukasz.Zak+news@Example.org", "601 555 010", city="Łódź")
    kept = await stored(desk, one)
    assert (kept.given, kept.family, kept.city) == (("lukasz",), ("zak",), "lodz")
    assert (kept.emails, kept.phones) == (("lukasz.zak@example.org",), ("601555010",))
    assert await stored_keys(desk, one) == set(keys(kept))


async def test_what_a_client_is_found_by_follows_each_change_and_its_undo(desk: Desk, admin: Actor) -> None:
    one = await add(desk, admin, "Anna Nowak", "anna@example.org")
    before = await stored_keys(desk, one)
    edited = await edit_client(desk, admin, one, name="Anna Kowalska", city="Gdynia")
    assert (await stored(desk, one)).family == ("kowalska",)
    assert await stored_keys(desk, one) == set(keys(await stored(desk, one))) != before
    await undo(desk, admin, edited)
    assert await stored_keys(desk, one) == before
    assert await wrong(desk) == []


async def test_what_has_nothing_to_do_with_it_writes_nothing(desk: Desk, admin: Actor) -> None:
    one = await add(desk, admin, "Anna Nowak", "anna@example.org")
    async with desk.quiet() as connection:
        await connection.execute(update(duplicate_form).values(unscored=False))
    await edit_client(desk, admin, one, status="approved", language="pl", portal="on")
    assert await rows(desk, select(duplicate_form.c.client_id).where(duplicate_form.c.unscored)) == []
    await edit_client(desk, admin, one, name="ANNA  nowak")  # the same, once it is folded
    assert await rows(desk, select(duplicate_form.c.client_id).where(duplicate_form.c.unscored)) == []


async def test_a_contacts_identities_count_to_their_client(desk: Desk, admin: Actor) -> None:
    one = await add(desk, admin, "Anna Nowak", "anna@example.org")
    async with desk.change(admin, "contact.add") as change:
        whose = await change.insert(contact, client_id=one, name="Jan")
        values = {"type": "phone", "raw": "+48601555010", "normalized": "+48601555010"}
        await change.insert(identity, client_id=one, contact_id=whose, position=1, **values)
    assert (await stored(desk, one)).phones == ("601555010",)
    await undo(desk, admin, change.entry_id)
    assert (await stored(desk, one)).phones == ()
    assert await wrong(desk) == []


async def test_an_organizations_name_and_mail_domains_count_to_its_clients(desk: Desk, admin: Actor) -> None:
    async with desk.change(admin, "organization.add") as change:
        company = await change.insert(organization, name="Acme sp. z o.o.")
    one = await add(desk, admin, "Anna Nowak", organization_id=company, organization_by="manual")
    assert (await stored(desk, one)).organization == "acme"
    async with desk.change(admin, "organization.edit") as named:
        await named.update(organization, company, name="Bolt s.r.o.")
        await named.insert(mail_domain, organization_id=company, domain="bolt.example")
    kept = await stored(desk, one)
    assert (kept.organization, kept.domains) == ("bolt", ("bolt.example",))
    assert await wrong(desk) == []
    await undo(desk, admin, named.entry_id)
    kept = await stored(desk, one)
    assert (kept.organization, kept.domains) == ("acme", ())


@pytest.mark.parametrize("how", ["deleted_at", "archived_at", "absorbed_into"])
async def test_who_leaves_the_lists_leaves_no_key(desk: Desk, admin: Actor, how: str) -> None:
    one, other = [await add(desk, admin, f"Anna Nowak{n}", city="Gdynia") for n in range(2)]
    left = other if how == "absorbed_into" else desk.now()
    gone = await edit_client(desk, admin, one, **{how: left})
    assert await stored_keys(desk, one) == set()
    assert await value(desk, select(duplicate_form.c.form).where(duplicate_form.c.client_id == one)) == ""
    assert await wrong(desk) == []
    await undo(desk, admin, gone)
    assert await stored_keys(desk, one) == set(keys(await stored(desk, one))) != set()


async def test_a_deletion_of_many_and_their_restoration(desk: Desk, admin: Actor) -> None:
    ids = await crowd(desk, admin, 12)
    async with desk.change(admin, "client.delete") as change:
        await clients.locked_facts(change, ids)
        await deletion.delete_clients(change, ids)
    assert await rows(desk, select(duplicate_key)) == []
    await undo(desk, admin, change.entry_id)
    assert len(await rows(desk, select(duplicate_form).where(duplicate_form.c.form != ""))) == len(ids)
    assert await wrong(desk) == []


async def test_hostile_names_are_kept(desk: Desk, admin: Actor) -> None:
    for name in HOSTILE:
        storable = storable_text(name)[:200]
        one = await add(desk, admin, storable, city=storable, street=storable, external_id=storable)
        assert await stored_keys(desk, one) == set(keys(await stored(desk, one)))
    assert await wrong(desk) == []


def test_the_keys_of_a_form_that_was_kept_are_those_it_was_made_with() -> None:
    for text_ in (*HOSTILE, "a\tb, c", ", ,", "Ærøskøbing\n|"):
        made = form(Raw("person", text_, emails=(text_,), phones=(text_,), handles=(text_,), city=text_))
        assert unpack(pack(made)) == made
        assert set(keys(unpack(pack(made)))) == set(keys(made))


async def test_doctor_finds_and_a_recount_mends_what_is_wrong(desk: Desk, admin: Actor) -> None:
    ids = await crowd(desk, admin, 6)
    async with desk.quiet() as connection:
        mine = duplicate_form.c.client_id == ids[0]
        other = pack(form(Raw("person", "Somebody Else")))
        await connection.execute(update(duplicate_form).where(mine).values(form=other))
    async with desk.read() as connection:
        assert [str(ids[0]) in one for one in await store.differences(connection)] == [True]
    async with desk.quiet() as connection:
        await derived.recount(connection)
    assert await wrong(desk) == []


async def test_doctor_finds_keys_that_belong_to_nobody_or_are_missing(desk: Desk, admin: Actor) -> None:
    await crowd(desk, admin, 3)
    for spoil in (
        insert(duplicate_key).values(hash=1, client_id=7),
        delete(duplicate_key).where(duplicate_key.c.hash > 0),
    ):
        async with desk.quiet() as connection:
            await connection.execute(spoil)
        assert [one for one in await wrong(desk) if "keys of duplicates" in one]
        async with desk.quiet() as connection:
            await derived.recount(connection)
        assert await wrong(desk) == []


async def test_forms_of_an_older_rule_are_all_made_anew(desk: Desk, admin: Actor) -> None:
    await crowd(desk, admin, 3)
    number = await value(desk, select(func.count()).select_from(duplicate_key))
    async with desk.quiet() as connection:
        await connection.execute(update(duplicate_form).values(version=0, form="p\tsomething\tolder"))
        await connection.execute(update(duplicate_key).values(hash=duplicate_key.c.hash - 5))
    assert [one for one in await wrong(desk) if "older rule" in one]
    async with desk.quiet() as connection:
        await derived.recount(connection)
    assert await wrong(desk) == []
    assert await value(desk, select(func.count()).select_from(duplicate_key)) == number


async def test_a_migration_fills_what_is_missing_and_goes_on_where_it_was_stopped(
    desk: Desk, admin: Actor, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await crowd(desk, admin, 10)
    async with desk.quiet() as connection:
        await connection.execute(delete(duplicate_key))
        await connection.execute(delete(duplicate_form))
        await connection.execute(insert(about).values(name=filling.MARK, value="duplicate_form -1"))
    monkeypatch.setattr(filling, "STEP", 4)
    with pytest.raises(DatabaseOlder, match="stopped"):
        await Desk.open(database_url)
    told: list[tuple[str, int, int]] = []

    def stop(name: str, done: int, total: int) -> None:
        told.append((name, done, total))
        if len(told) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await migrate(database_url, stop)
    assert told == [("client", 4, len(ids)), ("client", 8, len(ids))]
    await migrate(database_url)
    assert await wrong(desk) == []
