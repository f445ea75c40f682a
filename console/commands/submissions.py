"""What staff decide about submissions: who is registered, what is let go."""

from collections.abc import Sequence
from dataclasses import replace

from console.commands.acting import entry_of
from console.commands.model import INCIDENTS, SHOWN, Ask, Command, Inputs, Run
from console.data import find, held, release
from console.data.desk import Desk
from console.data.errors import Refused
from console.data.records import Actor, Done, HeldRow, IncidentFacts
from console.text import plural


def has_client(target: IncidentFacts) -> str | None:
    """Only a sender who is no client can be registered."""
    return f"{target.name} belongs to a client already. c opens them." if target.client_id else None


def is_held(target: HeldRow) -> str | None:
    """All that stands in quarantine can be released."""
    return None


async def _register(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    if len(ids) > 1:
        raise Refused("Senders are registered one by one: each takes over what they sent. Name one incident.")
    async with desk.change(actor, "incident.register") as change:
        found = await release.register(change, ids[0])
    taken = plural(found.incidents, "incident is theirs", "incidents are theirs")
    did = f"Registered {found.name}, {found.status}" if found.made else f"{found.name} is a client by now"
    return Done(f"{did}; {taken}", entry_of(change), 1, found.client_id)


async def _release(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    async with desk.change(actor, "held.release") as change:
        made = [await release.release(change, one) for one in ids]
    told = "; ".join(f"{one.told[:1].lower()}{one.told[1:]}" for one in made)
    return Done(f"Released: {told}", entry_of(change), len(made), made[0].incident_id)


async def _attach(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    """Give the sender of an incident to a client who is there already."""
    if len(ids) > 1:
        raise Refused("Senders are given to a client one by one. Name one incident.")
    async with desk.read() as connection:
        client_id = await find.client_id(connection, inputs.get("client", ""))
    async with desk.change(actor, "incident.attach") as change:
        found = await release.attach(change, ids[0], client_id)
    taken = plural(found.incidents, "incident is theirs", "incidents are theirs")
    added = f", {found.identity} too" if found.identity else ""
    return Done(f"{found.name}: {taken} now{added}", entry_of(change), 1, client_id)


def offering(run: Run) -> Run:
    """The same action; where it leaves things of the one client in quarantine, it says so."""

    async def offer(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
        done = await run(desk, actor, ids, inputs)
        if len(ids) != 1 or done.entry_id is None:
            return done
        async with desk.read() as connection:
            count = await held.count(connection, ids[0])
        if not count:
            return done
        theirs = plural(count, "message of theirs is held", "messages of theirs are held")
        return replace(done, sentence=f"{done.sentence}; {theirs}: press 7")

    return offer


ON_SUBMISSIONS: tuple[Command, ...] = (
    Command(
        "incident.register",
        "N",
        "Register sender",
        "Make a client of the sender, who takes over all incidents of that address.",
        INCIDENTS,
        run=_register,
        disabled=has_client,
        changes=True,
        single=True,
    ),
    Command(
        "incident.attach",
        "",
        "Give to client",
        "The sender is a client who is there already: the address becomes theirs, and so do all incidents from it.",
        INCIDENTS,
        asks=(Ask("client", "Client (id, address, username, name)", required=True),),
        run=_attach,
        disabled=has_client,
        changes=True,
        single=True,
    ),
    Command(
        "held.release",
        "r",
        "Release",
        "Let it through: it becomes an incident of the client, or goes on in its thread.",
        frozenset({"held"}),
        footer=SHOWN,
        run=_release,
        disabled=is_held,
        changes=True,
        single=True,
    ),
)
