"""Marks: one by one in order, and frozen sets by the million, counted exactly whatever is done to them."""

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from console.screens.marks import Marks

IDS = st.integers(-(1 << 63), (1 << 63) - 1) | st.integers(0, 30)


def _frozen(marks: Marks, ids: set[int], piece: int = 3) -> None:
    gathering, ordered = marks.gather(), sorted(ids)
    for start in range(0, len(ordered), piece):
        gathering.add(ordered[start : start + piece])
    gathering.mark()


def test_those_marked_one_by_one_keep_their_order() -> None:
    marks = Marks()
    for one in (7, 3, 9, 3):
        marks.toggle(one)
    assert list(marks.ids()) == [7, 9]
    assert (7 in marks, 3 in marks) == (True, False)


def test_a_row_of_a_set_can_be_unmarked_and_marked_again() -> None:
    marks = Marks()
    _frozen(marks, {1, 2, 3, 4})
    assert marks.toggle(3) is False
    assert (len(marks), 3 in marks, list(marks.ids())) == (3, False, [1, 2, 4])
    assert marks.toggle(3) is True
    assert (len(marks), list(marks.ids())) == (4, [1, 2, 3, 4])


def test_what_is_gathered_is_marked_only_when_it_is_whole() -> None:
    marks = Marks()
    gathering = marks.gather()
    gathering.add([1, 2])
    assert (len(marks), gathering.count) == (0, 2)
    gathering.mark()
    assert len(marks) == 2


def test_a_mark_taken_away_while_a_set_is_read_is_marked_by_it() -> None:
    marks = Marks()
    marks.toggle(2)
    gathering = marks.gather()
    gathering.add([1, 2])
    marks.toggle(2)
    marks.toggle(5)
    gathering.mark()
    assert sorted(marks.ids()) == [1, 2, 5]
    assert len(marks) == 3


@given(st.lists(st.tuples(st.sampled_from(("toggle", "set")), st.sets(IDS, max_size=8)), max_size=12))
def test_marks_are_a_set_that_counts_exactly(steps: list[tuple[str, set[int]]]) -> None:
    marks, expected = Marks(), set[int]()
    for what, ids in steps:
        if what == "set":
            _frozen(marks, ids)
            expected |= ids
        else:
            for one in ids:
                assert marks.toggle(one) is (one not in expected)
                expected ^= {one}
        assert len(marks) == len(expected)
        assert set(marks.ids()) == expected
        assert len(marks.ids()) == len(expected)
        assert all((one in marks) is (one in expected) for one in ids)


def test_a_million_marks_take_eight_bytes_each() -> None:
    marks, count = Marks(), 1_000_000
    tracemalloc.start()
    try:
        gathering = marks.gather()
        for start in range(0, count, 5000):
            gathering.add(range(start, start + 5000))
        gathering.mark()
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(marks) == len(marks.ids()) == count
    assert held < 10 * count
