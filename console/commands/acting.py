"""How an action runs on clients: few in one transaction, many in chunks of one batch; one sentence at the end."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
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


def tell_watch(finished: int, total: int) -> None:
    """Say how far an action on many is, to whoever watches; an exception of theirs stops it."""
    watch = _watch.get()
    if watch is not None:
        watch(finished, total)


@dataclass(slots=True)
class Outcome:
    """On how many an action ran, and the first of them; how many were left out, and why the first one was.

    ``entry_id`` is its journal entry, of a batch the last; None if nothing was changed. Nothing is kept of each, for
    they may be a million.
    """

    count: int = 0
    first: ClientFacts | None = None
    refused: int = 0
    reason: str = ""
    entry_id: int | None = None
    detail: str = ""

    @property
    def whom(self) -> str:
        """The one client's name, or how many there are."""
        return self.first.name if self.count == 1 and self.first else f"{self.count:,} clients"

    def add(self, found: Sequence[ClientFacts], refused: Sequence[str]) -> None:
        """Count those of a chunk."""
        if found and self.first is None:
            self.first = found[0]
        if refused and not self.reason:
            self.reason = refused[0]
        self.count += len(found)
        self.refused += len(refused)

    def check(self) -> None:
        """Refused where it could run on nobody, NotFound where there was nobody."""
        if not self.count and not self.refused:
            raise NotFound("There is no such client. They may have been purged.")
        if not self.count:
            several = self.refused > 1
            raise Refused(f"None of {self.refused:,} clients: {self.reason}" if several else self.reason)


async def targets(
    change: Change, disabled: Disabled, ids: Sequence[int]
) -> tuple[list[ClientFacts], list[str]]:
    """The clients an action can run on, and why it cannot on the others; Refused if on none.

    They are locked first: what is checked here still holds when it is written. The entry is about the one client,
    or nobody in particular.
    """
    found, refused = await _admitted(change, disabled, ids)
    outcome = Outcome()
    outcome.add(found, refused)
    outcome.check()
    if len(found) == 1:
        change.entry.object_type, change.entry.object_id = "client", found[0].id
    return found, refused


async def _admitted(
    change: Change, disabled: Disabled, ids: Sequence[int]
) -> tuple[list[ClientFacts], list[str]]:
    """Lock these clients; returns those the action can run on, and why it cannot on the others."""
    able, refused = [], []
    for one in await clients.locked_facts(change, ids):
        target = one if one.name else replace(one, name=NO_NAME)
        if (reason := disabled(target)) is None:
            able.append(target)
        else:
            refused.append(reason)
    return able, refused


def whom(found: Sequence[ClientFacts]) -> str:
    """The one client's name, or how many there are."""
    return found[0].name if len(found) == 1 else f"{len(found):,} clients"


def entry_of(change: Change) -> int | None:
    """The journal entry a finished change has become; None if it changed nothing."""
    return change.entry_id if change.written else None


def done(command: str, outcome: Outcome) -> Done:
    """What to say: what was done to whom, and who was left out and why."""
    if outcome.entry_id is None:
        return Done(f"It is so already for {outcome.whom}. Nothing was changed.")
    return left_out(told(command, outcome.whom, outcome.detail), outcome)


def left_out(sentence: str, outcome: Outcome) -> Done:
    """What was done, as the sentence says it, with who was left out and why."""
    if outcome.refused:
        sentence += f"; {outcome.refused:,} left out: {outcome.reason.rstrip('.')}"
    return Done(sentence, outcome.entry_id, outcome.count)


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
    outcome = Outcome(entry_id=entry_of(change), detail=change.entry.detail)
    outcome.add(found, refused)
    return outcome


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
    outcome, finished = Outcome(), 0
    async with batch(desk, actor, action, reason=reason) as running:
        for part in impact.chunks(ids):
            async with running.chunk() as change:
                able, refused = await _admitted(change, disabled, part)
                outcome.add(able, refused)
                if able:
                    await act(change, [one.id for one in able], inputs)
                    outcome.detail = change.entry.detail
            finished += len(part)
            tell_watch(finished, len(ids))
        outcome.check()
    outcome.entry_id = running.last_entry
    return outcome


def on_clients(command: str, act: Act, disabled: Disabled) -> Run:
    """Run ``act`` on those of the clients it can run on."""

    async def run(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
        return done(command, await run_on(desk, actor, command, ids, inputs, act, disabled))

    return run
