"""Quarantine, release, registration of one-time senders, and what a status does to what waits; all with undo."""

from typing import Any

import pytest
from sqlalchemy import event, select

from console.commands import by_id
from console.data import held, incidents, waiting
from console.data.departments import set_access
from console.data.desk import Desk
from console.data.errors import IdentityTaken, Invalid, NotFound, Refused, UndoConflict
from console.data.models.clients import client
from console.data.models.departments import department
from console.data.models.incidents import held as held_table
from console.data.models.incidents import incident, message
from console.data.models.organizations import organization, organization_access
from console.data.records import Actor, HeldRow, PendingRow, Waiting
from console.data.undo import undo_last
from console.data.views import Reader
from tests.conftest import FrozenClock
from tests.data.planted import delete
from tests.data.rows import column, rows, snapshot, value, wrong
from tests.data.submitting import (
    ADDRESS,
    client_of,
    departments,
    edit,
    give,
    held_rows,
    put,
    send,
    the_incident,
    thread,
)


async def act(desk: Desk, who: Actor, command: str, *ids: int, **inputs: str) -> str:
    run = by_id(command).run
    assert run is not None
    return (await run(desk, who, ids, inputs)).sentence


async def quarantine(desk: Desk, **how: Any) -> tuple[HeldRow, ...]:
    async with desk.read() as connection:
        return (await waiting.in_quarantine(connection, **how)).rows


async def queue(desk: Desk, text: str = "") -> tuple[PendingRow, ...]:
    async with desk.read() as connection:
        return (await waiting.pending(connection, text, Reader(None, desk.now()))).rows


async def counts(desk: Desk) -> Waiting:
    async with desk.read() as connection:
        return await waiting.counts(connection)


async def ban(desk: Desk, who: Actor, client_id: int) -> None:
    await act(desk, who, "client.ban", client_id, reason="threats")


# Held messages


async def test_a_held_message_is_released_as_an_incident_of_its_client(desk: Desk, admin: Actor) -> None:
    await departments(desk, admin)
    one = await client_of(desk, admin, "approved")
    await ban(desk, admin, one)
    await send(desk, subject="Let me in", body="Please.")
    [row] = await quarantine(desk)
    assert (row.incident, row.client, row.sender, row.subject, row.text, row.reason) == (
        False,
        "Anna Nowak",
        ADDRESS,
        "Let me in",
        "Please.",
        "Banned by Ann Admin: threats",
    )
    before = await snapshot(desk)
    assert await act(desk, admin, "held.release", row.id) == "Released: made INC-000001 in Support"
    [made] = await rows(desk, select(incident.c.id, incident.c.client_id, incident.c.folder))
    assert made[1:] == (one, "inbox")
    assert await thread(desk, made[0]) == [
        ("event", "released from quarantine by Ann Admin"),
        ("client", "Please."),
    ]
    assert await quarantine(desk) == ()
    with pytest.raises(Refused, match="released already"):
        await act(desk, admin, "held.release", row.id)
    await undo_last(desk, admin)
    assert await snapshot(desk) == before
    assert await wrong(desk) == []


async def test_a_held_reply_is_released_into_its_thread(desk: Desk, admin: Actor) -> None:
    await departments(desk, admin)
    one = await client_of(desk, admin, "approved")
    first = await send(desk)
    await edit(desk, admin, first.incident_id, state="closed", closed_at=desk.now())
    await ban(desk, admin, one)
    await send(desk, body="I am sorry.", reply_to=first.incident_id)
    [row] = await quarantine(desk)
    assert row.number == 1
    assert (
        await act(desk, admin, "held.release", row.id) == "Released: added to INC-000001, which is open again"
    )
    assert await the_incident(desk, first.incident_id, "state", "message_count") == ("open", 2)
    assert ("client", "I am sorry.") in await thread(desk, first.incident_id)


