"""The index of texts as each database keeps it: FTS5 on SQLite, tsvector and GIN on PostgreSQL.

A text is a row id with its tokens; a token is a word behind the piece of the base that the row belongs to (see
``token``). A search names the pieces it looks into, so that a word half of all texts have costs no more than its
share of one piece: neither index can be read newest first and stopped.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    Insert,
    Select,
    TableClause,
    Text,
    bindparam,
    cast,
    column,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.models.base import BIGINT

NAMES = ("note_words", "subject_words", "message_words")
Tokens = tuple[str, ...]
GREATEST = (1 << 63) - 1
_MERGED = 1_000  # pages of FTS5 in one transaction
_PROBES = 3  # words of a text that are looked up where only their number is known


def token(piece: int, word: str) -> str:
    """The word as the index holds it: no digit of the piece is an x, so no token begins another piece's."""
    return f"{piece:x}x{word}"


class TextIndex:
    """One of the indexes (``NAMES``) on one kind of database."""

    async def add(self, connection: AsyncConnection, name: str, texts: Mapping[int, Tokens]) -> None:
        """Take in texts that are not there."""
        raise NotImplementedError

    async def remove(self, connection: AsyncConnection, name: str, texts: Mapping[int, Tokens]) -> None:
        """Take out texts, given with the tokens they were added with."""
        raise NotImplementedError

    async def clear(self, connection: AsyncConnection, name: str) -> None:
        """Take out everything."""
        raise NotImplementedError

    def hits(
        self, name: str, pieces: Sequence[int], typed: Sequence[str], below: int = GREATEST
    ) -> Select[Any]:
        """The ``row_id`` of the texts in these pieces that have a word beginning with each typed one, the last first.

        ``below``: only those before this row.
        """
        raise NotImplementedError

    async def wrong(self, connection: AsyncConnection, name: str, texts: Mapping[int, Tokens]) -> set[int]:
        """Which of these texts are missing, or there with other tokens."""
        raise NotImplementedError

    async def known(self, connection: AsyncConnection, name: str, after: int, limit: int) -> list[int]:
        """The next row ids that the index holds after this one, in order."""
        raise NotImplementedError


class Fts(TextIndex):
    """Contentless FTS5 tables: the rows are in our own; only their tokens are here."""

    async def add(self, connection: AsyncConnection, name: str, texts: Mapping[int, Tokens]) -> None:
        """See ``TextIndex.add``."""
        await _many(connection, insert(_fts(name)), texts, " ".join)

    async def remove(self, connection: AsyncConnection, name: str, texts: Mapping[int, Tokens]) -> None:
        """See ``TextIndex.remove``; FTS5 does not know what it holds of a row, and takes out what it is given."""
        await _many(connection, insert(_fts(name)).values({name: literal("delete")}), texts, " ".join)

    async def clear(self, connection: AsyncConnection, name: str) -> None:
        """See ``TextIndex.clear``."""
        await connection.execute(insert(_fts(name)).values({name: "delete-all"}))

    def hits(
        self, name: str, pieces: Sequence[int], typed: Sequence[str], below: int = GREATEST
    ) -> Select[Any]:
        """See ``TextIndex.hits``."""
        matching = _matching(name, _expression(pieces, typed, '"{}" *', " OR ", " AND "))
        fts = _fts(name)
        return matching.where(fts.c.rowid < below).order_by(fts.c.rowid.desc())

    async def wrong(self, connection: AsyncConnection, name: str, texts: Mapping[int, Tokens]) -> set[int]:
        """See ``TextIndex.wrong``; told by the number of tokens, and by the longest ones."""
        if not texts:
            return set()
        sizes = _sizes(name)
        between = select(sizes.c.id, sizes.c.sz).where(sizes.c.id.between(min(texts), max(texts)))
        stored = {row.id: _varint(row.sz) for row in await connection.execute(between)}
        wrong = {one for one, tokens in texts.items() if stored.get(one) != len(tokens)}
        for one, tokens in texts.items():
            if one in wrong or not tokens:
                continue
            some = " AND ".join(f'"{token}"' for token in sorted(tokens, key=len)[-_PROBES:])
            probe = _matching(name, some).where(_fts(name).c.rowid == one)
            if (await connection.execute(probe)).first() is None:
                wrong.add(one)
        return wrong

    async def known(self, connection: AsyncConnection, name: str, after: int, limit: int) -> list[int]:
        """See ``TextIndex.known``."""
        sizes = _sizes(name)
        query = select(sizes.c.id).where(sizes.c.id > after).order_by(sizes.c.id).limit(limit)
        return list((await connection.execute(query)).scalars())


