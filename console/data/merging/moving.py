"""The rows of absorbed records become the survivor's, each step whole and counted; nothing here asks whether it may.

The order of the steps is that in which an undo, which takes them in reverse, passes only through states that hold:
rows first, then what the records were merged into, the survivor's own fields last.
"""

from collections.abc import Sequence

from sqlalchemy import and_, bindparam, delete, exists, func, literal_column, select, union_all

from console.data.change import Change
from console.data.errors import Refused
from console.data.merging import counting
from console.data.merging.parts import ENDED, Part, named, of_others, repeats, unplaced
from console.data.models.base import BIGINT
from console.data.models.clients import identity
from console.data.models.contacts import contact


def check_all_known() -> None:
    """Refused while there are rows that no merge knows of: they would stay behind unseen."""
    if unplaced():
        raise Refused(f"A merge would leave {unplaced()[0]} behind, so nothing was changed. Report this.")


async def move(change: Change, parts: Sequence[Part], ids: Sequence[int], organization: int | None) -> None:
    """Move the rows of parts to the first of ``ids``; Refused, and all taken back, where one is not accounted for."""
    before = await counting.owned(change.connection, parts, ids)
    expected = {}
    for part in parts:
        gone = await _take_out(change, part, before[part], ids, organization)
        if any(before[part][1:]):
            await _hand_over(change, part, ids)
        expected[part] = (sum(before[part]) - gone, *(0 for _ in ids[1:]))
    after = await counting.owned(change.connection, parts, ids)
    for part in parts:
        if after[part] != expected[part]:
            raise Refused(f"Not all {part.label} could be accounted for, so nothing was merged. Try again.")


async def _take_out(
    change: Change, part: Part, before: Sequence[int], ids: Sequence[int], organization: int | None
) -> int:
    """Rows that end, or say what another of them says already; returns how many."""
    gone = 0
    if any(before) and (leaving := counting.ends(part, ids, organization)) is not None:
        gone = await change.delete_where(part.table, leaving)
    if part.same and any(before[1:]):
        gone += await change.delete_where(part.table, repeats(part, len(ids)), named(ids))
    return gone


async def _hand_over(change: Change, part: Part, ids: Sequence[int]) -> None:
    if part.table is identity:
        await _identities(change, ids)
        return
    if part.table is contact:
        await _one_primary(change, ids)
    await change.update_where(part.table, of_others(part), {part.owner.name: ids[0]}, named(ids))


_LAST = select(func.coalesce(func.max(identity.c.position), 0)).where(
    identity.c.client_id == bindparam("the_first", type_=BIGINT)
)
_BEHIND = identity.c.position + bindparam("the_shift", type_=identity.c.position.type)
_OF_ONE = identity.c.client_id == bindparam("the_one", type_=BIGINT)


async def _identities(change: Change, ids: Sequence[int]) -> None:
    """Those of each record follow those of the records before it."""
    for one in ids[1:]:
        last = int((await change.connection.execute(_LAST, {"the_first": ids[0]})).scalar_one())
        values = {"client_id": ids[0], "position": _BEHIND}
        await change.update_where(identity, _OF_ONE, values, {"the_one": one, "the_shift": last + 1})


async def put_first(change: Change, survivor: int, chosen: Sequence[tuple[str, str]]) -> None:
    """These addresses or numbers (type, normalized) of the survivor come before the others, in their order."""
    least = select(func.min(identity.c.position)).where(identity.c.client_id == survivor)
    first = int((await change.connection.execute(least)).scalar_one() or 0) - len(chosen)
    for place, (kind, normalized) in enumerate(chosen, first):
        same = and_(identity.c.type == kind, identity.c.normalized == normalized, identity.c.live)
        own = and_(identity.c.client_id == survivor, identity.c.contact_id.is_(None))
        await change.update_where(identity, and_(own, same), {"position": place})


_PRIMARY = select(contact.c.id, contact.c.client_id).where(
    contact.c.client_id.in_(bindparam("the_ids", expanding=True, type_=BIGINT)),
    contact.c.is_primary,
    contact.c.deleted_at.is_(None),
)


async def _one_primary(change: Change, ids: Sequence[int]) -> None:
    """Of several primary contacts, that of the first record stays it."""
    primary = {owner: one for one, owner in await change.connection.execute(_PRIMARY, {"the_ids": ids})}
    others = [primary[one] for one in ids if one in primary][1:]
    if others:
        await change.update_where(contact, contact.c.id.in_(others), {"is_primary": False})


_OTHERS = bindparam("the_others", expanding=True, type_=BIGINT)
_ENDING = [delete(owner.table).where(owner.in_(_OTHERS)) for owner in ENDED]
_OPEN = union_all(
    *(
        select(literal_column(str(place), BIGINT)).where(exists().where(owner.in_(_OTHERS)))
        for place, owner in enumerate(ENDED)
    )
)


async def end_portal(change: Change, ids: Sequence[int]) -> None:
    """The absorbed are no longer signed in anywhere, and their links open nothing."""
    for place in (await change.connection.execute(_OPEN, {"the_others": ids[1:]})).scalars().all():
        await change.connection.execute(_ENDING[place], {"the_others": ids[1:]})
