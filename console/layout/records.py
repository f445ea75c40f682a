"""What a list of records shows: columns that drop and grow with width, rows of untrusted text in cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from console.layout.lines import Line, Run
from console.text import fit, one_line, wrap

GUTTER = 4
"""Cells at the left for the signs of a row: `>` marked, `*` favourite, `!` warning, and a blank."""

NARROW_GUTTER = 2
"""The same for lists in a panel, whose rows are neither marked nor favourites: `!` and a blank."""

GAP = 2
"""Cells between columns."""

LONGEST_NOTE = 2000
"""Characters looked at of what is said in place of rows."""

MARGIN = 1
"""Cells left free at the right."""

Hide = Callable[[str, str], str]
"""What is shown of a cell, by the key of its column and its text."""


class Column(NamedTuple):
    """A column of a list.

    `width` is its least width in cells; what is left over goes to the columns with `grow`, in proportion.
    Where the terminal is too narrow, columns go in the order of `drop`, the highest first; 0 stays.
    """

    key: str
    title: str
    width: int
    grow: int = 0
    align: Literal["left", "right"] = "left"
    drop: int = 0


class RowFlags(NamedTuple):
    """The signs of a row. `dim` is for what is out of use, such as an archived client."""

    favourite: bool = False
    marked: bool = False
    warning: bool = False
    dim: bool = False


NO_FLAGS = RowFlags()


class ListRow(NamedTuple):
    """One record in a list: its id, the text of its cells by column key or in column order, its signs.

    Cells are untrusted: they are made one visible line when they are drawn, and only then.
    """

    id: int
    cells: Mapping[str, str] | tuple[str, ...]
    flags: RowFlags = NO_FLAGS


class Placed(NamedTuple):
    """A column that is shown: its place in the full list of columns, and its width in cells."""

    column: Column
    at: int
    width: int


def place(columns: Sequence[Column], width: int, gutter: int = GUTTER) -> tuple[Placed, ...]:
    """The columns shown in `width` cells, gutter and margin included, with their widths.

    Where even those that never drop are too wide, the widest give way.
    """
    room = width - gutter - MARGIN
    shown = list(enumerate(columns))
    while _needed(shown) > room and any(column.drop for _, column in shown):
        shown.remove(max(shown, key=lambda pair: (pair[1].drop, pair[0])))
    widths = [column.width for _, column in shown]
    spare = room - _needed(shown)
    if spare > 0:
        widths = _grow(widths, [column.grow for _, column in shown], spare)
    for _ in range(-spare):
        widest = max(range(len(widths)), key=widths.__getitem__)
        widths[widest] = max(1, widths[widest] - 1)
    return tuple(Placed(column, index, given) for (index, column), given in zip(shown, widths, strict=True))


def _needed(shown: Sequence[tuple[int, Column]]) -> int:
    return sum(column.width for _, column in shown) + GAP * (len(shown) - 1)


def _grow(widths: list[int], shares: list[int], spare: int) -> list[int]:
    """`widths` with `spare` cells given out in proportion to `shares`, what does not divide from the left."""
    total = sum(shares)
    if not total:
        return widths
    grown = [width + spare * share // total for width, share in zip(widths, shares, strict=True)]
    rest = spare - (sum(grown) - sum(widths))
    for index, share in enumerate(shares):
        if share and rest:
            grown[index] += 1
            rest -= 1
    return grown


def header_line(
    placed: Sequence[Placed], sorted_by: str | None, *, descending: bool, gutter: int = GUTTER
) -> Line:
    """The titles, dim; that of the sorted column marked `^` (ascending) or `v` in the gap after it."""
    runs: list[Run] = [(" " * gutter, "")]
    for number, item in enumerate(placed):
        column, width = item.column, item.width
        gap = GAP if number < len(placed) - 1 else MARGIN
        if column.key != sorted_by:
            runs.append((fit(one_line(column.title), width, column.align) + " " * gap, "dim"))
            continue
        sign = "v" if descending else "^"
        title = one_line(column.title, width)
        if column.align == "left":
            joined = f"{title} {sign}" if len(title) + 2 <= width + 1 else title + sign
            text = fit(joined, width + gap)
        else:
            text = fit(title, width, "right") + fit(sign, gap)
        runs.append((text, "current"))
    return tuple(runs)


@lru_cache(maxsize=16)
def _wrapped(note: str, width: int) -> list[str]:
    return wrap(note[:LONGEST_NOTE], width)


def note_line(note: str, line: int, width: int, gutter: int = GUTTER) -> str | None:
    """What stands on a line below the header when `note`, untrusted, is said in place of rows."""
    said = ["", *_wrapped(note, width - 2 * gutter)]
    return " " * gutter + said[line] if line < len(said) else None


def row_texts(row: ListRow, placed: Sequence[Placed], hide: Hide | None = None) -> str:
    """The row's cells, each in its column's width, without gutter; ``hide`` gives what to show instead of them."""
    texts = []
    for item in placed:
        if isinstance(row.cells, tuple):
            raw = row.cells[item.at] if item.at < len(row.cells) else ""
        else:
            raw = row.cells.get(item.column.key, "")
        if hide is not None:
            raw = hide(item.column.key, raw)
        texts.append(fit(one_line(raw, item.width), item.width, item.column.align))
    return (" " * GAP).join(texts)


def row_line(
    row: ListRow,
    placed: Sequence[Placed],
    cursor: str = "",
    gutter: int = GUTTER,
    *,
    hide: Hide | None = None,
) -> Line:
    """The row as a line; under the cursor the whole of it in the style named `cursor`."""
    flags = row.flags
    signs: list[Run] = [("!" if flags.warning else " ", "warning"), (" ", "")]
    if gutter > NARROW_GUTTER:
        signs = [
            (">" if flags.marked else " ", "current"),
            ("*" if flags.favourite else " ", "accent"),
            *signs,
        ]
    body = row_texts(row, placed, hide)
    if cursor or flags.dim:
        return (("".join(sign for sign, _ in signs) + body + " " * MARGIN, cursor or "dim"),)
    return (*signs[:-1], (" " + body, ""))
