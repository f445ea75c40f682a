"""Merging on the screen: side by side, what must be answered, what is left behind, and a colleague meanwhile."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.commands import for_place, merging
from console.data.models.clients import client
from console.data.models.notes import note
from console.data.models.staff import staff
from console.data.records.merging import Choices, MergePreview
from console.screens import keys
from console.widgets.key_line import KeyLine
from tests.data.rows import column, rows
from tests.screens.driving import (
    Console,
    answer,
    line_with,
    lines,
    names,
    open_console,
    place,
    press,
    prompt,
    said,
    text,
    the_app,
    until,
)
from tests.screens.making import House, client_with_everything

SIZES = [(80, 24), (120, 40)]
COUNTED = "Everything is accounted for"


async def two(home: House, **second: object) -> tuple[int, int]:
    """Anna with a note and two incidents, and Kasia with one of each."""
    anna = await home.client("Anna Kowalska", email=("anna@acme.pl",), mobile=("+48 601 555 010",))
    kasia = await home.client("Kasia Kowalska", email=("kasia@acme.pl",), **second)
    support = await home.department("Support")
    for number, owner in ((11, anna), (12, anna), (21, kasia)):
        await home.incident(owner, support, number, f"Question {number}")
    await home.act("client.note", anna, text="Likes tea")
    await home.act("client.note", kasia, text="Likes coffee")
    return anna, kasia


async def open_both(pilot: Console) -> None:
    """Mark the first two of the list, and look at their merge."""
    await press(pilot, "space", "space", "Y")
    assert place(pilot) == "merge", said(pilot)


async def to_line(pilot: Console, label: str, kind: str = "") -> None:
    """Move the cursor to the line that begins so."""
    from console.widgets.merge_sheet import MergeSheet

    sheet = pilot.app.screen.query_one(MergeSheet)
    await press(pilot, "g")
    for _ in range(40):
        if sheet.stop is not None and sheet.stop.name == label and kind in ("", sheet.stop.kind):
            return
        await press(pilot, "down")
    raise AssertionError(f"no line {label}:\n{text(pilot)}")


# Ways there


async def test_two_marks_and_two_keys_merge(any_home: House) -> None:
    anna, kasia = await two(any_home)
    async with open_console(any_home.url) as pilot:
        await open_both(pilot)
        assert "Merge 2 clients into one" in lines(pilot)[0]
        assert line_with(pilot, "incidents").split()[:4] == ["incidents", "2", "1", "3"]
        assert line_with(pilot, "notes").split()[:5] == ["notes", "1", "1", "2", "[x]"]
        await press(pilot, "f2")
        assert place(pilot) == "clients"
        assert said(pilot) == "Merged 2 clients into Anna Kowalska · u undoes"
        await until(pilot, lambda: names(pilot) == ["Anna Kowalska"])
        assert "marked" not in text(pilot)
        await press(pilot, "u")
        assert said(pilot).startswith("Undid the merge")
        await until(pilot, lambda: names(pilot) == ["Anna Kowalska", "Kasia Kowalska"])
    assert await column(any_home.desk, client, kasia, "absorbed_into") is None
    assert anna != kasia


async def test_more_than_ten_marks_are_refused(home: House) -> None:
    for number in range(11):
        await home.client(f"Client {number:02d}")
    async with open_console(home.url) as pilot:
        await press(pilot, "asterisk", "Y")
        assert place(pilot) == "clients"
        assert said(pilot) == "Up to 10 clients are merged at once, and these are 11. Merge them in parts."


@pytest.mark.parametrize("given", ["kasia@acme.pl", "+48 601 999 888", "Kasia Kow", "ID"])
async def test_from_a_client_the_other_is_asked_for(home: House, given: str) -> None:
    _, kasia = await two(home, mobile=("601999888",), country="PL")
    async with open_console(home.url) as pilot:
        await press(pilot, "enter", "Y")
        assert "Merge Anna Kowalska with (anything; empty suggests):" in text(pilot)
        await answer(pilot, str(kasia) if given == "ID" else given)
        assert place(pilot) == "merge"
        assert "Kasia Kowalska" in text(pilot)


async def test_of_several_who_may_be_meant_one_is_chosen(home: House) -> None:
    await two(home)
    for name in ("Nowak Jan", "Nowak Ewa"):
        await home.client(name)
    async with open_console(home.url) as pilot:
        await press(pilot, "enter", "Y")
        await answer(pilot, "nowak")
        assert place(pilot) == "whom"
        await press(pilot, "7")
        assert said(pilot) == "There is no line 7 here."
        wanted = "Nowak Ewa" if "Nowak Ewa" in line_with(pilot, " 1 ") else "Nowak Jan"
        await press(pilot, "1")
        assert place(pilot) == "merge"
        assert wanted in text(pilot)
        await press(pilot, "q")
        assert place(pilot) == "client"


async def test_without_a_word_those_are_suggested_who_may_be_the_same(home: House) -> None:
    await two(home)
    twin = await home.client("Anna Kowalska", email=("anna.kowalska@gmail.com",), mobile=("+48 601 555 010",))
    async with open_console(home.url) as pilot:
        await press(pilot, "enter", "Y", "enter")
        if place(pilot) == "whom":
            await press(pilot, "1")
        assert place(pilot) == "merge"
        assert f"{twin}" not in text(pilot)
        assert "anna.kowalska@gmail.com" in text(pilot)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("", "Nobody is known who looks like the same client. Name the other one."),
        ("anna@acme.pl", "That is the same client. Name the other one."),
        ("zzz", "Nobody is found by 'zzz'. Try a name, an address, a number or an id."),
    ],
)
async def test_nobody_to_merge_with_is_said(home: House, given: str, sentence: str) -> None:
    await two(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "enter", "Y")
        await answer(pilot, given)
        assert place(pilot) == "client"
        assert said(pilot) == sentence


async def test_a_deleted_client_is_refused_with_what_to_do(home: House) -> None:
    _, kasia = await two(home)
    await home.act("client.delete", kasia)
    async with open_console(home.url) as pilot:
        await press(pilot, "enter", "Y")
        await answer(pilot, str(kasia))
        assert said(pilot) == "Kasia Kowalska is deleted. Restore them first, or name another one."


async def test_viewers_merge_nobody(home: House) -> None:
    await two(home)
    async with home.change() as change:
        await change.update(staff, home.me.staff_id or 0, role="viewer")
    async with open_console(home.url) as pilot:
        await press(pilot, "space", "space", "Y")
        assert place(pilot) == "clients"
        assert said(pilot) == "Viewers change nothing. Ask an agent or an admin."


# What staff choose


@pytest.mark.parametrize("key", ["q", "escape", "ctrl+g"])
async def test_leaving_changes_nothing(home: House, key: str) -> None:
    _, kasia = await two(home)
    async with open_console(home.url) as pilot:
        await open_both(pilot)
        await press(pilot, "x", "right", "enter", key)
        assert place(pilot) == "clients"
        assert said(pilot) == "Nothing was merged."
    assert await column(home.desk, client, kasia, "absorbed_into") is None


async def test_statuses_that_contradict_are_asked_about_first(any_home: House) -> None:
    anna, kasia = await two(any_home)
    await any_home.act("client.ban", kasia, reason="rude")
    async with open_console(any_home.url) as pilot:
        await open_both(pilot)
        assert "It cannot be merged yet. Anna Kowalska is approved, Kasia Kowalska is banned" in text(pilot)
        assert text(pilot).index("!status") < text(pilot).index("name")
        await press(pilot, "G", "enter")
        assert "say which status" in said(pilot)
        assert await column(any_home.desk, client, kasia, "absorbed_into") is None
        await press(pilot, "right", "enter")
        assert "[banned (rude)" in text(pilot)
        assert "cannot be merged" not in text(pilot)
        await press(pilot, "f2")
        assert said(pilot).startswith("Merged 2 clients into Anna Kowalska")
    assert await column(any_home.desk, client, anna, "status") == "banned"


async def test_enter_keeps_the_value_under_the_cursor(home: House) -> None:
    anna, _ = await two(home)
    async with open_console(home.url) as pilot:
        await open_both(pilot)
        await to_line(pilot, "name")
        await press(pilot, "right", "enter")
        assert "[Kasia Kowalska]" in text(pilot)
        await press(pilot, "plus")
        assert said(pilot) == "Only one name can stay. enter keeps the one under the cursor."
        await press(pilot, "space")
        assert said(pilot).startswith("space leaves out a category")
        await press(pilot, "f2")
        assert said(pilot) == "Merged 2 clients into Kasia Kowalska · u undoes"
    assert await column(home.desk, client, anna, "name") == "Kasia Kowalska"


@pytest.mark.parametrize("there", ["merge", "unmerge", "merged", "whom"])
def test_keys_are_unique_and_the_last_line_fits(there: str) -> None:
    taken = [key for command in for_place(there) for key in command.key.split(",") if key]
    assert len(taken) == len(set(taken))
    for width in (60, 80, 120):
        (runs,) = KeyLine(keys.hints(there, leave="cancel")).lines(width)
        shown = "".join(part for part, _ in runs)
        assert len(shown) <= width
        assert shown.endswith("? help  q cancel")


async def test_every_key_of_the_sheet_answers(home: House) -> None:
    await two(home)
    async with open_console(home.url) as pilot:
        await open_both(pilot)
        for label, key, sentence in (
            ("name", "enter", "The name of the survivor stays."),
            ("email", "enter", "The email of the survivor comes first; all others stay, too."),
            ("email", "plus", "All stay: email."),
            (
                "incidents",
                "plus",
                "Put the cursor on a value: + keeps those of all, where there may be several.",
            ),
            ("name", "space", "space leaves out a category, further below. enter keeps the value here."),
            ("name", "r", "r does nothing here. ? shows the keys."),
        ):
            await to_line(pilot, label)
            await press(pilot, key)
            assert said(pilot) == sentence
        await press(pilot, "question_mark")
        assert "The record under the cursor becomes the survivor" in " ".join(text(pilot).split())


async def test_all_addresses_stay_and_enter_says_whose_is_first(home: House) -> None:
    anna, _ = await two(home)
    async with open_console(home.url) as pilot:
        await open_both(pilot)
        await to_line(pilot, "email")
        assert "[anna@acme.pl] +" in text(pilot)
        assert "kasia@acme.pl +" in text(pilot)
        await press(pilot, "right", "enter")
        assert "[kasia@acme.pl] +" in text(pilot)
        await press(pilot, "plus")
        assert "[anna@acme.pl] +" in text(pilot)
        await press(pilot, "enter", "f2")
    assert await column(home.desk, client, anna, "email") == "kasia@acme.pl"


async def test_space_leaves_a_category_behind_and_what_always_moves_says_so(home: House) -> None:
    anna, kasia = await two(home)
    await home.act("client.tag", kasia, tags="vip")
    async with open_console(home.url) as pilot:
        await open_both(pilot)
        await to_line(pilot, "tags", "balance")
        await press(pilot, "space")
        assert said(pilot).startswith("Put the cursor on a line of the balance") or "always move" in said(
            pilot
        )
        await to_line(pilot, "notes")
        await press(pilot, "space")
        assert line_with(pilot, " notes").split() == ["notes", "1", "1", "1", "[", "]", "1", "left"]
        await press(pilot, "plus")
        assert said(pilot).startswith("Put the cursor on a value")
        await press(pilot, "f2")
    owners = await rows(home.desk, select(note.c.client_id, note.c.text).order_by(note.c.text))
    assert owners == [(kasia, "Likes coffee"), (anna, "Likes tea")]


async def test_x_makes_the_other_the_survivor_and_the_screen_below_follows(home: House) -> None:
    _, kasia = await two(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "enter", "Y")
        await answer(pilot, "kasia@acme.pl")
        await press(pilot, "x")
        assert said(pilot) == "Kasia Kowalska is the survivor now."
        assert "Merge 2 clients into Kasia Kowalska" in text(pilot) or "[Kasia Kowalska]" in text(pilot)
        await press(pilot, "f2")
        assert said(pilot) == "Merged 2 clients into Kasia Kowalska · u undoes"
        assert "Kasia Kowalska" in lines(pilot)[0]
        assert pilot.app.screen.record_id == kasia  # type: ignore[attr-defined]


@pytest.mark.parametrize("size", SIZES)
async def test_ten_side_by_side_keep_the_survivor_in_sight(home: House, size: tuple[int, int]) -> None:
    for number in range(10):
        await home.client(f"Client {number:02d}")
    async with open_console(home.url, size) as pilot:
        await press(pilot, "asterisk", "Y")
        assert place(pilot) == "merge"
        assert "Client 09" not in line_with(pilot, "name ")
        await press(pilot, *["right"] * 9)
        shown = line_with(pilot, "name ")
        assert "[Client 00]" in shown
        assert "Client 09" in shown
        assert all(len(line) == size[0] for line in lines(pilot))
        await press(pilot, "x", "f2")
        assert said(pilot) == "Merged 10 clients into Client 09 · u undoes"


@pytest.mark.parametrize("size", SIZES)
async def test_all_of_a_long_sheet_is_reached_by_keys(home: House, size: tuple[int, int]) -> None:
    made = await client_with_everything(home)
    await home.client("Bartosz Kowal", organization="Beta")
    async with open_console(home.url, size) as pilot:
        await open_both(pilot)
        for label in ("name", "email", "incidents", "notes", "departments"):
            await to_line(pilot, label)
            assert label in text(pilot)
        await press(pilot, "G")
        assert "[ Merge 2 clients into Anna Kowalska ]" in text(pilot)
        assert COUNTED in text(pilot)
        if size[1] == 24:
            await to_line(pilot, "")
            assert "only one of them has, and it stays" in text(pilot)
            await press(pilot, "enter")
            assert "[akowalska]" in text(pilot)
        assert made.client


async def test_masked_nothing_personal_is_on_the_sheet(home: House) -> None:
    _, kasia = await two(home)
    await home.act("client.ban", kasia, reason="rude")
    async with open_console(home.url) as pilot:
        await open_both(pilot)
        await press(pilot, "K")
        for end in ("g", "G"):
            await press(pilot, end)
            for personal in ("Anna", "Kasia", "acme", "601", "rude"):
                assert personal not in text(pilot)
        assert "[x]" in text(pilot)
        assert "[ Merge ]" in text(pilot)


# Meanwhile


async def test_a_change_of_a_colleague_is_said_and_the_merge_shown_anew(home: House) -> None:
    _, kasia = await two(home)
    async with open_console(home.url) as pilot:
        await open_both(pilot)
        await home.act("client.edit", kasia, name="Katarzyna Kowalska")
        await until(pilot, lambda: "shown anew" in said(pilot))
        assert said(pilot).startswith("Bo Boss: Edited Katarzyna Kowalska")
        assert "Katarzyna Kowalska" in text(pilot)
        await press(pilot, "f2")
        assert said(pilot) == "Merged 2 clients into Anna Kowalska · u undoes"


async def test_what_a_colleague_deleted_is_no_longer_merged(home: House) -> None:
    _, kasia = await two(home)
    async with open_console(home.url) as pilot:
        await open_both(pilot)
        await home.act("client.delete", kasia)
        await until(pilot, lambda: "is deleted" in said(pilot))
        assert "Nothing was merged. q goes back." in text(pilot)
        await press(pilot, "f2")
        assert said(pilot) == "There is nothing to merge here. q goes back."
        await press(pilot, "q")
        assert place(pilot) == "clients"


async def test_while_it_is_counted_keys_are_answered(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    anna, kasia = await two(home)
    counted, kind = asyncio.Event(), merging.KINDS["client"]

    async def slow(connection: AsyncConnection, choices: Choices) -> MergePreview:
        await counted.wait()
        return await kind.preview(connection, choices)

    monkeypatch.setitem(merging.KINDS, "client", replace(kind, preview=slow))
    async with open_console(home.url) as pilot:
        await press(pilot, "space", "space")
        the_app(pilot).call_later(the_app(pilot).open_merge, [anna, kasia])
        while place(pilot) != "merge" or "Counting what 2 clients have" not in text(pilot):
            await pilot.pause()
        await pilot.press("x")
        await pilot.pause()
        assert said(pilot) == "They are still being counted. Wait a moment."
        await pilot.press("f2")
        await pilot.pause()
        assert said(pilot).startswith("There is nothing to merge here") or "counted" in said(pilot)
        counted.set()
        await until(pilot, lambda: COUNTED in text(pilot))


# Contacts and organizations


async def test_i_makes_a_contact_of_the_other(any_home: House) -> None:
    await two(any_home)
    async with open_console(any_home.url) as pilot:
        await press(pilot, "enter", "I")
        await answer(pilot, "kasia@acme.pl")
        assert "Kasia Kowalska" in text(pilot)
        await press(pilot, "enter")
        assert said(pilot).startswith("A contact keeps what is theirs")
        await press(pilot, "f2")
        assert said(pilot) == "Kasia Kowalska is a contact of Anna Kowalska now · u undoes"
        await press(pilot, "h")
        assert "Kasia Kowalska" in line_with(pilot, "kasia@acme.pl")
        await press(pilot, "u")
        assert said(pilot).startswith("Undid the merge as contact")


async def test_organizations_are_merged_the_same_way(any_home: House) -> None:
    acme = await any_home.organization("Acme", mail_domain=("acme.pl",))
    beta = await any_home.organization("Beta", mail_domain=("beta.pl",))
    async with open_console(any_home.url) as pilot:
        await press(pilot, "2", "Y")
        await answer(pilot, "Acme")
        assert said(pilot) == "That is the same organization. Name the other one."
        await press(pilot, "Y")
        await answer(pilot, "beta.pl")
        assert "Merge 2 organizations into one" in lines(pilot)[0]
        assert line_with(pilot, "mail domains").split()[:5] == ["mail", "domains", "1", "1", "2"]
        await press(pilot, "f2")
        assert said(pilot) == "Merged 2 organizations into Acme · u undoes"
        the_app(pilot).call_later(the_app(pilot).open_record, "organization", beta)
        await until(pilot, lambda: "also" in text(pilot))
        assert "Acme" in lines(pilot)[0]
        assert pilot.app.screen.record_id == acme  # type: ignore[attr-defined]
        assert not prompt(pilot).display
