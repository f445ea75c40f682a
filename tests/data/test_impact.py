"""What is counted before an action, and which actions have a card at all."""

import dataclasses

import pytest

from console.commands import by_id
from console.commands.impacts import weigh
from console.data.desk import Desk
from console.data.impact import CHUNK
from console.data.models.billing import invoice
from console.data.models.clients import client, favourite
from console.data.models.contacts import contact
from console.data.models.organizations import organization, organization_manager
from console.data.records import Actor, Impact
from tests.data.rows import add_client, add_department, add_incident


async def crowd(desk: Desk, who: Actor, count: int, status: str = "approved") -> list[int]:
    """Clients made at once."""
    async with desk.change(who, "client.import") as change:
        rows = [{"name": f"Client {number:05d}", "status": status} for number in range(count)]
        return await change.insert_many(client, rows)


async def card(desk: Desk, who: Actor, command: str, *ids: int, **inputs: str) -> Impact | None:
    return await weigh(desk, who, by_id(command), ids, inputs)


async def test_what_touches_few_records_acts_at_once(desk: Desk, admin: Actor) -> None:
    ids = await crowd(desk, admin, 25)
    assert await card(desk, admin, "client.ban", *ids) is None
    assert await card(desk, admin, "client.ban", ids[0]) is None


async def test_above_25_a_card_counts_what_they_have(desk: Desk, admin: Actor) -> None:
    ids = await crowd(desk, admin, 26)
    async with desk.change(admin, "test.make") as change:
        support = await add_department(change)
        await add_incident(change, ids[0], support, 1, priority="critical")
        await add_incident(change, ids[0], support, 2, priority="critical")
        await add_incident(change, ids[1], support, 3, priority="critical", state="closed")
        owner = await change.insert(organization, name="Acme")
        await change.insert(organization_manager, organization_id=owner, client_id=ids[2], may_reply=False)
        await change.insert(favourite, client_id=ids[3], staff_id=admin.staff_id)
        await change.insert(contact, client_id=ids[4], name="Bob")
        today = desk.now().date()
        for number, state in (("1", "unpaid"), ("2", "unpaid"), ("3", "paid")):
            await change.insert(
                invoice, client_id=ids[5], number=number, amount=1, state=state, issued_on=today, due_on=today
            )
    found = await card(desk, admin, "client.ban", *ids, reason="rude")
    assert found is not None
    assert found.title == "Ban: 26 clients"
    assert found.count == 26
    assert found.touched == (("open incidents", 2), ("contacts", 1))
    assert found.names[:2] == ("Client 00000", "Client 00001")
    assert found.flags == (
        "1 manager",
        "1 with an open critical incident",
        "1 with an unpaid invoice",
        "1 favourite",
    )
    assert found.undoable


async def test_a_card_counts_those_it_can_be_done_to_and_says_why_not_the_others(
    desk: Desk, admin: Actor
) -> None:
    ids = await crowd(desk, admin, 30) + await crowd(desk, admin, 4, "banned")
    found = await card(desk, admin, "client.ban", *ids)
    assert found is not None
    assert (found.count, found.confirm) == (30, "30")
    assert found.left_out == "4 left out: Client 00000 is banned already"


async def test_a_card_takes_more_clients_than_a_statement_has_parameters(desk: Desk, admin: Actor) -> None:
    ids = await crowd(desk, admin, 3 * CHUNK + 1)
    missing = [one + 1 for one in range(40_000)]
    found = await card(desk, admin, "client.ban", *ids, *missing)
    assert found is not None
    assert found.count == 3 * CHUNK + 1


async def test_a_viewer_gets_no_card_but_the_refusal(desk: Desk, admin: Actor) -> None:
    ids = await crowd(desk, admin, 26)
    assert await card(desk, dataclasses.replace(admin, role="viewer"), "client.ban", *ids) is None


@pytest.mark.parametrize(
    ("typed", "right"), [("12004", True), (" 12,004 ", True), ("12005", False), ("", False), ("yes", False)]
)
def test_the_count_is_typed_above_25(typed: str, right: bool) -> None:
    assert Impact("Ban: 12,004 clients", 12_004).confirmed_by(typed) is right


def test_up_to_25_nothing_is_typed_unless_a_word_is_asked_for() -> None:
    assert Impact("Ban: 25 clients", 25).confirm == ""
    assert Impact("Erase: 1 client", 1, word="erase").confirm == "erase"
    assert Impact("Erase: 40 clients", 40, word="erase").confirmed_by("40") is False


async def test_names_of_a_card_are_never_empty(desk: Desk, admin: Actor) -> None:
    ids = [await add_client(desk, admin, "") for _ in range(26)]
    found = await card(desk, admin, "client.archive", *ids)
    assert found is not None
    assert set(found.names) == {"(no name)"}
