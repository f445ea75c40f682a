"""The settings, for admins: four tabs, each a screen of its own, so that its keys are those of what it shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from console.commands import Ask, Command, by_id
from console.data import departments_admin, settings, staffing
from console.data.paging import At
from console.data.plain import YES_NO
from console.data.records import Department, Page, Setting, Sort, StaffMember
from console.screens import keys
from console.screens.desk_screen import DeskScreen
from console.screens.list_screen import ListScreen
from console.widgets.filter_line import FilterLine
from console.widgets.record_list import Column, ListRow, RecordList, RowFlags
from console.widgets.said import Notice
from console.widgets.tab_line import PanelTab, TabLine
from console.widgets.top_line import TopLine

TABS = (
    PanelTab("clients", "Clients"),
    PanelTab("departments", "Departments"),
    PanelTab("staff", "Staff"),
    PanelTab("retention", "Retention"),
)
_SETTINGS = (
    Column("setting", "setting", 22),
    Column("set_to", "is", 10),
    Column("about", "what it does", 20, grow=1),
)
_DEPARTMENTS = (
    Column("name", "department", 18, grow=2),
    Column("email", "email", 18, grow=1, drop=1),
    Column("access", "open to", 7),
    Column("billing", "billing", 9),
    Column("schedule", "hours", 12, drop=2),
    Column("staff", "staff", 5, align="right"),
    Column("incidents", "opn", 4, align="right"),
    Column("state", "", 10),
)
_STAFF = (
    Column("login", "login", 12),
    Column("name", "name", 16, grow=2),
    Column("role", "role", 6),
    Column("departments", "departments", 14, grow=2),
    Column("email", "email", 18, grow=1, drop=1),
    Column("state", "", 10),
)


class SettingsTab(DeskScreen):
    """One of the tabs. ``tab`` is its id."""

    @property
    def tab(self) -> str:
        """Which tab this is."""
        return self.PLACE

    def tab_line(self) -> TabLine:
        """The tabs, this one current."""
        return TabLine(TABS, self.tab, id="tabs")

    def show_where(self) -> None:
        """The way here."""
        self.query_one("#top", TopLine).show_trail(("Settings",))

    def do_next_tab(self) -> None:
        """The tab to the right; after the last, the first."""
        self.query_one("#tabs", TabLine).next()

    def do_previous_tab(self) -> None:
        """The tab to the left; before the first, the last."""
        self.query_one("#tabs", TabLine).previous()

    def do_settings(self) -> None:
        """They are open already."""
        self.tell("These are the settings. left and right go through the tabs, q goes back.")

    @on(TabLine.Selected)
    def _tab_selected(self, event: TabLine.Selected) -> None:
        self.app.switch_screen(screen_of(event.tab_id))

    @on(RecordList.MarkToggled)
    def _row_marked(self) -> None:
        self.tell("Rows are marked in the list of clients.", "refusal")


class SettingsScreen(SettingsTab):
    """The settings of one group as rows: what each is, and what it does."""

    PLACE: ClassVar[str] = "settings"
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("settings")

    def __init__(self, group: str) -> None:
        super().__init__()
        self._group = group
        self._shown: Sequence[Setting] = ()
        self._setting = ""

    @property
    def tab(self) -> str:
        """See ``SettingsTab``."""
        return self._group

    def body(self) -> Iterable[Widget]:
        """The tabs, the settings, and the one under the cursor in full."""
        yield self.tab_line()
        yield RecordList(_SETTINGS, narrow=True, empty_text="There is nothing to set here yet.", id="list")
        yield Notice(style="dim", id="about")

    @property
    def listing(self) -> RecordList:
        """The settings."""
        return self.query_one("#list", RecordList)

    def on_mount(self) -> None:
        """Name the screen at once."""
        self.show_where()
        self.listing.focus()

    async def load(self) -> None:
        """All settings of the group."""
        async with self.desk_app.desk.read() as connection:
            known = settings.shown(await settings.load(connection))
        if not self.is_attached:
            return
        self._shown = [one for one in known if one.group == self._group]
        self.listing.set_window([_setting_row(number, one) for number, one in enumerate(self._shown)])
        self._explain()

    @on(RecordList.Highlighted)
    def _highlighted(self) -> None:
        self._explain()

    def _explain(self) -> None:
        """The setting under the cursor in full: it may be too long for its line."""
        one = self._current()
        text = f"{one.about} It can be {one.allowed}; usually {one.default or 'empty'}." if one else ""
        self.query_one("#about", Notice).say(text)

    def _current(self) -> Setting | None:
        row = self.listing.cursor_id
        return self._shown[row] if row is not None and row < len(self._shown) else None

    # Changing

    @on(RecordList.Opened)
    def _row_opened(self) -> None:
        self.begin(by_id("setting.put"))

    def begin(self, command: Command, first: str = "") -> None:
        """Yes and no turn at once; what else a setting can be is asked."""
        if command.id != "setting.put":
            super().begin(command, first)
            return
        one = self._current()
        reason = command.disabled_reason(None, self.desk_app.actor)
        if reason is not None or one is None:
            self.tell(reason or "There is nothing under the cursor.", "refusal")
            return
        self._setting = one.name
        if one.choices == YES_NO:
            self.execute(command, [], {"value": "no" if one.value == "yes" else "yes"})
            return
        number = one.value.isdecimal()  # written anew sooner than mended
        default = "" if number else one.value
        ask = Ask("value", f"Write {one.allowed}", required=number, choices=one.choices, default=default)
        super().begin(replace(command, title=one.title, asks=(ask,)))

    def execute(self, command: Command, ids: Sequence[int], answers: dict[str, str]) -> None:
        """See ``DeskScreen``; the answer is about the setting that was asked for."""
        named = {"name": self._setting} if command.id == "setting.put" else {}
        super().execute(command, ids, {**answers, **named})


def _setting_row(number: int, one: Setting) -> ListRow:
    return ListRow(number, {"setting": one.title, "set_to": one.value or "-", "about": one.about})


class DepartmentsScreen(SettingsTab, ListScreen[Department]):
    """All departments, those that are not active as well."""

    PLACE: ClassVar[str] = "departments"
    LEAVE: ClassVar[str] = "back"
    COLUMNS = _DEPARTMENTS
    SORTS = tuple(departments_admin.SORTS)
    NOUN = "departments"
    EMPTY = "No departments yet, so nobody can submit anything. n adds one."
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("departments")

    def body(self) -> Iterable[Widget]:
        """The tabs above the list."""
        yield self.tab_line()
        yield from ListScreen.body(self)

    async def fetch(self, at: At, limit: int) -> Page[Department]:
        """See ``ListScreen``."""
        async with self.desk_app.desk.read() as connection:
            return await departments_admin.page(connection, self.text, self.sort, at=at, limit=limit)

    async def matching(self) -> int | None:
        """See ``ListScreen``."""
        async with self.desk_app.desk.read() as connection:
            return await departments_admin.count(connection, self.text)

    def row(self, record: Department) -> ListRow:
        """See ``ListScreen``."""
        credit = "+" if record.credit_required else ""
        return ListRow(
            record.id,
            {
                "name": record.name,
                "email": record.email,
                "access": "all" if record.open_to_all else "some",
                "billing": record.billing + credit,
                "schedule": record.schedule,
                "staff": str(record.staff or ""),
                "incidents": _up_to(record.open_incidents, departments_admin.OPEN_SHOWN),
                "state": "" if record.active else "not active",
            },
            RowFlags(dim=not record.active),
        )

    def target(self) -> Department | None:
        """The department under the cursor."""
        row = self.listing.cursor_id
        return None if row is None else self.records.get(row)

    def targets(self) -> list[int]:
        """See ``DeskScreen``."""
        return [one.id] if (one := self.target()) else []

    def open_record(self, record_id: int) -> None:
        """Enter edits it."""
        self.begin(by_id("department.edit"))

    def do_back(self) -> None:
        """A filter is emptied first."""
        _back(self, self.text)


class StaffScreen(SettingsTab, ListScreen[StaffMember]):
    """All staff, those who are not active as well."""

    PLACE: ClassVar[str] = "staff"
    LEAVE: ClassVar[str] = "back"
    COLUMNS = _STAFF
    SORTS = tuple(staffing.SORTS)
    NOUN = "staff"
    EMPTY = "No staff yet. n adds somebody."
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("staff")

    def __init__(self) -> None:
        super().__init__()
        self.sort = Sort("login")

    def body(self) -> Iterable[Widget]:
        """The tabs above the list."""
        yield self.tab_line()
        yield from ListScreen.body(self)

    async def fetch(self, at: At, limit: int) -> Page[StaffMember]:
        """See ``ListScreen``."""
        async with self.desk_app.desk.read() as connection:
            return await staffing.page(connection, self.text, self.sort, at=at, limit=limit)

    async def matching(self) -> int | None:
        """See ``ListScreen``."""
        async with self.desk_app.desk.read() as connection:
            return await staffing.count(connection, self.text)

    def row(self, record: StaffMember) -> ListRow:
        """See ``ListScreen``."""
        me = "you" if record.id == self.desk_app.actor.staff_id else ""
        return ListRow(
            record.id,
            {
                "login": record.login,
                "name": record.name,
                "role": record.role,
                "departments": ", ".join(record.departments),
                "email": record.email,
                "state": me if record.active else "not active",
            },
            RowFlags(dim=not record.active),
        )

    def target(self) -> StaffMember | None:
        """Who is under the cursor."""
        row = self.listing.cursor_id
        return None if row is None else self.records.get(row)

    def targets(self) -> list[int]:
        """See ``DeskScreen``."""
        return [one.id] if (one := self.target()) else []

    def open_record(self, record_id: int) -> None:
        """Enter edits them."""
        self.begin(by_id("staff.edit"))

    def do_back(self) -> None:
        """A filter is emptied first."""
        _back(self, self.text)


def _back(screen: SettingsTab, text: str) -> None:
    if text:
        screen.query_one("#filter", FilterLine).value = ""
    else:
        screen.app.pop_screen()


def _up_to(count: int, most: int) -> str:
    return "" if not count else f"{most - 1}+" if count >= most else str(count)


def screen_of(tab: str) -> SettingsTab:
    """The screen of a tab, by the tab's id."""
    if tab == "departments":
        return DepartmentsScreen()
    return StaffScreen() if tab == "staff" else SettingsScreen(tab)
