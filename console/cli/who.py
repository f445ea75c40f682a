"""`helpdesk who`: anything pasted, answered with the person it means."""

from typing import TYPE_CHECKING, Any

import click

from console.cli import output, records
from console.cli.output import Column
from console.cli.session import Session
from console.cli.session import command as made

if TYPE_CHECKING:
    from console.commands.answers import Times
    from console.data.records.who import Answer, Candidate, KnownClient, Spoken

NOBODY = 1
COLUMNS = (
    Column("name", gives=True),
    Column("found by", gives=True),
    Column("organization", gives=True),
    Column("seen"),
    Column("status"),
    Column("id", "right"),
)


@made(
    "who",
    click.Argument(["text"], nargs=-1, required=True, metavar="TEXT..."),
    text="Say who is meant by anything: a phone number in any spelling or its last digits, an e-mail address, a "
    "handle or a link to a profile, the number, hash or link of an incident, the id of any record, a username, an "
    "external id, an invoice, a mail domain, a name. Exits 1 where nobody is meant, or several.",
    examples="""
    helpdesk who +48 601 555 010
    helpdesk who "Anna <anna@acme.example>"
    helpdesk who INC-000123 --json
    helpdesk who -- https://twitter.com/anna
    """,
)
async def command(session: Session, text: tuple[str, ...]) -> int:
    from console.commands import answers
    from console.data import who

    async with session.acting() as (desk, actor):
        now = desk.now()
        async with desk.read() as connection:
            answer = await who.answer(connection, " ".join(text), actor.staff_id, now)
    times = answers.Times(now, session.zone)
    if session.json:
        output.emit(_object(answer, times))
    else:
        _write(answer, times)
    return 0 if answer.found is not None else NOBODY


def _write(answer: "Answer", times: "Times") -> None:
    from console.commands import answers

    sentence = answers.sentence(answer)
    if answer.found is not None:
        output.tell(sentence)
    else:
        output.complain(sentence)
    _write_warnings(answer, times)
    if answer.candidates:
        output.table(COLUMNS, [_cells(one, times) for one in answer.candidates])
    if answer.client is not None:
        client = answer.client.client
        output.details([("client", f"{client.name}, {client.status}"), ("id", str(client.id))])
    _write_incidents(answer, times)
    output.details(
        (label if not place else "", value)
        for label, values in answers.facts(answer, times)
        for place, value in enumerate(values)
    )


def _write_warnings(answer: "Answer", times: "Times") -> None:
    from console.commands import answers

    for one in answers.warnings(answer, times):
        by = f" ({one.right})" if one.right else ""
        output.tell(f"{'!' if one.urgent else '-'} {one.text}{by}")


def _write_incidents(answer: "Answer", times: "Times") -> None:
    known = answer.client or answer.sender
    if known is not None and known.incidents:
        rows = [
            [
                one.readable,
                one.subject,
                one.state,
                times.when(one.due_at) + (" !" if one.overdue else ""),
                one.owner,
            ]
            for one in known.incidents
        ]
        titles = ("incident", "subject", "state", "due", "owner")
        output.table([Column(title, gives=title == "subject") for title in titles], rows)


def _cells(one: "Candidate", times: "Times") -> list[str]:
    from console.commands import answers

    return [
        answers.called(one),
        one.why,
        one.organization,
        times.when(one.seen_at),
        answers.status(one),
        str(one.id),
    ]


# JSON


def _object(answer: "Answer", times: "Times") -> dict[str, Any]:
    from console.commands import answers

    warned = answers.warnings(answer, times)
    return {
        "given": answer.given,
        "kind": answer.kind,
        "sentence": answers.sentence(answer),
        "found": None if answer.found is None else _candidate(answer.found),
        "warnings": [{"text": one.text, "by": one.right, "urgent": one.urgent} for one in warned],
        "client": None if answer.client is None else _client(answer.client),
        "sender": None
        if answer.sender is None
        else {
            "address": answer.sender.address,
            "name": answer.sender.name,
            "incidents": [records.incident_row(one) for one in answer.sender.incidents],
            "last": [_spoken(one) for one in answer.sender.last],
        },
        "organization": None if answer.organization is None else records.organization(answer.organization),
        "purged_at": answer.purged_at,
        "candidates": [_candidate(one) for one in answer.candidates],
        "more": answer.more,
        "new": dict(answer.new),
    }


def _candidate(one: "Candidate") -> dict[str, Any]:
    return {
        "kind": one.kind,
        "id": str(one.id),
        "name": one.name,
        "why": one.why,
        "about": one.about,
        "organization": one.organization,
        "status": one.status,
        "state": one.state,
        "seen_at": one.seen_at,
        "former": one.former,
        "contact_id": None if one.contact_id is None else str(one.contact_id),
        "incident_id": None if one.incident_id is None else str(one.incident_id),
    }


def _client(known: "KnownClient") -> dict[str, Any]:
    count, amounts = known.invoices
    return {
        "id": str(known.client.id),
        "name": known.client.name,
        "status": known.client.status,
        "status_reason": known.client.status_reason,
        "status_by": known.client.status_by,
        "status_until": known.client.status_until,
        "state": known.client.state,
        "organization": known.client.organization,
        "manages": list(known.client.manages),
        "contact": None if known.contact is None else records.contact(known.contact),
        "incidents": [records.incident_row(one) for one in known.incidents],
        "overdue": known.overdue,
        "held": known.held,
        "invoices_overdue": count,
        "invoices_overdue_amounts": dict(amounts),
        "credit": {"minutes": known.minutes, "incidents": known.credits},
        "access": [one.department for one in known.access if one.allowed],
        "no_access": [one.department for one in known.access if not one.allowed],
        "portal": known.client.portal,
        "same_number": list(known.same_number),
        "last": [_spoken(one) for one in known.last],
    }


def _spoken(one: "Spoken") -> dict[str, Any]:
    return {
        "at": one.at,
        "way": one.way,
        "channel": one.channel,
        "author": one.author,
        "words": one.words,
        "number": f"INC-{one.number:06d}" if one.number else None,
    }
