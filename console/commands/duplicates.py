"""What staff decide about clients who may be the same: in the queue, beside a client, and about a sender."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product

from sqlalchemy.ext.asyncio import AsyncConnection

from console.commands.acting import entry_of
from console.commands.model import INCIDENTS, LOOKED, Command, Inputs, Run
from console.data import clients
from console.data.desk import Desk
from console.data.errors import Refused
from console.data.records import Actor, Done
from console.wording import NO_NAME

QUEUE = frozenset({"duplicates"})
ALIKE = frozenset({"alike"})
SENDER = frozenset({"sender"})
PAIRS = QUEUE | ALIKE
COMPARED = PAIRS | SENDER

LOOK = frozenset({"look"})  # together LOOKED
CANDIDATE = LOOKED - LOOK
PAIR, SENDER_PAIR = frozenset({"pair"}), frozenset({"match"})  # one of them, in full

APART = "apart"
"""The answer that names, with commas, the ids of those who are not the same as the others."""

_DECIDED = {"same": "the same", "different": "not the same", "related": "related, not the same"}


@dataclass(frozen=True, slots=True)
class PairFacts:
    """The pair under the cursor, as the commands see it: the id of the first, and what the two are called."""

    id: int
    name: str
    state: str = "live"
    noun: str = "client"


def pairs_of(ids: Sequence[int], apart: str = "") -> list[tuple[int, int]]:
    """The pairs a decision is about: those apart with each of the others; without such, or if all are, all pairs."""
    out = {int(one) for one in apart.split(",") if one}
    rest = [one for one in ids if one not in out]
    found = product([one for one in ids if one in out], rest) if out and rest else combinations(ids, 2)
    return [(min(pair), max(pair)) for pair in found]


async def decide(desk: Desk, actor: Actor, pairs: Sequence[tuple[int, int]], decision: str) -> Done:
    """Remember what staff decided of pairs of clients: 'same', 'different' or 'related'; one journal entry."""
    from console.data.duplicates import decisions  # it takes long to import

    if not pairs:
        raise Refused("A decision is about two clients. Name both.")
    if any(one == other for one, other in pairs):
        raise Refused("That is one client. Name two.")
    async with desk.change(actor, "duplicate.decide", about=("client", pairs[0][0])) as change:
        await decisions.record(change, pairs, decision)
        change.entry.detail = _DECIDED[decision]  # no names: they would outlive those they are of
        whom = await _whom(change.connection, pairs)
    return Done(f"{whom}: {_DECIDED[decision]}", entry_of(change), len(pairs))


async def _whom(connection: AsyncConnection, pairs: Sequence[tuple[int, int]]) -> str:
    """Whom a decision is about: two by name, of more the one who is in all pairs."""
    shared = set(pairs[0]).intersection(*pairs)
    if not shared:
        return f"{len({one for pair in pairs for one in pair})} clients"
    one = min(shared)
    other = next(two for two in pairs[0] if two != one)
    found = await clients.facts(connection, [one, other])
    names = {fact.id: fact.name or NO_NAME for fact in found}
    rest = names.get(other, "") if len(pairs) == 1 else f"{len(pairs)} others"
    return f"{names.get(one, '')} and {rest}"


def _decide(decision: str) -> Run:
    async def run(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
        return await decide(desk, actor, pairs_of(ids, inputs.get(APART, "")), decision)

    return run


def decidable(target: PairFacts) -> str | None:
    """Whatever two are shown can be decided on."""
    return None


ON_DUPLICATES: tuple[Command, ...] = (
    Command(
        "same_person",
        "s,Y",
        "same",
        "They are one client: opens the merge, where nothing is done before you have seen it.",
        PAIRS | LOOK | PAIR,
        footer=PAIRS | LOOK | PAIR,
        changes=True,
    ),
    Command(
        "duplicate.different",
        "d",
        "different",
        "Not the same: remembered, and not suggested again unless their data changes.",
        PAIRS | LOOK | PAIR,
        footer=PAIRS | LOOK | PAIR,
        run=_decide("different"),
        disabled=decidable,
        changes=True,
    ),
    Command(
        "duplicate.related",
        "r",
        "related",
        "Two clients who belong together, such as a family or two branches: never to be merged.",
        PAIRS | LOOK | PAIR,
        footer=PAIRS | LOOK | PAIR,
        run=_decide("related"),
        disabled=decidable,
        changes=True,
    ),
    Command(
        "skip_pair",
        "n",
        "skip",
        "Leave it undecided, and go on to the next.",
        PAIRS | LOOK | PAIR,
        footer=PAIRS | PAIR,
    ),
    Command(
        "open_both",
        "o",
        "look",
        "Look at them whole, one after the other: o goes to the other, q comes back, no letter changes them.",
        COMPARED | PAIR | SENDER_PAIR,
        footer=COMPARED | PAIR | SENDER_PAIR,
    ),
    Command("look_other", "o", "other", "The other of the two, in the same tab.", LOOK, footer=LOOK),
    Command(
        "look_open",
        "c",
        "open",
        "Open the client as ever, to be worked on.",
        LOOKED,
        footer=LOOKED,
    ),
    Command(
        "apart",
        "space",
        "apart",
        "In a group of three or more: mark who is not the same. d then keeps those marked apart, s merges the others.",
        QUEUE,
    ),
    Command(
        "explain_pair",
        "enter",
        "in full",
        "All that is known of both, and each clue with its points.",
        COMPARED,
    ),
    Command(
        "same_sender",
        "s",
        "same",
        "The sender is this client: the address becomes theirs, and so do all incidents from it.",
        SENDER | CANDIDATE | SENDER_PAIR,
        footer=SENDER | CANDIDATE | SENDER_PAIR,
        changes=True,
    ),
    Command(
        "register_sender",
        "N",
        "register",
        "The sender is none of these: make a client of them.",
        SENDER | CANDIDATE | SENDER_PAIR,
        footer=SENDER | CANDIDATE | SENDER_PAIR,
        changes=True,
    ),
    Command(
        "alike",
        "equals_sign",
        "same?",
        "Who may be the same person, and why.",
        frozenset({"client"}) | INCIDENTS - {"incidents"},
    ),
)

OTHER_QUEUES: tuple[Command, ...] = (
    Command(
        "next_queue",
        "right",
        "queues",
        "The queue to the right: duplicates, related, groups to be taken apart, pairs in doubt; left goes back.",
        QUEUE,
        footer=QUEUE,
    ),
    Command("previous_queue", "left", "previous queue", "The queue to the left.", QUEUE),
)
