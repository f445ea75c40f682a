"""SLA targets of a client's own, and the questions that ask for a target."""

from console.commands.acting import on_clients
from console.commands.model import CLIENTS, Ask, Command, Inputs
from console.commands.reasons import gone
from console.data import sla
from console.data.change import Change
from console.data.models.words import INCIDENT_KINDS, PRIORITIES

ASKS = (
    Ask("kind", "Kind", required=True, choices=INCIDENT_KINDS),
    Ask("priority", "Priority", required=True, choices=PRIORITIES),
    Ask("first", "First response (4 h; none: no promise; -: no own target; empty: as it is)"),
    Ask("resolution", "Resolution (2 d, 2 h 30 min)"),
)


def target_of(inputs: Inputs) -> sla.Wanted:
    """The SLA target that the answers mean; Invalid for what cannot be read."""
    wanted = sla.Wanted(*(inputs.get(name, "") for name in ("kind", "priority", "first", "resolution")))
    wanted.check()
    return wanted


def told(wanted: sla.Wanted) -> str:
    """A target in words, for the journal."""
    head = f"{wanted.kind}s, {wanted.priority}"
    if wanted.away:
        return f"{head}: own target taken away"
    parts = (("first response", wanted.first), ("resolution", wanted.resolution))
    return f"{head}: " + ", ".join(f"{what} {given.strip()}" for what, given in parts if given.strip())


async def _sla(change: Change, ids: list[int], inputs: Inputs) -> None:
    wanted = target_of(inputs)
    change.entry.detail = told(wanted)
    await sla.set_of_clients(change, ids, wanted)


ON_TARGETS: tuple[Command, ...] = (
    Command(
        "client.sla",
        "",
        "SLA target",
        "Their own times for a kind and priority of incidents; in SLA, enter edits the target of the row.",
        CLIENTS,
        "more",
        asks=ASKS,
        run=on_clients("client.sla", _sla, gone),
        disabled=gone,
        changes=True,
    ),
)
