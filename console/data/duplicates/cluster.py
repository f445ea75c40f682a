"""Groups of clients who may all be one: average linkage, bound by what staff decided."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from heapq import heapify, heappop, heappush
from typing import NamedTuple

Ids = tuple[int, int]
MISSING = -1.0  # bits of two clients who were not compared
WEAK = 1.0  # bits on average, below which a group hangs together too loosely
LARGE = 8


class Cluster(NamedTuple):
    """Clients who may all be one, in order; ``loose``: they are many, or hang together weakly."""

    ids: tuple[int, ...]
    loose: bool


def clusters(
    bits: Mapping[Ids, float], *, must: Collection[Ids] = (), cannot: Collection[Ids] = ()
) -> list[Cluster]:
    """The groups of two or more clients; ``must`` are together whatever they score, ``cannot`` never.

    Where ``must`` binds two of ``cannot``, ``must`` holds.
    """
    return _Linkage(bits, must, cannot).grouped()


class _Linkage:
    """Groups by their least client; between two groups, the bits of their pairs and how many were compared."""

    def __init__(self, bits: Mapping[Ids, float], must: Collection[Ids], cannot: Collection[Ids]) -> None:
        ids = {one for pair in (*bits, *must) for one in pair}
        self._members = {one: [one] for one in ids}
        self._links: dict[int, dict[int, tuple[float, int]]] = defaultdict(dict)
        self._apart: dict[int, set[int]] = defaultdict(set)
        self._weak: set[int] = set()
        self._group = {one: one for one in ids}
        for (one, other), value in sorted(bits.items()):
            self._links[one][other] = self._links[other][one] = (value, 1)
        for one, other in cannot:
            self._apart[one].add(other)
            self._apart[other].add(one)
        for one, other in sorted(must):
            self._join(self._group[one], self._group[other])

    def grouped(self) -> list[Cluster]:
        heap = [
            (-self._average(one, other), one, other)
            for one, links in self._links.items()
            for other in links
            if one < other
        ]
        heapify(heap)
        while heap and heap[0][0] < 0:
            value, one, other = heappop(heap)
            if other not in self._links.get(one, ()) or other in self._apart[one]:
                continue
            if self._average(one, other) != -value:
                continue
            kept = self._join(one, other)
            if -value < WEAK:
                self._weak.add(kept)
            for near in self._links[kept]:
                heappush(heap, (-self._average(kept, near), min(kept, near), max(kept, near)))
        found = sorted(tuple(sorted(members)) for members in self._members.values() if len(members) > 1)
        return [Cluster(ids, len(ids) > LARGE or ids[0] in self._weak) for ids in found]

    def _average(self, one: int, other: int) -> float:
        total, compared = self._links[one][other]
        pairs = len(self._members[one]) * len(self._members[other])
        return (total + MISSING * (pairs - compared)) / pairs

    def _join(self, one: int, other: int) -> int:
        """Make one group of two, and give its name."""
        if one == other:
            return one
        kept, gone = min(one, other), max(one, other)
        self._members[kept] += self._members.pop(gone)
        for member in self._members[kept]:
            self._group[member] = kept
        for near, (value, compared) in self._links.pop(gone, {}).items():
            del self._links[near][gone]
            if near != kept:
                total, before = self._links[kept].get(near, (0.0, 0))
                self._links[kept][near] = self._links[near][kept] = (total + value, before + compared)
        for far in self._apart.pop(gone, set()):
            self._apart[far].discard(gone)
            self._apart[far].add(kept)
            self._apart[kept].add(far)
        self._apart[kept].discard(kept)
        if gone in self._weak:
            self._weak.discard(gone)
            self._weak.add(kept)
        return kept
