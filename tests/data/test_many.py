"""Actions on more clients than one entry takes: chunks of one batch, taken back as a whole."""

import pytest
from sqlalchemy import func, select

from console.commands import by_id
from console.commands.acting import watched
from console.data import clients, departments, impact
from console.data.clients import ClientQuery
from console.data.desk import Desk
from console.data.errors import NotFound, Refused
from console.data.models.clients import client, department_access, favourite
from console.data.models.journal import journal_entry
from console.data.models.organizations import organization
from console.data.records import Actor, Done
from console.data.views import Reader
from tests.data.rows import add_client, add_department, entry_count, rows, snapshot, value, wrong

CHUNK = 500
MANY = 2 * CHUNK + 10


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(impact, "CHUNK", CHUNK)


async def crowd(desk: Desk, who: Actor, count: int = MANY, status: str = "approved") -> list[int]:
    async with desk.change(who, "client.import") as change:
        return await change.insert_many(
            client, [{"name": f"Client {number:05d}", "status": status} for number in range(count)]
        )


async def act(desk: Desk, who: Actor, command: str, ids: list[int], **inputs: str) -> Done:
    run = by_id(command).run
    assert run is not None
    return await run(desk, who, ids, inputs)


async def with_status(desk: Desk, status: str) -> int:
    found: int = await value(desk, select(func.count()).where(client.c.status == status))
    return found


async def test_many_are_one_batch_and_one_undo(desk: Desk, admin: Actor) -> None:
    ids = await crowd(desk, admin)
    before = await snapshot(desk)
    done = await act(desk, admin, "client.ban", ids, reason="rude")
    assert done.sentence == f"Banned {MANY:,} clients"
    batches = await rows(
        desk,
        select(journal_entry.c.batch_id, func.count(), func.sum(journal_entry.c.rows))
        .where(journal_entry.c.action == "client.ban")
        .group_by(journal_entry.c.batch_id),
    )
    assert [(count, int(total)) for _, count, total in batches] == [(3, MANY)]
    assert await with_status(desk, "banned") == MANY
    undone = await act(desk, admin, "journal.undo", [])
    assert undone.sentence == f"Undid the ban, {MANY:,} rows"
    assert await snapshot(desk) == before
    assert await wrong(desk) == []


async def test_up_to_one_chunk_is_one_entry(desk: Desk, admin: Actor) -> None:
    ids = await crowd(desk, admin, CHUNK)
    await act(desk, admin, "client.archive", ids)
    query = select(journal_entry.c.batch_id).where(journal_entry.c.action == "client.archive")
    assert await rows(desk, query) == [(None,)]


async def test_those_it_cannot_run_on_are_counted_over_all_chunks(desk: Desk, admin: Actor) -> None:
    banned = await crowd(desk, admin, CHUNK + 1, "banned")
    ids = banned + await crowd(desk, admin, CHUNK)
    done = await act(desk, admin, "client.ban", ids, reason="rude")
    assert (
        done.sentence == f"Banned {CHUNK:,} clients; {CHUNK + 1:,} left out: Client 00000 is banned already"
    )
    with pytest.raises(Refused, match=f"None of {CHUNK + 1:,} clients"):
        await act(desk, admin, "client.ban", banned, reason="rude")


async def test_the_one_who_waits_is_told_and_stops_it_and_nothing_stays(desk: Desk, admin: Actor) -> None:
    ids = await crowd(desk, admin)
    before = await snapshot(desk)
    told = []

    def watch(finished: int, total: int) -> None:
        told.append((finished, total))
        if finished > CHUNK:
            raise Refused("Stopped.")

    with watched(watch), pytest.raises(Refused, match="Stopped"):
        await act(desk, admin, "client.ban", ids, reason="rude")
    assert told == [(CHUNK, MANY), (2 * CHUNK, MANY)]
    assert await snapshot(desk) == before


async def test_an_error_in_a_later_chunk_takes_the_others_back(desk: Desk, admin: Actor) -> None:
    ids = await crowd(desk, admin)
    with pytest.raises(NotFound, match="no such client"):
        await act(desk, admin, "client.ban", list(range(1, MANY)), reason="rude")
    before = await entry_count(desk)
    with pytest.raises(Refused, match="needs a reason"):
        await act(desk, admin, "client.ban", ids)
    assert await entry_count(desk) == before


