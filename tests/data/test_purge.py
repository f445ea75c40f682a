"""Purging: for good, counted, with nothing of the person left, and nothing of anybody else gone."""

import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from console.data import belongings, certificates, deletion, forget, housekeeping, purge, seal, unsaved
from console.data.change import Change
from console.data.desk import Desk
from console.data.errors import NotFound, Refused
from console.data.models.clients import client, identity
from console.data.models.contacts import contact
from console.data.models.incidents import incident, message
from console.data.models.journal import journal_entry, journal_item
from console.data.models.mail import blob, raw_mail
from console.data.models.settings import certificate
from console.data.models.staff import draft
from console.data.records import Actor
from console.data.undo import undo, undo_last
from tests.conftest import FrozenClock
from tests.data.planted import MARKER, SHARED_FILE, Planted, delete, holding, plant
from tests.data.rows import add_client, add_department, column, value, wrong


@pytest.fixture
async def planted(desk: Desk, admin: Actor, clock: FrozenClock) -> Planted:
    made = await plant(desk, admin)
    clock.advance(hours=1)
    await delete(desk, admin, made.client)
    clock.advance(hours=1)
    return made


async def counted(desk: Desk, client_id: int) -> dict[str, int]:
    async with desk.read() as connection:
        return await belongings.counts(connection, client_id)


async def test_nothing_of_the_person_is_left_in_any_column_and_the_certificate_says_what_there_was(
    desk: Desk, admin: Actor, planted: Planted
) -> None:
    assert len(await holding(desk)) > 50
    before = await counted(desk, planted.client)
    assert set(belongings.LABELS.values()) - set(before) == {
        "manager grants",
        "portal links",
        "portal sessions",
    }
    done = await purge.purge(desk, admin, planted.client)
    assert await holding(desk) == []
    assert dict(done.counts) == before
    assert (done.finished, done.staff, done.erased_id) == (True, "Ann Admin", planted.client)
    assert (
        await value(desk, select(client.c.id).where(client.c.id.in_([planted.client, planted.absorbed])))
        is None
    )
    assert await wrong(desk) == []


async def test_what_belongs_to_others_stays_and_works(desk: Desk, admin: Actor, planted: Planted) -> None:
    await purge.purge(desk, admin, planted.client)
    bobs = planted.neighbours_incident
    async with desk.read() as connection:
        said = select(message.c.body).where(message.c.incident_id == bobs).order_by(message.c.id)
        assert list((await connection.execute(said)).scalars()) == ["mine", "see the list"]
        assert list((await connection.execute(select(blob.c.data))).scalars()) == [SHARED_FILE]
        raw = select(raw_mail.c.data).where(raw_mail.c.data.is_not(None))
        assert list((await connection.execute(raw)).scalars()) == [b"Bob's"]
        assert list((await connection.execute(select(draft.c.scope))).scalars()) == ["organization.new"]
    assert await column(desk, incident, bobs, "merged_into") is None
    assert await column(desk, client, planted.neighbour, "status") == "banned"
    # Of the ban of both, Bob's part can still be taken back; what named the other is blank.
    assert await column(desk, journal_entry, planted.mass_entry, "reason") == ""
    await undo(desk, admin, planted.mass_entry)
    assert await column(desk, client, planted.neighbour, "status") != "banned"
    assert await wrong(desk) == []


async def test_the_journal_still_verifies_and_says_how_much_was_erased(
    desk: Desk, admin: Actor, planted: Planted
) -> None:
    await seal.seal(desk)
    entries = await value(desk, select(func.count()).select_from(journal_entry))
    await purge.purge(desk, admin, planted.client)
    await seal.seal(desk)
    verdict = await seal.verify(desk)
    assert verdict.ok, verdict.sentence
    assert 0 < verdict.erased <= entries
    mine = (journal_item.c.entry_id == planted.mass_entry,)
    assert await value(desk, select(func.count()).select_from(journal_item).where(*mine)) == 1
    async with desk.quiet() as connection:
        forged = journal_item.update().where(*mine).values(after='{"status":"approved"}')
        await connection.execute(forged)
    verdict = await seal.verify(desk)
    assert (verdict.ok, verdict.entry_id) == (False, planted.mass_entry)


