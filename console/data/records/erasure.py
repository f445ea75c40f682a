"""What an erasure leaves behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Certificate:
    """That a client was erased: who did it ('' for the desk itself), when, and how many rows of each kind.

    ``erased_id`` is the id they had, ``erased_hash`` (hexadecimal) says who they were to whoever has ``key``, which
    is given out once, by the purge that began it. ``finished`` is False while rows of theirs are left.
    """

    id: int
    erased_id: int
    erased_hash: str
    staff: str
    counts: Mapping[str, int]
    requested_on: date | None
    created_at: datetime
    finished: bool
    key: str = ""

    @property
    def total(self) -> int:
        """How many rows in all."""
        return sum(self.counts.values())
