"""Keys are waited for, not looked for: Textual's own thread wakes ten times a second whether anybody types or not."""

from __future__ import annotations

import os
import select
from codecs import getincrementaldecoder
from threading import Event
from time import monotonic
from typing import Any

from textual import constants
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from console.terminal.capabilities import charset

PIECE = 4096
TICK = 0.1
"""Seconds between two looks while a key may be half typed: escape, or the first byte of a sequence."""

HALF_TYPED = max(1.0, 2 * constants.ESCAPE_DELAY)
"""Seconds after the last byte in which the parser may still decide what a key was."""


class WakingEvent(Event):
    """An event that also makes a file descriptor readable, so that whoever waits for input learns of it."""

    def __init__(self) -> None:
        super().__init__()
        self.readable, self._writable = os.pipe()

    def set(self) -> None:
        """Happen."""
        super().set()
        os.write(self._writable, b"\0")

    def clear(self) -> None:
        """Be ready to happen again."""
        if self.is_set():
            os.read(self.readable, PIECE)
        super().clear()


class QuietInput(LinuxDriver):
    """Textual's driver for Unix terminals, asleep while nobody types."""

    exit_event: WakingEvent

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.exit_event = WakingEvent()

    def _sigcont_application(self, *given: Any) -> None:
        """Go on after a pause; where it was none of ours (SIGSTOP), the shell has had the terminal all the same."""
        if self._auto_restart and not self._must_signal_resume and self._key_thread is not None:
            self.suspend_application_mode()
        super()._sigcont_application(*given)

    def run_input_thread(self) -> None:
        """Hand on what is typed, until the console leaves the terminal or the terminal is gone."""
        self.hand_on(b"")

    def hand_on(self, typed: bytes) -> None:
        """The same, after what was ``typed`` before, which may end within a key, or within what is being pasted."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder(charset(os.environ))("replace").decode
        typed_at = float("-inf")
        if typed:
            typed_at = monotonic()
            parser = self.feed(parser, decode(typed))
        while not self.exit_event.is_set():
            waits = TICK if monotonic() - typed_at < HALF_TYPED else None
            ready, _, _ = select.select([self.fileno, self.exit_event.readable], [], [], waits)
            if self.fileno in ready:
                if not (typed := os.read(self.fileno, PIECE)):
                    self.gone()
                    return
                typed_at = monotonic()
                text = decode(typed)  # nothing yet of a letter whose bytes are not all there
                parser = self.feed(parser, text) if text else parser
            for event in parser.tick():
                self.process_message(event)

    def feed(self, parser: XTermParser, text: str) -> XTermParser:
        """Hand on what the text holds. The parser to go on with: a new one, where this one failed on what is no key."""
        try:
            for event in parser.feed(text):
                self.process_message(event)
        except (
            ValueError,
            OverflowError,
        ):  # a number that no character has: noise, or another protocol's key
            return XTermParser(self._debug)
        return parser

    def gone(self) -> None:
        """The terminal is: end, though the signal that says so may be ignored."""
        self._app.call_later(self._app.exit, None, 1)
