"""What waits for staff, worked with single keys: a list, and below it what the one under the cursor says."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import ClassVar, TypeVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from console.data import waiting
from console.data.paging import At
from console.data.records import ClientFacts, HeldRow, Page, PendingRow, Sort
from console.data.views import Reader as Viewer
from console.screens import keys
from console.screens.client import ClientScreen
from console.screens.list_screen import Listed, ListScreen
from console.screens.panels import Context
from console.widgets.reader import Block, Reader
from console.widgets.record_list import Column, ListRow, RecordList
from console.wording import NO_NAME

W = TypeVar("W", bound=Listed)


class WaitingScreen(ListScreen[W]):
    """A list above, the text of the row under the cursor below a rule."""

    def __init__(self) -> None:
        super().__init__()
        self.sort = Sort("at")

    @abstractmethod
    def blocks(self, record: W) -> Sequence[Block]:
        """What is read of a record."""

    def body(self) -> Iterable[Widget]:
        """The list, and the text below it, which takes no keys."""
        yield from super().body()
        reader = Reader(id="said")
        reader.can_focus = False
        yield reader

    @on(RecordList.Highlighted)
    def _another(self) -> None:
        self.show_text()

    def _show(self, page: Page[W], cursor_id: int | None = None) -> None:
        super()._show(page, cursor_id)
        self.show_text()

    def show_text(self) -> None:
        """The text of the row under the cursor, from its beginning."""
        record = self.under_cursor()
        reader = self.query_one("#said", Reader)
        reader.set_blocks(() if record is None else self.blocks(record))
        reader.action_end(False)

    def under_cursor(self) -> W | None:
        """The record under the cursor."""
        here = self.listing.cursor_id
        return None if here is None else self.records.get(here)

    def targets(self) -> list[int]:
        """See ``DeskScreen``: the one under the cursor."""
        record = self.under_cursor()
        return [] if record is None else [record.id]

    def context(self) -> Context:
        """The time, and the zone that times are shown in."""
        return Context(0, self.desk_app.desk.now(), self.desk_app.zone)


class PendingScreen(WaitingScreen[PendingRow]):
    """Clients who wait for approval, those first who wait longest."""

    PLACE: ClassVar[str] = "pending"
    COLUMNS = (
        Column("name", "name", 18, grow=2),
        Column("email", "email or phone", 22, grow=2),
        Column("subject", "first wrote about", 18, grow=3, drop=1),
        Column("at", "since", 11, align="right"),
    )
    NOUN = "clients"
    EMPTY = "Nobody waits for approval."
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("pending")

    async def fetch(self, at: At, limit: int) -> Page[PendingRow]:
        """See ``ListScreen``."""
        async with self.desk_app.desk.read() as connection:
            return await waiting.pending(connection, self.text, self._viewer(), at=at, limit=limit)

    async def matching(self) -> int | None:
        """See ``ListScreen``."""
        async with self.desk_app.desk.read() as connection:
            return await waiting.pending_count(connection, self.text, self._viewer())

    def _viewer(self) -> Viewer:
        return Viewer(self.desk_app.actor.staff_id, self.desk_app.desk.now())

    def shown(self) -> str:
        """See ``ListScreen``."""
        return "waiting for approval, oldest first"

    def row(self, record: PendingRow) -> ListRow:
        """See ``ListScreen``."""
        one = record.client
        return ListRow(
            one.id,
            {
                "name": one.name or NO_NAME,
                "email": one.email or one.mobile,
                "subject": record.subject,
                "at": self.context().when(record.at),
            },
        )

    def blocks(self, record: PendingRow) -> Sequence[Block]:
        """The first thing they sent."""
        if not record.number:
            return [Block("They have sent nothing yet.", title_style="dim")]
        return [Block(record.subject, f"INC-{record.number:06d}", record.text)]

    def target(self) -> ClientFacts | None:
        """See ``DeskScreen``."""
        record = self.under_cursor()
        if record is None:
            return None
        one = record.client
        name = one.name or NO_NAME
        return ClientFacts(
            one.id, name, one.status, one.favourite, one.email, one.state, approval=one.approval
        )

    def open_record(self, record_id: int) -> None:
        """See ``ListScreen``."""
        self.app.push_screen(ClientScreen(record_id, self.records[record_id].client.name))


class HeldScreen(WaitingScreen[HeldRow]):
    """What is in quarantine, newest first."""

    PLACE: ClassVar[str] = "held"
    COLUMNS = (
        Column("name", "sender", 18, grow=2),
        Column("subject", "subject", 18, grow=3),
        Column("reason", "held because", 22, grow=3, drop=1),
        Column("at", "when", 11, align="right"),
    )
    NOUN = "messages"
    EMPTY = "Nothing is held."
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("held")

    def __init__(self) -> None:
        super().__init__()
        self.sort = Sort("at", descending=True)

    async def fetch(self, at: At, limit: int) -> Page[HeldRow]:
        """See ``ListScreen``."""
        async with self.desk_app.desk.read() as connection:
            return await waiting.in_quarantine(connection, self.text, at=at, limit=limit)

    async def matching(self) -> int | None:
        """See ``ListScreen``."""
        async with self.desk_app.desk.read() as connection:
            return await waiting.held_count(connection, self.text)

    def shown(self) -> str:
        """See ``ListScreen``."""
        return "in quarantine, newest first"

    def row(self, record: HeldRow) -> ListRow:
        """See ``ListScreen``."""
        return ListRow(
            record.id,
            {
                "name": record.name or NO_NAME,
                "subject": record.subject,
                "reason": record.reason,
                "at": self.context().when(record.at),
            },
        )

    def blocks(self, record: HeldRow) -> Sequence[Block]:
        """Why it is held, and what it says."""
        what = f"INC-{record.number:06d}" if record.number else ""
        reply = f"reply to {what}" if what and not record.incident else what
        right = ", ".join(part for part in (reply, record.channel, self.context().stamp(record.at)) if part)
        return [Block(record.reason, right, title_style="warning"), Block(record.subject, text=record.text)]

    def target(self) -> HeldRow | None:
        """See ``DeskScreen``."""
        return self.under_cursor()

    def open_record(self, record_id: int) -> None:
        """The incident, or, of a message, the client it is from."""
        record = self.records[record_id]
        if record.incident:
            self.desk_app.open_record("incident", record.id, f"INC-{record.number:06d}")
        elif record.client_id is not None:
            self.desk_app.open_record("client", record.client_id, record.client)
        else:
            self.tell("It comes from somebody who is no client.", "refusal")
