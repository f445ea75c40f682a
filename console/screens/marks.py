"""What is marked in a list: rows one by one, and all that matched at one moment, by the million. Pure."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence


class Marks:
    """Marks by id: those set one by one, in that order, and frozen sets, eight bytes for each id.

    Nothing that others change changes them. The sets share no id with each other nor with the single ones; what was
    taken out of a set again is kept apart, so that the set itself is never written anew.
    """

    def __init__(self) -> None:
        self._single: dict[int, None] = {}
        self._sets: list[array[int]] = []
        self._out: set[int] = set()
        self._ids: array[int] | None = None

    def __len__(self) -> int:
        return len(self._single) + sum(map(len, self._sets)) - len(self._out)

    def __contains__(self, one: int) -> bool:
        return one in self._single or (one not in self._out and self._in_a_set(one))

    def toggle(self, one: int) -> bool:
        """Mark a row, or take its mark away; True if it is marked now."""
        self._ids = None
        if self._in_a_set(one):
            self._out ^= {one}
        elif one in self._single:
            del self._single[one]
        else:
            self._single[one] = None
        return one in self

    def ids(self) -> Sequence[int]:
        """All of them, those set one by one first; made once until the marks change. Nobody writes into it."""
        if self._ids is None:
            self._ids = self._gathered()
        return self._ids

    def gather(self) -> Gathering:
        """Begin to read the ids of a set, which is marked once it is whole."""
        return Gathering(self)

    def _in_a_set(self, one: int) -> bool:
        return any(_holds(some, one) for some in self._sets)

    def _gathered(self) -> array[int]:
        if len(self._sets) == 1 and not self._single and not self._out:
            return self._sets[0]
        found = array("q", self._single)
        for some in self._sets:
            found.extend(array("q", (one for one in some if one not in self._out)) if self._out else some)
        return found

    def _add(self, fresh: array[int], again: Iterable[int]) -> None:
        self._ids = None
        self._out.difference_update(again)
        if fresh:
            self._single = {one: None for one in self._single if not _holds(fresh, one)}
            self._sets.append(fresh)


class Gathering:
    """The ids of a set while they are read, piece by piece, in ascending order."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self._fresh: array[int] = array("q")
        self._again: list[int] = []
        self.count = 0

    def add(self, piece: Sequence[int]) -> None:
        """Add some ids, each greater than all before."""
        marks = self._marks
        self.count += len(piece)
        if not marks._sets:
            self._fresh.extend(piece)
            return
        for one in piece:
            if not marks._in_a_set(one):
                self._fresh.append(one)
            elif one in marks._out:
                self._again.append(one)

    def mark(self) -> None:
        """Mark them all: now, and nothing that comes to match later."""
        self._marks._add(self._fresh, self._again)


def _holds(ids: array[int], one: int) -> bool:
    place = bisect_left(ids, one)
    return place < len(ids) and ids[place] == one
