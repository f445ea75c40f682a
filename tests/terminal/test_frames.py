"""The thread that writes frames, on a pipe."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from console.terminal import frames
from console.terminal.cells import Cells
from console.terminal.frames import FrameWriter
from tests.terminal.emulator import Emulator, drawn


@contextmanager
def writing(painted: Cells | None = None) -> Iterator[tuple[FrameWriter, list[str], list[bytes]]]:
    """A writer on a pipe; what failed, and after it has stopped, what it wrote."""
    read, write = os.pipe()
    failures: list[str] = []
    written: list[bytes] = []
    writer = FrameWriter(write, "utf-8", painted, lambda: failures.append("failed"))
    writer.start()
    yield writer, failures, written
    writer.stop()
    os.close(write)
    while piece := os.read(read, 65536):
        written.append(piece)
    os.close(read)


def frame(text: str) -> Cells:
    cells = Cells(20, 4)
    cells.put(0, 1, text)
    return cells


def test_what_is_painted_already_is_not_written_again() -> None:
    with writing(frame("hello")) as (writer, _, written):
        writer.show(frame("hello"), None)
        writer.aside("\x07")
    assert b"".join(written) == b"\x07"


def test_nobody_knows_what_a_terminal_shows_that_was_not_painted() -> None:
    with writing() as (writer, _, written):
        writer.show(frame("hello"), None)
    assert b"".join(written) == b"\x1b[m\x1b[r\x1b[2J\x1b[2Hhello"


def test_the_cursor_goes_where_something_is_typed_once() -> None:
    with writing(frame("")) as (writer, _, written):
        writer.show(frame(""), (3, 2))
        writer.show(frame(""), (3, 2))
    assert b"".join(written) == b"\x1b[3;4H"


def test_no_frame_follows_the_end_of_the_screen() -> None:
    with writing(frame("")) as (writer, _, written):
        writer.show(frame("late"), None)
        writer.drop()
        writer.aside("\x1b[?1049l")
    assert b"".join(written).endswith(b"\x1b[?1049l")


def test_a_frame_that_cannot_be_written_is_told_and_the_terminal_still_given_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_: object) -> str:
        raise RuntimeError

    monkeypatch.setattr(frames, "difference", fails)
    with writing(frame("")) as (writer, failures, written):
        writer.show(frame("x"), None)
        while not failures:
            pass
        writer.show(frame("y"), None)
        writer.aside("\x1b[?1049l")
    assert failures == ["failed"]
    assert b"".join(written) == b"\x1b[?1049l"


def test_a_question_that_a_terminal_prints_the_end_of_spoils_nothing() -> None:
    shown = frame("hello")
    shown.put(0, 2, "王 here")
    with writing(shown.copy()) as (writer, _, written):
        writer.aside("\x1b[?2026$p")
        writer.aside("\x1b[?2048$p")
        writer.show(shown, None)
    terminal = Emulator(20, 4)
    terminal.feed(drawn(shown) + "\x1b[4;20H")
    before = terminal.cells()
    terminal.feed(re.sub(rb"\x1b\[\?\d+\$p", b"p", b"".join(written)))
    assert b"$p" in b"".join(written)
    assert terminal.cells() == before
