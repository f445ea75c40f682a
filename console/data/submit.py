"""The one rule of what becomes of a submission, whoever sends it and by whatever way.

docs/decisions/0007-submissions.md says why: what each status does, what is a held message and what an incident that
waits.
"""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.exc import IntegrityError, NoResultFound

from console.data import departments, due, held, numbers, senders, settings, threads
from console.data.change import Change
from console.data.errors import IdentityTaken, Invalid, NotFound, Refused
from console.data.models.incidents import incident
from console.data.models.words import CHANNELS, INCIDENT_KINDS, PRIORITIES
from console.data.normalize import storable
from console.data.records import DepartmentAccess, Submission, Submitted
from console.data.senders import Sender
from console.data.settings import DeskSettings
from console.text import one_line

MAX_SUBJECT = 500
NO_SUBJECT = "(no subject)"

_ANSWERS = {
    "created": "We have received your message.",
    "joined": "Your message was added.",
    "reopened": "Your message was added, and we look at it again.",
    "waiting": "We have received your message. It is dealt with as soon as you are approved.",
    "quarantined": "We have received your message. It is looked at before it is passed on.",
    "held": "Your message was not accepted.",
    "spam": "We have received your message.",
}


_Who = tuple[Sender, int | None, bool]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a new incident goes: department, folder, and why it is held, if it is."""

    department: DepartmentAccess
    folder: str = "inbox"
    held_reason: str = ""

    @property
    def outcome(self) -> str:
        """What to say of it."""
        if self.folder != "inbox":
            return "spam" if self.folder == "spam" else "quarantined"
        return "waiting" if self.held_reason else "created"


async def submit(change: Change, given: Submission) -> Submitted:
    """Take in what somebody sent: as an incident, as part of a thread, or held. Says what became of it.

    What comes from outside is never refused for its sender or its text; Refused only where the desk has no
    department. Staff (``by_staff``) are told what is wrong: Invalid, NotFound, Refused.
    """
    given = _checked(given)
    desk = await settings.load(change.connection)
    sender, joins, registered = await _who(change, given, desk)
    if not given.by_staff and _is_held(sender, joins):
        return _about(change, await _hold(change, given, sender, joins))
    if joins is not None:
        return _about(change, await _join(change, given, sender, joins))
    made = await _create(change, given, sender, desk.default_department)
    return _about(change, _told_of_sender(made, sender, registered))


async def _who(change: Change, given: Submission, desk: DeskSettings) -> _Who:
    """Who sends it, the incident it joins, and whether they were made a client of now.

    Where the sender was deleted, purged, or made a client of by somebody else between two statements, what comes from
    outside is looked at once more.
    """
    steps, rows = change.steps, change.rows
    try:
        async with change.connection.begin_nested():
            return await _known(change, given, desk)
    except (NotFound, Refused, IdentityTaken, NoResultFound, IntegrityError):
        if given.by_staff:
            raise
    change.steps, change.rows = steps, rows  # the statement that failed took its items with it
    return await _known(change, given, desk)


async def _known(change: Change, given: Submission, desk: DeskSettings) -> _Who:
    sender = await senders.find(change.connection, given)
    joins = await threads.joined(change.connection, given, sender) if given.reply_to is not None else None
    registered = False
    if joins is None and desk.auto_register and sender.client_id is None and sender.identity is not None:
        sender, registered = await senders.registered(change, given, sender.identity, desk)
    return await senders.locked(change, sender), joins, registered


def _checked(given: Submission) -> Submission:
    """Words that the database knows, texts that it can keep, a subject of one line."""
    for field, allowed in (("channel", CHANNELS), ("kind", INCIDENT_KINDS), ("priority", (*PRIORITIES, ""))):
        if getattr(given, field) not in allowed:
            raise Invalid(
                field, f"The {field} cannot be {getattr(given, field)!r}. Write {', '.join(allowed)}."
            )
    body, subject = storable(given.body), " ".join(storable(given.subject).split())
    if given.by_staff and not subject and not body.strip():
        raise Invalid("subject", "There is neither a subject nor a text. Write what it is about.")
    return replace(
        given,
        body=body,
        subject=(subject or one_line(body, 80) or NO_SUBJECT)[:MAX_SUBJECT],
        sender=storable(given.sender),
        sender_name=" ".join(storable(given.sender_name).split()),
        priority=given.priority or "medium",
    )


def _is_held(sender: Sender, joins: int | None) -> bool:
    """A banned client submits nothing. What a disapproved one begins waits as an incident; their replies are held."""
    return sender.status == "banned" or (sender.status == "disapproved" and joins is not None)


async def _hold(change: Change, given: Submission, sender: Sender, joins: int | None) -> Submitted:
    reason = held.reason(sender)
    held_id = await held.keep(change, given, sender, joins, reason)
    told = f"Held what {sender.name or sender.address} sent: {reason}"
    return Submitted("held", told, _ANSWERS["held"], sender.client_id, held_id=held_id)


async def _join(change: Change, given: Submission, sender: Sender, incident_id: int) -> Submitted:
    opens = given.by_staff or sender.status != "spam"
    if event := _event(change, given) if given.released else "":
        await threads.tell(change, incident_id, event)
    reopened = await threads.add(change, incident_id, given, sender, opens=opens)
    outcome = "reopened" if reopened else "joined"
    waits = sender.status == "pending" and not given.by_staff
    if waits and await threads.is_of(change.connection, incident_id, sender.client_id):
        await threads.hold(change, incident_id, held.WAITS)
        outcome = "waiting"
    number = await threads.number(change.connection, incident_id)
    told = f"Added to {number}" + (", which is open again" if reopened else "")
    return Submitted(outcome, told, _ANSWERS[outcome], sender.client_id, incident_id, number)


async def _create(change: Change, given: Submission, sender: Sender, preferred: str) -> Submitted:
    department = await departments.addressed(
        change.connection, sender.client_id, given.department_id, preferred
    )
    place = _place(given, sender, department)
    number = await numbers.next_number(change)
    incident_id = await change.insert(incident, **await _row(change, given, sender, number, place))
    await threads.first(change, incident_id, given, sender, event=_event(change, given))
    outcome, readable = place.outcome, f"INC-{number:06d}"
    told = f"Made {readable} in {department.department}"
    if place.folder != "inbox":
        told += f", in {place.folder}"
    answer = _ANSWERS[outcome]
    if outcome == "quarantined" and not department.allowed:
        answer = (
            f"You cannot write to {department.department}. Your message is kept, and staff decide about it."
        )
    if place.held_reason:
        told += f": {place.held_reason.rstrip('.')}"
    return Submitted(outcome, told, answer, sender.client_id, incident_id, readable)


def _place(given: Submission, sender: Sender, department: DepartmentAccess) -> _Place:
    """Status first, then the department; staff decide for themselves."""
    if given.by_staff:
        return _Place(department)
    if sender.status == "spam":
        return _Place(department, "spam")
    if sender.status == "disapproved":
        return _Place(department, "quarantine", held.DISAPPROVED)
    if not department.allowed:
        return _Place(department, "quarantine", held.no_access(department.department))
    return _Place(department, held_reason=held.WAITS if sender.status == "pending" else "")


async def _row(
    change: Change, given: Submission, sender: Sender, number: int, place: _Place
) -> dict[str, Any]:
    targets = await due.targets(
        change.connection,
        client_id=sender.client_id,
        department_id=place.department.department_id,
        kind=given.kind,
        priority=given.priority,
    )
    hours = await due.schedule_of(change.connection, place.department.department_id)
    known = sender.client_id is not None
    return {
        "number": number,
        "hash": numbers.new_hash(),
        "client_id": sender.client_id,
        "contact_id": sender.contact_id,
        "sender_name": "" if known else sender.name,
        "sender_address": "" if known else sender.address,
        "kind": given.kind,
        "channel": given.channel,
        "department_id": place.department.department_id,
        "priority": given.priority,
        "folder": place.folder,
        "held_reason": place.held_reason,
        "reply_address": _reply_address(given, sender),
        "subject": given.subject,
        "last_message_at": change.at,
        **due.begun(targets, hours, change.at),
    }


def _reply_address(given: Submission, sender: Sender) -> str:
    """The address used when submitting, else the client's."""
    if sender.identity is not None and sender.identity.type == "email":
        return sender.identity.normalized
    return sender.email


def _event(change: Change, given: Submission) -> str:
    """What the thread says of an incident that staff made."""
    if given.released:
        return f"released from quarantine by {change.actor.name}"
    if not given.by_staff:
        return ""
    made = "logged" if given.kind == "job" else "created"
    return f"{made} by {change.actor.name}" + ("" if given.notify else ", the client is not notified")


def _told_of_sender(made: Submitted, sender: Sender, registered: bool) -> Submitted:
    """Who the sender is now, and whether they were a client before."""
    told = made.told
    if registered:
        told += f"; registered {sender.name} as a client, {sender.status}"
    elif sender.client_id is None:
        told += f"; {sender.name or sender.address} is no client yet (N registers them)"
    if sender.restorable is not None:
        told += "; a deleted client had this identity and can be restored"
    return replace(made, told=told, registered=registered, restorable=sender.restorable)


def _about(change: Change, made: Submitted) -> Submitted:
    """The entry is about what was made, and on the client's timeline."""
    entry = change.entry
    if not entry.object_type:
        kind, record = ("incident", made.incident_id) if made.incident_id else ("held", made.held_id)
        entry.object_type, entry.object_id = kind, record
        entry.client_id = made.client_id
    return made
