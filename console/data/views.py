"""The saved filters of the list of clients: which clients each shows, as a condition."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select, text

from console.data.models.billing import invoice
from console.data.models.clients import client, favourite
from console.data.models.incidents import OPEN, incident


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and when: whose favourites, whose incidents, what is overdue."""

    staff_id: int | None
    now: datetime


@dataclass(frozen=True, slots=True)
class View:
    """One saved filter. ``few``: its clients are found by what they have, not by walking the list.

    ``narrow``: the list is walked, but few of all clients stand in it.
    """

    title: str
    condition: Callable[[Reader], ColumnElement[bool]]
    few: bool = False
    narrow: bool = False


def listed() -> ColumnElement[bool]:
    """Clients that stand in lists: not archived, not deleted, not absorbed by a merge."""
    return and_(
        client.c.deleted_at.is_(None), client.c.archived_at.is_(None), client.c.absorbed_into.is_(None)
    )


def _status(status: str) -> View:
    return View(status, lambda reader: and_(listed(), client.c.status == status), narrow=True)


def _favourites(reader: Reader) -> ColumnElement[bool]:
    mine = select(favourite.c.client_id).where(favourite.c.staff_id == reader.staff_id)
    return and_(listed(), client.c.id.in_(mine))


def _mine(reader: Reader) -> ColumnElement[bool]:
    owned = select(incident.c.client_id).where(text(OPEN), incident.c.owner_id == reader.staff_id)
    return and_(listed(), client.c.id.in_(owned))


def _overdue(reader: Reader) -> ColumnElement[bool]:
    late = select(incident.c.client_id).where(text(OPEN), incident.c.due_at < reader.now)
    return and_(listed(), client.c.id.in_(late))


def _in_debt(reader: Reader) -> ColumnElement[bool]:
    owing = select(invoice.c.client_id).where(
        invoice.c.state == "unpaid", invoice.c.due_on < reader.now.date()
    )
    return and_(listed(), client.c.id.in_(owing))


def _archived(reader: Reader) -> ColumnElement[bool]:
    gone = client.c.absorbed_into.is_not(None) | client.c.deleted_at.is_not(None)
    return and_(client.c.archived_at.is_not(None), ~gone)


def _deleted(reader: Reader) -> ColumnElement[bool]:
    return client.c.deleted_at.is_not(None)


VIEWS: dict[str, View] = {
    "all": View("all clients", lambda reader: listed()),
    "mine": View("with my incidents", _mine, few=True),
    "favourites": View("my favourites", _favourites, few=True),
    "pending": _status("pending"),
    "disapproved": _status("disapproved"),
    "banned": _status("banned"),
    "spam": _status("spam"),
    "overdue": View("has overdue", _overdue, few=True),
    "debt": View("in debt", _in_debt, few=True),
    "archived": View("archived", _archived, few=True),
    "deleted": View("deleted", _deleted, few=True),
}
