"""Undoing a merge: exact rows go back, and staff say whose the rows are that have come since."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import newer
from console.data.change import Change
from console.data.desk import Desk
from console.data.errors import DeskError, Invalid, NotFound, Refused, UndoConflict
from console.data.impact import chunks
from console.data.merging import apart
from console.data.models import metadata
from console.data.models.journal import journal_entry
from console.data.models.settings import merge as merge_row
from console.data.models.staff import staff
from console.data.naming import name_rows
from console.data.newer import Since
from console.data.parties import Parties, parties
from console.data.rebase import MERGES, Leeway, follow
from console.data.records import Actor
from console.data.records.merging import SUGGESTED, NewRow, Unmerged, UnmergePreview
from console.data.undo import undo

KINDS = {"client.merge": "client", "client.merge_contact": "contact", "organization.merge": "organization"}


_Wanted = dict[tuple[str, int], list[int]]


class _Rehearsed(Exception):
    """Ends a rehearsal, so that nothing of it is written; how many rows would go back."""

    def __init__(self, rows: int) -> None:
        self.rows = rows


class _Rehearsal:
    """Undoes a merge as far as that tells what stands in the way."""

    async def ask(self, change: Change, entry: Row[Any], parties: Parties) -> None:
        """Nothing: what came since is listed beside."""

    async def hand_out(self, change: Change) -> None:
        """End it."""
        raise _Rehearsed(change.rows)


class _HandOut:
    """Gives rows that came since a merge to those whom staff named (see ``unmerge``); counts what was done."""

    def __init__(self, assign: Mapping[int, int], others: int | None) -> None:
        self.assign = assign
        self.others = others
        self.parties = Parties(0, {}, there=False)
        self.kind = ""
        self.came = 0
        self.back = 0
        self.given = Counter[int]()
        self._wanted: _Wanted = {}

    @property
    def stayed(self) -> int:
        """How many of those that came since are still the survivor's."""
        return max(self.came - self.given.total(), 0)

    async def ask(self, change: Change, entry: Row[Any], parties: Parties) -> None:
        """What came since, before anything is given back; Invalid for a row or a client that may not be named."""
        self.parties, self.kind = parties, KINDS[entry.action]
        since = await newer.since(change.connection, entry, parties.holder)
        self.came = await newer.count(change.connection, since)
        tables = await newer.tables_of(change.connection, since, [*self.assign]) if self.assign else {}
        self._wanted = _checked(parties, tables, self.assign, self.others)
        if self.others is not None and self.came:
            await self._add_rest(change, since, self.others)

    async def _add_rest(self, change: Change, since: Since, others: int) -> None:
        """What ``assign`` does not name goes to ``others``, or to whom it seems to belong."""
        async for table, row_id, suggested in newer.suggestions(change.connection, since):
            target = suggested if others == SUGGESTED else others
            if row_id not in self.assign and target != self.parties.holder:
                self._wanted.setdefault((table, target), []).append(row_id)

    async def hand_out(self, change: Change) -> None:
        """Give them their rows; each client has a primary contact, and names none of another's."""
        self.back = change.rows
        self.given.clear()
        entry_id = change.entry.undoes or 0
        for (table, target), ids in self._wanted.items():
            model = metadata.tables[table]
            if table == "contact":
                await apart.second_to_their_own(change, ids, target)
            for some in chunks(ids):
                theirs = model.c.id.in_(some)
                self.given[target] += await change.update_where(model, theirs, {"client_id": target})
        if self.given.total():
            await follow(change, self.parties.holder, entry_id)
        if self.kind != "organization":
            await apart.settle(change, [*self.parties.people], entry_id)


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
        entry = await _merge(connection, entry_id)
        people = await parties(connection, entry)
        since = await newer.since(connection, entry, people.holder)
        came = await newer.rows(connection, since, after=after)
        more = await newer.count(connection, since, after=came[-1].id) if len(came) == newer.SHOWN else 0
        known_by = await newer.known_by(connection, since)
        who = (await connection.execute(select(staff.c.name).where(staff.c.id == entry.actor_id))).scalar()
    rows, refusal, leeway = 0, "", Leeway(keep_changed=True)
    conflicts: tuple[str, ...] = ()
    try:
        await undo(desk, actor, entry_id, handing=_Rehearsal(), leeway=leeway)
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
        kind=KINDS[entry.action],
        at=entry.at,
        by=who or "",
        people=tuple(people.people.items()),
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
    if entry is None:
        return []
    since = await newer.since(connection, entry, (await parties(connection, entry)).holder)
    return await newer.rows(connection, since, after=after)


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
    handing, leeway = _HandOut(assign or {}, others), Leeway(keep_changed=keep_changed)
    done = await undo(desk, actor, entry_id, reason=reason, leeway=leeway, handing=handing)
    kept: tuple[str, ...] = ()
    if leeway.kept:
        async with desk.read() as connection:
            kept = tuple(await name_rows(connection, leeway.kept))
    return Unmerged(
        done.entry_id,
        done.object_id,
        tuple(handing.parties.people.items()),
        handing.back,
        handing.given.total(),
        kept,
        dict(handing.given),
        handing.stayed,
        handing.kind,
    )


async def _merge(connection: AsyncConnection, entry_id: int) -> Row[Any]:
    entry = (await connection.execute(select(journal_entry).where(journal_entry.c.id == entry_id))).first()
    if entry is None or entry.action not in MERGES:
        raise NotFound(f"The journal entry {entry_id} is no merge. See: helpdesk journal list")
    if entry.undone_by is not None:
        raise Refused("This merge has been undone already.")
    return entry


def _checked(
    parties: Parties, tables: Mapping[int, str], assign: Mapping[int, int], others: int | None
) -> _Wanted:
    """The rows to hand out, by table and whose they are to be; ``tables`` are those of the rows that came since."""
    wanted: _Wanted = defaultdict(list)
    if others:
        _check_target(parties, others)
    for row_id, target in assign.items():
        if row_id not in tables:
            raise Invalid(
                "give", f"{row_id} has not come in since the merge, so it cannot be given to anybody."
            )
        _check_target(parties, target)
        if target != parties.holder:
            wanted[tables[row_id], target].append(row_id)
    return wanted


def _check_target(parties: Parties, target: int) -> None:
    if target not in parties.people:
        names = ", ".join(f"{name} ({one})" for one, name in parties.people.items())
        raise Invalid("give", f"{target} is none of those merged. Give it to one of {names}.")
