"""A merge before it is done: the records side by side, what becomes of every row, who will see what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from console.commands import merging
from console.commands.merging import KINDS
from console.data import history
from console.data.errors import DeskError, Refused, Stale
from console.data.records.merging import Choices, Merged, MergePreview
from console.screens import keys
from console.screens.desk_screen import DeskScreen
from console.screens.record_screen import RecordScreen
from console.screens.router import Router
from console.widgets.merge_lines import Remark, Sheet, Stop, called
from console.widgets.merge_sheet import MergeSheet
from console.widgets.status_line import UNDOES
from console.widgets.top_line import TopLine
from console.wording import done

_NO_LONGER = "Nothing was merged. q goes back."


class MergeScreen(DeskScreen):
    """The merge of these records, the first of them the survivor until another is chosen."""

    PLACE: ClassVar[str] = "merge"
    LEAVE: ClassVar[str] = "cancel"
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("merge")

    def __init__(self, ids: Sequence[int], kind: str = "client") -> None:
        super().__init__()
        self.kind = KINDS[kind]
        self.kind_name = kind
        self.choices = Choices(ids[0], tuple(ids[1:]))
        self.preview: MergePreview | None = None
        self._asked_first: tuple[str, ...] = ()
        self._merging = False

    def body(self) -> Iterable[Widget]:
        """The sheet."""
        yield MergeSheet(f"Counting what {len(self.choices.ids)} {self.kind.nouns} have…", id="sheet")

    @property
    def sheet(self) -> MergeSheet:
        """The sheet."""
        return self.query_one("#sheet", MergeSheet)

    def on_mount(self) -> None:
        """Say what it is at once."""
        self._show_trail(f"Merge {len(self.choices.ids)} {self.kind.nouns} into one")
        self.sheet.focus()

    def _show_trail(self, title: str) -> None:
        self.query_one("#top", TopLine).show_trail((title,), public=(title,))

    # Loading

    async def load(self) -> None:
        """The merge as these choices have it, in one state of the database."""
        choices, before = self.choices, self.preview
        async with self.desk_app.desk.read() as connection:
            found = await self.kind.preview(connection, choices)
            changed = [
                side.id
                for side in found.sides
                if before and before.seen.get(side.id, side.version) != side.version
            ]
            lines = [await history.of_record(connection, self.kind.noun, one, limit=1) for one in changed[:1]]
        if not self.is_attached:
            return
        self.preview = found
        if before is None:
            self._begin(found)
        self._show()
        if before is None and found.sight and not found.questions and self.sheet.is_cut:
            self.say(f"Further down: {merging.seen(found)}", hidden="Further down: who sees more or less.")
        for line in lines:
            told = f"{line[0].actor}: {done(line[0])}. " if line else ""
            self.say(
                f"{told}The merge is shown anew.",
                "refusal",
                hidden="A colleague changed one of them: shown anew.",
            )

    def _begin(self, found: MergePreview) -> None:
        """What must be answered comes first, and the cursor is on it."""
        self._asked_first = tuple(one.name for one in found.fields if one.asks)
        if found.questions:
            self.tell("Choose what stays: enter on it. Then f2 merges.", "refusal")

    def _show(self, *, side: int | None = None) -> None:
        found = self.preview
        if found is None:
            return
        counted = found.choices == self.choices
        self._show_trail(merging.title(found))
        sheet = Sheet(
            found,
            self.choices,
            self._asked_first,
            self._above(found) if counted else (),
            self._below(found) if counted else (Remark("Counting…", "dim", "Counting…"),),
            merging.deed(found),
            counted,
        )
        self.sheet.show(sheet, side=side)

    def _above(self, found: MergePreview) -> tuple[Remark, ...]:
        asked = [
            Remark(f"It cannot be merged yet. {one}", "warning", "It cannot be merged yet.")
            for one in found.questions
        ]
        return (*asked, *(Remark(one, "warning", "There is a warning.") for one in found.warnings))

    def _below(self, found: MergePreview) -> tuple[Remark, ...]:
        said, undo = merging.accounted(found), merging.undoable(found)
        return (Remark(said, "", said), Remark(merging.seen(found), "", ""), Remark(undo, "dim", undo))

    def vanished(self, sentence: str) -> None:
        """See ``DeskScreen``: one of them is not there any more."""
        self._nothing_left(sentence)

    def failed(self, sentence: str) -> None:
        """They cannot be merged, or no longer: say why, and show nothing that could be merged."""
        self._nothing_left(sentence)

    def _nothing_left(self, sentence: str) -> None:
        self.preview = None
        self.sheet.show_instead(_NO_LONGER)
        self.say(sentence, "error")

    # Choices

    def _choose(self, choices: Choices, *, side: int | None = None) -> None:
        """Show other choices at once, and count anew what they mean."""
        if choices == self.choices:
            return
        self.choices = choices
        self._show(side=side)
        self.tell("")
        self.request(self.load)

    @on(MergeSheet.Pressed)
    def _pressed(self, event: MergeSheet.Pressed) -> None:
        if event.where.kind == "go":
            self.do_merge_do()
        elif event.where.kind == "more":
            self.sheet.unfold()
        elif event.where.kind == "balance":
            self.do_merge_toggle()
        elif event.key == "space":
            self.tell("space leaves out a category, further below. enter keeps the value here.", "refusal")
        else:
            self.do_merge_keep()

    def _here(self, kind: str, otherwise: str) -> tuple[MergePreview, Stop] | None:
        """The preview and the line of the cursor, if it is of this kind; else what to do is said."""
        stop = self.sheet.stop
        if self.preview is None or stop is None:
            self.tell("They are still being counted. Wait a moment.", "refusal")
        elif stop.kind != kind:
            self.tell(otherwise, "refusal")
        else:
            return self.preview, stop
        return None

    def do_merge_keep(self) -> None:
        """Keep the value under the cursor."""
        if here := self._here("field", "Put the cursor on a value: enter keeps it."):
            found, stop = here
            try:
                self._choose(merging.keeping(found, self.choices, stop.name, self.sheet.side))
                self.tell(self._kept(found, stop.name))
            except Refused as error:
                self.tell(str(error), "refusal")

    def _kept(self, found: MergePreview, name: str) -> str:
        """What enter on a value did."""
        whose = f"record {self.sheet.side + 1}" if self.sheet.side else "the survivor"
        both = next(one.both for one in found.fields if one.name == name)
        does = "comes first; all others stay, too" if both else "stays"
        return f"The {called(name)} of {whose} {does}."

    def do_merge_both(self) -> None:
        """Keep the values of all in the line under the cursor."""
        if here := self._here(
            "field", "Put the cursor on a value: + keeps those of all, where there may be several."
        ):
            found, stop = here
            try:
                self._choose(merging.keeping_all(found, self.choices, stop.name))
                self.tell(f"All stay: {called(stop.name)}.")
            except Refused as error:
                self.tell(str(error), "refusal")

    def do_merge_toggle(self) -> None:
        """Leave out the category under the cursor, or move it."""
        if here := self._here(
            "balance", "Put the cursor on a line of the balance sheet: space leaves it out."
        ):
            found, stop = here
            try:
                self._choose(merging.toggling(found, self.choices, stop.name))
            except Refused as error:
                self.tell(str(error), "refusal")

    def do_merge_swap(self) -> None:
        """The record under the cursor is the survivor; if it is already, the next one."""
        if self.preview is None:
            self.tell("They are still being counted. Wait a moment.", "refusal")
            return
        chosen = self.preview.sides[self.sheet.side or 1]
        self._choose(self.choices.swapped(chosen.id), side=0)
        name = chosen.name or "The other"
        self.say(f"{name} is the survivor now.", hidden="Another is the survivor now.")

    # Doing it

    def do_merge_do(self) -> None:
        """Merge as shown, unless something must be answered or counted first."""
        found = self.preview
        if found is None:
            self.tell("There is nothing to merge here. q goes back.", "refusal")
        elif self._merging:
            self.tell("It is under way.", "refusal")
        elif found.choices != self.choices:
            self.tell("What this means is still being counted. Wait a moment, then merge.", "refusal")
        elif found.questions:
            for name in self._asked_first[:1]:
                self.sheet.go_to(Stop("field", name))
            self.say(found.questions[0], "refusal", hidden="A question must be answered first.")
        else:
            self._merging = True
            self.say(f"{merging.deed(found)}…", "busy", hidden="Merging…")
            self.app.run_worker(self._merge(found), group="changes", exit_on_error=False)

    async def _merge(self, found: MergePreview) -> None:
        app = self.desk_app
        try:
            merged = await self.kind.merge(app.desk, app.actor, found.choices, seen=found.seen)
        except Stale:
            self._merging = False
            self.reload()
            return
        except DeskError as error:
            self._merging = False
            app.say_on_top(str(error), "error")
            self.reload()
            return
        self._done(found, merged)

    def _done(self, found: MergePreview, merged: Merged) -> None:
        app, names = self.desk_app, [side.name for side in found.sides[1:]]
        said = merging.sentence(self.kind_name, merged, names)
        for one in self.app.screen_stack:
            if isinstance(one, RecordScreen) and one.record_id in merged.absorbed:
                one.record_id = merged.survivor
        if self.app.screen is self:
            self.app.pop_screen()
            below = self.app.screen
            if isinstance(below, DeskScreen):
                below.let_marks_go()
        elif self.is_attached:
            self.vanished("They are merged.")
        app.changed(merged.entry_id)
        app.say_on_top(said + UNDOES, hidden=f"Merged{UNDOES}")

    def do_not_yet(self) -> None:
        """u, which takes back what is done."""
        self.tell("Nothing is merged yet: f2 merges, q leaves. u takes it back afterwards.", "refusal")

    def do_back(self) -> None:
        """Leave things as they are."""
        if self._merging:
            self.tell("It is under way, and cannot be stopped. u takes it back afterwards.", "refusal")
            return
        self.app.pop_screen()
        self.desk_app.say_on_top("Nothing was merged.", hidden="Nothing was merged.")


def open_merge(app: Router, ids: Sequence[int], kind: str = "client") -> None:
    """Show the merge of these records; where they are too many, say so on the screen that is open."""
    try:
        merging.check_number(kind, len(ids))
    except Refused as error:
        app.say_on_top(str(error), "refusal", hidden=str(error))
        return
    app.open_merge(ids, kind)