class Tsvector(TextIndex):
    """A table beside each of ours, of row ids and tsvectors, with a GIN index over these."""

    async def add(self, connection: AsyncConnection, name: str, texts: Mapping[int, Tokens]) -> None:
        """See ``TextIndex.add``."""
        made = func.array_to_tsvector(cast(bindparam("words"), ARRAY(Text)))
        await _many(connection, insert(_vectors(name)).values(words=made), texts, list, key="row_id")

    async def remove(self, connection: AsyncConnection, name: str, texts: Mapping[int, Tokens]) -> None:
        """See ``TextIndex.remove``."""
        vectors = _vectors(name)
        if texts:
            await connection.execute(delete(vectors).where(vectors.c.row_id.in_(texts)))

    async def clear(self, connection: AsyncConnection, name: str) -> None:
        """See ``TextIndex.clear``."""
        await connection.execute(delete(_vectors(name)))

    def hits(
        self, name: str, pieces: Sequence[int], typed: Sequence[str], below: int = GREATEST
    ) -> Select[Any]:
        """See ``TextIndex.hits``."""
        vectors = _vectors(name)
        wanted = cast(_expression(pieces, typed, "'{}':*", " | ", " & "), TSQUERY)
        matching = select(vectors.c.row_id).where(vectors.c.words.op("@@")(wanted))
        # A sum, or PostgreSQL would walk the primary key down to the last text that has the words.
        key = vectors.c.row_id + literal(0, BIGINT)
        return matching.where(key < below).order_by(key.desc())

    async def wrong(self, connection: AsyncConnection, name: str, texts: Mapping[int, Tokens]) -> set[int]:
        """See ``TextIndex.wrong``."""
        vectors = _vectors(name)
        query = select(vectors.c.row_id, func.tsvector_to_array(vectors.c.words, type_=ARRAY(Text)))
        found = await connection.execute(query.where(vectors.c.row_id.in_(texts)))
        stored = {row_id: set(words) for row_id, words in found}
        return {one for one, tokens in texts.items() if stored.get(one) != set(tokens)}

    async def known(self, connection: AsyncConnection, name: str, after: int, limit: int) -> list[int]:
        """See ``TextIndex.known``."""
        rows = _vectors(name)
        query = select(rows.c.row_id).where(rows.c.row_id > after).order_by(rows.c.row_id).limit(limit)
        return list((await connection.execute(query)).scalars())


async def forget_deleted(driver: Any) -> None:
    """Write FTS5's tables anew, a part in each transaction: until then what was deleted stands in older parts.

    ``driver`` is the open SQLite connection itself, in no transaction. FTS5's own secure-delete needs SQLite 3.42, and
    an older one can no longer read what it has written.
    """
    for name in NAMES:
        merge = str(insert(_fts(name)).values({name: literal_column("'merge'"), "rank": literal_column("?")}))
        pages, done = -_MERGED, -2
        while driver.total_changes - done >= 2:
            done = driver.total_changes
            await (await driver.execute(merge, (pages,))).close()
            pages = _MERGED


TEXT_INDEXES: dict[str, TextIndex] = {"sqlite": Fts(), "postgresql": Tsvector()}


@cache
def _fts(name: str) -> TableClause:
    """An FTS5 table; the column of its own name takes commands and the MATCH."""
    return table(name, column("rowid", BIGINT), column("words", Text), column("rank"), column(name, Text))


@cache
def _sizes(name: str) -> TableClause:
    """How many tokens FTS5 holds of each row."""
    return table(f"{name}_docsize", column("id", BIGINT), column("sz"))


@cache
def _vectors(name: str) -> TableClause:
    return table(name, column("row_id", BIGINT), column("words"))


def _matching(name: str, expression: str) -> Select[Any]:
    fts = _fts(name)
    return select(fts.c.rowid.label("row_id")).where(fts.c[name].op("MATCH")(expression))


async def _many(
    connection: AsyncConnection,
    statement: Insert,
    texts: Mapping[int, Tokens],
    form: Callable[[Tokens], Any],
    *,
    key: str = "rowid",
) -> None:
    rows = [{key: row_id, "words": form(tokens)} for row_id, tokens in texts.items()]
    if rows:
        await connection.execute(statement, rows)


def _expression(pieces: Sequence[int], typed: Iterable[str], prefix: str, either: str, both: str) -> str:
    """Each typed word in any of the pieces; tokens are letters, digits and _, so there is nothing to escape."""
    each = (either.join(prefix.format(token(piece, word)) for piece in pieces) for word in typed)
    return both.join(f"({one})" for one in each)


def _varint(size: bytes) -> int:
    """SQLite's big-endian number of seven bits a byte."""
    number = 0
    for byte in size:
        number = number << 7 | byte & 0x7F
    return number
