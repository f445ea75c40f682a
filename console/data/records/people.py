"""Staff, clients, their contacts and organizations."""

from dataclasses import dataclass
from datetime import date, datetime

from console.data.records.lists import Anchor


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a member of staff, and by which way; ``acting_as`` is the client they look through."""

    staff_id: int | None
    login: str
    name: str
    role: str
    via: str = "console"
    acting_as: int | None = None

    @property
    def may_change(self) -> bool:
        """Viewers change nothing."""
        return self.role in ("admin", "agent")


@dataclass(frozen=True, slots=True)
class Identity:
    """One identity of a client or (``contact_id``) of one of the client's contacts."""

    id: int
    type: str
    raw: str
    normalized: str
    mobile: bool
    contact_id: int | None


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address in the form it was given."""

    street: str = ""
    city: str = ""
    postcode: str = ""
    country: str = ""

    @property
    def one_line(self) -> str:
        """Street, postcode and city, country, with commas; empty where nothing is known."""
        town = " ".join(part for part in (self.postcode, self.city) if part)
        return ", ".join(part for part in (self.street, town, self.country) if part)


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A client as the list shows them. ``state`` is live, archived, deleted or absorbed; ``approval`` the switch of
    incident approval; ``anchor`` the row's place in the order it was loaded in. ``near``: nobody has what was
    typed, and they have something near to it.
    """

    id: int
    favourite: bool
    name: str
    kind: str
    email: str
    mobile: str
    mail_domain: str
    organization: str
    contacts: int
    open_incidents: int
    status: str
    state: str
    approval: bool
    anchor: Anchor
    organization_id: int | None = None
    near: bool = False


@dataclass(frozen=True, slots=True)
class Client:
    """Everything the client screen shows at the left, in one read.

    ``manages`` names the organizations they manage, ``favourite`` is the reader's own mark. ``status_by`` is a
    staff member's name. ``state`` is 'live', 'archived', 'deleted' or 'absorbed'; ``purge_at`` when a deleted one
    is purged.
    """

    id: int
    version: int
    kind: str
    name: str
    username: str
    external_id: str
    status: str
    status_reason: str
    status_by: str
    status_at: datetime | None
    status_until: datetime | None
    organization_id: int | None
    organization: str
    organization_by: str
    manages: tuple[str, ...]
    favourite: bool
    identities: tuple[Identity, ...]
    address: Address
    language: str
    time_zone: str
    birth_date: date | None
    mail_domain: str
    tags: tuple[str, ...]
    incident_approval: bool
    portal: str
    portal_scope: str
    portal_from: date | None
    state: str
    absorbed_into: int | None
    contacts: int
    open_incidents: int
    created_at: datetime
    purge_at: datetime | None = None

    @property
    def email(self) -> str:
        """The first e-mail address of their own, or ''."""
        return next((i.raw for i in self.identities if i.type == "email" and i.contact_id is None), "")


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """The little a command must know of a client to say whether it can run."""

    id: int
    name: str
    status: str
    favourite: bool
    email: str
    state: str
    organization_id: int | None = None
    approval: bool = False

    @property
    def noun(self) -> str:
        """What the journal calls it."""
        return "client"


@dataclass(frozen=True, slots=True)
class OrganizationFacts:
    """The little a command must know of an organization; ``members`` counts clients who are not deleted."""

    id: int
    name: str
    state: str
    members: int

    @property
    def noun(self) -> str:
        """What the journal calls it."""
        return "organization"


@dataclass(frozen=True, slots=True)
class Contact:
    """A further person under a client."""

    id: int
    name: str
    job_title: str
    access: str
    primary: bool
    identities: tuple[Identity, ...]
    address: Address


@dataclass(frozen=True, slots=True)
class Note:
    """A client note; a warning is shown before anything else until it expires."""

    id: int
    level: str
    text: str
    author: str
    pinned: bool
    expires_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    """An organization as the list shows it; ``overdue`` counts up to 100, shown as 99+. ``state`` as a client's."""

    id: int
    name: str
    domains: str
    clients: int
    manager: str
    open_incidents: int
    overdue: int
    state: str
    anchor: Anchor


@dataclass(frozen=True, slots=True)
class Organization:
    """Everything the organization screen shows at once; lists of it are paged apart."""

    id: int
    version: int
    name: str
    external_id: str
    phone: str
    website: str
    remarks: str
    address: Address
    domains: tuple[tuple[str, bool], ...]
    managers: tuple[tuple[int, str, bool], ...]
    clients: int
    open_incidents: int
    overdue: int
    credit_minutes: int
    credit_incidents: int
    state: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DepartmentAccess:
    """One department and whether the client may submit to it; ``source`` says why: client, organization, department."""

    department_id: int
    department: str
    allowed: bool
    source: str
