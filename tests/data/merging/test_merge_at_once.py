"""Two processes at once on one database: a merge beside whatever else staff and senders do to the same clients."""

import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy import func, select

from console.commands import by_id
from console.data import submit
from console.data.desk import Desk
from console.data.errors import DatabaseBusy, DeskError
from console.data.merging.apply import merge
from console.data.merging.parts import OF_CLIENT
from console.data.merging.unmerge import unmerge
from console.data.models.clients import client
from console.data.models.incidents import held, incident
from console.data.records import Actor, Submission
from console.data.records.merging import Choices, Merged
from console.data.release import release
from tests.data.merging.full import people
from tests.data.rows import rows, wrong

Work = Callable[[Desk], Awaitable[object]]
ROUNDS = 2


async def _at_once(*work: Awaitable[object]) -> list[object]:
    """What each came to; only refusals are let pass: never 'busy', which is a deadlock here."""
    found = await asyncio.gather(*work, return_exceptions=True)
    for one in found:
        if isinstance(one, DatabaseBusy) or (isinstance(one, Exception) and not isinstance(one, DeskError)):
            raise one
    return found


async def _nothing_left(desk: Desk) -> None:
    gone = select(client.c.id).where(client.c.absorbed_into.is_not(None))
    for part in OF_CLIENT:
        behind = select(func.count()).select_from(part.table).where(part.owner.in_(gone))
        assert await rows(desk, behind) == [(0,)], part.label
    assert await wrong(desk) == []


def _mail(who: Actor, sender: str, reply_to: int | None = None) -> Work:
    async def send(desk: Desk) -> object:
        given = Submission(
            channel="email", sender=sender, subject="x", body="y", by_staff=False, reply_to=reply_to
        )
        async with desk.change(who, "incident.create") as change:
            return await submit.submit(change, given)

    return send


def _release(who: Actor, one: int) -> Work:
    async def let_go(desk: Desk) -> object:
        async with desk.change(who, "held.release") as change:
            return await release(change, one)

    return let_go


def _command(who: Actor, name: str, one: int, **inputs: str) -> Work:
    async def run(desk: Desk) -> object:
        action = by_id(name).run
        assert action is not None
        return await action(desk, who, [one], inputs)

    return run


async def test_a_merge_beside_other_work(desk: Desk, admin: Actor, database_url: str) -> None:
    one, two = await people(desk, admin, incidents=4)
    theirs = [row[0] for row in await rows(desk, select(incident.c.id).where(incident.c.client_id == two))]
    async with await Desk.open(database_url, clock=desk.clock) as other:
        for _ in range(ROUNDS):
            async with desk.change(admin, "test.held") as change:
                await change.update(incident, theirs[1], folder="quarantine", held_reason="test")
                held_message = await change.insert(
                    held, client_id=two, channel="email", sender="anna1@acme.example", reason="banned"
                )
            for work in (
                _mail(admin, "anna1@acme.example", theirs[0]),
                _release(admin, theirs[1]),
                _release(admin, held_message),
                _command(admin, "client.note", two, text="hello"),
                _mail(admin, "piotr1@acme.example"),
            ):
                done, _ = await _at_once(merge(desk, admin, Choices(one, (two,))), work(other))
                assert isinstance(done, Merged)
                await _nothing_left(desk)
                await _at_once(unmerge(desk, admin, done.entry_id, keep_changed=True), work(other))
                assert await wrong(desk) == []


async def test_merges_that_overlap(desk: Desk, admin: Actor, database_url: str) -> None:
    ids = await people(desk, admin, 3)
    async with await Desk.open(database_url, clock=desk.clock) as other:
        for a, b in (((0, 1), (1, 0)), ((0, 1), (2, 1)), ((0, 1), (1, 2)), ((0, 1, 2), (2, 0))):
            pair = [Choices(ids[c[0]], tuple(ids[n] for n in c[1:])) for c in (a, b)]
            found = await _at_once(merge(desk, admin, pair[0]), merge(other, admin, pair[1]))
            await _nothing_left(desk)
            for done in reversed([one for one in found if isinstance(one, Merged)]):
                await unmerge(desk, admin, done.entry_id)
