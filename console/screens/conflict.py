"""Two people changed the same fields: what each was, theirs, yours; one of them is chosen for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from console.data.edits import FieldConflict
from console.screens import keys
from console.screens.desk_screen import DeskScreen
from console.widgets.record_list import Column, ListRow, RecordList
from console.widgets.said import Notice
from console.widgets.top_line import TopLine

Chosen = Callable[[Mapping[str, bool] | None], None]

_COLUMNS = (
    Column("field", "field", 12),
    Column("old", "it was", 12, grow=1),
    Column("theirs", "theirs", 14, grow=1),
    Column("yours", "yours", 14, grow=1),
)
_WHY = (
    "A colleague changed these fields while you were editing. Nothing is saved yet: "
    "what stands in brackets will be."
)


class ConflictScreen(DeskScreen):
    """Tells ``chosen`` for each field, by name, whether it is to be yours; None where the screen was left."""

    PLACE: ClassVar[str] = "conflict"
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("conflict")

    def __init__(self, whom: str, fields: Sequence[FieldConflict], chosen: Chosen) -> None:
        super().__init__()
        self._whom, self._fields, self._chosen = whom, tuple(fields), chosen
        self._mine = [False] * len(self._fields)

    def body(self) -> Iterable[Widget]:
        """Why, and the fields."""
        yield Notice(_WHY, id="why")
        yield RecordList(_COLUMNS, narrow=True, id="list")

    def on_mount(self) -> None:
        """Theirs stands until yours is chosen."""
        self.query_one("#top", TopLine).show_trail(
            (self._whom or "Edit", "Changed by two"), public=("Edit", "Changed by two")
        )
        listing = self.query_one("#list", RecordList)
        listing.set_window([self._row(number) for number in range(len(self._fields))])
        listing.focus()

    async def load(self) -> None:
        """There is nothing to load: the choice is between what both have typed."""

    def _row(self, number: int) -> ListRow:
        one, mine = self._fields[number], self._mine[number]
        return ListRow(
            number + 1,
            {
                "field": one.field.replace("_", " "),
                "old": one.old or "-",
                "theirs": _kept(one.theirs, not mine),
                "yours": _kept(one.yours, mine),
            },
        )

    @on(RecordList.MarkToggled)
    @on(RecordList.Opened)
    def do_conflict_choose(self) -> None:
        """The other of the two, in the row of the cursor."""
        listing = self.query_one("#list", RecordList)
        if (row := listing.cursor_id) is not None:
            self._mine[row - 1] = not self._mine[row - 1]
            listing.update_rows([self._row(row - 1)])

    def do_conflict_save(self) -> None:
        """Keep what stands in brackets."""
        self._end({one.field: mine for one, mine in zip(self._fields, self._mine, strict=True)})

    def do_conflict_leave(self) -> None:
        """Back to the form; nothing is saved."""
        self._end(None)

    def _end(self, kept: Mapping[str, bool] | None) -> None:
        self.app.pop_screen()
        self._chosen(kept)


def _kept(text: str, kept: bool) -> str:
    return f"[{text or '-'}]" if kept else text or "-"
