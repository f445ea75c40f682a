"""Who-is-this: one key from any screen, anything pasted, one screen that answers."""

from __future__ import annotations

import pytest
from textual import events
from textual.widgets import Input

from console.screens.who import WhoScreen
from console.widgets.mask import HIDDEN
from tests.screens.driving import (
    Console,
    answer,
    field,
    fill,
    lines,
    listing,
    names,
    open_console,
    place,
    press,
    prompt,
    said,
    screen,
    settle,
    text,
    type_keys,
)
from tests.screens.making import House, client_with_everything, house

EVERYWHERE: dict[str, tuple[str, ...]] = {
    "clients": (),
    "organizations": ("2",),
    "pending": ("6",),
    "held": ("7",),
    "client": ("enter",),
    "organization": ("2", "enter"),
    "incident": ("enter", "enter"),
    "reading": ("question_mark",),
    "settings": ("comma",),
    "news": ("F",),
}


async def who_is(pilot: Console, pasted: str) -> None:
    """Ask, paste, enter."""
    await press(pilot, "w")
    await paste(pilot, pasted)
    await press(pilot, "enter")


async def paste(pilot: Console, pasted: str) -> None:
    """Paste into the field in focus, as a terminal with bracketed paste does."""
    driver = pilot.app._driver
    assert driver is not None
    event = events.Paste(pasted)
    event.set_sender(pilot.app)
    driver.send_message(event)
    await settle(pilot)


def row_with(pilot: Console, part: str) -> str:
    return next(line for line in lines(pilot) if part in line)


@pytest.mark.parametrize("there", EVERYWHERE)
async def test_one_key_asks_from_every_screen_and_q_goes_back_there(home: House, there: str) -> None:
    await client_with_everything(home)
    await home.act("staff.edit", home.me.staff_id or 0, role="admin")
    async with open_console(home.url) as pilot:
        await press(pilot, *EVERYWHERE[there])
        assert place(pilot) == there
        await who_is(pilot, "anna@acme.pl")
        assert place(pilot) == "who"
        assert "Anna Kowalska" in text(pilot)
        for leave in ("q", "ctrl+g", "escape"):
            await press(pilot, leave)
            assert place(pilot) == there, leave
            await who_is(pilot, "anna@acme.pl")


async def test_the_answer_begins_with_warnings_and_tells_all_on_one_screen(home: House) -> None:
    await client_with_everything(home)
    async with open_console(home.url) as pilot:
        await who_is(pilot, "anna@acme.pl")
        shown = lines(pilot)
        assert "Who is > anna@acme.pl" in shown[0]
        assert shown[1].startswith(" ! ")
        first_fact = next(number for number, line in enumerate(shown) if "client" in line)
        last_warning = max(number for number, line in enumerate(shown) if line.startswith(" ! "))
        assert last_warning < first_fact
        for part in (
            "until Friday",
            "overdue",
            "INC-000812",
            "credit",
            "access",
            "portal",
            "last",
            "org",
            "reach",
        ):
            assert part in text(pilot), part
        assert all(len(line) == 80 for line in shown)
        assert shown[-1].rstrip().endswith("? help  q back")


async def test_enter_opens_the_client_and_numbers_the_incidents(home: House) -> None:
    await client_with_everything(home)
    async with open_console(home.url) as pilot:
        await who_is(pilot, "INC-000812")
        assert "1  INC-000812" in text(pilot)
        await press(pilot, "enter")
        assert place(pilot) == "client"
        await press(pilot, "q", "1")
        assert place(pilot) == "incident"
        assert "INC-000812" in lines(pilot)[0]
        await press(pilot, "q", "down", "enter")
        assert place(pilot) == "incident"
        await press(pilot, "q", "9")
        assert said(pilot) == "There is no line 9 here."


async def test_of_several_a_number_answers_one_and_q_comes_back_to_all(home: House) -> None:
    one = await home.client("Jan Kowalski", mobile=("+48 601 555 010",))
    await home.client("Janina Kowalska", mobile=("+48 601 555 010",))
    await home.act("client.ban", one, reason="shouts")
    async with open_console(home.url) as pilot:
        await who_is(pilot, "601 555 010")
        assert "2 may be meant by '601 555 010'. Press a number." in text(pilot)
        assert sorted(names(pilot)) == ["Jan Kowalski", "Janina Kowalska"]
        assert "banned" in row_with(pilot, "Jan Kowalski")
        number = 1 + names(pilot).index("Jan Kowalski")
        await press(pilot, str(number))
        assert "! Banned: shouts" in text(pilot)
        await press(pilot, "q")
        assert names(pilot) == names(pilot)
        assert isinstance(pilot.app.screen, WhoScreen)
        await press(pilot, "q")
        assert place(pilot) == "clients"


