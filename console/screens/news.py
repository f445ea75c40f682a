"""News of my favourites: what others changed since I last looked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from console.data import news
from console.data.paging import FIRST, At
from console.data.records import NewsLine, Page
from console.screens import keys
from console.screens.desk_screen import DeskScreen
from console.screens.panels import Context
from console.widgets.record_list import Column, ListRow, RecordList, RowFlags
from console.widgets.top_line import TopLine
from console.wording import NO_NAME, done

PAGE = 100
COLUMNS = (
    Column("at", "when", 9),
    Column("client", "favourite", 18, grow=2),
    Column("what", "what", 24, grow=4),
    Column("who", "by", 12, grow=1, drop=1),
)
_TITLE = "News of favourites"


class NewsScreen(DeskScreen):
    """The feed; what is shown counts as seen the next time it is opened."""

    PLACE: ClassVar[str] = "news"
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("news")

    def __init__(self) -> None:
        super().__init__()
        self._since: datetime | None = None
        self._lines: dict[int, NewsLine] = {}

    def body(self) -> Iterable[Widget]:
        """The list."""
        yield RecordList(COLUMNS, loading_text="Loading what changed…", id="list")

    @property
    def listing(self) -> RecordList:
        """The list."""
        return self.query_one("#list", RecordList)

    def on_mount(self) -> None:
        """Say where one is."""
        self.query_one("#top", TopLine).show_trail((_TITLE,), public=(_TITLE,))
        self.listing.focus()

    async def load(self) -> None:
        """The newest, since one last looked; from now on they are seen."""
        app = self.desk_app
        now = app.desk.now()
        if self._since is None:
            async with app.desk.read() as connection:
                self._since = await news.since(connection, app.actor.staff_id, now)
            await news.looked(app.desk, app.actor, now)
        page = await self._fetch(FIRST, max(PAGE, len(self.listing.rows)))
        if self.is_attached:
            self._lines = {}
            nothing = f"Nothing changed on your favourites since {self._when(self._since)}."
            self.listing.set_empty_text(nothing, public=True)
            self.listing.set_window(self._rows(page), has_after=page.has_after)

    async def _fetch(self, at: At, limit: int = PAGE) -> Page[NewsLine]:
        assert self._since is not None
        app = self.desk_app
        async with app.desk.read() as connection:
            return await news.page(connection, app.actor.staff_id, self._since, at=at, limit=limit)

    def _rows(self, page: Page[NewsLine]) -> list[ListRow]:
        self._lines |= {one.id: one for one in page.rows}
        return [self._row(one) for one in page.rows]

    def _row(self, one: NewsLine) -> ListRow:
        what = ("(undone) " if one.line.undone else "") + done(one.line, on_record=True)
        cells = {
            "at": self._when(one.line.at),
            "client": one.client or NO_NAME,
            "what": what,
            "who": one.line.actor,
        }
        return ListRow(one.id, cells, RowFlags(dim=one.line.undone))

    def _when(self, moment: datetime) -> str:
        return Context(0, self.desk_app.desk.now(), self.desk_app.zone).when(moment)

    @on(RecordList.NeedMore)
    def _need_more(self, event: RecordList.NeedMore) -> None:
        here = self._lines.get(event.anchor_id)
        if here is None:
            return  # other rows have come meanwhile, and ask for their own

        async def more() -> None:
            page = await self._fetch(At(before=here.anchor) if event.before else At(after=here.anchor))
            if not self.is_attached:
                return
            if event.before:
                self.listing.extend_before(self._rows(page), has_before=page.has_before)
            else:
                self.listing.extend_after(self._rows(page), has_after=page.has_after)

        self.request(more, "before" if event.before else "after")

    @on(RecordList.NeedEnd)
    def _need_end(self, event: RecordList.NeedEnd) -> None:
        async def end() -> None:
            page = await self._fetch(At(last=True) if event.last else FIRST)
            if self.is_attached and page.rows:
                before = event.last and (page.has_before or page.has_after)
                self.listing.set_window(
                    self._rows(page),
                    has_before=before,
                    has_after=not event.last and page.has_after,
                    cursor_id=page.rows[-1 if event.last else 0].id,
                )

        self.request(end)

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        if (one := self._lines.get(event.row_id)) is not None:
            self.desk_app.open_record("client", one.client_id, one.client)

    @on(RecordList.MarkToggled)
    def _marked(self) -> None:
        self.tell("Rows are marked in the list of clients.", "refusal")
