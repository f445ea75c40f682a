"""One organization: what is known of it at the left, members and incidents at the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncConnection
from textual.binding import BindingType

from console import text
from console.data import organizations
from console.data.records import Organization
from console.screens import keys
from console.screens.organization_tabs import ORGANIZATION_TABS
from console.screens.panels import Context
from console.screens.record_screen import RecordScreen
from console.widgets.facts import BLANK, Fact


class OrganizationScreen(RecordScreen):
    """An organization whole, by id."""

    PLACE: ClassVar[str] = "organization"
    TABS = ORGANIZATION_TABS
    TRAIL = "Organizations"
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("organization")

    async def read(self, connection: AsyncConnection, context: Context) -> Sequence[Fact]:
        """See ``RecordScreen``."""
        found = await organizations.load(connection, self.record_id, context.now)
        self.name_shown = found.name
        return facts(found)


def facts(one: Organization) -> list[Fact]:
    """What is known of an organization; what is not known is left out."""
    credit = [
        text.duration_minutes(one.credit_minutes) if one.credit_minutes else "",
        text.plural(one.credit_incidents, "incident", "incidents") if one.credit_incidents else "",
    ]
    late = "99+" if one.overdue > 99 else str(one.overdue)
    known = [
        Fact("domains", tuple(("." if below else "") + name for name, below in one.domains)),
        Fact("manager", tuple(name for _, name, _ in one.managers)),
        Fact("phone", (one.phone,)),
        Fact("website", (one.website,)),
        Fact("address", (one.address.one_line,)),
        Fact("ext id", (one.external_id,)),
        Fact("remarks", (one.remarks,)),
    ]
    counts = [
        Fact("members", (f"{one.clients:,}",)),
        Fact("open", (f"{one.open_incidents:,}",)),
        Fact("overdue", (late,), "warning" if one.overdue else ""),
        Fact("credit", tuple(part for part in credit if part)),
    ]
    state = [] if one.state == "live" else [Fact("", (one.state,), "warning")]
    shown = [Fact("", (one.name,), "strong"), *state]
    for group in (known, counts):
        shown += [BLANK, *(fact for fact in group if any(fact.values))]
    return shown
