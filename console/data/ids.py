"""64-bit ids that are ordered by time and do not collide between processes or databases.

Layout, from the top bit: 0, then 41 bits of milliseconds since 2025 (to the year 2094), 12 bits of node,
10 bits of sequence. A process claims a node number at random among those free in its database (table
``node``) and its sequence starts at random each millisecond, so two databases that are merged later collide
only if node, millisecond and sequence all agree. A burst runs ahead of the clock rather than wait for it.
"""

import secrets
import time

EPOCH = 1_735_689_600_000  # 2025-01-01T00:00Z in milliseconds since 1970
NODES = 1 << 12
SEQUENCES = 1 << 10


class IdFactory:
    """Makes ids for one node number."""

    def __init__(self, node: int) -> None:
        self.node = node
        self._millisecond = 0
        self._sequence = 0

    def __call__(self) -> int:
        """A new id, greater than every one this factory made before."""
        now = time.time_ns() // 1_000_000 - EPOCH
        if now > self._millisecond:
            self._millisecond = now
            self._sequence = secrets.randbelow(SEQUENCES // 2)
        else:
            self._sequence += 1
            if self._sequence == SEQUENCES:
                self._millisecond += 1
                self._sequence = 0
        return (self._millisecond << 22) | (self.node << 10) | self._sequence


def first_of(milliseconds: int) -> int:
    """The least id that could be made at this time (milliseconds since 1970), or later, within what ids reach."""
    return min(max(milliseconds - EPOCH, 0), (1 << 41) - 1) << 22
