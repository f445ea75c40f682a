"""The list of clients by curses and sqlite3 alone: what a program of mutt's kind writes for the same rows.

Title line, filter, header, rows, and the two last lines are the console's, column for column; there is nothing but
the list. Rows are read by keyset, a screen at a time. The list scrolls by the terminal's own scrolling region.
Run: python benchmarks/references/curses_list.py FILE [TABS [WHO [KEYS]]]
"""

from __future__ import annotations

import curses
import locale
import sqlite3
import sys
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

FIRST_ROW = 3
LAST_LINES = 2
GUTTER, GAP, MARGIN = 4, 2, 1


class Column(NamedTuple):
    """Its place in a row that was read, its least width, its share of what is left over, when it goes (0: never)."""

    title: str
    source: int
    width: int
    grow: int
    drop: int
    right: bool = False


class Row(NamedTuple):
    """A client, and where it stands in the order of the list."""

    sort_name: str
    id: int
    favourite: int
    cells: tuple[str, ...]


COLUMNS = (
    Column("name ^", 0, 19, 3, 0),
    Column("email or phone", 1, 21, 3, 1),
    Column("mobile", 2, 16, 0, 5),
    Column("mail domain", 3, 14, 1, 6),
    Column("organization", 4, 13, 2, 2),
    Column("con", 5, 3, 0, 4, right=True),
    Column("opn", 6, 3, 0, 3, right=True),
    Column("status", 7, 11, 0, 0),
)
SELECT = """
    SELECT client.sort_name, client.id,
           EXISTS (SELECT 1 FROM favourite WHERE client_id = client.id AND staff_id = :staff),
           client.name, iif(client.email = '', client.mobile, client.email), client.mobile, client.mail_domain,
           coalesce((SELECT name FROM organization WHERE id = client.organization_id), ''),
           iif(client.contact_count, client.contact_count, ''), iif(client.open_incidents, client.open_incidents, ''),
           client.status
    FROM client
    WHERE archived_at IS NULL AND deleted_at IS NULL AND absorbed_into IS NULL
"""
AFTER = "AND (client.sort_name, client.id) > (:name, :id) ORDER BY client.sort_name, client.id LIMIT :limit"
BEFORE = "AND (client.sort_name, client.id) < (:name, :id) ORDER BY client.sort_name DESC, client.id DESC LIMIT :limit"
FIRST = "ORDER BY client.sort_name, client.id LIMIT :limit"
LAST = "ORDER BY client.sort_name DESC, client.id DESC LIMIT :limit"


class Shown(NamedTuple):
    """What stands around the list: all but the rows is given, so that it is what the console shows."""

    tabs: str = "1 Clients  2 Organizations"
    who: str = "root, admin"
    keys: str = "enter open  space mark  m menu  n new  u undo  / find  : run  ? help  q quit"