async def test_nothing_of_a_purge_is_undone(desk: Desk, admin: Actor, planted: Planted) -> None:
    query = select(journal_entry.c.id).where(journal_entry.c.action == "client.delete")
    deletion_entry = await value(desk, query)
    await purge.purge(desk, admin, planted.client)
    with pytest.raises(Refused, match="for good"):
        await undo_last(desk, admin)
    with pytest.raises(Refused, match="purged"):
        await undo(desk, admin, deletion_entry)


async def test_the_key_on_the_certificate_tells_whom_it_is_about(
    desk: Desk, admin: Actor, planted: Planted
) -> None:
    done = await purge.purge(desk, admin, planted.client)
    lines = [str(planted.client), f"Anna {MARKER}", f"chat:{MARKER}", f"email:anna@{MARKER}.example"]
    told = hmac.digest(bytes.fromhex(done.key), "\n".join(lines).encode(), hashlib.sha256).hex()
    assert told == done.erased_hash
    async with desk.read() as connection:
        (kept,) = await certificates.newest(connection)
    assert (kept.id, kept.key, dict(kept.counts)) == (done.id, "", dict(done.counts))


@pytest.mark.parametrize("stop_at", [1, 3, 5, 8, 11])
async def test_a_purge_that_was_stopped_anywhere_is_finished_by_the_next(
    desk: Desk, admin: Actor, planted: Planted, monkeypatch: pytest.MonkeyPatch, stop_at: int
) -> None:
    monkeypatch.setattr(purge, "CHUNK", 1)
    monkeypatch.setattr(forget, "ENTRIES", 3)
    before = await counted(desk, planted.client)
    with pytest.raises(KeyboardInterrupt):
        await _killed_after(desk, stop_at, lambda: purge.purge(desk, admin, planted.client), monkeypatch)
    with pytest.raises(Refused, match="being purged"):
        async with desk.change(admin, "client.restore") as change:
            await deletion.restore(change, [planted.client])
    async with desk.read() as connection:
        (begun,) = await certificates.newest(connection)
    assert not begun.finished
    assert (await housekeeping.keep(desk)).purged == 1
    async with desk.read() as connection:
        (done,) = await certificates.newest(connection)
    assert (done.finished, dict(done.counts)) == (True, before)
    assert await holding(desk) == []
    await seal.seal(desk)
    assert (await seal.verify(desk)).ok