async def test_a_released_message_of_a_contact_is_theirs(desk: Desk, admin: Actor) -> None:
    from console.data.models.contacts import contact

    await departments(desk, admin)
    one = await client_of(desk, admin, "approved")
    async with desk.change(admin, "client.contact") as change:
        piotr = await change.insert(contact, client_id=one, name="Piotr")
    await give(desk, admin, one, "piotr@acme.example", contact_id=piotr)
    await ban(desk, admin, one)
    await send(desk, sender="piotr@acme.example")
    [row] = await quarantine(desk)
    await act(desk, admin, "held.release", row.id)
    found = await rows(desk, select(message.c.author, message.c.contact_id).where(message.c.kind == "client"))
    assert found == [("Piotr", piotr)]


async def test_an_incident_in_quarantine_is_released_to_the_inbox(desk: Desk, admin: Actor) -> None:
    await departments(desk, admin)
    await client_of(desk, admin, "disapproved")
    made = await send(desk)
    before = await snapshot(desk)
    [row] = await quarantine(desk)
    assert (row.incident, row.id, row.text) == (True, made.incident_id, "It burns.")
    assert await act(desk, admin, "held.release", row.id) == "Released: brought INC-000001 to the inbox"
    assert await the_incident(desk, row.id, "folder", "held_reason") == ("inbox", "")
    with pytest.raises(Refused, match="INC-000001 is not held"):
        await act(desk, admin, "held.release", row.id)
    await undo_last(desk, admin)
    assert await snapshot(desk) == before
    assert await wrong(desk) == []


async def test_what_is_not_there_is_not_released(desk: Desk, admin: Actor) -> None:
    with pytest.raises(NotFound, match="helpdesk held list"):
        await act(desk, admin, "held.release", 12)


async def test_the_lift_of_a_ban_offers_what_is_held_and_it_is_counted(desk: Desk, admin: Actor) -> None:
    await departments(desk, admin)
    one = await client_of(desk, admin, "approved")
    await ban(desk, admin, one)
    for _ in range(3):
        await send(desk)
    async with desk.read() as connection:
        assert await held.count(connection, one) == 3
        assert (await incidents.summary(connection, one, desk.now())).held == 3
    said = await act(desk, admin, "client.unban", one)
    assert said == ("Removed the ban of Anna Nowak; 3 messages of theirs are held: press 7")
    assert await column(desk, client, one, "status") == "approved"
    assert (await send(desk)).outcome == "created"
    assert len(await held_rows(desk)) == 3


async def test_both_kinds_stand_in_one_list_by_pages_newest_first(
    desk: Desk, admin: Actor, clock: FrozenClock
) -> None:
    from console.data.paging import At

    await departments(desk, admin)
    banned = await client_of(desk, admin, "approved", "ban@acme.example", name="Bea")
    await client_of(desk, admin, "disapproved")
    await ban(desk, admin, banned)
    for number in range(6):
        clock.advance(minutes=1)
        sender = "ban@acme.example" if number % 2 else ADDRESS
        await send(desk, sender=sender, subject=f"no {number}")
    whole = [row.subject for row in await quarantine(desk)]
    assert whole == [f"no {number}" for number in (5, 4, 3, 2, 1, 0)]
    paged: list[str] = []
    at = At()
    async with desk.read() as connection:
        while True:
            page = await waiting.in_quarantine(connection, at=at, limit=4)
            paged += [row.subject for row in page.rows]
            if not page.has_after:
                break
            at = At(after=page.rows[-1].anchor)
        back = await waiting.in_quarantine(connection, at=At(last=True), limit=2)
        assert await waiting.held_count(connection, "bea") == 3
    assert paged == whole
    assert [row.subject for row in back.rows] == whole[-2:]
    assert [row.subject for row in await quarantine(desk, text="bea 3")] == ["no 3"]
    assert [row.subject for row in await quarantine(desk, client_id=banned)] == whole[::2]
    assert await counts(desk) == Waiting(0, 6)


