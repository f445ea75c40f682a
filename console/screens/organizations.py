"""The Organizations tab."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from console.commands import Command
from console.data import organizations
from console.data.organizations import SORTS, OrganizationQuery
from console.data.paging import At
from console.data.records import OrganizationRow, Page
from console.screens import keys
from console.screens.list_screen import ListScreen
from console.screens.organization import OrganizationScreen
from console.widgets.record_list import Column, ListRow, RowFlags
from console.wording import NO_NAME

COLUMNS = (
    Column("name", "name", 22, grow=3),
    Column("mail_domains", "mail domains", 18, grow=2, drop=2),
    Column("clients", "clients", 7, align="right"),
    Column("manager", "manager", 14, grow=2, drop=1),
    Column("incidents", "opn", 4, align="right"),
    Column("overdue", "overdue", 7, align="right"),
)


class OrganizationsScreen(ListScreen[OrganizationRow]):
    """All organizations that are neither archived, deleted nor merged into others."""

    PLACE: ClassVar[str] = "organizations"
    COLUMNS = COLUMNS
    SORTS = tuple(SORTS)
    NOUN = "organizations"
    EMPTY = "No organizations yet. n adds one, or: helpdesk organizations import FILE"
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("organizations")

    async def fetch(self, at: At, limit: int) -> Page[OrganizationRow]:
        """See ``ListScreen``."""
        desk = self.desk_app.desk
        query = OrganizationQuery(self.text, self.sort)
        async with desk.read() as connection:
            return await organizations.page(connection, query, desk.now(), at=at, limit=limit)

    async def matching(self) -> int | None:
        """See ``ListScreen``."""
        async with self.desk_app.desk.read() as connection:
            return await organizations.count(connection, OrganizationQuery(self.text))

    def row(self, record: OrganizationRow) -> ListRow:
        """See ``ListScreen``."""
        late = "" if not record.overdue else "99+" if record.overdue > 99 else str(record.overdue)
        return ListRow(
            record.id,
            {
                "name": record.name or NO_NAME,
                "mail_domains": record.domains,
                "clients": str(record.clients or ""),
                "manager": record.manager,
                "incidents": str(record.open_incidents or ""),
                "overdue": late,
            },
            RowFlags(warning=bool(record.overdue)),
        )

    def open_record(self, record_id: int) -> None:
        """See ``ListScreen``."""
        self.app.push_screen(OrganizationScreen(record_id, self.records[record_id].name))

    def after(self, command: Command, made: int | None) -> None:
        """A new organization is opened."""
        if made is not None:
            self.app.push_screen(OrganizationScreen(made, ""))
