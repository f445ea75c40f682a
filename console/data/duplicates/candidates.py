"""Which pairs of clients are worth comparing: those who share keys that few have, at most ``EACH`` for each client.

Keys that more clients share than their kind allows (``block.LIMITS``) are passed over. Of the others a pair gets what a
key weighs by its kind and by how many share it; the heaviest pairs of each client are kept.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.duplicates.block import GREATEST, LEAST, LIMITS, Kind, kind_of, limit_of
from console.data.errors import Refused

if TYPE_CHECKING:
    from numpy import int64, uint64
    from numpy.typing import NDArray

    from console.data.desk import Desk

EACH = 12
"""Clients that each is compared with, at most, but for those who would have them among their own."""
ON_AVERAGE = 8
"""Pairs for each client, over all of them: a base where names are crowded is compared less."""
LARGE = 100_000
"""Clients from which on a base is compared less: each with ``EACH_OF_LARGE`` and ``ON_AVERAGE_OF_LARGE`` at most."""
EACH_OF_LARGE, ON_AVERAGE_OF_LARGE = 8, 5
COUNTED = 200
"""Clients of one key are counted up to this number."""

WEIGHTS = {
    Kind.EXTERNAL: 240,
    Kind.EMAIL: 240,
    Kind.PHONE: 200,
    Kind.HANDLE: 200,
    Kind.NAME: 120,
    Kind.COMPANY: 120,
    Kind.NAME_BIRTH: 120,
    Kind.LOCAL: 100,
    Kind.NAME_DOMAIN: 100,
    Kind.LETTERS: 80,
    Kind.NAME_PLACE: 80,
    Kind.STREET: 80,
    Kind.EMAIL_LESS: 14,
    Kind.COMPANY_LESS: 14,
    Kind.NAME_LESS: 12,
}
USUAL = 60
"""What a key that two clients alone share says for comparing them, where its kind has no weight of its own. Keys of a
text but a part come by the half dozen."""

RANGES = 64
_MOST = max(LIMITS.values())
_ID_BITS, _WEIGHT_BITS = 24, 16
_AHEAD = 1  # parts that are read while one is gathered; two readers of SQLite are in each other's way
_GATHERED = 1 << 22  # weighed pairs at a time
_OWNERS = 1 << 15  # clients at a time
Told = Callable[[int, int], Any]

_GROUPS = {
    "sqlite": "SELECT hash, count(*), CASE WHEN count(*) <= {most} THEN group_concat(client_id) ELSE '' END"
    " FROM duplicate_key WHERE hash BETWEEN CAST({low} AS bigint) AND CAST({high} AS bigint)"
    " GROUP BY hash HAVING count(*) > 1",
    "postgresql": "SELECT hash, count(*), CASE WHEN count(*) <= {most} THEN"
    " string_agg(CAST(client_id AS text), ',') ELSE '' END"
    " FROM duplicate_key WHERE hash BETWEEN CAST({low} AS bigint) AND CAST({high} AS bigint)"
    " GROUP BY hash HAVING count(*) > 1 ORDER BY hash",
}


def weight(kind: Kind, holders: int) -> int:
    """What a key of this kind weighs that so many clients share."""
    return max(WEIGHTS.get(kind, USUAL) * 2 // (1 + holders.bit_length()), 1)


def limits(clients: int) -> tuple[int, int]:
    """How many others each of so many clients is compared with, and how many pairs are compared in all, at most."""
    if clients < LARGE:
        return EACH, ON_AVERAGE * clients
    return EACH_OF_LARGE, ON_AVERAGE_OF_LARGE * clients


def best(holders: Mapping[int, Sequence[int]], but: int | None, limit: int, *, crowded: int = 0) -> list[int]:
    """The clients who share the heaviest keys, ``limit`` at most, the heaviest first; ``but`` is left out.

    Of keys that too many share for their kind those of up to ``crowded`` clients count, too.
    """
    weights: dict[int, int] = {}
    for key, ids in holders.items():
        others = [one for one in ids if one != but]
        number = len(others) + 1
        if 1 < number <= max(limit_of(key), crowded):
            more = weight(kind_of(key), number)
            for one in others:
                weights[one] = weights.get(one, 0) + more
    return sorted(weights, key=lambda one: (-weights[one], one))[:limit]


@dataclass(frozen=True, slots=True)
class Candidates:
    """``firsts`` and ``seconds`` are places in ``ids``, the sorted ids of all clients who are looked for; in order.

    ``keys`` (sorted) and ``counts`` say how many clients have what two or more share, up to ``COUNTED``.
    """

    ids: "NDArray[int64]"
    firsts: "NDArray[int64]"
    seconds: "NDArray[int64]"
    keys: "NDArray[int64]"
    counts: "NDArray[int64]"

    def __len__(self) -> int:
        return len(self.firsts)


async def find(desk: "Desk", ids: "NDArray[int64]", told: Told) -> Candidates:
    """Read all keys, a part at a time, and choose the pairs among the clients with these sorted ids.

    ``told`` gets the parts done and their number.
    """
    import asyncio

    if len(ids) >= 1 << _ID_BITS:
        raise Refused(
            "There are too many clients for one process. Export them: helpdesk duplicates export-scaleout --help"
        )
    gathered = _Gathered(ids)
    parts = iter(range(RANGES))
    coming = deque(asyncio.create_task(_read(desk, part)) for part in islice(parts, _AHEAD))
    try:
        for done in range(1, RANGES + 1):
            groups = await coming.popleft()
            coming.extend(asyncio.create_task(_read(desk, part)) for part in islice(parts, 1))
            await asyncio.to_thread(gathered.take, groups)
            await told(done, RANGES)
    finally:
        for task in coming:
            task.cancel()
    firsts, seconds = await asyncio.to_thread(gathered.chosen)
    keys, counts = gathered.counted()
    return Candidates(ids, firsts, seconds, keys, counts)


async def _read(desk: "Desk", part: int) -> list[Any]:
    async with desk.read() as connection:
        return await sharing(connection, part)


async def sharing(connection: AsyncConnection, part: int) -> list[Any]:
    """The keys of a part of all that two or more have, how many have them, and who where these are few."""
    width = (GREATEST + 1 - LEAST) // RANGES
    low = LEAST + part * width
    statement = _GROUPS[connection.dialect.name].format(most=_MOST, low=low, high=low + width - 1)
    return list((await connection.exec_driver_sql(statement)).all())


class _Gathered:
    """Pairs with their weights, each packed into one number: first, second, weight."""

    def __init__(self, ids: "NDArray[int64]") -> None:
        import numpy as np

        self._ids = ids
        self._packed = np.zeros(0, dtype=np.uint64)
        self._waiting: list[NDArray[uint64]] = []
        self._number = 0
        self._keys: list[NDArray[int64]] = []
        self._counts: list[NDArray[int64]] = []

    def take(self, groups: Sequence[Any]) -> None:
        """Make the pairs of some groups."""
        import numpy as np

        if not groups or not len(self._ids):
            return
        keys = np.fromiter((row[0] for row in groups), dtype=np.int64, count=len(groups))
        sizes = np.fromiter((row[1] for row in groups), dtype=np.int64, count=len(groups))
        kinds = keys & 31
        told = np.isin(kinds, [int(kind) for kind in TOLD])
        self._keys.append(keys[told])
        self._counts.append(np.minimum(sizes[told], COUNTED))
        limits = np.zeros(32, dtype=np.int64)
        for kind, most in LIMITS.items():
            limits[kind] = most
        small = sizes <= limits[kinds]
        texts = [groups[place][2] for place in np.flatnonzero(small).tolist()]
        if not texts:
            return
        members = np.fromstring(",".join(texts), dtype=np.int64, sep=",")
        places = np.searchsorted(self._ids, members)
        # Who came while the keys were read is compared after the scan.
        places[self._ids[np.minimum(places, len(self._ids) - 1)] != members] = len(self._ids)
        self._pairs(places, sizes[small], kinds[small])

    def _pairs(self, members: "NDArray[Any]", sizes: "NDArray[int64]", kinds: "NDArray[int64]") -> None:
        """The pairs of groups of clients, whose members stand one group behind the other."""
        import numpy as np

        starts = np.cumsum(sizes) - sizes
        for size in np.unique(sizes).tolist():
            same = sizes == size
            group = np.sort(members[starts[same][:, None] + np.arange(size)], axis=1).astype(np.uint64)
            weights = np.array([weight(Kind(kind), size) if kind in _KINDS else 0 for kind in range(32)])
            one, other = np.triu_indices(size, 1)
            packed = (group[:, one] << np.uint64(_ID_BITS + _WEIGHT_BITS)) | (
                group[:, other] << np.uint64(_WEIGHT_BITS)
            )
            packed |= weights[kinds[same]].astype(np.uint64)[:, None]
            packed = packed[group[:, other] < len(self._ids)]
            self._waiting.append(packed)
            self._number += packed.size
        if self._number > _GATHERED:
            self._merge()

    def _merge(self) -> None:
        """Add the weights of the same pairs."""
        import numpy as np

        packed = np.sort(np.concatenate([self._packed, *self._waiting]))
        self._waiting, self._number = [], 0
        if not len(packed):
            return
        pairs = packed >> np.uint64(_WEIGHT_BITS)
        begins = np.flatnonzero(np.concatenate([[True], pairs[1:] != pairs[:-1]]))
        mask = np.uint64((1 << _WEIGHT_BITS) - 1)
        weights = np.minimum(np.add.reduceat(packed & mask, begins), mask)
        self._packed = (pairs[begins] << np.uint64(_WEIGHT_BITS)) | weights

    def chosen(self) -> tuple["NDArray[int64]", "NDArray[int64]"]:
        """The pairs that are among the heaviest of one of their two, in order."""
        import numpy as np

        self._merge()
        wide, light, mask = np.uint64(_ID_BITS), np.uint64(_WEIGHT_BITS), np.uint64((1 << _ID_BITS) - 1)
        lightness = ~self._packed & np.uint64((1 << _WEIGHT_BITS) - 1)
        others = (self._packed >> light) & mask
        owners = self._packed >> (wide + light)
        self._packed = (owners << (wide + light)) | (lightness << wide) | others
        turned = (others << (wide + light)) | (lightness << wide) | owners
        del owners, others, lightness
        turned.sort()
        each, most = limits(len(self._ids))
        pairs, ranks = _heaviest(self._packed, turned, len(self._ids), each)
        self._packed = np.zeros(0, dtype=np.uint64)
        kept = _within(pairs, ranks, each, most)
        return (kept >> wide).astype(np.int64), (kept & mask).astype(np.int64)

    def counted(self) -> tuple["NDArray[int64]", "NDArray[int64]"]:
        """The keys that bear on scores, in order, and how many have each."""
        import numpy as np

        if not self._keys:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        return np.concatenate(self._keys), np.concatenate(self._counts)


def _heaviest(
    one_way: "NDArray[uint64]", turned: "NDArray[uint64]", owners: int, each: int
) -> tuple["NDArray[uint64]", "NDArray[int64]"]:
    """The pairs of each owner with the ``each`` others of least lightness, and the rank of each among them.

    Both arrays, sorted by owners, hold owner, lightness and other in one number: each pair from one side and from the
    other. Some owners at a time, for this takes several times the room of what it looks at.
    """
    import numpy as np

    bits, high = np.uint64(_ID_BITS), np.uint64(_ID_BITS + _WEIGHT_BITS)
    mask = np.uint64((1 << _ID_BITS) - 1)
    pairs, ranks = [np.zeros(0, dtype=np.uint64)], [np.zeros(0, dtype=np.int64)]
    for start in range(0, owners, _OWNERS):
        low, end = np.uint64(start) << high, np.uint64(min(start + _OWNERS, owners)) << high
        order = np.concatenate(
            [side[slice(*np.searchsorted(side, [low, end]))] for side in (one_way, turned)]
        )
        order.sort()
        owner, other = order >> high, order & mask
        begins = np.flatnonzero(np.diff(owner, prepend=owner[:1] + np.uint64(1)))
        rank = np.arange(len(owner)) - np.repeat(begins, np.diff(np.append(begins, len(owner))))
        kept = rank < each
        owner, other = owner[kept], other[kept]
        pairs.append((np.minimum(owner, other) << bits) | np.maximum(owner, other))
        ranks.append(rank[kept])
    return np.concatenate(pairs), np.concatenate(ranks)


def _within(pairs: "NDArray[uint64]", ranks: "NDArray[int64]", each: int, most: int) -> "NDArray[uint64]":
    """Each pair once, in order; where these are too many, only those of the best ranks."""
    import numpy as np

    found, places = np.unique(pairs, return_inverse=True)
    best = np.full(len(found), each)
    np.minimum.at(best, places, ranks)
    of_rank = np.cumsum(np.bincount(best, minlength=each)[:each])
    allowed = max(int(np.count_nonzero(of_rank <= most)), 1)
    return found[best < allowed]


TOLD = (Kind.EMAIL, Kind.PHONE, Kind.HANDLE, Kind.NAME, Kind.COMPANY)
"""The kinds whose counts bear on scores (see ``block.shared``)."""
_KINDS = frozenset(int(kind) for kind in Kind)
