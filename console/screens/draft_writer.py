"""Writes what is typed and not saved yet, one draft after another, the newest text of what waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any, cast

from textual.app import App

from console.commands import by_id
from console.commands.forms import ABOUT
from console.data import unsaved
from console.data.errors import DeskError
from console.screens.router import Router
from console.wording import NO_NAME


class DraftWriter:
    """The drafts of whoever works in this console."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._waiting: dict[str, dict[str, str]] = {}

    @property
    def _router(self) -> Router:
        return cast(Router, self._app)

    def keep(self, scope: str, fields: Mapping[str, str]) -> None:
        """Keep a draft; without fields, forget it. Leaving the console waits for it, as for a change."""
        idle = not self._waiting
        self._waiting[scope] = dict(fields)
        if idle:
            self._app.run_worker(self._drain(), group="changes", exit_on_error=False)

    async def _drain(self) -> None:
        while self._waiting:
            scope, fields = next(iter(self._waiting.items()))
            try:
                await self._write(scope, fields)
            except DeskError as error:
                self._router.say_on_top(f"What you type is not kept as a draft. {error}", "error")
            if self._waiting.get(scope) == fields:
                del self._waiting[scope]

    async def _write(self, scope: str, fields: Mapping[str, str]) -> None:
        staff_id = self._router.actor.staff_id
        if staff_id is None:
            return
        if fields:
            await unsaved.keep(self._router.desk, staff_id, scope, fields)
        else:
            await unsaved.drop(self._router.desk, staff_id, scope)

    async def reminder(self, zone: tzinfo | None) -> str:
        """What was typed and not saved before the line dropped, as a sentence for the start; '' for nothing."""
        staff_id = self._router.actor.staff_id
        if staff_id is None:
            return ""
        desk = self._router.desk
        async with desk.read() as connection:
            drafts = await unsaved.of_staff(connection, staff_id)
            gone = await unsaved.merged_away(connection, drafts)
        stale = [one for one in drafts if one.scope in gone and _edits(one)]
        for one in stale:
            await unsaved.drop(desk, staff_id, one.scope)
        kept = reminder([one for one in drafts if one not in stale], zone)
        return " ".join(said for said in (dropped(stale), kept) if said)


def _edits(one: unsaved.Unsaved) -> bool:
    """Whether it changes a record, and so is of no use to another; a note or an incident is about whoever there is."""
    try:
        form = by_id(one.scope.partition(":")[0]).form
    except KeyError:
        return False
    return form is not None and form.edits


def dropped(drafts: Sequence[unsaved.Unsaved]) -> str:
    """What was forgotten because its client was merged into another, as a sentence; '' for nothing."""
    names = [one.fields.get(ABOUT, "") or NO_NAME for one in drafts]
    if not names:
        return ""
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"Your edit of {names[0]}{more} is dropped: they were merged into another client."


def reminder(drafts: Sequence[unsaved.Unsaved], zone: tzinfo | None) -> str:
    """What was not saved, newest first, as a sentence for the start; '' for nothing."""
    named = []
    for one in drafts:
        try:
            title = by_id(one.scope.partition(":")[0]).title
        except KeyError:
            continue  # of another version
        about = one.fields.get(ABOUT, "")
        named.append(f"{title}{f' of {about}' if about else ''}, {one.saved_at.astimezone(zone):%a %H:%M}")
    if not named:
        return ""
    more = f" and {len(named) - 1} more" if len(named) > 1 else ""
    return f"Not saved yet: {named[0]}{more}. It comes back when you begin it again."
