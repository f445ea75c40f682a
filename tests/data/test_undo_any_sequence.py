"""Whatever staff do, taking it all back leaves every row as it was; taking it back in any order loses nothing."""

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from console.data.desk import Desk
from console.data.errors import Refused, UndoConflict
from console.data.records import Actor
from console.data.undo import undo
from tests.data.rows import snapshot, wrong
from tests.data.strategies import Draw, perform, work, world

# Each example makes records of its own, so one database serves them all. Each is dozens of transactions, so that
# making a failing one smaller would take minutes.
shared = settings(
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    max_examples=max(settings.default.max_examples // 3, 1),  # type: ignore[union-attr]
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@shared
@given(work=work)
async def test_undoing_any_sequence_in_reverse_leaves_every_row_as_it_was(
    desk: Desk, admin: Actor, work: list[list[Draw]]
) -> None:
    made = await world(desk, admin)
    before = await snapshot(desk)
    entries = [entry for steps in work if (entry := await perform(desk, made, steps))]
    assert await wrong(desk) == []
    for entry in reversed(entries):
        await undo(desk, admin, entry)
        assert await wrong(desk) == []
    assert await snapshot(desk) == before


@shared
@given(work=work)
async def test_redoing_what_was_undone_gives_the_same_rows_again(
    desk: Desk, admin: Actor, work: list[list[Draw]]
) -> None:
    made = await world(desk, admin)
    entries = [entry for steps in work if (entry := await perform(desk, made, steps))]
    after = await snapshot(desk)
    undone = [(await undo(desk, admin, entry)).entry_id for entry in reversed(entries)]
    redone = [(await undo(desk, admin, entry)).entry_id for entry in reversed(undone)]
    assert await snapshot(desk) == after
    before = [(await undo(desk, admin, entry)).entry_id for entry in reversed(redone)]
    for entry in reversed(before):
        await undo(desk, admin, entry)
    assert await snapshot(desk) == after
    assert await wrong(desk) == []


@shared
@given(work=work)
async def test_undoing_a_batch_of_any_chunks_leaves_every_row_as_it_was(
    desk: Desk, admin: Actor, work: list[list[Draw]]
) -> None:
    made = await world(desk, admin)
    before = await snapshot(desk)
    batch_id = await desk.new_id()
    entries = [entry for steps in work if (entry := await perform(desk, made, steps, batch_id=batch_id))]
    if entries:
        await undo(desk, admin, entries[0])
    assert await snapshot(desk) == before
    assert await wrong(desk) == []


@shared
@given(work=work, data=st.data())
async def test_undoing_in_any_order_works_or_changes_nothing(
    desk: Desk, admin: Actor, work: list[list[Draw]], data: st.DataObject
) -> None:
    made = await world(desk, admin)
    entries = [entry for steps in work if (entry := await perform(desk, made, steps))]
    for entry in data.draw(st.permutations(entries)):
        before = await snapshot(desk, lasting=True)
        if not await _undone(desk, admin, entry):
            assert await snapshot(desk, lasting=True) == before
        assert await wrong(desk) == []


async def _undone(desk: Desk, admin: Actor, entry: int) -> bool:
    try:
        await undo(desk, admin, entry)
    except (UndoConflict, Refused):  # rows have changed since, or something would no longer hold
        return False
    return True
