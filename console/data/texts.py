"""The words of prose: client notes, incidents' subjects, messages. What of them stands in the index, and who is found.

Kept in the transaction that writes the rows. Events and retracted messages are not in it. Whose client is deleted is
left out when it is read, not before: a deletion of somebody with 70,000 incidents stays one row.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.models.clients import client
from console.data.models.incidents import incident, message
from console.data.models.notes import note
from console.data.normalize import MAX_WORD, WORD, fold
from console.data.text_index import TEXT_INDEXES, TextIndex, Tokens, token
from console.data.touched import Touched, such
from console.text import plural

MAX_WORDS = 5_000  # of one text: PostgreSQL keeps no more than a megabyte of them
MAX_TYPED = 8
CHUNK = 500
NOTE_PIECES = 64
PIECE = 1 << 16  # incidents, by their numbers
_NONE: Mapping[str, Any] = MappingProxyType({})
_NOTE_STAGES = (range(1), range(1, 4), range(4, 16), range(16, NOTE_PIECES))


@dataclass(frozen=True)
class Prose:
    """Rows of ``table`` whose text is indexed under ``index``; a change of one of ``watches`` makes it anew."""

    index: str
    table: Table
    watches: frozenset[str]
    rows: Select[Any]
    """id, the number that says the piece, text"""

    def piece(self, number: int) -> int:
        """The piece that a row belongs to."""
        return number % NOTE_PIECES if self.table is note else number // PIECE


def _messages() -> Select[Any]:
    """Those that threads show, without events."""
    event = message.alias()
    hidden = (
        select(func.count())
        .where(event.c.retracts == message.c.id, event.c.retracts.is_not(None))
        .scalar_subquery()
    )
    return (
        select(message.c.id, incident.c.number, message.c.body)
        .select_from(message.join(incident, incident.c.id == message.c.incident_id))
        .where(message.c.kind != "event", hidden % 2 == 0)
    )


NOTES = Prose("note_words", note, frozenset({"text"}), select(note.c.id, note.c.id, note.c.text))
SUBJECTS = Prose(
    "subject_words",
    incident,
    frozenset({"subject", "number"}),
    select(incident.c.id, incident.c.number, incident.c.subject),
)
MESSAGES = Prose("message_words", message, frozenset({"body", "kind", "incident_id"}), _messages())
PROSE = {one.table.name: one for one in (NOTES, SUBJECTS, MESSAGES)}


@lru_cache(maxsize=256)
def text_words(text: str) -> Tokens:
    """The first ``MAX_WORDS`` different folded words of a text, cut at 64 characters."""
    found = dict.fromkeys(word[:MAX_WORD] for word in WORD.findall(fold(text)))
    return tuple(found)[:MAX_WORDS]


def typed_words(text: str) -> tuple[str, ...]:
    """The words that somebody looks for, the first few of them."""
    return text_words(text[:1000])[:MAX_TYPED]


def index_of(connection: AsyncConnection) -> TextIndex:
    """The index as this database keeps it."""
    return TEXT_INDEXES[connection.dialect.name]


async def texts_of(
    connection: AsyncConnection, prose: Prose, where: ColumnElement[bool], given: Mapping[str, Any] = _NONE
) -> dict[int, Tokens]:
    """The tokens that the rows should be indexed under, by row id; rows that should not be are left out."""
    found = {}
    for row_id, number, text in await connection.execute(prose.rows.where(where), given):
        piece = prose.piece(number)
        found[row_id] = tuple(token(piece, word) for word in text_words(text))
    return found


# Finding


async def having(
    connection: AsyncConnection, prose: Prose, ids: Sequence[int], typed: Sequence[str]
) -> list[int]:
    """Which of these texts have a word that begins with each typed one, in the order they are given in."""
    tokens = await texts_of(connection, prose, prose.table.c.id.in_(ids)) if ids else {}
    found = {one: [token.partition("x")[2] for token in tokens[one]] for one in tokens}
    return [one for one in ids if all(any(w.startswith(t) for w in found.get(one, ())) for t in typed)]


async def note_clients(connection: AsyncConnection, word: str, limit: int) -> list[int]:
    """The ids of clients who are not deleted and have a note with a word that begins so, in order, at most ``limit``.

    Where there are more, which ones are found means nothing.
    """
    typed = typed_words(word)
    found: set[int] = set()
    for pieces in _NOTE_STAGES if typed else ():
        hits = index_of(connection).hits(NOTES.index, pieces, typed).order_by(None).subquery()
        owners = (
            select(note.c.client_id)
            .distinct()
            .select_from(hits.join(note, note.c.id == hits.c.row_id))
            .join(client, client.c.id == note.c.client_id)
            .where(client.c.deleted_at.is_(None))
            .limit(limit)
        )
        found.update((await connection.execute(owners)).scalars())
        if len(found) >= limit:
            break
    return sorted(found)[:limit]


# Keeping


class Texts:
    """The rows of prose that a change touches: the tokens they had before it, and their refresh."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._before: dict[str, dict[int, Tokens]] = {}

    async def changing(self, table: Table, changed: Collection[str] | None, touched: Touched) -> None:
        """Rows are about to change, or to be deleted (``changed`` None)."""
        prose = PROSE.get(table.name)
        if prose is not None and (changed is None or not prose.watches.isdisjoint(changed)):
            await self._remember(prose, touched)

    async def inserting(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Rows are about to be inserted; an event may hide or show a message."""
        if table.name not in PROSE:
            return
        self._new(table, [row["id"] for row in rows])
        if hidden := [row["retracts"] for row in rows if row.get("retracts")]:
            await self._remember(MESSAGES, such(message.c.id.in_(hidden)))

    async def restored(self, table: Table, touched: Touched) -> None:
        """Rows have come back."""
        if table.name in PROSE:
            ids = await self._connection.execute(select(table.c.id).where(touched.where), touched.given)
            self._new(table, ids.scalars().all())

    def _new(self, table: Table, ids: Sequence[int]) -> None:
        before = self._before.setdefault(table.name, {})
        for one in ids:
            before.setdefault(one, ())

    async def _remember(self, prose: Prose, touched: Touched) -> None:
        before = self._before.setdefault(prose.table.name, {})
        ids = await self._connection.execute(select(prose.table.c.id).where(touched.where), touched.given)
        stood = await texts_of(self._connection, prose, touched.where, touched.given)
        for one in ids.scalars().all():
            before.setdefault(one, stood.get(one, ()))

    async def refresh(self) -> None:
        """Take what is no longer so out of the index, and what is new in."""
        for name, before in self._before.items():
            prose, ids = PROSE[name], sorted(before)
            for start in range(0, len(ids), CHUNK):
                some = ids[start : start + CHUNK]
                await self._replace(prose, {one: before[one] for one in some})
        self._before.clear()

    async def _replace(self, prose: Prose, before: Mapping[int, Tokens]) -> None:
        now = await texts_of(self._connection, prose, prose.table.c.id.in_(before))
        index = index_of(self._connection)
        gone = {one: tokens for one, tokens in before.items() if tokens and tokens != now.get(one)}
        new = {one: tokens for one, tokens in now.items() if tokens and tokens != before[one]}
        await index.remove(self._connection, prose.index, gone)
        await index.add(self._connection, prose.index, new)


async def erase(connection: AsyncConnection, table: Table, where: ColumnElement[bool]) -> None:
    """Take rows that are about to be purged out of the index."""
    if (prose := PROSE.get(table.name)) is None:
        return
    last = -(1 << 63)
    while True:
        next_ids = select(table.c.id).where(where, table.c.id > last).order_by(table.c.id).limit(CHUNK)
        ids = list((await connection.execute(next_ids)).scalars())
        if not ids:
            return
        theirs = await texts_of(connection, prose, table.c.id.in_(ids))
        await index_of(connection).remove(connection, prose.index, _told(theirs))
        last = ids[-1]


def _told(texts: Mapping[int, Tokens]) -> dict[int, Tokens]:
    """Without those that have no words: the index does not know them."""
    return {one: tokens for one, tokens in texts.items() if tokens}


# Everything at once


async def fill(prose: Prose, connection: AsyncConnection, after: int, limit: int) -> tuple[int, int]:
    """Index the next rows behind this id, which must not be there yet: the last one's id, and how many there were."""
    where = prose.table.c.id > after
    ids = select(prose.table.c.id).where(where).order_by(prose.table.c.id).limit(limit)
    found = list((await connection.execute(ids)).scalars())
    if not found:
        return after, 0
    last = found[-1]
    texts = await texts_of(connection, prose, where & (prose.table.c.id <= last))
    await index_of(connection).add(connection, prose.index, _told(texts))
    return last, len(found)


async def recount(connection: AsyncConnection) -> int:
    """Put everything in the index that should be, and nothing else; returns how many rows were wrong."""
    return sum([await _recount(connection, prose) for prose in PROSE.values()])


async def _recount(connection: AsyncConnection, prose: Prose) -> int:
    index = index_of(connection)
    missing, stale = await compare(connection, prose)
    if not missing and not stale:
        return 0
    await index.clear(connection, prose.index)
    last, number = -(1 << 63), 1
    while number:
        last, number = await fill(prose, connection, last, CHUNK)
    return missing + stale


async def compare(connection: AsyncConnection, prose: Prose) -> tuple[int, int]:
    """How many rows are not in the index as they should be, and how many it holds that should not be there."""
    index, missing, stale, last = index_of(connection), 0, 0, -(1 << 63)
    while True:
        held = await index.known(connection, prose.index, last, CHUNK)
        end = held[-1] if len(held) == CHUNK else (1 << 63) - 1
        missing_here, stale_here = await _compare(connection, prose, (last, end), set(held))
        missing, stale, last = missing + missing_here, stale + stale_here, end
        if len(held) < CHUNK:
            return missing, stale


async def _compare(
    connection: AsyncConnection, prose: Prose, ids: tuple[int, int], held: set[int]
) -> tuple[int, int]:
    """The same between two ids; ``held`` is what the index has there."""
    index, missing = index_of(connection), 0
    expected: set[int] = set()
    after, last = ids
    key = prose.table.c.id
    while True:
        some = select(key).where(key > after, key <= last).order_by(key).limit(CHUNK)
        found = list((await connection.execute(some)).scalars())
        if not found:
            return missing, len(held - expected)
        texts = _told(await texts_of(connection, prose, key.in_(found)))
        missing += len(await index.wrong(connection, prose.index, texts))
        expected |= held & texts.keys()
        after = found[-1]


async def differences(connection: AsyncConnection) -> list[str]:
    """What is wrong with the index, a sentence for each kind of text."""
    found = []
    for prose in PROSE.values():
        missing, stale = await compare(connection, prose)
        if missing:
            words = plural(missing, "text", "texts")
            found.append(f"{prose.table.name}: the words of {words} are out of date")
        if stale:
            words = plural(stale, "text that is", "texts that are")
            found.append(f"{prose.table.name}: the words of {words} gone are still found")
    return found
