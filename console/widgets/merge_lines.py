"""The merge sheet as lines: records side by side, the balance sheet below, what follows from it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from console import text
from console.data.records.merging import CATEGORIES, BalanceLine, Choices, MergeField, MergePreview
from console.text import fit, one_line, wrap
from console.widgets import mask
from console.widgets.paint import Line, Run

GUTTER = 1
LABEL = 16
LEAST = 20
"""Cells of a column with values where many stand side by side; the widest there is takes MOST."""

MOST = 36
GAP = 1
AMOUNT = 8
AFTER = 9
MOVE = 4
MOVED = 3
"""Blanks before what becomes of a category, which takes MOVE cells at least."""

_ORDER = {name: place for place, name in enumerate(CATEGORIES)}
ALWAYS = frozenset({"name", "email", "mobile", "organization", "status"})
"""Fields that are shown even where all records agree."""


class Stop(NamedTuple):
    """Where the cursor can be: on the value of a 'field', on a 'balance' line, on what does it ('go').

    Or on the line that stands for folded fields ('more').
    """

    kind: str
    name: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence above or below the columns; ``hidden`` stands in its place while personal data is masked."""

    text: str
    style: str = ""
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is shown: a preview, the choices as they are now, which the preview may not know yet (``counted``).

    ``first`` names fields that stand before all others: those that ask. ``go`` is what the last line does. ``folded``:
    fields of which only one record has a value take one line together.
    """

    preview: MergePreview
    choices: Choices
    first: tuple[str, ...] = ()
    above: tuple[Remark, ...] = ()
    below: tuple[Remark, ...] = ()
    go: str = "Merge"
    counted: bool = True
    folded: bool = False

    @property
    def told(self) -> list[MergeField]:
        """The fields that tell the records apart, or who they are; those that ask are the first."""
        shown = [one for one in self.preview.fields if one.name in self.first or _tells(one)]
        return sorted(shown, key=lambda one: one.name not in self.first)

    @property
    def more(self) -> list[MergeField]:
        """Those of them that are folded away."""
        return [one for one in self.told if self.folded and one.name not in self.first and _alone(one)]

    @property
    def fields(self) -> list[MergeField]:
        """The fields that have a line of their own."""
        folded = self.more
        return [one for one in self.told if one not in folded]

    @property
    def balance(self) -> list[BalanceLine]:
        """The lines that are shown: each category once at least, in their order, then what else changes."""
        shown: list[BalanceLine] = []
        known: set[str] = set()
        for one in sorted(self.preview.balance, key=lambda one: _ORDER.get(one.category, len(_ORDER))):
            if any(one.before if one.category else one.before[1:]) or one.category not in known | {""}:
                shown.append(one)
            known.add(one.category)
        return shown

    @property
    def stops(self) -> tuple[Stop, ...]:
        """Where the cursor can be, top to bottom."""
        fields = (Stop("field", one.name) for one in self.fields)
        more = (Stop("more"),) if self.more else ()
        return (*fields, *more, *(Stop("balance", one.name, one.unit) for one in self.balance), Stop("go"))

    def field(self, name: str) -> MergeField:
        """The field of that name."""
        return next(one for one in self.preview.fields if one.name == name)

    def line(self, name: str) -> BalanceLine:
        """The first line of the balance sheet of that name."""
        return next(one for one in self.preview.balance if one.name == name)

    def winner(self, one: MergeField) -> int | None:
        """The place of the record whose value stays, of several that stay the first; None while nobody has said."""
        chosen = self.choices.keep.get(one.name)
        places = [place for place, side in enumerate(self.preview.sides) if side.id == chosen]
        if places:
            return places[0]
        return None if one.asks or not one.kept else one.kept[0]


def _tells(one: MergeField) -> bool:
    return len(set(one.values)) > 1 or (one.name in ALWAYS and any(one.values))


def _alone(one: MergeField) -> bool:
    """Whether only one record has a value, which stays."""
    return one.name not in ALWAYS and sum(map(bool, one.values)) == 1


class Cursor(NamedTuple):
    """Where the cursor is: the place of its stop, the record of its column, the first record right of the survivor."""

    stop: int = 0
    side: int = 0
    first: int = 1


class Placed(NamedTuple):
    """A line of the sheet; ``stop`` is the place of the cursor's stop on it, ``heads`` marks a line of titles."""

    line: Line
    stop: int | None = None
    heads: bool = False


def called(name: str) -> str:
    """A field as staff call it."""
    return {"incident_approval": "approval"}.get(name, name.replace("_", " "))


