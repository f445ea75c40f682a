"""What staff decide about pairs of clients: journalled, kept with the clues it was made by, taken back by undo."""

from collections.abc import Sequence

from sqlalchemy import select

from console.data.change import Change
from console.data.duplicates import models, pairs, scoring, state
from console.data.duplicates.both import in_order
from console.data.duplicates.marks import listed
from console.data.errors import NotFound, Refused
from console.data.models.clients import client
from console.data.models.duplicates import duplicate_decision
from console.data.records.duplicates import DECISIONS


async def record(change: Change, decided: Sequence[tuple[int, int]], decision: str) -> list[int]:
    """Remember a decision on each of these pairs; returns the ids of its rows.

    'different' and 'related' hold until a clue of the two has changed, 'same' for good. NotFound or Refused where one
    of the two is gone, not looked for, or the other.
    """
    both = [in_order(one, other) for one, other in decided]
    await _check(change, both, decision)
    connection = change.connection
    model = await models.current(connection)
    judged, _ = await scoring.judge_stored(connection, both, model)
    clues = {one.pair: (one.levels, one.rarity.steps) for one in judged}
    run = (await state.load(connection)).run
    if decision == "same":
        rows = [pairs.row_of(one, model, run, change.at) for one in judged]
        await pairs.put(connection, rows, change.new_id)
    values = [
        {
            "first_id": pair[0],
            "second_id": pair[1],
            "decision": decision,
            "staff_id": change.actor.staff_id,
            "levels": clues[pair][0],
            "rarity": clues[pair][1],
            "model_version": model.version,
        }
        for pair in dict.fromkeys(both)
    ]
    return await change.insert_many(duplicate_decision, values)


async def _check(change: Change, both: Sequence[tuple[int, int]], decision: str) -> None:
    if decision not in DECISIONS:
        raise Refused(f"A decision is one of {', '.join(DECISIONS)}.")
    if change.actor.staff_id is None:
        raise Refused("Only a member of staff decides about duplicates.")
    if any(one == other for one, other in both):
        raise Refused("A client is always the same as themselves. Name two clients.")
    wanted = {one for pair in both for one in pair}
    query = select(client.c.id, client.c.name, listed().label("listed")).where(client.c.id.in_(wanted))
    found = {row.id: row for row in await change.connection.execute(query)}
    if wanted - found.keys():
        raise NotFound("There is no such client. They may have been purged.")
    for row in found.values():
        if not row.listed:
            name = row.name or "One of the clients"
            raise Refused(f"{name} is deleted, archived or merged, so there is nothing to decide about them.")
