"""The impact card of an action: made before it runs, shown by the console and by the command line."""

from collections.abc import Sequence
from dataclasses import replace

from console.commands.acting import Outcome, tell_watch
from console.commands.model import Command, Disabled, Inputs
from console.data import clients, impact
from console.data.desk import Desk
from console.data.records import AT_ONCE, Actor, ClientFacts, Impact
from console.text import one_line, plural
from console.wording import NO_NAME

SAMPLE = 6
SHOWN = 60
"""Characters that a card shows of an answer."""


async def weigh(
    desk: Desk, actor: Actor, command: Command, ids: Sequence[int], inputs: Inputs
) -> Impact | None:
    """The card that must be confirmed before the command runs; None where it runs at once.

    A command's own ``impact`` says; of other actions on clients only those on more than AT_ONCE have a card.
    """
    if not actor.may_change:
        return None  # it is refused when it runs
    if command.impact is not None:
        return await command.impact(desk, actor, ids, inputs)
    on_clients = command.id.startswith("client.") and command.changes and command.disabled is not None
    if not on_clients or len(ids) <= AT_ONCE:
        return None
    card = await of_clients(desk, actor, command.title, ids, command.disabled)
    given = [
        f"{ask.name}: {one_line(inputs[ask.name], SHOWN)}" for ask in command.asks if inputs.get(ask.name)
    ]
    return card and replace(card, answers=tuple(given))


async def of_clients(
    desk: Desk, actor: Actor, title: str, ids: Sequence[int], disabled: Disabled | None
) -> Impact | None:
    """The card of an action on those of the clients that it can run on; None if it can run on none of them."""
    names: list[str] = []
    outcome, has = Outcome(), impact.Weight()
    async with desk.read() as connection:
        for chunk in impact.chunks(ids):
            able, refused = _parted(await clients.facts(connection, chunk, actor.staff_id), disabled)
            outcome.add(able, refused)
            names += [one.name or NO_NAME for one in able[: SAMPLE - len(names)]]
            has = has.plus(await impact.weight(connection, [one.id for one in able]))
            tell_watch(min(outcome.count + outcome.refused, len(ids)), len(ids))
    if not outcome.count:
        return None
    return Impact(
        title=f"{title}: {names[0] if outcome.count == 1 else outcome.whom}",
        count=outcome.count,
        touched=_told(("open incidents", has.incidents), ("contacts", has.contacts)),
        names=tuple(names),
        flags=_flags(has),
        left_out=f"{outcome.refused:,} left out: {outcome.reason.rstrip('.')}" if outcome.refused else "",
    )


def _parted(found: Sequence[ClientFacts], disabled: Disabled | None) -> tuple[list[ClientFacts], list[str]]:
    """Those an action can run on, and why it cannot on the others."""
    able, refused = [], []
    for one in found:
        reason = disabled(one) if disabled is not None else None
        if reason is None:
            able.append(one)
        else:
            refused.append(reason)
    return able, refused


def _flags(has: impact.Weight) -> tuple[str, ...]:
    told = (
        (has.managers, plural(has.managers, "manager", "managers")),
        (has.critical, f"{has.critical:,} with an open critical incident"),
        (has.unpaid, f"{has.unpaid:,} with an unpaid invoice"),
        (has.favourites, plural(has.favourites, "favourite", "favourites")),
    )
    return tuple(sentence for number, sentence in told if number)


def _told(*counted: tuple[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple((what, number) for what, number in counted if number)


# In words

_ONE = {"contacts": "contact", "incidents": "incident", "open incidents": "open incident"}


def told(card: Impact) -> list[tuple[str, tuple[str, ...]]]:
    """A card in parts, each a heading and its lines; parts of which there is nothing to say are left out."""
    more = card.count - len(card.names)
    names = "; ".join(card.names) + (f" and {more:,} more" if card.names and more > 0 else "")
    counted = tuple(
        f"{number:,} {_ONE.get(what, what) if number == 1 else what}" for what, number in card.touched
    )
    ending = "Can be undone as a whole (u)." if card.undoable else "This cannot be undone."
    parts = [
        (card.title, (*card.answers, *((names,) if card.count > 1 and names else ()))),
        ("With them", counted),
        ("Look twice", card.flags),
        ("Who sees what", card.sight),
        ("", tuple(line for line in (card.left_out, ending) if line)),
    ]
    return [(title, lines) for title, lines in parts if lines or title == card.title]
