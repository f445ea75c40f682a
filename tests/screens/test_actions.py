"""What staff do: by key, menu and palette; on the row under the cursor, on marks, on the client; and taken back."""

from __future__ import annotations

import pytest
from textual.command import CommandInput, CommandPalette

from console.data import clients
from console.data.records import ClientFacts
from tests.screens.driving import (
    Console,
    accept_rest,
    answer,
    field,
    fill,
    line_with,
    lines,
    listing,
    menu,
    names,
    note,
    open_console,
    place,
    press,
    prompt,
    said,
    screen,
    settle,
    text,
    type_keys,
    under_cursor,
    until,
    write_note,
)
from tests.screens.making import House, client_with_everything, people


async def facts(home: House, client_id: int) -> ClientFacts:
    async with home.desk.read() as connection:
        return (await clients.facts(connection, [client_id], home.me.staff_id))[0]


async def status(home: House, client_id: int) -> str:
    return (await facts(home, client_id)).status


async def choose(pilot: Console, title: str) -> None:
    """Run an action from the palette by typing its title."""
    await press(pilot, "ctrl+p")
    palette = pilot.app.screen
    assert isinstance(palette, CommandPalette)
    palette.query_one(CommandInput).value = title

    await until(pilot, lambda: lines(pilot)[1].strip() == title)
    await press(pilot, "enter")
    await until(pilot, lambda: not isinstance(pilot.app.screen, CommandPalette))
    await settle(pilot)


# One action, all ways

SIMPLE = [
    ("D", "Disapprove", "Disapproved", ["no papers"], "disapproved"),
    ("b", "Ban", "Banned", ["rude"], "banned"),
    ("s", "Spam", "Marked Anna as spam", ["yes"], "spam"),
]


@pytest.mark.parametrize(("key", "title", "words", "answers", "becomes"), SIMPLE)
async def test_an_action_by_key_menu_and_palette_is_the_same(
    home: House, key: str, title: str, words: str, answers: list[str], becomes: str
) -> None:
    (anna,) = await people(home, "Anna")
    async with open_console(home.url) as pilot:
        for way in ("key", "menu", "arrows", "palette", "client"):
            if way == "client":
                await press(pilot, "enter")
            if way == "palette":
                await choose(pilot, title)
            elif way == "arrows":
                await press(pilot, "m")
                while menu(pilot).current is None or menu(pilot).current.title != title:  # type: ignore[union-attr]
                    await press(pilot, "down")
                await press(pilot, "enter")
            else:
                await press(pilot, *(["m"] if way == "menu" else []), key)
            assert prompt(pilot).display, way
            await answer(pilot, *answers)
            await accept_rest(pilot)
            assert said(pilot).startswith(words), way
            assert said(pilot).endswith("· u undoes"), way
            assert await status(home, anna) == becomes, way
            assert becomes in text(pilot), way
            await press(pilot, "u")
            assert said(pilot).startswith("Undid"), way
            assert await status(home, anna) == "approved", way


async def test_a_status_is_lifted_to_what_was_before(any_home: House) -> None:
    pending, spam = await people(any_home, "Anna", "Bartosz")
    await any_home.set(pending, status="pending")
    async with open_console(any_home.url) as pilot:
        await press(pilot, "b")
        await answer(pilot, "rude")
        await accept_rest(pilot)
        assert "banned" in line_with(pilot, "Anna")
        await press(pilot, "B")
        assert said(pilot) == "Removed the ban of Anna · u undoes"
        assert await status(any_home, pending) == "pending"
        await press(pilot, "A")
        assert said(pilot) == "Approved Anna · u undoes"
        await press(pilot, "j", "s")
        await answer(pilot, "no")
        assert await status(any_home, spam) == "spam"
        await press(pilot, "S")
        assert said(pilot) == "Bartosz not spam · u undoes"
        assert await status(any_home, spam) == "approved"


async def test_spam_asks_for_the_incidents_and_takes_them_along(home: House) -> None:
    made = await client_with_everything(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "enter", "s")
        assert "Move their incidents to spam too?" in text(pilot)
        await press(pilot, "tab")
        assert prompt(pilot).value == "no"
        await press(pilot, "shift+tab", "enter")
        assert "open 0" in text(pilot)
        assert "No open incidents." in text(pilot)
        await press(pilot, "S")
        assert "open 2" in text(pilot)
        await press(pilot, "s")
        await answer(pilot, "no")
        assert "open 2" in text(pilot)
    assert made.client


