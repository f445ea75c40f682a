"""Lines of styled text: joined, cut, measured."""

from __future__ import annotations

from collections.abc import Sequence

from console.text import cells, fit, one_line, shorten

Run = tuple[str, str]
"""A text, visible and without line feeds, and the name of its style; the empty name is plain."""

Line = tuple[Run, ...]


def spaced(text: str, limit: int) -> str:
    """`text` on one line within `limit` cells, as `one_line`, but with two spaces where it has two or more."""
    parts = (one_line(part) for part in text[: 16 * limit + 256].split("  "))
    return shorten("  ".join(part for part in parts if part), limit)


def line_width(line: Sequence[Run]) -> int:
    """The cells a line takes."""
    return sum(cells(text) for text, _ in line)


def sides(left: Sequence[Run], right: Sequence[Run], width: int) -> Line:
    """A line with `left` at its beginning and `right` at its end; where both do not fit, the left is cut."""
    room = width - line_width(right) - (1 if right else 0)
    if room < 1:
        return cut_line(left or right, width)
    left = cut_line(left, room)
    gap = width - line_width(left) - line_width(right)
    return (*left, (" " * gap, ""), *right)


def cut_line(line: Sequence[Run], width: int) -> Line:
    """`line` within `width` cells, the run that crosses the end cut with an ellipsis."""
    if line_width(line) <= width:
        return tuple(line)
    kept: list[Run] = []
    room = width
    for text, name in line:
        if cells(text) > room:
            kept.append((fit(text + " ", room), name))
            break
        kept.append((text, name))
        room -= cells(text)
    return tuple(kept)
