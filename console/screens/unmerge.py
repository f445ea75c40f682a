"""The undo of a merge: what goes back, whose the rows are that came since, what was changed meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget

from console.commands import merging
from console.commands.who import PICK_KEYS
from console.data.errors import DeskError
from console.data.merging.unmerge import came_since, unmerge, unmerge_preview
from console.data.records.merging import SUGGESTED, NewRow, UnmergePreview
from console.screens import keys
from console.screens.desk_screen import DeskScreen
from console.screens.handing import HandOut
from console.screens.panels import Context
from console.text import ended, one_line, plural
from console.widgets.facts import Fact, Facts
from console.widgets.record_list import Column, ListRow, RecordList, RowFlags
from console.widgets.top_line import TopLine
from console.wording import NO_NAME

COLUMNS = (
    Column("whose", "whose", 18, grow=1),
    Column("label", "came since the merge", 24, grow=3),
    Column("at", "when", 9),
    Column("why", "because", 16, grow=1, drop=1),
)
SHOWN = 3
"""Of so many rows that were changed since it is told which they are."""

AHEAD = 10
"""Pages that are read at once on the way to the end."""

LINES = 4
"""Up to so many people have a line each."""

_TITLE = "Undo a merge"
_NOTHING = "Nothing was changed."


class UnmergeScreen(DeskScreen):
    """The merge with this journal entry, before it is undone. Every row that came since is somebody's."""

    PLACE: ClassVar[str] = "unmerge"
    LEAVE: ClassVar[str] = "cancel"
    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.bindings("unmerge"),
        *(
            Binding(key, f"give({key})", "Give", show=False, id=f"unmerge.{key}")
            for key in PICK_KEYS.split(",")
        ),
    ]

    def __init__(self, entry_id: int) -> None:
        super().__init__()
        self.entry_id = entry_id
        self.preview: UnmergePreview | None = None
        self.keep_changed = False
        self.hand_out = HandOut()
        self._rows: dict[int, NewRow] = {}
        self._more = False
        self._total = 0
        self._marked_last: int | None = None
        self._undoing = False

    def body(self) -> Iterable[Widget]:
        """What goes back, who there is, and the rows."""
        yield Facts((Fact("", ("Looking at what has come since…",), public=True),), most_lines=2, id="why")
        yield RecordList(COLUMNS, loading_text="", empty_text="", id="list")

    @property
    def listing(self) -> RecordList:
        """The rows."""
        return self.query_one("#list", RecordList)

    def on_mount(self) -> None:
        """Say what it is at once."""
        self.query_one("#top", TopLine).show_trail((_TITLE,), public=(_TITLE,))
        self.listing.focus()

    # Loading

    async def load(self) -> None:
        """What the undo would do now, and as many rows as were shown; those given to somebody stay theirs."""
        app, shown = self.desk_app, len(self._rows)
        found = await unmerge_preview(app.desk, app.actor, self.entry_id)
        rows, more = list(found.newer), found.more
        async with app.desk.read() as connection:
            while more > 0 and len(rows) < shown:
                page = await came_since(connection, self.entry_id, rows[-1].id)
                rows, more = [*rows, *page], more - len(page) if page else 0
        if not self.is_attached:
            return
        self.preview, self._rows = found, {row.id: row for row in rows}
        self._total, self._more = len(found.newer) + found.more, more > 0
        self._show(found)
        if found.refusal:
            self.say(found.refusal, "refusal")

    @on(RecordList.NeedMore)
    def _need_more(self) -> None:
        self.request(self._load_more, "after")

    @on(RecordList.NeedEnd)
    def _need_end(self, event: RecordList.NeedEnd) -> None:
        if event.last:
            self.request(self._load_end, "after")

    async def _load_end(self) -> None:
        """Some pages at once; whoever wants more of them need not see them all."""
        for _ in range(AHEAD):
            if self._more:
                await self._load_more()
        if self.is_attached and self._rows:
            self.listing.move_to(next(reversed(self._rows)))
            if self._more:
                self.tell("They go on. * marks all of them, and a number then gives them to somebody.")

    async def _load_more(self) -> None:
        last = next(reversed(self._rows), 0)
        async with self.desk_app.desk.read() as connection:
            page = await came_since(connection, self.entry_id, last)
        if not self.is_attached or last != next(reversed(self._rows), 0):
            return
        self._rows |= {row.id: row for row in page}
        self._more = bool(page) and len(self._rows) < self._total
        self.listing.extend_after([self._row(row) for row in page], has_after=self._more)

    def failed(self, sentence: str) -> None:
        """It cannot be undone: say why."""
        self.preview, self._rows = None, {}
        self.query_one("#why", Facts).set_facts(
            (Fact("", ("Nothing can be undone here. q goes back.",), public=True),)
        )
        self.listing.set_window(())
        self.say(sentence, "error")

    def vanished(self, sentence: str) -> None:
        """See ``DeskScreen``."""
        self.failed(sentence)

    def _show(self, found: UnmergePreview) -> None:
        self._show_facts(found)
        self.listing.set_empty_text("Nothing has come since the merge.", public=True)
        self.listing.set_window([self._row(row) for row in self._rows.values()], has_after=self._more)

    def _show_facts(self, found: UnmergePreview) -> None:
        self.query_one("#why", Facts).set_facts(self._facts(found))

    def _facts(self, found: UnmergePreview) -> list[Fact]:
        context = Context(0, self.desk_app.desk.now(), self.desk_app.zone)
        told = [
            Fact("merged", (f"{context.stamp(found.at)} by {found.by or 'the system'}",), public=True),
            Fact("goes back", (merging.going_back(found),)),
            *_people(found),
        ]
        if self._total:
            told.append(Fact("came since", (self._handed_out(found),), public=True))
        if found.conflicts:
            told.append(Fact("changed", found.conflicts[:SHOWN], "warning"))
            more = len(found.conflicts) - SHOWN
            stay = "They stay as they are now." if self.keep_changed else "c leaves them as they are now."
            told.append(Fact("", (f"and {more:,} more. {stay}" if more > 0 else stay,), public=True))
        return told

    def _handed_out(self, found: UnmergePreview) -> str:
        """How many came, and who gets them. Names nobody."""
        rows = plural(self._total, "row", "rows")
        if marked := self.hand_out.marked(self._total):
            return f"{rows}, {marked:,} marked: a number gives those to that client."
        if self.hand_out.others == SUGGESTED:
            return f"{rows}, each to whom it seems to belong. A number gives one to another."
        place = [one for one, _ in found.people].index(self.hand_out.others) + 1
        return f"{rows}, all to number {place} but where it says otherwise."

    def _row(self, row: NewRow) -> ListRow:
        assert self.preview is not None
        context = Context(0, self.desk_app.desk.now(), self.desk_app.zone)
        places = {one: place for place, (one, _) in enumerate(self.preview.people, 1)}
        names = dict(self.preview.people)
        whose = self.hand_out.whose(row)
        cells = {
            "whose": f"{places.get(whose, '')} {names.get(whose) or NO_NAME}",
            "label": row.label,
            "at": context.when(row.at),
            "why": row.why if whose == row.suggested else "",
        }
        return ListRow(row.id, cells, RowFlags(marked=self.hand_out.is_marked(row.id)))

    # Whose the rows are

    def _row_of(self, row_id: int | None) -> NewRow | None:
        """The row with this id; where there is none it is said."""
        found = self._rows.get(row_id or 0)
        if found is None:
            self.tell("There is no row here that could be given to somebody.", "refusal")
        return found

    def _changed(self, rows: Iterable[NewRow]) -> None:
        """Show anew whose these are, and whether they are marked."""
        self.listing.update_rows([self._row(row) for row in rows])
        if self.preview is not None:
            self._show_facts(self.preview)

    def action_give(self, number: int) -> None:
        """Give what is marked to the one of this number; else the row under the cursor, and go on to the next."""
        row = self._row_of(self.listing.cursor_id)
        if row is None or self.preview is None:
            return
        if number > len(self.preview.people):
            self.tell(f"There is nobody with the number {number} here.", "refusal")
            return
        target, name = self.preview.people[number - 1]
        if marked := self.hand_out.marked(self._total):
            self.hand_out.give_marked(target, self._rows)
            self._changed(self._rows.values())
            told = f"{plural(marked, 'row goes', 'rows go')} to {number}"
            self.say(ended(f"{told} {name or NO_NAME}"), hidden=f"{told}.")
        else:
            self.hand_out.given[row.id] = target
            self._changed([row])
            self.listing.action_move(1)

    @on(RecordList.MarkToggled)
    def _toggled(self, event: RecordList.MarkToggled) -> None:
        if (row := self._row_of(event.row_id)) is not None:
            self.hand_out.toggle(row.id)
            self._marked_last = row.id
            self._changed([row])

    def do_unmerge_mark(self) -> None:
        """From the palette: as space."""
        self.listing.action_mark()

    def do_unmerge_range(self) -> None:
        """Mark all rows from the one marked last to the cursor."""
        ids, here = [*self._rows], self.listing.cursor_id
        if here is None or self._marked_last not in self._rows:
            self.tell("Mark the first of them with space, then go to the last and press V.", "refusal")
            return
        ends = sorted((ids.index(here), ids.index(self._marked_last)))
        self.hand_out.mark(ids[ends[0] : ends[1] + 1])
        self._changed(self._rows.values())

    def do_unmerge_all(self) -> None:
        """Mark all rows, those further down too."""
        if self._row_of(next(iter(self._rows), None)) is not None:
            self.hand_out.mark_all()
            self._changed(self._rows.values())

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        row = self._row_of(event.row_id)
        if row is not None and row.table == "incident":
            self.desk_app.open_record("incident", row.id, row.label.partition(" ")[0])
        elif row is not None:
            self.desk_app.open_record("text", row.id, "Came since the merge", row.label)

    def do_unmerge_suggested(self) -> None:
        """Every row to whom it seems to belong."""
        self.hand_out.as_suggested()
        self._changed(self._rows.values())
        self.tell("Every row goes to whom it seems to belong.")

    def do_unmerge_give(self) -> None:
        """From the palette: say how."""
        self.tell("Press the number of the one whose the row is.")

    def do_unmerge_keep(self) -> None:
        """Rows that were changed since stay as they are now, or stand in the way."""
        if self.preview is None or not self.preview.conflicts:
            self.tell("No row was changed since. Nothing stands in the way.", "refusal")
            return
        self.keep_changed = not self.keep_changed
        self._show_facts(self.preview)
        stay = "stay as they are now" if self.keep_changed else "stand in the way"
        self.tell(f"Rows that were changed since {stay}.")

    # Doing it

    def do_unmerge_do(self) -> None:
        """Undo the merge as shown, unless something stands in the way."""
        found = self.preview
        if found is None:
            self.tell("There is nothing to undo here. q goes back.", "refusal")
        elif self._undoing:
            self.tell("It is under way.", "refusal")
        elif found.refusal:
            self.say(found.refusal, "refusal")
        elif found.conflicts and not self.keep_changed:
            self.tell("Rows were changed since. c leaves them as they are now, then f2 goes on.", "refusal")
        elif marked := self.hand_out.marked(self._total):
            told = plural(marked, "row is", "rows are")
            self.tell(
                f"{told} marked and given to nobody: a number gives them, q takes the marks.", "refusal"
            )
        else:
            self._undoing = True
            self.tell("Undoing the merge…", "busy")
            self.app.run_worker(self._undo(), group="changes", exit_on_error=False)

    async def _undo(self) -> None:
        app = self.desk_app
        try:
            done = await unmerge(
                app.desk,
                app.actor,
                self.entry_id,
                assign=self.hand_out.given,
                others=self.hand_out.others,
                keep_changed=self.keep_changed,
            )
        except DeskError as error:
            self._undoing = False
            app.say_on_top(str(error), "error")
            self.reload()
            return
        if self.app.screen is self:
            self.app.pop_screen()
        app.changed(done.entry_id)
        app.say_on_top(merging.apart_briefly(done), hidden="Undid the merge.")

    def do_not_yet(self) -> None:
        """u, which may have led here."""
        self.tell("This is the undo of the merge: f2 does it as shown, q leaves them one.", "refusal")

    def do_back(self) -> None:
        """Marks go first; then leave things as they are."""
        if self._undoing:
            self.tell("It is under way, and cannot be stopped.", "refusal")
        elif marked := self.hand_out.marked(self._total):
            self.hand_out.unmark()
            self._changed(self._rows.values())
            self.tell(f"Took {plural(marked, 'mark', 'marks')} away.")
        else:
            self.app.pop_screen()
            self.desk_app.say_on_top(_NOTHING, hidden=_NOTHING)


def _people(found: UnmergePreview) -> Sequence[Fact]:
    """Who there is, by number; the first has all now."""
    told = [
        ", ".join(part for part in (name or NO_NAME, found.known_by.get(one, "")) if part)
        for one, name in found.people
    ]
    if len(told) > LINES:
        names = " · ".join(f"{place} {one_line(text, 24)}" for place, text in enumerate(told, 1))
        return [Fact("numbers", (names,))]
    told[0] += " (the survivor)"
    return [Fact(str(place), (text,)) for place, text in enumerate(told, 1)]