async def test_nobody_is_said_and_n_begins_a_client_with_what_was_pasted(home: House) -> None:
    await home.client("Anna Kowalska")
    async with open_console(home.url) as pilot:
        await who_is(pilot, "Nowy Jan <jan@nowhere.example>")
        assert "Nobody is known by" in text(pilot)
        assert "n adds them" in text(pilot)
        await press(pilot, "n")
        assert place(pilot) == "form"
        assert field(pilot, "email").text == "jan@nowhere.example"
        assert field(pilot, "name").text == "Nowy Jan"
        await press(pilot, "f2")
        assert place(pilot) == "who"
        assert said(pilot).startswith("Added Nowy Jan")
        assert "client        Nowy Jan" in text(pilot)


async def test_what_was_typed_for_one_does_not_come_back_for_another(home: House) -> None:
    async with open_console(home.url) as pilot:
        await who_is(pilot, "jan@nowhere.example")
        await press(pilot, "n")
        await fill(pilot, name="Jan")
        await press(pilot, "ctrl+g", "q")
        await who_is(pilot, "ola@nowhere.example")
        await press(pilot, "n")
        assert (field(pilot, "name").text, field(pilot, "email").text) == ("", "ola@nowhere.example")
        await press(pilot, "ctrl+g", "q")
        await who_is(pilot, "jan@nowhere.example")
        await press(pilot, "n")
        assert (field(pilot, "name").text, field(pilot, "email").text) == ("Jan", "jan@nowhere.example")


async def test_a_one_time_sender_becomes_a_client_with_their_incidents(home: House) -> None:
    support = await home.department("Support")
    await home.incident(None, support, 77, "Hello", sender_name="Old Jim", sender_address="jim@else.example")
    async with open_console(home.url) as pilot:
        await who_is(pilot, "jim@else.example")
        assert "no client" in row_with(pilot, "Old Jim")
        await press(pilot, "enter")
        assert said(pilot).startswith("They are no client yet")
        await press(pilot, "n")
        assert said(pilot).startswith("Registered Old Jim")
        assert "client        Old Jim" in text(pilot)
        assert "INC-000077" in text(pilot)


async def test_i_writes_down_an_incident_for_them(home: House) -> None:
    await client_with_everything(home)
    async with open_console(home.url) as pilot:
        await who_is(pilot, "anna@acme.pl")
        await press(pilot, "i")
        assert place(pilot) == "form"
        await fill(pilot, subject="The phone rang")
        await press(pilot, "f2")
        assert place(pilot) == "who"
        assert "The phone rang" in text(pilot)


async def test_viewers_look_and_change_nothing(sqlite_url: str) -> None:
    async with house(sqlite_url, role="viewer") as home:
        await home.client("Anna Kowalska", email=("anna@acme.pl",))
        async with open_console(home.url) as pilot:
            await who_is(pilot, "anna@acme.pl")
            assert "Anna Kowalska" in text(pilot)
            for key in ("n", "i", "J"):
                await press(pilot, key)
                assert place(pilot) == "who"
                assert said(pilot).startswith("Viewers change nothing")


async def test_where_nobody_is_meant_nothing_can_be_written_down_for_them(home: House) -> None:
    async with open_console(home.url) as pilot:
        await who_is(pilot, "INC-000999")
        await press(pilot, "i")
        assert said(pilot) == "There is nothing under the cursor."


async def test_of_a_paste_of_many_lines_the_line_that_says_most_is_taken(home: House) -> None:
    await client_with_everything(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "w")
        await paste(pilot, "\r\n\r\nHello,\r\nkind regards\r\nAnna Kowalska\r\nanna@acme.pl\r\n")
        assert prompt(pilot).query_one(Input).value == "anna@acme.pl"
        await press(pilot, "enter")
        assert "Who is > anna@acme.pl" in lines(pilot)[0]


