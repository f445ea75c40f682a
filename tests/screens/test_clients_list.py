"""The Clients tab: columns, filter, order, cursor, and what it says when there is nothing to show."""

from __future__ import annotations

import pytest

from console.data.records import Page
from console.screens.clients import ClientsScreen
from console.widgets.record_list import RecordList
from tests.screens.driving import (
    Console,
    line_with,
    lines,
    listing,
    names,
    open_console,
    place,
    press,
    said,
    screen,
    settle,
    text,
    type_filter,
    under_cursor,
    until,
)
from tests.screens.making import House, client_with_everything, crowd, people

HEADERS = {
    (60, 15): "name ^  email or phone  status",
    (80, 24): "name ^  email or phone  organization  opn  status",
    (100, 30): "name ^  email or phone  organization  con  opn  status",
    (110, 30): "name ^  email or phone  mobile  organization  con  opn  status",
    (120, 40): "name ^  email or phone  mobile  mail domain  organization  con  opn  status",
}


def header(pilot: Console) -> str:
    found = line_with(pilot, "status").split("  ")
    return "  ".join(part.strip() for part in found if part.strip())


@pytest.mark.parametrize("size", HEADERS)
async def test_columns_drop_in_order_and_status_stays_last(home: House, size: tuple[int, int]) -> None:
    await client_with_everything(home)
    await home.client("Żółć Bardzo Długie Nazwisko-Jeszcze Dłuższe Z Wieloma Członami", email=("z@z.pl",))
    async with open_console(home.url, size) as pilot:
        assert header(pilot) == HEADERS[size]
        assert all(len(line) == size[0] for line in lines(pilot))
        row = line_with(pilot, "Anna Kowalska")
        assert row.startswith(" *  Anna Kowalska")
        assert row.rstrip().endswith("approved")
        column = line_with(pilot, "status").index("status")
        assert line_with(pilot, "Żółć").rindex("approved") == column == row.rindex("approved")
        assert len([line for line in lines(pilot) if "Dłu" in line]) == 1


async def test_a_wide_terminal_shows_every_column_of_a_client(home: House) -> None:
    await client_with_everything(home)
    async with open_console(home.url, (180, 30)) as pilot:
        row = line_with(pilot, "Anna Kowalska").split()
        for part in ("anna@acme.pl", "555", "acme.pl", "Acme", "1", "2", "approved"):
            assert part in row


async def test_a_client_without_mail_shows_a_phone(home: House) -> None:
    await home.client("Caller", mobile=("+48 601 555 010",))
    async with open_console(home.url) as pilot:
        assert "+48 601 555 010" in line_with(pilot, "Caller")


async def test_archived_deleted_and_absorbed_clients_are_not_listed(home: House) -> None:
    kept, archived, deleted, absorbed = await people(home, "Kept", "Archived", "Deleted", "Absorbed")
    await home.set(archived, archived_at=home.now)
    await home.set(deleted, deleted_at=home.now)
    await home.set(absorbed, absorbed_into=kept)
    async with open_console(home.url) as pilot:
        assert names(pilot) == ["Kept"]


# Filter


BY_ANY_WORD = (
    "kowalska",
    "KOWAL ann",
    "anna@acme",
    "anna.k@gmail",
    "601555010",
    "555 010",
    "acme sp",
    "akowalska",
    "K-000812",
    "piotr bak",
)


async def test_the_filter_finds_by_any_word_of_theirs(any_home: House) -> None:
    await client_with_everything(any_home)
    await people(any_home, "Bartosz Wójcik", "Celina Lis")
    async with open_console(any_home.url) as pilot:
        for typed in BY_ANY_WORD:
            await type_filter(pilot, typed)
            assert names(pilot) == ["Anna Kowalska"], typed
            assert "1 match" in text(pilot)


async def test_the_filter_minds_no_diacritics(home: House) -> None:
    await people(home, "Zażółć Gęśla", "Anna Kowalska")
    async with open_console(home.url) as pilot:
        for typed in ("zazolc", "ZAŻÓŁĆ", "zażółć gęśl", "gesla"):
            await type_filter(pilot, typed)
            assert names(pilot) == ["Zażółć Gęśla"], typed


async def test_the_filter_works_key_by_key_and_gives_the_keys_back(home: House) -> None:
    await people(home, "Anna Kowalska", "Bartosz Kowal", "Celina Lis")
    async with open_console(home.url) as pilot:
        await press(pilot, "slash", "k", "o", "w")
        assert names(pilot) == ["Anna Kowalska", "Bartosz Kowal"]
        await press(pilot, "a", "l", "s")
        assert names(pilot) == ["Anna Kowalska"]
        await press(pilot, "backspace")
        assert names(pilot) == ["Bartosz Kowal", "Anna Kowalska"]  # whose whole name it is comes first
        await press(pilot, "enter", "j")
        assert under_cursor(pilot) == "Anna Kowalska"
        await press(pilot, "slash", "down", "k")
        assert under_cursor(pilot) == "Bartosz Kowal"
        await press(pilot, "q")
        assert len(names(pilot)) == 3
        assert pilot.app.is_running


