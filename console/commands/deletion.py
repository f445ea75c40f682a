"""Deleting clients, bringing them back, and purging them for good."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from console.commands.acting import done, left_out, run_on, whom
from console.commands.client_details import zone
from console.commands.impacts import of_clients
from console.commands.model import CLIENTS, Command, Inputs
from console.commands.reasons import deleted, gone
from console.data import belongings, clients, deletion
from console.data.change import Change
from console.data.desk import Desk
from console.data.errors import Refused
from console.data.purge import ADMINS, purge
from console.data.records import Actor, Done, Impact
from console.text import plural
from console.wording import NO_NAME, past

AT_MOST = 100
"""Clients purged by one command: each is counted, row by row, on the card before it."""


async def _delete(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    """Delete clients; say until when they can be restored."""
    until: list[datetime] = []

    async def act(change: Change, able: list[int], _: Inputs) -> None:
        until.append(await deletion.delete_clients(change, able))

    outcome = await run_on(desk, actor, "client.delete", ids, inputs, act, gone)
    if outcome.entry_id is None:
        return done("client.delete", outcome)
    day = until[-1].astimezone(zone(inputs))
    year = "" if until[-1].year == desk.now().year else f" {day:%Y}"
    return left_out(
        f"{past('client.delete', outcome.whom)} · to be purged on {day.day} {day:%b}{year}", outcome
    )


async def _restore(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    """Bring deleted clients back; say what of theirs somebody else has by now, and what is gone."""
    kept: list[deletion.Kept] = []
    lost: list[str] = []

    async def act(change: Change, able: list[int], _: Inputs) -> None:
        lost.extend(await deletion.lost_organizations(change.connection, able))
        kept.extend(await deletion.restore(change, able))

    outcome = await run_on(desk, actor, "client.restore", ids, inputs, act, deleted)
    answer = done("client.restore", outcome)
    if lost:
        several = f" and {len(lost) - 1:,} more are" if len(lost) > 1 else " is"
        gone_too = f"{lost[0]}{several} deleted and no longer their organization"
        answer = replace(answer, sentence=f"{answer.sentence}; {gone_too}")
    if not kept:
        return answer
    more = f" and {len(kept) - 1:,} more have other holders" if len(kept) > 1 else ""
    taken = f"{kept[0].what} stays with {kept[0].holder or NO_NAME}{more}"
    return replace(answer, sentence=f"{answer.sentence}; {taken}")


async def _weigh_purge(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Impact | None:
    """Every row that would go, counted; their name is typed, or how many they are."""
    _check(actor, ids)
    card = await of_clients(desk, actor, "Purge for good", ids, deleted)
    if card is None:
        return None
    counts: Counter[str] = Counter()
    async with desk.read() as connection:
        able = [one for one in await clients.facts(connection, ids) if deleted(one) is None]
        for one in able:
            counts.update(await belongings.counts(connection, one.id))
    name = able[0].name if len(able) == 1 and typeable(able[0].name) else ""
    return replace(card, touched=tuple(counts.most_common()), undoable=False, word=name or str(len(able)))


def typeable(name: str) -> bool:
    """Whether a name can be asked for to be typed: it is short, and shows what it is."""
    return 0 < len(name) <= 60 and name.isprintable() and name == " ".join(name.split())


async def _purge(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    """Purge deleted clients, one after the other; what was finished before an error stays finished."""
    _check(actor, ids)
    async with desk.read() as connection:
        found = await clients.facts(connection, ids)
    able = [one if one.name else replace(one, name=NO_NAME) for one in found if deleted(one) is None]
    refused = [reason for one in found if (reason := deleted(replace(one, name=one.name or NO_NAME)))]
    if not able:
        raise Refused(
            refused[0] if refused else "There is no such client. They may have been purged already."
        )
    rows = 0
    for one in able:
        rows += (await purge(desk, actor, one.id)).total
    sentence = f"{past('client.purge', whom(able))}: {plural(rows, 'row', 'rows')}, for good"
    if refused:
        sentence += f"; {len(refused):,} left out: {refused[0].rstrip('.')}"
    return Done(sentence, None, len(able))


def _check(actor: Actor, ids: Sequence[int]) -> None:
    if actor.role != "admin":
        raise Refused(ADMINS)
    if len(ids) > AT_MOST:
        raise Refused(f"Purge up to {AT_MOST} clients at once. The others go when their time is over.")


ON_DELETED: tuple[Command, ...] = (
    Command(
        "client.delete",
        "x",
        "Delete",
        "Out of the lists, their addresses free; they can be restored until the day they are purged.",
        CLIENTS,
        "more",
        run=_delete,
        disabled=gone,
        changes=True,
        danger=True,
    ),
    Command(
        "client.restore",
        "X",
        "Restore",
        "Bring a deleted client back (v shows the deleted), with all addresses that nobody else has by now.",
        CLIENTS,
        "more",
        run=_restore,
        disabled=deleted,
        changes=True,
    ),
    Command(
        "client.purge",
        "E",
        "Purge for good",
        "Erase a deleted client and everything of theirs, now and for ever. Admins only.",
        CLIENTS,
        "more",
        run=_purge,
        disabled=deleted,
        changes=True,
        danger=True,
        admins=True,
        impact=_weigh_purge,
    ),
)