async def test_a_ban_without_a_reason_is_refused_and_asked_again(home: House) -> None:
    (anna,) = await people(home, "Anna")
    async with open_console(home.url) as pilot:
        await press(pilot, "b")
        assert "Ban: Anna. Reason:" in text(pilot)
        for nothing in ("", "   "):
            await answer(pilot, nothing)
            assert prompt(pilot).display
            assert "Reason is needed." in text(pilot)
        await type_keys(pilot, "rude")
        await press(pilot, "enter")
        await accept_rest(pilot)
        assert await status(home, anna) == "banned"


async def test_a_favourite_is_a_star_and_goes_again(home: House) -> None:
    await people(home, "Anna", "Bartosz")
    async with open_console(home.url) as pilot:
        await press(pilot, "f")
        assert line_with(pilot, "Anna").startswith(" *  Anna")
        assert said(pilot) == "Marked Anna as favourite · u undoes"
        await press(pilot, "f")
        assert line_with(pilot, "Anna").startswith("    Anna")
        await press(pilot, "u")
        assert line_with(pilot, "Anna").startswith(" *  Anna")
        await press(pilot, "enter")
        assert "* Anna" in text(pilot)


async def test_a_note_of_several_lines_and_a_warning(home: House) -> None:
    await people(home, "Anna")
    async with open_console(home.url) as pilot:
        await press(pilot, "a")
        assert note(pilot).display
        assert "Add note: Anna. Note:" in text(pilot)
        await type_keys(pilot, "bnq")
        await press(pilot, "enter")
        await type_keys(pilot, "second u")
        await press(pilot, "ctrl+d")
        assert "Level" in text(pilot)
        await answer(pilot, "w", "")
        assert said(pilot) == "Added a note to Anna · u undoes"
        await press(pilot, "enter")
        assert "! bnq second u" in lines(pilot)[1]
        await press(pilot, "a")
        await write_note(pilot, "another\n\nwith a blank line")
        await accept_rest(pilot)
        await press(pilot, *["right"] * 4)
        assert [row.cells[0] for row in listing(pilot).rows] == [  # type: ignore[index]
            "another\n\nwith a blank line",
            "bnq\nsecond u",
        ]
        await press(pilot, "enter")
        for line in ("another", "with a blank line"):
            assert any(shown.strip() == line for shown in lines(pilot))


async def test_an_empty_note_is_refused(home: House) -> None:
    await people(home, "Anna")
    async with open_console(home.url) as pilot:
        await press(pilot, "a", "enter", "f2")
        assert note(pilot).display
        assert "Type something first." in text(pilot)
        await press(pilot, "ctrl+g")
        assert said(pilot) == "Nothing was changed."


# Marks


async def test_actions_on_marks_run_on_all_of_them_as_one_change(any_home: House) -> None:
    ids = await people(any_home, "Anna", "Bartosz", "Celina", "Dorota")
    async with open_console(any_home.url) as pilot:
        await press(pilot, "space", "space", "j", "space", "b")
        assert "Ban: 3 clients. Reason:" in text(pilot)
        await answer(pilot, "ring")
        await accept_rest(pilot)
        assert said(pilot) == "Banned 3 clients · marks taken away · u undoes"
        assert [await status(any_home, one) for one in ids] == ["banned", "banned", "approved", "banned"]
        assert "marked" not in text(pilot)
        await press(pilot, "u")
        assert said(pilot) == "Undid the ban, 3 rows"
        assert {await status(any_home, one) for one in ids} == {"approved"}


async def test_on_marks_those_it_cannot_run_on_are_said(home: House) -> None:
    ids = await people(home, "Anna", "Bartosz", "Celina")
    await home.act("client.ban", ids[1], reason="rude")
    async with open_console(home.url) as pilot:
        await press(pilot, "space", "space", "space", "m", "D", "enter")
        assert said(pilot).startswith("Disapproved 2 clients; 1 left out: Bartosz is banned.")
        await press(pilot, "g", "space", "j", "space")
        await press(pilot, "m", "D", "enter")
        assert "None of 2 clients: Anna is disapproved already." in said(pilot)
        assert await status(home, ids[1]) == "banned"


async def test_marks_survive_a_refusal_and_a_cancel(home: House) -> None:
    await people(home, "Anna", "Bartosz")
    async with open_console(home.url) as pilot:
        await press(pilot, "space", "space", "b", "ctrl+g")
        assert said(pilot) == "Nothing was changed."
        assert "2 marked" in text(pilot)


# Disabled


