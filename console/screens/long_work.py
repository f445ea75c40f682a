"""An action on many records, or a reading of many, while it runs: what is said of it, and how it is stopped."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from console.data.errors import Refused

TOLD_EVERY = 0.25
"""Seconds between two sentences about a reading: its pieces come faster than anybody reads."""


class LongWork:
    """``say`` is told how far it is; once asked to stop, it is refused further chunks and takes back what it did.

    ``only`` says what is done where nothing is changed yet: counting.
    """

    def __init__(self, title: str, say: Callable[[str], None], only: str = "") -> None:
        self.title = title
        self._say = say
        self._only = only
        self._stopping = False
        self._told_at = 0.0

    def stop(self) -> None:
        """Stop at the end of the chunk under way."""
        self._stopping = True
        self._say(f"{self.title}: stopping{'' if self._only else ', and taking back what was done'}…")

    def watch(self, finished: int, total: int) -> None:
        """Called after each chunk."""
        if self._stopping:
            back = "" if self._only else " and is taken back"
            raise Refused(f"{self.title} was stopped{back}. Nothing was changed.")
        self._say(f"{self._doing()}{finished:,} of {total:,}… ctrl+g stops it.")

    def read(self, found: int) -> None:
        """Called after each piece of a reading, of which nobody knows how many there will be."""
        if self._stopping:
            raise Refused(f"{self.title} was stopped. Nothing was changed.")
        if monotonic() - self._told_at >= TOLD_EVERY:
            self._told_at = monotonic()
            self._say(f"{self._doing()}{found:,}… ctrl+g stops it.")

    def _doing(self) -> str:
        return f"{self.title}: {self._only} " if self._only else f"{self.title}: "
