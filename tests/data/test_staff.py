"""Who acts."""

import os
import pwd

import pytest

from console.data import staff
from console.data.desk import Desk
from console.data.errors import Invalid, Refused
from console.data.records import Actor
from tests.colleagues import add_staff


def test_the_user_is_whom_the_system_says_not_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "mallory")
    assert staff.system_login() == pwd.getpwuid(os.getuid()).pw_name


def test_a_user_without_a_name_is_called_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 987_654)
    assert staff.system_login() == "uid987654"


async def test_the_first_user_of_an_empty_desk_is_its_admin_and_the_next_must_be_added(desk: Desk) -> None:
    first = await staff.actor(desk, "ann")
    assert (first.role, (await staff.actor(desk, "ann")).staff_id) == ("admin", first.staff_id)
    with pytest.raises(Refused, match="helpdesk staff add tom"):
        await staff.actor(desk, "tom")
    await add_staff(desk, first, "tom", "Tom Baker", "agent")
    assert (await staff.actor(desk, "tom")).name == "Tom Baker"


async def test_only_admins_add_staff_with_a_login_of_one_word_and_a_known_role(
    desk: Desk, admin: Actor
) -> None:
    await add_staff(desk, admin, "tom", "Tom", "agent")
    with pytest.raises(Refused, match="Only an admin"):
        await add_staff(desk, await staff.actor(desk, "tom"), "ola", "Ola", "agent")
    with pytest.raises(Refused, match="already"):
        await add_staff(desk, admin, "tom", "Tom", "agent")
    with pytest.raises(Invalid, match="one word"):
        await add_staff(desk, admin, "two words", "X", "agent")
    with pytest.raises(Invalid, match="admin, agent, viewer"):
        await add_staff(desk, admin, "wu", "Wu", "boss")
