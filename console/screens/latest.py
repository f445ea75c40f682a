"""Loads that overtake each other: the newest request wins, those overtaken are never begun.

A read that is under way is let finish rather than cancelled: a cancelled query would cost its connection.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from textual.app import App

Load = Callable[[], Awaitable[None]]


class Latest:
    """A queue drained by one worker of the app, with at most one load of a kind waiting.

    A load of the ``WHOLE`` replaces the ``PARTS`` that wait: it shows all anew, and what is still missing then is
    asked for again. Whatever else waits was asked for by the user, and is not asked for twice.
    """

    WHOLE = "whole"
    PARTS = ("before", "after")

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._waiting: dict[str, Load] = {}
        self._busy = False

    def request(self, load: Load, kind: str = WHOLE) -> None:
        """Run ``load`` now, or after the one under way, instead of what waited of its kind."""
        if kind == self.WHOLE:
            for part in self.PARTS:
                self._waiting.pop(part, None)
        self._waiting[kind] = load
        if not self._busy:
            self._busy = True
            self._app.run_worker(self._drain(), group="loads", exit_on_error=False)

    async def _drain(self) -> None:
        try:
            while self._waiting:
                await self._waiting.pop(next(iter(self._waiting)))()
        finally:
            self._busy = False
