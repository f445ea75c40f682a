"""The lines round a list: top, filter, status, keys, tabs, banner, facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import pytest
from rich.cells import cell_len
from textual.app import App
from textual.binding import Binding, BindingType
from textual.widget import Widget

from console.widgets.banner import BannerNote, WarningBanner
from console.widgets.facts import BLANK, Fact, Facts, Pair, Pairs
from console.widgets.filter_line import FilterLine
from console.widgets.key_line import KeyHint, KeyLine
from console.widgets.record_list import Column, RecordList
from console.widgets.said import Notice
from console.widgets.status_line import Kind, StatusLine
from console.widgets.tab_line import PanelTab, TabLine
from console.widgets.top_line import TopLine, TopTab
from tests.widgets.drawing import DrawingApp, screen_bytes, screen_lines
from tests.widgets.gallery import Gallery

TABS = (TopTab("clients", "1", "Clients"), TopTab("organizations", "2", "Organizations", 12))


def app_of(*widgets: Widget) -> DrawingApp:
    made: Sequence[Widget] = widgets
    return DrawingApp(lambda: made)


async def test_top_line_shows_tabs_then_a_trail() -> None:
    top = TopLine(TABS, "clients", right="ann, agent")
    async with app_of(top).run_test(size=(50, 3)) as pilot:
        await pilot.pause()
        assert (
            screen_lines(pilot.app)[0]
            == " 1 Clients  2 Organizations 12        ann, agent  "[:38] + " ann, agent "
        )
        assert "\x1b[1;36m1 Clients" in screen_bytes(pilot.app)
        top.show_tabs(TABS, "organizations")
        await pilot.pause()
        assert "\x1b[1;36m2 Organizations 12" in screen_bytes(pilot.app)
        top.show_trail(["Clients", "Anna [VIP]"])
        top.set_right("Tom is here too  ann, agent")
        await pilot.pause()
        assert screen_lines(pilot.app)[0].startswith(" Clients > Anna [VIP]")
        assert screen_lines(pilot.app)[0].endswith(" ann… ") is False


async def test_top_line_keeps_the_current_tab_where_it_is_narrow() -> None:
    async with app_of(TopLine(TABS, "organizations", right="ann")).run_test(size=(30, 3)) as pilot:
        await pilot.pause()
        assert screen_lines(pilot.app)[0] == " 1  2 Organizations 12    ann "


@pytest.mark.parametrize(
    ("kind", "colour"),
    [("info", ""), ("refusal", "\x1b[1;33m"), ("error", "\x1b[1;31m"), ("busy", "\x1b[2m")],
)
async def test_status_line_says_how_it_is_meant(kind: Kind, colour: str) -> None:
    status = StatusLine()
    async with app_of(status).run_test(size=(40, 3)) as pilot:
        status.show("Banned 3 clients · u undoes", kind)
        await pilot.pause()
        assert f" {colour}Banned 3 clients" in screen_bytes(pilot.app)
        status.clear()
        await pilot.pause()
        assert screen_lines(pilot.app)[0].strip() == ""


async def test_key_line_never_overflows_and_keeps_the_last_two() -> None:
    keys = [KeyHint(letter, "something") for letter in "abcdefgh"] + [
        KeyHint("?", "help"),
        KeyHint("q", "back"),
    ]
    line = KeyLine(keys)
    async with app_of(line).run_test(size=(80, 3)) as pilot:
        for width in (200, 80, 60, 40, 24):
            await pilot.resize_terminal(width, 3)
            await pilot.pause()
            shown = screen_lines(pilot.app)[0]
            assert shown.rstrip().endswith("? help  q back")
            assert "…" not in shown
            assert (shown.count("something") == 8) == (width == 200)


async def test_key_line_dims_what_cannot_be_done() -> None:
    line = KeyLine([KeyHint("m", "menu"), KeyHint("c", "credit", enabled=False), KeyHint("q", "back")])
    async with app_of(line).run_test(size=(40, 3)) as pilot:
        await pilot.pause()
        assert "\x1b[2mc credit\x1b[0m" in screen_bytes(pilot.app)
        line.set_keys([KeyHint("m", "menu"), KeyHint("c", "credit"), KeyHint("q", "back")])
        await pilot.pause()
        assert "\x1b[1mc\x1b[0m credit" in screen_bytes(pilot.app)


class TabApp(DrawingApp):
    def on_tab_line_selected(self, message: TabLine.Selected) -> None:
        self.keep(message)


async def test_tabs_are_selected_by_key_and_go_round() -> None:
    tabs = TabLine([PanelTab(name, name.title()) for name in ("summary", "access", "incidents")], "access")
    app = TabApp(lambda: [tabs])
    async with app.run_test(size=(60, 3)) as pilot:
        tabs.focus()
        await pilot.press("right", "right", "left", "left_square_bracket")
        assert tabs.current == "access"
        tabs.next()
        tabs.select("nothing like it")
        await pilot.pause()
        chosen = [message.tab_id for message in app.posted if isinstance(message, TabLine.Selected)]
        assert chosen == ["incidents", "summary", "incidents", "access", "incidents"]


async def test_tabs_that_do_not_fit_move_with_the_current_one() -> None:
    names = ("Summary", "Access", "Incidents", "Contacts", "Notes", "History")
    tabs = TabLine([PanelTab(name, name) for name in names])
    async with app_of(tabs).run_test(size=(32, 3)) as pilot:
        await pilot.pause()
        assert screen_lines(pilot.app)[0] == " Summary  Access  Incidents    >"
        tabs.select("Notes")
        await pilot.pause()
        assert screen_lines(pilot.app)[0] == "<Incidents  Contacts  Notes    >"
        tabs.select("History")
        await pilot.pause()
        assert screen_lines(pilot.app)[0].rstrip() == "<Contacts  Notes  History"


async def test_banner_puts_warnings_first_and_takes_no_room_without_notes() -> None:
    banner = WarningBanner()
    async with app_of(banner, StatusLine("below")).run_test(size=(60, 8)) as pilot:
        await pilot.pause()
        assert screen_lines(pilot.app)[0].strip() == "below"
        banner.set_notes(
            [BannerNote("Likes tea", warning=False), BannerNote("Abroad until Friday", "Tom, ends 27 Nov")]
        )
        await pilot.pause()
        lines = screen_lines(pilot.app)
        assert lines[0] == " ! Abroad until Friday                     Tom, ends 27 Nov "
        assert lines[1].strip() == "- Likes tea"
        assert lines[2].strip() == "below"
        banner.set_notes([BannerNote(f"note {number}") for number in range(7)])
        await pilot.pause()
        assert screen_lines(pilot.app)[2].strip() == "and 5 more"


async def test_facts_wrap_under_their_label() -> None:
    facts = Facts(
        [
            Fact("", ("Anna Kowalska",), "strong"),
            BLANK,
            Fact("email", ("anna@acme.pl", "anna.k@gmail.com")),
            Fact("org", ("Acme sp. z o.o., branch in Gdynia",)),
        ]
    )
    async with app_of(facts, StatusLine("below")).run_test(size=(28, 10)) as pilot:
        await pilot.pause()
        assert [line.rstrip() for line in screen_lines(pilot.app)][:8] == [
            " Anna Kowalska",
            "",
            " email anna@acme.pl",
            "       anna.k@gmail.com",
            " org   Acme sp. z o.o.,",
            "       branch in Gdynia",
            " below",
            "",
        ]
        facts.set_facts([Fact("email", ("anna@acme.pl",))])
        await pilot.pause()
        assert screen_lines(pilot.app)[1].strip() == "below"


async def test_a_long_value_is_cut_after_its_lines() -> None:
    facts = Facts([Fact("note", ("word " * 1000,))], most_lines=3)
    async with app_of(facts).run_test(size=(30, 10)) as pilot:
        await pilot.pause()
        assert screen_lines(pilot.app)[2].rstrip().endswith("…")
        assert screen_lines(pilot.app)[3].strip() == ""


async def test_pairs_align_their_parts() -> None:
    pairs = Pairs(
        [Pair("incidents", ("new 1", "overdue 1", "open 3"), frozenset({1})), Pair("credit", ("2 h", "4"))]
    )
    async with app_of(pairs).run_test(size=(60, 4)) as pilot:
        await pilot.pause()
        first, second, *_ = screen_lines(pilot.app)
        assert first.index("overdue") == second.index("4")
        assert "\x1b[1;33moverdue 1" in screen_bytes(pilot.app)


class FilterApp(DrawingApp):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("b", "ban", "Ban")]

    def __init__(self) -> None:
        super().__init__(lambda: [FilterLine("all · 214 match"), RecordList([Column("name", "name", 10)])])
        self.banned = False

    def action_ban(self) -> None:
        self.banned = True

    def on_filter_line_changed(self, message: FilterLine.Changed) -> None:
        self.keep(message)

    def on_filter_line_left(self, message: FilterLine.Left) -> None:
        self.keep(message)
        self.query_one(RecordList).focus()


async def test_filter_posts_what_is_typed_and_letters_run_nothing() -> None:
    app = FilterApp()
    async with app.run_test(size=(80, 8)) as pilot:
        line = app.query_one(FilterLine)
        line.focus_field()
        await pilot.press("k", "o", "b")
        assert [message.value for message in app.posted if isinstance(message, FilterLine.Changed)][
            -1
        ] == "kob"
        assert not app.banned
        assert screen_lines(app)[0].startswith(" / kob ")
        assert screen_lines(app)[0].endswith(" all · 214 match ")
        line.set_summary("all · 1 match")
        await pilot.pause()
        assert screen_lines(app)[0].endswith("    all · 1 match ")


@pytest.mark.parametrize("key", ["escape", "enter", "down", "ctrl+g"])
async def test_filter_gives_the_keys_back(key: str) -> None:
    app = FilterApp()
    async with app.run_test(size=(80, 8)) as pilot:
        app.query_one(FilterLine).focus_field()
        await pilot.press("x", key)
        assert isinstance(app.posted[-1], FilterLine.Left)
        assert isinstance(app.focused, RecordList)
        await pilot.press("b")
        assert app.banned
        assert app.query_one(FilterLine).value == "x"


def focused_line(app: App[None]) -> str:
    """The text that is drawn in reverse: where the keys go."""
    return screen_bytes(app).partition("\x1b[7m")[2].partition("\x1b[0m")[0]


async def test_focus_is_visible_without_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    tabs = TabLine([PanelTab("one", "One"), PanelTab("two", "Two")], "two")
    async with app_of(tabs, StatusLine("error", "error")).run_test(size=(40, 4)) as pilot:
        tabs.focus()
        await pilot.pause()
        assert focused_line(pilot.app) == " Two "
        written = screen_bytes(pilot.app)
        assert "38;" not in written
        assert "\x1b[1merror" in written


async def test_a_notice_wraps_in_a_tiny_terminal() -> None:
    notice = Notice("The console needs 80 by 24. Enlarge it, or press q to leave.")
    async with app_of(notice).run_test(size=(20, 5)) as pilot:
        await pilot.pause()
        assert [line.strip() for line in screen_lines(pilot.app)][:2] == [
            "The console needs",
            "80 by 24. Enlarge",
        ]


@pytest.mark.parametrize("scene", ["clients", "client", "menu", "prompt", "note", "filter"])
async def test_every_scene_lives_at_any_size(scene: str) -> None:
    app = Gallery(scene)
    async with app.run_test(size=(80, 24)) as pilot:
        for size in ((20, 5), (5, 2), (1, 1), (60, 15), (200, 60)):
            await pilot.resize_terminal(*size)
            await pilot.press("down", "up")
            assert [cell_len(line) for line in screen_lines(app)] == [size[0]] * size[1]


class PaletteGallery(Gallery):
    ENABLE_COMMAND_PALETTE = True


@pytest.mark.parametrize(("no_color", "look"), [("", "\x1b[30;47m"), ("1", "\x1b[1;4m")])
async def test_the_palette_wears_the_same_look(
    monkeypatch: pytest.MonkeyPatch, no_color: str, look: str
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    if no_color:
        monkeypatch.setenv("NO_COLOR", no_color)
    app = PaletteGallery("clients")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+p")
        await pilot.pause(0.5)
        lines = screen_lines(app)
        assert lines[0].startswith(" Search for commands")
        assert lines[1].strip() == "Keys"
        assert f"{look}Keys" in screen_bytes(app)
        assert "┃" not in "".join(lines)
