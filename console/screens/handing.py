"""Whose the rows are to be that came since a merge, as staff have said it so far. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from console.data.records.merging import SUGGESTED, NewRow


class HandOut:
    """Rows that were ``given`` to somebody, by id; ``others`` has all the rest, also what was never shown.

    Rows are marked one by one, or all there are but some.
    """

    def __init__(self) -> None:
        self.given: dict[int, int] = {}
        self.others = SUGGESTED
        self._marked: set[int] = set()
        self._all = False

    def whose(self, row: NewRow) -> int:
        """Whose a row is to be."""
        rest = row.suggested if self.others == SUGGESTED else self.others
        return self.given.get(row.id, rest)

    def as_suggested(self) -> None:
        """Give every row to whom it seems to belong."""
        self.given, self.others = {}, SUGGESTED

    # Marks

    def is_marked(self, row_id: int) -> bool:
        """Whether a row is marked."""
        return (row_id in self._marked) != self._all

    def marked(self, total: int) -> int:
        """How many of so many rows are marked."""
        return total - len(self._marked) if self._all else len(self._marked)

    def toggle(self, row_id: int) -> None:
        """Mark a row, or take its mark away."""
        self._marked ^= {row_id}

    def mark(self, ids: Iterable[int]) -> None:
        """Mark these."""
        if self._all:
            self._marked -= {*ids}
        else:
            self._marked |= {*ids}

    def mark_all(self) -> None:
        """Mark all, shown or not."""
        self._marked, self._all = set(), True

    def unmark(self) -> None:
        """Take all marks away."""
        self._marked, self._all = set(), False

    def give_marked(self, target: int, shown: Mapping[int, NewRow]) -> None:
        """Give what is marked to somebody; the marks go. ``shown`` are the rows that can have been marked."""
        if self._all:
            self.given = {one: self.whose(shown[one]) for one in self._marked if one in shown}
            self.others = target
        else:
            self.given |= dict.fromkeys(self._marked, target)
        self.unmark()
