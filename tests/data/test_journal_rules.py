"""The rules that keep one journal whole, each by name; those of undo are in test_undo_rules.py."""

import asyncio

import pytest
from sqlalchemy import case, insert, select, text, update

from console.data import derived, staff
from console.data.change import Change
from console.data.desk import Desk
from console.data.errors import NotFound, Refused, Stale, UndoConflict
from console.data.models import metadata
from console.data.models.billing import credit_entry, credit_lot
from console.data.models.clients import client, client_word, identity
from console.data.models.incidents import incident
from console.data.models.journal import journal_entry, journal_item
from console.data.models.organizations import organization, organization_manager
from console.data.models.staff import draft
from console.data.records import Actor
from console.data.undo import undo
from tests.colleagues import add_staff
from tests.data.rows import (
    add_client,
    add_department,
    add_incident,
    add_message,
    column,
    edit_client,
    entry_count,
    items,
    rows,
    value,
    wrong,
)


async def test_size_an_insert_stores_its_key_only(desk: Desk, admin: Actor) -> None:
    async with desk.change(admin, "client.add") as change:
        client_id = await change.insert(client, name="Anna Nowak", city="Kraków")
    (item,) = await items(desk, change.entry_id)
    assert (item.op, item.table_name, item.row_id, item.columns) == ("insert", "client", client_id, "")
    assert item.before is None
    assert item.after is None


async def test_size_an_update_stores_the_changed_columns_only(desk: Desk, admin: Actor) -> None:
    client_id = await add_client(desk, admin, city="Kraków", street="Floriańska 1")
    entry = await edit_client(desk, admin, client_id, name="Anna Maria Nowak")
    (item,) = await items(desk, entry)
    assert (item.op, item.columns) == ("update", "name")
    assert item.before.replace(" ", "") == '{"name":"AnnaNowak"}'
    assert item.after.replace(" ", "") == '{"name":"AnnaMariaNowak"}'


async def test_size_nothing_that_stays_as_it_was_is_stored(desk: Desk, admin: Actor) -> None:
    client_id = await add_client(desk, admin)
    count = await entry_count(desk)
    async with desk.change(admin, "client.edit") as change:
        assert not await change.update(client, client_id, name="Anna Nowak")
    assert not change.written
    assert await entry_count(desk) == count


async def test_size_a_bulk_load_is_one_entry_without_items_and_cannot_be_undone(
    desk: Desk, admin: Actor
) -> None:
    async with desk.change(admin, "demo.load", bulk=True) as change:
        ids = await change.insert_many(client, [{"name": f"Client {n}"} for n in range(300)])
        await change.update_where(client, client.c.id.in_(ids[:10]), {"status": "approved"})
        await change.delete_where(client, client.c.id.in_(ids[:5]))
    assert await items(desk, change.entry_id) == []
    assert await value(desk, select(journal_entry.c.rows).where(journal_entry.c.id == change.entry_id)) == 315
    with pytest.raises(Refused, match="no longer keeps"):
        await undo(desk, admin, change.entry_id)


async def test_counters_and_words_after_a_bulk_load_are_made_by_a_recount(desk: Desk, admin: Actor) -> None:
    async with desk.change(admin, "demo.load", bulk=True) as change:
        company = await change.insert(organization, name="ACME")
        someone = await change.insert(client, name="Zoë", organization_id=company, organization_by="import")
        department = await add_department(change)
        await add_message(change, await add_incident(change, someone, department, 1), "hello", "client")
        lot = await change.insert(credit_lot, client_id=someone, unit="minutes")
        await change.insert(credit_entry, lot_id=lot, client_id=someone, unit="minutes", amount=60)
        assert await derived.recount(change.connection) > 0
        assert await derived.recount(change.connection) == 0
    assert await wrong(desk) == []
    assert await column(desk, organization, company, "open_incidents") == 1
    assert await column(desk, client, someone, "sort_name") == "zoe"
    assert await column(desk, credit_lot, lot, "remaining") == 60


