"""Labelled values under one another, and pairs in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from console.text import cells, fit, one_line, wrap
from console.widgets import mask
from console.widgets.paint import Line, LineWidget, Run


@dataclass(frozen=True, slots=True)
class Fact:
    """Values under one label, each on its own line or lines. Without a label the values take the whole width.

    `style` is a name of `paint.STYLES` for the values; `public` ones are shown while personal data is masked.
    """

    label: str
    values: tuple[str, ...] = ()
    style: str = ""
    public: bool = False


BLANK = Fact("")
"""An empty line between groups."""


class Facts(LineWidget):
    """Labels dim at the left, values wrapped beside them, all untrusted. As high as it needs to be."""

    PUBLIC: ClassVar[bool] = True
    DEFAULT_CSS = "Facts { height: auto; }"

    def __init__(
        self,
        facts: Sequence[Fact] = (),
        *,
        most_lines: int = 6,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        """`most_lines` is how many lines one value may take before it is cut."""
        super().__init__(id=id)
        self._facts: tuple[Fact, ...] = tuple(facts)
        self._most_lines = most_lines

    def set_facts(self, facts: Sequence[Fact]) -> None:
        """Show other facts."""
        self._facts = tuple(facts)
        self.redraw()

    def lines(self, width: int) -> list[Line]:
        """The facts in `width` cells, a blank one at each side."""
        label_width = max((cells(one_line(fact.label)) for fact in self._facts), default=0)
        lines: list[Line] = []
        hidden = mask.masked(self)
        for fact in self._facts:
            if hidden and not fact.public:
                fact = replace(fact, values=mask.values(fact.label, fact.values))
            lines += self._fact_lines(fact, label_width, max(width - 2, 2))
        return lines

    def _fact_lines(self, fact: Fact, label_width: int, width: int) -> list[Line]:
        indent = label_width + 1 if fact.label else 0
        texts = [part for value in fact.values for part in self._wrapped(value, width - indent)]
        lines: list[Line] = []
        for number, text in enumerate(texts or [""]):
            label = fact.label if number == 0 else ""
            lines.append(((" " + fit(one_line(label), indent), "dim"), (text, fact.style)))
        return lines

    def _wrapped(self, value: str, width: int) -> list[str]:
        """`value` in at most `most_lines` lines; of a longer one no more is looked at than may be shown."""
        shown = one_line(value, max(width, 2) * self._most_lines)
        lines = wrap(shown, width)
        if len(lines) <= self._most_lines:
            return lines
        last = one_line(" ".join(lines[self._most_lines - 1 :]), max(width, 2))
        return [*lines[: self._most_lines - 1], last]


@dataclass(frozen=True, slots=True)
class Pair:
    """A row of a summary: a label and what stands beside it, part by part (`new 1`, `overdue 1`, `open 3`).

    Parts in `warn` (by position) are shown as warnings.
    """

    label: str
    parts: tuple[str, ...]
    warn: frozenset[int] = frozenset()


class Pairs(LineWidget):
    """Rows of a label and parts, the parts of all rows aligned in columns."""

    PUBLIC: ClassVar[bool] = True
    DEFAULT_CSS = "Pairs { height: auto; }"

    def __init__(self, pairs: Sequence[Pair] = (), *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._pairs: tuple[Pair, ...] = tuple(pairs)

    def set_pairs(self, pairs: Sequence[Pair]) -> None:
        """Show other rows."""
        self._pairs = tuple(pairs)
        self.redraw()

    def lines(self, width: int) -> list[Line]:
        """A line for each row."""
        label_width = max((cells(one_line(pair.label)) for pair in self._pairs), default=0)
        hidden = mask.masked(self)
        rows = [[one_line(part, width) for part in _parts(pair, hidden=hidden)] for pair in self._pairs]
        widths = [max(cells(part) for part in column) for column in _columns(rows)]
        lines: list[Line] = []
        for pair, parts in zip(self._pairs, rows, strict=True):
            runs: list[Run] = [(" " + fit(one_line(pair.label), label_width) + "  ", "dim")]
            for number, part in enumerate(parts):
                padded = part if number == len(parts) - 1 else fit(part, widths[number]) + "   "
                runs.append((padded, "warning" if number in pair.warn else ""))
            lines.append(tuple(runs))
        return lines


def _parts(pair: Pair, *, hidden: bool) -> tuple[str, ...]:
    """The parts of a row; ``hidden`` where personal data is masked. Without a label they are words of the console."""
    return mask.values(pair.label, pair.parts) if hidden and pair.label else pair.parts


def _columns(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The parts of the rows by position; the last part of a row needs no width of its own."""
    count = max((len(row) for row in rows), default=0)
    return [[row[place] for row in rows if place < len(row) - 1] or [""] for place in range(count)]
