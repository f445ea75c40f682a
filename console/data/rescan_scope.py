"""Which clients a look at the mail domains is about, and by which rules."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.assignment import Rule, Rules, own_address, rules_for
from console.data.models.clients import client, identity
from console.data.views import listed


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One mail domain given to an organization (``rule``), or taken from it (None)."""

    domain: str
    rule: Rule | None

    def upon(self, rules: Rules) -> dict[str, Rule]:
        """The rules as they would be."""
        others = {name: rule for name, rule in rules.items() if name != self.domain}
        return {**others, self.domain: self.rule} if self.rule is not None else others


@dataclass(frozen=True, slots=True)
class Scope:
    """Which clients are looked at, and by which rules: everybody by the rules there are, or those of one domain."""

    make: bool
    change: RuleChange | None = None

    async def rules(self, connection: AsyncConnection, hosts: Iterable[str]) -> dict[str, Rule]:
        """The rules that may hold for these mail domains."""
        found = await rules_for(connection, hosts)
        return found if self.change is None else self.change.upon(found)

    @property
    def around(self) -> ColumnElement[bool]:
        """Listed clients of the mail domains that are looked at: what the index of them alone can tell."""
        host = client.c.mail_domain
        if self.change is None:
            return and_(listed(), host != "")
        below = host.endswith("." + self.change.domain, autoescape=True)
        return and_(listed(), or_(host == self.change.domain, below))

    @property
    def single(self) -> ColumnElement[bool]:
        """Those of them with one address, whose organization was not set by hand."""
        return and_(self.around, client.c.organization_by != "manual", not_(_several()))

    @property
    def several(self) -> ColumnElement[bool]:
        """The same with several addresses."""
        many = and_(listed(), client.c.mail_domain != "", client.c.organization_by != "manual", _several())
        if self.change is None:
            return many
        address, domain = identity.c.normalized, self.change.domain
        there = or_(
            address.endswith("@" + domain, autoescape=True), address.endswith("." + domain, autoescape=True)
        )
        return and_(many, client.c.id.in_(select(identity.c.client_id).where(own_address(), there)))


def _several() -> ColumnElement[bool]:
    """Another address besides the one the list shows."""
    return exists().where(
        identity.c.client_id == client.c.id,
        own_address(),
        identity.c.normalized != func.lower(client.c.email),
    )