def cells_of(text: str) -> int:
    """The cells a text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1
        for one in text
    )


def fit(text: str, width: int, right: bool = False) -> str:
    """A text in exactly so many cells, cut with an ellipsis."""
    if cells_of(text) > width:
        while cells_of(text) > width - 1:
            text = text[:-1]
        text = text.rstrip() + "…"
    blanks = " " * (width - cells_of(text))
    return blanks + text if right else text + blanks


def placed(width: int) -> list[tuple[Column, int]]:
    """The columns that have room, with their widths."""
    shown = list(COLUMNS)
    room = width - GUTTER - MARGIN

    def needed() -> int:
        return sum(column.width for column in shown) + GAP * (len(shown) - 1)

    while needed() > room and any(column.drop for column in shown):
        shown.remove(max(shown, key=lambda column: column.drop))
    spare, shares = max(room - needed(), 0), sum(column.grow for column in shown)
    widths = [column.width + spare * column.grow // shares for column in shown]
    rest = spare - sum(widths) + sum(column.width for column in shown)
    for place, column in enumerate(shown):
        if column.grow and rest > 0:
            widths[place] += 1
            rest -= 1
    return list(zip(shown, widths, strict=True))


class Clients:
    """The list on the screen: a window of rows, the cursor in it."""

    def __init__(self, screen: curses.window, file: str, shown: Shown) -> None:
        self.screen, self.shown = screen, shown
        self.database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        login = shown.who.partition(",")[0]
        self.staff = self.database.execute("SELECT id FROM staff WHERE login = ?", [login]).fetchone()[0]
        self.height = screen.getmaxyx()[0] - FIRST_ROW - LAST_LINES
        self.columns = placed(screen.getmaxyx()[1])
        self.rows = self.read(FIRST)
        self.cursor = 0

    def read(self, where: str, beyond: Row | None = None, limit: int = 0) -> list[Row]:
        """A screen of rows in the order of the list."""
        given = {"staff": self.staff, "limit": limit or self.height}
        if beyond is not None:
            given |= {"name": beyond.sort_name, "id": beyond.id}
        found = [
            Row(name, number, favourite, tuple(map(str, cells)))
            for name, number, favourite, *cells in self.database.execute(SELECT + where, given)
        ]
        return found[::-1] if "DESC" in where else found

    # What is drawn

    def draw(self) -> None:
        """Everything once; after that only what differs."""
        self.screen.leaveok(True)
        self.screen.idlok(True)
        height, width = self.screen.getmaxyx()
        self.put_title(width)
        self.screen.addstr(1, 1, "/", curses.A_DIM)
        self.screen.addstr(1, width - 12, "all clients", curses.A_DIM)
        self.put_header()
        self.put_rows()
        self.put_keys(height - 1)

    def put_title(self, width: int) -> None:
        """The tabs, the first one current, and who is here."""
        first, _, others = self.shown.tabs.strip().partition("  ")
        self.screen.addstr(0, 1, first, curses.color_pair(1) | curses.A_BOLD)
        self.screen.addstr("  " + others)
        self.screen.addstr(0, width - 1 - len(self.shown.who), self.shown.who, curses.A_DIM)

    def put_header(self) -> None:
        """The titles of the columns; by which the rows are sorted."""
        x = GUTTER
        for column, width in self.columns:
            style = curses.color_pair(1) | curses.A_BOLD if column.title.endswith("^") else curses.A_DIM
            self.screen.addstr(FIRST_ROW - 1, x, fit(column.title, width, column.right), style)
            x += width + GAP

    def put_keys(self, line: int) -> None:
        """The last line: keys bold."""
        x = 1
        for part in self.shown.keys.strip().split("  "):
            key, _, title = part.partition(" ")
            self.screen.addstr(line, x, key, curses.A_BOLD)
            with suppress(curses.error):  # the cursor cannot go on after the last cell of the screen
                self.screen.addstr(line, x + len(key), f" {title}")
            x += len(part) + 2

    def put_rows(self) -> None:
        """The rows of the window."""
        for place in range(self.height):
            self.put_row(place)

    def put_row(self, place: int) -> None:
        """A row, reversed under the cursor."""
        line = FIRST_ROW + place
        self.screen.move(line, 0)
        if place >= len(self.rows):
            self.screen.clrtoeol()
            return
        row = self.rows[place]
        texts = (fit(row.cells[column.source], width, column.right) for column, width in self.columns)
        text = (" " * GAP).join(texts) + " " * MARGIN
        if place == self.cursor:
            self.screen.addstr(line, 0, f" {'*' if row.favourite else ' '}  {text}", curses.A_REVERSE)
            return
        self.screen.addstr(line, 0, "    " + text)
        if row.favourite:
            self.screen.addstr(line, 1, "*", curses.color_pair(1))

    # Keys

    def key(self, key: int) -> None:
        """Move, a row, a page, to an end."""
        if key in (curses.KEY_DOWN, ord("j")):
            self.move(1)
        elif key in (curses.KEY_UP, ord("k")):
            self.move(-1)
        elif key == curses.KEY_NPAGE:
            self.page(self.read(AFTER, self.rows[-1]), last=True)
        elif key == curses.KEY_PPAGE:
            self.page(self.read(BEFORE, self.rows[0]), last=False)
        elif key == curses.KEY_HOME:
            self.show(self.read(FIRST), 0)
        elif key == curses.KEY_END:
            found = self.read(LAST)
            self.show(found, len(found) - 1)

    def move(self, step: int) -> None:
        """A row down or up; at the edge the list scrolls by one."""
        target = self.cursor + step
        if 0 <= target < len(self.rows):
            former, self.cursor = self.cursor, target
            self.put_row(former)
            self.put_row(target)
            return
        beyond, edge = (AFTER, self.rows[-1]) if step > 0 else (BEFORE, self.rows[0])
        if found := self.read(beyond, edge, 1):
            kept = self.rows[1:] if step > 0 else self.rows[:-1]
            self.rows = kept + found if step > 0 else found + kept
            self.scroll(step)
            self.put_row(self.cursor - step)
            self.put_row(self.cursor)

    def scroll(self, step: int) -> None:
        """Scroll the rows by one; the region is there only now, for a row that fills its last line would scroll it."""
        last = self.screen.getmaxyx()[0] - 1
        self.screen.setscrreg(FIRST_ROW, last - LAST_LINES)
        self.screen.scrollok(True)
        self.screen.scroll(step)
        self.screen.scrollok(False)
        self.screen.setscrreg(0, last)

    def page(self, found: Sequence[Row], *, last: bool) -> None:
        """The next rows, the cursor on its line; at the end the last of them."""
        if not found:
            self.show(self.rows, len(self.rows) - 1 if last else 0)
            return
        rows = self.rows + list(found) if last else list(found) + self.rows
        self.show(rows[-self.height :] if last else rows[: self.height], self.cursor)

    def show(self, rows: list[Row], cursor: int) -> None:
        """Show other rows."""
        self.rows, self.cursor = rows, cursor
        self.put_rows()


def run(screen: curses.window, file: str, shown: Shown) -> None:
    """The program until q."""
    curses.use_default_colors()
    curses.curs_set(0)
    curses.init_pair(1, curses.COLOR_CYAN, -1)
    clients = Clients(screen, file, shown)
    clients.draw()
    while (key := screen.getch()) != ord("q"):
        clients.key(key)


def main() -> None:
    """The list of the clients in the file named first; then what stands around it, as `Shown` has it."""
    locale.setlocale(locale.LC_ALL, "")
    file, *shown = sys.argv[1:]
    curses.wrapper(run, file, Shown(*shown))


if __name__ == "__main__":
    main()
