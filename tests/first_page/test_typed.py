"""What is typed while the console is imported."""

import random
from itertools import pairwise

import pytest

from console.first_page import typed as typing_
from console.first_page.typed import Typed
from console.layout.records import ListRow
from console.layout.window import Window

DOWN, UP, PAGE_DOWN, HOME = b"\x1b[B", b"\x1b[A", b"\x1b[6~", b"\x1b[H"


def window(rows: int = 50, *, more: bool = False) -> Window:
    made = Window(10)
    made.replace([ListRow(n, ()) for n in range(rows)], has_before=False, has_after=more, cursor_id=None)
    return made


@pytest.mark.parametrize(
    ("keys", "cursor"),
    [
        (b"jjk", 1),
        (DOWN + b"\x1bOB" + UP, 1),
        (PAGE_DOWN + PAGE_DOWN + b"\x1b[5~", 10),
        (DOWN * 60, 49),
        (DOWN * 30 + HOME, 0),
        (DOWN * 3 + b"g", 0),
    ],
)
def test_moves_within_the_rows_are_made(keys: bytes, cursor: int) -> None:
    list_ = window()
    typed = Typed(list_)
    assert typed.take(keys)
    assert list_.cursor == cursor
    assert typed.finish() == ()


@pytest.mark.parametrize("key", [b"/", b"\r", b" ", b"G", b"\x1b[F", b"\x1bj", b"\xc5\xbc", b"\x03", b"\x00"])
def test_a_key_that_needs_the_console_is_kept_with_all_that_follows(key: bytes) -> None:
    list_ = window()
    typed = Typed(list_)
    assert typed.take(b"jj" + key + b"jq")
    assert typed.take(b"qq")
    assert list_.cursor == 2
    assert typed.finish() == (key + b"jqqq",)


def test_a_move_beyond_the_rows_that_are_held_is_kept_whole() -> None:
    list_ = window(12, more=True)
    typed = Typed(list_)
    assert typed.take(DOWN * 5 + PAGE_DOWN + DOWN)
    assert (list_.top, list_.cursor) == (0, 5)
    assert typed.finish() == (PAGE_DOWN + DOWN,)


def test_q_leaves_unless_something_before_it_is_kept() -> None:
    assert not Typed(window()).take(b"jjq")
    assert Typed(window()).take(b"/q")
    assert not Typed(None).take(b"q")


def test_without_rows_moves_are_kept() -> None:
    for list_ in (None, window(0)):
        typed = Typed(list_)
        assert typed.take(DOWN + b"j")
        assert typed.finish() == (DOWN + b"j",)


def test_wherever_a_burst_is_cut_nothing_is_lost_or_doubled() -> None:
    dice = random.Random(7)
    keys = [
        DOWN,
        UP,
        PAGE_DOWN,
        HOME,
        b"j",
        b"k",
        b"x",
        b"\x1b[1;5C",
        b"\x1bOP",
        "ż".encode(),
        "王".encode(),
        "😀".encode(),
    ]
    for _ in range(500):
        burst = b"".join(dice.choices(keys, [6, 2, 1, 1, 3, 1, 1, 1, 1, 1, 1, 1], k=12))
        cuts = [0, *sorted(dice.sample(range(len(burst)), 4)), len(burst)]
        whole, cut = window(more=True), window(more=True)
        at_once, piece_by_piece = Typed(whole), Typed(cut)
        at_once.take(burst)
        for start, end in pairwise(cuts):
            piece_by_piece.take(burst[start:end])
        assert (cut.top, cut.cursor) == (whole.top, whole.cursor)
        assert piece_by_piece.finish() == at_once.finish()


def test_a_key_that_has_only_begun_is_waited_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(typing_, "monotonic", lambda: clock[0])
    for begun in (b"\x1b", b"\x1b[", b"\x1b[1;5", b"\x1bO", b"\xe7\x8e", b"j\x1b", b"/\x1b["):
        typed = Typed(window())
        typed.take(begun)
        assert 0 < typed.seconds_left < 0.11
        clock[0] += 0.2
        assert typed.seconds_left == 0
    typed = Typed(window())
    typed.take(b"/abc")
    assert typed.seconds_left == 0


def test_an_escape_that_stood_alone_does_not_swallow_what_comes_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = [0.0]
    monkeypatch.setattr(typing_, "monotonic", lambda: clock[0])
    list_ = window()
    typed = Typed(list_)
    typed.take(b"\x1b")
    clock[0] += 0.5
    typed.take(b"[B")
    assert list_.cursor == 0
    assert typed.finish() == (b"\x1b", b"[B")
