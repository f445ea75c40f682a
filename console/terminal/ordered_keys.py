"""Keys are taken one after another, however fast they come.

Textual hands a key to the widget in focus and goes on to the next at once. Over a slow line several keys arrive in
one packet: the slash that opens the filter, and the letters meant for it, which would then be taken for actions on
the list. Here a key waits until the one before it has been dealt with, the change of focus it caused included.
"""

from __future__ import annotations

from collections import deque
from time import monotonic
from typing import TypeVar

from textual import events
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump
from textual.widget import Widget

Result = TypeVar("Result")
PATIENCE = 2.0
"""Seconds after which a key no longer waits: what dealt with the one before is gone."""


LOADING_PATIENCE = 5.0
"""Seconds that a key waits, after the one before, for the rows it is meant for."""

LOOK_AGAIN = 0.02
"""Seconds between two looks whether a key that waits may go."""

ROUNDS = 3
"""How often a messenger is sent after a key: behind the key, behind the message it made a widget post, and behind
what that one led to (enter in the filter: submitted, left, focus)."""


class KeyDone(Message):
    """Follows a key on its way through the widgets, and arrives when it has been dealt with."""

    bubble = True
    no_dispatch = False

    def __init__(self, number: int, target: MessagePump, rounds: int) -> None:
        super().__init__()
        self.number, self.target, self.rounds = number, target, rounds


class OrderedKeys(App[Result], inherit_bindings=False):
    """An app whose keys wait for each other."""

    def __init__(self, *, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self._keys: deque[events.Key | events.Paste] = deque()
        self._key_number = 0
        self._busy_since: float | None = None
        self._target: MessagePump | None = None
        self._taken_at = monotonic()
        self._looking = False

    async def on_event(self, event: events.Event) -> None:
        """Hold a key, or what is pasted, back while another is on its way."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self._keys.append(event)
            await self._take_key()
        else:
            await super().on_event(event)

    async def _take_key(self) -> None:
        # A key may outlive the console: then no screen is left to take it.
        if not self._keys or not self.screen_stack:
            return
        if self._waits():
            self._look_again()
            return
        self._key_number += 1
        self._busy_since = monotonic()
        event = self._keys.popleft()
        self._target = target = self.focused or self.screen
        await super().on_event(event)
        self._taken_at = monotonic()
        self._send_after(self._key_number, target, ROUNDS)
        if self._keys:
            self._look_again()

    def _look_again(self) -> None:
        if not self._looking:
            self._looking = True
            self.set_timer(LOOK_AGAIN, self._look)

    async def _look(self) -> None:
        self._looking = False
        await self._take_key()

    def _waits(self) -> bool:
        """Whether the key before is still being dealt with; a form that it closed deals with nothing more."""
        now = monotonic()
        if self._busy_since is not None and now - self._busy_since < PATIENCE and self._target_is_there():
            return True
        first = self._keys[0]
        key = first.key if isinstance(first, events.Key) else ""
        return self.begins(key) or (now - self._taken_at < LOADING_PATIENCE and self.loads_for(key))

    def _target_is_there(self) -> bool:
        target = self._target
        return not isinstance(target, Widget) or (target.is_attached and target.screen in self.screen_stack)

    def begins(self, key: str) -> bool:
        """Whether the app does not yet know what it would need to know to take the key: it waits, however long."""
        return False

    def loads_for(self, key: str) -> bool:
        """Whether what the key would act on is still being loaded: it waits then, a little. "" is a paste."""
        return False

    def _send_after(self, number: int, target: MessagePump, rounds: int) -> None:
        if not rounds or not target.post_message(KeyDone(number, target, rounds - 1)):
            self._next_key(number)

    def on_key_done(self, message: KeyDone) -> None:
        """The key has been dealt with; what it has asked for (another focus) comes before the next one."""
        message.stop()
        self.call_later(self._send_after, message.number, message.target, message.rounds)

    def _next_key(self, number: int) -> None:
        if number == self._key_number:
            self._busy_since = None
            self.call_later(self._take_key)
