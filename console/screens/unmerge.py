"""The undo of a merge: what goes back, whose the rows are that came since, what was changed meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget

from console.commands import merging
from console.commands.who import PICK_KEYS
from console.data.errors import DeskError
from console.data.merging.unmerge import unmerge, unmerge_preview
from console.data.records.merging import NewRow, UnmergePreview
from console.screens import keys
from console.screens.desk_screen import DeskScreen
from console.screens.panels import Context
from console.text import plural
from console.widgets.facts import Fact, Facts
from console.widgets.record_list import Column, ListRow, RecordList
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
        self.given: dict[int, int] = {}
        self._undoing = False

    def body(self) -> Iterable[Widget]:
        """What goes back, who there is, and the rows."""
        yield Facts((Fact("", ("Looking at what has come since…",), public=True),), most_lines=2, id="why")
        yield RecordList(COLUMNS, narrow=True, loading_text="", empty_text="", id="list")

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
        """What the undo would do now; rows given to somebody stay theirs."""
        app = self.desk_app
        found = await unmerge_preview(app.desk, app.actor, self.entry_id)
        if not self.is_attached:
            return
        self.preview = found
        self.given = {row.id: self.given.get(row.id, row.suggested) for row in found.newer}
        self._show(found)
        if found.refusal:
            self.say(found.refusal, "refusal")

    def failed(self, sentence: str) -> None:
        """It cannot be undone: say why."""
        self.preview = None
        self.query_one("#why", Facts).set_facts(
            (Fact("", ("Nothing can be undone here. q goes back.",), public=True),)
        )
        self.listing.set_window(())
        self.say(sentence, "error")

    def vanished(self, sentence: str) -> None:
        """See ``DeskScreen``."""
        self.failed(sentence)

    def _show(self, found: UnmergePreview) -> None:
        self.query_one("#why", Facts).set_facts(self._facts(found))
        self.listing.set_empty_text("Nothing has come since the merge.", public=True)
        self.listing.set_window([self._row(row) for row in found.newer])

    def _facts(self, found: UnmergePreview) -> list[Fact]:
        context = Context(0, self.desk_app.desk.now(), self.desk_app.zone)
        names = [name or NO_NAME for _, name in found.people]
        by = f"{context.stamp(found.at)} by {found.by or 'the system'}"
        told = [
            Fact("merged into", (names[0],)),
            Fact("on", (by,), public=True),
            Fact("goes back", (merging.going_back(found),)),
            Fact("numbers", (" · ".join(f"{place} {name}" for place, name in enumerate(names, 1)),)),
        ]
        if found.conflicts:
            told.append(Fact("changed", found.conflicts[:SHOWN], "warning"))
            more = len(found.conflicts) - SHOWN
            stay = "They stay as they are now." if self.keep_changed else "c leaves them as they are now."
            told.append(Fact("", (f"and {more:,} more. {stay}" if more > 0 else stay,), public=True))
        if found.more > 0:
            rows = plural(found.more, "more row", "more rows")
            told.append(Fact("", (f"{rows} came since; they stay where they are.",), public=True))
        return told

    def _row(self, row: NewRow) -> ListRow:
        assert self.preview is not None
        context = Context(0, self.desk_app.desk.now(), self.desk_app.zone)
        places = {one: place for place, (one, _) in enumerate(self.preview.people, 1)}
        names = dict(self.preview.people)
        whose = self.given.get(row.id, row.suggested)
        cells = {
            "whose": f"{places.get(whose, '')} {names.get(whose) or NO_NAME}",
            "label": row.label,
            "at": context.when(row.at),
            "why": row.why if whose == row.suggested else "",
        }
        return ListRow(row.id, cells)

    # Whose the rows are

    def _row_of(self, row_id: int | None) -> NewRow | None:
        """The row with this id; where there is none it is said."""
        rows = self.preview.newer if self.preview else ()
        found = next((row for row in rows if row.id == row_id), None)
        if found is None:
            self.tell("There is no row here that could be given to somebody.", "refusal")
        return found

    def _give(self, row: NewRow, place: int) -> None:
        """Give a row to the one of this place; 0 is the next one."""
        assert self.preview is not None
        ids = [one for one, _ in self.preview.people]
        here = ids.index(self.given[row.id])
        self.given[row.id] = ids[place - 1] if place else ids[(here + 1) % len(ids)]
        self.listing.update_rows([self._row(row)])

    def action_give(self, number: int) -> None:
        """Give the row under the cursor to the one of this number, and go on to the next row."""
        row = self._row_of(self.listing.cursor_id)
        if row is None or self.preview is None:
            return
        if number > len(self.preview.people):
            self.tell(f"There is nobody with the number {number} here.", "refusal")
            return
        self._give(row, number)
        self.listing.action_move(1)

    @on(RecordList.MarkToggled)
    def _toggled(self, event: RecordList.MarkToggled) -> None:
        if (row := self._row_of(event.row_id)) is not None:
            self._give(row, 0)
            self.listing.move_to(row.id)

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        row = self._row_of(event.row_id)
        if row is not None and row.table == "incident":
            self.desk_app.open_record("incident", row.id, row.label.partition(" ")[0])
        elif row is not None:
            self.desk_app.open_record("text", row.id, "Came since the merge", row.label)

    def do_unmerge_suggested(self) -> None:
        """Every row to whom it seems to belong."""
        if self.preview is not None:
            self.given = {row.id: row.suggested for row in self.preview.newer}
            self._show(self.preview)
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
        self._show(self.preview)
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
        else:
            self._undoing = True
            self.tell("Undoing the merge…", "busy")
            self.app.run_worker(self._undo(), group="changes", exit_on_error=False)

    async def _undo(self) -> None:
        app = self.desk_app
        try:
            done = await unmerge(
                app.desk, app.actor, self.entry_id, assign=self.given, keep_changed=self.keep_changed
            )
        except DeskError as error:
            self._undoing = False
            app.say_on_top(str(error), "error")
            self.reload()
            return
        if self.app.screen is self:
            self.app.pop_screen()
        app.changed(done.entry_id)
        app.say_on_top(merging.apart(done), hidden="Undid the merge.")

    def do_not_yet(self) -> None:
        """u, which may have led here."""
        self.tell("This is the undo of the merge: f2 does it as shown, q leaves them one.", "refusal")

    def do_back(self) -> None:
        """Leave things as they are."""
        if self._undoing:
            self.tell("It is under way, and cannot be stopped.", "refusal")
            return
        self.app.pop_screen()
        self.desk_app.say_on_top(_NOTHING, hidden=_NOTHING)
