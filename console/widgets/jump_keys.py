"""Letters that lead to a row: after ``start_jump`` keys are letters, until one that is none ends it."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.message import Message

from console.widgets.line_focus import LineFocus

_ENDS = {"enter", "escape", "ctrl+g"}


class JumpKeys(LineFocus):
    """A list that can take letters. Whatever else is pressed ends it, and does what it always does.

    So letters never act while they are typed, however slowly: nothing ends by itself after a while.
    """

    @dataclass
    class Jumping(Message):
        """Other letters were typed, none yet at the beginning; None: it is over. A burst arrives as its last."""

        record_list: JumpKeys
        text: str | None

        @property
        def control(self) -> JumpKeys:
            """The list the message comes from."""
            return self.record_list

        def can_replace(self, message: Message) -> bool:
            """Only the last text matters."""
            return isinstance(message, JumpKeys.Jumping) and message.record_list is self.record_list

    _letters: str | None = None

    @property
    def is_jumping(self) -> bool:
        """Whether keys are letters now."""
        return self._letters is not None

    def start_jump(self) -> None:
        """Take keys for letters from now on."""
        self._typed("")

    def on_key(self, event: events.Key) -> None:
        """A letter, while letters are typed."""
        if self._letters is None:
            return
        letter = event.character if event.is_printable else None
        if letter and (self._letters or letter not in " '"):
            self._typed(self._letters + letter)
        elif event.key == "backspace":
            self._typed(self._letters[:-1])
        else:
            self._typed(None)
            if event.key not in _ENDS and not letter:
                return
        event.stop()
        event.prevent_default()

    def on_blur(self, event: events.Blur) -> None:
        """Whatever has the keys now takes no letters for this."""
        if self.is_jumping:
            self._typed(None)
        super().on_blur(event)

    def _typed(self, letters: str | None) -> None:
        self._letters = letters
        self.post_message(self.Jumping(self, letters))
