"""The table of commands as the screens show it: bindings, footer, help, menu, palette; and no key that is silent."""

from __future__ import annotations

import pytest

from console.commands import COMMANDS, for_place
from console.screens import keys
from console.screens.clients import ClientsScreen
from console.screens.desk_screen import DeskScreen
from console.screens.organizations import OrganizationsScreen
from console.widgets.record_list import RecordList
from tests.screens.driving import (
    Console,
    lines,
    listing,
    menu,
    open_console,
    place,
    press,
    said,
    screen,
    settle,
    text,
    the_app,
    type_filter,
)
from tests.screens.making import House, client_with_everything

PLACES = (
    "clients",
    "organizations",
    "client",
    "organization",
    "incident",
    "who",
    "duplicates",
    "alike",
    "reading",
)
ALONE = ("left", "right", "up", "down", "home", "end", "pageup", "pagedown")


@pytest.mark.parametrize("place", PLACES)
def test_keys_are_unique_in_each_place(place: str) -> None:
    taken = [command.key for command in for_place(place) if command.key]
    assert len(taken) == len(set(taken))


def test_no_key_is_one_that_terminals_keep_for_themselves() -> None:
    for command in COMMANDS:
        assert command.key not in {f"ctrl+{letter}" for letter in "himjszqab"}
        assert "alt" not in command.key
        assert not command.key.startswith("ctrl+shift")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_the_footer_fits_and_ends_with_help_and_the_way_out(place: str, width: int) -> None:
    from console.widgets.key_line import KeyLine

    line = KeyLine(keys.hints(place))
    (runs,) = line.lines(width)
    shown = "".join(part for part, _ in runs)
    assert len(shown) <= width
    assert shown.endswith("? help  q back")
    if width >= 120:
        assert len(shown.split("  ")) == len(keys.hints(place)), "a key was dropped"


@pytest.mark.parametrize("screen_type", [ClientsScreen, OrganizationsScreen])
def test_on_a_list_q_is_said_to_quit(screen_type: type[DeskScreen]) -> None:
    assert keys.hints(screen_type.PLACE, leave=screen_type.LEAVE)[-1].title == "quit"


async def go(pilot: Console, there: str) -> None:
    """Come to a place anew from wherever."""
    await press(pilot, "1")
    ways: dict[str, tuple[str, ...]] = {
        "clients": (),
        "organizations": ("2",),
        "client": ("enter",),
        "organization": ("2", "enter"),
        "incident": ("enter", "enter"),
        "who": ("w", "a", "n", "n", "a", "enter"),
        "duplicates": ("4",),
        "alike": ("enter", "equals_sign"),
        "reading": ("question_mark",),
    }
    await press(pilot, *ways[there])
    assert place(pilot) == there


def state(pilot: Console) -> tuple[object, ...]:
    """What a user sees, and where the keys go."""
    app = pilot.app
    return (text(pilot), id(app.screen), id(app.screen.focused), len(app.screen_stack), app.is_running)


def where(pilot: Console) -> tuple[object, ...]:
    """The screen, where its keys go, and the row they act on: all that a key may have left otherwise."""
    app = pilot.app
    rows = [found.cursor_row for found in app.screen.query(RecordList)]
    return (id(app.screen), id(app.screen.focused), len(app.screen_stack), *(row and row.id for row in rows))


@pytest.mark.parametrize("there", PLACES)
async def test_no_key_of_the_table_is_silent(home: House, there: str) -> None:
    await client_with_everything(home)
    for name in ("Bartosz Kowal", "Celina Lis", "Dorota Maj"):  # some keys take one out of the list
        await home.client(name)
        await home.organization(f"{name} sp. j.")
    async with open_console(home.url) as pilot:
        await go(pilot, there)
        start = where(pilot)
        for command in for_place(there):
            if not command.key or command.id in ("reload", there):
                continue
            if where(pilot) != start:
                await go(pilot, there)
                start = where(pilot)
            screen(pilot).say("")
            await settle(pilot)
            before = state(pilot)
            await press(pilot, command.key.partition(",")[0])
            assert state(pilot) != before, f"{command.key} ({command.id}) does nothing in {there}"
            if not pilot.app.is_running:
                return
            while not isinstance(pilot.app.screen, DeskScreen):
                await press(pilot, "ctrl+g")
            await press(pilot, "ctrl+g")


