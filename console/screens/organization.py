"""One organization: what is known of it at the left, members and incidents at the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncConnection
from textual.binding import BindingType

from console import text
from console.commands import Command
from console.data import organizations
from console.data.merging.absorbed import absorbed, survivor
from console.data.records import Organization, OrganizationFacts
from console.screens import keys
from console.screens.merged import also
from console.screens.organization_tabs import ORGANIZATION_TABS
from console.screens.panels import Context
from console.screens.record_screen import RecordScreen
from console.widgets.facts import BLANK, Fact
from console.wording import NO_NAME


class OrganizationScreen(RecordScreen):
    """An organization whole, by id; for one merged into another that one, unless the former itself is wanted."""

    PLACE: ClassVar[str] = "organization"
    TABS = ORGANIZATION_TABS
    TRAIL = "Organizations"
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("organization")

    def __init__(self, record_id: int, name: str, *, left: bool = False) -> None:
        super().__init__(record_id, name)
        self.organization: Organization | None = None
        self._left = left

    async def read(self, connection: AsyncConnection, context: Context) -> Sequence[Fact]:
        """See ``RecordScreen``."""
        if not self._left:
            self.record_id = await survivor(connection, "organization", self.record_id)
        found = await organizations.load(connection, self.record_id, context.now)
        self.organization, self.name_shown = found, found.name or NO_NAME
        name, *rest = facts(found)
        return [name, *also(await absorbed(connection, "organization", self.record_id), context), *rest]

    def forget(self) -> None:
        """See ``RecordScreen``."""
        self.organization = None

    def targets(self) -> list[int]:
        """The organization shown."""
        return [self.record_id]

    def target(self) -> OrganizationFacts | None:
        """See ``DeskScreen``; None while loading."""
        one = self.organization
        return None if one is None else OrganizationFacts(one.id, one.name or NO_NAME, one.state, one.clients)

    def begin(self, command: Command, first: str = "") -> None:
        """In Mail domains, the mail domain to be removed is that of the row."""
        row = self.listing.cursor_id if self.current_tab == "domains" else None
        opens = self._opens.get(row) if row is not None else None
        if command.id == "organization.remove-domain" and opens is not None:
            self._answered(command, {"domain": opens.title})
        else:
            super().begin(command, first)


def facts(one: Organization) -> list[Fact]:
    """What is known of an organization; what is not known is left out."""
    credit = [
        text.duration_minutes(one.credit_minutes) if one.credit_minutes else "",
        text.plural(one.credit_incidents, "incident", "incidents") if one.credit_incidents else "",
    ]
    late = "99+" if one.overdue > 99 else str(one.overdue)
    known = [
        Fact("mail @", tuple(("." if below else "") + name for name, below in one.domains)),
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
    state = [] if one.state == "live" else [Fact("", (one.state,), "warning", public=True)]
    shown = [Fact("", (one.name,), "strong"), *state]
    for group in (known, counts):
        shown += [BLANK, *(fact for fact in group if any(fact.values))]
    return shown
