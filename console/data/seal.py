"""Tamper evidence: after commit, one process chains the journal's entries by hashes, in feed order.

An entry's free texts and its items are hashed with two random keys of its own, so that where retention erases the
items, or a purge all of it, and the key with it, the hash that stays says nothing about what was erased, and the
chain still holds. Of an entry on many records a purge erases some items; those that stay are proven from then on by
a key and a hash beside the chain, which tell damage and careless forgery, but not one who writes them anew.
Order comes from positions, never from clocks. What was cut off at the end can only be told by whoever wrote the
``head`` of an earlier verdict down elsewhere.
"""

import asyncio
import hashlib
import hmac
import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Row,
    and_,
    delete,
    exists,
    func,
    insert,
    null,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import lease
from console.data.desk import Desk
from console.data.errors import DatabaseBusy
from console.data.models.base import raw
from console.data.models.journal import journal_entry, journal_item, journal_seal

_LEASE = "seal"
_LASTS = timedelta(minutes=2)
CHUNK = 200
_ATTEMPTS, _PATIENCE = 60, 0.5  # seconds between two tries to get the lease
_KEY = 32  # bytes: the first key is for the texts, the second for the items, and behind it the hash of what is left
_GONE = bytes(_KEY)  # instead of the first key where the texts were erased
_PAGE = 5000
entry, item, sealed = journal_entry.c, journal_item.c, journal_seal.c

