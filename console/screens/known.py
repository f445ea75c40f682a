"""Beside a form: who may be known already."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical

from console.data.likely import Likely
from console.widgets.record_list import Column, ListRow, RecordList, RowFlags
from console.wording import NO_NAME

_COLUMNS = (Column("name", "known already", 15, grow=2), Column("why", "", 10, grow=1))


class Known(Vertical):
    """Clients who have what was typed so far, each with the reason; enter on one is the screen's to answer."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.found: tuple[Likely, ...] = ()
        self._list = RecordList(
            _COLUMNS, narrow=True, loading_text="", empty_text="Nobody so far.", id="list"
        )

    def compose(self) -> ComposeResult:
        """The list."""
        yield self._list

    def show(self, found: Sequence[Likely]) -> None:
        """Show these instead."""
        self.found = tuple(found)
        self._list.set_window(
            [
                ListRow(one.id, {"name": one.name or NO_NAME, "why": one.why}, RowFlags(warning=one.taken))
                for one in self.found
            ]
        )

    def one(self, client_id: int) -> Likely | None:
        """The one with this id."""
        return next((one for one in self.found if one.id == client_id), None)

    @property
    def under_cursor(self) -> Likely | None:
        """The one under the cursor."""
        return self.one(self._list.cursor_id or 0)

    @property
    def has_keys(self) -> bool:
        """Whether keys go to the list."""
        return self.screen.focused is self._list

    def go(self) -> None:
        """Put the cursor into the list."""
        self._list.focus()
