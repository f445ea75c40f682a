"""Every payload through every widget: it lives, writes nothing but its own sequences, and stays aligned."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from rich.cells import cell_len
from textual import events
from textual.widget import Widget

from console.widgets.action_menu import ActionMenu, MenuItem
from console.widgets.banner import BannerNote, WarningBanner
from console.widgets.facts import Fact, Facts, Pair, Pairs
from console.widgets.filter_line import FilterLine
from console.widgets.key_line import KeyHint, KeyLine
from console.widgets.note_prompt import NotePrompt
from console.widgets.prompt import Ask, Prompt
from console.widgets.record_list import Column, ListRow, RecordList
from console.widgets.status_line import StatusLine
from console.widgets.tab_line import PanelTab, TabLine
from console.widgets.top_line import TopLine, TopTab
from tests.hostile.payloads import PAYLOADS
from tests.widgets.drawing import DrawingApp, foreign_characters, screen_bytes, screen_lines

SIZE = (80, 24)
WIDTH_CHANGING = "\u200d\ufe0f"
"""The guard leaves the emoji joiner and selector, which Textual counted with their neighbours."""


class HostileApp(DrawingApp):
    """Fills every widget with one text."""

    def __init__(self, *, guarded: bool = True) -> None:
        super().__init__(self.make, guarded=guarded)

    def make(self) -> Sequence[Widget]:
        columns = (
            Column("name", "name", 16, grow=1),
            Column("mail", "email", 20),
            Column("end", "status", 8),
        )
        return (
            TopLine(),
            WarningBanner(),
            TabLine([PanelTab("one", "One")]),
            FilterLine(),
            Facts(),
            Pairs(),
            RecordList(columns),
            StatusLine(),
            ActionMenu(),
            KeyLine(),
        )

    def fill(self, text: str) -> None:
        self.query_one(TopLine).show_trail(["Clients", text])
        self.query_one(TopLine).set_right(text)
        self.query_one(WarningBanner).set_notes([BannerNote(text, text)])
        self.query_one(FilterLine).set_summary(text)
        self.query_one(Facts).set_facts([Fact("name", (text,)), Fact("", (text,))])
        self.query_one(Pairs).set_pairs([Pair("credit", (text, "end"))])
        rows = [ListRow(1, (text, text, "end")), ListRow(2, ("plain", "plain", "end"))]
        self.query_one(RecordList).set_window(rows)
        self.query_one(StatusLine).show(text, "refusal")
        self.query_one(KeyLine).set_keys([KeyHint("q", "quit")])


def assert_inert(app: DrawingApp) -> None:
    """The screen holds whole lines, and its bytes nothing a terminal would obey but the console's own."""
    assert all(cell_len(line) == SIZE[0] for line in screen_lines(app))
    assert foreign_characters(screen_bytes(app)) == set()


def column_of(line: str, word: str) -> int:
    return cell_len(line[: line.rindex(word)])


# Without the guard: the widgets themselves must let nothing through, else the guard hides their faults.
@pytest.mark.parametrize("guarded", [True, False])
async def test_payloads_as_data_are_inert_and_aligned(guarded: bool) -> None:
    app = HostileApp(guarded=guarded)
    async with app.run_test(size=SIZE) as pilot:
        for name, text in PAYLOADS.items():
            app.fill(text)
            await pilot.pause()
            assert_inert(app)
            lines = screen_lines(app)
            first = next(number for number, line in enumerate(lines) if "status" in line)
            assert column_of(lines[first + 1], "end") == column_of(lines[first], "status"), name
            assert column_of(lines[first + 2], "end") == column_of(lines[first], "status"), name


async def test_payloads_in_titles_labels_and_reasons_are_inert() -> None:
    app = HostileApp(guarded=False)
    async with app.run_test(size=SIZE) as pilot:
        for text in PAYLOADS.values():
            app.query_one(TopLine).show_tabs([TopTab("x", "1", text, 3), TopTab("y", "2", "Clients")], "y")
            app.query_one(RecordList).show_error(text)
            app.query_one(KeyLine).set_keys([KeyHint("q", text), KeyHint("?", "help"), KeyHint("q", "back")])
            app.query_one(ActionMenu).open(
                [(text, [MenuItem("a", "a", text, text), MenuItem("b", "b", text)])]
            )
            await pilot.pause()
            assert_inert(app)
            assert "help" in screen_lines(app)[-1]


def prompt(text: str) -> Callable[[DrawingApp], None]:
    return lambda app: app.query_one(Prompt).ask(
        Ask("x", f"Ban {text}:", choices=(text, "other"), default=text[:5000])
    )


def note(text: str) -> Callable[[DrawingApp], None]:
    return lambda app: app.query_one(NotePrompt).ask("x", f"Note on {text}:", text=text[:5000])


# Text fields are Textual's own; what was put into them goes through the guard as well.
@pytest.mark.parametrize("opened", [prompt, note])
async def test_payloads_in_questions_are_inert(opened: Callable[[str], Callable[[DrawingApp], None]]) -> None:
    app = DrawingApp(lambda: (RecordList(()), StatusLine(), Prompt(), NotePrompt(), KeyLine()))
    async with app.run_test(size=SIZE) as pilot:
        for text in PAYLOADS.values():
            opened(text)(app)
            await pilot.pause()
            assert foreign_characters(screen_bytes(app)) == set()


async def test_payloads_pasted_into_the_filter_are_inert() -> None:
    app = HostileApp()
    async with app.run_test(size=SIZE) as pilot:
        app.query_one(FilterLine).focus_field()
        for text in PAYLOADS.values():
            app.query_one(FilterLine).value = ""
            app.post_message(events.Paste(text[:3000]))
            await pilot.pause()
            assert foreign_characters(screen_bytes(app)) <= set(WIDTH_CHANGING)


async def test_text_that_looks_like_markup_is_shown_whole() -> None:
    app = HostileApp()
    async with app.run_test(size=SIZE) as pilot:
        app.fill("[EXTERNAL] [/foo] \\")
        await pilot.pause()
        shown = "\n".join(screen_lines(app))
        assert shown.count("[EXTERNAL] [/foo] \\") >= 5
