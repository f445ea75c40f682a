"""A list of records that fills a screen: filter as you type, order, pages by keyset, the cursor kept by id."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import ClassVar, Generic, Protocol, TypeVar

from textual import on
from textual.widget import Widget

from console.data import waiting
from console.data.paging import FIRST, At
from console.data.records import Anchor, Page, Sort, Waiting
from console.layout.clients import TABS
from console.layout.clients import tabs as counted
from console.screens.desk_screen import DeskScreen
from console.screens.marks import Marks
from console.text import one_line, plural
from console.widgets.filter_line import FilterLine
from console.widgets.record_list import Column, ListRow, RecordList
from console.widgets.top_line import TopLine, TopTab

PAGE = 100
NEAR = 30  # cells for the words by which something near was found


class Listed(Protocol):
    """What a record needs to stand in a list."""

    @property
    def id(self) -> int:
        """The record's id."""
        ...

    @property
    def anchor(self) -> Anchor:
        """Its place in the order it was loaded in."""
        ...


R = TypeVar("R", bound=Listed)


def tabs(waiting: Waiting | None) -> tuple[TopTab, ...]:
    """The tabs; who or what waits is counted behind the title, where it is known and there is any."""
    return TABS if waiting is None else counted(waiting.pending, waiting.held, waiting.duplicates)