async def test_what_cannot_run_says_why_and_is_dim_in_the_menu(home: House) -> None:
    anna, _ = await people(home, "Anna", "Bartosz")
    await home.act("client.ban", anna, reason="rude")
    async with open_console(home.url) as pilot:
        for key, reason in (
            ("b", "Anna is banned already."),
            ("A", "Anna is banned. Remove the ban first (B)."),
            ("D", "Anna is banned. Remove the ban first (B)."),
            ("s", "Anna is banned. Remove the ban first (B)."),
            ("S", "Anna is not marked as spam."),
        ):
            await press(pilot, key)
            assert said(pilot) == reason
            assert not prompt(pilot).display
        await press(pilot, "m")
        items = {item.title: item.reason for item in menu(pilot).items}
        assert items["Ban"] == "is banned already"
        assert items["Remove ban"] is None
        assert "is banned already" not in line_with(
            pilot, "b  Ban"
        )  # three columns leave no room: see the last line
        assert menu(pilot).current is not None
        assert menu(pilot).current.title == "Remove ban"  # type: ignore[union-attr]
        await press(pilot, "b")
        assert menu(pilot).display
        assert "is banned already" in text(pilot)
        await press(pilot, "q")
        assert not menu(pilot).display
        await press(pilot, "j", "B")
        assert said(pilot) == "Bartosz is not banned."


async def test_the_palette_says_why_not(home: House) -> None:
    (anna,) = await people(home, "Anna")
    await home.act("client.ban", anna, reason="rude")
    async with open_console(home.url) as pilot:
        await press(pilot, "ctrl+p", "b", "a", "n")
        await until(pilot, lambda: "Not now: Anna is banned already." in text(pilot))
        await press(pilot, "escape")
        await choose(pilot, "Ban")
        assert said(pilot) == "Anna is banned already."


async def test_a_viewer_may_look_and_do_nothing(sqlite_url: str) -> None:
    from tests.screens.making import house

    async with house(sqlite_url, role="viewer") as home:
        made = await client_with_everything(home)
        async with open_console(home.url) as pilot:
            refusal = "Viewers change nothing. Ask an agent or an admin."
            assert lines(pilot)[0].rstrip().endswith("Ann, viewer")
            for way in ((), ("enter",)):
                await press(pilot, *way)
                for key in ("A", "D", "b", "B", "s", "S", "f", "a", "u"):
                    await press(pilot, "ctrl+l", key)
                    assert said(pilot) == refusal, key
                    assert not prompt(pilot).display
                    assert not note(pilot).display
                await press(pilot, "m")
                assert all(item.reason for item in menu(pilot).items)
                await press(pilot, "q")
            await press(pilot, "right", "enter")
            assert said(pilot) == refusal
            await press(pilot, "1", "n")
            assert said(pilot) == refusal
            await press(pilot, "space", "b")
            assert said(pilot) == refusal
            await press(pilot, "2", "n")
            assert said(pilot) == refusal
            assert await status(home, made.client) == "approved"


# Undo


async def test_undo_takes_back_step_by_step_and_then_has_nothing(home: House) -> None:
    (anna,) = await people(home, "Anna")
    async with open_console(home.url) as pilot:
        await press(pilot, "f", "D", "enter", "b")
        await answer(pilot, "rude")
        await accept_rest(pilot)
        for sentence, then in (
            ("Undid the ban", "disapproved"),
            ("Undid the disapproval", "approved"),
            ("Undid the favourite mark", "approved"),
        ):
            await press(pilot, "u")
            assert said(pilot) == sentence
            assert await status(home, anna) == then
        assert not (await facts(home, anna)).favourite
        await press(pilot, "u")
        assert said(pilot) == "You have changed nothing that could be undone."


async def test_undo_that_meets_a_colleagues_change_names_it_and_changes_nothing(any_home: House) -> None:
    (anna,) = await people(any_home, "Anna")
    async with open_console(any_home.url) as pilot:
        await press(pilot, "b")
        await answer(pilot, "rude")
        await accept_rest(pilot)
        await any_home.act("client.unban", anna)
        await any_home.act("client.disapprove", anna, reason="colleague")
        await press(pilot, "u")
        assert said(pilot).startswith("Not undone, nothing was changed: ")
        assert "Anna" in said(pilot)
        assert await status(any_home, anna) == "disapproved"


async def test_undo_works_from_every_screen(home: House) -> None:
    made = await client_with_everything(home)
    async with open_console(home.url) as pilot:
        ways: list[tuple[str, ...]] = [
            ("enter",),
            ("enter", "enter"),
            ("2",),
            ("2", "enter"),
            ("question_mark",),
        ]
        for way in ways:
            await press(pilot, "1", "b")
            await answer(pilot, "rude")
            await accept_rest(pilot)
            await press(pilot, *way)
            await press(pilot, "u")
            assert said(pilot) == "Undid the ban", way
            assert await status(home, made.client) == "approved"


# New


