"""Clients who may be one, looked at whole: nothing is changed by a letter here but what is decided of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from console.data.records.duplicates import Suggestion
from console.screens import keys
from console.screens.client import ClientScreen
from console.screens.comparing import ComparingScreen, Looked
from console.screens.deciding import DecidingScreen
from console.screens.panels import Opens
from console.widgets.top_line import TopLine

_READ = frozenset({"incident", "read"})


class LookScreen(DecidingScreen, ClientScreen, inherit_bindings=False):
    """The first of those looked at from ``origin``, where all of them are decided about; o goes to the next one."""

    PLACE: ClassVar[str] = "look"
    TRAIL = "Duplicates"
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("look")

    def __init__(self, origin: ComparingScreen, looked: Sequence[Looked]) -> None:
        super().__init__(looked[0].id, looked[0].name)
        self._origin, self._looked, self._at = origin, tuple(looked), 0

    def on_mount(self) -> None:
        """Say what the keys are for."""
        other = "o is the other one, " if len(self._looked) > 1 else ""
        self.tell(f"Only to be looked at: {other}c opens them as ever, q goes back.")

    def _show_trail(self) -> None:
        which = f"{self._at + 1} of {len(self._looked)}"
        parts = (self.TRAIL, which) if len(self._looked) > 1 else (self.TRAIL,)
        self.query_one("#top", TopLine).show_trail((*parts, self.name_shown or "…"), public=parts)

    async def _read_suggested(self) -> list[Suggestion]:
        """Nobody: who may be the same is what one came from."""
        return []

    def open_row(self, found: Opens) -> None:
        """See ``RecordScreen``: what can be read is opened, nothing is switched or edited."""
        if found.what in _READ:
            super().open_row(found)
        else:
            self.tell("Here they are only looked at. c opens them to be worked on.", "refusal")

    def do_look_other(self) -> None:
        """The next of those looked at, in the same tab."""
        self._at = (self._at + 1) % len(self._looked)
        self.record_id, self.name_shown = self._looked[self._at]
        self._opens, self._anchors, self._facts = {}, {}, ()
        self.listing.set_window(())
        self.listing.show_loading()
        self._show_trail()
        self.tell("")
        self.request(self.load)

    def do_look_open(self) -> None:
        """The client as ever, with all that can be done to them."""
        self.desk_app.open_record("client", self.record_id, self.name_shown)


class CandidateScreen(LookScreen, inherit_bindings=False):
    """One who may be the sender of an incident."""

    PLACE: ClassVar[str] = "candidate"
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("candidate")