class ListScreen(DeskScreen, Generic[R]):
    """One of the tabs. A subclass says which columns there are, how a page is read and a record shown."""

    COLUMNS: ClassVar[Sequence[Column]] = ()
    SORTS: ClassVar[Sequence[str]] = ()
    NOUN: ClassVar[str] = ""
    EMPTY: ClassVar[str] = ""
    LEAVE: ClassVar[str] = "quit"
    COUNTED: ClassVar[int] = 2000

    def __init__(self) -> None:
        super().__init__()
        self.sort = Sort()
        self.text = ""
        self.records: dict[int, R] = {}
        self.marks = Marks()
        self._generation = 0
        self._count: int | None = None
        self._near: tuple[str, ...] = ()
        self._waiting: Waiting | None = None

    @abstractmethod
    async def fetch(self, at: At, limit: int) -> Page[R]:
        """A page of the list, as filter and order are now."""

    @abstractmethod
    async def matching(self) -> int | None:
        """How many match the filter, None if too many to count."""

    @abstractmethod
    def row(self, record: R) -> ListRow:
        """A record as a line of the list."""

    @abstractmethod
    def open_record(self, record_id: int) -> None:
        """Enter on a row."""

    def body(self) -> Iterable[Widget]:
        """The filter and the list."""
        yield FilterLine(id="filter")
        yield RecordList(self.COLUMNS, loading_text=f"Loading {self.NOUN}…", id="list")

    @property
    def listing(self) -> RecordList:
        """The list."""
        return self.query_one("#list", RecordList)

    def on_mount(self) -> None:
        """Tabs, order, focus."""
        self.show_where()
        self.listing.set_sort(self.sort.column, descending=self.sort.descending)
        self.listing.focus()
        self._summarize(None)

    def show_where(self) -> None:
        """Where this is, in the top line, and how many wait in the other tabs."""
        self.query_one("#top", TopLine).show_tabs(tabs(self._waiting), self.PLACE)

    # Loading

    async def load(self) -> None:
        """The first page; or, if rows are shown already, the same piece of the list again."""
        shown = self.listing.rows
        first = self.records.get(shown[0].id) if shown else None
        # At the beginning it begins anew: what comes before the first row must not stay out of sight.
        at = At(start=first.anchor) if first and not self.listing.begins else FIRST
        generation = self._generation
        page = await self.fetch(at, max(PAGE, len(shown)))
        if generation == self._generation and self.is_attached:
            self._show(page)
            if self.text:
                self._summarize(await self.matching())
            await self._count_waiting()

    async def _count_waiting(self) -> None:
        """Count for the tabs, once the list is there to be read."""
        async with self.desk_app.desk.read() as connection:
            found = await waiting.counts(connection)
        if self.is_attached and found != self._waiting:
            self._waiting = found
            self.show_where()

    async def _load_first(self) -> None:
        generation = self._generation
        page = await self.fetch(FIRST, PAGE)
        if generation != self._generation or not self.is_attached:
            return
        self._show(page)
        if not self.text:
            self._summarize(None)
            return
        count = await self.matching()  # the rows are there to be read meanwhile
        if generation == self._generation and self.is_attached:
            self._summarize(count)

    def _show(self, page: Page[R], cursor_id: int | None = None) -> None:
        self._near = page.near
        self.records = self._known_marks() | {record.id: record for record in page.rows}
        self.listing.set_empty_text(self._empty(), public=not self.text.strip())
        rows = [self.row(record) for record in page.rows]
        self.listing.set_window(
            rows, has_before=page.has_before, has_after=page.has_after, cursor_id=cursor_id
        )

    def _known_marks(self) -> dict[int, R]:
        """The records of the marks, where those are so few that all can be held."""
        if len(self.marks) > PAGE:
            return {}
        return {one: self.records[one] for one in self.marks.ids() if one in self.records}

    def _empty(self) -> str:
        if not self.text.strip():
            return self.nothing()
        return f"No {self.NOUN} match {self.text.strip()!r}. Change the filter with /, or empty it."

    @on(RecordList.NeedMore)
    def _need_more(self, event: RecordList.NeedMore) -> None:
        if (record := self.records.get(event.anchor_id)) is None:
            return  # other rows have come meanwhile, and ask for their own
        anchor, generation = record.anchor, self._generation

        async def more() -> None:
            at = At(before=anchor) if event.before else At(after=anchor)
            page = await self.fetch(at, PAGE)
            if generation != self._generation or not self.is_attached:
                return
            self.records |= {record.id: record for record in page.rows}
            rows = [self.row(record) for record in page.rows]
            if event.before:
                self.listing.extend_before(rows, has_before=page.has_before)
            else:
                self.listing.extend_after(rows, has_after=page.has_after)
            kept = {row.id for row in self.listing.rows} | self._known_marks().keys()
            self.records = {one: record for one, record in self.records.items() if one in kept}

        self.request(more, "before" if event.before else "after")

    @on(RecordList.NeedEnd)
    def _need_end(self, event: RecordList.NeedEnd) -> None:
        generation = self._generation

        async def end() -> None:
            page = await self.fetch(At(last=True) if event.last else FIRST, PAGE)
            if generation == self._generation and self.is_attached and page.rows:
                page = page if not event.last else Page(page.rows, page.has_before or page.has_after, False)
                self._show(page, page.rows[-1 if event.last else 0].id)

        self.request(end)

    # Jump to letters

    def do_jump(self) -> None:
        """Type the first letters of where to go."""
        self.listing.start_jump()

    @on(RecordList.Jumping)
    def _jumping(self, event: RecordList.Jumping) -> None:
        if event.text is None:
            self.tell("")
            return
        self.say(f"Jump to: {event.text}_", hidden="Jump to: _")
        if event.text:
            letters, generation = event.text, self._generation
            self.request(lambda: self._jump(letters, generation), "jump")

    async def _jump(self, letters: str, generation: int) -> None:
        page = await self.fetch(At(letters=letters), PAGE)
        if generation == self._generation and self.is_attached and page.rows:
            self._show(page, page.rows[0 if page.reached else -1].id)

    # Filter and order

    @on(FilterLine.Changed)
    def _typed(self, event: FilterLine.Changed) -> None:
        if event.value != self.text:
            self.text = event.value
            self.new_query()

    @on(FilterLine.Left)
    def _left_filter(self) -> None:
        self.listing.focus()

    def new_query(self) -> None:
        """Filter or order are others now: begin again at the first page."""
        self._generation += 1
        self.request(self._load_first)

    def do_find(self) -> None:
        """Type into the filter."""
        self.query_one("#filter", FilterLine).focus_field()

    def do_sort(self) -> None:
        """Order by the next column."""
        place = self.SORTS.index(self.sort.column)
        self._order(Sort(self.SORTS[(place + 1) % len(self.SORTS)]))

    def do_reverse(self) -> None:
        """Turn the order around."""
        self._order(Sort(self.sort.column, not self.sort.descending))

    def _order(self, sort: Sort) -> None:
        self.sort = sort
        self.listing.set_sort(sort.column, descending=sort.descending)
        self._summarize(None)
        self.new_query()
        words = sort.column.replace("_", " ")
        self.tell(f"Ordered by {words}{', descending' if sort.descending else ''}.")

    def shown(self) -> str:
        """What the list shows, for the line of the filter."""
        return f"all {self.NOUN}"

    def aside(self) -> str:
        """What else the line of the filter says; nothing unless a subclass has something."""
        return ""

    def nothing(self) -> str:
        """What is said of an empty list that no filter has emptied."""
        return self.EMPTY

    def _summarize(self, count: int | None) -> None:
        self._count = count
        # Where only something near is found, the words need the room.
        parts = [] if self._is_near() else [self.shown(), *([self.aside()] if self.aside() else [])]
        if self.marks:
            parts.append(f"{len(self.marks):,} marked")
        if self.text.strip():
            parts.append(self._matched(count))
        self.query_one("#filter", FilterLine).set_summary(" · ".join(parts))

    def _is_near(self) -> bool:
        return bool(self._near and self.text.strip())

    def _matched(self, count: int | None) -> str:
        number = f"over {self.COUNTED:,}" if count is None else f"{count:,}"
        if self._is_near():
            words = "hidden" if self.desk_app.masked else one_line(", ".join(self._near), NEAR)
            return f"nothing matches exactly; near: {words} ({number})"
        return f"{number} match"

    # Rows

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        if event.row_id in self.records:  # other rows may have come since the key
            self.open_record(event.row_id)

    @on(RecordList.MarkToggled)
    def _mark_toggled(self, event: RecordList.MarkToggled) -> None:
        self.toggle_mark(event.row_id)

    def toggle_mark(self, row_id: int) -> None:
        """space on a row: a mark, in a list that has any."""
        self.tell("Rows are marked in the list of clients.", "refusal")

    def do_back(self) -> None:
        """A filter is emptied first; then marks go; then q leaves the console."""
        if self.text:
            self.query_one("#filter", FilterLine).value = ""
        elif self.marks:
            self._unmark()
        else:
            self.desk_app.leave()

    def _unmark(self, *, quiet: bool = False) -> None:
        count, self.marks = len(self.marks), Marks()
        self.show_marks()
        if not quiet:
            self.tell(f"Took {plural(count, 'mark', 'marks')} away.")

    def show_marks(self) -> None:
        """Show what is marked now, on the rows that are held, and how many there are."""
        self.listing.update_rows([self.row(record) for record in self.records.values()])
        self._summarize(self._count)