async def test_what_is_wrong_with_counters_and_words_is_said(desk: Desk, admin: Actor) -> None:
    client_id = await add_client(desk, admin)
    async with desk.quiet() as connection:
        await connection.execute(update(client).values(open_incidents=7, sort_name="zzz"))
        await connection.execute(insert(client_word).values(client_id=client_id, word="zzz"))
    assert await wrong(desk) == [
        f"client {client_id}: open_incidents is 7 and should be 0",
        f"client {client_id}: the list columns are out of date",
        f"client {client_id}: the search words are out of date",
    ]


async def test_noise_drafts_are_no_changes(desk: Desk, admin: Actor) -> None:
    count = await entry_count(desk)
    draft_id = await desk.new_id()
    async with desk.quiet() as connection:
        values = {"staff_id": admin.staff_id, "scope": "client.add", "fields": "{}", "saved_at": desk.now()}
        await connection.execute(insert(draft).values(id=draft_id, **values))
    assert await entry_count(desk) == count


@pytest.mark.parametrize(
    "name", [table.name for table in metadata.tables.values() if not table.info.get("journal", True)]
)
async def test_noise_a_table_that_is_not_journalled_is_refused(
    name: str, unchanged_desk: Desk, unchanged_admin: Actor
) -> None:
    table = metadata.tables[name]
    some = next(iter(table.c))
    with pytest.raises(ValueError, match="not journalled"):
        async with unchanged_desk.change(unchanged_admin, "test") as change:
            await change.insert(table, **{some.name: 1})
    with pytest.raises(ValueError, match="not journalled"):
        async with unchanged_desk.change(unchanged_admin, "test") as change:
            await change.update_where(table, some.is_not(None), {some.name: 1})
    with pytest.raises(ValueError, match="not journalled"):
        async with unchanged_desk.change(unchanged_admin, "test") as change:
            await change.delete_where(table, some.is_not(None))


async def test_counters_and_derived_columns_are_never_journalled(desk: Desk, admin: Actor) -> None:
    client_id = await add_client(desk, admin)
    async with desk.change(admin, "incident.add") as change:
        opened = await add_incident(change, client_id, await add_department(change), 1)
        await add_message(change, opened, "hello")
    assert await column(desk, client, client_id, "open_incidents") == 1
    assert {item.table_name for item in await items(desk, change.entry_id)} == {
        "department",
        "incident",
        "message",
    }
    async with desk.change(admin, "client.delete") as change:
        await change.delete_where(incident, incident.c.client_id == -1)
        other = await change.insert(client, name="X")
        await change.delete(client, other)
    (gone,) = [item for item in await items(desk, change.entry_id) if item.op == "delete"]
    derived_columns = {c.name for c in client.c if c.info.get("derived")}
    assert derived_columns.isdisjoint(gone.columns.split(","))


async def test_counters_a_renamed_manager_shows_under_the_new_name(desk: Desk, admin: Actor) -> None:
    client_id = await add_client(desk, admin)
    async with desk.change(admin, "organization.add") as change:
        company = await change.insert(organization, name="ACME")
        await change.insert(organization_manager, organization_id=company, client_id=client_id)
    assert await column(desk, organization, company, "manager") == "Anna Nowak"
    entry = await edit_client(desk, admin, client_id, name="Anna Maria Nowak")
    assert await column(desk, organization, company, "manager") == "Anna Maria Nowak"
    await undo(desk, admin, entry)
    assert await column(desk, organization, company, "manager") == "Anna Nowak"


async def test_counters_clients_are_sorted_by_their_organizations_new_name(desk: Desk, admin: Actor) -> None:
    async with desk.change(admin, "organization.add") as change:
        company = await change.insert(organization, name="ACME")
    client_id = await add_client(desk, admin, organization_id=company, organization_by="manual")
    async with desk.change(admin, "organization.edit") as change:
        await change.update(organization, company, name="Zenith")
    assert await column(desk, client, client_id, "organization_sort") == "zenith"
    await undo(desk, admin, change.entry_id)
    assert await column(desk, client, client_id, "organization_sort") == "acme"
    assert await wrong(desk) == []


