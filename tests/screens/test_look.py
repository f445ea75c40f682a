"""Those who may be one, looked at whole from where it is decided: no letter there changes a client."""

from __future__ import annotations

from sqlalchemy import select

from console.data.models.clients import client
from tests.screens.driving import (
    Console,
    lines,
    listing,
    open_console,
    place,
    press,
    said,
    text,
)
from tests.screens.making import House
from tests.screens.test_duplicates import decided, pair_of, queue, triplets, twins, unknown


async def look(pilot: Console) -> tuple[str, str]:
    """Look at the first pair of the queue; returns what the two are called."""
    await press(pilot, "4")
    pair = queue(pilot).pair()
    assert pair is not None
    await press(pilot, "o")
    assert place(pilot) == "look"
    return pair.first.name, pair.second.name


async def statuses(home: House) -> set[str]:
    async with home.desk.read() as connection:
        return set((await connection.execute(select(client.c.status))).scalars())


async def test_o_goes_to_and_fro_in_the_same_tab_and_q_comes_back(home: House) -> None:
    await twins(home)
    async with open_console(home.url) as pilot:
        first, second = await look(pilot)
        assert "1 of 2" in lines(pilot)[0]
        assert first in lines(pilot)[0]
        await press(pilot, "right", "right", "right", "o")
        assert "2 of 2" in lines(pilot)[0]
        assert second in lines(pilot)[0]
        assert "adds one" in text(pilot) or "No contacts" in text(pilot)
        await press(pilot, "o")
        assert first in lines(pilot)[0]
        await press(pilot, "q")
        assert place(pilot) == "duplicates"


async def test_letters_that_change_a_client_elsewhere_change_nobody_there(home: House) -> None:
    await home.department("Support")
    await twins(home)
    async with open_console(home.url) as pilot:
        await look(pilot)
        before = await statuses(home)
        for key in ("S", "b", "B", "A", "D", "x", "z", "e", "t", "l", "M", "f", "a"):
            await press(pilot, key)
            assert said(pilot) == f"{key} does nothing here. ? shows the keys."
        assert await statuses(home) == before
        assert await decided(home) == []
        await press(pilot, "right", "enter")
        assert said(pilot).startswith("Here they are only looked at.")


async def test_s_opens_the_merge_and_marks_nobody_as_spam(home: House) -> None:
    await twins(home)
    async with open_console(home.url) as pilot:
        await look(pilot)
        await press(pilot, "s")
        assert place(pilot) == "merge"
        await press(pilot, "q")
        assert place(pilot) == "duplicates"
        assert "spam" not in await statuses(home)


async def test_what_is_decided_while_one_looks_is_decided_of_those_two(home: House) -> None:
    await twins(home)
    async with open_console(home.url) as pilot:
        names = set(await look(pilot))
        await press(pilot, "o", "d")
        assert place(pilot) == "duplicates"
        ((ids, decision),) = await decided(home)
        assert decision == "different"
        async with home.desk.read() as connection:
            query = select(client.c.name).where(client.c.id.in_(ids))
            assert set((await connection.execute(query)).scalars()) == names
        assert len(listing(pilot).rows) == 2
        here = queue(pilot).listing.cursor_id
        await press(pilot, "o", "n")
        assert queue(pilot).listing.cursor_id != here


async def test_a_pair_that_is_no_longer_under_the_cursor_is_not_decided(home: House) -> None:
    await twins(home)
    async with open_console(home.url) as pilot:
        await look(pilot)
        below = pilot.app.screen_stack[-2]
        below.listing.action_move(1)  # type: ignore[attr-defined]
        await press(pilot, "d")
        assert said(pilot).startswith("The list has changed meanwhile, and nothing was decided.")
        assert await decided(home) == []


async def test_two_of_a_larger_group_are_decided_where_all_stand(home: House) -> None:
    await triplets(home)
    async with open_console(home.url) as pilot:
        await look(pilot)
        await press(pilot, "d")
        assert place(pilot) == "duplicates"
        assert said(pilot) == "They are two of 3. Decide here, where all of them stand."
        assert await decided(home) == []


async def test_c_opens_the_client_to_be_worked_on(home: House) -> None:
    await twins(home)
    async with open_console(home.url) as pilot:
        _, second = await look(pilot)
        await press(pilot, "o", "c")
        assert place(pilot) == "client"
        assert second in lines(pilot)[0]
        await press(pilot, "q", "q")
        assert place(pilot) == "duplicates"


async def test_whoever_may_be_a_sender_is_looked_at_and_taken(home: House) -> None:
    kasia, _ = await pair_of(home, "Katarzyna Kowalska", "Bartosz Inny", 303)
    made = await unknown(home, "katarzyna.kowalska@mail.example", "Katarzyna Kowalska")
    async with open_console(home.url) as pilot:
        await press(pilot, "5", "enter", "equals_sign", "o")
        assert place(pilot) == "candidate"
        await press(pilot, "b")
        assert said(pilot) == "b does nothing here. ? shows the keys."
        await press(pilot, "s")
        assert place(pilot) == "incident"
        assert "1 incident is theirs now" in said(pilot)
    assert (made, kasia) == (home.ids["Cannot sign in"], home.ids["Katarzyna Kowalska"])


async def test_masked_nobody_looked_at_is_named(home: House) -> None:
    await twins(home)
    async with open_console(home.url) as pilot:
        first, second = await look(pilot)
        await press(pilot, "K", "o")
        assert "2 of 2" in lines(pilot)[0]
        assert not [name for name in (first, second) if name in text(pilot)]
