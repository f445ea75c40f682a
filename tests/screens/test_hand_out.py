"""What came since a merge is handed out: one by one, by marks, all at once, further than the screen shows."""

from __future__ import annotations

from sqlalchemy import func, select

from console.data.models.incidents import incident
from console.data.records.merging import SUGGESTED, NewRow
from console.screens.handing import HandOut
from tests.screens.driving import line_with, lines, listing, open_console, place, press, said, text
from tests.screens.making import NOON, House
from tests.screens.test_merge import two
from tests.screens.test_unmerge import merged

MANY = 230


async def many(home: House, owner: int) -> None:
    """More incidents than a page shows, every second one from Kasia's address."""
    support = home.ids["Support"]
    async with home.change() as change:
        rows = [
            {
                "number": 100 + number,
                "hash": f"{100 + number:024d}",
                "kind": "request",
                "channel": "email",
                "state": "open",
                "client_id": owner,
                "department_id": support,
                "subject": f"Trouble {number}",
                "reply_address": "kasia@acme.pl" if number % 2 else "",
                "created_at": NOON,
            }
            for number in range(MANY)
        ]
        await change.insert_many(incident, rows)


async def owned(home: House, client_id: int) -> int:
    """Incidents a client has of those."""
    async with home.desk.read() as connection:
        query = select(func.count()).where(incident.c.client_id == client_id, incident.c.number >= 100)
        return int((await connection.execute(query)).scalar_one())


async def test_what_is_further_down_goes_to_whom_it_seems_to_belong_too(any_home: House) -> None:
    anna, kasia = await two(any_home)
    await merged(any_home, anna, kasia)
    await many(any_home, anna)
    async with open_console(any_home.url) as pilot:
        await press(pilot, "u")
        assert f"{MANY} rows, each to whom it seems to belong." in text(pilot)
        assert "2 Kasia Kowalska" in line_with(pilot, "Trouble 1 ")
        await press(pilot, "f2")
        assert "and 115 new ones went to Kasia Kowalska, 115 new ones stay" in said(pilot)
    assert (await owned(any_home, kasia), await owned(any_home, anna)) == (115, 115)


async def test_all_are_given_to_one_but_those_that_say_otherwise(any_home: House) -> None:
    anna, kasia = await two(any_home)
    await merged(any_home, anna, kasia)
    await many(any_home, anna)
    async with open_console(any_home.url) as pilot:
        await press(pilot, "u", "asterisk")
        assert f"{MANY} marked: a number gives those to that client." in text(pilot)
        await press(pilot, "f2")
        assert place(pilot) == "unmerge"
        assert said(pilot).startswith("230 rows are marked and given to nobody")
        await press(pilot, "space", "2")  # but the first one, which seems to be Anna's
        assert said(pilot) == "229 rows go to 2 Kasia Kowalska."
        assert "all to number 2 but where it says otherwise" in text(pilot)
        assert "1 Anna Kowalska" in line_with(pilot, "Trouble 0 ")
        assert "2 Kasia Kowalska" in line_with(pilot, "Trouble 2 ")
        await press(pilot, "f2")
    assert (await owned(any_home, kasia), await owned(any_home, anna)) == (229, 1)


async def test_the_rest_is_read_as_one_goes_down(home: House) -> None:
    anna, kasia = await two(home)
    await merged(home, anna, kasia)
    await many(home, anna)
    async with open_console(home.url) as pilot:
        await press(pilot, "u", "G")
        assert f"Trouble {MANY - 1}" in text(pilot)
        assert len({row.id for row in listing(pilot).rows}) == len(listing(pilot).rows)
        await press(pilot, "1", "ctrl+l")  # the last one, whoever it seems to be; shown anew it stays so
        assert "1 Anna Kowalska" in line_with(pilot, f"Trouble {MANY - 1}")
        await press(pilot, "f2")
    assert await owned(home, kasia) == 114


async def test_some_are_marked_and_given_together(home: House) -> None:
    anna, kasia = await two(home)
    await merged(home, anna, kasia)
    await many(home, anna)
    async with open_console(home.url) as pilot:
        await press(pilot, "u", "V")
        assert said(pilot).startswith("Mark the first of them with space")
        await press(pilot, "g", "space", "g", "down", "down", "down", "V")
        assert "4 marked" in text(pilot)
        await press(pilot, "q")
        assert (place(pilot), said(pilot)) == ("unmerge", "Took 4 marks away.")
        await press(pilot, "g", "space", "g", "down", "down", "V", "2")
        assert said(pilot) == "3 rows go to 2 Kasia Kowalska."
        await press(pilot, "a")
        assert "1 Anna Kowalska" in line_with(pilot, "Trouble 0 ")
        await press(pilot, "q")
        assert place(pilot) == "clients"
    assert await owned(home, kasia) == 0


async def test_two_of_one_name_are_told_apart(home: House) -> None:
    one = await home.client("Acme a.s.", email=("info@acme.pl",))
    other = await home.client("Acme a.s.", email=("office@acme.pl",), mobile=("+48 601 555 010",))
    await merged(home, one, other)
    await home.incident(one, await home.department("Support"), 1, "Tea", reply_address="office@acme.pl")
    async with open_console(home.url) as pilot:
        await press(pilot, "u")
        assert "Acme a.s., info@acme.pl (the survivor)" in text(pilot)
        assert "Acme a.s., office@acme.pl" in text(pilot)
        assert "would go back to 2 Acme a.s." in text(pilot)
        assert "a.s.." not in text(pilot)
        assert "1-9 give" in lines(pilot)[-1]
        await press(pilot, "f2")
        assert said(pilot).endswith("rows and 1 new one went to 2 Acme a.s.")


async def test_masked_nobody_is_named(home: House) -> None:
    anna, kasia = await two(home)
    await merged(home, anna, kasia)
    await many(home, anna)
    async with open_console(home.url) as pilot:
        await press(pilot, "u", "K", "asterisk", "2")
        shown = text(pilot)
        assert not [word for word in ("Kasia", "Anna", "acme.pl", "Trouble") if word in shown], shown
        assert said(pilot) == "230 rows go to 2 Kasia Kowalska."
        assert "230 rows go to 2." in shown


def test_marks_of_all_but_some() -> None:
    rows = {one: NewRow("note", one, "", None, 7) for one in (1, 2, 3)}
    hand = HandOut()
    hand.mark_all()
    hand.toggle(2)
    assert (hand.marked(5), hand.is_marked(1), hand.is_marked(2)) == (4, True, False)
    hand.mark([2])
    assert hand.marked(5) == 5
    hand.toggle(3)
    hand.give_marked(9, rows)
    assert [hand.whose(row) for row in rows.values()] == [9, 9, 7]
    assert hand.marked(5) == 0
    hand.as_suggested()
    assert (hand.others, [hand.whose(row) for row in rows.values()]) == (SUGGESTED, [7, 7, 7])