async def test_a_filter_that_finds_nothing_says_how_to_go_on(home: House) -> None:
    await people(home)
    async with open_console(home.url) as pilot:
        await type_filter(pilot, "nobody [/] here")
        assert "No clients match 'nobody [/] here'." in text(pilot)
        assert "Change the filter with /" in text(pilot)
        await type_filter(pilot, "")
        assert len(names(pilot)) == 3


async def test_a_mistyped_name_shows_who_is_near_and_says_so(home: House) -> None:
    await people(home, "Anna Kowalska", "Celina Lis")
    async with open_console(home.url) as pilot:
        await type_filter(pilot, "kowaslka")
        assert names(pilot) == ["Anna Kowalska"]
        assert "nothing matches exactly; near: kowalska (1)" in text(pilot)
        await type_filter(pilot, "lis")
        assert "1 match" in text(pilot)
        assert "near" not in text(pilot)


async def test_a_filter_of_signs_alone_matches_nobody_and_does_not_fail(home: House) -> None:
    await people(home)
    async with open_console(home.url) as pilot:
        for typed in ("%", "'", '"', "_", "*", "\\", "--", "…", "(", "0"):
            await type_filter(pilot, typed)
            assert "No clients match" in text(pilot)
            assert pilot.app.is_running


# Order


async def ordered(pilot: Console) -> list[tuple[str, bool, list[str]]]:
    """Each order there is, both ways: its header, whether it descends, the names."""
    seen = []
    for _ in range(8):
        await press(pilot, "o")
        seen.append((said(pilot), False, names(pilot)))
        await press(pilot, "O")
        seen.append((said(pilot), True, names(pilot)))
    return seen


async def test_every_column_orders_both_ways_with_a_mark_in_the_header(home: House) -> None:
    await client_with_everything(home)
    _, banned, _ = await people(home, "Bartosz Kowal", "Zed Last", "Celina Lis")
    await home.act("client.ban", banned, reason="rude")
    async with open_console(home.url, (180, 30)) as pilot:
        seen = await ordered(pilot)
        words = [sentence for sentence, _, _ in seen]
        for column in (
            "email",
            "mobile",
            "mail domain",
            "organization",
            "contacts",
            "incidents",
            "status",
            "name",
        ):
            assert f"Ordered by {column}." in words
            assert f"Ordered by {column}, descending." in words
        by = {sentence.removeprefix("Ordered by ").rstrip("."): found for sentence, _, found in seen}
        assert by["name"] == ["Anna Kowalska", "Bartosz Kowal", "Celina Lis", "Zed Last"]
        for column in ("name", "email", "mobile", "organization", "contacts", "incidents", "status"):
            assert by[f"{column}, descending"] == by[column][::-1]
        assert by["mobile, descending"][0] == by["organization, descending"][0] == "Anna Kowalska"
        assert by["incidents, descending"][0] == by["contacts, descending"][0] == "Anna Kowalska"
        assert by["status, descending"][0] == "Zed Last"


async def test_the_header_marks_the_column_and_the_way(home: House) -> None:
    await people(home)
    async with open_console(home.url) as pilot:
        assert "name ^" in line_with(pilot, "status")
        await press(pilot, "O")
        assert "name v" in line_with(pilot, "status")
        await press(pilot, "o")
        assert "email or phone ^" in line_with(pilot, "status")
        assert "name ^" not in text(pilot)


async def test_an_order_by_a_column_that_is_not_shown_is_still_said(home: House) -> None:
    await people(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "o", "o")
        assert said(pilot) == "Ordered by mobile."


async def test_the_order_stays_under_a_filter(home: House) -> None:
    await people(home, "Kowal A", "Kowal B", "Lis")
    async with open_console(home.url) as pilot:
        await press(pilot, "O")
        await type_filter(pilot, "kowal")
        assert names(pilot) == ["Kowal B", "Kowal A"]


# The cursor


async def test_the_cursor_stays_on_its_client_when_others_come_before_it(home: House) -> None:
    await people(home, "Bartosz Kowal", "Celina Lis", "Dorota Mak")
    async with open_console(home.url) as pilot:
        await press(pilot, "j")
        assert under_cursor(pilot) == "Celina Lis"
        await people(home, "Adam First", "Beata Second", "Zofia Last")
        await press(pilot, "ctrl+l")
        assert under_cursor(pilot) == "Celina Lis"
        assert "Beata Second" in names(pilot)


