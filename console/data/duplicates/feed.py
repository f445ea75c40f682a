"""Scores of clients that changed: looked for anew after each change, by one process at a time.

The transaction that changes a client leaves their form unscored, which no crash can lose and which holds for changes
of any size; the journal's feed says when to look. What is scored is what a full scan would score: the client's own
best candidates, and the pairs they are in already.
"""

import secrets
from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import lease
from console.data.desk import Desk
from console.data.duplicates import candidates, groups, models, pairs, postings, scoring, state, store
from console.data.duplicates.block import LIMITS, keys
from console.data.duplicates.both import Ids, in_order
from console.data.duplicates.form import Form, unpack
from console.data.duplicates.model import Model
from console.data.duplicates.scoring import Judged
from console.data.models.duplicates import duplicate_form

LEASE, LASTS = "duplicates", timedelta(seconds=20)
AT_ONCE = 50
"""Clients that are scored in one transaction: few, for an open console answers keys meanwhile."""
MOST_HELD = max(LIMITS.values()) + 1
"""Clients of one key that are asked for: one more than any kind of key may have."""

form = duplicate_form.c
_UNSCORED = sql("unscored")  # in the words of the partial index


async def catch_up(desk: Desk) -> int:
    """Score the clients that wait for it; how many were, none where another process is at it."""
    holder, done = secrets.token_hex(8), 0
    await store.key_waiting(desk)
    async with desk.read() as connection:
        if not await _waiting(connection, 1):
            return 0
    try:
        while True:
            async with desk.quiet() as connection:
                if not await lease.take(desk, connection, LEASE, holder, LASTS):
                    return done
            if not (number := await step(desk)):
                return done
            done += number
    finally:
        async with desk.quiet() as connection:
            await lease.give_back(connection, LEASE, holder)


async def step(desk: Desk) -> int:
    """Score the next clients that wait; how many there were. The caller holds the lease."""
    async with desk.read() as connection:
        waiting = await _waiting(connection, AT_ONCE)
        if not waiting:
            return 0
        model = await models.current(connection)
        stored = await pairs.of(connection, waiting)
        judged = await _judged(connection, waiting, stored, model)
        run = (await state.load(connection)).run
    kept = [pairs.row_of(one, model, run, desk.now()) for one in judged if pairs.is_kept(one, model)]
    left = {(row["first_id"], row["second_id"]) for row in kept}
    gone = [row_id for both, row_id in stored.items() if both not in left]
    touched = {one for both in (*stored, *left) for one in both} | waiting.keys()
    new_ids = await desk.new_ids(len(kept))
    async with desk.quiet() as connection:
        await pairs.drop(connection, gone)
        await pairs.put(connection, kept, iter(new_ids).__next__)
        await groups.regroup(connection, touched)
        await _scored(connection, waiting)
    return len(waiting)


async def _waiting(connection: AsyncConnection, limit: int) -> dict[int, str]:
    """The next clients that are not scored, with their packed forms, '' of who has left the lists."""
    query = select(form.client_id, form.form).where(_UNSCORED).order_by(form.client_id).limit(limit)
    return {row.client_id: row.form for row in await connection.execute(query)}


async def _judged(
    connection: AsyncConnection, waiting: dict[int, str], stored: Collection[Ids], model: Model
) -> list[Judged]:
    """The scores of these clients' pairs."""
    mine = {one: unpack(text) for one, text in waiting.items() if text}
    wanted = set(stored)
    for one, others in (await best_of(connection, mine)).items():
        wanted |= {in_order(one, other) for other in others}
    missing = {one for both in wanted for one in both} - mine.keys()
    forms = mine | {one: unpack(text) for one, text in (await postings.forms(connection, missing)).items()}
    known = sorted(both for both in wanted if both[0] in forms and both[1] in forms)
    return await scoring.judge(connection, known, forms, model)


async def best_of(connection: AsyncConnection, forms: dict[int, Form]) -> dict[int, list[int]]:
    """The clients that each of these should be compared with, as a full scan would choose them."""
    theirs = {one: keys(made) for one, made in forms.items()}
    holders = await postings.holders(connection, (key for some in theirs.values() for key in some), MOST_HELD)
    return {
        one: candidates.best({key: holders.get(key, []) for key in some}, one, candidates.EACH)
        for one, some in theirs.items()
    }


async def _scored(connection: AsyncConnection, waiting: dict[int, str]) -> None:
    """Note that these are done, unless they have changed meanwhile; who has left the lists leaves no form."""
    texts: dict[bool, list[int]] = {True: [], False: []}
    now = await _texts(connection, list(waiting))
    for one, text in waiting.items():
        if now.get(one) == text:
            texts[bool(text)].append(one)
    if texts[True]:
        await connection.execute(
            update(duplicate_form).where(form.client_id.in_(texts[True])).values(unscored=False)
        )
    if texts[False]:
        await connection.execute(
            delete(duplicate_form).where(form.client_id.in_(texts[False]), form.form == "")
        )


async def _texts(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, str]:
    query = select(form.client_id, form.form).where(form.client_id.in_(ids)).with_for_update()
    return {row.client_id: row.form for row in await connection.execute(query)}
