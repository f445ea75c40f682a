"""Settings of the desk: defaults, checks, who may, and undo."""

from typing import Literal

import pytest
from pydantic import Field

from console.commands import by_id
from console.data import settings, staff
from console.data.desk import Desk
from console.data.errors import Invalid, NotFound, Refused
from console.data.records import Actor
from console.data.undo import undo_last
from tests.colleagues import add_staff


async def put(desk: Desk, who: Actor, name: str, value: object) -> bool:
    async with desk.change(who, "setting.put") as change:
        return await settings.put(change, name, value)


async def read(desk: Desk) -> settings.DeskSettings:
    async with desk.read() as connection:
        return await settings.load(connection)


async def test_a_setting_holds_until_it_is_set_otherwise_or_undone(desk: Desk, admin: Actor) -> None:
    assert (await read(desk)).journal_keep_days == 0
    assert await put(desk, admin, "journal_keep_days", 7)
    assert await put(desk, admin, "journal_keep_days", "9")
    assert not await put(desk, admin, "journal_keep_days", 9)
    assert (await read(desk)).journal_keep_days == 9
    await undo_last(desk, admin)
    assert (await read(desk)).journal_keep_days == 7


@pytest.mark.parametrize("value", [-1, "perhaps", 1_000_000, None])
async def test_a_value_that_cannot_be_is_refused(desk: Desk, admin: Actor, value: object) -> None:
    with pytest.raises(Invalid, match="journal_keep_days"):
        await put(desk, admin, "journal_keep_days", value)


async def test_an_unknown_setting_is_refused_with_those_there_are(desk: Desk, admin: Actor) -> None:
    with pytest.raises(Invalid, match="Use one of journal_keep_days"):
        await put(desk, admin, "colour", "blue")


async def test_agents_do_not_change_settings(desk: Desk, admin: Actor) -> None:
    await add_staff(desk, admin, "tom", "Tom", "agent")
    with pytest.raises(Refused, match="Only an admin"):
        await put(desk, await staff.actor(desk, "tom"), "journal_keep_days", 3)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        (
            "journal_keep_days",
            "-1",
            "journal_keep_days cannot be '-1'. Write a whole number from 0 to 36500.",
        ),
        ("journal_keep_days", "9" * 5000, "Write a whole number from 0 to 36500."),
        ("auto_approve", "perhaps", "auto_approve cannot be 'perhaps'. Write yes or no."),
        ("default_department", "Nowhere", "There is no department 'Nowhere'"),
    ],
)
async def test_a_value_that_cannot_be_is_answered_with_what_it_can_be(
    unchanged_desk: Desk, unchanged_admin: Actor, name: str, value: str, sentence: str
) -> None:
    with pytest.raises((Invalid, NotFound)) as refused:
        await put(unchanged_desk, unchanged_admin, name, value)
    assert sentence in str(refused.value)
    assert len(str(refused.value)) < 200


async def test_setting_says_what_it_is_now_and_is_undone_in_words(desk: Desk, admin: Actor) -> None:
    run = by_id("setting.put").run
    assert run is not None
    done = await run(desk, admin, [], {"name": "auto_approve", "value": "yes"})
    assert done.sentence == "auto_approve is yes now"
    done = await run(desk, admin, [], {"name": "auto_approve", "value": "YES"})
    assert (done.sentence, done.entry_id) == ("auto_approve was yes already. Nothing was changed.", None)
    assert (await undo_last(desk, admin)).action == "setting.put"
    assert not (await read(desk)).auto_approve


class Strange(settings.DeskSettings):
    """A desk with a setting of each kind."""

    strength: Literal["weak", "medium", "strong"] = Field(default="medium", description="How strong.")
    greeting: str = "Hello"
    least: int = Field(default=3, ge=1)


def test_a_new_setting_is_described_by_its_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DeskSettings", Strange)
    known = {one.name: one for one in settings.shown(Strange())}
    strength = known["strength"]
    assert (strength.title, strength.group, strength.value, strength.allowed, strength.choices) == (
        "Strength", "clients", "medium", "weak, medium or strong", ("weak", "medium", "strong"),
    )  # fmt: skip
    assert (known["greeting"].allowed, known["greeting"].choices) == ("a text", ())
    assert known["least"].allowed == "a whole number from 1"
    assert (known["journal_keep_days"].group, known["auto_approve"].choices) == ("retention", ("yes", "no"))
    assert all(
        one.about for one in settings.shown(settings.DeskSettings()) if one.name not in ("greeting", "least")
    )
