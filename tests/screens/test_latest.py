"""Loads that overtake each other, and what is never overtaken."""

from __future__ import annotations

from tests.screens.driving import open_console, screen, settle
from tests.screens.making import House


async def test_what_the_user_asked_for_is_not_dropped_by_a_load_of_the_whole(home: House) -> None:
    done: list[str] = []

    async def asked() -> None:
        done.append("asked")

    async def part() -> None:
        done.append("part")

    async with open_console(home.url) as pilot:
        screen(pilot).reload()  # under way
        screen(pilot).request(asked, "again")
        screen(pilot).request(part, "after")
        screen(pilot).reload()
        await settle(pilot)
    assert done == ["asked"]
