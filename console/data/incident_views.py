"""The saved filters of the list of incidents: which each shows, as a condition that an index serves."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, text, true

from console.data.models.incidents import OPEN, incident
from console.data.views import Reader


@dataclass(frozen=True, slots=True)
class IncidentView:
    """One saved filter; ``sort`` is the order it begins in, a column of ``incidents.SORTS``."""

    title: str
    condition: Callable[[Reader], ColumnElement[bool]]
    sort: str = "number"


def is_open() -> ColumnElement[bool]:
    """Open, in the words of the partial indexes, so that they serve."""
    return text(OPEN.replace("state", "incident.state").replace("folder", "incident.folder"))  # type: ignore[return-value]


def in_folder(folder: str) -> ColumnElement[bool]:
    """In this folder; for others than the inbox in the words of the partial indexes."""
    here = incident.c.folder == folder
    return here if folder == "inbox" else and_(here, text("incident.folder <> 'inbox'"))


def _mine(reader: Reader) -> ColumnElement[bool]:
    return and_(is_open(), incident.c.owner_id == reader.staff_id)


def _unassigned(_reader: Reader) -> ColumnElement[bool]:
    return and_(is_open(), incident.c.owner_id.is_(None))


def _overdue(reader: Reader) -> ColumnElement[bool]:
    return and_(is_open(), incident.c.due_at < reader.now)


INCIDENT_VIEWS: dict[str, IncidentView] = {
    "all": IncidentView("all incidents", lambda _reader: true()),
    "open": IncidentView("open", lambda _reader: is_open()),
    "mine": IncidentView("mine, open", _mine),
    "unassigned": IncidentView("unassigned", _unassigned),
    "overdue": IncidentView("overdue", _overdue, sort="due"),
    "spam": IncidentView("spam", lambda _reader: in_folder("spam")),
}
