"""Finds the clients whom typed words mean, in bounded steps however many clients there are.

Where at most ``CAP`` match they are all fetched, and ranked. Of more the list is shown in its own order: a piece of it
is walked, and where that does not fill the page, the matches of the rarest word are read in the order of names.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import near, texts
from console.data.client_words import AROUND, IDENTITY, NAME
from console.data.models.clients import alias, client, client_word
from console.data.normalize import storable
from console.data.search import prefix
from console.data.typed import MAX_TEXT, Term, Terms, readings

CAP = 500
NOTED = AROUND + 2
"""The rank of who is found by a note alone. Whole words of names are 0, beginnings 1; identities, ids and old ids 2."""
LEAST_NOTED = 3  # characters of a word that is looked for in notes
_ALIKE = 4  # words of one client that begin alike; where there are more, some matches are not ranked
COMMON = 100_000  # words that begin alike; of more it does not matter how many
_LARGEST = (1 << 63) - 1

word = client_word.c


@dataclass(frozen=True, slots=True)
class Matches:
    """Who matches: ``few`` by id, or None where more than ``CAP`` have all of ``terms``.

    The value is the place in the list: the rank, one digit and 0 the best, with the folded name behind it.
    ``near`` are the words by which they were found although none of them was typed.
    """

    terms: Terms
    few: Mapping[int, str] | None
    near: tuple[str, ...] = ()


NOBODY = Matches((), {})


async def match(connection: AsyncConnection, text: str, shown: ColumnElement[bool]) -> Matches:
    """The clients who match a typed text and meet the condition ``shown``; where there are none, those near to it."""
    read = readings(text)
    for number, terms in enumerate(read):
        ranks = await _ranks(connection, terms)
        if ranks is None:
            return Matches(terms, None)
        ranks = await _survivors(
            connection, ranks, await _by_old_ids(connection, text) if number == 0 else []
        )
        if kept := await _kept(connection, ranks, shown):
            by_note = await _noted(connection, terms, ranks)
            return Matches(terms, kept | await _kept(connection, by_note, shown))
    if not read:
        return NOBODY
    if noted := await _kept(connection, await _noted(connection, read[-1], {}), shown):
        return Matches(read[-1], noted)
    for terms in read:
        found = await _near(connection, terms, shown)
        if found is not NOBODY:
            return found
    return NOBODY


async def _near(connection: AsyncConnection, terms: Terms, shown: ColumnElement[bool]) -> Matches:
    """Those of whom a word is as each typed one, but for one letter or digit."""
    others = await near.terms(connection, terms)
    ranks = await _ranks(connection, others) if others else {}
    kept = ranks if ranks is None else await _kept(connection, ranks, shown)
    if kept is not None and not kept:
        return NOBODY
    typed = {one for term in terms for one in term.beginnings}
    found = dict.fromkeys(
        one[:0:-1] if one[0] == "~" else one for term in others for one in term.beginnings if one not in typed
    )
    return Matches(others, kept, tuple(found))


# Conditions


def has(term: Term) -> ColumnElement[bool]:
    """The condition that a row of ``client_word`` is of a word that begins so."""
    return or_(*(prefix(client_word, one) for one in term.beginnings))


def has_all(terms: Iterable[Term], whose: ColumnElement[int] = client.c.id) -> ColumnElement[bool]:
    """The condition that a client has a word for each term."""
    other = client_word.alias()
    return and_(
        *(
            exists()
            .where(other.c.client_id == whose, or_(*(prefix(other, one) for one in term.beginnings)))
            .correlate_except(other)
            for term in terms
        )
    )


def postings(rarest: Term, terms: Terms) -> list[Select[tuple[int, str]]]:
    """``client_id`` and ``sort_name`` of those who have all terms, read from the words that begin as the rarest.

    One query for each beginning; somebody may be in several, and more than once in one.
    """
    others = [one for one in terms if one is not rarest]
    heads = 0
    for one in others:
        heads |= one.heads
    conditions = [] if not heads else [word.heads.op("&")(heads) == heads]
    conditions += [or_(*_named(one), has_all([one], word.client_id)) for one in others]
    return [
        select(word.client_id, word.sort_name).where(prefix(client_word, one), *conditions)
        for one in rarest.beginnings
    ]


def _named(term: Term) -> list[ColumnElement[bool]]:
    """What the name beside a word says already: most words that are typed are of names."""
    plain = [one for one in term.beginnings if one.isalnum()]
    return [literal(" ").concat(word.sort_name).contains(f" {one}", autoescape=True) for one in plain]


def ids_of(parts: Sequence[Select[tuple[int, str]]]) -> Select[tuple[int]]:
    """The ids of all the queries that ``postings`` gives."""
    ids = [part.with_only_columns(word.client_id) for part in parts]
    return ids[0] if len(ids) == 1 else select(union_all(*ids).subquery().c.client_id)


async def rarest(connection: AsyncConnection, terms: Terms) -> tuple[Term, int]:
    """The term that the fewest words begin as, and how many do, at most ``COMMON``; of common ones any."""
    best, least = terms[0], COMMON
    for term in sorted(terms, key=lambda one: -len(one.typed)):
        some = select(word.client_id).where(has(term)).limit(least).subquery()
        number = (await connection.execute(select(func.count()).select_from(some))).scalar_one()
        if number < least:
            best, least = term, int(number)
    return best, least


# Ranking


async def _ranks(connection: AsyncConnection, terms: Terms) -> dict[int, int] | None:
    """Everybody who has a word for each term, or None if more than ``CAP``."""
    ids = await having(connection, terms, CAP)
    return None if ids is None else await _ranked(connection, ids, terms)


async def having(connection: AsyncConnection, terms: Terms, limit: int) -> list[int] | None:
    """Who has a word for each term, perhaps beside others who have one for some; None if more than ``limit`` do."""
    for term in sorted(terms, key=lambda one: -len(one.typed)):
        ids = await _few(connection, select(word.client_id).where(has(term)), limit)
        if ids is not None:
            return ids
    if len(terms) == 1:
        return None
    term, _ = await rarest(connection, terms)
    return await _few(connection, ids_of(postings(term, terms)), limit)


async def _few(connection: AsyncConnection, query: Select[tuple[int]], limit: int) -> list[int] | None:
    """The different ids of a query, None if there are more than ``limit``, or more rows than are looked at."""
    looked_at = limit * _ALIKE
    some = query.limit(looked_at).subquery()
    counted = select(some.c.client_id, func.count()).group_by(some.c.client_id).limit(limit + 1)
    rows = (await connection.execute(counted)).all()
    if len(rows) > limit or sum(row[1] for row in rows) == looked_at:
        return None
    return [row[0] for row in rows]


async def _ranked(connection: AsyncConnection, ids: Sequence[int], terms: Terms) -> dict[int, int]:
    """Those of the ids who have all terms, each with the worst of the ranks that the terms have."""
    query = select(word.client_id, word.word, word.kind).where(
        word.client_id.in_(ids), or_(*(has(term) for term in terms))
    )
    best: dict[int, dict[int, int]] = defaultdict(dict)
    for client_id, found, kind in await connection.execute(query) if ids else ():
        for number, term in enumerate(terms):
            if found.startswith(term.beginnings):
                rank = 0 if kind == NAME and found in term.beginnings else kind + 1
                best[client_id][number] = min(rank, best[client_id].get(number, rank))
    return {one: max(ranks.values()) for one, ranks in best.items() if len(ranks) == len(terms)}


async def _kept(
    connection: AsyncConnection, ranks: Mapping[int, int], shown: ColumnElement[bool]
) -> dict[int, str]:
    """Those of them who meet the condition, with their places."""
    if not ranks:
        return {}
    query = select(client.c.id, client.c.sort_name).where(client.c.id.in_(ranks), shown)
    return {one: f"{ranks[one]}{name}" for one, name in await connection.execute(query)}


async def _by_old_ids(connection: AsyncConnection, text: str) -> list[int]:
    """Who has this id, or an old id or address of somebody merged into them that reads so."""
    given = storable(text[:MAX_TEXT]).strip()
    digits = given.removeprefix("#")
    query = select(alias.c.client_id).where(
        alias.c.value.in_({given, given.lower()}), alias.c.client_id.is_not(None)
    )
    if digits.isascii() and digits.isdecimal() and int(digits) <= _LARGEST:
        own = select(client.c.id).where(client.c.id == int(digits))
        found = await connection.execute(union_all(own, query))
    else:
        found = await connection.execute(query)
    return list(found.scalars())


async def _survivors(
    connection: AsyncConnection, ranks: dict[int, int], old: Iterable[int]
) -> dict[int, int]:
    """With those found by an old id, and for whoever was merged into another, that other one."""
    found = dict.fromkeys(old, IDENTITY + 1) | ranks
    newest = list(found)
    while newest:
        merged = select(client.c.id, client.c.absorbed_into).where(
            client.c.id.in_(newest), client.c.absorbed_into.is_not(None)
        )
        newest = []
        for one, survivor in await connection.execute(merged):
            if survivor not in found:
                newest.append(survivor)
            found[survivor] = min(found.get(survivor, NOTED), max(found[one], IDENTITY + 1))
    return found


async def _noted(connection: AsyncConnection, terms: Terms, known: Mapping[int, int]) -> dict[int, int]:
    """Who is found only by what a note says: each term stands in a note or in a word of theirs."""
    noted: list[set[int]] = []
    for term in terms:
        enough = len(term.typed) >= LEAST_NOTED and term.typed[0] != "#"
        noted.append(set(await texts.note_clients(connection, term.typed, CAP) if enough else ()))
    ids = set().union(*noted) - known.keys()
    some = sorted(ids)[: CAP - len(known)]
    if not some:
        return {}
    missing = [one for one in zip(terms, noted, strict=True) if not one[1].issuperset(some)]
    for term, there in missing:
        query = select(word.client_id).where(word.client_id.in_(some), has(term))
        there.update((await connection.execute(query)).scalars())
    return {one: NOTED for one in some if all(one in there for there in noted)}
