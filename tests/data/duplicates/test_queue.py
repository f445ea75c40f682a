"""What staff see in the queue, what they decide, and how both keep current."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import func, select

from console.data import housekeeping
from console.data.desk import Desk
from console.data.duplicates import counting, decisions, feed, learn, lookup, queue, scan, training
from console.data.duplicates.compare import Levels
from console.data.duplicates.model import SHIPPED
from console.data.duplicates.score import is_ruled_out
from console.data.errors import NotFound, Refused
from console.data.models.clients import client, identity
from console.data.models.duplicates import (
    duplicate_decision,
    duplicate_form,
    duplicate_key,
    duplicate_model,
    duplicate_pair,
)
from console.data.records import Actor
from console.data.records.duplicates import Group
from console.data.undo import undo
from tests.data.duplicates.people import add, crowd, pairs, queues, scored, twice
from tests.data.rows import edit_client, rows, value, wrong


async def page(desk: Desk, relation: str = "duplicate") -> tuple[Group, ...]:
    async with desk.read() as connection:
        return (await queue.page(connection, relation=relation)).groups


async def decide(desk: Desk, who: Actor, one: int, other: int, decision: str) -> int:
    """Returns the entry's id."""
    async with desk.change(who, "duplicate.decide", about=("client", one)) as change:
        await decisions.record(change, [(one, other)], decision)
    return change.entry_id


async def suggested(desk: Desk, client_id: int) -> list[int]:
    async with desk.read() as connection:
        return [one.client_id for one in await lookup.of_client(connection, client_id)]


async def test_a_changed_client_is_compared_by_whoever_keeps_the_house(desk: Desk, admin: Actor) -> None:
    one, other = await twice(desk, admin)
    assert await page(desk) == ()
    assert (await housekeeping.keep(desk)).scored == 2
    assert [set(group.ids) for group in await page(desk)] == [{one, other}]
    assert (await housekeeping.keep(desk)).scored == 0
    await edit_client(desk, admin, other, name="Somebody Else", city="Praha")
    assert (await housekeeping.keep(desk)).scored == 1
    assert await suggested(desk, one) in ([], [other])
    assert [row[3] for row in await pairs(desk)] != ["duplicate"]


@pytest.mark.parametrize("how", ["deleted_at", "archived_at", "absorbed_into"])
async def test_who_leaves_the_lists_leaves_the_queue_at_once(desk: Desk, admin: Actor, how: str) -> None:
    one, other = await twice(desk, admin)
    await scored(desk)
    left: Any = one if how == "absorbed_into" else desk.now()
    async with desk.change(admin, "client.delete") as change:
        await change.update(client, other, **{how: left})
        if how != "archived_at":
            await change.update_where(identity, identity.c.client_id == other, {"live": False})
    assert await page(desk) == ()
    assert await suggested(desk, one) == []
    await scored(desk)
    assert await pairs(desk) == []
    assert await rows(desk, select(duplicate_form.c.client_id)) == [(one,)]


async def test_an_undone_client_takes_their_pairs_along(desk: Desk, admin: Actor) -> None:
    one = await add(desk, admin, "Anna Nowak", "anna@example.org", "601 555 010")
    async with desk.change(admin, "client.add") as change:
        other = await change.insert(client, name="Anna Nowak", city="Gdynia")
        number = {"type": "phone", "raw": "+48601555010", "normalized": "+48601555010"}
        await change.insert(identity, client_id=other, **number)
    await scored(desk)
    assert len(await page(desk)) == 1
    await undo(desk, admin, change.entry_id)
    await scored(desk)
    assert await pairs(desk) == []
    keys = select(duplicate_key.c.client_id).distinct()
    assert await rows(desk, keys) == [(one,)]
    assert await wrong(desk) == []


async def test_not_the_same_is_remembered_with_its_author_and_taken_back_by_undo(
    desk: Desk, admin: Actor, agent: Actor
) -> None:
    one, other = await twice(desk, admin)
    await scored(desk)
    entry = await decide(desk, agent, other, one, "different")
    assert await page(desk) == ()
    assert await suggested(desk, one) == []
    async with desk.read() as connection:
        found = await queue.pair(connection, one, other)
        assert await counting.count(connection) == 0
    assert (found.decision, found.decided_by) == ("different", "Bob Agent")
    levels, version = (
        await rows(desk, select(duplicate_decision.c.levels, duplicate_decision.c.model_version))
    )[0]
    assert (levels, version) == (found.explanation.levels, SHIPPED.version)
    await scan.scan(desk)
    assert await page(desk) == ()
    await undo(desk, admin, entry)
    assert [set(group.ids) for group in await page(desk)] == [{one, other}]
    async with desk.read() as connection:
        assert await counting.count(connection) == 1


