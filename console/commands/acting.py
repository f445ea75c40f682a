"""How an action runs on clients: few in one transaction, many in chunks of one batch; one sentence at the end."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any

from console.commands.model import Disabled, Inputs, Run
from console.data import clients, impact
from console.data.batch import batch
from console.data.change import Change
from console.data.desk import Desk
from console.data.errors import NotFound, Refused
from console.data.records import Actor, ClientFacts, Done
from console.wording import NO_NAME, told

Act = Callable[[Change, list[int], Inputs], Awaitable[Any]]
Watch = Callable[[int, int], None]

_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def watched(watch: Watch) -> Iterator[None]:
    """While an action on many runs inside, ``watch`` is told how many are done, of how many, after each chunk.

    An exception it raises stops the action, and what was done is taken back.
    """
    token = _watch.set(watch)
    try:
        yield
    finally:
        _watch.reset(token)


@dataclass(slots=True)
class Outcome:
    """Whom an action ran on, why not on others, and its journal entry: of a batch the last; None if none changed."""

    found: list[ClientFacts] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    entry_id: int | None = None
    detail: str = ""

    def check(self) -> None:
        """Refused where it could run on nobody, NotFound where there was nobody."""
        if not self.found and not self.refused:
            raise NotFound("There is no such client. They may have been purged.")
        if not self.found:
            several = len(self.refused) > 1
            raise Refused(
                f"None of {len(self.refused):,} clients: {self.refused[0]}" if several else self.refused[0]
            )


async def targets(
    change: Change, disabled: Disabled, ids: Sequence[int]
) -> tuple[list[ClientFacts], list[str]]:
    """The clients an action can run on, and why it cannot on the others; Refused if on none.

    They are locked first: what is checked here still holds when it is written. The entry is about the one client,
    or nobody in particular.
    """
    outcome = Outcome()
    await _admit(change, disabled, ids, outcome)
    outcome.check()
    if len(outcome.found) == 1:
        change.entry.object_type, change.entry.object_id = "client", outcome.found[0].id
    return outcome.found, outcome.refused


async def _admit(change: Change, disabled: Disabled, ids: Sequence[int], outcome: Outcome) -> list[int]:
    """Lock these clients and add them to the outcome; returns the ids of those the action can run on."""
    able = []
    for one in await clients.locked_facts(change, ids):
        target = one if one.name else replace(one, name=NO_NAME)
        if (reason := disabled(target)) is None:
            outcome.found.append(target)
            able.append(target.id)
        else:
            outcome.refused.append(reason)
    return able


def whom(found: Sequence[ClientFacts]) -> str:
    """The one client's name, or how many there are."""
    return found[0].name if len(found) == 1 else f"{len(found):,} clients"


def entry_of(change: Change) -> int | None:
    """The journal entry a finished change has become; None if it changed nothing."""
    return change.entry_id if change.written else None


def done(command: str, outcome: Outcome) -> Done:
    """What to say: what was done to whom, and who was left out and why."""
    if outcome.entry_id is None:
        return Done(f"It is so already for {whom(outcome.found)}. Nothing was changed.")
    sentence = told(command, whom(outcome.found), outcome.detail)
    return Done(left_out(sentence, outcome), outcome.entry_id, len(outcome.found))


def left_out(sentence: str, outcome: Outcome) -> str:
    """The sentence, with who was left out and why."""
    if not outcome.refused:
        return sentence
    return f"{sentence}; {len(outcome.refused):,} left out: {outcome.refused[0].rstrip('.')}"


async def run_on(
    desk: Desk,
    actor: Actor,
    action: str,
    ids: Sequence[int],
    inputs: Inputs,
    act: Act,
    disabled: Disabled,
) -> Outcome:
    """Run ``act`` on those of the clients it can run on: up to ``impact.CHUNK`` in one entry, more as a batch of such.

    Raises Refused or NotFound if it can run on none; an error in a batch takes its finished chunks back.
    """
    reason = inputs.get("reason", "").strip()
    if len(ids) > impact.CHUNK:
        return await _run_on_many(desk, actor, action, reason, ids, inputs, act, disabled)
    async with desk.change(actor, action, reason=reason) as change:
        found, refused = await targets(change, disabled, ids)
        await act(change, [target.id for target in found], inputs)
    return Outcome(found, refused, entry_of(change), change.entry.detail)


async def _run_on_many(
    desk: Desk,
    actor: Actor,
    action: str,
    reason: str,
    ids: Sequence[int],
    inputs: Inputs,
    act: Act,
    disabled: Disabled,
) -> Outcome:
    outcome, watch, finished = Outcome(), _watch.get(), 0
    async with batch(desk, actor, action, reason=reason) as running:
        for part in impact.chunks(ids):
            async with running.chunk() as change:
                if able := await _admit(change, disabled, part, outcome):
                    await act(change, able, inputs)
                    outcome.detail = change.entry.detail
            finished += len(part)
            if watch is not None:
                watch(finished, len(ids))
        outcome.check()
    outcome.entry_id = running.last_entry
    return outcome


def on_clients(command: str, act: Act, disabled: Disabled) -> Run:
    """Run ``act`` on those of the clients it can run on."""

    async def run(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
        return done(command, await run_on(desk, actor, command, ids, inputs, act, disabled))

    return run
