"""The Incidents tab: all of them, by view, found by anything."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from console.data import incidents
from console.data.incident_search import FOUND, Ranked
from console.data.incident_views import INCIDENT_VIEWS
from console.data.incidents import NEWEST, SORTS, IncidentQuery
from console.data.paging import FIRST, At
from console.data.records import IncidentFacts, IncidentRow, Page, Sort
from console.screens import keys
from console.screens.list_screen import ListScreen
from console.screens.panels import Context, incident_rows
from console.widgets.action_menu import ActionMenu, MenuItem
from console.widgets.record_list import Column, ListRow

COLUMNS = (
    Column("number", "incident", 10),
    Column("subject", "subject", 16, grow=3),
    Column("client", "client", 13, grow=1, drop=3),
    Column("department", "department", 10, grow=1, drop=5),
    Column("state", "state", 9, drop=2),
    Column("due", "due", 9, align="right", drop=1),
    Column("owner", "owner", 8, drop=4),
)

# The key of each saved filter in its menu: as on the list of clients, where there is the same.
VIEW_KEYS = {"all": "a", "open": "o", "mine": "m", "unassigned": "n", "overdue": "d", "spam": "s"}


class IncidentsScreen(ListScreen[IncidentRow]):
    """Incidents of all clients and senders, the newest first; of what a filter finds, the best first."""

    PLACE: ClassVar[str] = "incidents"
    COLUMNS = COLUMNS
    SORTS = tuple(SORTS)
    NOUN = "incidents"
    EMPTY = "No incidents yet. On a client, i makes one, or: helpdesk incidents create"
    COUNTED = FOUND
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("incidents")

    def __init__(self) -> None:
        super().__init__()
        self.sort = NEWEST
        self.view = "all"
        self._found: tuple[IncidentQuery, Ranked] | None = None

    def query_now(self) -> IncidentQuery:
        """What is shown."""
        return IncidentQuery(
            text=self.text, sort=self.sort, view=self.view, staff_id=self.desk_app.actor.staff_id
        )

    async def fetch(self, at: At, limit: int) -> Page[IncidentRow]:
        """See ``ListScreen``; what a text has found is kept for the count and for the next page."""
        query, now = self.query_now(), self.desk_app.desk.now()
        async with self.desk_app.desk.read() as connection:
            if not query.text.strip():
                return await incidents.page(connection, query, now, at=at, limit=limit)
            known = self._found
            anew = known is None or known[0] != query or at == FIRST or at.start is not None
            found = known[1] if known and not anew else await incidents.matching(connection, query, now)
            self._found = query, found
            return await incidents.page_of(connection, found, query, now, at=at, limit=limit)

    async def matching(self) -> int | None:
        """See ``ListScreen``: as many as were found."""
        if self._found is None or self._found[0] != self.query_now():
            return None
        count = len(self._found[1])
        return None if count >= FOUND else count

    def shown(self) -> str:
        """What the list shows, for the line of the filter."""
        return INCIDENT_VIEWS[self.view].title

    def nothing(self) -> str:
        """See ``ListScreen``."""
        return self.EMPTY if self.view == "all" else f"No incidents here: {self.shown()}. v shows others."

    def do_view(self) -> None:
        """Choose which incidents are shown."""
        items = [MenuItem(f"view.{one}", key, INCIDENT_VIEWS[one].title) for one, key in VIEW_KEYS.items()]
        self.query_one("#menu", ActionMenu).open([("Show", items)])

    def chosen(self, item_id: str) -> None:
        """A saved filter, in the order it begins in, or an action of the menu."""
        if not item_id.startswith("view."):
            super().chosen(item_id)
            return
        self.view = item_id.removeprefix("view.")
        self._order(Sort("due") if INCIDENT_VIEWS[self.view].sort == "due" else NEWEST)
        self.tell(f"Showing: {self.shown()}.")

    def do_sort(self) -> None:
        """The other of the two orders."""
        self._order(Sort("due") if self.sort.column == "number" else NEWEST)
        if self.sort.column == "due":
            self.tell("Ordered by due time: only those that are open and have one.")

    def do_back(self) -> None:
        """From a saved filter back to all incidents, before q leaves."""
        if self.view != "all" and not self.text:
            self.chosen("view.all")
        else:
            super().do_back()

    def do_client(self) -> None:
        """Open the client of the incident under the cursor."""
        record = self.records.get(self.listing.cursor_id or 0)
        if record is None:
            self.tell("There is no incident under the cursor.", "refusal")
        elif record.client_id is None:
            self.tell("It comes from a one-time sender who is no client yet. N registers them.", "refusal")
        else:
            self.desk_app.open_record("client", record.client_id, record.client)

    def targets(self) -> list[int]:
        """The incident under the cursor."""
        return [] if (one := self.listing.cursor_id) is None else [one]

    def target(self) -> IncidentFacts | None:
        """See ``DeskScreen``."""
        record = self.records.get(self.listing.cursor_id or 0)
        return None if record is None else IncidentFacts(record.id, record.readable, record.client_id)

    def row(self, record: IncidentRow) -> ListRow:
        """See ``ListScreen``."""
        context = Context(0, self.desk_app.desk.now(), self.desk_app.zone)
        return incident_rows([record], context)[0]

    def open_record(self, record_id: int) -> None:
        """See ``ListScreen``."""
        self.desk_app.open_record("incident", record_id, self.records[record_id].readable)
