"""Retention: details go after a time, entries stay and say so."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from console.data import retention
from console.data.desk import Desk
from console.data.errors import Invalid, Refused
from console.data.models.clients import client
from console.data.models.journal import journal_entry
from console.data.models.settings import setting
from console.data.records import Actor
from console.data.seal import seal, verify
from console.data.undo import undo
from tests.conftest import FrozenClock
from tests.data.rows import add_client, column, edit_client, entry_count, items, rows


async def test_size_details_older_than_the_setting_go_and_the_entries_stay(
    desk: Desk, admin: Actor, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "CHUNK", 2)
    client_id = await add_client(desk, admin)
    old = [await edit_client(desk, admin, client_id, city=f"city {n}") for n in range(4)]
    clock.advance(days=100)
    new = await edit_client(desk, admin, client_id, street="Long Street 1")
    count = await entry_count(desk)
    assert await retention.prune(desk, admin, timedelta(days=90)) == 6
    assert await items(desk, old[0]) == []
    assert len(await items(desk, new)) == 1
    assert await entry_count(desk) == count + 3
    with pytest.raises(Refused, match="no longer keeps"):
        await undo(desk, admin, old[-1])
    assert "no longer keeps" in await column(desk, journal_entry, old[0], "fixed")
    await undo(desk, admin, new)
    assert (await verify(desk)).ok


async def test_pruning_is_itself_an_entry_that_cannot_be_undone(
    desk: Desk, admin: Actor, clock: FrozenClock
) -> None:
    await add_client(desk, admin)
    clock.advance(days=100)
    await retention.prune(desk, admin, timedelta(days=90))
    query = select(journal_entry).where(journal_entry.c.action == "journal.prune")
    async with desk.read() as connection:
        (entry,) = (await connection.execute(query)).all()
    assert (entry.actor_id, entry.rows, entry.detail) == (admin.staff_id, 2, "before 2026-03-12")
    with pytest.raises(Refused, match="cannot be brought back"):
        await undo(desk, admin, entry.id)
    assert await retention.prune(desk, admin, timedelta(days=90)) == 0
    assert len(await rows(desk, query)) == 1
    await seal(desk)
    assert (await verify(desk)).ok


async def test_only_an_admin_prunes_and_never_the_last_day(desk: Desk, admin: Actor, agent: Actor) -> None:
    with pytest.raises(Refused, match="admin"):
        await retention.prune(desk, agent, timedelta(days=90))
    with pytest.raises(Invalid, match="one day"):
        await retention.prune(desk, admin, timedelta(hours=23))


async def test_how_long_details_are_kept_is_a_setting(desk: Desk, admin: Actor) -> None:
    async with desk.read() as connection:
        assert await retention.keep(connection) is None
    async with desk.change(admin, "settings.edit") as change:
        await change.insert(setting, name="journal_keep_days", value="365")
    async with desk.read() as connection:
        assert await retention.keep(connection) == timedelta(days=365)


async def test_a_password_note_stays_when_its_entry_is_pruned(
    desk: Desk, admin: Actor, clock: FrozenClock
) -> None:
    client_id = await add_client(desk, admin)
    async with desk.change(admin, "client.password") as change:
        await change.update(client, client_id, password_hash="$argon2$x")
    clock.advance(days=100)
    await retention.prune(desk, admin, timedelta(days=90))
    assert "password" in await column(desk, journal_entry, change.entry_id, "fixed")
