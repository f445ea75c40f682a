"""What somebody submits, and what became of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Submission:
    """A message on its way in, by any channel.

    The sender is a client (``client_id``, perhaps one of their contacts) or an identity: ``sender`` as typed or
    written, its ``sender_type`` one of IDENTITY_TYPES or '' for what the channel makes of it. ``kind`` is request or
    job, ``priority`` '' for medium, ``department_id`` None for the desk's default, ``reply_to`` the incident a reply
    belongs to. ``by_staff``: a member of staff enters it, on whom the client's status is no bar; ``notify``: whether
    the client is told of an incident that staff made.
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