async def test_no_letter_asks_while_one_types(home: House) -> None:
    await home.client("Wanda Wilk")
    async with open_console(home.url) as pilot:
        await press(pilot, "slash", "w", "i")
        assert not prompt(pilot).display
        assert names(pilot) == ["Wanda Wilk"]
        await press(pilot, "enter", "a")
        await type_keys(pilot, "ww")
        assert not prompt(pilot).display
        await press(pilot, "ctrl+g", "n", "w")
        assert place(pilot) == "form"
        assert field(pilot, "name").text == "w"


async def test_asking_again_takes_the_place_of_the_answer(home: House) -> None:
    await client_with_everything(home)
    await home.client("Bartosz Kowal", email=("b@kowal.example",))
    async with open_console(home.url) as pilot:
        await who_is(pilot, "anna@acme.pl")
        await who_is(pilot, "b@kowal.example")
        assert "Bartosz Kowal" in text(pilot)
        assert "Anna Kowalska" not in text(pilot)
        await press(pilot, "q")
        assert place(pilot) == "clients"


async def test_cancelling_or_nothing_typed_leaves_everything(home: House) -> None:
    async with open_console(home.url) as pilot:
        await press(pilot, "w", "enter")
        assert prompt(pilot).display
        await press(pilot, "ctrl+g")
        assert place(pilot) == "clients"
        await press(pilot, "w", "escape")
        assert not prompt(pilot).display


async def test_the_question_does_not_confirm_what_a_card_asks(home: House) -> None:
    await client_with_everything(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "M", "enter")
        assert place(pilot) == "impact"
        await who_is(pilot, "anna@acme.pl")
        assert place(pilot) == "who"
        await press(pilot, "q", "w", "ctrl+g")
        assert place(pilot) == "impact"
        await press(pilot, "q")
        assert said(pilot) == "Nothing was changed."
        assert place(pilot) == "clients"


async def test_a_colleagues_change_is_in_the_answer(home: House) -> None:
    anna = await client_with_everything(home)
    async with open_console(home.url) as pilot:
        await who_is(pilot, "anna@acme.pl")
        await home.act("client.ban", anna.client, reason="shouts")
        screen(pilot).reload()
        await settle(pilot)
        assert "! Banned: shouts" in text(pilot)


async def test_who_is_purged_meanwhile_leaves_nothing_on_the_screen(home: House) -> None:
    one = await home.client("Jan Kowalski", mobile=("+48 601 555 010",))
    await home.client("Ola Kowalska", mobile=("+48 601 555 010",))
    async with open_console(home.url) as pilot:
        await who_is(pilot, "+48601555010")
        await press(pilot, str(1 + names(pilot).index("Jan Kowalski")))
        await home.act("client.delete", one)
        await home.act("client.purge", one)
        screen(pilot).reload()
        await settle(pilot)
        assert "Jan Kowalski" not in text(pilot)
        assert "q goes back" in said(pilot)


async def test_everything_is_hidden_while_masked(home: House) -> None:
    await client_with_everything(home)
    async with open_console(home.url, (120, 40)) as pilot:
        await press(pilot, "K")
        await press(pilot, "w")
        await answer(pilot, "anna@acme.pl")
        shown = text(pilot).casefold()
        for word in ("anna", "kowalska", "acme", "601", "printer", "friday", "polna"):
            assert word not in shown, word
        assert "INC-000812" in text(pilot)
        await press(pilot, "q")
        await who_is(pilot, "nobody@nowhere.example")
        assert "nowhere" not in text(pilot)
        assert HIDDEN in text(pilot)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 60)])
async def test_the_last_lines_stay_in_sight_however_much_there_is(home: House, size: tuple[int, int]) -> None:
    made = await client_with_everything(home)
    for number in range(30):
        await home.incident(made.client, made.support, 2000 + number, f"More {number}")
    for number in range(9):
        await home.act("client.note", made.client, text=f"Warning {number}", level="warning")
    async with open_console(home.url, size) as pilot:
        await who_is(pilot, "anna@acme.pl")
        assert lines(pilot)[-1].rstrip().endswith("? help  q back")
        assert "found by" in text(pilot) or size[1] < 24
        assert "Anna Kowalska" in text(pilot)
        assert listing(pilot).size.height >= 3
