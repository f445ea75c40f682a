"""Incidents by what somebody types: number or hash, words of subject or messages, the client, the sender's address.

Bounded however large the base is: the text index is asked piece by piece, the newest first, until there are enough.
What is found of an incident that was merged into another counts for that other one.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import client_search, paging, texts
from console.data.models.base import BIGINT
from console.data.models.clients import client, client_word
from console.data.models.incidents import incident, message
from console.data.normalize import query_words
from console.data.paging import LAST, At
from console.data.senders import MERGES
from console.data.texts import MESSAGES, PIECE, SUBJECTS, Prose, text_words
from console.data.typed import terms_of

FOUND = 500
EXACT, SUBJECT, CLIENT, MESSAGE = range(4)
_HITS = 1_000  # texts looked up at once
_LOOKED_AT = 20_000  # hits in all, where few of them are in the view
_OF_ONE = 400_000  # the same where only one client's are wanted
_WIDEST = 64  # pieces asked at once
_CLIENTS, _EACH, _MIXED, _BODIES = 200, 100, 300, 2_000
_NEWEST = 3_000
_HASH = 8
_TYPED = 500  # characters that are looked at
_DIGITS = 18

Ranked = list[tuple[int, int]]
"""(rank, incident id): ``EXACT`` first, within a rank the newest."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is typed, and which incidents may be found: conditions on ``incident`` joined with its client.

    ``client_id`` names the one client whose incidents they are, if it is so.
    """

    text: str
    conditions: tuple[ColumnElement[bool], ...]
    client_id: int | None = None


class Found:
    """Ids with the best rank (``EXACT`` to ``MESSAGE``) each was found by; ``FOUND`` of them at most."""

    def __init__(self) -> None:
        self._ranks: dict[int, int] = {}

    def add(self, ids: Iterable[int], rank: int) -> None:
        """These were found; what has a better rank keeps it."""
        for one in ids:
            self._ranks.setdefault(one, rank)

    @property
    def missing(self) -> int:
        """How many more there may be."""
        return max(FOUND - len(self._ranks), 0)

    def ranked(self) -> Ranked:
        """The best of them."""
        pairs = ((rank, one) for one, rank in self._ranks.items())
        return sorted(pairs, key=_place)[:FOUND]


def _place(pair: tuple[int, int]) -> tuple[int, int]:
    return pair[0], -pair[1]


def piece(found: Ranked, at: At, limit: int) -> tuple[list[int], bool, bool]:
    """The ids of a page of what was found, and whether there are more before and after; anchors are (rank, id)."""
    if at.last:
        begin, end = max(len(found) - limit, 0), len(found)
    elif at.before is not None:
        here = (at.before.value, -at.before.id)
        end = bisect_left(found, here, key=_place)
        begin = max(end - limit, 0)
    elif at.after is not None:
        begin = bisect_right(found, (at.after.value, -at.after.id), key=_place)
        end = begin + limit
    else:
        start = at.start
        begin = bisect_left(found, (start.value, -start.id), key=_place) if start else 0
        begin = begin if begin < len(found) else max(len(found) - limit, 0)
        end = begin + limit
    return [one for _, one in found[begin:end]], begin > 0, end < len(found)


def number_of(name: str) -> int | None:
    """The number that is meant by INC-000123, 123 or #123; None where it is none."""
    digits = name.strip().strip("[]#").upper().removeprefix("INC-").lstrip("0")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS else None


async def find(connection: AsyncConnection, wanted: Wanted) -> Ranked:
    """What matches, ranked, at most ``FOUND``."""
    wanted = replace(wanted, text=wanted.text[:_TYPED])
    found = Found()
    found.add(await _exact(connection, wanted), EXACT)
    if found.missing < FOUND and wanted.text.strip().strip("[#").upper().startswith("INC-"):
        return found.ranked()  # nothing else is meant by it
    typed = texts.typed_words(wanted.text)
    if typed:
        await _in_texts(connection, wanted, typed, SUBJECTS, found, SUBJECT)
    if found.missing and wanted.client_id is None:
        found.add(await _of_clients(connection, wanted, typed), CLIENT)
        found.add(await _of_sender(connection, wanted, found.missing), CLIENT)
    if found.missing and typed:
        await _in_texts(connection, wanted, typed, MESSAGES, found, MESSAGE)
    return found.ranked()


# Numbers and hashes


