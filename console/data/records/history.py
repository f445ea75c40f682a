"""What was done."""

from dataclasses import dataclass
from datetime import datetime

from console.data.records.lists import Anchor


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a history line: what it was and became, as text."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """A journal entry as the timeline shows it; ``undone`` entries stay, marked."""

    id: int
    at: datetime
    actor: str
    acting_as: str
    via: str
    action: str
    subject: str
    subject_id: int | None
    reason: str
    detail: str
    rows: int
    batch_id: int | None
    undoes: int | None
    undone: bool
    fixed: str
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """What an action did: a sentence for the status line, its journal entry if it changed anything, how many

    records it ran on, and the record it made.
    """

    sentence: str
    entry_id: int | None = None
    count: int = 0
    made: int | None = None


@dataclass(frozen=True, slots=True)
class NewsLine:
    """A history line about one of the reader's favourites: whose it is."""

    line: HistoryLine
    client_id: int
    client: str

    @property
    def id(self) -> int:
        """The entry's id."""
        return self.line.id

    @property
    def anchor(self) -> Anchor:
        """Its place in the feed."""
        return Anchor(self.line.id, self.line.id)