# What of an entry goes into the chain as it is. ``undone_by`` and ``fixed`` change later; texts are in the payload.
_FIELDS = (
    "id",
    "position",
    "at",
    "actor_id",
    "acting_as",
    "via",
    "action",
    "object_type",
    "object_id",
    "client_id",
    "batch_id",
    "undoes",
    "rows",
    "revision",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the sealed journal is whole; if not, the first entry that is ``altered``, ``removed`` or ``inserted``.

    ``head`` is the last seal's number and chain hash in hexadecimal, to be kept elsewhere; ``erased`` counts the
    entries whose payload a purge or retention has erased.
    """

    ok: bool
    checked: int
    erased: int = 0
    head: str = ""
    entry_id: int | None = None
    problem: str = ""
    sentence: str = ""


async def seal(desk: Desk) -> int:
    """Seal what has been committed and not yet sealed; returns how many entries. 0 while another process does it."""
    holder, total = secrets.token_hex(8), 0
    while True:
        async with desk.quiet() as connection:
            if not await lease.take(desk, connection, _LEASE, holder, _LASTS):
                return total
        async with desk.read() as connection:
            rows = await _next_seals(desk, connection)
        try:
            async with desk.quiet() as connection:
                if rows:
                    await connection.execute(insert(journal_seal), rows)
                if len(rows) < CHUNK:
                    await lease.give_back(connection, _LEASE, holder)
        except IntegrityError:
            # The lease ran out while we were away, and another has sealed these.
            async with desk.quiet() as connection:
                await lease.give_back(connection, _LEASE, holder)
            return total
        total += len(rows)
        if len(rows) < CHUNK:
            return total


async def _next_seals(desk: Desk, connection: AsyncConnection) -> list[dict[str, Any]]:
    joined = journal_seal.join(journal_entry, entry.id == sealed.entry_id)
    newest = select(sealed.number, sealed.chain, entry.position, entry.id).select_from(joined)
    last = (await connection.execute(newest.order_by(sealed.number.desc()).limit(1))).first()
    number, chain, after = (last[0], last[1], (last[2], last[3])) if last else (0, b"", (-1, -1))
    query = (
        select(journal_entry)
        .where(tuple_(entry.position, entry.id) > after, entry.position < desk.dialect.settled())
        .order_by(entry.position, entry.id)
        .limit(CHUNK)
    )
    rows = []
    for row in (await connection.execute(query)).all():
        number += 1
        key = secrets.token_bytes(2 * _KEY)
        payload_hash = await _payload_hash(connection, row, key)
        chain = _link(chain, row, payload_hash)
        rows.append(
            {
                "entry_id": row.id,
                "number": number,
                "payload_key": key,
                "payload_hash": payload_hash,
                "chain": chain,
                "erased": False,
            }
        )
    return rows


async def verify(desk: Desk, *, head: str = "") -> Verdict:
    """Go over the sealed journal from its beginning and say whether it is as it was sealed.

    ``head`` is that of an earlier verdict: the journal must still contain it.
    """
    chain, number, erased, wanted = b"", 0, 0, head
    async with desk.read() as connection:
        async for rows in _seals(connection):
            for row in rows:
                number += 1
                found = await _problem(connection, row, number, chain)
                if found is not None:
                    return Verdict(False, number - 1, erased, "", row.id, *found)
                chain = row.chain
                erased += row.erased
                if wanted == _head(number, chain):
                    wanted = ""
        if (stranger := await _inserted(connection)) is not None:
            sentence = f"Entry {stranger} was inserted among sealed ones."
            return Verdict(False, number, erased, "", stranger, "inserted", sentence)
    if wanted:
        sentence = "The journal no longer contains the head you gave: entries at its end were removed."
        return Verdict(False, number, erased, _head(number, chain), None, "removed", sentence)
    return Verdict(True, number, erased, _head(number, chain) if number else "")


async def _problem(
    connection: AsyncConnection, row: Row[Any], number: int, chain: bytes
) -> tuple[str, str] | None:
    if row.number != number:
        return "removed", f"{row.number - number} entries before entry {row.id} were removed."
    if not await _payload_is_whole(connection, row):
        return "altered", f"What entry {row.id} holds was altered."
    if not hmac.compare_digest(_link(chain, row, row.payload_hash), row.chain):
        return "altered", f"Entry {row.id} was altered."
    return None


async def _payload_is_whole(connection: AsyncConnection, row: Row[Any]) -> bool:
    """Whether texts and items are as sealed; of what was erased, whether it is gone."""
    key, texts, items = row.payload_key or b"", row.payload_hash[:_KEY], row.payload_hash[_KEY:]
    if len(key) not in ((0, _KEY, 3 * _KEY) if row.erased else (2 * _KEY,)):
        return False
    if key[:_KEY] in (b"", _GONE):
        texts_are_whole = not (row.reason or row.detail)
    else:
        texts_are_whole = hmac.compare_digest(_texts_hash(row, key), texts)
    if len(key) <= _KEY:
        left = select(item.entry_id).where(item.entry_id == row.id).limit(1)
        return texts_are_whole and (await connection.execute(left)).first() is None
    known = key[2 * _KEY :] if row.erased else items
    return texts_are_whole and hmac.compare_digest(await _items_hash(connection, row.id, key), known)


async def _seals(connection: AsyncConnection) -> AsyncIterator[Sequence[Row[Any]]]:
    last = 0
    joined = journal_seal.join(journal_entry, entry.id == sealed.entry_id)
    columns = (sealed.number, sealed.payload_key, sealed.payload_hash, sealed.chain, sealed.erased)
    while True:
        query = select(journal_entry, *columns).select_from(joined).where(sealed.number > last)
        rows = (await connection.execute(query.order_by(sealed.number).limit(CHUNK))).all()
        if not rows:
            return
        yield rows
        last = rows[-1].number


async def _inserted(connection: AsyncConnection) -> int | None:
    """The first entry without a seal that stands before one that has one."""
    joined = journal_seal.join(journal_entry, entry.id == sealed.entry_id)
    newest = select(entry.position, entry.id).select_from(joined).order_by(sealed.number.desc()).limit(1)
    last = (await connection.execute(newest)).first()
    if last is None:
        return None
    before = or_(entry.position < last[0], and_(entry.position == last[0], entry.id < last[1]))
    unsealed = ~exists().where(sealed.entry_id == entry.id)
    query = select(entry.id).where(before, unsealed).order_by(entry.position, entry.id).limit(1)
    found: int | None = (await connection.execute(query)).scalar()
    return found


async def erase(connection: AsyncConnection, which: ColumnElement[bool], *, texts: bool) -> int:
    """Delete the items of these entries (and empty their texts), and the keys of the hashes of what is gone.

    Returns how many items there were. The entries still verify.
    """
    mine = select(entry.id).where(which)
    deleted = await connection.execute(delete(journal_item).where(item.entry_id.in_(mine)))
    rest = null() if texts else func.substr(sealed.payload_key, 1, _KEY, type_=LargeBinary())
    keys = update(journal_seal).where(sealed.entry_id.in_(mine), sealed.payload_key.is_not(None))
    await connection.execute(keys.values(payload_key=rest, erased=True))
    if texts:
        await connection.execute(update(journal_entry).where(which).values(reason="", detail=""))
    return int(deleted.rowcount)


async def erase_part(connection: AsyncConnection, entry_id: int, *, texts: bool) -> None:
    """Some items of an entry are gone: those that stay get a key and a hash of their own (``texts``: and it none)."""
    known = select(sealed.payload_key).where(sealed.entry_id == entry_id)
    if texts:
        await connection.execute(
            update(journal_entry).where(entry.id == entry_id).values(reason="", detail="")
        )
    if (row := (await connection.execute(known)).first()) is None:
        return  # it is sealed later, as it is then
    key = (_GONE if texts else (row[0] or b"")[:_KEY] or _GONE) + secrets.token_bytes(_KEY)
    key += await _items_hash(connection, entry_id, key)
    mine = update(journal_seal).where(sealed.entry_id == entry_id)
    await connection.execute(mine.values(payload_key=key, erased=True))


@asynccontextmanager
async def paused(desk: Desk) -> AsyncIterator[Callable[[AsyncConnection], Awaitable[None]]]:
    """Nothing is sealed meanwhile, or it would be hashed before an erasure and written after it.

    What is given must be called in each transaction that erases, so that the pause lasts. DatabaseBusy if another
    process does not end its sealing.
    """
    holder = secrets.token_hex(8)

    async def last(connection: AsyncConnection) -> None:
        if not await lease.take(desk, connection, _LEASE, holder, _LASTS):
            raise DatabaseBusy("The journal is being sealed by another process. Try again in a minute.")

    for attempt in range(_ATTEMPTS):
        try:
            async with desk.quiet() as connection:
                await last(connection)
            break
        except DatabaseBusy:
            if attempt == _ATTEMPTS - 1:
                raise
            await asyncio.sleep(_PATIENCE)
    try:
        yield last
    finally:
        async with desk.quiet() as connection:
            await lease.give_back(connection, _LEASE, holder)


async def _payload_hash(connection: AsyncConnection, row: Row[Any], key: bytes) -> bytes:
    return _texts_hash(row, key) + await _items_hash(connection, row.id, key)


def _texts_hash(row: Row[Any], key: bytes) -> bytes:
    return hmac.digest(key[:_KEY], _line([row.reason, row.detail]), "sha256")


async def _items_hash(connection: AsyncConnection, entry_id: int, key: bytes) -> bytes:
    """The keyed hash of an entry's items, one JSON line each, by step and row."""
    digest = hmac.new(key[_KEY : 2 * _KEY], digestmod=hashlib.sha256)
    last = (0, -(1 << 63))
    columns = (item.step, item.row_id, item.table_name, item.op, item.subject_id, item.columns)
    query = select(*columns, item.before, item.after).where(item.entry_id == entry_id)
    ordered = query.order_by(item.step, item.row_id).limit(_PAGE)
    while True:
        later = or_(item.step > last[0], and_(item.step == last[0], item.row_id > last[1]))
        items = (await connection.execute(ordered.where(item.step >= last[0], later))).all()
        for one in items:
            digest.update(_line([*one]))
        if len(items) < _PAGE:
            return digest.digest()
        last = (items[-1].step, items[-1].row_id)


def _link(chain: bytes, row: Row[Any], payload_hash: bytes) -> bytes:
    fields = _line([raw(getattr(row, name)) for name in _FIELDS])
    return hashlib.sha256(chain + fields + payload_hash).digest()


def _line(values: Sequence[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def _head(number: int, chain: bytes) -> str:
    return f"{number}:{chain.hex()}"
