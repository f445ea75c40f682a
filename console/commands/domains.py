"""Mail domains as rules: given, taken, and everybody looked at anew; what moves is shown before it does."""

from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from console.commands.model import Ask, Command, Inputs
from console.data import organizations, rescan
from console.data.desk import Desk
from console.data.errors import Refused
from console.data.records import Actor, Done, Impact, OrganizationFacts, Rescan, Rescanned
from console.text import plural
from console.wording import NO_NAME

Preview = Callable[[AsyncConnection, int, str], Awaitable[Rescan]]


def card(title: str, found: Rescan) -> Impact | None:
    """What would be done, as an impact card; None where nobody would move and nothing be made."""
    if not found.moves:
        return None
    arrows = tuple(
        f"{one.client or NO_NAME}: {one.before or 'none'} > {one.after or 'none'}" for one in found.moving
    )
    touched = (("organizations to be made", found.made),) if found.made else ()
    managers = plural(found.managers, "manager loses", "managers lose")
    seen = plural(found.seen, "open incident", "open incidents")
    return Impact(
        title=title if found.moves > 1 else f"{title} ({arrows[0]})",
        count=found.moves,
        touched=touched,
        names=arrows,
        flags=tuple(conflicts(found)),
        sight=(
            *((f"{managers} the rights to the organization they leave.",) if found.managers else ()),
            *((f"Managers where they go newly see {seen}.",) if found.seen else ()),
        ),
    )


def conflicts(found: Rescan) -> list[str]:
    """The clients in conflict, in sentences; the first few by name."""
    if not found.conflicts:
        return []
    named = [f"{one.client or NO_NAME} ({', '.join(one.organizations)})" for one in found.conflicting]
    more = found.conflicts - len(named)
    rest = f" and {more:,} more" if more else ""
    point = plural(found.conflicts, "client points", "clients point")
    return [f"{point} to several organizations and stays: {'; '.join(named)}{rest}."]


def would(found: Rescan) -> str:
    """What a rescan would do: 'would move 38 clients, make 4 organizations, 3 in conflict'."""
    parts = [f"would move {plural(found.moves, 'client', 'clients')}"]
    if found.made:
        parts.append(f"make {plural(found.made, 'organization', 'organizations')}")
    if found.conflicts:
        parts.append(f"{found.conflicts:,} in conflict")
    return ", ".join(parts)


async def previewed(action: str, desk: Desk, ids: Sequence[int], domain: str) -> Rescan:
    """What one of the actions here would do."""
    async with desk.read() as connection:
        if action == "organization.rescan":
            return await rescan.preview(connection)
        look = rescan.preview_adding if action == "organization.add-domain" else rescan.preview_removing
        return await look(connection, ids[0], domain)


async def _weigh_rescan(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Impact | None:
    async with desk.read() as connection:
        found = await rescan.preview(connection)
    return card(f"Mail domains anew: {would(found)}", found)


async def _rescan(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    done = await rescan.rescan(desk, actor)
    if done.entry_id is None:
        async with desk.read() as connection:
            stay = conflicts(await rescan.preview(connection))
        return Done(" ".join(["Everybody is where the mail domains say. Nothing was changed.", *stay]))
    made = f", made {plural(done.made, 'organization', 'organizations')}" if done.made else ""
    left = f"; {done.conflicts:,} in conflict stay" if done.conflicts else ""
    return Done(f"Moved {plural(done.moved, 'client', 'clients')}{made}{left}", done.entry_id, done.moved)


async def _one(desk: Desk, ids: Sequence[int]) -> OrganizationFacts:
    """The one organization; Refused where several are meant, or it is gone."""
    async with desk.read() as connection:
        found = await organizations.facts(connection, ids[:2])
    if len(found) != 1:
        raise Refused("A mail domain belongs to one organization. Name one.")
    if (reason := _present(found[0])) is not None:
        raise Refused(reason)
    return found[0]


def _present(target: OrganizationFacts) -> str | None:
    return None if target.state in ("live", "archived") else f"{target.name} is {target.state}. Open another."


def _weigh_with(preview: Preview, verb: str) -> Callable[..., Awaitable[Impact | None]]:
    async def weigh(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Impact | None:
        one, domain = await _one(desk, ids), inputs.get("domain", "").strip()
        async with desk.read() as connection:
            found = await preview(connection, one.id, domain)
        return card(f"{verb.format(domain=domain, name=one.name)}: {would(found)}", found)

    return weigh


async def _add(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    one, domain = await _one(desk, ids), inputs.get("domain", "").strip()
    return _done(
        f"Mail from {domain} means {one.name} now", await rescan.add_domain(desk, actor, one.id, domain)
    )


async def _remove(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    one, domain = await _one(desk, ids), inputs.get("domain", "").strip()
    done = await rescan.remove_domain(desk, actor, one.id, domain)
    return _done(f"Mail from {domain} no longer means {one.name}", done)


def _done(sentence: str, done: Rescanned) -> Done:
    moved = f"; moved {plural(done.moved, 'client', 'clients')}" if done.moved else "; nobody moved"
    left = f", {done.conflicts:,} in conflict stay" if done.conflicts else ""
    return Done(sentence + moved + left, done.entry_id, done.moved)


ON_DOMAINS: tuple[Command, ...] = (
    Command(
        "organization.rescan",
        "R",
        "Rescan mail domains",
        "Move clients where the mail domains say; shows first who would move. What was set by hand stays.",
        frozenset({"organizations"}),
        "more",
        run=_rescan,
        impact=_weigh_rescan,
        changes=True,
    ),
    Command(
        "organization.add-domain",
        "plus",
        "Add mail domain",
        "Mail from there means this organization; .acme.pl includes what is below it. Shows first who would move.",
        frozenset({"organization"}),
        "more",
        asks=(Ask("domain", "Mail domain (.acme.pl with subdomains)", required=True),),
        run=_add,
        impact=_weigh_with(rescan.preview_adding, "{domain} for {name}"),
        disabled=_present,
        changes=True,
        single=True,
    ),
    Command(
        "organization.remove-domain",
        "minus",
        "Remove mail domain",
        "Mail from there no longer means this organization; in its tab, that of the row. Shows first who would move.",
        frozenset({"organization"}),
        "more",
        asks=(Ask("domain", "Mail domain to take away", required=True),),
        run=_remove,
        impact=_weigh_with(rescan.preview_removing, "{domain} no longer for {name}"),
        disabled=_present,
        changes=True,
        single=True,
    ),
)