async def test_secrets_a_password_never_enters_and_its_change_cannot_be_undone(
    desk: Desk, admin: Actor
) -> None:
    client_id = await add_client(desk, admin, password_hash="$argon2$first")
    entry = await edit_client(desk, admin, client_id, password_hash="$argon2$second", city="Kraków")
    async with desk.change(admin, "client.delete") as change:
        gone = await change.insert(client, name="X", password_hash="$argon2$third")
        await change.delete(client, gone)
    kept = await rows(desk, select(journal_item.c.before, journal_item.c.after, journal_item.c.columns))
    assert "argon2" not in repr(kept)
    assert "password" not in repr(kept)
    with pytest.raises(Refused, match="password"):
        await undo(desk, admin, entry)
    assert await column(desk, client, client_id, "password_hash") == "$argon2$second"


async def test_stale_an_edit_of_a_version_a_colleague_has_changed_writes_nothing(
    desk: Desk, admin: Actor
) -> None:
    client_id = await add_client(desk, admin)
    await edit_client(desk, admin, client_id, city="Kraków")
    with pytest.raises(Stale, match="colleague"):
        async with desk.change(admin, "client.edit") as change:
            await change.update(client, client_id, seen=1, city="Gdańsk")
    assert await column(desk, client, client_id, "city") == "Kraków"
    async with desk.change(admin, "client.edit") as change:
        await change.update(client, client_id, seen=2, city="Gdańsk")
    assert await column(desk, client, client_id, "version") == 3


async def test_stale_a_row_that_was_deleted_and_came_back_has_a_higher_version(
    desk: Desk, admin: Actor
) -> None:
    client_id = await add_client(desk, admin)
    await edit_client(desk, admin, client_id, city="Kraków")
    async with desk.change(admin, "client.purge") as change:
        await change.delete(client, client_id)
    await undo(desk, admin, change.entry_id)
    assert await column(desk, client, client_id, "version") == 3
    with pytest.raises(Stale):
        async with desk.change(admin, "client.edit") as change:
            await change.update(client, client_id, seen=1, city="Gdańsk")


async def test_an_edit_of_a_row_that_is_gone_is_not_found(desk: Desk, admin: Actor) -> None:
    with pytest.raises(NotFound, match="no longer exists"):
        async with desk.change(admin, "client.edit") as change:
            await change.update(client, 12345, name="X")


async def test_viewers_change_nothing(desk: Desk, admin: Actor) -> None:
    client_id = await add_client(desk, admin)
    entry = await edit_client(desk, admin, client_id, city="Kraków")
    await add_staff(desk, admin, "vic", "Vic", "viewer")
    viewer = await staff.actor(desk, "vic")
    with pytest.raises(Refused, match="Viewers"):
        await edit_client(desk, viewer, client_id, city="Gdańsk")
    with pytest.raises(Refused):
        await undo(desk, viewer, entry)
    assert await column(desk, client, client_id, "city") == "Kraków"


async def test_an_error_inside_a_change_leaves_nothing_written(desk: Desk, admin: Actor) -> None:
    count = await entry_count(desk)
    with pytest.raises(RuntimeError):  # noqa: PT012 - where it is raised is the point
        async with desk.change(admin, "client.add") as change:
            await change.insert(client, name="Anna Nowak")
            raise RuntimeError
    assert await entry_count(desk) == count
    assert await rows(desk, select(client.c.id)) == []
    assert await items(desk, change.entry_id) == []


async def test_keys_foreign_keys_are_checked_at_the_end_so_that_any_order_will_do(
    desk: Desk, admin: Actor
) -> None:
    async with desk.change(admin, "client.add") as change:
        client_id = change.new_id()
        await change.insert(identity, client_id=client_id, type="email", raw="a@b.pl", normalized="a@b.pl")
        await change.insert(client, id=client_id, name="Anna")
    assert await column(desk, client, client_id, "email") == "a@b.pl"
    with pytest.raises(Refused, match="gone"):
        async with desk.change(admin, "client.add") as change:
            await change.insert(identity, client_id=5, type="email", raw="c@b.pl", normalized="c@b.pl")
    await edit_client(desk, admin, client_id, city="The connection is still good")