async def test_no_list_of_what_is_held_goes_through_all_incidents(
    unchanged_desk: Desk, unchanged_admin: Actor
) -> None:
    desk = unchanged_desk
    await departments(desk, unchanged_admin)
    one = await client_of(desk, unchanged_admin, "disapproved")
    await send(desk)
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "incident" in statement:
            asked.append((statement, parameters))

    event.listen(desk.engine.sync_engine, "before_cursor_execute", note)
    await counts(desk)
    await quarantine(desk)
    async with desk.read() as connection:
        await waiting.held_count(connection, "")
        await held.count(connection, one)
    async with desk.change(unchanged_admin, "client.approve") as change:
        await held.let_go(change, [one])
    event.remove(desk.engine.sync_engine, "before_cursor_execute", note)
    async with desk.read() as connection:
        for statement, parameters in [pair for pair in asked if "quarantine" in str(pair)]:
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps = [row.detail for row in plan]
            assert steps
            assert not [step for step in steps if step == "SCAN incident"], (statement, steps)


# Approval


async def test_the_queue_shows_who_waits_with_what_they_first_sent(
    desk: Desk, admin: Actor, clock: FrozenClock
) -> None:
    await departments(desk, admin)
    await send(desk, sender="first@acme.example", sender_name="First", subject="One", body="Hello")
    clock.advance(minutes=1)
    await send(desk, sender="second@acme.example", sender_name="Second", subject="Two", body="x" * 9000)
    await send(desk, sender="first@acme.example", subject="Three")
    await client_of(desk, admin, "pending", "silent@acme.example", name="Silent")
    found = [(row.client.name, row.number, row.subject, len(row.text)) for row in await queue(desk)]
    assert found == [("First", 1, "One", 5), ("Second", 2, "Two", 4000), ("Silent", 0, "", 0)]
    assert [row.client.name for row in await queue(desk, "second")] == ["Second"]
    assert await counts(desk) == Waiting(3, 0)


async def test_approval_lets_go_what_waited_and_is_undone(desk: Desk, admin: Actor) -> None:
    await departments(desk, admin)
    made = await send(desk)
    assert made.client_id is not None
    before = await snapshot(desk)
    await act(desk, admin, "client.approve", made.client_id)
    assert await the_incident(desk, made.incident_id, "folder", "held_reason") == ("inbox", "")
    await undo_last(desk, admin)
    assert await snapshot(desk) == before
    assert await wrong(desk) == []


async def test_disapproval_holds_what_waited_until_they_are_approved_after_all(
    desk: Desk, admin: Actor
) -> None:
    await departments(desk, admin)
    made = await send(desk)
    assert made.client_id is not None
    before = await snapshot(desk)
    await act(desk, admin, "client.disapprove", made.client_id, reason="unknown company")
    held_now = ("quarantine", "The client is disapproved.")
    assert await the_incident(desk, made.incident_id, "folder", "held_reason") == held_now
    await act(desk, admin, "client.approve", made.client_id)
    assert await the_incident(desk, made.incident_id, "folder", "held_reason") == ("inbox", "")
    assert await wrong(desk) == []
    await undo_last(desk, admin)
    await undo_last(desk, admin)
    assert await snapshot(desk) == before


async def test_a_ban_from_the_queue_and_its_lift_leave_them_waiting(desk: Desk, admin: Actor) -> None:
    await departments(desk, admin)
    made = await send(desk)
    assert made.client_id is not None
    await ban(desk, admin, made.client_id)
    assert await queue(desk) == ()
    await act(desk, admin, "client.unban", made.client_id)
    assert [row.id for row in await queue(desk)] == [made.client_id]
    assert await column(desk, client, made.client_id, "status") == "pending"


