"""Long work in chunks: many entries under one batch id, which are undone as a whole."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy import select

from console.data.change import Change
from console.data.desk import Desk
from console.data.errors import DeskError, Refused
from console.data.models.journal import journal_entry
from console.data.records import Actor
from console.data.undo import undo


class Batch:
    """Open a ``chunk`` for each part of the work; ``id`` is what the journal calls them all by."""

    def __init__(self, desk: Desk, actor: Actor, action: str, reason: str, batch_id: int) -> None:
        self.id = batch_id
        self.last_entry: int | None = None
        self._desk = desk
        self._actor = actor
        self._action = action
        self._reason = reason

    @asynccontextmanager
    async def chunk(
        self, *, about: tuple[str, int] | None = None, client_id: int | None = None, detail: str = ""
    ) -> AsyncIterator[Change]:
        """One change of the batch, committed at its end. Refused once the batch has been undone meanwhile."""
        opened = self._desk.change(
            self._actor,
            self._action,
            about=about,
            client_id=client_id,
            reason=self._reason,
            detail=detail,
            batch_id=self.id,
        )
        async with opened as change:
            entry = journal_entry.c
            undone = select(entry.id).where(entry.batch_id == self.id, entry.undone_by.is_not(None)).limit(1)
            if (await change.connection.execute(undone)).first() is not None:
                raise Refused("This was undone while it was still running, so it was stopped.")
            yield change
        if change.written:
            self.last_entry = change.entry_id


@asynccontextmanager
async def batch(desk: Desk, actor: Actor, action: str, *, reason: str = "") -> AsyncIterator[Batch]:
    """Work in chunks; an error or a cancellation inside takes the finished chunks back and is raised again.

    What could not be taken back, because someone changed it meanwhile, is said in a note on the exception.
    """
    if not actor.may_change:
        raise Refused("Viewers change nothing. Ask an agent or an admin to do this.")
    running = Batch(desk, actor, action, reason, await desk.new_id())
    try:
        yield running
    except BaseException as error:
        if running.last_entry is not None:
            await _to_the_end(asyncio.ensure_future(_take_back(desk, actor, running.last_entry, error)))
        raise


async def _take_back(desk: Desk, actor: Actor, entry_id: int, error: BaseException) -> None:
    try:
        await undo(desk, actor, entry_id, reason="stopped before its end")
    except DeskError as kept:
        error.add_note(f"What was finished before stays: {kept}")


async def _to_the_end(task: "asyncio.Future[None]") -> None:
    """Wait for the task, even where the waiting is cancelled again."""
    while not task.done():
        with suppress(asyncio.CancelledError):
            await asyncio.shield(task)
    task.result()
