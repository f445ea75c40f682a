"""Who was merged into a record: what was left there, and the way to the undo of each merge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from console.commands.merging import left_there
from console.data.merging.absorbed import absorbed
from console.data.records.merging import Absorbed
from console.screens import keys
from console.screens.desk_screen import DeskScreen
from console.screens.panels import Context
from console.widgets.facts import Fact
from console.widgets.record_list import Column, ListRow, RecordList
from console.widgets.top_line import TopLine
from console.wording import NO_NAME

COLUMNS = (
    Column("name", "merged into this one", 22, grow=2),
    Column("left", "left there", 18, grow=2),
    Column("at", "when", 9),
    Column("who", "by", 12, grow=1, drop=1),
)
ALSO = 2
"""Of so many records that were merged into this one it is told at the left."""


def also(merged: Sequence[Absorbed], context: Context) -> list[Fact]:
    """The first two of those who were merged into a record, and what was left with them; U shows and undoes it."""
    values: list[str] = []
    for one in merged[:ALSO]:
        contact = " as contact" if one.kind == "contact" else ""
        shows = "" if values else " (U)"
        values.append(f"{one.name or NO_NAME}, merged{contact} {context.when(one.at)}{shows}")
        if told := left_there(one):
            values.append(f"{told} left there")
    if len(merged) > ALSO:
        values.append(f"and {len(merged) - ALSO:,} more")
    return [Fact("also", tuple(values))] if values else []


class MergedScreen(DeskScreen):
    """Those who were merged into a record, the last one first."""

    PLACE: ClassVar[str] = "merged"
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("merged")

    def __init__(self, noun: str, record_id: int, name: str) -> None:
        super().__init__()
        self._noun, self._record_id, self._whose = noun, record_id, name
        self._found: dict[int, Absorbed] = {}

    def body(self) -> Iterable[Widget]:
        """The list."""
        empty = "Nobody was merged into this one. Y merges."
        yield RecordList(COLUMNS, narrow=True, empty_text=empty, id="list")

    @property
    def listing(self) -> RecordList:
        """The list."""
        return self.query_one("#list", RecordList)

    def on_mount(self) -> None:
        """Say whose they are."""
        places = {"client": "Clients", "organization": "Organizations"}
        trail = (places[self._noun], self._whose, "Merged records")
        self.query_one("#top", TopLine).show_trail(trail, public=("Merged records",))
        self.listing.focus()

    async def load(self) -> None:
        """The records."""
        async with self.desk_app.desk.read() as connection:
            found = await absorbed(connection, self._noun, self._record_id)
        if self.is_attached:
            self._found = {one.id: one for one in found}
            self.listing.set_window(self._rows(found))

    def _rows(self, found: Sequence[Absorbed]) -> list[ListRow]:
        context = Context(self._record_id, self.desk_app.desk.now(), self.desk_app.zone)
        return [
            ListRow(
                one.id,
                {
                    "name": (one.name or NO_NAME) + (" (as contact)" if one.kind == "contact" else ""),
                    "left": left_there(one) or "-",
                    "at": context.when(one.at),
                    "who": one.by,
                },
            )
            for one in found
        ]

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        if (one := self._found.get(event.row_id)) is not None:
            self.desk_app.open_record(f"absorbed {self._noun}", one.id, one.name)

    @on(RecordList.MarkToggled)
    def _marked(self) -> None:
        self.tell("Rows are marked in the list of clients.", "refusal")

    def do_unmerge(self) -> None:
        """The undo of the merge in the row of the cursor."""
        one = self._found.get(self.listing.cursor_id or 0)
        if one is None:
            self.tell("There is no merge to undo here. q goes back.", "refusal")
        else:
            self.desk_app.open_record("merge", one.entry_id)
