"""What somebody submits, what became of it, and what of it waits for staff."""

from dataclasses import dataclass
from datetime import datetime

from console.data.records.lists import Anchor
from console.data.records.people import ClientRow


@dataclass(frozen=True, slots=True)
class Submission:
    """A message on its way in, by any channel.

    The sender is a client (``client_id``, perhaps one of their contacts) or an identity: ``sender`` as typed or
    written, its ``sender_type`` one of IDENTITY_TYPES or '' for what the channel makes of it. ``kind`` is request or
    job, ``priority`` '' for medium, ``department_id`` None for the desk's default, ``reply_to`` the incident a reply
    belongs to. ``by_staff``: a member of staff enters it, for whom the client's status is no bar; ``notify``: whether
    the client is told of an incident that staff made. ``released``: staff let go what had been held.
    """

    channel: str
    subject: str = ""
    body: str = ""
    sender: str = ""
    sender_type: str = ""
    sender_name: str = ""
    client_id: int | None = None
    contact_id: int | None = None
    kind: str = "request"
    department_id: int | None = None
    priority: str = ""
    reply_to: int | None = None
    by_staff: bool = False
    notify: bool = True
    released: bool = False


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of a submission.

    ``outcome``: 'created', 'joined' (a thread), 'reopened', 'waiting' (the client is pending), 'quarantined' (an
    incident that waits for release), 'held' (a held message, no incident) or 'spam'. ``number`` is INC-000123 or ''.
    ``registered``: the client was made of the sender. ``restorable`` is a deleted client who had this identity.
    ``told`` is the sentence for staff, ``answer`` the one for the sender; neither has what the sender wrote in it.
    """

    outcome: str
    told: str
    answer: str
    client_id: int | None = None
    incident_id: int | None = None
    number: str = ""
    held_id: int | None = None
    registered: bool = False
    restorable: int | None = None


@dataclass(frozen=True, slots=True)
class PendingRow:
    """A client who waits for approval, with the first thing they sent: an incident's number, subject, and text.

    ``at`` is since when they are a client. ``text`` is cut at 4,000 characters; without an incident both texts are
    empty and ``number`` is 0.
    """

    client: ClientRow
    at: datetime
    number: int
    subject: str
    text: str

    @property
    def id(self) -> int:
        """The client's id."""
        return self.client.id

    @property
    def anchor(self) -> Anchor:
        """The client's place in the order."""
        return self.client.anchor


@dataclass(frozen=True, slots=True)
class HeldRow:
    """Something in quarantine: a held message, or (``incident``) an incident of the quarantine folder.

    ``number`` is the incident's, of a held reply that of its thread, or 0. ``text`` is cut at 4,000 characters.
    """

    id: int
    incident: bool
    number: int
    client_id: int | None
    client: str
    sender: str
    channel: str
    subject: str
    text: str
    reason: str
    at: datetime
    anchor: Anchor
    state: str = "live"

    @property
    def name(self) -> str:
        """Whose it is, by name or as the sender wrote it."""
        return self.client or self.sender

    @property
    def noun(self) -> str:
        """What the journal calls it."""
        return "incident" if self.incident else "held"


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait for staff, each counted up to 100."""

    pending: int
    held: int
    duplicates: int = 0
