"""Which organization a client belongs to by the mail domains of their addresses.

The longest domain wins; a domain counts for those below it only where its rule says so (``.acme.pl``); free-mail and
disposable domains never count. What staff set by hand stays. What an import set stays unless a rule says otherwise;
what a rule set goes when no rule says it any more.

Whoever makes a client or changes their addresses calls ``assign`` at the end of the same change.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import managers, organizations, settings
from console.data.change import Change
from console.data.models.clients import client, identity
from console.data.models.journal import journal_entry, journal_item
from console.data.models.organizations import mail_domain, organization
from console.data.models.settings import setting
from console.data.models.staff import staff
from console.data.normalize import mail_domain as domain_of
from console.data.public_mail import and_above, is_public
from console.data.views import listed

CHUNK = 500
_PARAMETERS = 5000


@dataclass(frozen=True, slots=True)
class Rule:
    """That a mail domain means an organization; ``managed``: the organization has managers, who see what comes in."""

    domain: str
    subdomains: bool
    organization_id: int
    managed: bool = False


Rules = Mapping[str, Rule]


@dataclass(frozen=True, slots=True)
class Standing:
    """A client's organization, who set it (client.organization_by), and the mail domains of their own addresses."""

    id: int
    name: str
    organization_id: int | None
    by: str
    open_incidents: int
    hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a client: nothing; ``moves`` to an organization, into one to be ``made`` for a mail domain, or
    out (both empty); or ``conflict``, the organizations their addresses point to.
    """

    moves: bool = False
    organization_id: int | None = None
    made: str = ""
    conflict: tuple[int, ...] = ()


@dataclass(slots=True)
class Assigned:
    """What an assignment did: how many clients moved, and the organizations made, by mail domain."""

    moved: int = 0
    made: dict[str, int] = field(default_factory=dict)


STAYS = Verdict()


def meaning(host: str, rules: Rules) -> Rule | None:
    """The rule that holds for a mail domain: that of the longest one; None for free mail and the unknown."""
    if is_public(host):
        return None
    for name in and_above(host):
        rule = rules.get(name)
        if rule is not None and (name == host or rule.subdomains):
            return rule
    return None


def decide(
    organization_id: int | None, by: str, hosts: Sequence[str], rules: Rules, *, make: bool
) -> Verdict:
    """What the rules say of a client; with ``make`` an unknown company domain gets an organization of its own."""
    if by == "manual" or not hosts:
        return STAYS
    meant = sorted({rule.organization_id for host in hosts if (rule := meaning(host, rules)) is not None})
    if len(meant) > 1:
        return Verdict(conflict=tuple(meant))
    if meant:
        return STAYS if meant[0] == organization_id else Verdict(True, meant[0])
    if by == "import":
        return STAYS
    company = next((host for host in hosts if not is_public(host)), "") if make else ""
    if company or by == "auto":
        return Verdict(True, made=company)
    return STAYS


async def rules_for(connection: AsyncConnection, hosts: Iterable[str]) -> dict[str, Rule]:
    """The rules that may hold for these mail domains, by domain. Deleted and merged organizations have none."""
    names = sorted({name for host in hosts for name in and_above(host)})
    alive = and_(organization.c.deleted_at.is_(None), organization.c.absorbed_into.is_(None))
    columns = (
        mail_domain.c.domain,
        mail_domain.c.subdomains,
        organization.c.id,
        organization.c.manager != "",
    )
    found = {}
    for start in range(0, len(names), _PARAMETERS):
        query = (
            select(*columns)
            .join(organization, organization.c.id == mail_domain.c.organization_id)
            .where(mail_domain.c.domain.in_(names[start : start + _PARAMETERS]), alive)
        )
        for domain, below, owner, managed in await connection.execute(query):
            found[domain] = Rule(domain, bool(below), owner, bool(managed))
    return found


async def standings(connection: AsyncConnection, ids: Sequence[int]) -> list[Standing]:
    """How these clients stand, deleted and merged ones left out; up to ``CHUNK`` of them."""
    query = (
        select(
            client.c.id,
            client.c.name,
            client.c.organization_id,
            client.c.organization_by,
            client.c.open_incidents,
            identity.c.normalized,
        )
        .outerjoin(identity, and_(identity.c.client_id == client.c.id, own_address()))
        .where(client.c.id.in_(ids), client.c.deleted_at.is_(None), client.c.absorbed_into.is_(None))
        .order_by(client.c.id, identity.c.position, identity.c.id)
    )
    found: dict[int, Standing] = {}
    for row in await connection.execute(query):
        before = found.get(row.id)
        host = (domain_of(row.normalized),) if row.normalized else ()
        hosts = tuple(dict.fromkeys((*(before.hosts if before else ()), *host)))
        found[row.id] = Standing(
            row.id, row.name, row.organization_id, row.organization_by, row.open_incidents, hosts
        )
    return list(found.values())


def own_address() -> ColumnElement[bool]:
    """Identities that are live e-mail addresses of the client themselves, not of a contact."""
    return and_(identity.c.live, identity.c.type == "email", identity.c.contact_id.is_(None))


async def assign(change: Change, client_id: int) -> Assigned:
    """Put a new client, or one whose addresses changed, where the rules say; one set by hand stays.

    With the setting ``auto_organization`` an unknown company domain makes an organization, which the other clients of
    that domain join. Who moves out of an organization no longer manages it.
    """
    done = await assign_many(change, [client_id])
    for host in done.made:
        async for ids in _others(change.connection, host):
            done.moved += (await assign_many(change, ids)).moved
    return done


async def _others(connection: AsyncConnection, host: str) -> AsyncIterator[list[int]]:
    """Listed clients of a mail domain without an organization, in pieces."""
    last = -(1 << 63)
    alone = and_(listed(), client.c.mail_domain == host, client.c.organization_id.is_(None))
    while True:
        some = select(client.c.id).where(alone, client.c.id > last).order_by(client.c.id).limit(CHUNK)
        ids = list((await connection.execute(some)).scalars())
        if not ids:
            return
        yield ids
        last = ids[-1]


async def assign_many(change: Change, ids: Sequence[int], *, make: bool | None = None) -> Assigned:
    """Put up to ``CHUNK`` clients where the rules say. ``make`` None asks the setting."""
    connection, done = change.connection, Assigned()
    await change.dialect.lock(connection, client, client.c.id.in_(ids))
    found = await standings(connection, ids)
    hosts = {host for one in found for host in one.hosts}
    rules = await rules_for(connection, hosts)
    if make is None:
        make = (await settings.load(connection)).auto_organization
    if make and any(decide(one.organization_id, one.by, one.hosts, rules, make=True).made for one in found):
        # Two who make one for the same domain wait here for each other; the second finds it made.
        await change.dialect.lock(connection, setting, setting.c.name == "auto_organization")
        rules = await rules_for(connection, hosts)
    groups: dict[int | None, list[int]] = defaultdict(list)
    for one in found:
        verdict = decide(one.organization_id, one.by, one.hosts, rules, make=make)
        if verdict.made:
            owner = done.made.get(verdict.made) or await _make(change, verdict.made)
            done.made[verdict.made] = owner
            groups[owner].append(one.id)
        elif verdict.moves:
            groups[verdict.organization_id].append(one.id)
    for target, members in groups.items():
        await _place(change, members, target)
        done.moved += len(members)
    return done


async def _make(change: Change, host: str) -> int:
    """The organization of a mail domain, named by it: nothing else is known, and it is how staff look for it."""
    owner = await change.insert(organization, name=host)
    await organizations.add_domain(change, owner, host, source="auto")
    return owner


async def _place(change: Change, ids: Sequence[int], organization_id: int | None) -> None:
    await managers.moved(change, ids, organization_id)
    by = "none" if organization_id is None else "auto"
    values = {"organization_id": organization_id, "organization_by": by}
    await change.update_where(client, client.c.id.in_(ids), values)


async def why(connection: AsyncConnection, client_id: int) -> str:
    """Why a client is in their organization, or in none, as a sentence."""
    found = await standings(connection, [client_id])
    if not found:
        return ""
    one = found[0]
    rules = await rules_for(connection, one.hosts)
    meant = {rule.organization_id: rule for host in one.hosts if (rule := meaning(host, rules)) is not None}
    if one.organization_id is None:
        return _why_none(one, meant)
    if one.by == "manual":
        return await _by_hand(connection, one)
    if one.by == "import":
        return "An import put them there."
    rule = meant.get(one.organization_id)
    if rule is None:
        return "A mail domain that is no longer a rule of it put them there; R on the list of organizations scans anew."
    below = " and what is below it" if rule.subdomains else ""
    return f"Their address is at {rule.domain}, and mail from there{below} means this organization."


def _why_none(one: Standing, meant: Mapping[int, Rule]) -> str:
    if len(meant) > 1:
        domains = ", ".join(rule.domain for rule in meant.values())
        return f"Their addresses point to {len(meant)} organizations ({domains}). Set one by hand (l)."
    if meant:
        return f"{next(iter(meant.values())).domain} means an organization; R on their list scans anew."
    if not one.hosts:
        return "They have no e-mail address that would say which. Set one by hand (l)."
    if all(map(is_public, one.hosts)):
        return f"Anybody may have an address at {one.hosts[0]}, so it means no organization."
    return f"No organization has the mail domain {next(h for h in one.hosts if not is_public(h))}."


async def _by_hand(connection: AsyncConnection, one: Standing) -> str:
    """Who set it: the last entry that wrote the client's organization, or made the client in it."""
    item, entry = journal_item.c, journal_entry.c
    wrote = or_(item.op == "insert", item.columns.contains("organization_id"))
    query = (
        select(staff.c.name, entry.at)
        .select_from(journal_item.join(journal_entry, entry.id == item.entry_id))
        .outerjoin(staff, staff.c.id == entry.actor_id)
        .where(item.subject_id == one.id, item.row_id == one.id, item.table_name == "client", wrote)
        .order_by(entry.id.desc())
        .limit(1)
    )
    found = (await connection.execute(query)).first()
    who = (
        f"{found.name or 'The system'} set it by hand on {found.at:%Y-%m-%d}"
        if found
        else "It was set by hand"
    )
    return f"{who}; no mail domain changes that."
