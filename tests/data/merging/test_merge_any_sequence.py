"""Whatever staff do between merges and their undoing, no row is lost or without an owner, and ledgers add up."""

from dataclasses import dataclass, replace

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from console.data.desk import Desk
from console.data.errors import DeskError
from console.data.merging import unmerge
from console.data.merging.apply import merge
from console.data.merging.parts import OF_CLIENT
from console.data.models.billing import credit_entry, credit_lot
from console.data.models.clients import client, identity
from console.data.models.incidents import incident
from console.data.records import Actor
from console.data.records.merging import Choices
from console.data.senders import survivor
from tests.data.rows import rows, snapshot, wrong
from tests.data.strategies import KINDS, Draw, World, perform, world

shared = settings(
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    max_examples=max(settings.default.max_examples // 3, 1),  # type: ignore[union-attr]
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ORDINARY = sorted(KINDS.keys() - {"move identities", "add client", "delete client", "hide client"})
numbers = st.integers(0, 31)


@dataclass(frozen=True)
class Merge:
    """Merge one client into another, or three into one; which of the latest merges to undo."""

    a: int
    b: int
    c: int


@dataclass(frozen=True)
class Unmerge:
    """Undo one of the merges so far, giving what came since to whom chance says."""

    which: int
    give: int


draws = st.builds(Draw, st.sampled_from(ORDINARY), numbers, numbers, numbers)
merges = st.builds(Merge, numbers, numbers, numbers)
steps = st.lists(
    st.one_of(draws, draws, merges, st.builds(Unmerge, numbers, numbers)), min_size=3, max_size=12
)


async def _alive(desk: Desk, w: World) -> World:
    """The same world, where whoever was merged is whom they were merged into: nobody works on the absorbed."""
    async with desk.read() as connection:
        return replace(w, clients=[await survivor(connection, one) for one in w.clients])


async def _merge(desk: Desk, who: Actor, w: World, drawn: Merge) -> int | None:
    chosen = [w.clients[drawn.a % 5], w.clients[drawn.b % 5]] + (
        [w.clients[drawn.c % 5]] if drawn.c % 2 else []
    )
    keep = {"name": chosen[drawn.c % len(chosen)], "status": chosen[-1]}
    without = frozenset({"notes"} if drawn.c % 7 == 0 else ())
    try:
        return (await merge(desk, who, Choices(chosen[0], tuple(chosen[1:]), keep, without))).entry_id
    except DeskError:
        return None


async def _unmerge(desk: Desk, who: Actor, entry: int, give: int) -> bool:
    """Whether it was done: a refusal or a conflict has changed nothing."""
    before = await snapshot(desk, lasting=True)
    try:
        shown = await unmerge.unmerge_preview(desk, who, entry)
        people = [one for one, _ in shown.people]
        assign = {row.id: people[(give + place) % len(people)] for place, row in enumerate(shown.newer)}
        await unmerge.unmerge(desk, who, entry, assign=assign, keep_changed=bool(give % 2))
    except DeskError:
        assert await snapshot(desk, lasting=True) == before
        return False
    return True


async def check(desk: Desk, left: bool = False) -> None:
    """What must hold at any moment."""
    assert await wrong(desk) == []
    gone = select(client.c.id).where(client.c.absorbed_into.is_not(None))
    for part in OF_CLIENT:
        if left and part.category == "notes":
            continue
        behind = select(func.count()).select_from(part.table).where(part.owner.in_(gone))
        assert await rows(desk, behind) == [(0,)], part.label
    apart = (
        select(credit_entry.c.id)
        .join(credit_lot, credit_lot.c.id == credit_entry.c.lot_id)
        .where(credit_lot.c.client_id != credit_entry.c.client_id)
    )
    assert await rows(desk, apart) == []
    nobody = select(incident.c.id).where(incident.c.client_id.is_(None), incident.c.sender_address == "")
    assert await rows(desk, nobody) == []
    twice = (
        select(identity.c.normalized)
        .where(identity.c.live, identity.c.type != "phone")
        .group_by(identity.c.type, identity.c.normalized)
        .having(func.count() > 1)
    )
    assert await rows(desk, twice) == []


@shared
@given(steps=steps)
async def test_no_row_is_lost_or_without_an_owner(
    desk: Desk, admin: Actor, steps: list[Draw | Merge | Unmerge]
) -> None:
    made = await world(desk, admin)
    done: list[int] = []
    for step in steps:
        w = await _alive(desk, made)
        if isinstance(step, Draw):
            await perform(desk, w, [step])
        elif isinstance(step, Merge):
            if entry := await _merge(desk, admin, w, step):
                done.append(entry)
        elif done:
            entry = done[step.which % len(done)]
            if await _unmerge(desk, admin, entry, step.give):
                done.remove(entry)
        await check(desk, left=True)


@shared
@given(work=st.lists(draws, max_size=8), drawn=merges)
async def test_undoing_the_last_merge_gives_the_database_back_row_for_row(
    desk: Desk, admin: Actor, work: list[Draw], drawn: Merge
) -> None:
    made = await world(desk, admin)
    for step in work:
        await perform(desk, made, [step])
    before = await snapshot(desk, lasting=True)
    if (entry := await _merge(desk, admin, made, drawn)) is not None:
        await unmerge.unmerge(desk, admin, entry)
    assert await snapshot(desk, lasting=True) == before


@shared
@given(work=st.lists(draws, max_size=8), drawn=st.lists(merges, min_size=2, max_size=4), data=st.data())
async def test_merges_with_nothing_between_are_undone_in_any_order_or_refused(
    desk: Desk, admin: Actor, work: list[Draw], drawn: list[Merge], data: st.DataObject
) -> None:
    made = await world(desk, admin)
    for step in work:
        await perform(desk, made, [step])
    before = await snapshot(desk, lasting=True)
    tried = [await _merge(desk, admin, await _alive(desk, made), one) for one in drawn]
    entries = [entry for entry in tried if entry is not None]
    left = data.draw(st.permutations(entries))
    while left:
        rest = [one for one in left if not await _unmerge(desk, admin, one, 0)]
        await check(desk, left=True)
        assert len(rest) < len(left)  # the newest of them can always be undone
        left = rest
    assert await snapshot(desk, lasting=True) == before
