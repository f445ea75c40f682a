"""An answer of Who-is-this in words: the same on the screen and on the command line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from console import text
from console.data.records import Client, Note
from console.data.records.who import Answer, Candidate, KnownClient, Spoken
from console.text import money, one_line, plural
from console.wording import NO_NAME

Line = tuple[str, tuple[str, ...]]
"""A label, and what stands beside it, a line each."""

_STATUSES = {
    "spam": "Marked as spam: what they send goes to the spam folder",
    "disapproved": "Disapproved: what they send is held",
    "pending": "Waits for approval: what they send waits, too",
}
_COUNTED = 100
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning: its text, who gave it and until when. What is not ``urgent`` is only worth knowing."""

    text: str
    right: str = ""
    urgent: bool = True


@dataclass(frozen=True, slots=True)
class Times:
    """Moments as they are told at ``now`` in a zone (None: the machine's)."""

    now: datetime
    zone: tzinfo | None = None

    def when(self, moment: datetime | None) -> str:
        """Beside now, short: '2 h ago', '28 Nov'; '' for none."""
        return text.when(moment.astimezone(self.zone), self.now.astimezone(self.zone)) if moment else ""

    def day(self, moment: datetime) -> str:
        """The day of a moment, short."""
        return text.day(moment.astimezone(self.zone).date(), self.now.astimezone(self.zone).date())


def called(candidate: Candidate) -> str:
    """How somebody is called."""
    return one_line(candidate.name or NO_NAME, _LONGEST)


def sentence(answer: Answer) -> str:
    """What was found, as one sentence; for nobody, what can be done."""
    given, found = answer.given, answer.found
    shown = repr(one_line(given, 60))
    if not given:
        return "Nothing was pasted that could be read. Paste a number, an address, a name."
    if found is None:
        return _nobody(answer, shown) if answer.kind == "nobody" else _several(answer, shown)
    if found.kind == "purged":
        return "They were purged: nothing of them is left."
    if found.kind == "organization" and answer.new.get("email"):
        return f"Nobody has the address {shown}. Its mail domain belongs to {called(found)}."
    return f"{called(found)}: found by {one_line(found.why, _LONGEST)}."


def _nobody(answer: Answer, shown: str) -> str:
    near = " These come near." if answer.candidates else ""
    return f"Nobody is known by {shown}.{near}"


def _several(answer: Answer, shown: str) -> str:
    count = f"More than {len(answer.candidates)}" if answer.more else str(len(answer.candidates))
    rest = " Write more of it." if answer.more else ""
    return f"{count} may be meant by {shown}.{rest}"


def status(candidate: Candidate) -> str:
    """The word that tells a candidate from others: what became of them, else their status."""
    return candidate.status if candidate.state == "live" else candidate.state


# Warnings


def warnings(answer: Answer, times: Times) -> list[Warned]:
    """What must be known before anything else, the gravest first."""
    found = answer.found
    if found is None:
        return []
    merged = [Warned(f"{found.former} was merged into them", urgent=False)] if found.former else []
    if answer.client is None:
        gone = found.state if found.kind == "organization" and found.state != "live" else ""
        return [*([Warned(gone.capitalize())] if gone else []), *merged]
    known = answer.client
    return [
        *_state(known.client, times),
        *_status(known.client, times),
        *_notes(known.notes, times),
        *_late(known, times),
        *_money(known, times),
        *merged,
        *_hints(known),
    ]


def _state(client: Client, times: Times) -> Iterable[Warned]:
    if client.state == "deleted":
        purged = f", to be purged on {times.day(client.purge_at)}" if client.purge_at else ""
        yield Warned(f"Deleted{purged}. X on the client brings them back")
    elif client.state == "archived":
        yield Warned("Archived: they stand in no list. Z on the client brings them back")


def _status(client: Client, times: Times) -> Iterable[Warned]:
    if client.status == "approved":
        return
    by = [client.status_by] if client.status_by else []
    if client.status_until:
        by.append(f"until {times.day(client.status_until)}")
    elif client.status_at and by:
        by.append(times.day(client.status_at))
    said = _STATUSES.get(client.status, client.status.capitalize())
    yield Warned(f"{said}: {client.status_reason}" if client.status_reason else said, ", ".join(by))


def _notes(notes: Sequence[Note], times: Times) -> Iterable[Warned]:
    for note in notes:
        ends = f", ends {times.day(note.expires_at)}" if note.expires_at else ""
        yield Warned(note.text[:500], note.author + ends)


def _late(known: KnownClient, times: Times) -> Iterable[Warned]:
    if known.overdue:
        first = next((one for one in known.incidents if one.overdue), None)
        since = f", {first.readable} was due {times.when(first.due_at)}" if first else ""
        count = (
            "99+ incidents" if known.overdue >= _COUNTED else plural(known.overdue, "incident", "incidents")
        )
        yield Warned(f"{count} overdue{since}")
    if known.held:
        yield Warned(f"{known.held:,} held in quarantine: 7 in the lists shows them")


