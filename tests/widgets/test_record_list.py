"""The windowed list: what it draws, what it asks for, where its cursor stays."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

import pytest
from textual.message import Message
from textual.pilot import Pilot
from textual.widget import Widget

from console.widgets.record_list import Column, ListRow, RecordList, RowFlags
from tests.widgets.drawing import DrawingApp, screen_lines

Taken = TypeVar("Taken", bound=Message)
COLUMNS = (
    Column("name", "name", 12, grow=2),
    Column("email", "email", 14, grow=1, drop=1),
    Column("open", "opn", 3, align="right", drop=2),
    Column("status", "status", 11),
)
HEIGHT = 10
SIZE = (60, HEIGHT + 1)


def row(number: int, **flags: bool) -> ListRow:
    return ListRow(
        number, (f"name {number}", f"m{number}@acme.pl", str(number), "approved"), RowFlags(**flags)
    )


def rows(start: int, end: int) -> list[ListRow]:
    return [row(number) for number in range(start, end)]


class ListApp(DrawingApp):
    """Keeps what the list posts."""

    def on_record_list_highlighted(self, message: RecordList.Highlighted) -> None:
        self.keep(message)

    def on_record_list_opened(self, message: RecordList.Opened) -> None:
        self.keep(message)

    def on_record_list_mark_toggled(self, message: RecordList.MarkToggled) -> None:
        self.keep(message)

    def on_record_list_need_more(self, message: RecordList.NeedMore) -> None:
        self.keep(message)

    def on_record_list_need_end(self, message: RecordList.NeedEnd) -> None:
        self.keep(message)

    def taken(self, kind: type[Taken]) -> list[Taken]:
        return [message for message in self.posted if isinstance(message, kind)]


@asynccontextmanager
async def shown_list(
    size: tuple[int, int] = SIZE, columns: Sequence[Column] = COLUMNS
) -> AsyncIterator[tuple[ListApp, RecordList, Pilot[None]]]:
    made = RecordList(columns, loading_text="Loading clients…", empty_text="No clients yet.")

    def make() -> list[Widget]:
        return [made]

    app = ListApp(make)
    async with app.run_test(size=size) as pilot:
        made.focus()
        await pilot.pause()
        yield app, made, pilot


async def test_it_says_that_it_loads_and_keys_do_no_harm() -> None:
    async with shown_list() as (app, shown, pilot):
        assert "Loading clients…" in screen_lines(app)[2]
        await pilot.press("down", "up", "pagedown", "pageup", "home", "end", "space", "enter", "G", "g")
        assert app.posted == []
        assert shown.cursor_id is None


async def test_it_says_that_nothing_is_there() -> None:
    async with shown_list() as (app, shown, pilot):
        shown.set_window([])
        await pilot.press("down", "space", "enter", "end", "pagedown")
        assert screen_lines(app)[2].strip() == "No clients yet."
        shown.set_empty_text("No client matches kowal.")
        await pilot.pause()
        assert screen_lines(app)[2].strip() == "No client matches kowal."


async def test_it_says_why_rows_cannot_be_shown_and_recovers() -> None:
    async with shown_list() as (app, shown, pilot):
        shown.set_window(rows(0, 3))
        shown.show_error("The database is locked. r tries again.")
        await pilot.press("down")
        assert "The database is locked. r tries again." in screen_lines(app)[2]
        shown.set_window(rows(0, 3))
        await pilot.pause()
        assert "name 0" in screen_lines(app)[1]


async def test_rows_stand_in_columns_with_their_signs() -> None:
    async with shown_list() as (app, shown, pilot):
        shown.set_window(
            [row(1, favourite=True), row(2, marked=True, favourite=True, warning=True), row(3, warning=True)]
        )
        await pilot.pause()
        header, *lines = screen_lines(app)
        assert lines[0].startswith(" *  name 1")
        assert lines[1].startswith(">*! name 2")
        assert lines[2].startswith("  ! name 3")
        assert header.index("status") == lines[0].index("approved")
        assert header.index("opn") + 2 == lines[0].index(" 1  approved") + 1


async def test_narrow_terminals_drop_columns_in_their_order() -> None:
    async with shown_list((80, HEIGHT + 1)) as (app, shown, pilot):
        shown.set_window(rows(0, 3))
        for width, titles in ((80, "name email opn status"), (46, "name email status"), (34, "name status")):
            await pilot.resize_terminal(width, HEIGHT + 1)
            await pilot.pause()
            assert screen_lines(app)[0].split() == titles.split()
            assert all(len(line) == width for line in screen_lines(app))


async def test_the_sorted_column_is_marked() -> None:
    async with shown_list() as (app, shown, pilot):
        shown.set_sort("name")
        await pilot.pause()
        assert "name ^" in screen_lines(app)[0]
        shown.set_sort("open", descending=True)
        await pilot.pause()
        assert " opnv " in screen_lines(app)[0]


async def test_the_cursor_moves_and_opens() -> None:
    async with shown_list() as (app, shown, pilot):
        shown.set_window(rows(0, 30))
        await pilot.press("down", "j", "j", "k", "enter")
        assert shown.cursor_id == 2
        assert [message.row_id for message in app.taken(RecordList.Opened)] == [2]
        await pilot.press("pagedown")
        assert shown.cursor_id == 12
        assert [shown_row.id for shown_row in shown.visible_rows] == list(range(10, 20))
        await pilot.press("end")
        assert shown.cursor_id == 29
        await pilot.press("g")
        assert shown.cursor_id == 0
        assert app.taken(RecordList.Highlighted)[-1].row_id == 0


async def test_highlights_come_in_bursts_as_their_last() -> None:
    async with shown_list() as (app, shown, pilot):
        shown.set_window(rows(0, 30))
        await pilot.pause()
        app.posted.clear()
        for _ in range(8):
            shown.action_move(1)
        await pilot.pause()
        assert [message.row_id for message in app.taken(RecordList.Highlighted)] == [8]


async def test_space_marks_and_goes_on() -> None:
    async with shown_list() as (app, shown, pilot):
        shown.set_window(rows(0, 5))
        await pilot.press("space")
        assert [message.row_id for message in app.taken(RecordList.MarkToggled)] == [0]
        shown.update_rows([row(0, marked=True)])
        await pilot.pause()
        assert screen_lines(app)[1].startswith(">")
        assert shown.cursor_id == 1


async def test_more_is_asked_once_and_memory_stays_bounded() -> None:
    async with shown_list() as (app, shown, pilot):
        shown.set_window(rows(0, 2 * HEIGHT), has_after=True)
        await pilot.press("pagedown", "down", "down")
        asked = app.taken(RecordList.NeedMore)
        assert [(message.before, message.anchor_id) for message in asked] == [(False, 19)]
        for page in range(2, 40):
            shown.extend_after(rows(page * HEIGHT, (page + 1) * HEIGHT), has_after=True)
            shown.action_page(1)
            assert len(shown.rows) <= 5 * HEIGHT
        assert shown.cursor_id == 12 + 38 * HEIGHT
        await pilot.press("pageup", "pageup", "pageup")
        assert app.taken(RecordList.NeedMore)[-1].before
        first = shown.rows[0].id
        shown.extend_before(rows(first - HEIGHT, first), has_before=True)
        assert shown.rows[0].id == first - HEIGHT
        assert shown.cursor_id == 12 + 35 * HEIGHT


async def test_a_step_beyond_what_is_held_is_taken_when_it_comes() -> None:
    async with shown_list() as (_, shown, pilot):
        shown.set_window(rows(0, 12), has_after=True)
        await pilot.press("pagedown", "pagedown")
        assert shown.cursor_id == 11
        shown.extend_after(rows(12, 40), has_after=False)
        assert shown.cursor_id == 20


async def test_an_empty_answer_is_not_asked_again_until_a_key() -> None:
    async with shown_list() as (app, shown, pilot):
        shown.set_window(rows(0, 12), has_after=True)
        await pilot.press("down", "down")
        shown.extend_after([], has_after=True)
        await pilot.pause()
        assert len(app.taken(RecordList.NeedMore)) == 1
        await pilot.press("down")
        assert len(app.taken(RecordList.NeedMore)) == 2


async def test_the_far_end_is_asked_for() -> None:
    async with shown_list() as (app, shown, pilot):
        shown.set_window(rows(0, 20), has_after=True)
        await pilot.press("G", "end")
        assert [message.last for message in app.taken(RecordList.NeedEnd)] == [True]
        shown.set_window(rows(900, 1000), has_before=True, cursor_id=999)
        await pilot.pause()
        assert shown.visible_rows[-1].id == 999
        assert shown.cursor_id == 999


async def test_the_cursor_stays_on_its_record_and_line() -> None:
    async with shown_list() as (app, shown, pilot):
        shown.set_window(rows(0, 30))
        await pilot.press("pagedown", "down", "down")
        line = next(number for number, text in enumerate(screen_lines(app)) if "name 12" in text)
        shown.set_window([row(100), row(101), *rows(5, 30)])
        await pilot.pause()
        assert shown.cursor_id == 12
        assert "name 12 " in screen_lines(app)[line]
        shown.set_window([*rows(0, 12), *rows(13, 30)])
        assert shown.cursor_id == 13
        shown.set_window(rows(0, 4))
        assert shown.cursor_id == 3


async def test_resizing_keeps_the_cursor_on_screen() -> None:
    async with shown_list() as (_, shown, pilot):
        shown.set_window(rows(0, 30))
        await pilot.press("pagedown", "down", "down", "down", "down", "down")
        await pilot.resize_terminal(60, 5)
        await pilot.pause()
        assert shown.cursor_id in [shown_row.id for shown_row in shown.visible_rows]
        assert len(shown.visible_rows) == 4


@pytest.mark.parametrize(
    "name",
    [
        "日本語株式会社",
        "e\u0301lodie",
        "עברית שם",
        "محمد علي",
        "👨\u200d👩\u200d👧 Nowak",
        "🇵🇱 Anna",
        "a\tb\nc",
        "Zażółć",
    ],
)
async def test_names_of_any_script_stay_aligned(name: str) -> None:
    async with shown_list() as (app, shown, pilot):
        shown.set_window([row(0), ListRow(1, (name * 3, name, "1", "banned"))])
        await pilot.pause()
        strips = app.screen._compositor.render_strips()
        cells_before = strips[2].crop(0, strips[1].text.index("approved"))
        assert strips[2].text.endswith("banned" + " " * 6)
        assert cells_before.text + strips[2].text[len(cells_before.text) :] == strips[2].text
        assert strips[2].text[len(cells_before.text) :].startswith("banned")


async def test_moving_the_cursor_repaints_two_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    async with shown_list() as (_, shown, pilot):
        shown.set_window(rows(0, 9))
        await pilot.pause()
        drawn: list[int] = []
        original = RecordList.render_line

        def counting(self: RecordList, y: int) -> object:
            drawn.append(y)
            return original(self, y)

        monkeypatch.setattr(RecordList, "render_line", counting)
        await pilot.press("down")
        assert sorted(drawn) == [1, 2]


async def test_replacing_equal_rows_repaints_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with shown_list() as (_, shown, pilot):
        shown.set_window(rows(0, 9))
        await pilot.pause()
        drawn: list[int] = []
        original = RecordList.render_line

        def counting(self: RecordList, y: int) -> object:
            drawn.append(y)
            return original(self, y)

        monkeypatch.setattr(RecordList, "render_line", counting)
        shown.set_window([*rows(0, 4), row(4, favourite=True), *rows(5, 9)])
        await pilot.pause()
        assert drawn == [5]


async def test_the_cursor_is_put_on_a_row_by_its_id() -> None:
    async with shown_list() as (_, shown, pilot):
        assert not shown.move_to(3)
        shown.set_window(rows(0, 30))
        assert shown.move_to(25)
        await pilot.pause()
        assert shown.cursor_id == 25
        assert 25 in [shown_row.id for shown_row in shown.visible_rows]
        assert not shown.move_to(99)