async def test_a_new_client_is_asked_for_and_opened(home: House) -> None:
    async with open_console(home.url) as pilot:
        await press(pilot, "n")
        await fill(pilot, name="Jan Kowalczyk", email="jan@polnoc.pl", mobile="+48 601 555 010")
        await fill(pilot, organization="Hurtownia Północ")
        await press(pilot, "f2")
        assert place(pilot) == "client"
        assert said(pilot) == "Added Jan Kowalczyk · u undoes"
        for part in ("Jan Kowalczyk", "jan@polnoc.pl", "+48 601 555 010", "Hurtownia Północ", "approved"):
            assert part in text(pilot), part
        await press(pilot, "q")
        assert names(pilot) == ["Jan Kowalczyk"]
        assert under_cursor(pilot) == "Jan Kowalczyk"
        await press(pilot, "u")
        assert names(pilot) == []


async def test_a_new_organization_is_asked_for_and_opened(home: House) -> None:
    async with open_console(home.url) as pilot:
        await press(pilot, "2", "n")
        await fill(pilot, name="Hurtownia Północ", mail_domain="polnoc.pl")
        await press(pilot, "f2")
        assert place(pilot) == "organization"
        assert said(pilot) == "Added Hurtownia Północ · u undoes"
        assert "polnoc.pl" in text(pilot)
        await press(pilot, "q")
        assert names(pilot) == ["Hurtownia Północ"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name": "Jan", "email": "anna@acme.pl"}, "anna@acme.pl belongs to Anna Kowalska already."),
        ({"name": "Jan", "email": "not an address"}, "'not an address' is not an e-mail address"),
        ({"name": "Jan"}, "An e-mail address, mobile or phone is missing."),
        ({"name": "Jan", "email": "jan@x.pl", "mobile": "12"}, "12"),
        ({"email": "jan@x.pl", "name": "J" * 201}, "The name has 201 characters."),
    ],
)
async def test_a_refused_client_keeps_what_was_typed(
    home: House, given: dict[str, str], sentence: str
) -> None:
    await client_with_everything(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "n")
        await fill(pilot, **given)
        await press(pilot, "f2")
        await until(pilot, lambda: sentence in text(pilot))
        assert place(pilot) == "form"
        for name, typed in given.items():
            assert field(pilot, name).text == typed
        await press(pilot, "ctrl+g")
        assert "Jan" not in names(pilot)


# Typing


async def test_letters_are_only_letters_while_typing(home: House) -> None:
    (anna,) = await people(home, "Anna")
    letters = "AabBsSfnuqmoO12jkgG"
    async with open_console(home.url) as pilot:
        await press(pilot, "slash")
        await type_keys(pilot, letters)
        assert screen(pilot).query_one("#filter").value == letters  # type: ignore[attr-defined]
        await press(pilot, "ctrl+g", "q")
        await press(pilot, "b")
        await type_keys(pilot, letters + "?:/ ")
        assert prompt(pilot).value == letters + "?:/ "
        await press(pilot, "ctrl+g", "a")
        await type_keys(pilot, letters + "?:/ ")
        assert note(pilot).text == letters + "?:/ "
        await press(pilot, "ctrl+g")
        assert place(pilot) == "clients"
        assert await status(home, anna) == "approved"
        assert not (await facts(home, anna)).favourite


async def test_everything_that_opens_closes_without_escape(home: House) -> None:
    await client_with_everything(home)
    async with open_console(home.url) as pilot:
        for opens, closes in (
            (("slash",), "ctrl+g"),
            (("b",), "ctrl+g"),
            (("a",), "ctrl+g"),
            (("m",), "ctrl+g"),
            (("m",), "q"),
            (("m",), "m"),
            (("question_mark",), "q"),
            (("ctrl+p",), "ctrl+g"),
            (("enter",), "q"),
            (("enter", "enter"), "q"),
        ):
            await press(pilot, "1")
            focused = pilot.app.screen.focused
            await press(pilot, *opens)
            assert pilot.app.screen.focused is not focused
            await press(pilot, *[closes] * opens.count("enter") or [closes])
            assert place(pilot) == "clients", opens
            assert screen(pilot).focused is listing(pilot), opens


async def test_a_long_question_is_never_shown_for_another_one(home: House) -> None:
    await people(home, "Anna Maria Krajewska-Wielkopolska")
    await home.organization("Acme sp. z o.o.")
    await home.act(
        "client.organization", home.ids["Anna Maria Krajewska-Wielkopolska"], organization="Acme sp. z o.o."
    )
    async with open_console(home.url) as pilot:
        await press(pilot, "enter", "M")
        assert "Make manager: Anna" in text(pilot)
        await press(pilot, "ctrl+g", "c")
        assert "Add credit: Anna" in text(pilot)
        assert "Make manager" not in text(pilot)
