"""Forms: checked as typed, kept as drafts, safe beside colleagues."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from textual.widgets import TextArea

from console.data import contacts, profile, unsaved
from console.data.edits import Value
from console.screens.form_typed import PAUSE
from console.widgets.note_prompt import NotePrompt
from tests.screens.driving import (
    field,
    fill,
    line_with,
    lines,
    open_console,
    place,
    press,
    said,
    screen,
    settle,
    text,
    type_keys,
    until,
)
from tests.screens.making import House, client_with_everything, house, people


@pytest.fixture
async def viewer(sqlite_url: str) -> AsyncIterator[House]:
    """A desk where Ann may only look."""
    async with house(sqlite_url, role="viewer") as home:
        yield home


async def drafts(home: House) -> dict[str, dict[str, str]]:
    assert home.me.staff_id is not None
    async with home.desk.read() as connection:
        return {one.scope: one.fields for one in await unsaved.of_staff(connection, home.me.staff_id)}


async def values(home: House, client_id: int) -> dict[str, Value]:
    async with home.desk.read() as connection:
        return await profile.values(connection, client_id)


async def colleague_edits(home: House, client_id: int, **given: Value) -> None:
    async with home.desk.change(home.boss, "client.edit") as change:
        await profile.edit(change, client_id, given)


async def test_a_new_client_is_written_down_with_a_dozen_keys_and_their_name(home: House) -> None:
    async with open_console(home.url) as pilot:
        await press(pilot, "n")
        assert place(pilot) == "form"
        await type_keys(pilot, "Ewa")
        await press(pilot, "tab", "tab")
        await type_keys(pilot, "ewa@new.example")
        await press(pilot, "f2")
        assert place(pilot) == "client"
        assert said(pilot) == "Added Ewa · u undoes"
        assert "ewa@new.example" in text(pilot)
    assert await drafts(home) == {}


async def test_what_is_required_is_marked_and_refused_with_everything_kept(home: House) -> None:
    async with open_console(home.url) as pilot:
        await press(pilot, "n")
        assert "name *" in text(pilot)
        assert " ! " not in text(pilot)
        await fill(pilot, city="Gdańsk")
        await press(pilot, "f2")
        assert "1 field needs another look" in said(pilot)
        assert line_with(pilot, "name *").startswith(" ! ")
        assert "name is needed" in text(pilot)
        assert field(pilot, "name").field.has_focus
        await fill(pilot, name="Ewa")
        await press(pilot, "f2")
        assert "An e-mail address, mobile or phone is missing" in said(pilot)
        assert field(pilot, "email").field.has_focus
        assert field(pilot, "city").text == "Gdańsk"


async def test_a_field_is_checked_as_it_is_typed(home: House) -> None:
    async with open_console(home.url) as pilot:
        await press(pilot, "n", "tab", "tab")
        await type_keys(pilot, "ewa")
        assert line_with(pilot, "email").startswith(" ! ")
        assert "'ewa' is not an e-mail address" in text(pilot)
        await type_keys(pilot, "@new.example")
        assert not line_with(pilot, "email").startswith(" ! ")
        assert "is not an e-mail address" not in text(pilot)


async def test_letters_in_fields_and_choices_never_act(home: House) -> None:
    [anna, *_] = await people(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "n")
        await type_keys(pilot, "bsuq1")
        await press(pilot, "tab", "c", "b", "s", "u", "q", "2")
        assert place(pilot) == "form"
        assert field(pilot, "name").text == "bsuq1"
        assert field(pilot, "kind").text == "company"
        await press(pilot, "left", "space")
        assert field(pilot, "kind").text == "company"
    assert (await values(home, anna))["kind"] == "person"


async def test_who_is_known_already_shows_beside_the_form_and_opens(home: House) -> None:
    await people(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "n")
        await fill(pilot, name="anna kowalska")
        await until(pilot, lambda: "same name" in text(pilot))
        await press(pilot, "f3")
        assert place(pilot) == "client"
        assert "Anna Kowalska" in lines(pilot)[0]
        await press(pilot, "q")
        assert field(pilot, "name").text == "anna kowalska"


async def test_a_taken_address_offers_its_holder_and_never_moves(home: House) -> None:
    anna = await home.client("Anna Kowalska", email=("anna@acme.pl",))
    async with open_console(home.url) as pilot:
        await press(pilot, "n")
        await fill(pilot, name="Ewa", email="ANNA@acme.pl")
        await press(pilot, "f2")
        assert said(pilot).startswith("anna@acme.pl belongs to Anna Kowalska already.")
        assert "f3 opens them" in said(pilot)
        await press(pilot, "f3")
        assert place(pilot) == "client"
        await press(pilot, "q", "ctrl+g")
        assert place(pilot) == "clients"
    assert (await values(home, anna))["email"] == ("anna@acme.pl",)


async def test_what_was_typed_is_there_after_the_line_dropped(home: House) -> None:
    async with open_console(home.url) as pilot:
        await press(pilot, "n")
        await type_keys(pilot, "Ewa")
        await press(pilot, "tab", "right", "tab")
        await type_keys(pilot, "ewa@n")
        await asyncio.sleep(PAUSE)
        await settle(pilot)
    assert list(await drafts(home)) == ["client.new"]  # the console ended without a word
    async with open_console(home.url) as pilot:
        assert said(pilot).startswith("Not saved yet: New client, ")
        await press(pilot, "n")
        assert [field(pilot, one).text for one in ("name", "kind", "email")] == ["Ewa", "company", "ewa@n"]
        assert "is here again. f5 begins anew" in said(pilot)
        await press(pilot, "f5")
        assert [field(pilot, one).text for one in ("name", "kind", "email")] == ["", "person", ""]
        await press(pilot, "ctrl+g")
        assert said(pilot) == "Nothing was changed."
    assert await drafts(home) == {}


async def test_a_form_that_is_left_keeps_its_text(home: House) -> None:
    async with open_console(home.url) as pilot:
        await press(pilot, "n")
        await fill(pilot, name="Ewa")
        await press(pilot, "escape")
        assert place(pilot) == "clients"
        assert "What you typed is kept" in said(pilot)
        await press(pilot, "n")
        assert field(pilot, "name").text == "Ewa"
        await fill(pilot, email="ewa@new.example")
        await press(pilot, "f2")
    assert await drafts(home) == {}


async def test_a_profile_is_edited_and_the_edit_undone(home: House) -> None:
    found = await client_with_everything(home)
    before = await values(home, found.client)
    async with open_console(home.url) as pilot:
        await press(pilot, "enter", "e")
        assert lines(pilot)[0].startswith(" Anna Kowalska > Edit profile")
        await press(pilot, "f2")
        assert said(pilot) == "Nothing differs from what is there already."
        await fill(pilot, city="Gdańsk", email="anna@acme.pl, new@acme.pl", tags="vip")
        await press(pilot, "ctrl+d")
        assert said(pilot) == "Edited Anna Kowalska: email, city, tags · u undoes"
        after = await values(home, found.client)
        assert after == {
            **before,
            "city": "Gdańsk",
            "email": ("anna@acme.pl", "new@acme.pl"),
            "tags": ("vip",),
        }
        await press(pilot, "u")
    assert await values(home, found.client) == before


async def test_a_colleagues_change_of_another_field_stays(home: House) -> None:
    [anna, *_] = await people(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "enter", "e")
        await fill(pilot, city="Gdańsk")
        await colleague_edits(home, anna, language="pl")
        await press(pilot, "f2")
        assert said(pilot).startswith("Edited Anna Kowalska: city")
    found = await values(home, anna)
    assert (found["city"], found["language"]) == ("Gdańsk", "pl")


async def test_a_field_both_changed_shows_old_theirs_and_yours(home: House) -> None:
    [anna, *_] = await people(home)
    await colleague_edits(home, anna, city="Łódź", postcode="90-001")
    async with open_console(home.url) as pilot:
        await press(pilot, "enter", "e")
        await fill(pilot, city="Gdańsk", postcode="80-001", language="pl")
        await colleague_edits(home, anna, city="Sopot", postcode="81-001", tags=("vip",))
        await press(pilot, "f2")
        assert place(pilot) == "conflict"
        assert line_with(pilot, "postcode").split() == ["postcode", "90-001", "[81-001]", "80-001"]
        assert line_with(pilot, "city").split() == ["city", "Łódź", "[Sopot]", "Gdańsk"]
        await press(pilot, "q")
        assert said(pilot) == "Nothing was saved; your text is still here."
        assert field(pilot, "city").text == "Gdańsk"
        await press(pilot, "f2")
        for _ in range(2):
            if "postcode" in (screen(pilot).query_one("#list").cursor_row.cells)["field"]:  # type: ignore[attr-defined]
                break
            await press(pilot, "down")
        await press(pilot, "right")
        assert "[80-001]" in line_with(pilot, "postcode")
        await press(pilot, "f2")
        await until(pilot, lambda: place(pilot) == "client")
        assert said(pilot).startswith("Edited Anna Kowalska")
    found = await values(home, anna)
    assert (found["city"], found["postcode"], found["language"], found["tags"]) == (
        "Sopot",
        "80-001",
        "pl",
        ("vip",),
    )


async def test_a_draft_of_an_edit_remembers_what_was_seen(home: House) -> None:
    [anna, *_] = await people(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "enter", "e")
        await fill(pilot, city="Gdańsk")
        await press(pilot, "ctrl+g")
    await colleague_edits(home, anna, city="Sopot")
    async with open_console(home.url) as pilot:
        assert said(pilot).startswith("Not saved yet: Edit profile of Anna Kowalska, ")
        await press(pilot, "enter", "e", "f2")
        assert place(pilot) == "conflict"
    assert (await values(home, anna))["city"] == "Sopot"


async def test_a_contact_is_added_edited_and_taken_away(home: House) -> None:
    [anna, *_] = await people(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "enter", "C")
        await fill(pilot, name="Piotr Bąk", email="piotr@acme.pl", access="limited")
        await press(pilot, "f2")
        assert said(pilot) == "Added the contact Piotr Bąk to Anna Kowalska · u undoes"
        await press(pilot, "right", "right", "right", "e")
        assert "Edit contact" in lines(pilot)[0]
        await fill(pilot, job_title="Accountant")
        await press(pilot, "f2")
        assert said(pilot) == "Edited the contact Piotr Bąk · u undoes"
        async with home.desk.read() as connection:
            [one] = await contacts.of_client(connection, anna)
        assert (one.job_title, one.access, one.primary) == ("Accountant", "limited", True)
        await press(pilot, "minus")
        assert said(pilot) == "Took the contact Piotr Bąk away · u undoes"
        assert "No contacts yet." in text(pilot)


async def test_an_incident_is_created_for_the_client(home: House) -> None:
    await people(home)
    await home.department("Repairs")
    async with open_console(home.url) as pilot:
        await press(pilot, "i")
        assert lines(pilot)[0].startswith(" Anna Kowalska > Create incident")
        await fill(
            pilot, subject="Printer on fire", text="Third floor.\nNext to the stairs.", department="Repairs"
        )
        await press(pilot, "f2")
        assert "in Repairs for Anna Kowalska · u undoes" in said(pilot)
        await press(pilot, "enter")
        assert "Printer on fire" in text(pilot)


async def test_marks_do_not_share_a_form(home: House) -> None:
    await people(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "space", "j", "space", "e")
        assert place(pilot) == "clients"
        assert "one by one" in said(pilot)


async def test_a_viewer_opens_no_form(viewer: House) -> None:
    await people(viewer)
    async with open_console(viewer.url) as pilot:
        for key in ("n", "e", "C", "i", "J"):
            await press(pilot, key)
            assert place(pilot) == "clients"
            assert "Viewers change nothing" in said(pilot)


async def test_a_note_that_was_left_comes_back(home: House) -> None:
    [anna, *_] = await people(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "a")
        await type_keys(pilot, "half a no")
        await press(pilot, "ctrl+g")
        assert "Your text is kept" in said(pilot)
    assert (await drafts(home))[f"client.note:{anna}"]["text"] == "half a no"
    async with open_console(home.url) as pilot:
        await press(pilot, "a")
        area = screen(pilot).query_one(NotePrompt).query_one(TextArea)
        assert area.text == "half a no"
        await type_keys(pilot, "te")
        await press(pilot, "f2", "enter", "enter")
        assert said(pilot).startswith("Added a note to Anna Kowalska")
        await settle(pilot)
    assert await drafts(home) == {}


async def test_a_move_that_changes_who_sees_what_shows_its_card_before_it_is_saved(home: House) -> None:
    found = await client_with_everything(home)
    tom = await home.client("Tom", email=("tom@else.example",))
    await home.incident(tom, found.support, 900, "Tom's own matter")
    async with open_console(home.url) as pilot:
        await press(pilot, "down", "e")
        assert lines(pilot)[0].startswith(" Tom > Edit profile")
        await fill(pilot, organization="Acme sp. z o.o.", city="Sopot")
        await press(pilot, "f2")
        assert "Managers of Acme sp. z o.o. (Anna Kowalska) newly see 1 incident of theirs." in text(pilot)
        await press(pilot, "ctrl+g")
        assert place(pilot) == "form"
        assert field(pilot, "city").text == "Sopot"
        assert (await values(home, tom))["organization"] == ""
        await press(pilot, "f2", "enter")
        await until(pilot, lambda: said(pilot).startswith("Edited Tom: organization, city"))
    assert (await values(home, tom))["organization"] == "Acme sp. z o.o."


async def test_a_contacts_complete_access_shows_its_card(home: House) -> None:
    found = await client_with_everything(home)
    async with open_console(home.url) as pilot:
        await press(pilot, "enter", "right", "right", "right", "e")
        await fill(pilot, access="complete")
        await press(pilot, "f2")
        assert "Piotr Bąk will newly see 3 incidents of Anna Kowalska." in text(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: said(pilot).startswith("Edited the contact Piotr Bąk"))
    async with home.desk.read() as connection:
        [one] = await contacts.of_client(connection, found.client)
    assert one.access == "complete"
