"""An action on many records while it runs: what is said of it, and how it is stopped."""

from __future__ import annotations

from collections.abc import Callable

from console.data.errors import Refused


class LongWork:
    """``say`` is told how far it is; once asked to stop, it is refused further chunks and takes back what it did."""

    def __init__(self, title: str, say: Callable[[str], None]) -> None:
        self.title = title
        self._say = say
        self._stopping = False

    def stop(self) -> None:
        """Stop at the end of the chunk under way."""
        self._stopping = True
        self._say(f"{self.title}: stopping, and taking back what was done…")

    def watch(self, finished: int, total: int) -> None:
        """Called after each chunk."""
        if self._stopping:
            raise Refused(f"{self.title} was stopped and is taken back. Nothing was changed.")
        self._say(f"{self.title}: {finished:,} of {total:,}… ctrl+g stops it.")
