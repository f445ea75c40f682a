"""The Organizations tab, and going between the tabs from anywhere."""

from __future__ import annotations

from datetime import timedelta

from tests.screens.driving import (
    line_with,
    lines,
    names,
    open_console,
    place,
    press,
    said,
    text,
    type_filter,
    under_cursor,
)
from tests.screens.making import House, client_with_everything


async def test_both_tabs_are_one_key_away_from_anywhere(home: House) -> None:
    made = await client_with_everything(home)
    async with open_console(home.url) as pilot:
        app = pilot.app
        assert place(pilot) == "clients"
        ways = (
            (("enter",), "2", "organizations"),
            (("enter", "question_mark"), "1", "clients"),
            (("enter", "right", "right", "enter"), "2", "organizations"),
            (("question_mark",), "1", "clients"),
            (("2", "enter", "enter"), "1", "clients"),
        )
        for way, key, there in ways:
            await press(pilot, *way)
            assert place(pilot) not in ("clients", "organizations"), way
            await press(pilot, key)
            assert place(pilot) == there, way
            assert len(app.screen_stack) == 1
        assert made.client


async def test_the_tab_that_is_open_is_marked_and_both_are_named(home: House) -> None:
    async with open_console(home.url) as pilot:
        assert lines(pilot)[0].startswith(" 1 Clients  2 Organizations ")
        assert lines(pilot)[0].rstrip().endswith("Ann, agent")
        await press(pilot, "2")
        assert lines(pilot)[0].startswith(" 1 Clients  2 Organizations ")


async def test_columns_of_an_organization(home: House) -> None:
    made = await client_with_everything(home)
    await home.organization("Zeta Ltd", mail_domain=("zeta.example", "zeta.org"))
    headers = {
        60: "name ^ clients opn overdue",
        80: "name ^ clients manager opn overdue",
        100: "name ^ mail domains clients manager opn overdue",
    }
    for width, wanted in headers.items():
        async with open_console(home.url, (width, 24)) as pilot:
            await press(pilot, "2")
            assert " ".join(line_with(pilot, "overdue").split()) == wanted
            assert all(len(line) == width for line in lines(pilot))
            row = line_with(pilot, "Acme")
            assert row.startswith("  !")
            assert row.split()[-1] == "1"
            if width == 100:
                assert "zeta.example, zeta.org" in line_with(pilot, "Zeta")
                assert "Anna Kowalska" in row
    assert made.organization


async def test_overdue_is_shown_up_to_99(home: House) -> None:
    await home.organization("Late plc")
    late = await home.client("Late", organization="Late plc")
    desk = await home.department("Desk")
    for number in range(101):
        await home.incident(late, desk, number + 1, f"no {number}", due_at=home.now - timedelta(hours=1))
    async with open_console(home.url) as pilot:
        await press(pilot, "2")
        assert line_with(pilot, "Late plc").split()[-2:] == ["101", "99+"]
        await press(pilot, "enter")
        assert "99+" in line_with(pilot, "overdue")


async def test_organizations_are_filtered_and_ordered(home: House) -> None:
    await client_with_everything(home)
    await home.organization("Hurtownia Północ", mail_domain=("polnoc.pl",))
    await home.organization("Beta")
    async with open_console(home.url, (120, 30)) as pilot:
        await press(pilot, "2")
        assert names(pilot) == ["Acme sp. z o.o.", "Beta", "Hurtownia Północ"]
        for typed in ("polnoc", "hurtow", "POLNOC.PL"):
            await type_filter(pilot, typed)
            assert names(pilot) == ["Hurtownia Północ"]
        await type_filter(pilot, "xyz")
        assert "No organizations match 'xyz'." in text(pilot)
        await press(pilot, "q")
        for column in ("mail domains", "clients", "manager", "incidents", "name"):
            await press(pilot, "o")
            assert said(pilot) == f"Ordered by {column}."
            shown = names(pilot)
            await press(pilot, "O")
            assert said(pilot) == f"Ordered by {column}, descending."
            assert names(pilot)[0] == shown[-1]
            if column in ("clients", "manager", "incidents"):
                assert names(pilot)[0] == "Acme sp. z o.o."


async def test_each_tab_keeps_its_filter_and_cursor(home: House) -> None:
    await client_with_everything(home)
    await home.client("Kowal B")
    await home.organization("Beta")
    async with open_console(home.url) as pilot:
        await type_filter(pilot, "kowal")
        await press(pilot, "j", "2", "j", "1")
        assert under_cursor(pilot) == "Anna Kowalska"
        assert names(pilot) == ["Kowal B", "Anna Kowalska"]  # who is called so comes first
        await press(pilot, "2")
        assert under_cursor(pilot) == "Beta"
