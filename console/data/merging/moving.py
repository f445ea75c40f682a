"""The rows of absorbed records become the survivor's, each step whole and counted; nothing here asks whether it may.

The order of the steps is that in which an undo, which takes them in reverse, passes only through states that hold:
rows first, then what the records were merged into, the survivor's own fields last.
"""

from collections.abc import Sequence

from sqlalchemy import and_, delete, func, select

from console.data.change import Change
from console.data.errors import Refused
from console.data.merging import counting
from console.data.merging.parts import ENDED, Part, unplaced
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
        gone += await change.delete_where(part.table, part.repeats(ids))
    return gone


async def _hand_over(change: Change, part: Part, ids: Sequence[int]) -> None:
    theirs = part.owner.in_(ids[1:])
    if part.table is identity:
        await _identities(change, ids)
        return
    if part.table is contact:
        await _one_primary(change, ids)
    await change.update_where(part.table, theirs, {part.owner.name: ids[0]})


async def _identities(change: Change, ids: Sequence[int]) -> None:
    """Those of each record follow those of the records before it."""
    for one in ids[1:]:
        last = select(func.coalesce(func.max(identity.c.position), 0)).where(identity.c.client_id == ids[0])
        after = int((await change.connection.execute(last)).scalar_one()) + 1
        values = {"client_id": ids[0], "position": identity.c.position + after}
        await change.update_where(identity, identity.c.client_id == one, values)


async def put_first(change: Change, survivor: int, chosen: Sequence[tuple[str, str]]) -> None:
    """These addresses or numbers (type, normalized) of the survivor come before the others, in their order."""
    least = select(func.min(identity.c.position)).where(identity.c.client_id == survivor)
    first = int((await change.connection.execute(least)).scalar_one() or 0) - len(chosen)
    for place, (kind, normalized) in enumerate(chosen, first):
        same = and_(identity.c.type == kind, identity.c.normalized == normalized, identity.c.live)
        own = and_(identity.c.client_id == survivor, identity.c.contact_id.is_(None))
        await change.update_where(identity, and_(own, same), {"position": place})


async def _one_primary(change: Change, ids: Sequence[int]) -> None:
    """Of several primary contacts, that of the first record stays it."""
    query = select(contact.c.id, contact.c.client_id).where(
        contact.c.client_id.in_(ids), contact.c.is_primary, contact.c.deleted_at.is_(None)
    )
    primary = {owner: one for one, owner in await change.connection.execute(query)}
    others = [primary[one] for one in ids if one in primary][1:]
    if others:
        await change.update_where(contact, contact.c.id.in_(others), {"is_primary": False})


async def end_portal(change: Change, ids: Sequence[int]) -> None:
    """The absorbed are no longer signed in anywhere, and their links open nothing."""
    for owner in ENDED:
        await change.connection.execute(delete(owner.table).where(owner.in_(ids[1:])))
