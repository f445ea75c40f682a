"""How an action runs on clients: one transaction, one journal entry, one sentence."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from console.commands.model import Disabled, Inputs, Run
from console.data import clients
from console.data.change import Change
from console.data.desk import Desk
from console.data.errors import NotFound, Refused
from console.data.records import Actor, ClientFacts, Done
from console.wording import NO_NAME, past

Act = Callable[[Change, list[int], Inputs], Awaitable[Any]]


async def targets(
    change: Change, disabled: Disabled, ids: Sequence[int]
) -> tuple[list[ClientFacts], list[str]]:
    """The clients an action can run on, and why it cannot on the others; Refused if on none.

    They are locked first: what is checked here still holds when it is written. The entry is about the one client,
    or nobody in particular.
    """
    known = await clients.locked_facts(change, ids)
    found = [one if one.name else replace(one, name=NO_NAME) for one in known]
    if not found:
        raise NotFound("There is no such client. They may have been purged.")
    reasons = [(target, disabled(target)) for target in found]
    able = [target for target, reason in reasons if reason is None]
    refused = [reason for _, reason in reasons if reason is not None]
    if not able:
        raise Refused(refused[0] if len(refused) == 1 else f"None of {len(refused)} clients: {refused[0]}")
    if len(able) == 1:
        change.entry.object_type, change.entry.object_id = "client", able[0].id
    return able, refused


def whom(found: Sequence[ClientFacts]) -> str:
    """The one client's name, or how many there are."""
    return found[0].name if len(found) == 1 else f"{len(found):,} clients"


def entry_of(change: Change) -> int | None:
    """The journal entry a finished change has become; None if it changed nothing."""
    return change.entry_id if change.written else None


def done(command: str, found: Sequence[ClientFacts], refused: Sequence[str], change: Change) -> Done:
    """What to say: what was done to whom, and who was left out and why."""
    if not change.written:
        return Done(f"It is so already for {whom(found)}. Nothing was changed.")
    sentence = past(command, whom(found))
    if refused:
        sentence += f"; {len(refused):,} left out: {refused[0].rstrip('.')}"
    return Done(sentence, entry_of(change), len(found))


def on_clients(command: str, act: Act, disabled: Disabled) -> Run:
    """Run ``act`` on those of the clients it can run on."""

    async def run(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
        async with desk.change(actor, command, reason=inputs.get("reason", "").strip()) as change:
            found, refused = await targets(change, disabled, ids)
            await act(change, [target.id for target in found], inputs)
        return done(command, found, refused, change)

    return run
