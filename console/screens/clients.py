"""The Clients tab: first thing after start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from console.commands import Command
from console.data import clients, news
from console.data.clients import SORTS, ClientQuery
from console.data.errors import DeskError
from console.data.paging import At
from console.data.records import Anchor, ClientFacts, ClientRow, Page
from console.data.views import VIEWS, Reader
from console.layout.clients import COLUMNS, EMPTY, NOUN, texts
from console.screens import keys
from console.screens.client import ClientScreen
from console.screens.list_screen import ListScreen
from console.screens.marks import Marks
from console.text import plural
from console.widgets.action_menu import ActionMenu, MenuItem
from console.widgets.record_list import ListRow, RowFlags
from console.wording import NO_NAME

# The key of each saved filter in its menu; those of the actions that lead there, where there is one.
VIEW_KEYS = {
    "all": "a",
    "mine": "m",
    "favourites": "f",
    "pending": "p",
    "disapproved": "D",
    "banned": "b",
    "spam": "s",
    "overdue": "o",
    "debt": "i",
    "archived": "z",
    "deleted": "x",
}


class ClientsScreen(ListScreen[ClientRow]):
    """All clients that are neither archived, deleted nor merged into others."""

    PLACE: ClassVar[str] = "clients"
    COLUMNS = COLUMNS
    SORTS = tuple(SORTS)
    NOUN = NOUN
    EMPTY = EMPTY
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("clients")

    def __init__(self) -> None:
        super().__init__()
        self.view = "all"
        self._marked_last: ClientRow | None = None
        self._news = 0
        self._is_marking = False

    def on_mount(self) -> None:
        """The rows that the first page has shown already, until they are loaded anew."""
        beginning = self.desk_app.beginning
        self._waiting = beginning.waiting
        if (taken := beginning.take_rows()) is not None:
            window, self.records = taken
            self.listing.set_empty_text(self.EMPTY, public=True)
            self.listing.take_over(window)
        # Behind what the rest of the screen asks for when it is mounted: the focus.
        self.call_later(self.app.call_later, beginning.release)

    async def fetch(self, at: At, limit: int) -> Page[ClientRow]:
        """See ``ListScreen``."""
        query = ClientQuery(self.text, view=self.view, sort=self.sort)
        async with self.desk_app.desk.read() as connection:
            return await clients.page(connection, query, self._reader(), at=at, limit=limit)

    async def matching(self) -> int | None:
        """See ``ListScreen``."""
        async with self.desk_app.desk.read() as connection:
            query = ClientQuery(self.text, view=self.view)
            return await clients.count(connection, query, self._reader())

    async def load(self) -> None:
        """The list; and how much is new on my favourites."""
        await super().load()
        app = self.desk_app
        async with app.desk.read() as connection:
            since = await news.since(connection, app.actor.staff_id, app.desk.now())
            self._news = await news.count(connection, app.actor.staff_id, since)
        if self.is_attached:
            self._summarize(self._count)

    def shown(self) -> str:
        """What the list shows, for the line of the filter."""
        return VIEWS[self.view].title

    def aside(self) -> str:
        """How much is new on my favourites, where there is room to say it."""
        if not self._news or self.marks or self.text:
            return ""
        count = f"{news.COUNTED}+" if self._news > news.COUNTED else str(self._news)
        return f"F: {count} news of favourites"

    def nothing(self) -> str:
        """See ``ListScreen``."""
        if self.view == "all":
            return self.EMPTY
        return f"No clients here: {self.shown()}. v shows others."

    def do_view(self) -> None:
        """Choose which clients are shown."""
        items = [MenuItem(f"view.{one}", key, VIEWS[one].title) for one, key in VIEW_KEYS.items()]
        self.query_one("#menu", ActionMenu).open([("Show", items)])

    def chosen(self, item_id: str) -> None:
        """A saved filter, or an action of the menu."""
        if not item_id.startswith("view."):
            super().chosen(item_id)
            return
        self.view = item_id.removeprefix("view.")
        self._unmark(quiet=True)
        self.new_query()
        self.tell(f"Showing: {self.shown()}.")

    def do_back(self) -> None:
        """From a saved filter back to all clients, before q leaves."""
        if self.view != "all" and not self.text and not self.marks:
            self.chosen("view.all")
        else:
            super().do_back()

    def do_contacts(self) -> None:
        """Open the client under the cursor at their contacts."""
        record = self.records.get(self.listing.cursor_id or 0)
        if record is None:
            self.tell("There is nobody under the cursor.", "refusal")
        else:
            self.app.push_screen(ClientScreen(record.id, record.name, tab="contacts"))

    def _reader(self) -> Reader:
        return Reader(self.desk_app.actor.staff_id, self.desk_app.desk.now())

    def row(self, record: ClientRow) -> ListRow:
        """See ``ListScreen``."""
        shown = texts(
            record.name,
            record.email,
            record.mobile,
            record.mail_domain,
            record.organization,
            record.contacts,
            record.open_incidents,
            record.status,
        )
        marked = record.id in self.marks
        return ListRow(record.id, shown, RowFlags(record.favourite, marked, dim=record.state != "live"))

    def open_record(self, record_id: int) -> None:
        """See ``ListScreen``."""
        self.app.push_screen(ClientScreen(record_id, self.records[record_id].name))

    def targets(self) -> Sequence[int]:
        """The marks, else the client under the cursor."""
        if self.marks:
            return self.marks.ids()
        return [] if (one := self.listing.cursor_id) is None else [one]

    def target(self) -> ClientFacts | None:
        """See ``DeskScreen``."""
        ids = self.targets()
        record = self.records.get(ids[0]) if ids else None
        if record is None:
            return None
        return ClientFacts(
            record.id,
            record.name or NO_NAME,
            record.status,
            record.favourite,
            record.email,
            record.state,
            organization_id=record.organization_id,
            approval=record.approval,
        )

    def toggle_mark(self, row_id: int) -> None:
        """See ``ListScreen``."""
        if (record := self.records.get(row_id)) is None:
            return  # other rows have come since the key
        self._marked_last = record if self.marks.toggle(record.id) else None
        self.listing.update_rows([self.row(record)])
        self._summarize(self._count)

    def do_mark_range(self) -> None:
        """Mark all rows from the one marked last to the cursor."""
        here = self.records.get(self.listing.cursor_id or 0)
        if here is None:
            self.tell("There is nobody under the cursor.", "refusal")
        elif self._marked_last is None:
            self.tell("Mark the first of them with space, then go to the last and press V.", "refusal")
        else:
            self._mark_matching((self._marked_last.anchor, here.anchor))

    def do_mark_all(self) -> None:
        """Mark all clients that the filter and the view match now; who comes to match later is not marked."""
        self._mark_matching(None)

    def _mark_matching(self, between: tuple[Anchor, Anchor] | None) -> None:
        if self._is_marking:
            self.tell("Marking is still under way. ctrl+g stops it.", "refusal")
            return
        query = ClientQuery(self.text, view=self.view, sort=self.sort)
        self._is_marking = True
        # Not among the loads, which wait for each other: the list goes on meanwhile.
        self.app.run_worker(self._read_marks(query, between), group="loads", exit_on_error=False)

    async def _read_marks(self, query: ClientQuery, between: tuple[Anchor, Anchor] | None) -> None:
        marks, app = self.marks, self.desk_app
        gathering = marks.gather()
        try:
            with app.long_read("Mark all", "marking") as work:
                async with app.desk.read() as connection:
                    pieces = clients.matching_ids(connection, query, self._reader(), between=between)
                    async for piece in pieces:
                        gathering.add(sorted(piece))
                        work.read(gathering.count)
        except DeskError as error:
            self.tell(str(error), "error")
            return
        finally:
            self._is_marking = False
        if self.marks is marks and self.is_attached:
            gathering.mark()
            self._marked_last = None
            self.show_marks()
            self.tell(f"{plural(len(marks), 'client', 'clients')} marked. m shows what can be done.")

    def new_query(self) -> None:
        """See ``ListScreen``; a range begins and ends in one order of one list."""
        self._marked_last = None
        super().new_query()

    def let_marks_go(self) -> str:
        """See ``DeskScreen``."""
        count, self.marks = len(self.marks), Marks()
        self._summarize(self._count)
        return " · marks taken away" if count > 1 else ""

    def after(self, command: Command, made: int | None) -> None:
        """A new client is opened."""
        if made is not None:
            self.app.push_screen(ClientScreen(made, ""))
