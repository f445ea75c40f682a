"""The tabs of a client, each read and laid out by one function."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from console import text
from console.data import contacts, credit, departments, history, incidents, invoices, notes
from console.data.incidents import IncidentQuery
from console.data.paging import At
from console.screens.panels import (
    INCIDENTS,
    OPEN_INCIDENTS,
    Context,
    Opens,
    Panel,
    Tab,
    access_panel,
    history_panel,
    incident_rows,
    no_incidents,
    opens_incidents,
    sla_panel,
)
from console.widgets.facts import Pair
from console.widgets.record_list import Column, ListRow, RowFlags

PAGE = 100


async def _summary(connection: AsyncConnection, context: Context, at: At) -> Panel:
    found = await incidents.summary(connection, context.record_id, context.now)
    owed = [text.money(amount, currency) for currency, amount in found.invoices_new_amounts]
    late = [text.money(amount, currency) for currency, amount in found.invoices_overdue_amounts]
    warn = frozenset({1}) if found.overdue else frozenset()
    pairs = [
        Pair("incidents", (f"new {found.new}", f"overdue {found.overdue}", f"open {found.open}"), warn),
        *(
            [Pair("held", (f"{found.held} in quarantine: 7 shows them",), frozenset({0}))]
            if found.held
            else []
        ),
        Pair(
            "invoices",
            (
                " ".join([f"new {found.invoices_new}", *owed]),
                " ".join([f"overdue {found.invoices_overdue}", *late]),
            ),
            frozenset({1}) if found.invoices_overdue else frozenset(),
        ),
        Pair(
            "credit",
            (
                text.duration_minutes(found.credit_minutes),
                text.plural(found.credit_incidents, "incident", "incidents"),
            ),
        ),
    ]
    for unit, left, expires in found.lapsing[:2]:
        amount = (
            text.duration_minutes(left) if unit == "minutes" else text.plural(left, "incident", "incidents")
        )
        pairs.append(Pair("", (f"{amount} lapse on {context.day(expires)}",)))
    return Panel(
        OPEN_INCIDENTS,
        incident_rows(found.incidents, context),
        pairs,
        "No open incidents.",
        opens_incidents(found.incidents),
    )


async def _access(connection: AsyncConnection, context: Context, at: At) -> Panel:
    found = await departments.access(connection, context.record_id)
    return access_panel(found, "[x] they may submit · enter switches")


async def _incidents(connection: AsyncConnection, context: Context, at: At) -> Panel:
    query = IncidentQuery(client_id=context.record_id, text=context.text)
    page = await incidents.page(connection, query, context.now, at=at, limit=PAGE)
    return Panel(
        INCIDENTS,
        incident_rows(page.rows, context),
        (),
        no_incidents(context),
        opens_incidents(page.rows),
        {row.id: row.anchor for row in page.rows},
        page.has_before,
        page.has_after,
    )


_CONTACTS = (
    Column("name", "name", 14, grow=2),
    Column("identities", "email or phone", 18, grow=2),
    Column("access", "portal", 8, drop=1),
    Column("primary", "", 7),
)


async def _contacts(connection: AsyncConnection, context: Context, at: At) -> Panel:
    found = await contacts.of_client(connection, context.record_id)
    rows, opens = [], {}
    for one in found:
        first = one.identities[0].raw if one.identities else ""
        rows.append(ListRow(one.id, (one.name, first, one.access, "primary" if one.primary else "")))
        lines = [one.job_title, *(f"{i.type}: {i.raw}" for i in one.identities), one.address.one_line]
        lines.append(f"portal access: {one.access}")
        opens[one.id] = Opens("read", one.id, one.name, "\n".join(line for line in lines if line))
    pairs = [Pair("", ("e edits · P makes primary · - removes",))] if rows else []
    return Panel(_CONTACTS, rows, pairs, "No contacts yet. C adds one.", opens)


_NOTES = (
    Column("text", "note", 20, grow=1),
    Column("author", "by", 8, drop=1),
    Column("at", "when", 9),
)


async def _notes(connection: AsyncConnection, context: Context, at: At) -> Panel:
    found = await notes.of_client(connection, context.record_id)
    rows, opens = [], {}
    for one in found:
        expired = one.expires_at is not None and one.expires_at <= context.now
        flags = RowFlags(warning=one.level == "warning" and not expired, dim=expired)
        pinned = "(pinned) " if one.pinned else ""
        rows.append(
            ListRow(one.id, (pinned + one.text[:400], one.author, context.when(one.created_at)), flags)
        )
        until = f", until {context.stamp(one.expires_at)}" if one.expires_at else ""
        title = f"{one.level.capitalize()} by {one.author}, {context.stamp(one.created_at)}{until}"
        opens[one.id] = Opens("read", one.id, title, one.text)
    return Panel(_NOTES, rows, (), "No notes yet. a adds one.", opens)


_LEDGER = (
    Column("at", "when", 9),
    Column("amount", "amount", 12, align="right"),
    Column("reason", "what for", 14, grow=1),
    Column("staff", "by", 8, drop=1),
)


def _amount(unit: str, amount: int) -> str:
    sign = "+" if amount > 0 else ""
    return sign + (text.duration_minutes(amount) if unit == "minutes" else f"{amount} inc.")


async def _credit(connection: AsyncConnection, context: Context, at: At) -> Panel:
    left = await credit.balance(connection, context.record_id, context.now)
    pairs = [
        Pair(
            "left",
            (
                text.duration_minutes(left["minutes"]),
                text.plural(left["incidents"], "incident", "incidents"),
            ),
        )
    ]
    for lot in (await credit.lots(connection, context.record_id, context.now))[:3]:
        ends = f"until {context.day(lot.expires_at)}" if lot.expires_at else "without end"
        pairs.append(Pair("lot", (_amount(lot.unit, lot.remaining).lstrip("+"), ends, lot.reason)))
    pairs.append(Pair("", ("c adds · - reverses a line",)))
    rows, opens = [], {}
    for line in await credit.ledger(connection, context.record_id):
        amount = _amount(line.unit, line.amount)
        rows.append(ListRow(line.id, (context.when(line.created_at), amount, line.reason, line.staff)))
        said = f"{amount}\n{line.reason}\nby {line.staff or 'the system'}, {context.stamp(line.created_at)}"
        opens[line.id] = Opens("read", line.id, "Line of the ledger", said)
    return Panel(_LEDGER, rows, pairs, "No credit yet.", opens)


_INVOICES = (
    Column("number", "invoice", 12),
    Column("title", "title", 10, grow=1, drop=2),
    Column("amount", "amount", 13, align="right"),
    Column("due", "due", 9, drop=1),
    Column("state", "state", 8),
)


async def _invoices(connection: AsyncConnection, context: Context, at: At) -> Panel:
    today = context.local(context.now).date()
    found = await invoices.of_client(connection, context.record_id, today)
    rows, opens = [], {}
    for one in found:
        amount = text.money(one.amount, one.currency)
        state = "overdue" if one.overdue else one.state
        flags = RowFlags(warning=one.overdue, dim=one.state == "void")
        rows.append(
            ListRow(one.id, (one.number, one.title, amount, text.day(one.due_on, today), state), flags)
        )
        said = f"{one.title}\n{amount}, {state}\nissued {one.issued_on}, due {one.due_on}"
        opens[one.id] = Opens("read", one.id, f"Invoice {one.number}", said)
    return Panel(_INVOICES, rows, (), "No invoices yet.", opens)


async def _sla(connection: AsyncConnection, context: Context, at: At) -> Panel:
    return sla_panel(await departments.targets(connection, context.record_id), "client")


async def _history(connection: AsyncConnection, context: Context, at: At) -> Panel:
    return history_panel(await history.page(connection, "client", context.record_id, at=at), context)


CLIENT_TABS = (
    Tab("summary", "Summary", _summary),
    Tab("access", "Access", _access),
    Tab("incidents", "Incidents", _incidents),
    Tab("contacts", "Contacts", _contacts),
    Tab("notes", "Notes", _notes),
    Tab("credit", "Credit", _credit),
    Tab("invoices", "Invoices", _invoices),
    Tab("sla", "SLA", _sla),
    Tab("history", "History", _history),
)
