"""Who was merged into another is left as they are: whoever still has them open is told to open that one."""

from collections.abc import Mapping
from contextlib import suppress

import pytest

from console.commands import COMMANDS
from console.data import profile
from console.data.desk import Desk
from console.data.errors import DeskError
from console.data.models.incidents import incident
from console.data.records import Actor, Submission
from console.data.submit import submit
from tests.data.merging.full import merged, people
from tests.data.rows import column, snapshot

GIVEN: Mapping[str, str] = {
    "text": "hello",
    "amount": "2 h",
    "tags": "new",
    "organization": "Other",
    "name": "New",
    "reason": "why",
    "email": "n@b.example",
    "department": "Sales",
    "kind": "request",
    "priority": "low",
    "first response": "1 h",
    "resolution": "2 h",
    "response": "1 h",
    "allowed": "no",
    "access": "off",
    "until": "",
    "level": "note",
}


async def test_no_action_on_clients_touches_who_was_merged(desk: Desk, admin: Actor) -> None:
    one, two = await people(desk, admin)
    await merged(desk, admin, one, two)
    before = await snapshot(desk, lasting=True)
    ran = 0
    for command in COMMANDS:
        if command.run is None or not command.id.startswith("client.") or not command.changes:
            continue
        inputs = {
            ask.name: GIVEN.get(ask.name) or (ask.choices[0] if ask.choices else "x") for ask in command.asks
        }
        with suppress(DeskError):
            await command.run(desk, admin, [two], inputs)
        ran += 1
        after = await snapshot(desk, lasting=True)
        assert after == before, (command.id, [t for t in before if before[t] != after[t]])
    assert ran > 10


async def test_their_profile_is_not_edited(desk: Desk, admin: Actor) -> None:
    one, two = await people(desk, admin)
    await merged(desk, admin, one, two)
    before = await snapshot(desk, lasting=True)
    for given in ({"name": "New"}, {"tags": ("x",)}, {"email": ("n@b.example",)}, {"organization": "Other"}):
        with pytest.raises(DeskError):
            async with desk.change(admin, "client.edit") as change:
                await profile.edit(change, two, given)
    assert await snapshot(desk, lasting=True) == before


async def test_what_is_submitted_for_them_is_the_survivors(desk: Desk, admin: Actor) -> None:
    one, two = await people(desk, admin)
    await merged(desk, admin, one, two)
    async with desk.change(admin, "incident.create") as change:
        made = await submit(change, Submission(channel="call", client_id=two, subject="x", body="y"))
    assert await column(desk, incident, made.incident_id or 0, "client_id") == one
