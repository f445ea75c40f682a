"""Undo: the inverse of an entry, step by step in reverse, if the rows are still as the entry left them.

Nothing else in the product has undo code. An undo is a change like any other and so can itself be undone (redone).
Only the columns an entry wrote are compared and written; versions are raised, never restored. Each step is set-based.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Row, and_, bindparam, func, select, update
from sqlalchemy.exc import IntegrityError

from console.data import newer
from console.data.change import Change, Entry
from console.data.desk import Desk
from console.data.errors import NotFound, Refused, UndoConflict
from console.data.giving_way import giving_way
from console.data.guards import ADMINS_ONLY
from console.data.inverse import Problems, Step
from console.data.inverse_sql import item
from console.data.migrations import REVISIONS
from console.data.models.base import BIGINT
from console.data.models.journal import journal_entry, journal_item
from console.data.naming import name_rows
from console.data.parties import Parties, let_contacts_go, lock
from console.data.rebase import MERGES, Leeway, follow, takers
from console.data.records import Actor
from console.data.vanished import explain_references, let_go


@dataclass(frozen=True)
class Undone:
    """What an undo did: its own entry, the action and the record it took back, rows written, mail that was gone."""

    entry_id: int
    action: str
    rows: int
    already_sent: tuple[str, ...] = ()
    object_id: int = 0


class Handing(Protocol):
    """What is done, in the same change, with the rows that have come since a merge that is undone."""

    async def ask(self, change: Change, entry: Row[Any], parties: Parties) -> None:
        """Before anything is written; those whom the merge was of are locked."""

    async def hand_out(self, change: Change) -> None:
        """When all is back where it was."""


@dataclass(frozen=True)
class _Wish:
    """What is to be taken back, why, what may stay as it is, and what belongs to it."""

    entry_id: int
    reason: str
    leeway: Leeway
    handing: Handing | None


@dataclass(frozen=True)
class _Taking:
    """The entries taken back together, what stands in the way, what may stay; ``careful`` where a value was taken."""

    ids: list[int]
    problems: Problems
    leeway: Leeway
    careful: bool


class _Conflicts(Exception):
    """Ends the transaction; the rows are named from what the database holds without it."""

    def __init__(self, rows: dict[tuple[str, int], str]) -> None:
        self.rows = rows


async def undo_last(desk: Desk, actor: Actor) -> Undone:
    """Take back the actor's last change that still stands; Refused if there is none."""
    query = (
        select(journal_entry.c.id)
        .where(
            journal_entry.c.actor_id == actor.staff_id,
            journal_entry.c.undone_by.is_(None),
            journal_entry.c.undoes.is_(None),
        )
        .order_by(journal_entry.c.id.desc())
        .limit(1)
    )
    async with desk.read() as connection:
        found = (await connection.execute(query)).scalar_one_or_none()
    if found is None:
        raise Refused("You have changed nothing that could be undone.")
    return await undo(desk, actor, found)


async def undo(
    desk: Desk,
    actor: Actor,
    entry_id: int,
    *,
    reason: str = "",
    leeway: Leeway | None = None,
    handing: Handing | None = None,
) -> Undone:
    """Take back an entry, or the whole batch it is part of, in one transaction.

    Whoever takes back a merge says with ``handing`` whose the rows are that came since; NotFound where it is none.
    Raises UndoConflict (naming each row, nothing changed), Refused (done already, not undoable, not yours).
    """
    wish = _Wish(entry_id, reason, leeway or Leeway(), handing)
    try:
        try:
            return await giving_way(desk, lambda: _attempt(desk, actor, wish))
        except (IntegrityError, Refused) as error:
            if isinstance(error, Refused) and not isinstance(error.__cause__, IntegrityError):
                raise
            # A foreign key, checked at commit, or a value that is taken: once more, to find which rows it is about.
            explaining = error
            await giving_way(desk, lambda: _attempt(desk, actor, wish, explaining=explaining))
            raise
    except _Conflicts as found:
        async with desk.read() as connection:
            conflicts = await name_rows(connection, found.rows)
        raise UndoConflict(conflicts) from None


async def _attempt(
    desk: Desk, actor: Actor, wish: _Wish, *, explaining: IntegrityError | Refused | None = None
) -> Undone:
    head = Entry("journal.undo", reason=wish.reason)
    async with desk.undoing(actor, head) as change:
        entries = await _entries(change, change.actor, wish.entry_id)
        first = entries[-1]
        head.undoes, head.object_type, head.object_id = entries[0].id, first.object_type, first.object_id
        head.client_id, head.detail = first.client_id, first.action
        taking = _Taking(
            [entry.id for entry in entries], Problems(), wish.leeway, careful=explaining is not None
        )
        ids, problems = taking.ids, taking.problems
        holder = await _ask_first(change, first, wish)
        for entry in entries:
            await _undo_entry(change, entry, taking)
        if holder is not None:
            await follow(change, holder, first.id)
        if wish.handing:
            await wish.handing.hand_out(change)
        await let_go(change, ids)
        if explaining and not problems.rows:
            await explain_references(change, problems)
        if problems.rows:
            raise _Conflicts(problems.rows)
        if explaining:
            raise explaining
        await _mark(change, entries)
        sent = tuple(head.already_sent)
    return Undone(change.entry_id, first.action, change.rows, sent, first.object_id or 0)


