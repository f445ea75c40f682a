"""Tamper evidence: what was sealed and is altered, removed or inserted since is named."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import ColumnElement, delete, func, insert, select, update

from console.data import lease, staff
from console.data.desk import Desk
from console.data.models.clients import client
from console.data.models.journal import journal_entry, journal_item, journal_seal
from console.data.records import Actor
from console.data.seal import erase, seal, verify
from console.data.undo import undo
from tests.conftest import FrozenClock
from tests.data.rows import add_client, edit_client, entry_count, value


@pytest.fixture
async def entries(desk: Desk, admin: Actor) -> list[int]:
    """Three edits, sealed."""
    client_id = await add_client(desk, admin)
    made = []
    for number in range(3):
        async with desk.change(admin, "client.edit", reason=f"reason {number}") as change:
            await change.update(client, client_id, city=f"city {number}")
        made.append(change.entry_id)
    await _seal_all(desk)
    return made


async def test_a_journal_as_it_was_sealed_verifies(desk: Desk, entries: list[int]) -> None:
    verdict = await verify(desk)
    assert verdict.ok
    assert verdict.checked == await entry_count(desk)
    assert await seal(desk) == 0


async def test_undoing_alters_nothing_that_was_sealed(desk: Desk, admin: Actor, entries: list[int]) -> None:
    await undo(desk, admin, entries[-1])
    assert (await verify(desk)).ok
    await _seal_all(desk)
    assert (await verify(desk)).ok


@pytest.mark.parametrize(
    "tampering",
    [
        {"action": "client.ban"},
        {"reason": "another reason"},
        {"actor_id": None},
        {"rows": 7},
        {"undoes": 5},
    ],
    ids=lambda values: next(iter(values)),
)
async def test_an_altered_entry_is_named(
    desk: Desk, entries: list[int], tampering: dict[str, object]
) -> None:
    async with desk.quiet() as connection:
        altered = update(journal_entry).where(journal_entry.c.id == entries[1])
        await connection.execute(altered.values(tampering))
    verdict = await verify(desk)
    assert (verdict.ok, verdict.entry_id, verdict.problem) == (False, entries[1], "altered")
    assert str(entries[1]) in verdict.sentence


async def test_an_altered_item_is_named(desk: Desk, entries: list[int]) -> None:
    async with desk.quiet() as connection:
        mine = journal_item.c.entry_id == entries[0]
        await connection.execute(update(journal_item).where(mine).values(after='{"city":"forged"}'))
    verdict = await verify(desk)
    assert (verdict.entry_id, verdict.problem) == (entries[0], "altered")


async def test_a_removed_item_is_named(desk: Desk, entries: list[int]) -> None:
    async with desk.quiet() as connection:
        await connection.execute(delete(journal_item).where(journal_item.c.entry_id == entries[2]))
    verdict = await verify(desk)
    assert (verdict.entry_id, verdict.problem) == (entries[2], "altered")


async def test_a_removed_entry_is_named_by_the_one_after_it(desk: Desk, entries: list[int]) -> None:
    await _remove(desk, entries[1])
    verdict = await verify(desk)
    assert (verdict.entry_id, verdict.problem) == (entries[2], "removed")


async def test_a_removed_entry_is_found_though_the_seals_were_numbered_anew(
    desk: Desk, entries: list[int]
) -> None:
    await _remove(desk, entries[1])
    async with desk.quiet() as connection:
        last = journal_seal.c.entry_id == entries[2]
        await connection.execute(update(journal_seal).where(last).values(number=journal_seal.c.number - 1))
    verdict = await verify(desk)
    assert (verdict.ok, verdict.entry_id) == (False, entries[2])


async def test_entries_removed_from_the_end_are_told_by_an_earlier_head(
    desk: Desk, admin: Actor, entries: list[int]
) -> None:
    head = (await verify(desk)).head
    await add_client(desk, admin)
    await _seal_all(desk)
    assert (await verify(desk, head=head)).ok
    await _remove(desk, await value(desk, select(journal_entry.c.id).order_by(journal_entry.c.id.desc())))
    await _remove(desk, entries[2])
    assert (await verify(desk)).ok
    assert (await verify(desk, head=head)).problem == "removed"


async def test_an_inserted_entry_is_named(desk: Desk, entries: list[int]) -> None:
    async with desk.quiet() as connection:
        found = (
            await connection.execute(select(journal_entry).where(journal_entry.c.id == entries[1]))
        ).one()
        forged = {**found._mapping, "id": found.id - 1}
        await connection.execute(insert(journal_entry).values(forged))
    verdict = await verify(desk)
    assert (verdict.entry_id, verdict.problem) == (entries[1] - 1, "inserted")


async def test_what_was_erased_verifies_and_what_is_put_in_its_place_does_not(
    desk: Desk, entries: list[int]
) -> None:
    async with desk.quiet() as connection:
        assert await erase(connection, journal_entry.c.id == entries[0], texts=True) == 1
        assert await erase(connection, journal_entry.c.id == entries[1], texts=False) == 1
    verdict = await verify(desk)
    assert (verdict.ok, verdict.erased) == (True, 2)
    assert await _texts(desk, entries[0]) == ("", None)
    assert (await _texts(desk, entries[1]))[0] == "reason 1"
    for entry, forged in ((entries[0], {"reason": "forged"}), (entries[1], {"reason": ""})):
        async with desk.quiet() as connection:
            mine = journal_entry.c.id == entry
            was = (await connection.execute(select(journal_entry.c.reason).where(mine))).scalar()
            await connection.execute(update(journal_entry).where(mine).values(forged))
        assert (await verify(desk)).entry_id == entry
        async with desk.quiet() as connection:
            await connection.execute(update(journal_entry).where(mine).values(reason=was))
    assert (await verify(desk)).ok


async def test_the_order_of_seals_does_not_rest_on_clocks(
    desk: Desk, admin: Actor, clock: FrozenClock, entries: list[int]
) -> None:
    clock.advance(days=-400)
    client_id = await add_client(desk, admin)
    clock.advance(days=800)
    await edit_client(desk, admin, client_id, city="Kraków")
    await _seal_all(desk)
    assert (await verify(desk)).ok


async def test_one_process_seals_at_a_time(desk: Desk, admin: Actor, clock: FrozenClock) -> None:
    await add_client(desk, admin)
    async with desk.quiet() as connection:
        assert await lease.take(desk, connection, "seal", "another", timedelta(minutes=2))
    assert await seal(desk) == 0
    clock.advance(minutes=3)
    await _seal_all(desk)


async def test_many_sealers_at_once_make_one_chain(desk: Desk, database_url: str, admin: Actor) -> None:
    # The other's clock is months ahead: for it, every lease has run out.
    client_id = await add_client(desk, admin)
    async with await Desk.open(database_url) as other:
        for number in range(3):
            await edit_client(desk, admin, client_id, city=f"city {number}")
            await asyncio.gather(seal(desk), seal(other))
    await _seal_all(desk)
    verdict = await verify(desk)
    assert (verdict.ok, verdict.checked) == (True, await entry_count(desk))


async def test_an_entry_whose_transaction_still_runs_is_not_sealed_past(postgresql_url: str) -> None:
    async with await Desk.open(postgresql_url) as here, await Desk.open(postgresql_url) as there:
        ann = await staff.first_admin(here, "ann", "Ann")
        client_id, other = await add_client(here, ann), await add_client(here, ann)
        await _seal_all(here)
        async with there.change(ann, "client.edit") as slow:
            await slow.update(client, client_id, city="begun first")
            await edit_client(here, ann, other, city="committed first")
            assert await seal(here) == 0
        await _seal_all(here)
        assert (await verify(here)).ok


async def _seal_all(desk: Desk) -> None:
    """Sealing waits for transactions of other databases on the same PostgreSQL, too, such as those of other tests."""
    while await value(desk, select(func.count()).select_from(journal_seal)) < await entry_count(desk):
        await seal(desk)


async def _remove(desk: Desk, entry_id: int) -> None:
    async with desk.quiet() as connection:
        for table, column in ((journal_item, "entry_id"), (journal_seal, "entry_id"), (journal_entry, "id")):
            where: ColumnElement[bool] = table.c[column] == entry_id
            await connection.execute(delete(table).where(where))


async def _texts(desk: Desk, entry_id: int) -> tuple[str, bytes | None]:
    query = (
        select(journal_entry.c.reason, journal_seal.c.payload_key)
        .join(journal_seal, journal_seal.c.entry_id == journal_entry.c.id)
        .where(journal_entry.c.id == entry_id)
    )
    async with desk.read() as connection:
        row = (await connection.execute(query)).one()
        return row[0], row[1]
