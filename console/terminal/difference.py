"""The fewest bytes, or nearly, that turn what a terminal shows into what it should show. The standard library only.

Lines that stay are not touched; of a changed line only the changed stretches are written; a block of lines that
moved is moved by the terminal; blank tails are erased. All of it is what every terminal since the VT102 does: EL,
ECH, DECSTBM with IL and DL, relative moves. Whatever is erased is erased in the terminal's own colours, so none
needs to fill with a background colour (``bce``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from console.terminal.cells import BLANK, TAIL, Cells, atoms, colour_of
from console.text import is_steady

GAP = 4
"""Unchanged cells between two changed ones that are written over rather than stepped over."""

ERASED = 9
"""Blanks in a row from which erasing is shorter than writing them."""

SCROLL_COST = 24
"""Bytes that moving a block of lines costs, about; it must save more."""


def difference(shown: Cells, wanted: Cells, limit: int | None = None) -> str:
    """The escape sequences that make a terminal which shows ``shown`` show ``wanted``; ``shown`` is then like it.

    With a ``limit`` no line is begun once so many characters are written: what is left differs then. The cursor may
    be anywhere before, and is anywhere after; the style is plain before and after. Both screens are of one size.
    """
    changed = [y for y in range(wanted.height) if not shown.same_row(y, wanted)]
    if not changed:
        return ""
    pen = Pen(wanted.width, wanted.height)
    if len(changed) > 2 and (move := best_move(shown, wanted, changed)) is not None:
        _scroll(pen, shown, move)
        changed = [y for y in range(wanted.height) if not shown.same_row(y, wanted)]
    for y in changed:
        if limit is not None and pen.length >= limit:
            break
        _write_row(pen, y, shown, wanted)
        shown.set_row(y, wanted)
    pen.plain()
    return pen.written()


# Writing


class Pen:
    """Writes where it is told, by the shortest way there, and knows where it then is."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._parts: list[str] = []
        self._x: int | None = None
        self._y: int | None = None
        self._style = ""

    def written(self) -> str:
        """All of it."""
        return "".join(self._parts)

    @property
    def length(self) -> int:
        """How many characters are written so far."""
        return sum(map(len, self._parts))

    def raw(self, sequence: str) -> None:
        """A sequence that leaves the cursor nobody knows where."""
        self._parts.append(sequence)
        self._x = self._y = None

    def plain(self) -> None:
        """Back to the terminal's own style."""
        self.style("")

    def style(self, style: str) -> None:
        """Draw what follows in this style."""
        if style != self._style:
            self._parts.append(style_change(self._style, style))
            self._style = style

    def text(self, text: str, width: int) -> None:
        """Write ``text``, ``width`` cells of it, here."""
        self._parts.append(text)
        assert self._x is not None
        self._x += width
        if self._x >= self.width:  # at the end of a line terminals disagree where the cursor is
            self._x = None

    def erase(self, count: int) -> None:
        """Blank this many cells from here on, in the terminal's own style; the cursor stays."""
        self.plain()
        assert self._x is not None
        self._parts.append("\x1b[K" if self._x + count >= self.width else f"\x1b[{count}X")

    def erase_rest(self) -> None:
        """Blank the line from here on, in the terminal's own style."""
        self.plain()
        self._parts.append("\x1b[K")

    def move(self, x: int, y: int) -> None:
        """Go to a cell."""
        if (x, y) != (self._x, self._y):
            self._parts.append(self._way(x, y))
            self._x, self._y = x, y

    def move_on_row(self, x: int, y: int) -> None:
        """Go to a cell, whatever the width of what was written before it on its line may have been."""
        self._x = None
        self.move(x, y)

    def _way(self, x: int, y: int) -> str:
        absolute = f"\x1b[{y + 1}H" if x == 0 else f"\x1b[{y + 1};{x + 1}H"
        if self._y is None:
            return absolute
        ways = [absolute]
        if y == self._y:
            ways.append("\r" if x == 0 else f"\x1b[{x + 1}G")
            if self._x is not None:
                ways.append(_steps(x - self._x, "C", "D"))
        elif self._x is not None and x == self._x:
            ways.append(_steps(y - self._y, "B", "A"))
        elif x == 0 and y == self._y + 1:
            ways.append("\r\n")
        return min(ways, key=len)


