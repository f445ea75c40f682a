"""The tab Duplicates: groups of clients who may be one, the surest first, worked with a key each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.timer import Timer
from textual.widget import Widget

from console.commands import Command, by_id
from console.commands.duplicates import APART
from console.data import finding, waiting
from console.data.errors import DeskError
from console.data.records import Waiting
from console.data.records.duplicates import Group, Pair, QueuePage, ScanState
from console.screens import keys
from console.screens.comparing import ComparingScreen, Looked
from console.screens.list_screen import tabs
from console.screens.merge import open_merge
from console.screens.queue_lines import QUEUES, Member, columns, members, nothing, row, scanned
from console.text import plural
from console.widgets.record_list import ListRow, RecordList
from console.widgets.said import Said
from console.widgets.tab_line import TabLine
from console.widgets.top_line import TopLine

PAGE = 50
LOOK_SECONDS = 5.0
BACK_SECONDS = 10.0
"""How long it is said that what an undo brings back is compared anew; the feed takes a second or two."""


class DuplicatesScreen(ComparingScreen):
    """The queue of one kind at a time; left and right go to the others."""

    PLACE: ClassVar[str] = "duplicates"
    LEAVE: ClassVar[str] = "quit"
    COLUMNS = columns("may be the same as")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("duplicates")

    def __init__(self) -> None:
        super().__init__()
        self.queue = QUEUES[0].id
        self._groups: tuple[Group, ...] = ()
        self._next = ""
        self._state = ScanState()
        self._waiting: Waiting | None = None
        self._members: dict[int, Member] = {}
        self._numbers: dict[tuple[str, int], int] = {}
        self._free = count(1)
        self._apart: set[tuple[str, int]] = set()
        self._deciding: set[tuple[str, int]] = set()
        self._under_way = 0
        self._decided_last: frozenset[int] = frozenset()
        self._comes_back = False
        self._undone_at: int | None = None
        self._gives_up: Timer | None = None

    def above(self) -> Iterable[Widget]:
        """Which queue this is, and how far the search is."""
        with Horizontal(id="queues"):
            yield TabLine(QUEUES, self.queue, id="tabs")
            yield Said("", "dim", right=True, id="scanned")

    def show_where(self) -> None:
        """See ``ComparingScreen``."""
        self.query_one("#top", TopLine).show_tabs(tabs(self._waiting), self.PLACE)

    # Loading

    async def load(self) -> None:
        """As much of the queue as is shown, from its beginning; how far the search is; what waits elsewhere."""
        shown = self.queue
        async with self.desk_app.desk.read() as connection:
            page = await finding.page(connection, shown, limit=max(PAGE, len(self._groups)))
            state = await finding.state(connection)
            counts = await waiting.counts(connection)
        if not self.is_attached or shown != self.queue:
            return
        self._groups, self._next, self._state, self._waiting = page.groups, page.next, state, counts
        self.show_where()
        self._show()

    def on_mount(self) -> None:
        """Look from time to time how far a scan is: it runs in another process and says nothing to the journal."""
        self.set_interval(LOOK_SECONDS, self._look)

    def _look(self) -> None:
        if self.app.screen is self and self.desk_app.ready:
            self.request(self._load_state, "state")

    async def _load_state(self) -> None:
        async with self.desk_app.desk.read() as connection:
            state = await finding.state(connection)
        if not self.is_attached or state == self._state:
            return
        ended = self._state.is_running and not state.is_running
        self._state = state
        if ended:
            self.reload()
        else:
            self._show_state()

    def _show_state(self) -> None:
        now = self.desk_app.desk.now().astimezone(self.desk_app.zone)
        told = "comparing them anew…" if self._comes_back else scanned(self._state, now)
        self.query_one("#scanned", Said).say(told)
        self.listing.set_empty_text(nothing(self._state, self.queue), public=True)

    @on(RecordList.NeedMore)
    def _need_more(self) -> None:
        self.request(self._load_more, "after")

    @on(RecordList.NeedEnd)
    def _need_end(self, event: RecordList.NeedEnd) -> None:
        """The queue is worked from its beginning: its end is read a page at a time."""
        if event.last:
            self.request(self._load_end, "after")

    async def _load_end(self) -> None:
        await self._load_more()
        if self.is_attached and self._members:
            self.listing.move_to(next(reversed(self._members)))
            self.tell("The queue goes on: G again." if self._next else "")

    async def _load_more(self) -> None:
        shown, after = self.queue, self._next
        if not after:
            return
        async with self.desk_app.desk.read() as connection:
            page = await finding.page(connection, shown, after=after, limit=PAGE)
        if self.is_attached and (shown, after) == (self.queue, self._next):
            self._extend(page)

    def _extend(self, page: QueuePage) -> None:
        known = {group.key for group in self._groups}
        self._groups += tuple(group for group in page.groups if group.key not in known)
        self._next = page.next
        self._show()

    def _show(self) -> None:
        """The lines of all groups that are held, but those that are being decided."""
        found = [one for group in self._groups for one in members(group) if one.key not in self._deciding]
        self._members = {self._number(one): one for one in found}
        self._apart &= {one.key for one in found}
        back = self._back()
        self._show_state()
        rows = [self._row(number, one) for number, one in self._members.items()]
        self.listing.set_window(rows, has_after=bool(self._next), cursor_id=back)
        self.show_pair()

    def _number(self, one: Member) -> int:
        if one.key not in self._numbers:
            self._numbers[one.key] = next(self._free)
        return self._numbers[one.key]

    def _back(self) -> int | None:
        """The line to go to: what an undo has brought back, unless one has gone on meanwhile."""
        if not self._comes_back:
            return None
        if self.listing.cursor_id != self._undone_at:
            self._comes_back = False
            return None
        for number, one in self._members.items():
            if self._decided_last <= set(one.group.ids):
                self._comes_back = False
                return number
        return None

    def _row(self, number: int, one: Member) -> ListRow:
        return row(number, one, marked=one.key in self._apart)

    # Which queue

    def do_next_queue(self) -> None:
        """The queue to the right; after the last, the first."""
        self.query_one("#tabs", TabLine).next()

    def do_previous_queue(self) -> None:
        """The queue to the left; before the first, the last."""
        self.query_one("#tabs", TabLine).previous()

    @on(TabLine.Selected)
    def _tab_selected(self, event: TabLine.Selected) -> None:
        self.queue = event.tab_id
        self._groups, self._next, self._members = (), "", {}
        self._apart.clear()
        self.tell("")
        self.listing.set_columns(columns("related to") if self.queue == "related" else self.COLUMNS)
        self.listing.set_window(())
        self.listing.show_loading()
        self.show_pair()
        self.reload()

    # The line under the cursor

    def member(self) -> Member | None:
        """The line under the cursor."""
        return self._members.get(self.listing.cursor_id or 0)

    def pair(self) -> Pair | None:
        """See ``ComparingScreen``."""
        one = self.member()
        return one.pair if one else None

    def targets(self) -> Sequence[int]:
        """All of the group under the cursor."""
        one = self.member()
        return one.group.ids if one else []

    @on(RecordList.MarkToggled)
    def _toggled(self, event: RecordList.MarkToggled) -> None:
        one = self._members.get(event.row_id)
        if one is None:
            return  # other rows have come since the key
        if one.is_pair:
            self.listing.move_to(event.row_id)
            self.tell(
                "These are two: d says that they are not the same. Groups of three or more are taken apart.",
                "refusal",
            )
            return
        self._apart ^= {one.key}
        self.listing.update_rows([self._row(event.row_id, one)])
        here = self.member()
        if here is None or here.group.key != one.group.key:
            self.listing.move_to(event.row_id)  # the keys that follow are meant for this group
        self._tell_apart(one.group)

    def _tell_apart(self, group: Group) -> None:
        out, rest = self._split(group)
        if not out:
            self.tell("")
        elif len(rest) < 2:
            self.tell(f"{len(out)} marked. d keeps them apart from the others.")
        else:
            self.tell(f"{len(out)} marked. d keeps them apart; s merges the other {len(rest)}.")

    def _split(self, group: Group) -> tuple[list[int], list[int]]:
        """Those of a group who are marked as not the same, and the others."""
        out = [side.id for side in group.sides if (group.key, side.id) in self._apart]
        return out, [side.id for side in group.sides if side.id not in out]

    def do_apart(self) -> None:
        """From the palette: as space."""
        self.listing.action_mark()

    def not_meant(self, looked: Sequence[Looked]) -> str:
        """See ``ComparingScreen``; of a larger group two say little."""
        one = self.member()
        if one is not None and not one.is_pair:
            return f"They are two of {len(one.group.sides)}. Decide here, where all of them stand."
        return super().not_meant(looked)

    # Deciding

    def do_same_person(self) -> None:
        """Open the merge with those of the group who are not marked."""
        one = self.member()
        if one is None or self.refuse(by_id("duplicate.different")):
            if one is None:
                self.tell("There is nobody under the cursor.", "refusal")
            return
        _, rest = self._split(one.group)
        if len(rest) < 2:
            self.tell("Fewer than two are left to be merged. space takes a mark away.", "refusal")
        else:
            self._decided_last = frozenset(rest)
            open_merge(self.desk_app, rest)

    def execute(self, command: Command, ids: Sequence[int], answers: dict[str, str]) -> None:
        """See ``DeskScreen``; what is decided leaves the list at once, and the next comes under the cursor."""
        one = self.member()
        if command.id.startswith("duplicate.") and one is not None:
            out = self._who_goes(one)
            answers = {**answers, APART: ",".join(map(str, out))}
            self._leave(one, out)
        super().execute(command, ids, answers)

    def _who_goes(self, one: Member) -> list[int]:
        """Who is not the same as the others: those marked, else the one under the cursor; at the head, all of them."""
        if one.is_pair or one.is_head:
            return self._split(one.group)[0] or list(one.group.ids)
        return self._split(one.group)[0] or [one.side.id]

    def _leave(self, one: Member, out: Sequence[int]) -> None:
        self._deciding |= {(one.group.key, side) for side in out}
        self._decided_last = frozenset(one.group.ids)
        self._under_way += 1
        self._show()

    def _ended(self) -> None:
        """A decision is written, or refused: once none is under way, the queue is shown as it is."""
        self._under_way -= 1
        if self._under_way == 0:
            self._deciding.clear()
            self.reload()

    def after(self, command: Command, made: int | None) -> None:
        """See ``DeskScreen``; what an undo brings back comes under the cursor."""
        if command.id.startswith("duplicate."):
            self._ended()
        elif command.id == "journal.undo":
            self._comes_back, self._undone_at = bool(self._decided_last), self.listing.cursor_id
            self._show_state()
            if self._gives_up is not None:
                self._gives_up.stop()
            self._gives_up = self.set_timer(BACK_SECONDS, self._stays_away)

    def _stays_away(self) -> None:
        """What was undone brings nobody back, or they are not alike any more."""
        self._comes_back = False
        self._show_state()

    def refused(
        self, command: Command, ids: Sequence[int], answers: dict[str, str], error: DeskError
    ) -> None:
        """See ``DeskScreen``."""
        if command.id.startswith("duplicate."):
            self._ended()
        super().refused(command, ids, answers, error)

    def next_row(self) -> None:
        """On to the next group, whatever the lines of this one."""
        one, numbers = self.member(), list(self._members)
        here = numbers.index(self.listing.cursor_id or 0)
        later = (n for n in numbers[here + 1 :] if one and self._members[n].group.key != one.group.key)
        following = next(later, None)
        if following is None:
            self.tell("That was the last of them.")
        else:
            self.listing.move_to(following)

    def do_back(self) -> None:
        """Marks go first; then q leaves the console."""
        if self._apart:
            count_ = len(self._apart)
            self._apart.clear()
            self._show()
            self.tell(f"Took {plural(count_, 'mark', 'marks')} away.")
        else:
            self.desk_app.leave()
