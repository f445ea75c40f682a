"""Which tables a merge moves, in which category, and when a row of the absorbed says what the survivor's says.

Every column that names an owner (``owner`` in ``Column.info``) stands here, or among what a merge ends or leaves;
``unplaced()`` names those that do not, and a merge refuses while there are any.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Column, ColumnElement, FromClause, Table, and_, bindparam, case, exists

from console.data.models.base import BIGINT, metadata
from console.data.models.billing import credit_entry, credit_lot, invoice
from console.data.models.clients import (
    alias,
    client,
    client_tag,
    department_access,
    favourite,
    identity,
)
from console.data.models.contacts import contact
from console.data.models.departments import sla_target
from console.data.models.incidents import approval, held, incident, message
from console.data.models.mail import outbox, portal_session, portal_token
from console.data.models.notes import note
from console.data.models.organizations import (
    mail_domain,
    organization,
    organization_access,
    organization_manager,
)

Ids = Sequence[int] | Sequence[BindParameter[int]]


@dataclass(frozen=True)
class Part:
    """Rows of a table that belong to a record by the column ``owner``.

    ``category`` '' always moves. Where ``same`` names columns, rows that agree in them are one row afterwards.
    ``label`` is what the balance sheet calls them.
    """

    owner: Column[int]
    category: str
    label: str
    same: tuple[str, ...] = ()

    @property
    def table(self) -> Table:
        """The table the rows are in."""
        return self.owner.table

    def repeats(self, ids: Ids) -> ColumnElement[bool]:
        """Rows that say what a row of a record earlier in ``ids`` says already."""
        other = self.table.alias()
        mine = other.c[self.owner.name]
        agree = [other.c[name].is_not_distinct_from(self.table.c[name]) for name in self.same]
        if self.table is identity:
            agree += [other.c.live == self.table.c.live, other.c.contact_id.is_(None)]
        earlier = exists().where(mine.in_(ids), _rank(mine, ids) < _rank(self.owner, ids), *agree)
        repeated = and_(self.owner.in_(ids[1:]), earlier.correlate(self.table))
        return and_(repeated, identity.c.contact_id.is_(None)) if self.table is identity else repeated


def _rank(owner: ColumnElement[int], ids: Ids) -> ColumnElement[int]:
    return case(*((owner == one, place) for place, one in enumerate(ids)), else_=len(ids))


@cache
def repeats(part: Part, count: int) -> ColumnElement[bool]:
    """The same for so many records, built once; takes what ``named`` gives."""
    return part.repeats([bindparam(f"id_{place}", type_=BIGINT) for place in range(count)])


@cache
def of_others(part: Part) -> ColumnElement[bool]:
    """Rows of all records but the first; takes what ``named`` gives."""
    return part.owner.in_(bindparam("the_others", expanding=True, type_=BIGINT))


def named(ids: Sequence[int]) -> dict[str, Any]:
    """Records, the first of them the survivor, as the conditions that are built once take them."""
    each = {f"id_{place}": one for place, one in enumerate(ids)}
    return each | {"the_first": ids[0], "the_others": ids[1:], "the_ids": ids}


OF_CLIENT = (
    Part(incident.c.client_id, "incidents", "incidents"),
    Part(message.c.client_id, "incidents", "messages"),
    Part(approval.c.client_id, "incidents", "approval requests"),
    Part(held.c.client_id, "incidents", "held submissions"),
    Part(outbox.c.client_id, "incidents", "outgoing mails"),
    Part(invoice.c.client_id, "invoices", "invoices"),
    Part(note.c.client_id, "notes", "notes"),
    Part(credit_lot.c.client_id, "credit", "credit lots"),
    Part(credit_entry.c.client_id, "credit", "credit entries"),
    Part(contact.c.client_id, "contacts", "contacts"),
    Part(department_access.c.client_id, "departments", "departments", ("department_id",)),
    Part(identity.c.client_id, "", "identities", ("type", "normalized")),
    Part(client_tag.c.client_id, "", "tags", ("tag_id",)),
    Part(favourite.c.client_id, "", "favourite marks", ("staff_id",)),
    Part(organization_manager.c.client_id, "", "manager grants", ("organization_id",)),
    Part(sla_target.c.client_id, "", "SLA targets", ("kind", "priority")),
    Part(alias.c.client_id, "", "old names and ids"),
    Part(client.c.absorbed_into, "", "merged records"),
)
OF_ORGANIZATION = (
    Part(client.c.organization_id, "", "clients"),
    Part(mail_domain.c.organization_id, "", "mail domains"),
    Part(organization_manager.c.organization_id, "", "manager grants", ("client_id",)),
    Part(organization_access.c.organization_id, "", "departments", ("department_id",)),
    Part(sla_target.c.organization_id, "", "SLA targets", ("department_id", "kind", "priority")),
    Part(alias.c.organization_id, "", "old names and ids"),
    Part(organization.c.absorbed_into, "", "merged records"),
)
ENDED = (portal_token.c.client_id, portal_session.c.client_id)
"""Links and sessions of the portal: those of the absorbed end."""

PARTS: dict[Table, tuple[Part, ...]] = {client: OF_CLIENT, organization: OF_ORGANIZATION}


@cache
def unplaced() -> tuple[str, ...]:
    """Columns that name an owner and that no merge knows of: 'table.column'."""
    known: set[Column[int]] = {part.owner for parts in PARTS.values() for part in parts} | set(ENDED)
    return tuple(
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.c
        if column.info.get("owner") and column not in known
    )


def owned_by(table: FromClause) -> tuple[Part, ...]:
    """What belongs to a client, or to an organization."""
    return next(parts for owner, parts in PARTS.items() if owner is table)