async def test_not_the_same_holds_until_a_clue_changes(desk: Desk, admin: Actor) -> None:
    one, other = await twice(desk, admin)
    await scored(desk)
    await decide(desk, admin, one, other, "different")
    await edit_client(desk, admin, one, language="pl", city="GDYNIA")
    await scored(desk)
    assert await page(desk) == ()
    for changed in (one, other):
        await edit_client(desk, admin, changed, street="Długa 4")
    await scored(desk)
    assert [set(group.ids) for group in await page(desk)] == [{one, other}]
    assert await suggested(desk, one) == [other]


async def test_related_by_decision_is_shown_apart(desk: Desk, admin: Actor) -> None:
    one, other = await twice(desk, admin)
    await scored(desk)
    await decide(desk, admin, one, other, "related")
    assert await page(desk) == ()
    (group,) = await page(desk, "related")
    assert [pair.decision for pair in group.pairs] == ["related"]
    assert await suggested(desk, one) == []


async def test_the_same_holds_together_what_scores_low(desk: Desk, admin: Actor) -> None:
    one = await add(desk, admin, "Anna Nowak", "anna@example.org", city="Gdynia")
    other = await add(desk, admin, "Otylia Żur", "oz@else.example", city="Praha")
    await scored(desk)
    assert await page(desk) == ()
    entry = await decide(desk, admin, one, other, "same")
    (group,) = await page(desk)
    assert (set(group.ids), group.pairs[0].decision) == ({one, other}, "same")
    await undo(desk, admin, entry)
    assert [one.queue for one in await _stored(desk)] in ([], ["uncertain"])


async def _stored(desk: Desk) -> Sequence[Any]:
    async with desk.read() as connection:
        return (await connection.execute(select(duplicate_pair))).all()


async def test_who_is_here_three_times_is_one_group_and_a_decision_parts_it(desk: Desk, admin: Actor) -> None:
    one, other = await twice(desk, admin)
    third = await add(
        desk, admin, "Katarzyna Wiśniewska", "kasia.w@third.example", "601555010", city="Gdynia"
    )
    await scored(desk)
    (group,) = await page(desk)
    assert set(group.ids) == {one, other, third}
    assert len(group.pairs) == 3
    assert group.key == (await page(desk))[0].key
    await decide(desk, admin, one, third, "different")
    groups = await page(desk)
    assert all({one, third} - set(group.ids) for group in groups)
    assert {one, third} <= {
        one for group in [*groups, *await page(desk, "split review")] for one in group.ids
    }


async def test_a_large_group_goes_to_split_review(desk: Desk, admin: Actor) -> None:
    ids = [
        await add(
            desk, admin, "Anna Nowakowska", f"anna.nowakowska@a{n}.example", "601 555 010", city="Gdynia"
        )
        for n in range(10)
    ]
    await scan.scan(desk)
    assert await page(desk) == ()
    (group,) = await page(desk, "split review")
    assert (set(group.ids) <= set(ids), group.split_review, len(group.ids) > 8) == (True, True, True)


async def test_household_and_company_are_related_and_never_duplicates(desk: Desk, admin: Actor) -> None:
    home = {"street": "Długa 4", "city": "Gdynia", "postcode": "81-001"}
    await add(desk, admin, "Anna Nowakowska", "601 555 010", **home)
    await add(desk, admin, "Piotr Nowakowski", "601 555 010", **home)
    await scored(desk)
    assert await page(desk) == ()
    (group,) = await page(desk, "related")
    assert (group.relation, group.pairs[0].explanation.relation) == ("same household", "same household")


async def test_the_queue_comes_in_pages_the_surest_first_each_group_once(desk: Desk, admin: Actor) -> None:
    await crowd(desk, admin, 60)
    await scan.scan(desk)
    seen: list[str] = []
    percents: list[int] = []
    after: str | None = None
    while after != "":
        async with desk.read() as connection:
            got = await queue.page(connection, after=after, limit=3)
        seen += [group.key for group in got.groups]
        percents += [group.pairs[0].explanation.points for group in got.groups]
        after = got.next
    assert len(seen) == len(set(seen)) >= 8
    assert percents == sorted(percents, reverse=True)
    async with desk.read() as connection:
        assert await counting.count(connection) == len(seen)


