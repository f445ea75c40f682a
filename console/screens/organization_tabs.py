"""The tabs of an organization."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import clients, history, incidents, organization_access, organizations, sla
from console.data.clients import ClientQuery
from console.data.incidents import IncidentQuery
from console.data.paging import At
from console.data.views import Reader
from console.screens.panels import (
    INCIDENTS,
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
from console.widgets.record_list import Column, ListRow

PAGE = 100
_MEMBERS = (
    Column("name", "name", 16, grow=2),
    Column("email", "email or phone", 18, grow=2, drop=1),
    Column("incidents", "opn", 3, align="right"),
    Column("status", "status", 11),
)


async def _members(connection: AsyncConnection, context: Context, at: At) -> Panel:
    query = ClientQuery(organization_id=context.record_id)
    page = await clients.page(connection, query, Reader(None, context.now), at=at, limit=PAGE)
    rows = [
        ListRow(one.id, (one.name, one.email or one.mobile, str(one.open_incidents or ""), one.status))
        for one in page.rows
    ]
    opens = {one.id: Opens("client", one.id, one.name) for one in page.rows}
    anchors = {one.id: one.anchor for one in page.rows}
    return Panel(_MEMBERS, rows, (), "No members yet.", opens, anchors, page.has_before, page.has_after)


_WITH_CLIENT = (*INCIDENTS[:2], Column("client", "client", 14, grow=1, drop=2), *INCIDENTS[2:])


async def _incidents(connection: AsyncConnection, context: Context, at: At) -> Panel:
    query = IncidentQuery(organization_id=context.record_id, text=context.text)
    page = await incidents.page(connection, query, context.now, at=at, limit=PAGE)
    return Panel(
        _WITH_CLIENT,
        incident_rows(page.rows, context),
        (),
        no_incidents(context),
        opens_incidents(page.rows),
        {row.id: row.anchor for row in page.rows},
        page.has_before,
        page.has_after,
    )


_DOMAINS = (Column("domain", "mail domain", 24, grow=1), Column("below", "subdomains", 12))


async def _domains(connection: AsyncConnection, context: Context, at: At) -> Panel:
    found = await organizations.load(connection, context.record_id, context.now)
    rows = [
        ListRow(number, (name, "included" if below else ""))
        for number, (name, below) in enumerate(found.domains)
    ]
    opens = {
        number: Opens("read", number, name, _domain_said(name, below=below))
        for number, (name, below) in enumerate(found.domains)
    }
    return Panel(_DOMAINS, rows, (), "No mail domains yet. + adds one.", opens)


def _domain_said(name: str, *, below: bool) -> str:
    what = f"{name} and what is below it" if below else f"{name} alone, without what is below it"
    return f"Mail from {what} means this organization.\n- takes it away, and shows first who would move."


async def _access(connection: AsyncConnection, context: Context, at: At) -> Panel:
    found = await organization_access.access(connection, context.record_id)
    return access_panel(found, "[x] members may submit, but for own switches · enter switches")


async def _sla(connection: AsyncConnection, context: Context, at: At) -> Panel:
    return sla_panel(await sla.of_organization(connection, context.record_id), "organization")


_MANAGERS = (Column("name", "manager", 24, grow=1), Column("may", "may", 16))


async def _managers(connection: AsyncConnection, context: Context, at: At) -> Panel:
    found = await organizations.load(connection, context.record_id, context.now)
    rows = [ListRow(one, (name, "see and reply" if reply else "see")) for one, name, reply in found.managers]
    opens = {one: Opens("client", one, name) for one, name, _ in found.managers}
    return Panel(_MANAGERS, rows, (), "No managers yet.", opens)


async def _history(connection: AsyncConnection, context: Context, at: At) -> Panel:
    return history_panel(await history.page(connection, "organization", context.record_id, at=at), context)


ORGANIZATION_TABS = (
    Tab("members", "Members", _members),
    Tab("incidents", "Incidents", _incidents),
    Tab("domains", "Mail domains", _domains),
    Tab("managers", "Managers", _managers),
    Tab("access", "Access", _access),
    Tab("sla", "SLA", _sla),
    Tab("history", "History", _history),
)