def _steps(count: int, forward: str, back: str) -> str:
    number = "" if abs(count) == 1 else str(abs(count))
    return f"\x1b[{number}{forward if count > 0 else back}"


def style_change(old: str, new: str) -> str:
    """The shortest SGR sequence from one style to another."""
    if not new:
        return "\x1b[m"
    before, after = atoms(old), atoms(new)
    added = [atom for atom in after if atom not in before]
    colours = {colour_of(atom) for atom in added} - {""}
    if all(colour_of(atom) in colours for atom in before if atom not in after):
        return f"\x1b[{';'.join(added)}m"
    return f"\x1b[;{new}m"


# One line


def _write_row(pen: Pen, y: int, shown: Cells, wanted: Cells) -> None:
    if not is_steady(wanted.text(y)) or not is_steady(shown.text(y)):
        _write_whole(pen, y, wanted)
        return
    end, changed = _blank_from(wanted, y), _changed(shown, wanted, y)
    if changed[-1] - end < 3:  # erasing would not be shorter
        end = wanted.width
    for start, stop in _spans(wanted.styles[y], [x for x in changed if x < end]):
        _write_span(pen, y, wanted, start, stop)
    if end <= changed[-1]:
        pen.move(next(x for x in changed if x >= end), y)
        pen.erase_rest()


def _changed(shown: Cells, wanted: Cells, y: int) -> list[int]:
    """The columns of the line whose cells differ."""
    cells = zip(shown.characters[y], wanted.characters[y], shown.styles[y], wanted.styles[y], strict=True)
    return [x for x, (old, new, before, after) in enumerate(cells) if old != new or before != after]


def _blank_from(wanted: Cells, y: int) -> int:
    """The column from which on the line is blank, in the terminal's own style."""
    characters, styles = wanted.characters[y], wanted.styles[y]
    end = wanted.width
    while end and characters[end - 1] == BLANK and not styles[end - 1]:
        end -= 1
    return end


def _spans(styles: Sequence[str], changed: Sequence[int]) -> list[tuple[int, int]]:
    """The stretches of a line that must be written to change these columns; short gaps between them are."""
    spans: list[tuple[int, int]] = []
    for x in changed:
        if spans and (x == spans[-1][1] or _is_short(styles, spans[-1][1], x)):
            spans[-1] = (spans[-1][0], x + 1)
        else:
            spans.append((x, x + 1))
    return spans


def _is_short(styles: Sequence[str], start: int, end: int) -> bool:
    """Whether writing over these cells, which need it not, is no longer than stepping over them."""
    return end - start <= GAP and len(set(styles[start - 1 : end + 1])) == 1


def _write_span(pen: Pen, y: int, wanted: Cells, start: int, stop: int) -> None:
    for x, text, style in _runs(wanted, y, start, stop):
        if not style and len(text) >= ERASED and not text.strip(BLANK):
            pen.plain()
            pen.move(x, y)
            pen.erase(len(text))
        else:
            pen.move(x, y)
            pen.style(style)
            pen.text(text, len(text))


def _runs(wanted: Cells, y: int, start: int, stop: int) -> Iterator[tuple[int, str, str]]:
    """The pieces of one style of a stretch, long blanks by themselves: column, text, style."""
    characters, styles = wanted.characters[y], wanted.styles[y]
    x = start
    while x < stop:
        style, first = styles[x], x
        while x < stop and styles[x] == style:
            x += 1
        text = "".join(characters[first:x])
        yield from (
            ((first + at, part, style) for at, part in _pieces(text) if part)
            if not style
            else [(first, text, style)]
        )


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """A text cut where long stretches of blanks begin and end."""
    place = 0
    while (blank := text.find(BLANK * ERASED, place)) >= 0:
        yield place, text[place:blank]
        place = blank
        while place < len(text) and text[place] == BLANK:
            place += 1
        yield blank, text[blank:place]
    yield place, text[place:]


