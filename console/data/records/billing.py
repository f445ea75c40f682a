"""Credit, invoices and SLA targets."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class CreditLine:
    """One line of the ledger: ``amount`` in ``unit`` (minutes or incidents), what it was for, who."""

    id: int
    unit: str
    amount: int
    reason: str
    staff: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CreditLot:
    """What was put in at once and lapses at once."""

    id: int
    unit: str
    remaining: int
    expires_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice; ``amount`` in minor units; ``overdue`` is computed at reading."""

    id: int
    number: str
    title: str
    amount: int
    currency: str
    issued_on: date
    due_on: date
    state: str
    overdue: bool


@dataclass(frozen=True, slots=True)
class SlaTarget:
    """A target in minutes that holds for the client, and whose it is (client, organization, department, default)."""

    kind: str
    priority: str
    first_response: int | None
    resolution: int | None
    source: str
