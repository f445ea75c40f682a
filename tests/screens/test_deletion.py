"""Delete, restore and purge by key; and what a console shows of a client whom another one purges."""

from __future__ import annotations

import pytest

from console.data.models.clients import client
from console.data.purge import purge
from tests.data.rows import column
from tests.screens.driving import (
    lines,
    names,
    open_console,
    press,
    said,
    screen,
    text,
    type_keys,
    until,
)
from tests.screens.making import House, client_with_everything, people


async def test_x_deletes_at_once_and_u_brings_back(any_home: House) -> None:
    await people(any_home, "Anna", "Bartosz", "Celina")
    async with open_console(any_home.url) as pilot:
        await press(pilot, "space", "space", "x")
        await until(pilot, lambda: names(pilot) == ["Celina"])
        assert said(pilot).startswith("Deleted 2 clients · to be purged on ")
        assert said(pilot).endswith(" · u undoes")
        await press(pilot, "u")
        await until(pilot, lambda: names(pilot) == ["Anna", "Bartosz", "Celina"])


async def test_the_deleted_are_looked_at_and_restored(home: House) -> None:
    made = await client_with_everything(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "enter", "x")
        await until(pilot, lambda: "deleted, to be purged on" in text(pilot))
        assert "anna@acme.pl" in text(pilot)
        await press(pilot, "b")
        assert said(pilot) == "Anna Kowalska is deleted. Restore them first."
        await press(pilot, "X")
        await until(pilot, lambda: "deleted, to be purged on" not in text(pilot))
        assert said(pilot) == "Restored Anna Kowalska · u undoes"
        await press(pilot, "X")
        assert said(pilot) == "Anna Kowalska is not deleted. x deletes them."
    assert await column(home.desk, client, made.client, "deleted_at") is None


@pytest.mark.parametrize("role", ["agent", "viewer"])
async def test_only_admins_purge(home: House, role: str) -> None:
    await people(home, "Anna")
    await home.act("client.delete", home.ids["Anna"])
    async with home.change() as change:
        from console.data.models.staff import staff

        await change.update(staff, home.me.staff_id or 0, role=role)
    async with open_console(home.url) as pilot:
        await screen(pilot).desk_app.opened()
        await press(pilot, "v")
        await type_keys(pilot, "deleted")
        await press(pilot, "enter", "E")
        assert "purge" not in text(pilot).lower().split("\n")[0]
        assert await column(home.desk, client, home.ids["Anna"], "name") == "Anna"


async def test_who_is_purged_elsewhere_is_no_longer_shown(any_home: House) -> None:
    made = await client_with_everything(any_home)
    await any_home.act("client.delete", made.client)
    async with open_console(any_home.url) as pilot:
        await pilot.pause()
        screen(pilot).desk_app.open_record("client", made.client, "Anna Kowalska")
        await until(pilot, lambda: "anna@acme.pl" in text(pilot))
        await purge(any_home.desk, any_home.boss, made.client)
        await until(pilot, lambda: said(pilot) == "They were purged. q goes back.")
        left = "\n".join(lines(pilot))
        assert not [part for part in ("Anna", "Kowalska", "acme.pl", "601", "Abroad") if part in left]
        await press(pilot, "b", "right", "d", "m", "right", "enter")
        assert "Anna" not in text(pilot)
        await press(pilot, "q")
        await until(pilot, lambda: screen(pilot).PLACE == "clients")


async def test_an_incident_of_who_is_purged_elsewhere_is_no_longer_shown(any_home: House) -> None:
    made = await client_with_everything(any_home)
    await any_home.act("client.delete", made.client)
    async with open_console(any_home.url) as pilot:
        await pilot.pause()
        screen(pilot).desk_app.open_record("incident", made.incident, "INC-000812")
        await until(pilot, lambda: "It burns" in text(pilot))
        await purge(any_home.desk, any_home.boss, made.client)
        await until(pilot, lambda: "no longer there" in text(pilot))
        assert "It burns" not in text(pilot)
        assert "Anna" not in text(pilot)


async def test_a_purge_shows_every_row_and_wants_the_name_typed(any_home: House) -> None:
    made = await client_with_everything(any_home)
    await any_home.act("client.delete", made.client)
    async with any_home.change() as change:
        from console.data.models.staff import staff

        await change.update(staff, any_home.me.staff_id or 0, role="admin")
    async with open_console(any_home.url) as pilot:
        await pilot.pause()
        screen(pilot).desk_app.open_record("client", made.client, "Anna Kowalska")
        await until(pilot, lambda: "anna@acme.pl" in text(pilot))
        await press(pilot, "E")
        await until(pilot, lambda: "With them" in text(pilot))
        assert "3 incidents" in text(pilot)
        assert "4 messages" in text(pilot)
        await type_keys(pilot, "Anna")
        await press(pilot, "enter")
        await until(pilot, lambda: "That is not" in text(pilot))
        await type_keys(pilot, "Anna Kowalska")
        await press(pilot, "enter")
        await until(pilot, lambda: "no longer there" in text(pilot))
