"""Marks on many, the impact card, and actions on more than fit one entry."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from console.data import impact
from console.data.models.clients import client
from console.data.models.journal import journal_entry
from console.data.models.organizations import organization_manager
from console.screens.clients import ClientsScreen
from console.widgets.status_line import Kind
from tests.screens.driving import (
    Console,
    answer,
    line_with,
    listing,
    menu,
    open_console,
    place,
    press,
    prompt,
    said,
    screen,
    settle,
    text,
    the_app,
    type_filter,
)
from tests.screens.making import House, crowd, people

MANY = 12_000


async def with_status(home: House, status: str) -> int:
    async with home.desk.read() as connection:
        query = select(func.count()).where(client.c.status == status)
        return int((await connection.execute(query)).scalar_one())


async def entries(home: House) -> int:
    async with home.desk.read() as connection:
        return int((await connection.execute(select(func.count(journal_entry.c.id)))).scalar_one())


# Marks


async def test_asterisk_marks_all_that_match_and_shows_it_on_rows_not_loaded_yet(home: House) -> None:
    await crowd(home, 400)
    await people(home, "Anna Kowalska")
    async with open_console(home.url) as pilot:
        await type_filter(pilot, "client")
        await press(pilot, "asterisk")
        assert said(pilot) == "400 clients marked. m shows what can be done."
        assert "400 marked" in text(pilot)
        await press(pilot, "G")
        assert line_with(pilot, "Client 00399").startswith(">")
        await type_filter(pilot, "")
        await press(pilot, "g")
        assert line_with(pilot, "Anna Kowalska").startswith(" ")
        assert "400 marked" in text(pilot)
        await press(pilot, "q")
        assert "marked" not in text(pilot).replace("marks", "")
        assert said(pilot) == "Took 400 marks away."


async def test_who_comes_to_match_later_is_not_marked(home: House) -> None:
    await crowd(home, 30)
    async with open_console(home.url) as pilot:
        await press(pilot, "asterisk")
        await home.client("Client late")
        await press(pilot, "ctrl+l", "G", "g", "G")
        assert line_with(pilot, "Client late").startswith(" ")
        assert "30 marked" in text(pilot)


@pytest.mark.parametrize("keys", [("space", "j", "j", "V"), ("G", "space", "g", "V")])
async def test_capital_v_marks_the_range_from_the_last_mark(home: House, keys: tuple[str, ...]) -> None:
    await crowd(home, 300)
    async with open_console(home.url) as pilot:
        await press(pilot, *keys)
        assert f"{4 if keys[0] == 'space' else 300} marked" in text(pilot)


async def test_a_range_follows_the_order_and_the_filter(home: House) -> None:
    await crowd(home, 40)
    await people(home, "Client 00010a", "Anna")
    async with open_console(home.url) as pilot:
        await press(pilot, "O")
        await type_filter(pilot, "client 0001")
        await press(pilot, "g", "space", "G", "V")
        assert "11 marked" in text(pilot)


async def test_a_range_without_a_first_mark_says_what_to_do(home: House) -> None:
    await crowd(home, 5)
    async with open_console(home.url) as pilot:
        await press(pilot, "V")
        assert said(pilot) == "Mark the first of them with space, then go to the last and press V."


async def test_with_marks_the_menu_holds_what_can_be_done_to_many(home: House) -> None:
    await crowd(home, 30)
    async with open_console(home.url) as pilot:
        await press(pilot, "asterisk", "m")
        ids = {item.id for item in menu(pilot).items}
        many = ("approve", "disapprove", "ban", "unban", "spam", "not-spam", "favourite", "organization")
        assert ids >= {f"client.{one}" for one in (*many, "access", "tag", "note", "archive")}
        assert not ids & {"client.manager", "client.no-manager", "client.contact", "client.edit"}
        assert all(item.reason is None for item in menu(pilot).items)
        await press(pilot, "q", "M")
        assert said(pilot) == "Make manager is done one by one. Take the marks away (q) first."


# The card


async def test_up_to_25_act_at_once_above_it_the_count_is_typed(home: House) -> None:
    await crowd(home, 26)
    async with open_console(home.url) as pilot:
        await press(pilot, "space")
        await press(pilot, *["space"] * 24)
        await press(pilot, "z")
        assert said(pilot) == "Archived 25 clients · marks taken away · u undoes"
        await press(pilot, "u", "asterisk", "z")
        assert place(pilot) == "impact"
        assert "Archive: 26 clients" in text(pilot)
        assert "Type 26 to go on:" in text(pilot)
        await answer(pilot, "25")
        assert "That is not 26." in text(pilot)
        assert place(pilot) == "impact"
        await answer(pilot, "26")
        assert place(pilot) == "clients"
        assert said(pilot) == "Archived 26 clients · marks taken away · u undoes"


async def test_cancelling_a_card_changes_nothing_and_keeps_the_marks(home: House) -> None:
    await crowd(home, 30)
    before = await entries(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "asterisk", "z", "ctrl+g")
        assert place(pilot) == "clients"
        assert said(pilot) == "Nothing was changed."
        assert "30 marked" in text(pilot)
        assert await entries(home) == before


async def test_what_changes_who_sees_what_has_a_card_that_enter_confirms(any_home: House) -> None:
    home = any_home
    acme = await home.organization("Acme")
    anna = await home.client("Anna", organization="Acme")
    bob = await home.client("Bob", organization="Acme")
    support = await home.department("Support")
    for number in (1, 2):
        await home.incident(bob, support, number, f"Matter {number}")
    async with open_console(home.url) as pilot:
        await press(pilot, "M", "enter")
        assert place(pilot) == "impact"
        assert "Anna will newly see 2 incidents of 1 colleague of Acme." in text(pilot)
        await press(pilot, "q")
        assert said(pilot) == "Nothing was changed."
        await press(pilot, "M", "enter", "enter")
        assert said(pilot).startswith("Anna manages Acme now and sees 2 incidents of 1 colleague")
        await press(pilot, "j", "l")
        await answer(pilot, "Beta")
        assert "Managers of Acme (Anna) no longer see 2 incidents of theirs." in text(pilot)
        await press(pilot, "enter")
        assert said(pilot).startswith("Set the organization of Bob")
        await press(pilot, "l")
        await answer(pilot, "acme")
        assert "Managers of Acme (Anna) newly see 2 incidents of theirs." in text(pilot)
        await press(pilot, "enter", "k", "N")
        assert "Anna will no longer see 2 incidents of 1 colleague of Acme." in text(pilot)
        await press(pilot, "enter")
    async with home.desk.read() as connection:
        assert (await connection.execute(select(organization_manager.c.id))).first() is None
    assert acme
    assert anna


async def test_a_manager_who_moves_is_said_to_manage_no_more(home: House) -> None:
    await home.organization("Acme")
    anna = await home.client("Anna", organization="Acme")
    await home.act("client.manager", anna)
    async with open_console(home.url) as pilot:
        await press(pilot, "l")
        await answer(pilot, "")
        assert "1 manager among them will manage no more." in text(pilot)
        await press(pilot, "enter")
        assert said(pilot).startswith("Set the organization of Anna")


async def test_where_nobody_sees_more_or_less_there_is_no_card(home: House) -> None:
    await people(home, "Anna")
    async with open_console(home.url) as pilot:
        await press(pilot, "l")
        await answer(pilot, "Acme")
        assert said(pilot).startswith("Set the organization of Anna")


async def test_departments_are_chosen_from_those_there_are(home: House) -> None:
    await people(home, "Anna", "Bob")
    async with open_console(home.url) as pilot:
        await home.department("Sales")
        await home.department("Workshop")
        await press(pilot, "space", "space", "m")
        place_of = [item.id for item in menu(pilot).items].index("client.access")
        await press(pilot, *["down"] * place_of, "enter")
        assert prompt(pilot).current is not None
        assert prompt(pilot).current.choices == ("Sales", "Workshop")  # type: ignore[union-attr]
        await answer(pilot, "work", "no")
        assert said(pilot) == "2 clients may not submit to Workshop now · marks taken away · u undoes"


# Many


async def mark_and_ban(pilot: Console) -> None:
    await type_filter(pilot, "client")
    await press(pilot, "asterisk", "b")
    while place(pilot) != "impact":
        await (answer(pilot, "bought list") if "Reason" in text(pilot) else press(pilot, "enter"))


async def test_select_all_on_12000_cancelled_changes_nothing_confirmed_is_one_batch_and_one_undo(
    home: House,
) -> None:
    await crowd(home, MANY)
    await people(home, "Anna Kowalska")
    before = await entries(home)
    async with open_console(home.url) as pilot:
        await mark_and_ban(pilot)
        assert "Ban: 12,000 clients" in text(pilot)
        await press(pilot, "ctrl+g")
        assert said(pilot) == "Nothing was changed."
        assert (await entries(home), await with_status(home, "banned")) == (before, 0)
        await mark_and_ban(pilot)
        await answer(pilot, "12,000")
        assert said(pilot) == "Banned 12,000 clients · marks taken away · u undoes"
        assert await with_status(home, "banned") == MANY
        async with home.desk.read() as connection:
            query = select(journal_entry.c.batch_id).where(journal_entry.c.action == "client.ban")
            batches = set((await connection.execute(query)).scalars())
        assert len(batches) == 1
        assert None not in batches
        assert "marked" not in text(pilot)
        await press(pilot, "u")
        assert said(pilot) == "Undid the ban, 12,000 rows"
        assert await with_status(home, "banned") == 0


async def test_a_long_action_says_how_far_it_is_and_is_stopped_and_taken_back(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(impact, "CHUNK", 50)
    await crowd(home, 120)
    async with open_console(home.url) as pilot:
        heard: list[str] = []
        app = the_app(pilot)
        say = app.say_on_top

        def hear(sentence: str, kind: Kind = "info", *, hidden: str = "") -> None:
            heard.append(sentence)
            say(sentence, kind, hidden=hidden)
            if sentence.startswith("Ban: 50 of 120"):
                screen(pilot).action_command("stop")

        monkeypatch.setattr(app, "say_on_top", hear)
        await mark_and_ban(pilot)
        await answer(pilot, "120")
        await settle(pilot)
        assert "Ban: 50 of 120… ctrl+g stops it." in heard
        assert said(pilot) == "Ban was stopped and is taken back. Nothing was changed."
        assert await with_status(home, "banned") == 0
        shown = screen(pilot)
        assert isinstance(shown, ClientsScreen)
        assert len(shown.marks) == 120
        await press(pilot, "ctrl+g")
        if prompt(pilot).display:
            await press(pilot, "ctrl+g", "ctrl+g")
        assert said(pilot) in ("Nothing runs now that could be stopped.", "Nothing was changed.")
        assert listing(pilot).rows


async def test_the_card_says_what_was_answered(home: House) -> None:
    await crowd(home, 30)
    async with open_console(home.url) as pilot:
        await press(pilot, "asterisk", "t")
        await answer(pilot, "vip, north")
        assert "tags: vip, north" in text(pilot)