def fitting(width: int, sides: int, least: int = LEAST) -> int:
    """How many records stand side by side, the survivor included; two at least."""
    room = width - GUTTER - LABEL
    return max(2, min(sides, room // (least + GAP)))


def shown(sides: int, first: int, count: int) -> list[int]:
    """The places of the records in sight: the survivor, and those from ``first`` on."""
    return [0, *range(first, min(first + count - 1, sides))]


def body(sheet: Sheet, cursor: Cursor, width: int, *, focus: bool, hide: bool) -> list[Placed]:
    """All lines of the sheet; ``focus`` says whether keys go there, ``hide`` masks what is personal."""
    return [
        *_remarks(sheet.above, width, hide),
        *([Placed(())] if sheet.above else []),
        *_fields(sheet, cursor, width, focus, hide),
        *_more(sheet, cursor, width, focus),
        Placed(()),
        *_balance(sheet, cursor, width, focus),
        Placed(()),
        *_remarks(sheet.below, width, hide),
        Placed(()),
        _go(sheet, cursor, focus, hide),
    ]


def _remarks(found: Sequence[Remark], width: int, hide: bool) -> Iterator[Placed]:
    for one in found:
        said = one.hidden or mask.HIDDEN if hide else one.text
        for line in wrap(one_line(said, width * 6), width - 2):
            yield Placed(((" ", ""), (line, one.style)))


def _cursor(on: bool, focus: bool) -> str:
    return ("cursor" if focus else "rest") if on else ""


def _heading(places: Sequence[int], sides: int) -> Iterator[tuple[int, str]]:
    """The titles of the columns; those at an end say whether there are more."""
    for number, place in enumerate(places):
        before = "< " if number == 1 and place > 1 else ""
        after = " >" if number == len(places) - 1 and place < sides - 1 else ""
        yield place, "keep" if place == 0 else f"{before}{place + 1}{after}"


def _fields(sheet: Sheet, cursor: Cursor, width: int, focus: bool, hide: bool) -> Iterator[Placed]:
    sides = len(sheet.preview.sides)
    count = fitting(width, sides)
    column = min(MOST, (width - GUTTER - LABEL) // count - GAP)
    places = shown(sides, cursor.first, count)
    titles = "".join(fit(title, column) + " " * GAP for _, title in _heading(places, sides))
    yield Placed(((" " * (GUTTER + LABEL) + titles.rstrip(), "dim"),), heads=True)
    for stop, one in enumerate(sheet.fields):
        asks = one.asks and one.name not in sheet.choices.keep
        label = called(one.name)
        runs: list[Run] = [
            ("!" if asks else " ", "warning"),
            (fit(label, LABEL), "warning" if asks else "dim"),
        ]
        for place in places:
            style = _cursor((cursor.stop, cursor.side) == (stop, place), focus)
            runs += [(fit(_cell(sheet, one, place, column, hide), column), style), (" " * GAP, "")]
        yield Placed(tuple(runs), stop)


def _more(sheet: Sheet, cursor: Cursor, width: int, focus: bool) -> Iterator[Placed]:
    if folded := sheet.more:
        stop = len(sheet.fields)
        names = ", ".join(called(one.name) for one in folded)
        said = one_line(f"only one of them has, and it stays: {names}", width - 2)
        yield Placed(((" " * GUTTER, ""), (said, _cursor(cursor.stop == stop, focus) or "dim")), stop)


def _cell(sheet: Sheet, one: MergeField, place: int, width: int, hide: bool) -> str:
    """A value, in brackets where it is the one that stays; + where it stays beside others."""
    value = one_line(one.values[place], width)
    if hide:  # the reason of a status is behind its word
        value = value.partition(" ")[0] if one.name == "status" else mask.cell(one.name, value)
    wins = sheet.winner(one) == place
    plus = " +" if one.both and value and place in one.kept and sum(map(bool, one.values)) > 1 else ""
    room = width - len(plus) - 2 * wins
    said = text.shorten(value or ("(none)" if one.name == "name" else "-"), room)
    return (f"[{said}]" if wins else said) + plus


def amount(value: int, unit: str) -> str:
    """A number of the balance sheet: rows, credit in minutes as hours, credit in incidents."""
    return text.hours(value) if unit == "minutes" else f"{value:,}"


def _balance(sheet: Sheet, cursor: Cursor, width: int, focus: bool) -> Iterator[Placed]:
    sides = len(sheet.preview.sides)
    move = max((text.cells(_move(sheet, one)) for one in sheet.balance), default=0)
    count = fitting(width - AFTER - max(move, MOVE) - MOVED, sides, AMOUNT)
    places = shown(sides, min(cursor.first, max(1, sides - count + 1)), count)
    titles = "".join(fit(title, AMOUNT, "right") + " " * GAP for _, title in _heading(places, sides))
    last = fit("after", AFTER, "right") + " " * MOVED + "move"
    yield Placed(((" " * (GUTTER + LABEL) + titles + last, "dim"),), heads=True)
    before = len(sheet.fields) + bool(sheet.more)
    for number, one in enumerate(sheet.balance):
        style = _cursor(cursor.stop == before + number, focus)
        amounts = "".join(
            fit(amount(one.before[place], one.unit), AMOUNT, "right") + " " * GAP for place in places
        )
        after = amount(one.after, one.unit) if sheet.counted else "…"
        label = f"{one.name} (inc.)" if one.unit == "incidents" else one.name
        line = (
            fit(one_line(label), LABEL)
            + amounts
            + fit(after, AFTER, "right")
            + " " * MOVED
            + _move(sheet, one)
        )
        yield Placed(((" " * GUTTER, ""), (line, style)), before + number)


def _move(sheet: Sheet, one: BalanceLine) -> str:
    """The switch of a category, and what becomes of rows that are not there afterwards."""
    switch = "all" if not one.category else "[ ]" if one.category in sheet.choices.without else "[x]"
    said = []
    if sheet.counted and one.same:
        said.append(f"{one.same:,} the same")
    if sheet.counted and one.ended:
        said.append(f"{one.ended:,} ended")
    if sheet.counted and one.left:
        said.append(f"{amount(one.left, one.unit)} left")
    return f"{switch}  {', '.join(said)}".rstrip()


def _go(sheet: Sheet, cursor: Cursor, focus: bool, hide: bool) -> Placed:
    stop = len(sheet.stops) - 1
    style = _cursor(cursor.stop == stop, focus)
    return Placed(
        ((" " * GUTTER, ""), (f"[ {'Merge' if hide else one_line(sheet.go, 60)} ]", style or "strong")), stop
    )
