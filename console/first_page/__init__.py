"""The first page, painted and answering keys while the console is still being imported. The standard library only.

It shows the list of clients, as the app will; of a database on a server, the lines around the list. It refuses
nothing: whatever is unusual is left to the console, which has a sentence for it.
"""

from __future__ import annotations

import os
import select
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self, TypeVar

from console.first_page.painting import AROUND, Painter, list_row, styles
from console.first_page.reading import Found, Waits, read
from console.first_page.terminal import INPUT, OUTPUT, Terminal
from console.first_page.typed import Typed
from console.first_page.wanted import Wanted, wanted
from console.layout.window import Window
from console.terminal.capabilities import charset, refuse_terminal, too_small
from console.terminal.cells import Cells

T = TypeVar("T")

# They change what Textual does, or which size it finds, and are of no use to staff.
_UNUSUAL = ("COLUMNS", "LINES", "TEXTUAL")


class FirstPage:
    """The page on the terminal. Make it with ``open``; leaving its context gives the terminal back.

    ``rows`` are the clients on it as they were read, ``window`` the same as rows of a list with the cursor, None where
    the rows are still to come; ``who`` works here, and ``waits`` for them. ``kept_input`` is what was typed and is
    still to be dealt with.
    """

    def __init__(self, want: Wanted, terminal: Terminal, size: tuple[int, int]) -> None:
        self.want = want
        self.terminal = terminal
        found = _read(want)
        self.rows = found.rows if found else ()
        self.who = f"{found.name}, {found.role}" if found else ""
        self.waits = found.waits if found else Waits()
        self.window = Window(size[1] - AROUND) if found else None
        if found and self.window:
            rows = map(list_row, found.rows)
            self.window.replace(rows, has_before=False, has_after=found.more, cursor_id=None)
        self.kept_input: tuple[bytes, ...] = ()
        self._size = size
        self._painter = Painter(*size, styles(want.theme, colour=want.colour))
        self._typed = Typed(self.window)
        self._cells = Cells(0, 0)

    @classmethod
    def open(cls, options: Mapping[str, str | bool], environ: Mapping[str, str]) -> Self | None:
        """The page, painted; None where the console must begin without it. ``options`` are those of the command."""
        if not _is_usual(environ) or (want := wanted(options, environ)) is None:
            return None
        if not want.is_remote and want.file is None:
            return None
        terminal = Terminal()
        if too_small(*(size := terminal.size())):
            return None
        page = cls(want, terminal, size)
        if page.window is None and not want.is_remote:
            return None
        page._begin()
        return page

    def _begin(self) -> None:
        try:
            self.terminal.take()
            self._paint()
        except BaseException:
            self.terminal.restore()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.terminal.restore()

    @property
    def painted(self) -> Cells | None:
        """What the terminal shows; None if it has had another size meanwhile, and may have lost what did not fit."""
        is_as_it_was = not self.terminal.resized and self.terminal.size() == self._size
        return self._cells if is_as_it_was else None

    def answer_while(self, work: Callable[[], T]) -> T | None:
        """Answer keys while ``work`` runs in a thread; its result, or None, at once, if the user leaves."""
        if (typed := self.terminal.typed_before()) and not self._answer(typed):
            return None
        import threading

        results: list[T] = []
        failures: list[BaseException] = []
        done, doing = os.pipe()

        def run() -> None:
            try:
                results.append(work())
            except BaseException as failure:
                failures.append(failure)
            finally:
                os.close(doing)

        thread = threading.Thread(target=run, name="imports")
        thread.start()
        if not self._answer_until(done):
            return None
        thread.join()
        os.close(done)
        if failures:
            raise failures[0]
        self.kept_input = self._typed.finish()
        return results[0]

    def _answer_until(self, done: int) -> bool:
        """Answer keys until ``done`` can be read and no key has only begun; False if the user leaves."""
        waiting, seconds = [INPUT, done], None
        while ready := select.select(waiting, [], [], seconds)[0]:
            if INPUT in ready:
                if not (typed := self.terminal.read()):
                    waiting = [done]  # the terminal is gone, which the console will notice, too
                elif not self._answer(typed):
                    return False
            if done in ready:
                waiting = [INPUT]
            if done not in waiting:
                seconds = self._typed.seconds_left
                if not seconds:
                    break
        return True

    def _answer(self, typed: bytes) -> bool:
        if self.painted is None:
            self._typed.stop()
        if not self._typed.take(typed):
            self.terminal.restore()
            return False
        self._paint_changes()
        return True

    def _paint(self) -> None:
        lines = self._painter.lines(self.window, self.who, self.waits)
        self._cells = self._painter.cells(lines)
        written = self._painter.written(lines)
        if rest := self._painter.delicate(lines):
            from console.terminal.difference import difference

            written += difference(rest, self._cells)
        self.terminal.write(written)

    def _paint_changes(self) -> None:
        from console.terminal.difference import difference

        wanted_ = self._painter.cells(self._painter.lines(self.window, self.who, self.waits))
        if self.painted is not None and (written := difference(self._cells, wanted_)):
            self.terminal.write(written)


def _is_usual(environ: Mapping[str, str]) -> bool:
    """Whether the console will surely open on this terminal, in this process."""
    is_terminal = all(os.isatty(number) for number in (INPUT, 1, OUTPUT))
    if refuse_terminal(environ, is_terminal=is_terminal) is not None or charset(environ) != "utf-8":
        return False
    if any(name.startswith(_UNUSUAL) for name in environ):
        return False
    try:
        return os.tcgetpgrp(INPUT) == os.getpgrp()
    except OSError:  # a terminal, but not the one this process belongs to
        return False


def _read(want: Wanted) -> Found | None:
    return read(want.file) if want.file is not None else None
