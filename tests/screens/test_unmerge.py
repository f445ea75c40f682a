"""The undo of a merge on the screen: from u, History and the survivor; what came since; what was left behind."""

from __future__ import annotations

from console.commands.merging import KINDS
from console.data.models.clients import client
from console.data.models.incidents import incident
from console.data.records.merging import Choices
from tests.data.rows import column
from tests.screens.driving import (
    line_with,
    lines,
    listing,
    open_console,
    place,
    press,
    said,
    text,
    the_app,
    until,
)
from tests.screens.making import House
from tests.screens.test_merge import two


async def merged(home: House, *ids: int, without: tuple[str, ...] = (), **keep: int) -> int:
    """Merge clients as Ann would; returns the journal entry."""
    choices = Choices(ids[0], tuple(ids[1:]), keep, frozenset(without))
    kind = KINDS["client"]
    async with home.desk.read() as connection:
        seen = (await kind.preview(connection, choices)).seen
    return (await kind.merge(home.desk, home.me, choices, seen=seen)).entry_id


async def later(home: House, owner: int) -> tuple[int, int]:
    """Two incidents that came after a merge: one from Kasia's address, one that says nothing."""
    support = home.ids["Support"]
    return (
        await home.incident(owner, support, 31, "Coffee", reply_address="kasia@acme.pl"),
        await home.incident(owner, support, 32, "Tea"),
    )


async def test_u_asks_whose_the_new_rows_are(any_home: House) -> None:
    anna, kasia = await two(any_home)
    await merged(any_home, anna, kasia)
    coffee, tea = await later(any_home, anna)
    async with open_console(any_home.url) as pilot:
        await press(pilot, "u")
        assert place(pilot) == "unmerge"
        assert "2 Kasia Kowalska" in line_with(pilot, "INC-000031 Coffee")
        assert "1 Anna Kowalska" in line_with(pilot, "INC-000032 Tea")
        await press(pilot, "7")
        assert said(pilot) == "There is nobody with the number 7 here."
        await press(pilot, "1")
        assert "1 Anna Kowalska" in line_with(pilot, "Coffee")
        await press(pilot, "2")
        assert "2 Kasia Kowalska" in line_with(pilot, "Tea")
        await press(pilot, "a")
        assert "1 Anna Kowalska" in line_with(pilot, "Tea")
        assert "2 Kasia Kowalska" in line_with(pilot, "Coffee")
        await press(pilot, "c")
        assert said(pilot) == "No row was changed since. Nothing stands in the way."
        await press(pilot, "G", "2", "f2")
        assert place(pilot) == "clients"
        assert said(pilot).endswith(" rows and 2 new ones went to Kasia Kowalska")
    for one in (coffee, tea):
        assert await column(any_home.desk, incident, one, "client_id") == kasia
    assert await column(any_home.desk, client, kasia, "absorbed_into") is None


async def test_enter_looks_at_the_incident_and_q_changes_nothing(home: House) -> None:
    anna, kasia = await two(home)
    await merged(home, anna, kasia)
    await later(home, anna)
    async with open_console(home.url) as pilot:
        await press(pilot, "u", "enter")
        assert place(pilot) == "incident"
        await press(pilot, "q", "q")
        assert place(pilot) == "clients"
        assert said(pilot) == "Nothing was changed."
    assert await column(home.desk, client, kasia, "absorbed_into") == anna


async def test_history_and_the_survivor_lead_there(home: House) -> None:
    anna, kasia = await two(home)
    await merged(home, anna, kasia)
    async with open_console(home.url) as pilot:
        await press(pilot, "enter", "left")
        assert "Merged: Kasia Kowalska" in text(pilot)
        await until(pilot, lambda: listing(pilot).cursor_id is not None)
        await press(pilot, "enter")
        assert place(pilot) == "unmerge"
        assert "Nothing has come since the merge." in text(pilot)
        await press(pilot, "q", "U")
        assert place(pilot) == "merged"
        assert "Kasia Kowalska" in text(pilot)
        await press(pilot, "U", "f2")
        assert place(pilot) == "merged"
        assert "went to Kasia Kowalska" in said(pilot)
        assert "Nobody was merged into this one." in text(pilot)
        await press(pilot, "U")
        assert said(pilot) == "There is no merge to undo here. q goes back."
    assert await column(home.desk, client, kasia, "absorbed_into") is None


async def test_rows_that_were_changed_since_are_named_and_may_stay(home: House) -> None:
    anna, kasia = await two(home)
    await merged(home, anna, kasia, name=kasia)
    await home.act("client.edit", anna, name="Anna Nowak")
    async with open_console(home.url) as pilot:
        await press(pilot, "u")
        assert place(pilot) == "unmerge"
        assert "changed" in text(pilot)
        await press(pilot, "f2")
        assert said(pilot).startswith("Rows were changed since. c leaves them as they are now")
        await press(pilot, "c", "f2")
        assert said(pilot).startswith("Undid the merge")
        assert said(pilot).endswith("went to Kasia Kowalska, 1 left as they are now")
    assert await column(home.desk, client, anna, "name") == "Anna Nowak"
    assert await column(home.desk, client, kasia, "absorbed_into") is None


async def test_what_was_left_behind_is_told_and_opened_from_the_survivor(home: House) -> None:
    anna, kasia = await two(home)
    await merged(home, anna, kasia, without=("notes",))
    async with open_console(home.url) as pilot:
        await press(pilot, "enter")
        shown = " ".join(line[:26].strip() for line in lines(pilot))
        assert "also Kasia Kowalska, merged just now (U) 1 note left there" in " ".join(shown.split())
        await press(pilot, "U")
        assert "1 note" in line_with(pilot, "Kasia Kowalska")
        await press(pilot, "enter")
        assert "Kasia Kowalska" in lines(pilot)[0]
        await press(pilot, *["right"] * 4)
        await until(pilot, lambda: "Likes coffee" in text(pilot))
        await press(pilot, "f")
        assert said(pilot) == "Kasia Kowalska was merged into another client. Open that one."


async def test_an_old_id_opens_the_survivor(home: House) -> None:
    anna, kasia = await two(home)
    await merged(home, anna, kasia)
    async with open_console(home.url) as pilot:
        the_app(pilot).call_later(the_app(pilot).open_record, "client", kasia, "Kasia Kowalska")
        await until(pilot, lambda: "Anna Kowalska" in lines(pilot)[0])
        assert said(pilot) == "Kasia Kowalska was merged into this client. U shows what was left there."


async def test_a_merge_of_a_colleague_says_who_may_undo_it(home: House) -> None:
    anna, kasia = await two(home)
    entry = await merged(home, anna, kasia)
    other = home.boss
    choices = Choices(anna, (await home.client("Third"),))
    kind = KINDS["client"]
    async with home.desk.read() as connection:
        seen = (await kind.preview(connection, choices)).seen
    theirs = (await kind.merge(home.desk, other, choices, seen=seen)).entry_id
    async with open_console(home.url) as pilot:
        the_app(pilot).call_later(the_app(pilot).open_record, "merge", theirs)
        await until(pilot, lambda: place(pilot) == "unmerge")
        assert said(pilot).startswith("Another member of staff did this.")
        await press(pilot, "f2")
        assert said(pilot).startswith("Another member of staff did this.")
    assert entry != theirs