async def _ask_first(change: Change, entry: Row[Any], wish: _Wish) -> int | None:
    """What came after a merge is somebody's: staff say whose, or Refused; as it is where the survivor is gone.

    Returns who has the rows of the merge now, None where it is none.
    """
    if entry.action not in MERGES:
        if wish.handing:
            raise NotFound(f"The journal entry {entry.id} is no merge. See: helpdesk journal list")
        return None
    parties = await lock(change, entry)
    if wish.handing:
        await wish.handing.ask(change, entry, parties)
    else:
        since = await newer.since(change.connection, entry, parties.holder)
        if came := await newer.count(change.connection, since):
            things = "row has" if came == 1 else "rows have"
            raise Refused(
                f"{came} new {things} come in since the merge. Undo it from their History, where you say whose they"
                " are, or with: helpdesk clients unmerge"
            )
    await let_contacts_go(change, entry)
    return parties.holder


async def _entries(change: Change, actor: Actor, entry_id: int) -> list[Row[Any]]:
    """The entries to take back, newest first: the one named, or all of its batch."""
    found = (await change.connection.execute(_locked(journal_entry.c.id == entry_id))).first()
    if found is None:
        raise NotFound(f"There is no journal entry {entry_id}. See: helpdesk journal list")
    entries = [found]
    if found.batch_id is not None:
        mine = _locked(journal_entry.c.batch_id == found.batch_id).order_by(journal_entry.c.id.desc())
        entries = list(await change.connection.execute(mine))
    entries = [entry for entry in entries if entry.undone_by is None]
    if not entries:
        raise Refused("This has been undone already.")
    for entry in entries:
        _check_allowed(entry, actor, await _root_action(change, entry))
    return entries


async def _root_action(change: Change, entry: Row[Any]) -> str:
    """The action at the bottom of a chain of undos: what undoing this would do again, or take back."""
    action, undoes = entry.action, entry.undoes
    while undoes is not None:
        query = select(journal_entry.c.action, journal_entry.c.undoes).where(journal_entry.c.id == undoes)
        found = (await change.connection.execute(query)).first()
        if found is None:
            break
        action, undoes = found.action, found.undoes
    return str(action)


def _locked(where: ColumnElement[bool]) -> Any:
    return select(journal_entry).where(where).with_for_update()


def _check_allowed(entry: Row[Any], actor: Actor, action: str) -> None:
    if entry.fixed:
        raise Refused(entry.fixed)
    if entry.undoes is not None and action in MERGES:
        raise Refused("They are apart again. To merge them anew (Y) takes along what has come since.")
    if action.startswith(ADMINS_ONLY) and actor.role != "admin":
        raise Refused("Only an admin undoes changes of staff, departments and settings.")
    if entry.actor_id != actor.staff_id and actor.role != "admin":
        raise Refused("Another member of staff did this. Ask them, or an admin, to undo it.")
    if entry.revision not in REVISIONS:
        raise Refused("This was written by another version of the helpdesk and cannot be undone by this one.")


_STEPS = (
    # One statement wrote a step, so its items agree in all but their rows.
    select(
        item.step,
        func.count().label("rows"),
        func.min(item.row_id).label("row_id"),
        func.min(item.before).label("before"),
        func.max(item.before).label("last_before"),
        func.min(item.after).label("after"),
        func.max(item.after).label("last_after"),
    )
    .where(item.entry_id == bindparam("the_entry", type_=BIGINT))
    .group_by(item.step)
    .subquery()
)
_HEADS = (
    select(_STEPS, item.table_name, item.op, item.columns)
    .select_from(
        _STEPS.join(
            journal_item,
            and_(
                item.entry_id == bindparam("the_entry", type_=BIGINT),
                item.step == _STEPS.c.step,
                item.row_id == _STEPS.c.row_id,
            ),
        )
    )
    .order_by(_STEPS.c.step.desc())
)


async def _undo_entry(change: Change, entry: Row[Any], taking: _Taking) -> None:
    apart = await takers(change.connection, entry)
    if not (found := (await change.connection.execute(_HEADS, {"the_entry": entry.id})).all()):
        raise Refused("The journal no longer keeps the details of this change, so it cannot be undone.")
    for one in found:
        step = Step(
            change, entry, one, taking.ids, taking.problems, taking.leeway, apart, careful=taking.careful
        )
        if one.op == "update":
            await step.restore_values()
        elif one.op == "delete":
            await step.insert_again()
        else:
            await step.take_out()


async def _mark(change: Change, entries: Sequence[Row[Any]]) -> None:
    """These entries are undone. What they had themselves taken back stands again, and so on down the chain."""
    entry = journal_entry.c
    await _set_undone(change, entry.id.in_([one.id for one in entries]), change.entry_id)
    taker, taken, stands = entries[0].id, entries[0].undoes, True
    while taken is not None:
        batch = select(entry.batch_id).where(entry.id == taken).scalar_subquery()
        await _set_undone(change, (entry.id == taken) | (entry.batch_id == batch), None if stands else taker)
        undone = select(entry.undoes).where(entry.id == taken)
        taker, taken, stands = taken, (await change.connection.execute(undone)).scalar(), not stands


async def _set_undone(change: Change, where: ColumnElement[bool], by: int | None) -> None:
    await change.connection.execute(update(journal_entry).where(where).values(undone_by=by))