async def test_one_in_ten_of_the_queue_is_in_doubt(desk: Desk, admin: Actor) -> None:
    await crowd(desk, admin, 120)
    await scan.scan(desk)
    async with desk.quiet() as connection:
        await connection.execute(
            duplicate_pair.update()
            .where(duplicate_pair.c.id.in_(select(func.min(duplicate_pair.c.id))))
            .values(queue="uncertain", group_id=duplicate_pair.c.id)
        )
    async with desk.read() as connection:
        got = (await queue.page(connection, limit=20)).groups
        (doubt,) = (await queue.page(connection, relation="uncertain", limit=1)).groups
    assert [group.key for group in got].index(doubt.key) == queue.DOUBTS_EVERY - 1


async def test_who_is_typed_is_found_before_they_are_saved(desk: Desk, admin: Actor) -> None:
    one, other = await twice(desk, admin)
    await crowd(desk, admin, 10)
    typed: dict[str, str | tuple[str, ...]] = {
        "name": "Wisniewska Katarzyna",
        "mobile": ("601555010",),
        "city": "Gdynia",
    }
    async with desk.read() as connection:
        found = await lookup.of_values(connection, typed)
        assert await lookup.of_values(connection, {"name": ""}) == []
        assert await lookup.of_values(connection, {}) == []
    assert {found[0].client_id, found[1].client_id} == {one, other}
    assert found[0].explanation.percent > 90
    assert (found[0].name, found[0].mobile) in {
        ("Katarzyna Wiśniewska", "601 555 010"),
        ("Kasia Wisniewska", "+48 601 555 010"),
    }


async def test_what_cannot_be_decided_is_refused_and_leaves_nothing(desk: Desk, admin: Actor) -> None:
    one, other = await twice(desk, admin)
    await edit_client(desk, admin, other, archived_at=desk.now())
    with pytest.raises(Refused, match="archived"):
        await decide(desk, admin, one, other, "same")
    with pytest.raises(Refused, match="Name two"):
        await decide(desk, admin, one, one, "same")
    with pytest.raises(NotFound):
        await decide(desk, admin, one, 12345, "same")
    with pytest.raises(Refused, match="one of same, different, related"):
        await decide(desk, admin, one, other, "perhaps")
    async with desk.read() as connection:
        with pytest.raises(NotFound, match="archived"):
            await queue.pair(connection, one, other)
    assert await rows(desk, select(duplicate_decision)) == []


async def test_decisions_are_learned_from_once_there_are_enough(desk: Desk, admin: Actor) -> None:
    ids = await crowd(desk, admin, 150)
    await scan.scan(desk)
    stored = [(row[0], row[1]) for row in await pairs(desk)]
    assert len(stored) >= learn.LEAST - 5
    others = [(ids[n], ids[n + 7]) for n in range(0, 80, 4)]
    await decide(desk, admin, *stored[0], "same")
    assert not await training.learn_if_due(desk)
    for pair in stored[1:20]:
        await decide(desk, admin, *pair, "same")
    for pair in others:
        await decide(desk, admin, *pair, "different")
    before = await value(desk, select(func.count()).select_from(duplicate_model))
    learned = await training.learn_if_due(desk)
    after = await value(desk, select(func.count()).select_from(duplicate_model))
    assert after - before == int(learned)
    assert not await training.learn_if_due(desk)
    if learned:
        assert await value(
            desk, select(func.count()).select_from(duplicate_form).where(duplicate_form.c.unscored)
        )
    await feed.catch_up(desk)


async def test_decisions_on_what_cannot_be_one_teach_nothing(desk: Desk, admin: Actor) -> None:
    ids = await crowd(desk, admin, 150)
    await scan.scan(desk)
    pairs_of = [(ids[n], ids[n + 7]) for n in range(60)]
    for pair in pairs_of:
        await decide(desk, admin, *pair, "different")
    kept = select(duplicate_decision.c.levels, duplicate_decision.c.rarity)
    ruled_out = sum(is_ruled_out(Levels(row[0])) for row in await rows(desk, kept) if row[0])
    async with desk.read() as connection:
        taught = await training.decided(connection, SHIPPED)
    assert ruled_out
    assert len(taught) <= len(pairs_of) - ruled_out


async def test_a_decision_on_many_is_one_entry(desk: Desk, admin: Actor) -> None:
    one, other = await twice(desk, admin)
    third = await add(
        desk, admin, "Katarzyna Wiśniewska", "kasia.w@third.example", "601555010", city="Gdynia"
    )
    await scored(desk)
    async with desk.change(admin, "duplicate.decide") as change:
        made = await decisions.record(change, [(one, third), (third, other), (other, third)], "different")
    assert len(made) == 2
    (group,) = await page(desk)
    assert set(group.ids) == {one, other}
    await undo(desk, admin, change.entry_id)
    (group,) = await page(desk)
    assert set(group.ids) == {one, other, third}
    assert set((await queues(desk, [one, other, third])).values()) == {"duplicate"}