def _money(known: KnownClient, times: Times) -> Iterable[Warned]:
    count, amounts = known.invoices
    if count:
        owed = ", ".join(money(amount, currency) for currency, amount in amounts)
        yield Warned(f"{plural(count, 'invoice', 'invoices')} overdue: {owed}")
    if known.lacking:
        yield Warned(f"No credit for {', '.join(known.lacking)}: a new incident there wants it")
    elif known.had_credit and not known.minutes and not known.credits:
        yield Warned("Their credit is used up or has lapsed")
    for lot in known.lapsing[:2]:
        ends = times.day(lot.expires_at) if lot.expires_at else ""
        yield Warned(f"{_amount(lot.unit, lot.remaining)} of credit lapse on {ends}")


def _hints(known: KnownClient) -> Iterable[Warned]:
    if known.access and not any(one.allowed for one in known.access):
        yield Warned("They may submit to no department")
    if known.same_number:
        yield Warned(f"The same number: {', '.join(known.same_number)}", urgent=False)


def _amount(unit: str, amount: int) -> str:
    return text.duration_minutes(amount) if unit == "minutes" else plural(amount, "incident", "incidents")


def _credit(minutes: int, incidents: int) -> str:
    left = [_amount("minutes", minutes)] if minutes else []
    left += [_amount("incidents", incidents)] if incidents else []
    return " · ".join(left) or "none"


# What is told besides


def facts(answer: Answer, times: Times) -> list[Line]:
    """What is told below the incidents: credit, access, what was said last, who and where they are."""
    if answer.client is not None:
        return _of_client(answer.client, answer, times)
    if answer.sender is not None:
        address = (answer.sender.address,)
        return _known([("last", _last(answer.sender.last, times)), ("reach", address), *_how(answer)])
    if (one := answer.organization) is not None:
        credit = _credit(one.credit_minutes, one.credit_incidents)
        late = f" · {one.overdue} overdue" if one.overdue else ""
        return _known(
            [
                ("members", (f"{one.clients:,} clients",)),
                ("incidents", (f"{one.open_incidents:,} open{late}",)),
                ("credit", (credit,)),
                ("mail @", (", ".join(name for name, _ in one.domains),)),
                ("phone", (one.phone,)),
                ("remarks", (one.remarks,)),
                *_how(answer),
            ]
        )
    if answer.purged_at is not None:
        return [("purged", (times.day(answer.purged_at),)), *_how(answer)]
    return []


def _of_client(known: KnownClient, answer: Answer, times: Times) -> list[Line]:
    client, contact = known.client, known.contact
    reach = [one.raw for one in (contact.identities if contact else client.identities)]
    manages = f", manages {', '.join(client.manages)}" if client.manages else ""
    if client.manages == (client.organization,):
        manages = ", manager"
    return _known(
        [
            ("credit", (_credit(known.minutes, known.credits),)),
            ("access", (_access(known),)),
            ("portal", (portal(client),)),
            ("last", _last(known.last, times) or ("nothing was said yet",)),
            ("org", ((client.organization + manages).lstrip(", "),)),
            ("reach", (" · ".join(reach[:4]),)),
            *_how(answer),
        ]
    )


def _known(lines: Iterable[Line]) -> list[Line]:
    return [(label, values) for label, values in lines if any(values)]


def _how(answer: Answer) -> list[Line]:
    return [("found by", (answer.found.why,))] if answer.found else []


def _access(known: KnownClient) -> str:
    allowed = [one.department for one in known.access if one.allowed]
    denied = [one.department for one in known.access if not one.allowed]
    return " · not ".join(", ".join(names) for names in (allowed or ["none"], denied) if names)


def portal(client: Client) -> str:
    """What they see in the portal."""
    scope = {"all": "all incidents", "from_date": f"from {client.portal_from}", "new": "new incidents only"}
    switch = {"inherit": "as for all", "on": "on", "off": "off"}[client.portal]
    return switch if client.portal == "off" else f"{switch}, {scope[client.portal_scope]}"


def _last(said: Sequence[Spoken], times: Times) -> tuple[str, ...]:
    return tuple(_spoken(one, times) for one in said)


def _spoken(one: Spoken, times: Times) -> str:
    way = {"from": "from them", "to": "to them", "held": "held"}[one.way]
    author = f" by {one_line(one.author, 40)}" if one.way == "to" and one.author else ""
    return f"{times.when(one.at)}, {one.channel} {way}{author}: {one_line(one.words, 300) or '(no text)'}"
