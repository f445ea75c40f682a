"""What the journal knows of a client, erased: the entries stay with their counts and hashes, and still verify.

Entries about them lose their items and texts. Of entries on many records only the items of theirs go, so that what
was done to the others can still be read and undone.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from sqlalchemy import ColumnElement, and_, delete, false, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.belongings import TELLING, Belongings
from console.data.change import Change
from console.data.models.clients import client
from console.data.models.contacts import contact
from console.data.models.duplicates import duplicate_decision
from console.data.models.incidents import attachment, held, message
from console.data.models.journal import journal_entry, journal_item
from console.data.models.mail import outbox
from console.data.models.settings import merge
from console.data.seal import erase, erase_part

FIXED = "It was about a client who has been purged, so it cannot be undone."
PURGE = "client.purge"
ENTRIES, ITEMS, VALUES = 500, 20_000, 200  # in one transaction; values looked for in texts
entry, item = journal_entry.c, journal_item.c

Step = Callable[[], AbstractAsyncContextManager[Change]]


async def forget(step: Step, whose: Belongings) -> None:
    """Erase it in transactions of ``step``, each small; where it is stopped, it can be begun again."""
    after = 0
    while after >= 0:
        async with step() as change:
            after = await _entries_about(change, whose, after)
    for mine in _items_of(whose):
        more = True
        while more:
            async with step() as change:
                more = await _items_elsewhere(change, whose, mine)


async def _entries_about(change: Change, whose: Belongings, after: int) -> int:
    """Erase the next entries about them whole; returns the last of them, -1 where there are no more."""
    query = select(entry.id, entry.rows).where(_about(whose), entry.id > after, entry.action != PURGE)
    ids = _some((await change.connection.execute(query.order_by(entry.id).limit(ENTRIES))).all())
    if not ids:
        return -1
    await _erase_whole(change, ids, texts=entry.id.in_(ids))
    return ids[-1]


def _about(whose: Belongings) -> ColumnElement[bool]:
    people = select(contact.c.id).where(contact.c.client_id.in_(whose.ids))
    return or_(
        entry.client_id.in_(whose.ids),
        entry.acting_as.in_(whose.ids),
        and_(entry.object_type == client.name, entry.object_id.in_(whose.ids)),
        and_(entry.object_type == contact.name, entry.object_id.in_(people)),
        and_(entry.object_type == "incident", entry.object_id.in_(whose.incidents())),
    )


def _items_of(whose: Belongings) -> list[ColumnElement[bool]]:
    """Items about rows of theirs, in conditions that an index serves each."""
    apart = dict(whose.rows())
    own = [select(table.c.id).where(apart[table]) for table in (held, outbox, merge)]
    rows = [select(table.c.id).where(apart[table]) for table in (duplicate_decision,)]
    wrote = select(message.c.id).where(whose.wrote(message))
    files = select(attachment.c.id).where(attachment.c.message_id.in_(wrote))
    return [
        item.subject_id.in_(whose.ids),
        item.subject_id.in_(whose.incidents()),
        *(item.subject_id.in_(ids) for ids in own),
        *(and_(item.subject_id != item.row_id, item.row_id.in_(ids)) for ids in (*rows, wrote, files)),
    ]


async def _items_elsewhere(change: Change, whose: Belongings, mine: ColumnElement[bool]) -> bool:
    """Erase their items of the next entries on many records; False where there are no more."""
    connection = change.connection
    query = select(item.entry_id, func.count()).where(mine).group_by(item.entry_id).order_by(item.entry_id)
    ids = _some((await connection.execute(query.limit(ENTRIES))).all())
    if not ids:
        return False
    gone = await connection.execute(delete(journal_item).where(item.entry_id.in_(ids), mine))
    change.took_away(gone.rowcount)
    left = select(item.entry_id).where(item.entry_id.in_(ids)).distinct()
    parted = list((await connection.execute(left)).scalars())
    naming = await _naming(connection, ids, whose.values)
    await _erase_whole(change, sorted({*ids} - {*parted}), texts=entry.id.in_(naming))
    for one in parted:
        await erase_part(connection, one, texts=one in naming)
    return True


async def _erase_whole(change: Change, ids: Sequence[int], *, texts: ColumnElement[bool]) -> None:
    connection = change.connection
    mine = entry.id.in_(ids)
    change.took_away(await erase(connection, and_(mine, texts), texts=True))
    change.took_away(await erase(connection, and_(mine, ~texts), texts=False))
    silent = update(journal_entry).where(mine, entry.fixed == "")
    await connection.execute(silent.values(fixed=FIXED))


async def _naming(connection: AsyncConnection, ids: Sequence[int], values: Sequence[str]) -> set[int]:
    """Which of the entries have a reason or detail that names them."""
    telling = [value for value in values if len(value) >= TELLING][:VALUES]
    named = [
        text.icontains(value, autoescape=True) for value in telling for text in (entry.reason, entry.detail)
    ]
    query = select(entry.id).where(entry.id.in_(ids), or_(false(), *named))
    return set((await connection.execute(query)).scalars())


def _some(found: Sequence[Sequence[int]]) -> list[int]:
    """The first of the ids that have ITEMS rows together, or one that has more."""
    ids: list[int] = []
    total = 0
    for one, rows in found:
        if ids and total + rows > ITEMS:
            break
        ids.append(one)
        total += rows
    return ids
