"""Settings of the desk: defaults, checks, who may, and undo."""

import pytest

from console.data import settings, staff
from console.data.desk import Desk
from console.data.errors import Invalid, Refused
from console.data.records import Actor
from console.data.undo import undo_last


async def put(desk: Desk, who: Actor, name: str, value: object) -> bool:
    async with desk.change(who, "setting.put") as change:
        return await settings.put(change, name, value)


async def read(desk: Desk) -> settings.DeskSettings:
    async with desk.read() as connection:
        return await settings.load(connection)


async def test_a_setting_holds_until_it_is_set_otherwise_or_undone(desk: Desk, admin: Actor) -> None:
    assert (await read(desk)).journal_keep_days == 0
    assert await put(desk, admin, "journal_keep_days", 7)
    assert await put(desk, admin, "journal_keep_days", "9")
    assert not await put(desk, admin, "journal_keep_days", 9)
    assert (await read(desk)).journal_keep_days == 9
    await undo_last(desk, admin)
    assert (await read(desk)).journal_keep_days == 7


@pytest.mark.parametrize("value", [-1, "perhaps", 1_000_000, None])
async def test_a_value_that_cannot_be_is_refused(desk: Desk, admin: Actor, value: object) -> None:
    with pytest.raises(Invalid, match="journal_keep_days"):
        await put(desk, admin, "journal_keep_days", value)


async def test_an_unknown_setting_is_refused_with_those_there_are(desk: Desk, admin: Actor) -> None:
    with pytest.raises(Invalid, match="Use one of journal_keep_days"):
        await put(desk, admin, "colour", "blue")


async def test_agents_do_not_change_settings(desk: Desk, admin: Actor) -> None:
    await staff.add(desk, admin, "tom", "Tom", "agent")
    with pytest.raises(Refused, match="Only an admin"):
        await put(desk, await staff.actor(desk, "tom"), "journal_keep_days", 3)
