"""What a desk does by itself."""

from datetime import timedelta

from console.data import clients, housekeeping, seal, statuses
from console.data.desk import Desk
from console.data.records import Actor
from tests.conftest import FrozenClock
from tests.data.rows import add_client


async def status(desk: Desk, client_id: int) -> str:
    async with desk.read() as connection:
        return (await clients.load(connection, client_id)).status


async def test_a_ban_ends_by_itself_when_its_time_is_over(
    desk: Desk, admin: Actor, clock: FrozenClock
) -> None:
    one, two = [await add_client(desk, admin, name, status="approved") for name in ("Anna", "Bob")]
    async with desk.change(admin, "client.ban") as change:
        await statuses.give(change, [one], "banned", reason="x", until=desk.now() + timedelta(hours=1))
        await statuses.give(change, [two], "banned", reason="for good")
    assert (await housekeeping.keep(desk)).lifted == 0
    clock.advance(hours=1)
    assert (await housekeeping.keep(desk)).lifted == 1
    assert [await status(desk, one), await status(desk, two)] == ["approved", "banned"]
    assert (await housekeeping.keep(desk)).lifted == 0


async def test_what_was_done_is_sealed(desk: Desk, admin: Actor) -> None:
    await add_client(desk, admin)
    assert (await housekeeping.keep(desk)).sealed > 0
    assert (await housekeeping.keep(desk)).sealed == 0
    verdict = await seal.verify(desk)
    assert verdict.ok
    assert verdict.checked > 0
