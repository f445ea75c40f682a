"""What a windowed list tells its screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from console.widgets.record_list import RecordList


@dataclass
class _Posted(Message):
    """What all messages of the list carry: the list."""

    record_list: RecordList

    @property
    def control(self) -> RecordList:
        """The list the message comes from, for selectors in `@on`."""
        return self.record_list


@dataclass
class Highlighted(_Posted, namespace="record_list"):
    """The cursor is on another row: its id, None when there are no rows. A burst arrives as its last."""

    row_id: int | None

    def can_replace(self, message: Message) -> bool:
        """Only where the cursor came to rest matters."""
        return isinstance(message, Highlighted) and message.record_list is self.record_list


@dataclass
class Opened(_Posted, namespace="record_list"):
    """Enter on a row."""

    row_id: int


@dataclass
class MarkToggled(_Posted, namespace="record_list"):
    """Space on a row. The screen keeps the marks and answers with `update_rows`."""

    row_id: int


@dataclass
class NeedMore(_Posted, namespace="record_list"):
    """Rows `before` or after `anchor_id` are needed; answered by `extend_before` or `extend_after`."""

    before: bool
    anchor_id: int


@dataclass
class NeedEnd(_Posted, namespace="record_list"):
    """The last or first rows of the whole list are needed; answered by `set_window` with that end."""

    last: bool
