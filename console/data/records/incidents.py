"""Incidents, their threads, and a client's summary."""

from dataclasses import dataclass
from datetime import datetime

from console.data.records.lists import Anchor


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """An incident as lists show it; ``overdue`` is computed at reading."""

    id: int
    number: int
    subject: str
    client: str
    client_id: int | None
    kind: str
    channel: str
    department: str
    priority: str
    state: str
    folder: str
    owner: str
    due_at: datetime | None
    overdue: bool
    created_at: datetime
    anchor: Anchor

    @property
    def readable(self) -> str:
        """INC-000123."""
        return f"INC-{self.number:06d}"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message: its name as sent, media type, and size in bytes."""

    id: int
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Message:
    """One part of a thread; ``kind`` is client, staff, note or event."""

    id: int
    kind: str
    author: str
    channel: str
    body: str
    created_at: datetime
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident with a page of its thread; ``has_before``: older messages are not in ``thread``."""

    row: IncidentRow
    version: int
    hash: str
    reply_address: str
    sender: str
    organization: str
    held_reason: str
    first_response_due: datetime | None
    resolution_due: datetime | None
    first_response_at: datetime | None
    resolved_at: datetime | None
    thread: tuple[Message, ...]
    has_before: bool


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """The little a command must know of an incident; ``name`` is INC-000123."""

    id: int
    name: str
    client_id: int | None
    state: str = "live"

    @property
    def noun(self) -> str:
        """What the journal calls it."""
        return "incident"


@dataclass(frozen=True, slots=True)
class Summary:
    """The Summary tab: counts, amounts in minor units by currency, credit in minutes and incidents.

    ``held`` counts what is in quarantine: messages, and incidents.
    """

    new: int
    open: int
    overdue: int
    incidents: tuple[IncidentRow, ...]
    invoices_new: int
    invoices_new_amounts: tuple[tuple[str, int], ...]
    invoices_overdue: int
    invoices_overdue_amounts: tuple[tuple[str, int], ...]
    credit_minutes: int
    credit_incidents: int
    lapsing: tuple[tuple[str, int, datetime], ...]
    held: int = 0
