"""The part of a long list that is held: rows, a cursor on one of them, the first that is on screen. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from console.layout.records import ListRow

KEPT_SCREENS = 2
"""Screens of rows kept beyond the visible one on the side that is left behind."""


class Window:
    """A contiguous piece of a sorted list, `has_before` and `has_after` saying whether it goes on.

    `height` is the number of rows on screen; `top` and `cursor` are positions in `rows`. Memory is bounded:
    what is further behind than KEPT_SCREENS is let go when the other side grows.
    """

    def __init__(self, height: int = 1) -> None:
        self.rows: list[ListRow] = []
        self.has_before = False
        self.has_after = False
        self.height = height
        self.top = 0
        self.cursor = 0

    @property
    def cursor_row(self) -> ListRow | None:
        """The row under the cursor; None in an empty list."""
        return self.rows[self.cursor] if self.rows else None

    @property
    def cursor_id(self) -> int | None:
        """The id of the row under the cursor."""
        return self.rows[self.cursor].id if self.rows else None

    def visible(self) -> list[ListRow]:
        """The rows on screen, top to bottom."""
        return self.rows[self.top : self.top + self.height]

    def replace(
        self, rows: Iterable[ListRow], *, has_before: bool, has_after: bool, cursor_id: int | None
    ) -> None:
        """Hold `rows` instead. The cursor goes to `cursor_id`, else stays on its row, else on the nearest
        left.

        The cursor keeps its line on the screen where the rows allow it.
        """
        line = self.cursor - self.top
        former = self.rows
        self.rows = list(rows)
        self.has_before, self.has_after = has_before, has_after
        places = {row.id: place for place, row in enumerate(self.rows)}
        if cursor_id is not None and cursor_id in places:
            self.cursor = places[cursor_id]
        else:
            self.cursor = _nearest(former, self.cursor, places)
        self.top = self.cursor - line
        self._settle()

    def update(self, rows: Iterable[ListRow]) -> None:
        """Put each of `rows` in the place of the one with its id; those not held are ignored."""
        changed = {row.id: row for row in rows}
        self.rows = [changed.get(row.id, row) for row in self.rows]

    def extend_after(self, rows: Sequence[ListRow], *, has_after: bool) -> None:
        """Add `rows` at the end; let go what is far before the screen."""
        held = {row.id for row in self.rows}
        self.rows.extend(row for row in rows if row.id not in held)
        self.has_after = has_after
        surplus = self.top - KEPT_SCREENS * self.height
        if surplus > 0:
            del self.rows[:surplus]
            self.top -= surplus
            self.cursor -= surplus
            self.has_before = True

    def extend_before(self, rows: Sequence[ListRow], *, has_before: bool) -> None:
        """Add `rows`, in list order, at the beginning; let go what is far after the screen."""
        held = {row.id for row in self.rows}
        added = [row for row in rows if row.id not in held]
        self.rows[:0] = added
        self.top += len(added)
        self.cursor += len(added)
        self.has_before = has_before
        self._settle()
        end = self.top + (1 + KEPT_SCREENS) * self.height
        if len(self.rows) > end:
            del self.rows[end:]
            self.has_after = True

    def move(self, steps: int) -> int:
        """Move the cursor by `steps` rows. Returns the steps not taken because the rows there are not held
        yet.
        """
        target = self.cursor + steps
        self.cursor = max(0, min(target, len(self.rows) - 1))
        self._settle()
        more = self.has_after if steps > 0 else self.has_before
        return target - self.cursor if more else 0

    def page(self, steps: int) -> int:
        """Move cursor and screen by `steps` rows together; returns the steps not taken, as `move` does."""
        self.top += steps
        return self.move(steps)

    def point(self, place: int) -> None:
        """Put the cursor on the row at this place, which is held."""
        self.cursor = place
        self._settle()

    def jump(self, *, last: bool) -> bool:
        """Go to the end (or the beginning) of the whole list; False if that is not held."""
        if self.has_after if last else self.has_before:
            return False
        self.point(len(self.rows) - 1 if last and self.rows else 0)
        return True

    def resize(self, height: int) -> None:
        """Have `height` rows on screen, the cursor among them."""
        self.height = max(1, height)
        self._settle()

    def wants(self, *, before: bool) -> int | None:
        """The id of the row at that end, if the list goes on there and the cursor is within a screen."""
        if not self.rows or not (self.has_before if before else self.has_after):
            return None
        distance = self.cursor if before else len(self.rows) - 1 - self.cursor
        if distance >= self.height:
            return None
        return self.rows[0 if before else -1].id

    def _settle(self) -> None:
        """Keep the screen within the rows and the cursor on the screen."""
        self.top = min(self.top, len(self.rows) - self.height)
        self.top = max(self.top, self.cursor - self.height + 1, 0)
        self.top = min(self.top, self.cursor)


def _nearest(former: Sequence[ListRow], cursor: int, places: dict[int, int]) -> int:
    """The place of the former row nearest to `cursor` that is still held, later ones preferred; else 0."""
    for distance in range(len(former)):
        for place in (cursor + distance, cursor - distance):
            if 0 <= place < len(former) and former[place].id in places:
                return places[former[place].id]
    return min(cursor, max(len(places) - 1, 0))
