"""The queue of duplicates as lines of a list, and what is said of how far the search is."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from console import alike
from console.data.records.duplicates import Group, Pair, ScanState, Side
from console.text import when
from console.widgets.record_list import Column, ListRow, RowFlags
from console.widgets.tab_line import PanelTab

QUEUES = (
    PanelTab("duplicate", "Duplicates"),
    PanelTab("related", "Related"),
    PanelTab("split review", "Split review"),
    PanelTab("uncertain", "Uncertain"),
)
_NOTHING = {
    "duplicate": "Nobody seems to be here twice.",
    "related": "No clients seem to belong together.",
    "split review": "No group is too large or too loose to be trusted.",
    "uncertain": "No pair is in doubt.",
}


def columns(other: str) -> tuple[Column, ...]:
    """The columns of a queue; ``other`` is the title of the second client's."""
    return (
        Column("percent", "%", 2, align="right"),
        Column("name", "client", 18, grow=2),
        Column("other", other, 18, grow=2),
        Column("why", "because", 20, grow=3, drop=1),
    )


class Member(NamedTuple):
    """A line of the queue: a group, the client of it who is meant, and the pair that is compared."""

    group: Group
    side: Side
    pair: Pair | None

    @property
    def key(self) -> tuple[str, int]:
        """What the line is known by, however often the queue is loaded."""
        return self.group.key, self.side.id

    @property
    def is_head(self) -> bool:
        """Whether it is the first line of a group of more than two."""
        return not self.is_pair and self.side is self.group.sides[0]

    @property
    def is_pair(self) -> bool:
        """Whether the group is two clients, which are one line."""
        return len(self.group.sides) == 2


def row(number: int, one: Member, *, marked: bool) -> ListRow:
    """A line of the list: of a pair both, of a larger group its head, or one of the others."""
    flags = RowFlags(marked=marked)
    percent = str(one.pair.explanation.percent) if one.pair else ""
    why = alike.brief(one.pair.explanation) if one.pair else ""
    if one.is_pair:
        first, second = (alike.name_of(side) for side in one.group.sides)
        doubt = "in doubt: " if one.group.in_doubt else ""
        return ListRow(number, (percent, first, second, doubt + why), flags)
    if one.is_head:
        how = "space marks who is not the same"
        first = alike.name_of(one.side)
        return ListRow(number, (percent, first, f"{len(one.group.sides)} clients:", how), flags)
    return ListRow(number, (percent, "", alike.name_of(one.side), why), flags)


def scanned(state: ScanState, now: datetime) -> str:
    """How far the search of the whole base is, beside the tabs; ``now`` is in the viewer's zone."""
    if state.is_running:
        return f"scan under way: {_percent(state)} %"
    if state.finished_at is None:
        return "never scanned whole"
    return f"scanned {when(state.finished_at.astimezone(now.tzinfo), now)}"


def nothing(state: ScanState, queue: str) -> str:
    """What is said of an empty queue: what there is to do."""
    if state.is_running:
        return (
            f"{_NOTHING[queue]} A scan is under way: {_percent(state)} % of the pairs are compared. "
            "More may come."
        )
    if state.finished_at is None:
        return "The base was never searched as a whole. To search it, run: helpdesk duplicates scan"
    return (
        f"{_NOTHING[queue]} Who changes is compared at once; to search the whole base again: "
        "helpdesk duplicates scan"
    )


def _percent(state: ScanState) -> int:
    return 100 * state.done // state.total if state.total else 0


def members(group: Group) -> list[Member]:
    """The lines of a group: one of a pair; of more, one for each client, beside the one they are most like."""
    if len(group.sides) == 2:
        return [Member(group, group.sides[1], group.pairs[0] if group.pairs else None)]
    return [Member(group, side, _nearest(group, side)) for side in group.sides]


def _nearest(group: Group, side: Side) -> Pair | None:
    """The surest pair of a client in a group, that with the first of the group if they were compared."""
    first = group.pair(group.sides[0].id, side.id) if side is not group.sides[0] else None
    return first or next((pair for pair in group.pairs if side.id in (pair.first.id, pair.second.id)), None)
