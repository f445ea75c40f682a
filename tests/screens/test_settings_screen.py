"""The settings of admins: four tabs worked by keys; why others do not get in; how they look."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from syrupy.assertion import SnapshotAssertion

from console.commands import for_place
from console.data import settings, staffing
from console.data.models.staff import staff_department
from console.screens import keys
from console.screens.form import FormScreen
from console.widgets.form_fields import FieldRow
from console.widgets.key_line import KeyLine
from tests.colleagues import add_staff
from tests.databases import SqliteFiles
from tests.screens.driving import (
    Console,
    answer,
    line_with,
    listing,
    open_console,
    place,
    press,
    prompt,
    said,
    screen,
    text,
    the_app,
    type_filter,
    until,
)
from tests.screens.making import LOGIN, House, house, noon
from tests.screens.test_snapshots import SIZES, Picture, comparable

PLACES = ("settings", "departments", "staff")
CLIENTS, DEPARTMENTS, STAFF, RETENTION = (
    ("comma",),
    ("comma", "right"),
    ("comma", "right", "right"),
    ("comma", "left"),
)


@pytest.fixture
async def admins(sqlite_url: str) -> AsyncIterator[House]:
    """A desk where Ann, who opens the console, is an admin beside the boss."""
    async with house(sqlite_url, role="admin") as home:
        yield home


def names(pilot: Console, key: str) -> list[str]:
    """A column of the list, top to bottom."""
    return [dict(row.cells)[key] for row in listing(pilot).visible_rows]  # type: ignore[arg-type]


async def to(pilot: Console, key: str, wanted: str) -> None:
    """Put the cursor on the row that has this in a column."""
    await press(pilot, "g", *("j",) * names(pilot, key).index(wanted))


async def fill(pilot: Console, **texts: str) -> None:
    """Fill fields of the form that is open, and save it."""
    form = pilot.app.screen
    assert isinstance(form, FormScreen), form
    for name, value in texts.items():
        row = next(one for one in form.query(FieldRow) if one.field_name == name)
        row.set_text(value)
    await press(pilot, "f2")


async def test_from_anywhere_to_the_settings_through_the_tabs_and_back(admins: House) -> None:
    await admins.client("Anna")
    async with open_console(admins.url) as pilot:
        for way in ((), ("enter",)):
            await press(pilot, *way, "comma")
            assert place(pilot) == "settings"
            assert "Auto approve" in text(pilot)
            for there in ("departments", "staff", "settings", "settings", "departments"):
                await press(pilot, "right")
                assert place(pilot) == there
            await press(pilot, "left", "left")
            assert "Journal keep days" in text(pilot)
            await press(pilot, "comma")
            assert "These are the settings" in said(pilot)
            await press(pilot, "q")
        assert place(pilot) == "client"


@pytest.mark.parametrize("role", ["agent", "viewer"])
async def test_others_are_told_why_they_do_not_get_in(sqlite_url: str, role: str) -> None:
    async with house(sqlite_url, role=role) as home, open_console(home.url) as pilot:
        await press(pilot, "comma")
        assert (place(pilot), said(pilot)) == ("clients", "Only an admin may do this. Ask one.")


# Clients module and retention


async def test_yes_and_no_turn_at_once_and_u_takes_it_back(admins: House) -> None:
    async with open_console(admins.url) as pilot:
        await press(pilot, *CLIENTS)
        await to(pilot, "setting", "Auto approve")
        assert "It can be yes or no; usually no." in " ".join(text(pilot).split())
        await press(pilot, "enter")
        assert said(pilot) == "auto_approve is yes now · u undoes"
        assert line_with(pilot, "Auto approve").split()[2] == "yes"
        await press(pilot, "u")
        assert line_with(pilot, "Auto approve").split()[2] == "no"
    async with admins.desk.read() as connection:
        assert not (await settings.load(connection)).auto_approve


async def test_a_number_is_asked_and_asked_again_where_it_cannot_be(admins: House) -> None:
    async with open_console(admins.url) as pilot:
        await press(pilot, *RETENTION, "enter")
        assert "Journal keep days. Write a whole number from 0 to 36500:" in text(pilot)
        assert prompt(pilot).value == ""
        await answer(pilot, "minus one")
        assert said(pilot) == "journal_keep_days cannot be 'minus one'. Write a whole number from 0 to 36500."
        assert prompt(pilot).value == "minus one"
        await answer(pilot, "365")
        assert said(pilot) == "journal_keep_days is 365 now · u undoes"
        assert line_with(pilot, "Journal keep days").split()[3] == "365"
        await press(pilot, "enter", "ctrl+g")
        assert said(pilot) == "Nothing was changed."


async def test_what_another_console_sets_shows_here(admins: House) -> None:
    async with open_console(admins.url) as pilot:
        await press(pilot, *CLIENTS)
        async with admins.change() as change:
            await settings.put(change, "auto_approve", "yes")
        await until(pilot, lambda: line_with(pilot, "Auto approve").split()[2] == "yes")


async def test_settings_can_be_read_while_personal_data_is_masked(admins: House) -> None:
    await admins.department("Support", email="support@desk.example")
    async with open_console(admins.url, (120, 40)) as pilot:
        await press(pilot, "K", *CLIENTS)
        assert line_with(pilot, "Auto approve").split()[2] == "no"
        await press(pilot, "right")
        assert "support@desk.example" not in text(pilot)
        await press(pilot, "right")
        assert "Bo Boss" not in text(pilot)


# Departments


async def test_departments_are_added_edited_closed_and_opened(admins: House) -> None:
    for name in ("Anna", "Bartosz"):
        await admins.client(name)
    async with open_console(admins.url) as pilot:
        await press(pilot, *DEPARTMENTS)
        assert "No departments yet, so nobody can submit anything. n adds one." in text(pilot)
        await press(pilot, "e")
        assert said(pilot) == "There is nothing under the cursor."
        await press(pilot, "n")
        await fill(pilot, name="Support")
        assert said(pilot) == "Added the department Support · u undoes"
        await press(pilot, "n")
        await fill(pilot, name="Sales")
        assert names(pilot, "name") == ["Sales", "Support"]
        await to(pilot, "name", "Sales")
        await press(pilot, "enter")
        await fill(pilot, open_to_all="no", billing="time")
        assert said(pilot).startswith("Changed Sales: open to all no, billing time; 2 clients lose access")
        assert line_with(pilot, "Sales").split()[1:3] == ["some", "time"]
        await press(pilot, "z")
        assert said(pilot).startswith("Deactivated Sales: nobody can submit to it any more")
        assert "not active" in line_with(pilot, "Sales")
        await press(pilot, "z")
        assert said(pilot) == "Sales is not active already."
        await press(pilot, "Z")
        assert said(pilot).startswith("Activated Sales")
        await press(pilot, "Z")
        assert said(pilot) == "Sales is active already."


async def test_closing_a_department_that_is_used_shows_a_card_first(admins: House) -> None:
    await admins.department("Sales")
    support = await admins.department("Support")
    anna = await admins.client("Anna")
    await admins.incident(anna, support, 1, "Printer on fire")
    async with open_console(admins.url) as pilot:
        await press(pilot, *DEPARTMENTS)
        await to(pilot, "name", "Support")
        await press(pilot, "z")
        assert place(pilot) == "impact"
        assert "Nobody can submit to it any more: 1 client may now." in text(pilot)
        await press(pilot, "q")
        assert "not active" not in text(pilot)
        await press(pilot, "z", "enter")
        assert said(pilot).startswith("Deactivated Support")
        await to(pilot, "name", "Sales")
        await press(pilot, "z", "enter")
        assert "the last active department" in said(pilot)


async def test_a_name_that_is_taken_leaves_the_form_open(admins: House) -> None:
    await admins.department("Support")
    async with open_console(admins.url) as pilot:
        await press(pilot, *DEPARTMENTS, "n")
        await fill(pilot, name="SUPPORT")
        assert said(pilot) == "There is a department Support already. Choose another name."
        await fill(pilot, name="Sales")
        assert names(pilot, "name") == ["Sales", "Support"]


# Staff


async def test_staff_are_added_edited_deactivated_and_brought_back(admins: House) -> None:
    await admins.department("Support")
    async with open_console(admins.url) as pilot:
        await press(pilot, *STAFF)
        assert "you" in line_with(pilot, " ann ")
        await press(pilot, "n")
        await fill(pilot, login="two words", name="Tom Baker")
        assert "Not saved" in said(pilot)
        await fill(pilot, login="tom", departments="support", role="viewer")
        assert said(pilot) == "Added Tom Baker to staff as viewer · u undoes"
        await to(pilot, "login", "tom")
        await press(pilot, "e")
        await fill(pilot, role="agent")
        assert said(pilot).startswith("Changed Tom Baker: role agent")
        assert "Support" in line_with(pilot, "Tom Baker")
        await press(pilot, "z")
        assert said(pilot).startswith("Deactivated Tom Baker: tom can no longer log in")
        assert "not active" in line_with(pilot, "Tom Baker")
        await press(pilot, "Z")
        assert said(pilot).startswith("Activated Tom Baker as agent")
        await to(pilot, "login", LOGIN)
        await press(pilot, "z")
        assert said(pilot) == "You cannot deactivate yourself. Ask another admin to do it."


async def test_a_long_list_of_staff_is_filtered_and_ordered(admins: House) -> None:
    for number in range(130):
        await add_staff(admins.desk, admins.boss, f"s{number:03d}", f"Person {number:03d}", "agent")
    async with open_console(admins.url) as pilot:
        await press(pilot, *STAFF, "G")
        assert names(pilot, "login")[-1] == "s129"
        await type_filter(pilot, "person 07")
        assert names(pilot, "login") == [f"s07{number}" for number in range(10)]
        assert "10 match" in text(pilot)
        await press(pilot, "q", "O", "g")
        assert place(pilot) == "staff"
        assert names(pilot, "login")[0] == "s129"
        await press(pilot, "space")
        assert said(pilot) == "Rows are marked in the list of clients."
        await press(pilot, "q")
        assert place(pilot) == "clients"


async def test_who_is_demoted_by_a_colleague_loses_the_settings(admins: House) -> None:
    async with open_console(admins.url) as pilot:
        await press(pilot, *STAFF)
        await admins.act("staff.edit", admins.me.staff_id or 0, role="agent")
        await until(pilot, lambda: "Ann, agent" in text(pilot))
        await press(pilot, "n")
        assert said(pilot) == "Only an admin may do this. Ask one."


async def test_who_is_deactivated_is_shown_out_with_the_reason(admins: House) -> None:
    async with open_console(admins.url) as pilot:
        await admins.act("staff.deactivate", admins.me.staff_id or 0)
        await until(pilot, lambda: not pilot.app.is_running)
        assert the_app(pilot).failure == f"The login {LOGIN} is no longer active. Ask an admin."


async def test_a_console_that_was_not_told_yet_is_refused_by_the_desk(admins: House) -> None:
    async with open_console(admins.url) as pilot:
        the_app(pilot)._actor = admins.me
        await press(pilot, *DEPARTMENTS, "n")
        async with admins.change() as change:
            await staffing.edit(change, admins.me.staff_id or 0, {"role": "agent"})
        await fill(pilot, name="Sales")
        assert "Only an admin" in said(pilot)


# The table of commands


@pytest.mark.parametrize("there", PLACES)
def test_keys_are_unique_and_the_footer_fits(there: str) -> None:
    taken = [command.key for command in for_place(there) if command.key]
    assert len(taken) == len(set(taken))
    for width in (60, 80, 100):
        (runs,) = KeyLine(keys.hints(there)).lines(width)
        shown = "".join(part for part, _ in runs)
        assert len(shown) <= width
        assert shown.endswith("? help  q back")


@pytest.mark.parametrize(
    ("there", "way"), [("settings", CLIENTS), ("departments", DEPARTMENTS), ("staff", STAFF)]
)
async def test_no_key_is_silent(admins: House, there: str, way: tuple[str, ...]) -> None:
    await admins.department("Support")
    await admins.department("Sales")
    async with open_console(admins.url) as pilot:
        start = None
        for command in for_place(there):
            if not command.key or command.id == "reload":
                continue
            if (pilot.app.screen, pilot.app.focused) != start:
                await press(pilot, "1", *way)
                assert place(pilot) == there
                start = (pilot.app.screen, pilot.app.focused)
            screen(pilot).say("")
            before = (text(pilot), id(pilot.app.screen), id(pilot.app.focused))
            await press(pilot, command.key.partition(",")[0])
            after = (text(pilot), id(pilot.app.screen), id(pilot.app.focused))
            assert after != before, f"{command.key} ({command.id}) does nothing in {there}"
            for _ in range(2):
                await press(pilot, "ctrl+g")
            while isinstance(pilot.app.screen, FormScreen):
                await press(pilot, "ctrl+g")


# Pictures


@pytest.fixture(scope="module")
def pictured(tmp_path_factory: pytest.TempPathFactory, sqlite_files: SqliteFiles) -> dict[str, str]:
    """The URLs of a desk with departments and staff, and of one that has neither."""
    folder = tmp_path_factory.mktemp("settings")
    urls = {name: sqlite_files.new(folder, f"{name}.db") for name in ("full", "empty")}

    async def make() -> None:
        async with house(urls["empty"], role="admin", clock=noon):
            pass
        async with house(urls["full"], role="admin", clock=noon) as home:
            await _furnish(home)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, make()).result()
    return urls


async def _furnish(home: House) -> None:
    support = await home.department("Support", email="support@desk.example")
    await home.department("Accounts", open_to_all=False)
    await home.department("Field service", billing="time", credit_required=True)
    old = await home.department("Old workshop", active=False)
    anna = await home.client("Anna Kowalska")
    await home.incident(anna, support, 812, "Printer on fire")
    await home.incident(anna, old, 700, "Lathe")
    for login, name, role in (("tom", "Tom Baker", "agent"), ("wu", "Wu Lan", "viewer")):
        await add_staff(home.desk, home.boss, login, name, role)
    async with home.change() as change:
        await change.insert(staff_department, staff_id=home.me.staff_id, department_id=support)
        await staffing.deactivate(change, await staffing.find(change.connection, "wu"))


SCENES: dict[str, tuple[str, tuple[str, ...]]] = {
    "clients": ("full", (*CLIENTS, "j")),
    "departments": ("full", DEPARTMENTS),
    "departments-empty": ("empty", DEPARTMENTS),
    "departments-refused": ("full", (*DEPARTMENTS, "Z")),
    "department-form": ("full", (*DEPARTMENTS, "e")),
    "staff": ("full", STAFF),
    "retention-refused": ("full", (*RETENTION, "enter", "x", "enter")),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", SCENES)
async def test_picture(pictured: dict[str, str], snapshot: SnapshotAssertion, scene: str, size: str) -> None:
    desk, pressed = SCENES[scene]
    async with open_console(pictured[desk], SIZES[size], clock=noon) as pilot:
        await press(pilot, *pressed)
        picture = comparable(the_app(pilot).export_screenshot(title="helpdesk"))
        assert picture == snapshot.use_extension(Picture)