async def test_not_spam_gives_each_incident_its_former_folder(desk: Desk, admin: Actor) -> None:
    await departments(desk, admin)
    one = await client_of(desk, admin, "disapproved")
    old = await send(desk)
    await act(desk, admin, "client.spam", one, incidents="yes")
    new = await send(desk)
    assert await the_incident(desk, new.incident_id, "folder") == ("spam",)
    await act(desk, admin, "client.not-spam", one)
    for made in (old, new):
        found = await the_incident(desk, made.incident_id, "folder", "held_reason")
        assert found == ("quarantine", held.DISAPPROVED)


async def refuse(desk: Desk, who: Actor, client_id: int, department_id: int) -> None:
    async with desk.change(who, "client.access") as change:
        await set_access(change, [client_id], department_id, allowed=False)


async def test_approval_lets_nothing_into_a_department_they_may_not_write_to(
    desk: Desk, admin: Actor
) -> None:
    open_to_them, closed = await departments(desk, admin, "Support", "Board")
    one = await client_of(desk, admin, "disapproved")
    await refuse(desk, admin, one, closed)
    kept = await send(desk, department_id=closed)
    goes = await send(desk, department_id=open_to_them)
    await edit(desk, admin, kept.incident_id, priority="low")
    before = await snapshot(desk)
    await act(desk, admin, "client.approve", one)
    held_now = ("quarantine", "They have no access to Board.")
    assert await the_incident(desk, kept.incident_id, "folder", "held_reason") == held_now
    assert await the_incident(desk, goes.incident_id, "folder", "held_reason") == ("inbox", "")
    assert await wrong(desk) == []
    await undo_last(desk, admin)
    assert await snapshot(desk) == before


async def test_approval_brings_back_what_stood_in_the_inbox_whatever_was_closed_to_them_since(
    desk: Desk, admin: Actor
) -> None:
    [only] = await departments(desk, admin)
    made = await send(desk)
    assert made.client_id is not None
    await act(desk, admin, "client.disapprove", made.client_id, reason="who is this?")
    await refuse(desk, admin, made.client_id, only)
    await act(desk, admin, "client.approve", made.client_id)
    assert await the_incident(desk, made.incident_id, "folder", "held_reason") == ("inbox", "")


@pytest.mark.parametrize("closed_by", ["client", "organization", "department"])
async def test_not_spam_holds_what_was_begun_where_they_may_not_write(
    desk: Desk, admin: Actor, closed_by: str
) -> None:
    [only] = await departments(desk, admin)
    one = await client_of(desk, admin, "approved")
    old = await send(desk)
    await act(desk, admin, "client.spam", one, incidents="yes")
    new = await send(desk)
    async with desk.change(admin, "client.access") as change:
        if closed_by == "client":
            await set_access(change, [one], only, allowed=False)
        elif closed_by == "department":
            await change.update(department, only, open_to_all=False)
        else:
            acme = await change.insert(organization, name="Acme")
            await change.update(client, one, organization_id=acme, organization_by="manual")
            values = {"organization_id": acme, "department_id": only, "allowed": False}
            await change.insert(organization_access, **values)
    await act(desk, admin, "client.not-spam", one)
    assert await the_incident(desk, old.incident_id, "folder", "held_reason") == ("inbox", "")
    held_now = ("quarantine", "They have no access to Support.")
    assert await the_incident(desk, new.incident_id, "folder", "held_reason") == held_now


async def test_not_spam_lets_a_pending_client_wait_with_all_they_sent(desk: Desk, admin: Actor) -> None:
    await departments(desk, admin)
    old = await send(desk)
    assert old.client_id is not None
    await act(desk, admin, "client.spam", old.client_id, incidents="yes")
    new = await send(desk)
    await act(desk, admin, "client.not-spam", old.client_id)
    for made in (old, new):
        assert await the_incident(desk, made.incident_id, "folder", "held_reason") == ("inbox", held.WAITS)
    await act(desk, admin, "client.approve", old.client_id)
    for made in (old, new):
        assert await the_incident(desk, made.incident_id, "folder", "held_reason") == ("inbox", "")


