"""What a desk does by itself."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from console.data import clients, housekeeping, seal, statuses
from console.data.desk import Desk
from console.data.errors import DatabaseBusy
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


async def test_any_number_of_bans_ends_at_once(
    desk: Desk, admin: Actor, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = 5
    monkeypatch.setattr(housekeeping, "CHUNK", 2)
    ids = [await add_client(desk, admin, f"No {number}", status="approved") for number in range(many)]
    async with desk.change(admin, "client.ban") as change:
        await statuses.give(change, ids, "banned", reason="x", until=desk.now() + timedelta(hours=1))
    clock.advance(hours=1)
    asked: list[int] = []

    def note(_connection: Any, _cursor: Any, _statement: str, parameters: Any, *_: Any) -> None:
        asked.append(sum(one in ids for one in parameters) if isinstance(parameters, tuple) else 0)

    event.listen(desk.engine.sync_engine, "before_cursor_execute", note)
    assert await housekeeping.lift_expired(desk) == many
    assert 0 < max(asked) <= 2
    assert {await status(desk, one) for one in ids} == {"approved"}


@pytest.mark.parametrize(
    "error", [DatabaseBusy("Busy."), OperationalError("SELECT", {}, Exception("too many"))]
)
async def test_a_part_that_fails_stops_no_other(
    desk: Desk,
    admin: Actor,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    async def fails(_desk: Desk) -> int:
        raise error

    fails.__name__ = "lift_expired"
    await add_client(desk, admin)
    monkeypatch.setattr(housekeeping, "lift_expired", fails)
    with pytest.raises(type(error)):
        await housekeeping.keep(desk)
    assert "housekeeping, lift_expired" in caplog.text
    assert (await seal.verify(desk)).checked > 0
