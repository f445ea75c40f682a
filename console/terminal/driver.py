"""Drawing over a slow line: a driver that knows what the terminal shows, and writes only what differs.

Textual hands every driver the escape sequences of whole regions. Here they are drawn into a model of the screen
(``cells``), and a thread of its own (``frames``) writes what lies between the terminal and the newest frame.
"""

from __future__ import annotations

import os
import re
import signal
import sys
from types import FrameType
from typing import TYPE_CHECKING, Any

from textual._xterm_parser import XTermParser
from textual.drivers._writer_thread import WriterThread
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

from console.terminal.capabilities import charset
from console.terminal.cells import Cells, canonical
from console.terminal.frames import BEGIN, END, FrameWriter
from console.terminal.quiet_input import QuietInput

if TYPE_CHECKING:
    from textual.app import App

ENTER, LEAVE = "\x1b[?1049h", "\x1b[?1049l"
_TOKENS = re.compile(
    r"\x1b\[(?P<row>\d+);(?P<column>\d+)H"
    r"|\x1b\[(?P<style>[\d;]*)m"
    r"|(?P<line>\r?\n)"
    r"|(?P<text>[^\x00-\x1f\x7f-\x9f]+)"
    r"|(?P<aside>\x1b\[[0-?]*[ -/]*[@-~]|\x1b[]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]|.)",
    re.DOTALL,
)


class DifferentialDriver(QuietInput):
    """Textual's driver for Unix terminals, which writes differences.

    ``painted`` and ``kept_input`` of the app, where it has them, are what the terminal shows and what was typed before
    the app began.
    """

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        self._frames: FrameWriter | None = None
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        if not os.isatty(2):  # its errors go to a file, which the screen must not
            self._file = sys.__stdout__
        self._painted: Cells | None = getattr(app, "painted", None)
        self.kept_input: tuple[bytes, ...] = getattr(app, "kept_input", ())
        self._wanted = self._painted.copy() if self._painted else Cells(*self._get_terminal_size())
        self._x = self._y = 0

    @property  # type: ignore[override]  # ours is started and stopped as theirs is
    def _writer_thread(self) -> FrameWriter | None:
        """Where Textual's driver starts and stops its thread, it starts and stops ours."""
        return self._frames

    @_writer_thread.setter
    def _writer_thread(self, thread: WriterThread | None) -> None:
        if thread is not None:
            assert self._file is not None, "a console without a terminal is refused before"
            # Python's own guess is UTF-8 wherever the locale named is not installed.
            encoding = charset(os.environ)
            self._frames = FrameWriter(self._file.fileno(), encoding, self._painted, self._failed)

    def start_application_mode(self) -> None:
        """Begin, or go on after a pause; and watch the size beside Textual."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        tell_textual = signal.getsignal(signal.SIGWINCH)

        def resized(number: int, frame: FrameType | None) -> None:
            if self._get_terminal_size() == (self._wanted.width, self._wanted.height):
                self.repaint()  # for a moment it was smaller, and has lost what did not fit
            if callable(tell_textual):
                tell_textual(number, frame)

        signal.signal(signal.SIGWINCH, resized)

    def _failed(self) -> None:
        """A frame could not be written: end with what happened, as Textual does when its input thread fails."""
        from rich.traceback import Traceback

        self._app.call_later(self._app.panic, Traceback())

    def write(self, data: str) -> None:
        """Draw what is part of a frame; hand on what is not."""
        assert self._frames is not None, "the driver has not been started"
        if data == BEGIN:
            self._frames.synchronized = True
        elif data == LEAVE:
            self._frames.drop()
            self._frames.aside(data)
        elif data == ENTER:
            self._enter(self._frames)
        elif data != END:
            self._draw(data, self._frames)

    def _enter(self, frames: FrameWriter) -> None:
        """Begin, or go on after a pause; not where the first page has begun already."""
        if self._painted is None:
            frames.aside(ENTER)
            frames.show(self._wanted.copy(), None)
        self._painted = None

    def repaint(self) -> None:
        """Write the whole screen anew: something else has written on the terminal."""
        if self._frames is not None:
            self._frames.forget()
            self._frames.show(self._wanted.copy(), None)

    def _draw(self, data: str, frames: FrameWriter) -> None:
        self._fit()
        drawn, style = False, ""
        for token in _TOKENS.finditer(data):
            kind = token.lastgroup
            if kind == "text":
                self._x = self._wanted.put(self._x, self._y, token[0], style)
                drawn = True
            elif kind == "style":
                style = canonical(token[0][2:-1])
            elif kind == "column":
                self._x, self._y = int(token["column"]) - 1, int(token["row"]) - 1
            elif kind == "line":
                self._x, self._y = 0, self._y + 1
            else:
                frames.aside(token[0])
        if drawn:
            at_home = (self._x, self._y) == (0, 0)
            frames.show(self._wanted.copy(), None if at_home else (self._x, self._y))

    def _fit(self) -> None:
        """Begin a new model when the terminal has another size: Textual draws all of it."""
        size = self._get_terminal_size()
        if size != (self._wanted.width, self._wanted.height):
            self._wanted = Cells(*size)

    def process_message(self, message: Message) -> None:
        """An answer of the terminal says how far it has come; Textual needs the first one only."""
        if isinstance(message, TerminalSupportsSynchronizedOutput) and self._frames is not None:
            self._frames.answered()
            if self._frames.synchronized:
                return
        super().process_message(message)

    def run_input_thread(self) -> None:
        """What was typed before the app began comes before what is typed now."""
        pieces, self.kept_input = self.kept_input, ()
        # Only the last may have begun what is still being typed; an escape at its end stood alone.
        last = pieces[-1] if pieces and not pieces[-1].endswith(b"\x1b") else b""
        for piece in pieces[:-1] if last else pieces:
            parser = XTermParser(self._debug)
            for part in (piece.decode("utf-8", "replace"), ""):
                parser = self.feed(parser, part)
        self.hand_on(last)
