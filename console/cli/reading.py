"""Records as pages and tables to read on a terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.output import Column
from console.text import money, plural

if TYPE_CHECKING:
    from console.cli.session import Session
    from console.data.records import Client, Contact, IncidentRow, Note, Summary

NOTES_SHOWN = 10
INCIDENTS = (
    Column("incident"),
    Column("subject", gives=True),
    Column("client", gives=True),
    Column("department"),
    Column("priority"),
    Column("state"),
    Column("owner"),
    Column("due"),
)


def show_client(
    session: "Session",
    found: "Client",
    contacts: Sequence["Contact"],
    notes: Sequence["Note"],
    summary: "Summary",
    warnings: Sequence["Note"],
) -> None:
    """Write a client: warnings that hold first, then what is known, then what is open."""
    for one in warnings:
        output.tell(f"! {one.text}")
    output.details(_client_lines(session, found))
    output.details(_summary_lines(summary, len(contacts)))
    if contacts:
        output.heading("Contacts")
        output.table(
            (
                Column("name", gives=True),
                Column("access"),
                Column("primary"),
                Column("reached by", gives=True),
            ),
            [
                [one.name, one.access, "yes" if one.primary else "", ", ".join(i.raw for i in one.identities)]
                for one in contacts
            ],
        )
    if summary.incidents:
        output.heading("Open incidents")
        incidents(session, summary.incidents)
    if notes:
        output.heading("Notes")
        for one in notes[:NOTES_SHOWN]:
            output.details([(f"{session.local(one.created_at)} {one.author}", one.text)])


def _client_lines(session: "Session", found: "Client") -> list[tuple[str, str]]:
    status = found.status
    if found.status_by:
        status += f", by {found.status_by} {session.local(found.status_at)}"
    if found.status_reason:
        status += f": {found.status_reason}"
    own = [one for one in found.identities if one.contact_id is None]
    return [
        ("name", ("* " if found.favourite else "") + found.name),
        ("id", str(found.id)),
        ("kind", found.kind),
        ("state", "" if found.state == "live" else found.state),
        ("status", status),
        *((("mobile" if one.mobile else one.type), one.raw) for one in own),
        ("username", found.username),
        ("external id", found.external_id),
        ("organization", found.organization),
        ("manages", ", ".join(found.manages)),
        ("address", found.address.one_line),
        ("language", found.language),
        ("time zone", found.time_zone),
        ("tags", ", ".join(found.tags)),
        ("since", session.local(found.created_at)),
    ]


def _summary_lines(summary: "Summary", contacts: int) -> list[tuple[str, str]]:
    owed = ", ".join(money(amount, currency) for currency, amount in summary.invoices_overdue_amounts)
    late = f", {summary.invoices_overdue} overdue {owed}" if summary.invoices_overdue else ""
    credit = f"{summary.credit_minutes} minutes, {plural(summary.credit_incidents, 'incident', 'incidents')}"
    return [
        ("incidents", f"{summary.open} open, {summary.new} new, {summary.overdue} overdue"),
        ("held", str(summary.held or "")),
        ("invoices", f"{summary.invoices_new} to pay{late}"),
        ("credit", credit),
        ("contacts", str(contacts)),
    ]


def incidents(session: "Session", rows: Sequence["IncidentRow"], *, titles: bool = True) -> None:
    """Write incidents as a table; `!` marks what is overdue."""
    output.table(
        INCIDENTS,
        [
            [
                row.readable,
                row.subject,
                row.client,
                row.department,
                row.priority,
                row.state if row.folder == "inbox" else row.folder,
                row.owner or "-",
                session.local(row.due_at) + (" !" if row.overdue else ""),
            ]
            for row in rows
        ],
        titles=titles,
    )
