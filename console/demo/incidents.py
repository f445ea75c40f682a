"""Invented incidents in the order they came in, each with its thread, clock, time and credit."""

import hashlib
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.data.models.billing import credit_entry
from console.data.models.incidents import (
    approval,
    attachment,
    held,
    incident,
    incident_tag,
    message,
    time_entry,
)
from console.demo.clients import Sender
from console.demo.house import TARGETS, House
from console.demo.texts import GREETINGS, PRIVATE_NOTES, SPAM, TOPICS, Topic
from console.demo.writer import Values, Writer

PRIORITIES = ("low", "medium", "high", "critical")
CHANNELS = ("email", "call", "chat", "portal", "facebook", "twitter", "linkedin", "staff")
OPEN_STATES = ("new", "open", "awaiting")
FILE = b"2026-03-02 09:14:07 error: connection lost, retrying\n"
FILE_NAMES = ("error.log", "log.txt", "Zrzut ekranu.txt", "details.txt")


@dataclass(slots=True)
class Case:
    """An incident being made: what its messages need."""

    id: int
    sender: Sender | None
    name: str
    topic: Topic
    language: str
    number: int
    channel: str
    opened: datetime
    owner: int | None
    ended: datetime | None
    last: datetime
    count: int = 0


class IncidentWriter:
    """Writes incidents; ``numbers`` counts on from the last readable number."""

    def __init__(self, writer: Writer, rng: random.Random, house: House, numbers: int) -> None:
        self._writer = writer
        self._rng = rng
        self._house = house
        self.numbers = numbers
        self.at = writer.change.at
        # A second demonstration in the same database, of the same seed, must not repeat the first one's.
        self._hashes = random.Random(f"{rng.random()} {numbers}")

    def write(self, sender: Sender | None, opened: datetime) -> None:
        """Gather one incident; ``sender`` None is somebody who wrote once and is no client."""
        rng, at = self._rng, self.at
        self.numbers += 1
        language = sender.language if sender else "en"
        folder = self._folder(sender)
        topic = self._topic(language, folder)
        state = self._state((at - opened) / timedelta(days=1), folder)
        owner = None if state == "new" or folder != "inbox" else rng.choice(self._house.agents)
        length = timedelta(minutes=rng.randrange(20, 6000))
        ended = min(opened + length, at) if state in ("resolved", "closed", "cancelled") else None
        number = rng.randrange(10, 9999)
        case = Case(
            self._writer.new_id(),
            sender,
            sender.name if sender else rng.choice(("J. Doe", "A. Nonymous", "Info")),
            topic,
            language,
            number,
            self._channel(sender, folder),
            opened,
            owner,
            ended,
            opened,
        )
        self._thread(case, state)
        values = self._values(case, state, folder)
        values.update(self._clock(case, state, values))
        values.update(id=case.id, last_message_at=case.last, message_count=case.count)
        self._writer.add_plain(incident, **values)
        if sender is not None and folder == "inbox" and state in OPEN_STATES:
            sender.open_incidents += 1
            if sender.company is not None and sender.listed:
                sender.company.open_incidents += 1
        if sender is not None:
            self._beside(case, sender, state)

    # The incident's own row

    def _folder(self, sender: Sender | None) -> str:
        if sender is None:
            return self._rng.choices(("inbox", "spam"), (70, 30))[0]
        if sender.status == "spam":
            return "spam"
        return "quarantine" if sender.status == "banned" and self._rng.random() < 0.3 else "inbox"

    def _topic(self, language: str, folder: str) -> Topic:
        if folder == "spam":
            subject, text = self._rng.choice(SPAM)
            return Topic("Support", subject, text, "", "")
        return self._rng.choice(TOPICS.get(language, TOPICS["en"]))

    def _state(self, days: float, folder: str) -> str:
        rng = self._rng
        if folder != "inbox":
            return "new"
        still = 0.92 if days < 1 else 0.7 if days < 3 else 0.4 if days < 10 else 0.12 if days < 40 else 0.004
        if rng.random() < still:
            return rng.choices(OPEN_STATES, (70, 20, 10) if days < 0.5 else (12, 58, 30))[0]
        if days < 14:
            return rng.choices(("resolved", "closed", "cancelled"), (70, 25, 5))[0]
        return rng.choices(("resolved", "closed", "cancelled"), (5, 90, 5))[0]

    def _channel(self, sender: Sender | None, folder: str) -> str:
        if sender is None or folder == "spam":
            return "email"
        if not sender.address:
            return self._rng.choice(("call", "call", "staff", "chat"))
        return self._rng.choices(CHANNELS, (55, 14, 5, 16, 2, 1, 1, 6))[0]

    def _values(self, case: Case, state: str, folder: str) -> Values:
        rng, sender = self._rng, case.sender
        job = case.channel == "staff" or (case.channel == "call" and rng.random() < 0.3)
        return {
            "number": self.numbers,
            "hash": f"{self._hashes.getrandbits(100):025x}",
            "client_id": sender.id if sender else None,
            "contact_id": sender.contact_id if sender and rng.random() < 0.2 else None,
            "sender_name": case.name if sender is None else "",
            "sender_address": f"someone{case.number}@unknown.example" if sender is None else "",
            "kind": "job" if job else "request",
            "channel": case.channel,
            "department_id": self._house.departments[case.topic.department],
            "priority": rng.choices(PRIORITIES, (20, 58, 17, 5))[0],
            "state": state,
            "folder": folder,
            "folder_before": "inbox" if folder == "spam" else "",
            "held_reason": self._held_reason(sender),
            "owner_id": case.owner,
            "reply_address": sender.address if sender else "",
            "subject": case.topic.subject.format(n=case.number),
            "created_at": case.opened,
        }

    def _held_reason(self, sender: Sender | None) -> str:
        if sender is None or sender.status == "approved":
            return ""
        return {
            "pending": "Waits until the client is approved.",
            "disapproved": "The client is disapproved.",
            "banned": "The client is banned.",
        }.get(sender.status, "")

    def _clock(self, case: Case, state: str, values: Values) -> Values:
        """Targets, due times, what was kept. Most of what would be long overdue got a later date from staff."""
        rng = self._rng
        response, resolution = TARGETS[values["priority"]]
        first_due = case.opened + timedelta(minutes=response)
        due = case.opened + timedelta(minutes=resolution)
        responded = case.owner is not None
        first = (
            min(case.opened + timedelta(minutes=rng.randrange(4, response + 60)), case.last)
            if responded
            else None
        )
        clock: Values = {
            "first_response_at": first,
            "first_response_due": first_due,
            "resolution_due": due,
            "due_override": None,
            "due_at": None,
            "first_response_minutes": response,
            "resolution_minutes": resolution,
            "waiting_since": case.last if state == "awaiting" else None,
            "resolved_at": case.ended if state in ("resolved", "closed") else None,
            "closed_at": min(case.ended + timedelta(days=3), self.at)
            if case.ended and state == "closed"
            else None,
        }
        if state in ("new", "open"):
            running = due if responded else first_due
            if running < self.at and rng.random() < 0.75:
                later = self.at + timedelta(minutes=rng.randrange(30, 6000))
                clock["due_override"] = running = later
            clock["due_at"] = running
        return clock

    # The thread

    def _thread(self, case: Case, state: str) -> None:
        rng = self._rng
        greeting, regards = GREETINGS.get(case.language, GREETINGS["en"])
        body = f"{greeting}\n\n{case.topic.question}\n\n{regards}\n{case.name}"
        first = self._message(case, "client", body)
        if rng.random() < 0.06:
            self._file(case, first)
        if case.owner is None:
            return
        if rng.random() < 0.5:
            self._message(case, "event", f"assigned to {self._house.names[case.owner]}")
        if rng.random() < 0.25:
            self._message(case, "note", rng.choice(PRIVATE_NOTES))
        if state == "open" and rng.random() < 0.3:
            return
        answer = f"{greeting}\n\n{case.topic.answer}\n\n{regards}\n{self._house.names[case.owner]}"
        self._message(case, "staff", answer)
        if state in ("resolved", "closed"):
            if rng.random() < 0.8:
                self._message(case, "client", case.topic.thanks)
            self._message(case, "event", f"state: {state}")
        elif state == "cancelled":
            self._message(case, "event", "state: cancelled")

    def _message(self, case: Case, kind: str, body: str) -> int:
        rng = self._rng
        mine = kind == "client"
        if case.count or not mine:
            end = case.ended or self.at
            case.last += (end - case.last) * (rng.random() * 0.5)
        case.count += kind in ("client", "staff")
        sender, owner = case.sender, case.owner
        return self._writer.add(
            message,
            incident_id=case.id,
            kind=kind,
            staff_id=None if mine else owner,
            client_id=sender.id if mine and sender else None,
            author=case.name if mine or owner is None else self._house.names[owner],
            channel=case.channel if mine else "staff",
            body=body.format(n=case.number),
            mail_id=f"<{rng.getrandbits(64):016x}@demo.example>" if mine and case.channel == "email" else "",
            created_at=case.last,
        )

    def _file(self, case: Case, message_id: int) -> None:
        self._writer.add(
            attachment,
            incident_id=case.id,
            message_id=message_id,
            name=self._rng.choice(FILE_NAMES),
            media_type="text/plain",
            size=len(FILE),
            sha256=hashlib.sha256(FILE).hexdigest(),
            created_at=case.opened,
        )

    # What hangs on it

    def _beside(self, case: Case, sender: Sender, state: str) -> None:
        rng = self._rng
        if rng.random() < 0.05:
            self._writer.add(
                incident_tag, incident_id=case.id, tag_id=rng.choice(sorted(self._house.tags.values()))
            )
        if case.owner is not None and rng.random() < 0.35:
            minutes = rng.choice((5, 10, 15, 15, 20, 30, 45, 60, 90, 120))
            time_id = self._writer.add(
                time_entry,
                incident_id=case.id,
                staff_id=case.owner,
                minutes=minutes,
                billable=rng.random() < 0.8,
                note="",
                created_at=case.last,
            )
            self._draw(case, sender, time_id, minutes)
        if state == "open" and rng.random() < 0.05:
            self._approval(case, sender)
        if sender.status == "banned" and rng.random() < 0.5:
            self._held(case, sender)

    def _draw(self, case: Case, sender: Sender, time_id: int, minutes: int) -> None:
        lot = sender.lot
        amount = minutes if lot and lot.unit == "minutes" else 1
        if lot is None or lot.remaining < amount:
            return
        lot.remaining -= amount
        self._writer.add(
            credit_entry,
            lot_id=lot.id,
            client_id=sender.id,
            unit=lot.unit,
            amount=-amount,
            incident_id=case.id,
            staff_id=case.owner,
            reason=f"INC-{self.numbers:06d}",
            created_at=case.last,
        )

    def _approval(self, case: Case, sender: Sender) -> None:
        self._writer.add(
            approval,
            incident_id=case.id,
            client_id=sender.id,
            asked_by=case.owner,
            question="This takes about two hours of your credit. May we go on?",
            created_at=case.last,
        )

    def _held(self, case: Case, sender: Sender) -> None:
        self._writer.add(
            held,
            client_id=sender.id,
            channel="email",
            sender=sender.address or sender.name,
            subject=f"Re: {case.topic.subject.format(n=case.number)}",
            body="I am still waiting for an answer!",
            reason="The client is banned.",
            created_at=case.last,
        )
