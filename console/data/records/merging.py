"""What a merge would do and did: the columns side by side, the balance sheet, who sees what; and how it is undone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

CATEGORIES = ("incidents", "invoices", "notes", "credit", "contacts", "departments")
"""What staff may leave with the absorbed record; all are moved unless they say otherwise. Identities always move."""


@dataclass(frozen=True, slots=True)
class Choices:
    """Who is merged into whom, which record's value each field keeps (by field: a client's id), what stays behind."""

    survivor: int
    absorbed: tuple[int, ...]
    keep: Mapping[str, int] = field(default_factory=dict)
    without: frozenset[str] = frozenset()

    @property
    def ids(self) -> tuple[int, ...]:
        """All records, the survivor first."""
        return (self.survivor, *self.absorbed)

    def swapped(self, survivor: int) -> "Choices":
        """The same with another of them as the survivor."""
        rest = tuple(one for one in self.ids if one != survivor)
        return Choices(survivor, rest, self.keep, self.without)


@dataclass(frozen=True, slots=True)
class MergeSide:
    """One of the records: its name, status, e-mail address, and the version that was seen."""

    id: int
    name: str
    status: str
    email: str
    version: int


@dataclass(frozen=True, slots=True)
class MergeField:
    """A field side by side: one text a record, in the order of the sides; ``kept`` are the sides whose value stays.

    ``both`` says that every value stays (identities, tags); of other fields one side's does. ``asks`` says that staff
    must choose before the merge is done: statuses that contradict each other.
    """

    name: str
    values: tuple[str, ...]
    kept: tuple[int, ...]
    both: bool = False
    asks: bool = False


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """A line of the balance sheet: what each record has, and what the survivor has afterwards.

    ``unit`` is 'rows', 'minutes' or 'incidents' (credit). ``same`` rows say what a row of the survivor's says already
    (the same tag, favourite, department): they become one. ``left`` stays with the absorbed; ``ended`` are grants of
    an organization that the survivor is not in. Always ``sum(before) == after + same + left + ended``. ``category``
    is '' for what always moves.
    """

    name: str
    category: str
    before: tuple[int, ...]
    after: int
    same: int = 0
    left: int = 0
    ended: int = 0
    unit: str = "rows"
    moved: bool = True


@dataclass(frozen=True, slots=True)
class SightChange:
    """Who will see how many incidents more, or fewer, and why: 'manager of Acme', 'the survivor, in the portal'."""

    name: str
    gains: int
    loses: int
    why: str


@dataclass(frozen=True, slots=True)
class MergePreview:
    """A merge before it is done. ``rows`` counts every row that is accounted for, by what it is called.

    ``questions`` must be answered before it can be done; ``warnings`` are worth reading. ``kind`` is 'client',
    'contact' (merge as contact) or 'organization'.
    """

    kind: str
    choices: Choices
    sides: tuple[MergeSide, ...]
    fields: tuple[MergeField, ...]
    balance: tuple[BalanceLine, ...]
    sight: tuple[SightChange, ...]
    rows: Mapping[str, int]
    questions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def seen(self) -> dict[int, int]:
        """The versions that were shown, by id: a merge refuses where a colleague has changed a record since."""
        return {side.id: side.version for side in self.sides}


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did: its journal entry, the survivor, how many records were absorbed and rows moved."""

    entry_id: int
    survivor: int
    name: str
    absorbed: tuple[int, ...]
    rows: int


SUGGESTED = 0
"""In place of a client's id: whoever a row seems to belong to."""


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row the survivor got after the merge: staff say whose it is. ``suggested`` is whose it seems to be.

    ``label`` names it ('INC-000812 Printer on fire'), ``why`` gives the reason of the suggestion, empty without one.
    """

    table: str
    id: int
    label: str
    at: datetime | None
    suggested: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class UnmergePreview:
    """What undoing a merge would give back: ``people`` (id, name), the survivor first, how many ``rows``.

    ``known_by`` is an address of each of them who has one. Of what came since ``newer`` are the first rows, behind
    which there are ``more``. ``conflicts`` name rows that were changed since: they stay as they are now if staff say
    so, else nothing is done.
    ``refusal`` says why it cannot be undone at all, '' where it can.
    """

    entry_id: int
    kind: str
    at: datetime
    by: str
    people: tuple[tuple[int, str], ...]
    rows: int
    newer: tuple[NewRow, ...]
    more: int
    conflicts: tuple[str, ...]
    refusal: str = ""
    known_by: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unmerged:
    """What the undo of a merge did: its entry, how many rows went back, and how many were left as they are.

    Of those that came since ``assigned`` were given to others: to whom, ``given`` says by id; ``stayed`` are still the
    survivor's. ``kind`` is that of the merge.
    """

    entry_id: int
    survivor: int
    people: tuple[tuple[int, str], ...]
    rows: int
    assigned: int
    kept: tuple[str, ...] = ()
    given: Mapping[int, int] = field(default_factory=dict)
    stayed: int = 0
    kind: str = "client"


@dataclass(frozen=True, slots=True)
class Absorbed:
    """A record that was merged into another: when and by whom, the merge's journal entry, what was left there.

    ``kind`` is that of the merge; ``left`` counts rows by what they are called, and is empty where all was moved.
    """

    id: int
    name: str
    kind: str
    entry_id: int
    at: datetime
    by: str
    left: Mapping[str, int]
