"""Loads that overtake each other: the newest request wins, those overtaken are never begun.

A read that is under way is let finish rather than cancelled: a cancelled query would cost its connection.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from textual.app import App

Load = Callable[[], Awaitable[None]]


class Latest:
    """One queue of length one, drained by a worker of the app."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._waiting: Load | None = None
        self._busy = False

    def request(self, load: Load) -> None:
        """Run ``load`` now, or after the one under way, instead of whatever waited."""
        self._waiting = load
        if not self._busy:
            self._busy = True
            self._app.run_worker(self._drain(), group="loads", exit_on_error=False)

    async def _drain(self) -> None:
        try:
            while (load := self._waiting) is not None:
                self._waiting = None
                await load()
        finally:
            self._busy = False
