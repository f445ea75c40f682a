"""What Who-is-this answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from console.data.records.billing import CreditLot
from console.data.records.incidents import IncidentRow
from console.data.records.people import Client, Contact, DepartmentAccess, Note, Organization


@dataclass(frozen=True, slots=True)
class Candidate:
    """Whom something pasted may mean, and what tells them from others.

    ``kind`` is client, sender (a one-time sender), organization or purged; ``id`` is the record's, of a sender that of
    their newest incident. ``why`` says how they were found ('phone number of contact Piotr'), ``about`` is an address
    or number of theirs, ``status`` a client's status, or what else they are. ``state`` is live, archived, deleted or
    absorbed, ``seen_at`` when they last wrote or were written to. ``former`` is the name of the record that was meant,
    where it has been merged into this one. The contact and the incident are those that were named.
    """

    kind: str
    id: int
    name: str
    why: str
    about: str = ""
    organization: str = ""
    status: str = ""
    state: str = "live"
    seen_at: datetime | None = None
    contact_id: int | None = None
    incident_id: int | None = None
    former: str = ""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Something said to a client or by them. ``way`` is from (them), to (them) or held (it never came through).

    ``words`` are its first words, ``number`` that of the incident (0 for what is held), ``author`` who said it.
    """

    at: datetime
    way: str
    channel: str
    author: str
    words: str
    number: int


@dataclass(frozen=True, slots=True)
class KnownClient:
    """A client, and what whoever talks to them now must know.

    ``contact`` and ``incident`` are those that were named. ``incidents`` are the open ones, the one named first, then
    those due first; ``overdue`` counts up to 100, ``held`` what is in quarantine of the newest. ``invoices`` are the
    overdue ones: how many, and amounts by currency in minor units. ``minutes`` and ``credits`` are what is left of
    their credit, ``had_credit``: whether they ever had any. ``lacking`` names departments that want credit where they
    have none. ``same_number`` names others who have a number of theirs. ``last`` is the newest first.
    """

    client: Client
    contact: Contact | None
    incident: IncidentRow | None
    notes: tuple[Note, ...]
    incidents: tuple[IncidentRow, ...]
    overdue: int
    held: int
    invoices: tuple[int, tuple[tuple[str, int], ...]]
    minutes: int
    credits: int
    had_credit: bool
    lapsing: tuple[CreditLot, ...]
    lacking: tuple[str, ...]
    access: tuple[DepartmentAccess, ...]
    same_number: tuple[str, ...]
    last: tuple[Spoken, ...]


@dataclass(frozen=True, slots=True)
class KnownSender:
    """Somebody known from incidents only: address and name as they gave them, their newest incidents."""

    address: str
    name: str
    incidents: tuple[IncidentRow, ...]
    last: tuple[Spoken, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Who was meant by ``given`` (what was pasted, on one line).

    ``kind`` is client, sender, organization, purged, several or nobody; the field of that name is filled, for several
    the ``candidates``, for nobody those who come near. ``found`` is the one candidate that was meant, ``more``: there
    are more candidates than these. ``new`` is what the form of a new client begins with, by field.
    """

    given: str
    kind: str
    found: Candidate | None = None
    client: KnownClient | None = None
    sender: KnownSender | None = None
    organization: Organization | None = None
    purged_at: datetime | None = None
    candidates: tuple[Candidate, ...] = ()
    more: bool = False
    new: Mapping[str, str] = field(default_factory=dict)
