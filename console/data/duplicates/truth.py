"""What was found, judged by what is known to be right."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from console.data.duplicates.batches import AllBits
from console.data.duplicates.both import Ids

if TYPE_CHECKING:
    from numpy import bool_, float64
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Rates:
    """How many of those found are right, how many of the right ones are found, and both in one number."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Best(Rates):
    """The same at the threshold, in bits, where f1 is highest."""

    threshold: float


class Found:
    """All pairs that were compared, with their bits, gathered as they come."""

    def __init__(self) -> None:
        self._some: list[AllBits] = []

    def add(self, some: AllBits) -> None:
        """Add some pairs."""
        import numpy as np

        firsts, seconds = (one.astype(np.int32) for one in (some.firsts, some.seconds))
        self._some.append(AllBits(firsts, seconds, some.bits))

    def clear(self) -> None:
        """Forget all pairs."""
        self._some.clear()

    def all(self) -> AllBits:
        """All pairs."""
        import numpy as np

        parts = self._some
        return AllBits(
            np.concatenate([one.firsts for one in parts]) if parts else np.zeros(0, dtype=np.int32),
            np.concatenate([one.seconds for one in parts]) if parts else np.zeros(0, dtype=np.int32),
            np.concatenate([one.bits for one in parts]) if parts else np.zeros(0),
        )


class Truth:
    """Which pairs are of one entity; those that ``but`` names count neither as such nor otherwise.

    ``entities``: of each record, whose numbers begin at 1, the name of its entity, '' for one of its own.
    """

    def __init__(self, entities: Sequence[str], but: Collection[Ids]) -> None:
        import numpy as np

        numbers: dict[str, int] = {}
        self._of = np.fromiter(
            (
                numbers.setdefault(one, len(numbers)) if one else -place
                for place, one in enumerate(entities, 1)
            ),
            dtype=np.int64,
            count=len(entities),
        )
        self._but = np.array(sorted(_packed(*pair) for pair in but), dtype=np.uint64)
        sizes = Counter(one for one in entities if one)
        pairs = sum(size * (size - 1) // 2 for size in sizes.values())
        self.number = pairs - sum(map(self.same, but))

    def same(self, pair: Ids) -> bool:
        """Whether two records are of one entity."""
        return bool(self._of[pair[0] - 1] == self._of[pair[1] - 1])

    def judged(self, found: AllBits) -> tuple["NDArray[float64]", "NDArray[bool_]"]:
        """The bits of pairs, the highest first, and which of them are right, without those that do not count."""
        import numpy as np

        firsts, seconds, bits = found.firsts, found.seconds, found.bits
        if len(self._but):
            packed = (firsts.astype(np.uint64) << np.uint64(32)) | seconds.astype(np.uint64)
            counts = ~np.isin(packed, self._but)
            firsts, seconds, bits = firsts[counts], seconds[counts], bits[counts]
        order = np.argsort(-bits, kind="stable")
        right = self._of[firsts.astype(np.int64) - 1] == self._of[seconds.astype(np.int64) - 1]
        return bits[order], right[order]

    def rates_of(self, pairs: Iterable[Ids]) -> Rates:
        """What these pairs are worth."""
        said = list(pairs)
        return self.rates(sum(map(self.same, said)), len(said))

    def rates(self, right: int, said: int) -> Rates:
        """What so many pairs are worth of which so many are right."""
        f1 = 2 * right / (said + self.number) if said + self.number else 0.0
        return Rates(share(right, said), share(right, self.number), round(f1, 4))

    def best(self, bits: "NDArray[float64]", right: "NDArray[bool_]") -> Best:
        """The threshold that serves best: the highest of those that serve alike."""
        import numpy as np

        if not right.any():
            return Best(0.0, 0.0, 0.0, 0.0)
        ends = np.flatnonzero(np.append(bits[1:] != bits[:-1], True))
        found = np.cumsum(right)[ends]
        at = int(np.argmax(2 * found / (ends + 1 + self.number)))
        rates = self.rates(int(found[at]), int(ends[at]) + 1)
        return Best(rates.precision, rates.recall, rates.f1, round(float(bits[ends[at]]), 3))


def _packed(first: int, second: int) -> int:
    return first << 32 | second


def share(part: int, whole: int) -> float:
    """A part of a whole, 0 of nothing."""
    return round(part / whole, 4) if whole else 0.0