async def _exact(connection: AsyncConnection, wanted: Wanted) -> list[int]:
    name = wanted.text.strip().strip("[]#").lower()
    named = []
    if (number := number_of(wanted.text)) is not None:
        named += [incident.c.number == number, incident.c.id == number]
    if len(name) >= _HASH and name.isascii() and name.isalnum():
        named.append(and_(incident.c.hash >= name, incident.c.hash < name + LAST))
    ids: list[int] = []
    for condition in named:
        ids += (await connection.execute(select(incident.c.id).where(condition).limit(FOUND))).scalars()
    return await _allowed(connection, wanted, ids, FOUND)


# Words of subjects and messages


async def _in_texts(
    connection: AsyncConnection, wanted: Wanted, typed: Sequence[str], prose: Prose, found: Found, rank: int
) -> None:
    """Add what has all the words in one text, the newest first; where hits are many, fewer pieces at once.

    The rarest word is looked for alone while few texts have it: each more would cost all hits of its own.
    """
    pieces = await _pieces(connection, wanted.client_id)
    asked = await _rarest(connection, prose, pieces[:1], typed)
    at, wide, looked, below = 0, 1, 0, paging.GREATEST
    most = _LOOKED_AT if wanted.client_id is None else _OF_ONE
    while at < len(pieces) and found.missing and looked < most:
        some = pieces[at : at + wide]
        ids = await _hits(connection, prose, some, asked, below)
        if len(ids) == _HITS and (len(some) > 1 or asked != typed):
            wide, asked = (wide // 4, asked) if wide >= 4 else (1, typed if wide == 1 else asked)
            continue
        looked += len(ids)
        matching = ids if asked == typed else await texts.having(connection, prose, ids, typed)
        found.add(await _incidents(connection, wanted, prose, matching), rank)
        if len(ids) == _HITS:
            below = ids[-1]
        else:
            at, wide, below = at + len(some), min(wide * 2, _WIDEST), paging.GREATEST


async def _rarest(
    connection: AsyncConnection, prose: Prose, newest: Sequence[int], typed: Sequence[str]
) -> Sequence[str]:
    """The word that the fewest of the newest texts have; all of them together where each is common."""
    if len(typed) == 1 or not newest:
        return typed
    counts = [len(await _hits(connection, prose, newest, [word], paging.GREATEST)) for word in typed]
    return typed if min(counts) == _HITS else [typed[counts.index(min(counts))]]


async def _hits(
    connection: AsyncConnection, prose: Prose, pieces: Sequence[int], typed: Sequence[str], below: int
) -> list[int]:
    hits = texts.index_of(connection).hits(prose.index, pieces, typed, below)
    return list((await connection.execute(hits.limit(_HITS))).scalars())


async def _pieces(connection: AsyncConnection, client_id: int | None) -> list[int]:
    """The pieces of the index in which there are incidents, the newest first."""
    number = incident.c.number
    if client_id is not None:
        theirs = select(number // PIECE).where(incident.c.client_id == client_id).distinct()
        return sorted((await connection.execute(theirs)).scalars(), reverse=True)
    piece = select((func.max(number) // PIECE).label("piece")).cte("piece", recursive=True)
    before = select(func.max(number) // PIECE).where(number < piece.c.piece * PIECE).scalar_subquery()
    piece = piece.union_all(select(before).where(piece.c.piece.is_not(None)))
    known = select(piece.c.piece).where(piece.c.piece.is_not(None))
    return list((await connection.execute(known)).scalars())


async def _incidents(
    connection: AsyncConnection, wanted: Wanted, prose: Prose, ids: Sequence[int]
) -> list[int]:
    """The incidents of texts that may be found, the newest first."""
    if prose is MESSAGES and ids:
        owners = select(message.c.incident_id).distinct().where(message.c.id.in_(ids))
        ids = list((await connection.execute(owners)).scalars())
    return await _allowed(connection, wanted, ids, FOUND)


async def _allowed(connection: AsyncConnection, wanted: Wanted, ids: Sequence[int], limit: int) -> list[int]:
    """Which of these, or of those they were merged into, the conditions let through, the newest first."""
    if not ids:
        return []
    now = await _survivors(connection, ids)
    query = _select(wanted).where(incident.c.id.in_(now)).order_by(incident.c.id.desc()).limit(limit)
    return list((await connection.execute(query)).scalars())


async def _survivors(connection: AsyncConnection, ids: Sequence[int]) -> set[int]:
    found = set(ids)
    merged = list(found)
    for _ in range(MERGES):
        query = select(incident.c.id, incident.c.merged_into)
        query = query.where(incident.c.id.in_(merged), incident.c.merged_into.is_not(None))
        gone = {row.id: row.merged_into for row in await connection.execute(query)}
        if not gone:
            break
        merged = [one for one in gone.values() if one not in found]
        found = (found - gone.keys()) | set(merged)
    return found


def _select(wanted: Wanted) -> Select[Any]:
    """The ids of incidents that may be found."""
    joined = incident.outerjoin(client, client.c.id == incident.c.client_id)
    return select(incident.c.id).select_from(joined).where(*wanted.conditions)


# Clients and senders


async def _of_clients(connection: AsyncConnection, wanted: Wanted, typed: Sequence[str]) -> list[int]:
    """Incidents of clients that have each typed word; or some of them, and the others stand in the incident."""
    words = query_words(wanted.text)[: texts.MAX_TYPED]
    if not words:
        return []
    whole = await client_search.having(connection, terms_of(words), _CLIENTS)
    if whole is None:
        recent = _select(wanted).order_by(incident.c.id.desc()).limit(_NEWEST).subquery()
        joined = incident.join(client, client.c.id == incident.c.client_id)
        matching = select(incident.c.id).select_from(joined)
        matching = matching.where(
            incident.c.id.in_(select(recent.c.id)), client_search.has_all(terms_of(words))
        )
        return list((await connection.execute(matching.limit(FOUND))).scalars())
    theirs = select(client.c.id).where(client.c.id.in_(whole), client_search.has_all(terms_of(words)))
    ids = list((await connection.execute(theirs)).scalars())
    found = await _newest(connection, wanted, ids, FOUND)
    if len(typed) > 1 and len(words) > 1:
        found += await _mixed(connection, wanted, typed)
    return found


async def _newest(connection: AsyncConnection, wanted: Wanted, ids: Sequence[int], limit: int) -> list[int]:
    """The newest incidents of some clients, at most ``_EACH`` of one."""
    owner, key = incident.c.client_id, incident.c.id
    last = (
        select(key).where(owner == client.c.id).order_by(key.desc()).limit(1).offset(_EACH).scalar_subquery()
    )
    many = {
        row[0]: row[1]
        for row in await connection.execute(select(client.c.id, last).where(client.c.id.in_(ids)))
    }
    few = [one for one, least in many.items() if least is None]
    # The sum keeps an engine from walking all incidents in the order of ids.
    query = _select(wanted).order_by((key + literal(0, BIGINT)).desc()).limit(limit)
    found = list((await connection.execute(query.where(owner.in_(few)))).scalars()) if few else []
    for one, least in many.items():
        if least is not None:
            found += (await connection.execute(query.where(owner == one, key > least))).scalars()
    return sorted(found, reverse=True)[:limit]


async def _mixed(connection: AsyncConnection, wanted: Wanted, typed: Sequence[str]) -> list[int]:
    """Incidents of the few clients who have one of the words, with the other words in subject or messages."""
    known = [await client_search.having(connection, terms_of([word]), _CLIENTS) for word in typed]
    few = min((ids for ids in known if ids), key=len, default=None)
    if few is None:
        return []
    ids = await _newest(connection, wanted, few, _MIXED)
    told = await _told(connection, ids)
    return [one for one in ids if all(any(w.startswith(word) for w in told[one]) for word in typed)]


async def _told(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, set[str]]:
    """The words of incidents: of their clients, subjects and newest messages."""
    told: dict[int, set[str]] = {one: set() for one in ids}
    of_client = select(incident.c.id, client_word.c.word).join(
        client_word, client_word.c.client_id == incident.c.client_id
    )
    for one, word in await connection.execute(of_client.where(incident.c.id.in_(ids))):
        told[one].add(word)
    subjects = select(incident.c.id, incident.c.subject).where(incident.c.id.in_(ids))
    bodies = select(message.c.incident_id, message.c.body).where(
        message.c.incident_id.in_(ids), message.c.kind != "event"
    )
    for query in (subjects, bodies.order_by(message.c.id.desc()).limit(_BODIES)):
        for one, text in await connection.execute(query):
            told[one].update(text_words(text))
    return told


async def _of_sender(connection: AsyncConnection, wanted: Wanted, limit: int) -> list[int]:
    """Incidents of senders who are no clients, by the beginning of the address."""
    address = wanted.text.strip().lower()
    if not address or " " in address or "\x00" in address:
        return []
    begins = and_(
        incident.c.client_id.is_(None),
        incident.c.sender_address >= address,
        incident.c.sender_address < address + LAST,
    )
    return list((await connection.execute(_select(wanted).where(begins).limit(limit))).scalars())
