"""Undoing a merge: exact rows go back, and staff say whose the rows are that have come since."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.change import Change
from console.data.desk import Desk
from console.data.errors import DeskError, Invalid, NotFound, Refused, UndoConflict
from console.data.impact import chunks
from console.data.merging import apart, newer
from console.data.models import metadata
from console.data.models.journal import journal_entry
from console.data.models.settings import merge as merge_row
from console.data.models.staff import staff
from console.data.naming import name_rows
from console.data.rebase import MERGES, Leeway, follow
from console.data.records import Actor
from console.data.records.merging import SUGGESTED, NewRow, Unmerged, UnmergePreview
from console.data.undo import undo

KINDS = {"client.merge": "client", "client.merge_contact": "contact", "organization.merge": "organization"}


class _Rehearsed(Exception):
    """Ends a rehearsal, so that nothing of it is written; how many rows would go back."""

    def __init__(self, rows: int) -> None:
        self.rows = rows


@dataclass(frozen=True)
class _Before:
    """A merge before it is undone: its entry, whose the rows are now, who they were, how many have come since."""

    entry: Row[Any]
    people: dict[int, str]
    newer: int


async def entry_of(connection: AsyncConnection, given: int) -> int:
    """The journal entry of a merge: the one given, or the last that stands and concerns this record.

    NotFound where there is none.
    """
    query = select(journal_entry.c.id).where(journal_entry.c.id == given, journal_entry.c.action.in_(MERGES))
    if (found := (await connection.execute(query)).scalar()) is not None:
        return int(found)
    for column in (merge_row.c.absorbed_id, merge_row.c.survivor_id):
        last = (
            select(merge_row.c.entry_id).where(column == given).order_by(merge_row.c.entry_id.desc()).limit(1)
        )
        if (found := (await connection.execute(last)).scalar()) is not None:
            return int(found)
    raise NotFound(f"No merge stands of {given}. See: helpdesk journal list")


async def unmerge_preview(desk: Desk, actor: Actor, entry_id: int, *, after: int = 0) -> UnmergePreview:
    """What undoing a merge would give back, what has come since (behind that row), and which rows stand in the way.

    It is rehearsed and taken back, so that it says neither more nor less than the undo does.
    """
    async with desk.read() as connection:
        before = await _before(connection, entry_id)
        came = await newer.rows(connection, before.entry, after=after) if before.newer else []
        more = (
            await newer.count(connection, before.entry, after=came[-1].id) if len(came) == newer.SHOWN else 0
        )
        known_by = await newer.known_by(connection, before.entry)
        who = (
            await connection.execute(select(staff.c.name).where(staff.c.id == before.entry.actor_id))
        ).scalar()
    rows, refusal, leeway = 0, "", Leeway(keep_changed=True)
    conflicts: tuple[str, ...] = ()

    async def rehearse(change: Change) -> None:
        raise _Rehearsed(change.rows)

    try:
        await undo(desk, actor, entry_id, afterwards=rehearse, leeway=leeway)
    except _Rehearsed as done:
        rows = done.rows
    except UndoConflict as found:
        conflicts = tuple(found.conflicts)
        refusal = str(found)
    except DeskError as refused:
        refusal = str(refused)
    if leeway.kept:
        async with desk.read() as connection:
            conflicts = tuple(await name_rows(connection, leeway.kept))
    return UnmergePreview(
        entry_id=entry_id,
        kind=KINDS[before.entry.action],
        at=before.entry.at,
        by=who or "",
        people=tuple(before.people.items()),
        rows=rows,
        newer=tuple(came),
        more=more,
        conflicts=conflicts,
        refusal=refusal,
        known_by=known_by,
    )


async def came_since(connection: AsyncConnection, entry_id: int, after: int) -> list[NewRow]:
    """The next rows that came since a merge, behind the row with this id; none where the merge is undone."""
    query = select(journal_entry).where(journal_entry.c.id == entry_id, journal_entry.c.undone_by.is_(None))
    entry = (await connection.execute(query)).first()
    return [] if entry is None else await newer.rows(connection, entry, after=after)


async def unmerge(
    desk: Desk,
    actor: Actor,
    entry_id: int,
    *,
    assign: Mapping[int, int] | None = None,
    others: int | None = None,
    keep_changed: bool = False,
    reason: str = "",
) -> Unmerged:
    """Undo a merge. ``assign`` says whose rows are that have come since, by row id; ``others`` whose all the rest is.

    That may be SUGGESTED, whoever each seems to belong to; without it the rest stays with the survivor. Raises
    UndoConflict where rows were changed since, unless ``keep_changed`` leaves those as they are; Refused where it
    cannot be undone; Invalid for a row or a client that may not be named.
    """
    async with desk.read() as connection:
        before = await _before(connection, entry_id)
        tables = await newer.tables_of(connection, before.entry, [*(assign or {})])
        wanted = _checked(before, tables, assign or {}, others)
        await _add_rest(connection, before, wanted, assign or {}, others)
    leeway = Leeway(keep_changed=keep_changed)
    back, given = 0, Counter[int]()

    async def hand_out(change: Change) -> None:
        nonlocal back
        back = change.rows
        given.clear()
        for (table, target), ids in wanted.items():
            model = metadata.tables[table]
            if table == "contact":
                await apart.second_to_their_own(change, ids, target)
            for some in chunks(ids):
                given[target] += await change.update_where(model, model.c.id.in_(some), {"client_id": target})
        if given.total():
            await follow(change, await newer.holder(change.connection, before.entry), entry_id)
        if before.entry.object_type == "client":
            await apart.settle(change, [*before.people], entry_id)

    done = await undo(desk, actor, entry_id, reason=reason, leeway=leeway, afterwards=hand_out)
    async with desk.read() as connection:
        kept = tuple(await name_rows(connection, leeway.kept))
    survivor = int(before.entry.object_id)
    people, assigned = tuple(before.people.items()), given.total()
    stayed = max(before.newer - assigned, 0)
    kind = KINDS[before.entry.action]
    return Unmerged(done.entry_id, survivor, people, back, assigned, kept, dict(given), stayed, kind)


async def _before(connection: AsyncConnection, entry_id: int) -> _Before:
    entry = (await connection.execute(select(journal_entry).where(journal_entry.c.id == entry_id))).first()
    if entry is None or entry.action not in MERGES:
        raise NotFound(f"The journal entry {entry_id} is no merge. See: helpdesk journal list")
    if entry.undone_by is not None:
        raise Refused("This merge has been undone already.")
    table = metadata.tables[entry.object_type]
    absorbed = (
        select(merge_row.c.absorbed_id).where(merge_row.c.entry_id == entry_id).order_by(merge_row.c.id)
    )
    giver = await newer.holder(connection, entry)
    ids = (giver, *(await connection.execute(absorbed)).scalars())
    names = await newer.people(connection, ids, table)
    count = await newer.count(connection, entry)
    return _Before(entry, {one: names.get(one, str(one)) for one in ids}, count)


def _checked(
    before: _Before, tables: Mapping[int, str], assign: Mapping[int, int], others: int | None
) -> dict[tuple[str, int], list[int]]:
    """The rows to hand out, by table and whose they are to be; ``tables`` are those of the rows that came since."""
    wanted: dict[tuple[str, int], list[int]] = defaultdict(list)
    if others:
        _check_target(before, others)
    for row_id, target in assign.items():
        if row_id not in tables:
            raise Invalid(
                "give", f"{row_id} has not come in since the merge, so it cannot be given to anybody."
            )
        _check_target(before, target)
        if target != next(iter(before.people)):
            wanted[tables[row_id], target].append(row_id)
    return wanted


def _check_target(before: _Before, target: int) -> None:
    if target not in before.people:
        names = ", ".join(f"{name} ({one})" for one, name in before.people.items())
        raise Invalid("give", f"{target} is none of those merged. Give it to one of {names}.")


async def _add_rest(
    connection: AsyncConnection,
    before: _Before,
    wanted: dict[tuple[str, int], list[int]],
    assign: Mapping[int, int],
    others: int | None,
) -> None:
    """What ``assign`` does not name goes to ``others``, or to whom it seems to belong."""
    if others is None or not before.newer:
        return
    survivor = next(iter(before.people))
    async for table, row_id, suggested in newer.suggestions(connection, before.entry):
        target = suggested if others == SUGGESTED else others
        if row_id not in assign and target != survivor:
            wanted[table, target].append(row_id)