# Senders known once


async def test_a_sender_known_once_is_registered_with_all_they_sent(desk: Desk, admin: Actor) -> None:
    await departments(desk, admin)
    await put(desk, admin, auto_register=False)
    first = await send(desk, sender_name="Anna Nowak")
    other = await send(desk, sender="else@acme.example")
    second = await send(desk, body="Still burning.")
    assert first.incident_id is not None
    said = await act(desk, admin, "incident.register", first.incident_id)
    assert said == "Registered Anna Nowak, pending; 2 incidents are theirs"
    one = await value(desk, select(client.c.id))
    for made in (first, second):
        found = await the_incident(desk, made.incident_id, "client_id", "held_reason")
        assert found == (one, held.WAITS)
    assert await the_incident(desk, other.incident_id, "client_id", "held_reason") == (None, "")
    assert await rows(desk, select(message.c.body).where(message.c.client_id == one)) == [
        ("It burns.",),
        ("Still burning.",),
    ]
    assert (await send(desk)).client_id == one
    assert await wrong(desk) == []
    with pytest.raises(UndoConflict, match="has an incident that came later"):
        await undo_last(desk, admin)


async def test_a_registration_lets_nothing_wait_that_is_over(desk: Desk, admin: Actor) -> None:
    await departments(desk, admin)
    await put(desk, admin, auto_register=False)
    old, new = await send(desk), await send(desk)
    await edit(desk, admin, old.incident_id, state="closed", closed_at=desk.now())
    assert new.incident_id is not None
    await act(desk, admin, "incident.register", new.incident_id)
    assert await the_incident(desk, old.incident_id, "held_reason") == ("",)
    assert await the_incident(desk, new.incident_id, "held_reason") == (held.WAITS,)


async def test_a_registration_is_taken_back_whole(desk: Desk, admin: Actor) -> None:
    await departments(desk, admin)
    await put(desk, admin, auto_register=False, auto_approve=True)
    made = await send(desk, sender="+48 601 555 010", channel="call")
    before = await snapshot(desk)
    assert made.incident_id is not None
    said = await act(desk, admin, "incident.register", made.incident_id)
    assert said == "Registered +48601555010, approved; 1 incident is theirs"
    assert await column(desk, client, await value(desk, select(client.c.id)), "open_incidents") == 1
    await undo_last(desk, admin)
    assert await snapshot(desk) == before
    assert await wrong(desk) == []


async def test_a_handle_is_another_person_on_another_network(desk: Desk, admin: Actor) -> None:
    await departments(desk, admin)
    await put(desk, admin, auto_register=False)
    chat = await send(desk, sender="anna", channel="chat")
    tweet = await send(desk, sender="anna", channel="twitter")
    assert chat.incident_id is not None
    assert (
        await send(desk, sender="anna", channel="twitter", reply_to=chat.incident_id)
    ).number == "INC-000003"
    said = await act(desk, admin, "incident.register", chat.incident_id)
    assert said == "Registered anna, pending; 1 incident is theirs"
    assert await the_incident(desk, tweet.incident_id, "client_id") == (None,)


async def test_somebody_who_became_a_client_meanwhile_takes_over(desk: Desk, admin: Actor) -> None:
    await departments(desk, admin)
    await put(desk, admin, auto_register=False)
    made = await send(desk)
    one = await client_of(desk, admin, "approved")
    assert made.incident_id is not None
    said = await act(desk, admin, "incident.register", made.incident_id)
    assert said == "Anna Nowak is a client by now; 1 incident is theirs"
    assert await the_incident(desk, made.incident_id, "client_id", "held_reason") == (one, "")
    with pytest.raises(Refused, match="belongs to a client already"):
        await act(desk, admin, "incident.register", made.incident_id)


