"""What is decided of those looked at is done where one came from, which knows them and what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.commands import Command
from console.screens.desk_screen import DeskScreen

if TYPE_CHECKING:
    from console.screens.comparing import ComparingScreen, Looked


class DecidingScreen(DeskScreen):
    """A subclass sets ``_origin`` to the screen one came from, and ``_looked`` to those who are looked at."""

    _origin: ComparingScreen
    _looked: tuple[Looked, ...]

    def begin(self, command: Command, first: str = "") -> None:
        """See ``DeskScreen``; what is decided of those looked at is the other screen's."""
        if command.id.startswith("duplicate."):
            self._hand_down(command.id)
        else:
            super().begin(command, first)

    def do_same_person(self) -> None:
        """They are one."""
        self._hand_down("same_person")

    def do_same_sender(self) -> None:
        """The sender is this client."""
        self._hand_down("same_sender")

    def do_register_sender(self) -> None:
        """The sender is none of them."""
        self._hand_down("register_sender")

    def do_skip_pair(self) -> None:
        """Undecided: the next ones."""
        self._hand_down("skip_pair")

    def do_open_both(self) -> None:
        """Look at them whole."""
        self._hand_down("open_both")

    def _hand_down(self, command_id: str) -> None:
        """Go back, and do it there, unless others are under the cursor there by now."""
        self.app.pop_screen()
        if reason := self._origin.not_meant(self._looked):
            self._origin.tell(reason, "refusal")
        else:
            self._origin.action_command(command_id)
