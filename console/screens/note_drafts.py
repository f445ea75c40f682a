"""The text of a note while it is typed: kept at every pause, and put back when the same note is begun again."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from console.commands.forms import ABOUT, IDS
from console.data import unsaved
from console.widgets.note_prompt import NotePrompt

if TYPE_CHECKING:
    from console.screens.desk_screen import DeskScreen

PAUSE = 0.3
"""Seconds after a key until what is typed by then is kept."""

MANY = 20
"""A note about more records than this is kept under a hash of their ids."""


MOST = 5_000
"""Of a note about more records than this no draft is kept: it would name every one of them, at every pause."""


class NoteDrafts:
    """The drafts of one screen's note prompt; ``restore`` begins one."""

    def __init__(self, screen: DeskScreen) -> None:
        self._screen = screen
        self._waits_to_keep = False
        self._scope = self._about = self._field = self._text = self._ids = ""

    def restore(self, what: str, ids: Sequence[int], whom: str) -> None:
        """Begin with what was typed before about the same records, if anything was."""
        self._scope = self._text = ""
        if len(ids) > MOST:
            return
        command, _, self._field = what.partition(":")
        named = ",".join(map(str, sorted(ids)))
        about = named.replace(",", ":") if len(ids) <= MANY else sha256(named.encode()).hexdigest()
        self._scope, self._about, self._text = f"{command}:{about}", whom, ""
        self._ids = named
        scope, actor, app = self._scope, self._screen.desk_app.actor, self._screen.desk_app

        async def put_back() -> None:
            if actor.staff_id is None:
                return
            await unsaved.take_over(app.desk, actor.staff_id, scope)
            async with app.desk.read() as connection:
                found = await unsaved.load(connection, actor.staff_id, scope)
            note = self._screen.query_one("#note", NotePrompt)
            if found is not None and note.display and scope == self._scope:
                # The field is open already, so that no key falls on the screen; what was typed meanwhile comes behind.
                kept = found.fields.get(self._field, "")
                note.begin_with(f"{kept}\n{note.text}" if note.text else kept)

        self._screen.request(put_back, "note")

    def typed(self, text: str) -> None:
        """Another text is in the field."""
        self._text = text
        if not self._waits_to_keep:  # one write for all that is typed until then
            self._waits_to_keep = True
            self._screen.set_timer(PAUSE, self._waited)

    def _waited(self) -> None:
        self._waits_to_keep = False
        self._keep()

    def left(self) -> bool:
        """The note was left; True if a text was kept."""
        self._keep()
        return bool(self._scope and self._text.strip())

    def saved(self, command: str) -> None:
        """An action ran; if it was the one the note belongs to, its draft is of no more use."""
        if self._scope.partition(":")[0] == command:
            self._text = ""
            self._keep()
            self._scope = ""

    def _keep(self) -> None:
        if not self._scope:
            return
        about = {ABOUT: self._about} if self._about else {}
        typed = {self._field: self._text, IDS: self._ids, **about}
        fields = typed if self._text.strip() else {}
        self._screen.desk_app.keep_draft(self._scope, fields)