async def test_the_cursor_stays_on_its_client_when_the_edit_moves_it_in_the_order(home: House) -> None:
    await people(home, *(f"Client {number:02d}" for number in range(30)))
    async with open_console(home.url) as pilot:
        await press(pilot, *["o"] * 7)
        assert said(pilot) == "Ordered by status."
        await press(pilot, "j", "j")
        mine = under_cursor(pilot)
        await press(pilot, "D", "enter")
        assert said(pilot).startswith("Disapproved")
        assert under_cursor(pilot) == mine
        assert "disapproved" in line_with(pilot, mine)


async def test_the_cursor_goes_to_the_neighbour_when_its_client_leaves_the_list(home: House) -> None:
    ids = await people(home, "Anna", "Bartosz", "Celina")
    async with open_console(home.url) as pilot:
        await press(pilot, "j")
        await home.set(ids[1], deleted_at=home.now)
        await press(pilot, "ctrl+l")
        assert names(pilot) == ["Anna", "Celina"]
        assert under_cursor(pilot) == "Celina"


async def test_coming_back_from_a_client_the_cursor_is_where_it_was(home: House) -> None:
    await crowd(home, 120)
    async with open_console(home.url) as pilot:
        await press(pilot, *["pagedown"] * 3)
        mine = under_cursor(pilot)
        await press(pilot, "enter")
        assert place(pilot) == "client"
        await press(pilot, "q")
        assert under_cursor(pilot) == mine


# Nothing to show


async def test_an_empty_desk_says_how_to_begin(home: House) -> None:
    async with open_console(home.url) as pilot:
        assert "No clients yet. n adds one, or: helpdesk clients import FILE" in text(pilot)
        for key in ("enter", "space", "m", "b", "f", "a", "j", "G"):
            await press(pilot, key)
            assert pilot.app.is_running
        await press(pilot, "2")
        assert "No organizations yet. n adds one, or: helpdesk organizations import FILE" in text(pilot)


async def test_in_a_narrow_terminal_the_advice_is_wrapped_not_cut(home: House) -> None:
    async with open_console(home.url, (60, 15)) as pilot:
        assert "helpdesk clients import FILE" in " ".join(text(pilot).split())


async def test_the_first_client_appears_in_an_empty_list(home: House) -> None:
    async with open_console(home.url) as pilot:
        await people(home, "Anna")
        await press(pilot, "ctrl+l")
        assert names(pilot) == ["Anna"]


# Marks


async def test_marks_are_shown_counted_and_kept_over_filter_and_reload(home: House) -> None:
    await people(home, "Anna Kowalska", "Bartosz Kowal", "Celina Lis")
    async with open_console(home.url) as pilot:
        await press(pilot, "space", "space")
        assert "2 marked" in text(pilot)
        assert line_with(pilot, "Anna Kowalska").startswith(">")
        await type_filter(pilot, "lis")
        assert "2 marked" in text(pilot)
        assert screen(pilot).whom() == "2 clients"
        await type_filter(pilot, "")
        await press(pilot, "ctrl+l")
        assert line_with(pilot, "Bartosz Kowal").startswith(">")
        await press(pilot, "g", "space")
        assert "1 marked" in text(pilot)
        assert line_with(pilot, "Anna Kowalska").startswith(" ")
        await press(pilot, "q")
        assert "marked" not in screen(pilot).query_one("#summary").text  # type: ignore[attr-defined]
        assert pilot.app.is_running


async def test_marked_clients_far_apart_stay_marked(home: House) -> None:
    await crowd(home, 400)
    async with open_console(home.url) as pilot:
        await press(pilot, "space", "G", "space")
        assert "2 marked" in text(pilot)
        await press(pilot, "g")
        assert line_with(pilot, "Client 00000").startswith(">")
        await settle(pilot)
        assert listing(pilot).cursor_id is not None


@pytest.mark.parametrize("key", ["open", "mark", "more"])
async def test_a_key_whose_row_went_while_it_was_on_its_way_does_nothing(home: House, key: str) -> None:
    await crowd(home, 3)
    async with open_console(home.url) as pilot:
        shown = screen(pilot)
        assert isinstance(shown, ClientsScreen)
        rows = shown.listing
        if key == "open":
            rows.action_open()
        elif key == "mark":
            rows.action_mark()
        else:
            rows.post_message(RecordList.NeedMore(rows, False, rows.rows[0].id))
        shown._show(Page((), False, False))
        await settle(pilot)
        assert place(pilot) == "clients"
        assert not shown.marks


async def test_what_is_known_of_a_marked_row_is_loaded_anew_too(home: House) -> None:
    (anna, _) = await people(home, "Anna", "Bartosz")
    async with open_console(home.url) as pilot:
        await press(pilot, "space")
        await home.act("client.ban", anna, reason="rude")
        await until(pilot, lambda: "banned" in line_with(pilot, "Anna"))
        await press(pilot, "B")
        assert said(pilot) == "Removed the ban of Anna · u undoes"
