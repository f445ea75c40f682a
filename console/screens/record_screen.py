"""One record: what is known of it at the left, tabs at the right. The client and the organization screen."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncConnection
from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from console.commands import Command, by_id
from console.data.paging import FIRST, At
from console.data.records import Anchor, SlaTarget
from console.screens.desk_screen import DeskScreen
from console.screens.merged import MergedScreen
from console.screens.panels import Context, Opens, Panel, Tab, target_time
from console.screens.reading import ReadingScreen
from console.widgets.banner import WarningBanner
from console.widgets.facts import Fact, Facts, Pairs
from console.widgets.prompt import Ask, Prompt
from console.widgets.reader import Block
from console.widgets.record_list import RecordList
from console.widgets.tab_line import PanelTab, TabLine
from console.widgets.top_line import TopLine

_FIND = "Find in incidents (empty: all):"


class RecordScreen(DeskScreen):
    """A record whole. A subclass reads it (``read``) and names its tabs."""

    TABS: ClassVar[Sequence[Tab]] = ()
    TRAIL: ClassVar[str] = ""

    def __init__(self, record_id: int, name: str, *, tab: str = "") -> None:
        super().__init__()
        self.record_id = record_id
        self.name_shown = name
        self._opens: dict[int, Opens] = {}
        self._anchors: dict[int, Anchor] = {}
        self._tab = next((one for one in self.TABS if one.id == tab), self.TABS[0])
        self._facts: tuple[Fact, ...] = ()
        self._text = ""

    @abstractmethod
    async def read(self, connection: AsyncConnection, context: Context) -> Sequence[Fact]:
        """Read the record, keep it, and return what stands at the left."""

    def body(self) -> Iterable[Widget]:
        """Banner, facts, tabs."""
        yield WarningBanner(id="banner")
        with Horizontal(id="record"):
            yield Vertical(Facts(id="facts"), id="left")
            with Vertical(id="right"):
                yield TabLine([PanelTab(tab.id, tab.title) for tab in self.TABS], self._tab.id, id="tabs")
                yield Pairs(id="pairs")
                yield RecordList((), narrow=True, id="list")
                yield from self.below()

    def below(self) -> Iterable[Widget]:
        """What stands below the list; nothing unless a subclass has something."""
        return ()

    @property
    def current_tab(self) -> str:
        """The id of the tab that is shown."""
        return self._tab.id

    @property
    def listing(self) -> RecordList:
        """The list of the current tab."""
        return self.query_one("#list", RecordList)

    def on_mount(self) -> None:
        """Name the record at once, then load it."""
        self._show_trail()
        self.listing.focus()

    def _show_trail(self) -> None:
        self.query_one("#top", TopLine).show_trail((self.TRAIL, self.name_shown or "…"))

    def do_merged(self) -> None:
        """Who was merged into this record."""
        if self.name_shown:
            self.app.push_screen(MergedScreen(self.PLACE, self.record_id, self.name_shown))
        else:
            self.tell("They are still being loaded.", "refusal")

    # Loading

    async def load(self) -> None:
        """The record and the current tab, in one state of the database."""
        tab = self._tab
        async with self.desk_app.desk.read() as connection:
            facts = await self.read(connection, self._here())
            # Of one that was merged into another, that one was read.
            panel = await tab.load(connection, self._here(), self._where())
        if self.is_attached:
            self._show_trail()
            self._facts = tuple(facts)
            self.query_one("#facts", Facts).set_facts(facts)
            self.show_banner()
            if tab is self._tab:
                self._show(panel)

    def vanished(self, sentence: str) -> None:
        """See ``DeskScreen``: an empty record, of which nothing can be opened or changed."""
        self.name_shown, self._facts, self._opens, self._anchors = "", (), {}, {}
        self.forget()
        self.query_one("#top", TopLine).show_trail((self.TRAIL, "no longer there"))
        self.query_one("#facts", Facts).set_facts(())
        self.query_one("#pairs", Pairs).set_pairs(())
        self.show_banner()
        self.listing.set_empty_text("Nothing is left. q goes back.")
        self.listing.set_window(())
        self.tell(f"{sentence} q goes back.", "error")

    def forget(self) -> None:
        """Keep nothing of the record."""

    def _where(self) -> At:
        """From where on the list is loaded anew: the beginning, unless the reader has gone far from it."""
        rows = self.listing.rows
        if self.listing.begins or not rows or rows[0].id not in self._anchors:
            return FIRST
        return At(start=self._anchors[rows[0].id])

    async def _load_tab(self) -> None:
        tab = self._tab
        async with self.desk_app.desk.read() as connection:
            panel = await tab.load(connection, self._here(), FIRST)
        if tab is self._tab and self.is_attached:
            self._show(panel)

    def _here(self) -> Context:
        return Context(self.record_id, self.desk_app.desk.now(), self.desk_app.zone, self._text)

    def show_banner(self) -> None:
        """What must be seen first; nothing unless a subclass has something."""

    def _show(self, panel: Panel) -> None:
        self._opens, self._anchors = dict(panel.opens), dict(panel.anchors)
        self.query_one("#pairs", Pairs).set_pairs(panel.pairs)
        self.listing.set_columns(panel.columns)
        self.listing.set_empty_text(panel.empty)
        self.listing.set_window(panel.rows, has_before=panel.has_before, has_after=panel.has_after)

    @on(RecordList.NeedMore)
    def _need_more(self, event: RecordList.NeedMore) -> None:
        tab, anchor = self._tab, self._anchors.get(event.anchor_id)
        if anchor is None:
            return  # other rows have come meanwhile, and ask for their own

        async def more() -> None:
            at = At(before=anchor) if event.before else At(after=anchor)
            async with self.desk_app.desk.read() as connection:
                panel = await tab.load(connection, self._here(), at)
            if tab is not self._tab or not self.is_attached:
                return
            self._opens |= panel.opens
            self._anchors |= panel.anchors
            if event.before:
                self.listing.extend_before(panel.rows, has_before=panel.has_before)
            else:
                self.listing.extend_after(panel.rows, has_after=panel.has_after)

        self.request(more, "before" if event.before else "after")

    @on(RecordList.NeedEnd)
    def _need_end(self, event: RecordList.NeedEnd) -> None:
        tab = self._tab

        async def end() -> None:
            async with self.desk_app.desk.read() as connection:
                panel = await tab.load(connection, self._here(), At(last=True) if event.last else FIRST)
            if tab is self._tab and self.is_attached and panel.rows:
                self._opens, self._anchors = dict(panel.opens), dict(panel.anchors)
                last = event.last
                self.listing.set_window(
                    panel.rows,
                    has_before=last and (panel.has_before or panel.has_after),
                    has_after=not last and panel.has_after,
                    cursor_id=panel.rows[-1 if last else 0].id,
                )

        self.request(end)

    # Tabs and rows

    @on(TabLine.Selected)
    def _tab_selected(self, event: TabLine.Selected) -> None:
        self._tab = next(tab for tab in self.TABS if tab.id == event.tab_id)
        self.listing.set_window(())
        self.listing.show_loading()
        self.query_one("#pairs", Pairs).set_pairs(())
        self.request(self._load_tab)

    def do_details(self) -> None:
        """Everything at the left, whole: on a low screen its end is out of sight."""
        if not self._facts:
            self.tell("They are still being loaded.", "refusal")
            return
        rows = [(fact.label, value) for fact in self._facts for value in fact.values or ("",)]
        block = Block(table=tuple(rows + self.more_details()))
        self.app.push_screen(ReadingScreen((self.TRAIL, self.name_shown), [block]))

    def more_details(self) -> list[tuple[str, str]]:
        """What is told beside the facts where there is room for it."""
        return []

    def do_find(self) -> None:
        """Look for words or a number among the incidents of the record."""
        if self.current_tab != "incidents":
            self.tell("Go to Incidents: / looks for words or a number among them.", "refusal")
            return
        question = Ask("find", _FIND, default=self._text, hidden=_FIND)
        self.query_one("#prompt", Prompt).ask(question)

    @on(Prompt.Finished)
    def _looked_for(self, event: Prompt.Finished) -> None:
        if "find" in event.answers:
            self._text = event.answers["find"].strip()
            self.listing.show_loading()
            self.request(self._load_tab)
            self.say(f"Incidents with {self._text!r}." if self._text else "All incidents.")

    def do_next_tab(self) -> None:
        """The tab to the right; after the last, the first."""
        self.query_one("#tabs", TabLine).next()

    def do_previous_tab(self) -> None:
        """The tab to the left; before the first, the last."""
        self.query_one("#tabs", TabLine).previous()

    @on(RecordList.Opened)
    def _row_opened(self, event: RecordList.Opened) -> None:
        found = self._opens.get(event.row_id)
        if found is None:
            self.tell("There is nothing more to this line.")
        else:
            self.open_row(found)

    @on(RecordList.MarkToggled)
    def _row_marked(self) -> None:
        self.tell("Rows are marked in the list of clients.", "refusal")

    def open_row(self, found: Opens) -> None:
        """Enter on a row: open the record it names, read it whole, switch it, or edit it."""
        if found.what == "access":
            answers = {"department": str(found.id), "allowed": "no" if found.on else "yes"}
            self._answered(by_id(f"{self.PLACE}.access"), answers)
        elif found.target is not None:
            self._edit_target(by_id(f"{self.PLACE}.sla"), found.target)
        else:
            reads = found.what == "merge" and by_id("unmerge").not_allowed(self.desk_app.actor)
            self.desk_app.open_record("read" if reads else found.what, found.id, found.title, found.text)

    def _answered(self, command: Command, answers: dict[str, str]) -> None:
        """Run a command on the record, with answers that the row gives."""
        reason = command.disabled_reason(self.target(), self.desk_app.actor)
        if reason is not None:
            self.say(reason, "refusal")
        else:
            self.execute(command, [self.record_id], answers)

    def _edit_target(self, command: Command, held: SlaTarget) -> None:
        """Ask for both times; those of the record's own are there to be changed."""
        reason = command.disabled_reason(self.target(), self.desk_app.actor)
        if reason is not None:
            self.say(reason, "refusal")
            return
        own = held.source == self.PLACE
        asks = {ask.name: ask for ask in command.asks}
        for name, what, minutes in (
            ("first", "first response", held.first_response),
            ("resolution", "resolution", held.resolution),
        ):
            now = target_time(minutes)
            label = f"{held.kind}s, {held.priority}: {what} (now {now}{'; - as before it was own' if own else ''})"
            asks[name] = replace(asks[name], label=label, default=now if own else "")
        asked = replace(command, asks=tuple(asks.values()))
        self.ask_rest(asked, [self.record_id], {"kind": held.kind, "priority": held.priority})
