"""Deleting in the first of two steps, and bringing back."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from console.commands import by_id
from console.data import (
    clients,
    contacts,
    deletion,
    find,
    incidents,
    managers,
    organization_state,
    organizations,
    profile,
    settings,
)
from console.data.clients import ClientQuery
from console.data.desk import Desk
from console.data.drafts import ClientDraft, ContactDraft
from console.data.errors import NotFound, Refused, UndoConflict
from console.data.models.clients import client, favourite, identity
from console.data.models.incidents import incident
from console.data.models.organizations import organization_manager
from console.data.organizations import OrganizationQuery
from console.data.records import Actor
from console.data.undo import undo, undo_last
from console.data.views import Reader
from tests.conftest import FrozenClock
from tests.data.rows import add_client, add_department, add_incident, column, items, rows, value, wrong

ANNA = ClientDraft(
    name="Anna Kowalska", email=("anna@acme.pl",), mobile=("+48601555010",), username="ania",
    organization="Acme",
)  # fmt: skip


@pytest.fixture
async def anna(desk: Desk, admin: Actor, clock: FrozenClock) -> int:
    """A manager with an open incident, and a favourite."""
    made = await new(desk, admin, ANNA)
    async with desk.change(admin, "test.make") as change:
        support = await add_department(change)
        await add_incident(change, made, support, 1, due_at=desk.now() - timedelta(hours=1))
        await managers.grant(change, made, may_reply=True)
        await clients.set_favourite(change, [made], on=True)
    clock.advance(hours=1)
    return made


async def new(desk: Desk, who: Actor, draft: ClientDraft) -> int:
    async with desk.change(who, "client.add") as change:
        return await clients.add(change, draft)


async def delete(desk: Desk, who: Actor, *ids: int) -> int:
    async with desk.change(who, "client.delete") as change:
        await deletion.delete_clients(change, ids)
    return change.entry_id


async def restore(desk: Desk, who: Actor, *ids: int) -> list[deletion.Kept]:
    async with desk.change(who, "client.restore") as change:
        return await deletion.restore(change, ids)


async def listed(desk: Desk, text: str = "", view: str = "all") -> list[int]:
    async with desk.read() as connection:
        found = await clients.page(connection, ClientQuery(text, view=view), Reader(None, desk.now()))
        return [row.id for row in found.rows]


async def test_the_deleted_stand_only_among_the_deleted_and_are_found_there(
    desk: Desk, admin: Actor, anna: int
) -> None:
    await delete(desk, admin, anna)
    assert await listed(desk) == await listed(desk, "anna") == []
    for text in ("", "kowalska", "anna@acme", "601555"):
        assert await listed(desk, text, "deleted") == [anna]
    async with desk.read() as connection:
        found = await clients.load(connection, anna)
        assert (found.state, found.email, found.purge_at) == (
            "deleted", "anna@acme.pl", desk.now() + timedelta(days=30),
        )  # fmt: skip
        assert await find.client_id(connection, str(anna)) == anna
        with pytest.raises(NotFound, match=f"Anna Kowalska, who is deleted.*restore {anna}"):
            await find.client_id(connection, "anna@acme.pl")
        with pytest.raises(NotFound):
            await find.client_id(connection, "Anna Kowalska")
    assert await wrong(desk) == []


async def test_what_they_did_in_their_organization_goes_out_of_sight(
    desk: Desk, admin: Actor, anna: int
) -> None:
    async def seen() -> tuple[int, int, int, str, int]:
        async with desk.read() as connection:
            (row,) = (await organizations.page(connection, OrganizationQuery(), desk.now())).rows
            work = await incidents.page(connection, incidents.IncidentQuery(), desk.now())
            return row.clients, row.open_incidents, row.overdue, row.manager, len(work.rows)

    assert await seen() == (1, 1, 1, "Anna Kowalska", 1)
    await delete(desk, admin, anna)
    assert await seen() == (0, 0, 0, "", 0)
    async with desk.read() as connection:
        theirs = await incidents.page(connection, incidents.IncidentQuery(client_id=anna), desk.now())
    assert len(theirs.rows) == 1
    await restore(desk, admin, anna)
    assert await seen() == (1, 1, 1, "", 1)
    assert await wrong(desk) == []


async def test_restoring_gives_back_addresses_and_username_but_no_rights_over_others(
    desk: Desk, admin: Actor, anna: int
) -> None:
    await delete(desk, admin, anna)
    assert await rows(desk, select(identity.c.live)) == [(False,), (False,)]
    assert await rows(desk, select(favourite.c.client_id)) == [(anna,)]
    assert await restore(desk, admin, anna) == []
    assert await listed(desk, "anna@acme") == [anna]
    assert await rows(desk, select(identity.c.live)) == [(True,), (True,)]
    assert await column(desk, client, anna, "username") == "ania"
    assert await column(desk, client, anna, "purge_at") is None
    assert await rows(desk, select(organization_manager.c.id)) == []


async def test_undo_brings_everything_back_rights_too(desk: Desk, admin: Actor, anna: int) -> None:
    await delete(desk, admin, anna)
    await undo_last(desk, admin)
    assert await listed(desk, "601555") == [anna]
    assert len(await rows(desk, select(organization_manager.c.id))) == 1
    assert await wrong(desk) == []


async def test_an_address_taken_off_before_the_deletion_does_not_come_back(
    desk: Desk, admin: Actor, anna: int, clock: FrozenClock
) -> None:
    async with desk.change(admin, "client.edit") as change:
        await change.update_where(identity, identity.c.type == "phone", {"live": False})
    clock.advance(minutes=1)
    await delete(desk, admin, anna)
    assert await listed(desk, "601555", "deleted") == []
    await restore(desk, admin, anna)
    assert await rows(desk, select(identity.c.type).where(identity.c.live)) == [("email",)]


async def test_the_deleted_may_come_back_as_somebody_new_and_keep_what_they_took(
    desk: Desk, admin: Actor, anna: int
) -> None:
    await delete(desk, admin, anna)
    second = await new(desk, admin, ClientDraft(name="Anna K.", email=("anna@acme.pl",), username="ania"))
    assert await restore(desk, admin, anna) == [
        deletion.Kept("anna@acme.pl", "Anna K."),
        deletion.Kept("ania", "Anna K."),
    ]
    assert await column(desk, client, anna, "username") is None
    assert (await column(desk, client, anna, "email"), await column(desk, client, second, "email")) == (
        "", "anna@acme.pl",
    )  # fmt: skip
    assert await column(desk, client, anna, "mobile") == "+48601555010"
    assert await wrong(desk) == []


async def edited(desk: Desk, who: Actor, client_id: int, *email: str) -> int:
    async with desk.change(who, "client.edit") as change:
        await profile.edit(change, client_id, {"email": email})
    return change.entry_id


async def live(desk: Desk) -> list[str]:
    return [row[0] for row in await rows(desk, select(identity.c.raw).where(identity.c.live))]


async def test_no_undo_gives_a_deleted_client_an_address(desk: Desk, admin: Actor, anna: int) -> None:
    taken_off = await edited(desk, admin, anna)
    await delete(desk, admin, anna)
    with pytest.raises(Refused, match=r"Anna Kowalska is deleted.*anna@acme\.pl.*Restore them first"):
        await undo(desk, admin, taken_off)
    assert await live(desk) == []


async def test_no_undo_deletes_a_client_who_has_got_an_address_since(
    desk: Desk, admin: Actor, anna: int
) -> None:
    await delete(desk, admin, anna)
    async with desk.change(admin, "client.restore") as change:
        await deletion.restore(change, [anna])
    await edited(desk, admin, anna, "anna@acme.pl", "second@acme.pl")
    with pytest.raises(Refused, match=r"Anna Kowalska has got second@acme\.pl since.*Delete them anew"):
        await undo(desk, admin, change.entry_id)
    assert "second@acme.pl" in await live(desk)


async def test_no_undo_gives_a_contact_who_was_taken_away_an_address(
    desk: Desk, admin: Actor, anna: int
) -> None:
    async with desk.change(admin, "client.contact") as change:
        ewa = await contacts.add(change, anna, ContactDraft(name="Ewa", email=("e@acme.pl",)))
    async with desk.change(admin, "contact.edit") as taken_off:
        await contacts.edit(taken_off, ewa, {"email": ()})
    async with desk.change(admin, "contact.remove") as removed:
        await contacts.remove(removed, ewa)
    with pytest.raises(Refused, match=r"Ewa is no contact of Anna Kowalska any more.*e@acme\.pl"):
        await undo(desk, admin, taken_off.entry_id)
    back = await undo(desk, admin, removed.entry_id)
    await undo(desk, admin, taken_off.entry_id)
    with pytest.raises(Refused, match=r"Ewa has got e@acme\.pl since.*Take them away anew"):
        await undo(desk, admin, back.entry_id)
    assert "e@acme.pl" in await live(desk)


async def test_who_is_restored_after_their_organization_was_deleted_is_in_none(
    desk: Desk, admin: Actor, anna: int
) -> None:
    owner = await column(desk, client, anna, "organization_id")
    gone = await delete(desk, admin, anna)
    async with desk.change(admin, "organization.delete") as change:
        await organization_state.delete(change, [owner])
    with pytest.raises(Refused, match="Anna Kowalska cannot be in Acme: it is deleted"):
        await undo(desk, admin, gone)
    run = by_id("client.restore").run
    assert run is not None
    said = (await run(desk, admin, [anna], {})).sentence
    assert said == "Restored Anna Kowalska; Acme is deleted and no longer their organization"
    found = select(client.c.organization_id, client.c.organization_by).where(client.c.id == anna)
    assert await rows(desk, found) == [(None, "none")]
    assert await wrong(desk) == []


async def test_undo_of_a_deletion_names_who_has_the_address_now(
    desk: Desk, admin: Actor, agent: Actor, anna: int
) -> None:
    await delete(desk, admin, anna)
    await new(desk, agent, ClientDraft(name="Anna K.", email=("anna@acme.pl",)))
    with pytest.raises(UndoConflict, match=r"anna@acme\.pl"):
        await undo_last(desk, admin)
    assert await column(desk, client, anna, "deleted_at") is not None


async def test_of_two_with_one_address_restored_at_once_the_first_gets_it(
    desk: Desk, admin: Actor, anna: int, clock: FrozenClock
) -> None:
    await delete(desk, admin, anna)
    second = await new(desk, admin, ClientDraft(name="Anna K.", email=("anna@acme.pl",), username="ania"))
    clock.advance(minutes=1)
    await delete(desk, admin, second)
    await restore(desk, admin, anna, second)
    assert await listed(desk, "anna@acme") == [anna]
    assert [await column(desk, client, one, "username") for one in (anna, second)] == ["ania", None]
    assert await wrong(desk) == []


async def test_undoing_a_restore_deletes_again_until_the_same_day_and_it_can_be_restored(
    desk: Desk, admin: Actor, anna: int, clock: FrozenClock
) -> None:
    await delete(desk, admin, anna)
    day = await column(desk, client, anna, "purge_at")
    clock.advance(days=2)
    await restore(desk, admin, anna)
    await undo_last(desk, admin)
    assert await column(desk, client, anna, "purge_at") == day
    assert await listed(desk, "anna@acme", "deleted") == [anna]
    await restore(desk, admin, anna)
    assert await listed(desk, "anna@acme") == [anna]


async def test_who_has_neither_name_nor_address_is_deleted_and_restored(desk: Desk, admin: Actor) -> None:
    nobody = await add_client(desk, admin, "")
    await delete(desk, admin, nobody)
    assert await listed(desk, view="deleted") == [nobody]
    await undo_last(desk, admin)
    await delete(desk, admin, nobody)
    await restore(desk, admin, nobody)
    assert await listed(desk) == [nobody]


async def test_how_long_they_are_kept_is_a_setting(desk: Desk, admin: Actor, anna: int) -> None:
    async with desk.change(admin, "setting.put") as change:
        await settings.put(change, "deleted_keep_days", 7)
    await delete(desk, admin, anna)
    assert await column(desk, client, anna, "purge_at") == desk.now() + timedelta(days=7)


async def test_a_client_with_70_000_incidents_is_deleted_and_undone_without_touching_one(
    desk: Desk, admin: Actor, anna: int
) -> None:
    async with desk.change(admin, "test.many", bulk=True) as change:
        support = await value(desk, select(incident.c.department_id).limit(1))
        made = [
            {"number": n, "hash": f"{n:020d}", "client_id": anna, "department_id": support, "channel": "email",
             "state": "closed"}
            for n in range(2, 70_002)
        ]  # fmt: skip
        await change.insert_many(incident, made)
    begun = time.perf_counter()
    entry = await delete(desk, admin, anna)
    await undo_last(desk, admin)
    assert time.perf_counter() - begun < 2
    touched = {item.table_name for item in await items(desk, entry)}
    assert touched == {"client", "identity", "organization_manager"}
