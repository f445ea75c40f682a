"""What belongs to a client: every row of every table that a purge takes, as conditions, and how many there are.

Theirs is also what was theirs without being attached to them: what came from their address before they were
registered, and what they wrote on the incidents of others. What came from a freed address after their deletion is
not: it may be somebody else's.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    String,
    Table,
    and_,
    cast,
    exists,
    false,
    func,
    or_,
    select,
    true,
    union,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.errors import NotFound
from console.data.freed import theirs
from console.data.models.billing import credit_entry, credit_lot, invoice
from console.data.models.clients import (
    alias,
    client,
    client_tag,
    client_word,
    department_access,
    favourite,
    identity,
)
from console.data.models.contacts import contact
from console.data.models.departments import sla_target
from console.data.models.duplicates import duplicate_decision, duplicate_pair
from console.data.models.incidents import (
    approval,
    attachment,
    held,
    incident,
    incident_tag,
    message,
    sla_step,
    time_entry,
)
from console.data.models.mail import blob, outbox, portal_session, portal_token, raw_mail
from console.data.models.notes import note
from console.data.models.organizations import organization_manager
from console.data.models.settings import merge
from console.data.models.staff import draft

Rows = list[tuple[Table, ColumnElement[bool]]]
Ids = Select[Any]
Conditions = Mapping[Table, ColumnElement[bool]]
Condition = Callable[[FromClause], ColumnElement[bool]]

TELLING = 3  # characters; shorter names and values are in every text
DRAFT_VALUES = 200

LABELS = {
    "alias": "old ids and addresses",
    "approval": "approval requests",
    "attachment": "attachments",
    "blob": "files",
    "client": "clients",
    "client_tag": "tags",
    "client_word": "search words",
    "contact": "contacts",
    "credit_entry": "credit entries",
    "credit_lot": "credit lots",
    "department_access": "department switches",
    "draft": "drafts",
    "duplicate_decision": "decisions on duplicates",
    "duplicate_pair": "suggested duplicates",
    "favourite": "favourite marks",
    "held": "held submissions",
    "identity": "identities",
    "incident": "incidents",
    "incident_tag": "incident tags",
    "invoice": "invoices",
    "merge": "merges",
    "message": "messages",
    "note": "notes",
    "organization_manager": "manager grants",
    "outbox": "outgoing mails",
    "portal_session": "portal sessions",
    "portal_token": "portal links",
    "raw_mail": "raw mails",
    "sla_step": "SLA steps",
    "sla_target": "SLA targets",
    "time_entry": "time entries",
}
"""What the rows of a table are called on an impact card and a certificate."""

_HUNG_ON_INCIDENTS = (held, outbox, time_entry, approval, sla_step, incident_tag, message)
_OF_CLIENT = (
    alias,
    client_tag,
    client_word,
    contact,
    credit_lot,
    department_access,
    favourite,
    identity,
    invoice,
    note,
    organization_manager,
    portal_session,
    portal_token,
    sla_target,
)


@dataclass(frozen=True)
class Belongings:
    """A client and those merged into them (``ids``), what is known of them, and when they were deleted.

    ``addresses`` are their e-mail addresses, ``values`` their names and identities, ``drafts`` the ids of half-filled
    forms about them.
    """

    ids: tuple[int, ...]
    addresses: tuple[str, ...]
    values: tuple[str, ...]
    until: datetime | None
    drafts: tuple[int, ...] = ()

    def incidents(self, last: int | None = None) -> Ids:
        """The ids of their incidents, up to the one called ``last``."""
        mine = or_(incident.c.client_id.in_(self.ids), self._came_from(incident, incident.c.sender_address))
        some = select(incident.c.id).where(mine)
        return some if last is None else some.where(incident.c.id <= last)

    def rows(self, last: int | None = None) -> Rows:
        """Tables with the condition of their rows, so ordered that no condition needs a table named before it.

        ``last``: only their incidents up to this one and what hangs on them.
        """
        inc = self.incidents(last)
        hung: dict[Table, ColumnElement[bool]] = {
            table: table.c.incident_id.in_(inc) for table in _HUNG_ON_INCIDENTS
        }
        if last is None:
            for table, more in self._apart().items():
                hung[table] = or_(hung[table], more)
        files = self._files(inc) if last is None else _in_incidents(inc)
        raw = _raw_of(hung[message], hung[held], None if last is not None else self.copies())
        rows: Rows = [
            (blob, _only_in(files)),
            (raw_mail, raw),
            (attachment, files(attachment)),
        ]
        if last is None:
            rows.append((credit_entry, self._ledger()))
        rows += [*hung.items(), (incident, incident.c.id.in_(inc))]
        return rows if last is not None else rows + self._of_client()

    def copies(self) -> ColumnElement[bool]:
        """Mails of theirs that came more than once: the copies, which no message refers to."""
        mine = or_(message.c.incident_id.in_(self.incidents()), self.wrote(message))
        known = select(message.c.mail_id).where(mine, message.c.mail_id != "")
        return and_(
            raw_mail.c.data.is_not(None), raw_mail.c.state == "duplicate", raw_mail.c.mail_id.in_(known)
        )

    def wrote(self, table: FromClause) -> ColumnElement[bool]:
        """Messages they wrote, or their contacts, and the events that retract one of them."""
        people = select(contact.c.id).where(contact.c.client_id.in_(self.ids))
        retracted = message.alias()

        def by(which: FromClause) -> ColumnElement[bool]:
            return or_(which.c.client_id.in_(self.ids), which.c.contact_id.in_(people))

        return or_(by(table), table.c.retracts.in_(select(retracted.c.id).where(by(retracted))))

    def _apart(self) -> dict[Table, ColumnElement[bool]]:
        """Rows that hang on incidents as a rule, and are theirs without."""
        return {
            message: self.wrote(message),
            approval: approval.c.client_id.in_(self.ids),
            held: or_(held.c.client_id.in_(self.ids), self._came_from(held, held.c.sender)),
            outbox: or_(outbox.c.client_id.in_(self.ids), self._came_from(outbox, outbox.c.recipient)),
        }

    def _ledger(self) -> ColumnElement[bool]:
        lots = select(credit_lot.c.id).where(credit_lot.c.client_id.in_(self.ids))
        return or_(credit_entry.c.client_id.in_(self.ids), credit_entry.c.lot_id.in_(lots))

    def _of_client(self) -> Rows:
        """What does not hang on incidents; the identities and the client last."""
        pairs = (duplicate_pair, duplicate_decision)
        return [
            *((one, or_(one.c.first_id.in_(self.ids), one.c.second_id.in_(self.ids))) for one in pairs),
            (merge, or_(merge.c.survivor_id.in_(self.ids), merge.c.absorbed_id.in_(self.ids))),
            (draft, draft.c.id.in_(self.drafts)),
            *((table, table.c.client_id.in_(self.ids)) for table in _OF_CLIENT),
            (client, client.c.id.in_(self.ids)),
        ]

    def _files(self, inc: Ids) -> Condition:
        written = select(message.c.id).where(self.wrote(message))
        return lambda table: or_(table.c.incident_id.in_(inc), table.c.message_id.in_(written))

    def _came_from(self, table: Table, address: ColumnElement[str]) -> ColumnElement[bool]:
        """Rows of no client that came from, or went to, one of their addresses while it was theirs."""
        if not self.addresses:
            return false()
        then = true() if self.until is None else table.c.created_at < self.until
        return and_(table.c.client_id.is_(None), address.in_(self.addresses), then)


def _in_incidents(inc: Ids) -> Condition:
    return lambda table: table.c.incident_id.in_(inc)


def _only_in(files: Condition) -> ColumnElement[bool]:
    """Contents of such attachments that no other attachment has."""
    other = attachment.alias()
    elsewhere = exists().where(other.c.sha256 == blob.c.sha256, ~files(other))
    return and_(blob.c.sha256.in_(select(attachment.c.sha256).where(files(attachment))), ~elsewhere)


def _raw_of(
    messages: ColumnElement[bool], kept: ColumnElement[bool], copies: ColumnElement[bool] | None
) -> ColumnElement[bool]:
    """Mail as it came, of messages and of what was held, perhaps the copies too, and not yet emptied."""
    known: list[Select[tuple[int]]] = [
        select(table.c.raw_mail_id).where(where, table.c.raw_mail_id.is_not(None))
        for table, where in ((message, messages), (held, kept))
    ]
    if copies is not None:
        known.append(select(raw_mail.c.id).where(copies).correlate(None))
    # One set of ids: of conditions that are joined by OR, PostgreSQL would try each row.
    return and_(raw_mail.c.data.is_not(None), raw_mail.c.id.in_(union(*known)))


async def of_client(connection: AsyncConnection, client_id: int) -> Belongings:
    """What belongs to a client; NotFound if there is none."""
    ids = await _chain(connection, client_id)
    people = (
        await connection.execute(select(client.c.name, client.c.deleted_at).where(client.c.id.in_(ids)))
    ).all()
    if not people:
        raise NotFound("There is no such client. They may have been purged.")
    known = select(identity.c.type, identity.c.raw, identity.c.normalized)
    held_by = (await connection.execute(known.where(identity.c.client_id.in_(ids), theirs()))).all()
    contacts = (
        await connection.execute(select(contact.c.name).where(contact.c.client_id.in_(ids)))
    ).scalars()
    addresses = {value for row in held_by if row.type == "email" for value in (row.raw, row.normalized)}
    values = {row.name for row in people} | set(contacts)
    values |= {value for row in held_by for value in (row.raw, row.normalized)}
    until = next((row.deleted_at for row in people if row.deleted_at is not None), None)
    found = Belongings(tuple(ids), tuple(sorted(addresses)), tuple(sorted(values - {""})), until)
    return replace(found, drafts=tuple(await _drafts(connection, found)))


async def _chain(connection: AsyncConnection, client_id: int) -> list[int]:
    """The client and all who were merged into them, and into those."""
    found = newest = [client_id]
    while newest:
        merged = select(client.c.id).where(client.c.absorbed_into.in_(newest))
        newest = list((await connection.execute(merged)).scalars())
        found = found + newest
    return found


async def _drafts(connection: AsyncConnection, whose: Belongings) -> list[int]:
    """Forms that name the client or a contact of theirs, alone or among others, or hold one of their values.

    There are few forms at any time.
    """
    about = [where.contains(str(one)) for one in whose.ids for where in (draft.c.scope, draft.c.fields)]
    people = select(contact.c.id).where(contact.c.client_id.in_(whose.ids))
    theirs = people.where(draft.c.scope.contains(cast(contact.c.id, String))).correlate(draft).exists()
    texts = [json.dumps(value)[1:-1] for value in whose.values if len(value) >= TELLING]
    held_in = [draft.c.fields.icontains(text, autoescape=True) for text in texts[:DRAFT_VALUES]]
    return list((await connection.execute(select(draft.c.id).where(or_(*about, theirs, *held_in)))).scalars())


async def counts(connection: AsyncConnection, client_id: int) -> dict[str, int]:
    """How many rows of each table a purge of the client would take, by ``LABELS``; tables without any are left out.

    NotFound if there is no such client.
    """
    whose = await of_client(connection, client_id)
    found = {}
    for table, where in whose.rows():
        number = (await connection.execute(select(func.count()).select_from(table).where(where))).scalar_one()
        if number:
            found[LABELS[table.name]] = int(number)
    return found
