"""The thread that waits for keys: what it hands on, when it sleeps, how it ends."""

from __future__ import annotations

import os
import pty
import tty
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from threading import Thread
from time import sleep

import pytest
from textual import events
from textual.message import Message

from console.terminal.quiet_input import HALF_TYPED, QuietInput, WakingEvent

PATIENCE = 10.0


class Typing(QuietInput):
    """The driver's thread alone, on a terminal of its own."""

    def __init__(self, fileno: int) -> None:
        self.fileno = fileno
        self.exit_event = WakingEvent()
        self._debug = False
        self.found: Queue[Message] = Queue()
        self.has_gone = False

    def gone(self) -> None:
        self.has_gone = True

    def process_message(self, message: Message) -> None:
        self.found.put(message)

    def key(self) -> str:
        """The next key that was handed on."""
        message = self.found.get(timeout=PATIENCE)
        assert isinstance(message, events.Key), message
        return message.key


Typed = tuple[Typing, int, Thread]


@pytest.fixture
def typing() -> Iterator[Typed]:
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    driver = Typing(theirs)
    thread = Thread(target=driver.run_input_thread, daemon=True)
    thread.start()
    yield driver, ours, thread
    driver.exit_event.set()
    thread.join(PATIENCE)
    os.close(theirs)
    os.close(ours)


def woken(thread: Thread) -> int:
    status = Path(f"/proc/self/task/{thread.native_id}/status").read_text()
    return int(status.partition("\nvoluntary_ctxt_switches:")[2].split()[0])


def test_keys_are_handed_on_in_order(typing: Typed) -> None:
    driver, terminal, _ = typing
    os.write(terminal, "jż\x1b[B".encode())
    assert [driver.key() for _ in range(3)] == ["j", "ż", "down"]


def test_a_letter_that_arrives_in_two_pieces_is_one(typing: Typed) -> None:
    driver, terminal, _ = typing
    first, second = "ż".encode()[:1], "ż".encode()[1:]
    os.write(terminal, first)
    sleep(0.05)
    os.write(terminal, second)
    assert driver.key() == "ż"


@pytest.mark.parametrize("noise", ["\x1b[106;1:1u", "\x1b[99999999u"], ids=repr)
def test_noise_that_is_no_key_does_not_end_it(typing: Typed, noise: str) -> None:
    driver, terminal, _ = typing
    os.write(terminal, noise.encode())
    sleep(0.1)
    os.write(terminal, b"j")
    assert driver.key() == "j"


def test_escape_alone_is_taken_for_escape(typing: Typed) -> None:
    driver, terminal, _ = typing
    os.write(terminal, b"\x1b")
    assert driver.key() == "escape"


def test_nothing_wakes_it_while_nobody_types(typing: Typed) -> None:
    driver, terminal, thread = typing
    os.write(terminal, b"j")
    assert driver.key() == "j"
    sleep(HALF_TYPED + 0.5)
    before = woken(thread)
    sleep(0.5)
    assert woken(thread) == before


def test_it_ends_when_the_console_leaves_the_terminal_and_begins_again(typing: Typed) -> None:
    driver, terminal, thread = typing
    driver.exit_event.set()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    driver.exit_event.clear()
    again = Thread(target=driver.run_input_thread, daemon=True)
    again.start()
    os.write(terminal, b"k")
    assert driver.key() == "k"
    driver.exit_event.set()
    again.join(PATIENCE)
    assert not again.is_alive()


def test_input_that_has_ended_ends_it(tmp_path: Path) -> None:
    with (tmp_path / "nothing").open("wb+") as nothing:
        driver = Typing(nothing.fileno())
        driver.run_input_thread()
        assert driver.found.empty()
        assert driver.has_gone