async def test_keys_rows_trade_unique_values_in_one_step_and_back(desk: Desk, admin: Actor) -> None:
    one = await add_client(desk, admin, username="one")
    two = await add_client(desk, admin, username="two")
    async with desk.change(admin, "client.swap") as change:
        await _trade(change, one, two)
    assert [await column(desk, client, each, "username") for each in (one, two)] == ["two", "one"]
    undone = await undo(desk, admin, change.entry_id)
    assert [await column(desk, client, each, "username") for each in (one, two)] == ["one", "two"]
    await undo(desk, admin, undone.entry_id)
    assert [await column(desk, client, each, "username") for each in (one, two)] == ["two", "one"]


async def _trade(change: Change, one: int, two: int) -> None:
    values = {"username": case((client.c.id == one, "two"), else_="one")}
    assert await change.update_where(client, client.c.id.in_([one, two]), values) == 2


async def test_set_based_writes_record_thousands_of_rows_without_reading_them(
    desk: Desk, admin: Actor
) -> None:
    async with desk.change(admin, "client.import") as change:
        await change.insert_many(client, [{"name": f"Client {n}"} for n in range(3000)])
    async with desk.change(admin, "client.approve") as change:
        assert await change.update_where(client, client.c.status == "pending", {"status": "approved"}) == 3000
    assert len(await items(desk, change.entry_id)) == 3000
    assert (await undo(desk, admin, change.entry_id)).rows == 3000
    assert await value(desk, select(client.c.id).where(client.c.status != "pending").limit(1)) is None


async def test_set_based_writes_cannot_race_their_before_images(
    postgresql_url: str,
) -> None:
    async with await Desk.open(postgresql_url) as here, await Desk.open(postgresql_url) as there:
        ann = await staff.first_admin(here, "ann", "Ann")
        client_id = await add_client(here, ann, city="one")

        async def waits() -> int:
            async with there.change(ann, "client.edit") as change:
                await change.update(client, client_id, city="three")
            return change.entry_id

        async with here.change(ann, "client.edit") as change:
            await change.update(client, client_id, city="two")
            other = asyncio.create_task(waits())
            await _until_someone_waits(here)
        (item,) = await items(here, await other)
        assert item.before == '{"city": "two"}'
        await undo(here, ann, other.result())
        assert await column(here, client, client_id, "city") == "two"


async def test_set_based_writes_an_undo_waits_for_who_is_writing_and_then_sees_it(
    postgresql_url: str,
) -> None:
    async with await Desk.open(postgresql_url) as here, await Desk.open(postgresql_url) as there:
        ann = await staff.first_admin(here, "ann", "Ann")
        client_id = await add_client(here, ann, city="one")
        entry = await edit_client(here, ann, client_id, city="two")
        async with here.change(ann, "client.edit") as change:
            await change.update(client, client_id, city="three")
            undoing = asyncio.create_task(undo(there, ann, entry))
            await _until_someone_waits(here)
        with pytest.raises(UndoConflict, match="Anna Nowak was changed since"):
            await undoing
        assert await column(here, client, client_id, "city") == "three"


async def test_counters_two_writers_at_once_both_count(postgresql_url: str) -> None:
    async with await Desk.open(postgresql_url) as here, await Desk.open(postgresql_url) as there:
        ann = await staff.first_admin(here, "ann", "Ann")
        client_id = await add_client(here, ann)
        async with here.change(ann, "department.add") as change:
            department = await add_department(change)

        async def opens(desk: Desk, number: int) -> None:
            async with desk.change(ann, "incident.add") as change:
                await add_incident(change, client_id, department, number)
                raw = f"a{number}@example.org"
                await change.insert(
                    identity, client_id=client_id, type="email", raw=raw, normalized=raw, position=number
                )

        await asyncio.gather(
            *(opens(desk, 2 * n + m) for n in range(5) for m, desk in enumerate((here, there)))
        )
        assert await column(here, client, client_id, "open_incidents") == 10
        assert await wrong(here) == []


async def _until_someone_waits(desk: Desk) -> None:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    while not await value(desk, waiting):  # noqa: ASYNC110 - the server has no event for it
        await asyncio.sleep(0.01)
