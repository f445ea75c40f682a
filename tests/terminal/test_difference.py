"""What is written between two screens, judged by an emulator: the cells must be those of the second."""

from hypothesis import given, settings
from hypothesis import strategies as st

from console.terminal.cells import Cells, canonical
from console.terminal.difference import difference
from tests.terminal.emulator import Emulator, drawn

STYLES = ("", "7", "1", "2", "1;36", "36", "31", "1;33", "38;5;208", "44", "7;31", "38;2;1;2;3;48;5;4")
TEXTS = (
    "a",
    "Kowalska",
    "    ",
    " " * 30,
    "Żółć…",
    "日本",
    "é",
    "한글 x",
    "e\u0301a",
    "· │",
    "0123456789" * 3,
)
Put = tuple[int, int, str, str]
PUTS = st.tuples(st.integers(0, 39), st.integers(0, 11), st.sampled_from(TEXTS), st.sampled_from(STYLES))


def screen(puts: list[Put]) -> Cells:
    cells = Cells(40, 12)
    for x, y, text, style in puts:
        cells.put(x, y, text, canonical(style))
    return cells


def shift(cells: Cells, top: int, bottom: int, by: int) -> Cells:
    moved = cells.copy()
    for y in range(top, bottom):
        if top <= y + by < bottom:
            moved.set_row(y, Cells(cells.width, cells.height))
            moved.characters[y] = cells.characters[y + by][:]
            moved.styles[y] = cells.styles[y + by][:]
    return moved


def check(before: Cells, after: Cells) -> str:
    shown = Emulator(before.width, before.height)
    shown.feed(drawn(before))
    wanted = Emulator(before.width, before.height)
    wanted.feed(drawn(after))
    model = before.copy()
    written = difference(model, after)
    shown.feed(written)
    assert shown.cells() == wanted.cells()
    assert model.characters == after.characters
    assert model.styles == after.styles
    return written


@settings(max_examples=150, deadline=None)
@given(st.lists(PUTS, max_size=25), st.lists(PUTS, max_size=25))
def test_any_screen_turns_into_any_other(before: list[Put], after: list[Put]) -> None:
    check(screen(before), screen(after))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(PUTS, min_size=8, max_size=30), st.integers(0, 5), st.integers(6, 12), st.integers(-4, 4), PUTS
)
def test_lines_that_moved_are_moved(
    puts: list[Put],
    top: int,
    bottom: int,
    by: int,
    also: Put,
) -> None:
    before = screen(puts)
    after = shift(before, top, bottom, by)
    after.put(also[0], also[1], also[2], canonical(also[3]))
    check(before, after)


def rows(first: int, cursor: int) -> Cells:
    cells = Cells(80, 24)
    cells.put(0, 0, "header")
    for y in range(1, 21):
        cells.put(
            0,
            y,
            f"client number {first + y} of many @example{(first + y) * 7 % 100}.org".ljust(80),
            "7" if y == cursor else "",
        )
    cells.put(0, 23, "enter open")
    return cells


def test_a_list_scrolled_by_one_costs_two_lines() -> None:
    written = check(rows(0, 20), rows(1, 20))
    assert len(written) < 170
    assert "\x1b[2;" in written  # a scroll region below the header


def test_blank_lines_move_with_the_others() -> None:
    before = Cells(40, 12)
    for y in (0, 1, 3, 5, 7, 8):
        before.put(0, y, f"line {y} of a text that is long enough")
    check(before, shift(before, 1, 12, 2))


def test_nothing_is_written_for_a_screen_that_stays() -> None:
    assert check(rows(0, 3), rows(0, 3)) == ""


def test_a_cursor_that_moves_costs_its_two_lines() -> None:
    assert len(check(rows(0, 3), rows(0, 4))) < 140


def test_a_style_is_named_one_way_however_it_is_written() -> None:
    assert canonical("36;1") == canonical("1;36") == canonical("31;0;36;1;49") == "1;36"
    assert canonical("") == canonical("0") == canonical("39;49") == ""
    assert canonical("48;5;4;38;2;1;2;3") == "38;2;1;2;3;48;5;4"
    assert canonical("1;31;36") == "1;36"


def test_half_of_a_wide_character_is_never_left_behind() -> None:
    cells = Cells(10, 1)
    cells.put(0, 0, "日本")
    cells.put(1, 0, "x")
    assert cells.text(0) == " x本" + " " * 6
    cells.put(9, 0, "日")
    assert cells.characters[0][9] == " "