@pytest.mark.parametrize("there", PLACES)
async def test_a_key_that_means_nothing_here_says_so(home: House, there: str) -> None:
    await client_with_everything(home)
    async with open_console(home.url) as pilot:
        await go(pilot, there)
        for key in ("Q", "f5", "ctrl+y", *(() if there == "who" else "8")):
            screen(pilot).say("")
            await press(pilot, key)
            assert said(pilot) == f"{key} does nothing here. ? shows the keys."
        for modifier in ("left_shift", "right_control", "caps_lock"):
            screen(pilot).say("")
            await press(pilot, modifier)
            assert said(pilot) == ""


async def test_on_an_empty_list_the_row_keys_say_there_is_no_row(home: House) -> None:
    async with open_console(home.url) as pilot:
        for there in ("1", "2"):
            await press(pilot, there)
            for key in ("enter", "space"):
                screen(pilot).say("")
                await press(pilot, key)
                assert said(pilot) != ""


@pytest.mark.parametrize("there", PLACES[:-1])
async def test_every_command_of_a_place_is_in_its_help_with_its_key(home: House, there: str) -> None:
    await client_with_everything(home)
    async with open_console(home.url, (100, 90)) as pilot:
        await go(pilot, there)
        await press(pilot, "question_mark")
        shown = " ".join(text(pilot).split())
        for command in for_place(there):
            if command.key or command.menu:
                wanted = f"{keys.key_names(command.key or 'm')} {command.title}".casefold()
                assert wanted in shown.casefold(), command.id
                assert command.help in shown, command.id
        await press(pilot, "q")
        assert place(pilot) == there


@pytest.mark.parametrize("there", ["clients", "client"])
async def test_the_menu_holds_what_the_table_says(home: House, there: str) -> None:
    await client_with_everything(home)
    async with open_console(home.url) as pilot:
        await go(pilot, there)
        await press(pilot, "m")
        wanted = [
            command.id for part in ("status", "more") for command in for_place(there) if command.menu == part
        ]
        assert [item.id for item in menu(pilot).items] == wanted
        for item in menu(pilot).items:
            assert f"{item.key or ' '}  {item.title}" in text(pilot)
        assert lines(pilot)[-1].strip().endswith(("q quit", "q back"))
        assert all(len(line) == 80 for line in lines(pilot))


async def test_the_palette_has_every_command_of_the_place_and_finds_clients(home: House) -> None:
    from textual.command import CommandInput, CommandList

    from console.palette import ActionProvider
    from tests.screens.driving import until

    await client_with_everything(home)
    for name in ("Bartosz Kowal", "Celina Lis", "Dorota Maj"):  # some keys take one out of the list
        await home.client(name)
        await home.organization(f"{name} sp. j.")
    async with open_console(home.url) as pilot:
        for there in ("clients", "incident"):
            await go(pilot, there)
            provider = ActionProvider(screen(pilot), None)
            shown = [command for command in for_place(there) if command.key or command.menu]
            wanted = {command.id for command in shown} - {"palette"}
            assert {command.id for command in provider._commands()} == wanted
        await press(pilot, "1", "colon")
        pilot.app.screen.query_one(CommandInput).value = "kowal"
        await until(pilot, lambda: "Bartosz Kowal" in text(pilot) and "Anna Kowalska" in text(pilot))
        assert "anna@acme.pl" in text(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, DeskScreen))
        await settle(pilot)
        assert place(pilot) == "client"
        assert CommandList is not None


async def test_another_key_closes_the_menu_before_it_acts(home: House) -> None:
    await client_with_everything(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "m", "n")
        assert not menu(pilot).display
        assert place(pilot) == "form"
        await press(pilot, "ctrl+g", "m", "2")
        assert place(pilot) == "organizations"
        await press(pilot, "1")
        assert not menu(pilot).display
        assert screen(pilot).focused is listing(pilot)


async def test_arrows_and_letters_move_alike(home: House) -> None:
    for name in ("Anna", "Bartosz", "Celina", "Dorota"):
        await home.client(name)
    async with open_console(home.url) as pilot:
        for way in (("down", "down", "up"), ("j", "j", "k"), ("G", "up", "k"), ("end", "home", "j")):
            await press(pilot, "g", *way)
            row = listing(pilot).cursor_row
            assert row is not None
            assert row.cells["name"] == "Bartosz", way  # type: ignore[call-overload]


async def test_q_leaves_from_the_list_and_empties_the_filter_first(home: House) -> None:
    await home.client("Anna")
    async with open_console(home.url) as pilot:
        await type_filter(pilot, "ann")
        await press(pilot, "q")
        assert pilot.app.is_running
        await press(pilot, "q")
        assert the_app(pilot).return_code == 0
