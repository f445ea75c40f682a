"""The Clients tab: first thing after start."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.binding import BindingType

from console.commands import Command
from console.data import clients
from console.data.clients import SORTS, ClientQuery
from console.data.paging import At
from console.data.records import ClientFacts, ClientRow, Page
from console.screens import keys
from console.screens.client import ClientScreen
from console.screens.list_screen import ListScreen
from console.widgets.record_list import Column, ListRow, RecordList, RowFlags
from console.wording import NO_NAME

COLUMNS = (
    Column("name", "name", 19, grow=3),
    Column("email", "email or phone", 21, grow=3, drop=1),
    Column("mobile", "mobile", 16, drop=5),
    Column("mail_domain", "mail domain", 14, grow=1, drop=6),
    Column("organization", "organization", 13, grow=2, drop=2),
    Column("contacts", "con", 3, align="right", drop=4),
    Column("incidents", "opn", 3, align="right", drop=3),
    Column("status", "status", 11),
)


class ClientsScreen(ListScreen[ClientRow]):
    """All clients that are neither archived, deleted nor merged into others."""

    PLACE: ClassVar[str] = "clients"
    COLUMNS = COLUMNS
    SORTS = tuple(SORTS)
    NOUN = "clients"
    EMPTY = "No clients yet. n adds one, or: helpdesk clients import FILE"
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("clients")

    async def fetch(self, at: At, limit: int) -> Page[ClientRow]:
        """See ``ListScreen``."""
        app = self.desk_app
        query = ClientQuery(self.text, sort=self.sort)
        async with app.desk.read() as connection:
            return await clients.page(connection, query, at=at, limit=limit, reader=app.actor.staff_id)

    async def matching(self) -> int | None:
        """See ``ListScreen``."""
        async with self.desk_app.desk.read() as connection:
            return await clients.count(connection, ClientQuery(self.text))

    def row(self, record: ClientRow) -> ListRow:
        """See ``ListScreen``."""
        return ListRow(
            record.id,
            {
                "name": record.name or NO_NAME,
                "email": record.email or record.mobile,
                "mobile": record.mobile,
                "mail_domain": record.mail_domain,
                "organization": record.organization,
                "contacts": str(record.contacts or ""),
                "incidents": str(record.open_incidents or ""),
                "status": record.status,
            },
            RowFlags(favourite=record.favourite, marked=record.id in self.marks),
        )

    def open_record(self, record_id: int) -> None:
        """See ``ListScreen``."""
        self.app.push_screen(ClientScreen(record_id, self.records[record_id].name))

    def targets(self) -> list[int]:
        """The marks, else the client under the cursor."""
        if self.marks:
            return list(self.marks)
        return [] if (one := self.listing.cursor_id) is None else [one]

    def target(self) -> ClientFacts | None:
        """See ``DeskScreen``."""
        ids = self.targets()
        record = self.records.get(ids[0]) if ids else None
        if record is None:
            return None
        return ClientFacts(
            record.id, record.name or NO_NAME, record.status, record.favourite, record.email, "live"
        )

    @on(RecordList.MarkToggled)
    def _mark(self, event: RecordList.MarkToggled) -> None:
        record = self.records[event.row_id]
        if self.marks.pop(record.id, None) is None:
            self.marks[record.id] = record
        self.listing.update_rows([self.row(record)])
        self._summarize(None)

    def after(self, command: Command, made: int | None) -> None:
        """Marks go when an action has run on them; a new client is opened."""
        if command.disabled is not None:
            self.marks = {}
            self._summarize(None)
        if made is not None:
            self.app.push_screen(ClientScreen(made, ""))
