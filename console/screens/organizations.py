"""The Organizations tab."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from console.commands import Command
from console.data import organizations
from console.data.organizations import ORGANIZATION_VIEWS, SORTS, OrganizationQuery
from console.data.paging import At
from console.data.records import OrganizationFacts, OrganizationRow, Page
from console.screens import keys
from console.screens.list_screen import ListScreen
from console.screens.organization import OrganizationScreen
from console.widgets.action_menu import ActionMenu, MenuItem
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


# The key of each saved filter in its menu: those of the actions that lead there.
VIEW_KEYS = {"all": "a", "archived": "z", "deleted": "x"}


class OrganizationsScreen(ListScreen[OrganizationRow]):
    """All organizations that are neither archived, deleted nor merged into others."""

    PLACE: ClassVar[str] = "organizations"
    COLUMNS = COLUMNS
    SORTS = tuple(SORTS)
    NOUN = "organizations"
    EMPTY = "No organizations yet. n adds one, or: helpdesk organizations import FILE"
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("organizations")

    def __init__(self) -> None:
        super().__init__()
        self.view = "all"

    async def fetch(self, at: At, limit: int) -> Page[OrganizationRow]:
        """See ``ListScreen``."""
        desk = self.desk_app.desk
        query = OrganizationQuery(self.text, self.sort, self.view)
        async with desk.read() as connection:
            return await organizations.page(connection, query, desk.now(), at=at, limit=limit)

    async def matching(self) -> int | None:
        """See ``ListScreen``."""
        async with self.desk_app.desk.read() as connection:
            query = OrganizationQuery(self.text, view=self.view)
            return await organizations.count(connection, query)

    def shown(self) -> str:
        """What the list shows, for the line of the filter."""
        return ORGANIZATION_VIEWS[self.view][0]

    def nothing(self) -> str:
        """See ``ListScreen``."""
        return self.EMPTY if self.view == "all" else f"No organizations here: {self.shown()}. v shows others."

    def do_view(self) -> None:
        """Choose which organizations are shown."""
        items = [MenuItem(f"view.{one}", key, ORGANIZATION_VIEWS[one][0]) for one, key in VIEW_KEYS.items()]
        self.query_one("#menu", ActionMenu).open([("Show", items)])

    def chosen(self, item_id: str) -> None:
        """A saved filter, or an action of the menu."""
        if not item_id.startswith("view."):
            super().chosen(item_id)
            return
        self.view = item_id.removeprefix("view.")
        self._summarize(None)
        self.new_query()
        self.tell(f"Showing: {self.shown()}.")

    def do_back(self) -> None:
        """From a saved filter back to all organizations, before q leaves."""
        if self.view != "all" and not self.text:
            self.chosen("view.all")
        else:
            super().do_back()

    def targets(self) -> list[int]:
        """The organization under the cursor."""
        return [] if (one := self.listing.cursor_id) is None else [one]

    def target(self) -> OrganizationFacts | None:
        """See ``DeskScreen``."""
        record = self.records.get(self.listing.cursor_id or 0)
        if record is None:
            return None
        return OrganizationFacts(record.id, record.name or NO_NAME, record.state, record.clients)

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
            RowFlags(warning=bool(record.overdue), dim=record.state != "live"),
        )

    def open_record(self, record_id: int) -> None:
        """See ``ListScreen``."""
        self.app.push_screen(OrganizationScreen(record_id, self.records[record_id].name))

    def after(self, command: Command, made: int | None) -> None:
        """A new organization is opened."""
        if made is not None:
            self.app.push_screen(OrganizationScreen(made, ""))