def _write_whole(pen: Pen, y: int, wanted: Cells) -> None:
    """Write a line on which terminals may disagree how wide a character is: each plain stretch at its own column."""
    pen.plain()
    pen.move(0, y)
    pen.erase(wanted.width)
    for x, text, style in _delicate_runs(wanted, y):
        pen.move_on_row(x, y) if x else pen.move(x, y)
        pen.style(style)
        pen.text(text, len(text))
    pen.raw("")


def _delicate_runs(wanted: Cells, y: int) -> Iterator[tuple[int, str, str]]:
    """The pieces of one style and one kind, plain or not, of a line, those of blanks left out."""
    characters, styles = wanted.characters[y], wanted.styles[y]
    end, x = _blank_from(wanted, y), 0
    while x < end:
        first, style, plain = x, styles[x], is_steady(characters[x])
        x += 1
        while x < end and styles[x] == style and (characters[x] == TAIL or is_steady(characters[x]) is plain):
            x += 1
        text = "".join(characters[first:x])
        if style or text.strip(BLANK):
            yield first, text, style


# Blocks of lines that moved


class Move(NamedTuple):
    """The lines from ``top`` to ``bottom``, both included, go ``by`` lines up, or down if that is negative."""

    top: int
    bottom: int
    by: int


def best_move(shown: Cells, wanted: Cells, changed: Sequence[int]) -> Move | None:
    """The move of a block of lines that saves most of the writing; None if none pays."""
    first, last = changed[0], changed[-1]
    old = [_signature(shown, y) for y in range(first, last + 1)]
    new = [_signature(wanted, y) for y in range(first, last + 1)]
    if not set(old) & set(new):
        return None
    size, best, saved = len(new), None, SCROLL_COST
    for by in (step for amount in range(1, size) for step in (amount, -amount)):
        for start, stop in _equal_runs(old, new, by):
            gain = sum(_cost(old[y], new[y]) for y in range(start, stop))
            if gain > saved:
                top, bottom = min(start, start + by), max(stop, stop + by) - 1
                best, saved = Move(first + top, first + bottom, by), gain
    return best


_Signature = tuple[tuple[str, ...], tuple[str, ...]]


def _signature(screen: Cells, y: int) -> _Signature:
    return tuple(screen.characters[y]), tuple(screen.styles[y])


def _equal_runs(old: Sequence[_Signature], new: Sequence[_Signature], by: int) -> Iterator[tuple[int, int]]:
    """Where line after line of ``new`` is what ``old`` has ``by`` lines further down."""
    start = None
    for y in range(max(0, -by), min(len(new), len(new) - by) + 1):
        same = y < min(len(new), len(new) - by) and new[y] == old[y + by]
        if same and start is None:
            start = y
        elif not same and start is not None:
            yield start, y
            start = None


def _cost(old: _Signature, new: _Signature) -> int:
    """About how many bytes the line would take if it were not moved."""
    if old == new:
        return 0
    pairs = zip(*old, *new, strict=True)
    return sum(a != b or s != t for a, s, b, t in pairs)


def _scroll(pen: Pen, shown: Cells, move: Move) -> None:
    """Let the terminal move the lines, and say so in ``shown``."""
    region = move.bottom - move.top + 1
    count = min(abs(move.by), region)
    sequence = f"\x1b[{count if count > 1 else ''}{'M' if move.by > 0 else 'L'}"
    begin = f"\x1b[{move.top + 1}H"
    if move.bottom == shown.height - 1:
        pen.raw(f"{begin}{sequence}")
    else:
        pen.raw(f"\x1b[{move.top + 1};{move.bottom + 1}r{begin}{sequence}\x1b[r")
    blank = Cells(shown.width, count)
    for grid, new in ((shown.characters, blank.characters), (shown.styles, blank.styles)):
        rows = grid[move.top : move.bottom + 1]
        grid[move.top : move.bottom + 1] = rows[count:] + new if move.by > 0 else new + rows[:-count]