async def _killed_after(desk: Desk, steps: int, act: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run it; the process dies when it opens one change more."""
    original, opened = desk.change, 0

    @asynccontextmanager
    async def change(*given: Any, **more: Any) -> AsyncIterator[Change]:
        nonlocal opened
        opened += 1
        if opened > steps:
            raise KeyboardInterrupt
        async with original(*given, **more) as made:
            yield made

    with monkeypatch.context() as patched:
        patched.setattr(desk, "change", change)
        await act()


async def test_only_who_is_deleted_is_purged_and_only_by_an_admin(
    desk: Desk, admin: Actor, agent: Actor, planted: Planted
) -> None:
    with pytest.raises(Refused, match="Only an admin"):
        await purge.purge(desk, agent, planted.client)
    with pytest.raises(Refused, match=r"Bob is not deleted\. Delete them first"):
        await purge.purge(desk, admin, planted.neighbour)
    with pytest.raises(Refused, match="merged"):
        await purge.purge(desk, admin, planted.absorbed)
    with pytest.raises(NotFound, match="no such client"):
        await purge.purge(desk, admin, 42)
    assert await value(desk, select(func.count()).select_from(certificate)) == 0


async def test_what_is_due_is_purged_by_the_house_and_nobody_before(
    desk: Desk, admin: Actor, planted: Planted, clock: FrozenClock
) -> None:
    clock.advance(days=29)
    assert (await housekeeping.keep(desk)).purged == 0
    clock.advance(days=1)
    assert (await housekeeping.keep(desk)).purged == 1
    assert (await housekeeping.keep(desk)).purged == 0
    async with desk.read() as connection:
        (done,) = await certificates.newest(connection)
    assert (done.staff, done.finished) == ("", True)
    assert await holding(desk) == []


async def test_what_came_from_a_freed_address_later_is_somebody_elses(
    desk: Desk, admin: Actor, planted: Planted, clock: FrozenClock
) -> None:
    address = f"anna@{MARKER}.example"
    async with desk.change(admin, "test.mail") as change:
        support = await add_department(change, "Second line")
        later = await change.insert(
            incident, number=77, hash="7" * 20, department_id=support, channel="email", sender_address=address
        )
    new = await add_client(desk, admin, "A new Anna")
    async with desk.change(admin, "client.identity", about=("client", new)) as change:
        await change.insert(identity, client_id=new, type="email", raw=address, normalized=address)
    await purge.purge(desk, admin, planted.client)
    assert await column(desk, incident, later, "number") == 77
    assert await column(desk, client, new, "email") == address


async def test_the_bytes_of_a_sqlite_file_hold_nothing_of_the_person(
    sqlite_url: str, clock: FrozenClock
) -> None:
    from console.data import staff

    path = Path(sqlite_url.removeprefix("sqlite:///"))
    async with await Desk.open(sqlite_url, clock=clock) as desk:
        ann = await staff.first_admin(desk, "ann", "Ann")
        made = await plant(desk, ann)
        clock.advance(hours=1)
        await delete(desk, ann, made.client)
        await purge.purge(desk, ann, made.client)
        for file in path.parent.iterdir():
            assert MARKER.encode() not in file.read_bytes(), file


async def test_a_client_with_nothing_at_all_is_purged(desk: Desk, admin: Actor) -> None:
    nobody = await add_client(desk, admin, "")
    await delete(desk, admin, nobody)
    assert await counted(desk, nobody) == {"clients": 1}
    assert dict((await purge.purge(desk, admin, nobody)).counts) == {"clients": 1}


async def test_two_at_once_purge_one_client_once(desk: Desk, admin: Actor, planted: Planted) -> None:
    import asyncio

    before = await counted(desk, planted.client)
    done = await asyncio.gather(
        *(purge.purge(desk, admin, planted.client) for _ in range(2)), return_exceptions=True
    )
    assert any(not isinstance(one, BaseException) for one in done), done
    async with desk.read() as connection:
        (kept,) = await certificates.newest(connection)
    assert dict(kept.counts) == before


async def test_the_time_a_deleted_client_is_kept_is_counted_from_the_deletion(
    desk: Desk, admin: Actor, planted: Planted
) -> None:
    kept = await column(desk, client, planted.client, "purge_at")
    assert kept - await column(desk, client, planted.client, "deleted_at") == timedelta(days=30)


async def test_the_drafts_about_a_client_go_with_them_however_they_name_them(
    desk: Desk, admin: Actor
) -> None:
    one, other = await add_client(desk, admin, "Ida Wells"), await add_client(desk, admin, "Bob")
    async with desk.change(admin, "client.contact") as change:
        piotr = await change.insert(contact, client_id=one, name="Piotr Lis")
        jan = await change.insert(contact, client_id=other, name="Jan")
    assert admin.staff_id is not None
    drafts = {
        f"contact.edit:{piotr}": {"title": "boss"},
        "client.note:0a1b2c": {"ids": f"{other},{one}", "text": "late payers"},
        "incident.new": {"text": "call PIOTR LIS"},
        f"contact.edit:{jan}": {"title": "clerk"},
        "client.note:3d4e5f": {"ids": f"{other},{jan}", "text": "fine"},
    }
    for scope, fields in drafts.items():
        await unsaved.keep(desk, admin.staff_id, scope, fields)
    await delete(desk, admin, one)
    assert (await counted(desk, one))["drafts"] == 3
    await purge.purge(desk, admin, one)
    async with desk.read() as connection:
        left = (await connection.execute(select(draft.c.scope))).scalars().all()
    assert set(left) == {f"contact.edit:{jan}", "client.note:3d4e5f"}
