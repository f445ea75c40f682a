"""Merging clients: everything moves and is accounted for, or nothing is done and a sentence says why."""

import pytest
from sqlalchemy import select

from console.data.desk import Desk
from console.data.merging.parts import unplaced
from console.data.merging.preview import preview
from console.data.models.duplicates import duplicate_decision
from console.data.records import Actor
from console.data.records.merging import Choices
from console.data.undo import undo
from tests.data.merging.full import merged, owned, people
from tests.data.rows import rows, snapshot, wrong


def test_every_column_that_names_an_owner_has_its_place_in_a_merge() -> None:
    assert unplaced() == ()


async def test_after_a_merge_of_everything_no_row_points_at_the_absorbed(desk: Desk, admin: Actor) -> None:
    one, two, three = await people(desk, admin, 3)
    before = [await owned(desk, each) for each in (one, two, three)]
    await merged(desk, admin, one, two, three)
    assert await owned(desk, two) == await owned(desk, three) == {}
    after = await owned(desk, one)
    for label in ("incidents", "notes", "contacts", "invoices", "credit lots", "held submissions"):
        assert after[label] == sum(each[label] for each in before)
    assert after["departments"] == 2
    assert after["tags"] == after["manager grants"] == after["favourite marks"] == 1
    assert await wrong(desk) == []


async def test_undoing_a_merge_at_once_gives_every_row_back(desk: Desk, admin: Actor) -> None:
    one, two, three = await people(desk, admin, 3)
    before = await snapshot(desk, lasting=True)
    done = await merged(desk, admin, one, two, three, keep={"name": two, "username": three, "email": three})
    assert await snapshot(desk, lasting=True) != before
    await undo(desk, admin, done.entry_id)
    assert await snapshot(desk, lasting=True) == before
    assert await wrong(desk) == []


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_a_chain_is_undone_in_any_order(desk: Desk, admin: Actor, order: tuple[int, int]) -> None:
    one, two, three = await people(desk, admin, 3)
    before = await snapshot(desk, lasting=True)
    chain = [await merged(desk, admin, two, three), await merged(desk, admin, one, two)]
    for place in order:
        await undo(desk, admin, chain[place].entry_id)
        assert await wrong(desk) == []
    assert await snapshot(desk, lasting=True) == before


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_two_merges_into_one_are_undone_in_any_order(
    desk: Desk, admin: Actor, order: tuple[int, int]
) -> None:
    one, two, three = await people(desk, admin, 3)
    before = await snapshot(desk, lasting=True)
    star = [await merged(desk, admin, one, two), await merged(desk, admin, one, three)]
    for place in order:
        await undo(desk, admin, star[place].entry_id)
        assert await wrong(desk) == []
    assert await snapshot(desk, lasting=True) == before


async def test_the_balance_sheet_is_what_the_merge_does(desk: Desk, admin: Actor) -> None:
    one, two, three = await people(desk, admin, 3)
    choices = Choices(one, (two, three), without=frozenset({"notes", "credit"}))
    async with desk.read() as connection:
        shown = await preview(connection, choices)
    for line in shown.balance:
        assert sum(line.before) == line.after + line.same + line.left + line.ended, line
    await merged(desk, admin, one, two, three, without=choices.without)
    after = await owned(desk, one)
    for line in shown.balance:
        if line.unit == "rows":
            assert after.get(line.name, 0) == line.after, line
    assert (await owned(desk, two)).keys() == {"notes", "credit lots", "credit entries"}


async def test_a_merge_says_that_the_two_are_the_same(desk: Desk, admin: Actor) -> None:
    one, two = await people(desk, admin)
    done = await merged(desk, admin, one, two)
    said = select(duplicate_decision.c.decision, duplicate_decision.c.staff_id)
    assert await rows(desk, said) == [("same", admin.staff_id)]
    await undo(desk, admin, done.entry_id)
    assert await rows(desk, said) == []
