"""A pair in full: what is decided there is done in the list one came from, as it is there."""

from __future__ import annotations

import pytest

from tests.screens.driving import lines, open_console, place, press, said, text
from tests.screens.making import House
from tests.screens.test_duplicates import decided, pair_of, queue, triplets, twins, unknown


@pytest.mark.parametrize(("key", "decision"), [("d", "different"), ("r", "related")])
async def test_who_has_read_all_decides_there(home: House, key: str, decision: str) -> None:
    await twins(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "4")
        before = queue(pilot).pair()
        await press(pilot, "enter")
        assert place(pilot) == "pair"
        assert "s same  d different  r related  n skip  o look" in lines(pilot)[-1]
        await press(pilot, key)
        assert place(pilot) == "duplicates"
        assert before is not None
        assert [row[1] for row in await decided(home)] == [decision]
        assert queue(pilot).pair() != before


async def test_same_opens_the_merge_and_o_looks_at_both(home: House) -> None:
    await twins(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "4", "enter", "s")
        assert place(pilot) == "merge"
        await press(pilot, "q", "enter", "o")
        assert place(pilot) == "look"
        await press(pilot, "q", "enter", "question_mark")
        assert "What you can do here" in text(pilot)
        await press(pilot, "q", "n")
        assert place(pilot) == "duplicates"
        assert await decided(home) == []


async def test_two_of_three_are_decided_where_all_of_them_stand(home: House) -> None:
    await triplets(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "4", "enter", "d")
        assert place(pilot) == "duplicates"
        assert "They are two of 3" in said(pilot)
        assert await decided(home) == []


async def test_a_sender_is_taken_from_there(home: House) -> None:
    await pair_of(home, "Katarzyna Kowalska", "Bartosz Inny", 303)
    await unknown(home, "katarzyna.kowalska@mail.example", "Katarzyna Kowalska")
    async with open_console(home.url) as pilot:
        await press(pilot, "5", "enter", "equals_sign", "enter")
        assert place(pilot) == "match"
        await press(pilot, "d")
        assert said(pilot) == "d does nothing here. ? shows the keys."
        await press(pilot, "s")
        assert place(pilot) == "incident"
        assert "1 incident is theirs now" in said(pilot)