async def test_a_switch_is_turned_one_way_for_all_chunks(desk: Desk, admin: Actor) -> None:
    ids = await crowd(desk, admin)
    await act(desk, admin, "client.favourite", ids[:CHUNK])
    await act(desk, admin, "client.approval", ids[:CHUNK])
    assert (await act(desk, admin, "client.favourite", ids)).sentence.startswith("Marked")
    assert (await act(desk, admin, "client.approval", ids)).sentence.startswith("Incident approval on")
    assert await value(desk, select(func.count()).select_from(favourite)) == MANY
    assert "no longer" in (await act(desk, admin, "client.favourite", ids)).sentence
    assert await value(desk, select(func.count()).select_from(favourite)) == 0


@pytest.mark.parametrize(
    ("command", "inputs"),
    [
        ("client.approve", {}),
        ("client.disapprove", {"reason": "no"}),
        ("client.spam", {"incidents": "yes"}),
        ("client.note", {"text": "Call back"}),
        ("client.credit", {"amount": "1 h"}),
        ("client.tag", {"tags": "north, vip"}),
        ("client.organization", {"organization": "Acme"}),
        ("client.access", {"department": "Support", "allowed": "no"}),
        ("client.archive", {}),
    ],
)
async def test_every_mass_action_runs_on_many_and_is_taken_back_at_once(
    desk: Desk, admin: Actor, command: str, inputs: dict[str, str]
) -> None:
    ids = await crowd(desk, admin, CHUNK + 5, "pending")
    async with desk.change(admin, "test.make") as change:
        await add_department(change)
    before = await snapshot(desk)
    done = await act(desk, admin, command, ids, **inputs)
    assert done.count == len(ids)
    assert done.entry_id is not None
    assert await snapshot(desk) != before
    await act(desk, admin, "journal.undo", [])
    assert await snapshot(desk) == before
    assert await wrong(desk) == []


async def test_an_organization_made_for_many_is_made_once(desk: Desk, admin: Actor) -> None:
    ids = await crowd(desk, admin)
    await act(desk, admin, "client.organization", ids, organization="Acme")
    assert await value(desk, select(func.count()).select_from(organization)) == 1
    assert await value(desk, select(organization.c.client_count)) == MANY


async def test_access_to_a_department_is_given_by_name_and_said(desk: Desk, admin: Actor) -> None:
    one, two = await add_client(desk, admin), await add_client(desk, admin, "Bob")
    async with desk.change(admin, "test.make") as change:
        support = await add_department(change)
    said = await act(desk, admin, "client.access", [one], department="support", allowed="no")
    assert said.sentence == "Anna Nowak may not submit to Support now"
    said = await act(desk, admin, "client.access", [one, two], department=str(support), allowed="no")
    assert said.sentence == "2 clients may not submit to Support now"
    again = await act(desk, admin, "client.access", [one, two], department="Support", allowed="no")
    assert again.sentence == "It is so already for 2 clients. Nothing was changed."
    own = select(department_access.c.client_id, department_access.c.allowed)
    assert sorted(await rows(desk, own)) == sorted([(one, False), (two, False)])
    async with desk.read() as connection:
        assert await departments.names(connection) == ("Support",)
    with pytest.raises(NotFound, match=r"no department 'Sales'\. There is: Support"):
        await act(desk, admin, "client.access", [one], department="Sales")


async def test_all_that_match_are_read_as_ids_in_pieces(
    desk: Desk, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "MATCHING_PIECE", 100)
    ids = await crowd(desk, admin, 450)
    await act(desk, admin, "client.ban", ids[:200], reason="rude")
    await act(desk, admin, "client.archive", ids[440:])
    reader = Reader(admin.staff_id, desk.now())

    async def matching(query: ClientQuery) -> list[int]:
        async with desk.read() as connection:
            return [one async for piece in clients.matching_ids(connection, query, reader) for one in piece]

    assert sorted(await matching(ClientQuery())) == sorted(ids[:440])
    assert sorted(await matching(ClientQuery(view="banned"))) == sorted(ids[:200])
    assert sorted(await matching(ClientQuery("client"))) == sorted(ids[:440])
    assert await matching(ClientQuery("client 00003")) == [ids[3]]
    assert await matching(ClientQuery("!!")) == []
