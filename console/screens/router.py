"""What screens ask of the app: the desk, who acts, and the way to other screens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import tzinfo
from typing import TYPE_CHECKING, Protocol

from console.commands import Command
from console.data.desk import Desk
from console.data.records import Actor, Impact
from console.widgets.mask import HIDDEN
from console.widgets.status_line import Kind

if TYPE_CHECKING:
    from console.screens.beginning import Beginning
    from console.screens.comparing import ComparingScreen, Looked
    from console.screens.desk_screen import DeskScreen
    from console.screens.long_work import LongWork


class Router(Protocol):
    """The app as its screens see it; ``console.app.HelpdeskApp`` is it."""

    zone: tzinfo | None
    beginning: Beginning

    @property
    def ready(self) -> bool:
        """Whether the desk is open."""
        ...

    @property
    def desk(self) -> Desk:
        """The open desk; only after ``opened``."""
        ...

    @property
    def actor(self) -> Actor:
        """Who acts; nobody, who may do nothing, until the desk is open."""
        ...

    @property
    def who(self) -> str:
        """Who acts, for the top line."""
        ...

    async def opened(self) -> bool:
        """Wait until the desk is open; False if it could not be opened."""
        ...

    def changed(self, entry_id: int | None) -> None:
        """We changed something: show it on every screen."""
        ...

    @property
    def masked(self) -> bool:
        """Whether personal data is hidden on every screen."""
        ...

    def say_on_top(self, sentence: str, kind: Kind = "info", *, hidden: str = HIDDEN) -> None:
        """Say what an action did on the screen that is open, which need not be the one it began on; ``hidden``

        while personal data is masked.
        """
        ...

    def repaint(self) -> None:
        """Write the whole screen anew: something else may have written on the terminal."""
        ...

    def go(self, command_id: str) -> None:
        """Commands that lead somewhere: the tabs, the palette, the help."""
        ...

    def open_record(self, what: str, record_id: int, title: str = "", text: str = "") -> None:
        """Open a client, an organization or an incident by id, the undo of a merge, or a text to read.

        ``what`` is 'absorbed client' for what was left with one who was merged into another.
        """
        ...

    def open_who(self, given: str) -> None:
        """Say who is meant by what was pasted; on the screen of another answer, in its place."""
        ...

    def open_form(
        self, command: Command, ids: Sequence[int], whom: str, origin: DeskScreen, first: str = ""
    ) -> None:
        """Open the form of a command on records at a field, from a screen that it goes back to."""
        ...

    def begin_merge(self, command: Command, ids: Sequence[int], origin: DeskScreen) -> None:
        """Show the merge of these records; of a single one ask first, on ``origin``, whom it is merged with."""
        ...

    def open_merge(self, ids: Sequence[int], kind: str = "client") -> None:
        """Show the merge of these records, the first of which is the survivor until another is chosen."""
        ...

    def open_look(self, origin: ComparingScreen, looked: Sequence[Looked]) -> None:
        """Show clients whole, one after the other, about whom ``origin`` decides; nothing else changes them there."""
        ...

    def open_impact(self, card: Impact, go_on: Callable[[], None]) -> None:
        """Show an impact card; ``go_on`` is called once it is confirmed."""
        ...

    def long_work(self, title: str, count: int, only: str = "") -> AbstractContextManager[None]:
        """Around an action on ``count`` records: says how far it is, and lets it be stopped, where it is long.

        ``only`` says what is done where nothing is changed yet.
        """
        ...

    def long_read(self, title: str, only: str) -> AbstractContextManager[LongWork]:
        """Around a long reading: what says how far it is, and lets it be stopped; ``only`` as above."""
        ...

    def keep_draft(self, scope: str, fields: Mapping[str, str]) -> None:
        """Keep what is typed and not saved; nothing typed forgets what was kept."""
        ...

    def leave(self) -> None:
        """Leave the console once every change under way is written."""
        ...