async def test_a_sender_who_cannot_be_read_is_not_registered(desk: Desk, admin: Actor) -> None:
    await departments(desk, admin)
    made = await send(desk, sender="nobody at all")
    assert made.incident_id is not None
    with pytest.raises(Invalid, match="not an e-mail address"):
        await act(desk, admin, "incident.register", made.incident_id)
    with pytest.raises(NotFound):
        await act(desk, admin, "incident.register", 12)
    with pytest.raises(Refused, match="one by one"):
        await act(desk, admin, "incident.register", made.incident_id, 12)


async def test_nothing_of_a_deleted_client_is_shown_as_held(desk: Desk, admin: Actor) -> None:
    await departments(desk, admin)
    one = await client_of(desk, admin, "approved")
    await ban(desk, admin, one)
    await send(desk)
    await delete(desk, admin, one)
    assert await quarantine(desk) == ()
    [held_id] = [row[0] for row in await rows(desk, select(held_table.c.id))]
    with pytest.raises(Refused, match=r"is deleted\. Restore them first"):
        await act(desk, admin, "held.release", held_id)


# A sender who is a client already


async def test_a_sender_is_given_to_a_client_with_the_address_and_all_they_sent(
    desk: Desk, admin: Actor
) -> None:
    await departments(desk, admin)
    await put(desk, admin, auto_register=False)
    private = "anna.private@mail.example"
    first = await send(desk, sender=private)
    second = await send(desk, sender=private, body="Still burning.")
    other = await send(desk, sender="else@acme.example")
    one = await client_of(desk, admin, "approved")
    before = await snapshot(desk)
    assert first.incident_id is not None
    said = await act(desk, admin, "incident.attach", first.incident_id, client=str(one))
    assert said == f"Anna Nowak: 2 incidents are theirs now, {private} too"
    for made, owner in ((first, one), (second, one), (other, None)):
        assert await the_incident(desk, made.incident_id, "client_id") == (owner,)
    assert await wrong(desk) == []
    await undo_last(desk, admin)
    assert await snapshot(desk) == before
    await act(desk, admin, "incident.attach", first.incident_id, client=str(one))
    assert (await send(desk, sender=private)).client_id == one


async def test_a_sender_who_is_somebody_already_is_given_to_nobody_else(desk: Desk, admin: Actor) -> None:
    await departments(desk, admin)
    await put(desk, admin, auto_register=False)
    made = await send(desk)
    await client_of(desk, admin, "approved")
    other = await client_of(desk, admin, "approved", "else@acme.example", name="Celina Lis")
    assert made.incident_id is not None
    with pytest.raises(IdentityTaken, match="belongs to Anna Nowak already"):
        await act(desk, admin, "incident.attach", made.incident_id, client=str(other))
    assert await the_incident(desk, made.incident_id, "client_id") == (None,)
    with pytest.raises(NotFound):
        await act(desk, admin, "incident.attach", made.incident_id, client="nobody")


async def test_a_sender_who_cannot_be_read_is_given_with_no_identity(desk: Desk, admin: Actor) -> None:
    await departments(desk, admin)
    made = await send(desk, sender="not an address")
    one = await client_of(desk, admin, "approved")
    assert made.incident_id is not None
    said = await act(desk, admin, "incident.attach", made.incident_id, client=str(one))
    assert said == "Anna Nowak: 1 incident is theirs now"
    with pytest.raises(Refused, match="belongs to a client already"):
        await act(desk, admin, "incident.attach", made.incident_id, client=str(one))


async def test_the_number_a_client_has_already_is_not_added_again(desk: Desk, admin: Actor) -> None:
    await departments(desk, admin)
    await put(desk, admin, auto_register=False)
    made = await send(desk, sender="+48 601 555 010", channel="call")
    one = await client_of(desk, admin, "approved")
    await give(desk, admin, one, "+48601555010", "phone")
    assert made.incident_id is not None
    said = await act(desk, admin, "incident.attach", made.incident_id, client=str(one))
    assert said == "Anna Nowak: 1 incident is theirs now"
