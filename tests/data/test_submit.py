"""What becomes of a submission: by the sender's status, by channel, by whoever enters it; and taken back again."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import purge, senders, staff
from console.data.desk import Desk
from console.data.errors import Invalid, NotFound, Refused
from console.data.models.clients import client, identity
from console.data.models.departments import department
from console.data.models.incidents import incident
from console.data.models.journal import journal_entry
from console.data.records import Actor, Submission
from console.data.undo import undo_last
from tests.data.planted import delete
from tests.data.rows import column, items, rows, snapshot, value, wrong
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
from tests.hostile.payloads import PAYLOADS

# status: outcome, folder, why it is held
NEW = {
    "approved": ("created", "inbox", ""),
    "pending": ("waiting", "inbox", "Waits until the client is approved."),
    "disapproved": ("quarantined", "quarantine", "The client is disapproved."),
    "spam": ("spam", "spam", ""),
}
SENDERS = {
    "email": (ADDRESS, "email"),
    "portal": (ADDRESS, "email"),
    "call": ("+48601555010", "phone"),
    "chat": ("anna", "chat"),
    "facebook": ("anna", "facebook"),
    "twitter": ("anna", "twitter"),
    "linkedin": ("anna", "linkedin"),
    "staff": (ADDRESS, "email"),
}


@pytest.mark.parametrize("status", NEW)
@pytest.mark.parametrize("channel", SENDERS)
async def test_a_client_is_found_by_any_channel_and_treated_by_their_status(
    desk: Desk, admin: Actor, status: str, channel: str
) -> None:
    await departments(desk, admin)
    raw, kind = SENDERS[channel]
    one = await client_of(desk, admin, status, "other@acme.example")
    await give(desk, admin, one, raw, kind)
    made = await send(desk, channel=channel, sender=raw)
    outcome, folder, reason = NEW[status]
    assert (made.outcome, made.client_id, made.number) == (outcome, one, "INC-000001")
    found = await the_incident(
        desk, made.incident_id, "client_id", "channel", "folder", "held_reason", "state"
    )
    assert found == (one, channel, folder, reason, "new")
    assert await thread(desk, made.incident_id) == [("client", "It burns.")]
    assert await wrong(desk) == []


@pytest.mark.parametrize("channel", SENDERS)
async def test_what_a_banned_client_sends_is_held_by_any_channel(
    desk: Desk, admin: Actor, channel: str
) -> None:
    await departments(desk, admin)
    raw, kind = SENDERS[channel]
    one = await client_of(
        desk, admin, "banned", "other@acme.example", status_reason="threats", status_by=admin.staff_id
    )
    await give(desk, admin, one, raw, kind)
    made = await send(desk, channel=channel, sender=raw)
    assert (made.outcome, made.incident_id, made.number) == ("held", None, "")
    assert await held_rows(desk) == [(raw, "Banned by Ann Admin: threats", None)]
    assert await rows(desk, select(incident.c.id)) == []


@pytest.mark.parametrize("status", ["approved", "pending", "disapproved", "banned", "spam"])
async def test_a_submission_is_taken_back_whole(desk: Desk, admin: Actor, status: str) -> None:
    await departments(desk, admin)
    await client_of(desk, admin, status)
    before = await snapshot(desk)
    await send(desk, admin)
    await undo_last(desk, admin)
    assert await snapshot(desk) == before
    assert await wrong(desk) == []


# Replies


@pytest.mark.parametrize("state", ["resolved", "closed", "cancelled"])
async def test_a_reply_of_an_approved_client_reopens(desk: Desk, admin: Actor, state: str) -> None:
    await departments(desk, admin)
    await client_of(desk, admin, "approved")
    first = await send(desk)
    await edit(desk, admin, first.incident_id, state=state, resolved_at=desk.now(), closed_at=desk.now())
    made = await send(desk, body="It burns again.", reply_to=first.incident_id)
    assert (made.outcome, made.incident_id) == ("reopened", first.incident_id)
    found = await the_incident(desk, first.incident_id, "state", "resolved_at", "closed_at")
    assert found == ("open", None, None)
    assert (await thread(desk, first.incident_id))[1:] == [
        ("client", "It burns again."),
        ("event", f"reopened by a reply, was {state}"),
    ]


async def test_a_reply_that_reopened_is_taken_back(desk: Desk, admin: Actor) -> None:
    await departments(desk, admin)
    await client_of(desk, admin, "approved")
    first = await send(desk)
    await edit(desk, admin, first.incident_id, state="resolved", resolved_at=desk.now())
    before = await snapshot(desk)
    await send(desk, admin, reply_to=first.incident_id)
    await undo_last(desk, admin)
    assert await snapshot(desk) == before
    assert await wrong(desk) == []


async def test_a_banned_clients_reply_reopens_nothing_and_is_held_with_its_thread(
    desk: Desk, admin: Actor
) -> None:
    await departments(desk, admin)
    one = await client_of(desk, admin, "approved")
    first = await send(desk)
    await edit(desk, admin, first.incident_id, state="resolved", resolved_at=desk.now())
    async with desk.change(admin, "client.ban") as change:
        await change.update(client, one, status="banned")
    made = await send(desk, reply_to=first.incident_id)
    assert made.outcome == "held"
    assert await the_incident(desk, first.incident_id, "state", "message_count") == ("resolved", 1)
    assert await held_rows(desk) == [(ADDRESS, "The client is banned.", first.incident_id)]


@pytest.mark.parametrize(
    ("status", "outcome", "state", "reason", "messages"),
    [
        ("pending", "waiting", "open", "Waits until the client is approved.", 2),
        ("disapproved", "held", "resolved", "", 1),
        ("spam", "joined", "resolved", "", 2),
    ],
)
async def test_replies_of_the_other_statuses(
    desk: Desk, admin: Actor, status: str, outcome: str, state: str, reason: str, messages: int
) -> None:
    await departments(desk, admin)
    one = await client_of(desk, admin, "approved")
    first = await send(desk)
    await edit(desk, admin, first.incident_id, state="resolved", resolved_at=desk.now())
    async with desk.change(admin, "client.status") as change:
        await change.update(client, one, status=status)
    made = await send(desk, reply_to=first.incident_id)
    assert made.outcome == outcome
    found = await the_incident(desk, first.incident_id, "state", "held_reason", "message_count")
    assert found == (state, reason, messages)


async def test_a_stranger_does_not_join_a_thread(desk: Desk, admin: Actor) -> None:
    await departments(desk, admin)
    await client_of(desk, admin, "approved")
    await client_of(desk, admin, "approved", "eve@evil.example", name="Eve")
    first = await send(desk)
    made = await send(desk, sender="eve@evil.example", reply_to=first.incident_id)
    assert (made.outcome, made.number) == ("created", "INC-000002")
    assert await thread(desk, first.incident_id) == [("client", "It burns.")]


async def test_a_manager_joins_only_where_they_may_reply(desk: Desk, admin: Actor) -> None:
    from console.data.models.organizations import organization, organization_manager

    await departments(desk, admin)
    boss = await client_of(desk, admin, "approved", "boss@acme.example", name="Boss")
    async with desk.change(admin, "organization.add") as change:
        acme = await change.insert(organization, name="Acme")
        grant = await change.insert(
            organization_manager, organization_id=acme, client_id=boss, may_reply=False
        )
    await client_of(desk, admin, "approved", organization_id=acme, organization_by="manual")
    first = await send(desk)
    assert (await send(desk, sender="boss@acme.example", reply_to=first.incident_id)).outcome == "created"
    async with desk.change(admin, "client.manager") as change:
        await change.update(organization_manager, grant, may_reply=True)
    assert (await send(desk, sender="boss@acme.example", reply_to=first.incident_id)).outcome == "joined"


async def test_a_pending_managers_answer_lets_no_colleagues_incident_wait(desk: Desk, admin: Actor) -> None:
    from console.data.models.organizations import organization, organization_manager

    await departments(desk, admin)
    boss = await client_of(desk, admin, "pending", "boss@acme.example", name="Boss")
    async with desk.change(admin, "organization.add") as change:
        acme = await change.insert(organization, name="Acme")
        await change.insert(organization_manager, organization_id=acme, client_id=boss, may_reply=True)
    await client_of(desk, admin, "approved", organization_id=acme, organization_by="manual")
    first = await send(desk)
    made = await send(desk, sender="boss@acme.example", reply_to=first.incident_id)
    assert (made.outcome, made.incident_id) == ("joined", first.incident_id)
    assert await the_incident(desk, first.incident_id, "held_reason") == ("",)


async def test_a_reply_to_a_merged_incident_joins_what_it_was_merged_into(desk: Desk, admin: Actor) -> None:
    await departments(desk, admin)
    await client_of(desk, admin, "approved")
    old, new = await send(desk), await send(desk)
    await edit(desk, admin, old.incident_id, merged_into=new.incident_id, state="closed")
    assert (await send(desk, reply_to=old.incident_id)).incident_id == new.incident_id


async def test_a_reply_to_what_is_gone_begins_anew_and_staff_are_told(desk: Desk, admin: Actor) -> None:
    await departments(desk, admin)
    await client_of(desk, admin, "approved")
    assert (await send(desk, reply_to=12)).outcome == "created"
    with pytest.raises(NotFound, match="no such incident"):
        await send(desk, admin, reply_to=12, by_staff=True)


# Unknown senders


@pytest.mark.parametrize(("approve", "status"), [(True, "approved"), (False, "pending")])
async def test_an_unknown_sender_becomes_a_client(
    desk: Desk, admin: Actor, approve: bool, status: str
) -> None:
    await departments(desk, admin)
    await put(desk, admin, auto_approve=approve)
    made = await send(desk, sender_name="Anna Nowak")
    assert made.registered
    assert made.client_id is not None
    assert await column(desk, client, made.client_id, "name") == "Anna Nowak"
    assert await column(desk, client, made.client_id, "status") == status
    assert await column(desk, client, made.client_id, "open_incidents") == 1
    assert (await send(desk)).client_id == made.client_id


@pytest.mark.parametrize("by_staff", [True, False])
async def test_without_auto_register_the_sender_is_known_once(
    desk: Desk, admin: Actor, by_staff: bool
) -> None:
    await departments(desk, admin)
    await put(desk, admin, auto_register=False)
    made = await send(
        desk, admin, sender="+48 601 555 010", channel="call", sender_name="A", by_staff=by_staff
    )
    assert (made.client_id, made.registered) == (None, False)
    found = await the_incident(desk, made.incident_id, "client_id", "sender_name", "sender_address", "folder")
    assert found == (None, "A", "+48601555010", "inbox")
    again = await send(desk, sender="+48601555010", channel="call", reply_to=made.incident_id)
    assert again.incident_id == made.incident_id


@pytest.mark.parametrize("sender", ["", "no address", "a@b@c", "@", "x" * 3000])
async def test_a_sender_who_cannot_be_read_loses_nothing(desk: Desk, admin: Actor, sender: str) -> None:
    await departments(desk, admin)
    made = await send(desk, sender=sender)
    assert made.outcome == "created"
    assert made.client_id is None
    assert await thread(desk, made.incident_id) == [("client", "It burns.")]


@pytest.mark.parametrize("sender", ["", "no address"])
async def test_staff_are_told_that_the_caller_cannot_be_read(desk: Desk, admin: Actor, sender: str) -> None:
    await departments(desk, admin)
    with pytest.raises(Invalid):
        await send(desk, admin, sender=sender, by_staff=True)
    assert await rows(desk, select(incident.c.id)) == []


async def test_a_telephone_of_several_asks_staff_and_guesses_nothing(desk: Desk, admin: Actor) -> None:
    await departments(desk, admin)
    for name in ("Anna", "Bob"):
        one = await client_of(desk, admin, "approved", f"{name}@acme.example", name=name)
        await give(desk, admin, one, "+48601555010", "phone")
    with pytest.raises(Refused, match="belongs to 2 clients: Anna, Bob"):
        await send(desk, admin, channel="call", sender="+48601555010", by_staff=True)
    made = await send(desk, channel="call", sender="+48601555010")
    assert (made.outcome, made.client_id) == ("created", None)


@pytest.mark.parametrize("live", [True, False])
async def test_a_deleted_client_writes_again_and_can_be_restored(
    desk: Desk, admin: Actor, live: bool
) -> None:
    await departments(desk, admin)
    gone = await client_of(desk, admin, "approved")
    await delete(desk, admin, gone)
    async with desk.quiet() as connection:
        await connection.execute(update(identity).where(identity.c.client_id == gone).values(live=live))
    made = await send(desk)
    assert made.restorable == gone
    assert made.client_id != gone
    assert "can be restored" in made.told
    assert await wrong(desk) == []


async def test_whoever_was_merged_is_their_survivor(desk: Desk, admin: Actor) -> None:
    await departments(desk, admin)
    kept = await client_of(desk, admin, "approved", "kept@acme.example", name="Kept")
    gone = await client_of(desk, admin, "banned")
    async with desk.quiet() as connection:
        await connection.execute(update(client).where(client.c.id == gone).values(absorbed_into=kept))
    assert (await send(desk)).client_id == kept


async def test_a_contact_writes_for_their_client(desk: Desk, admin: Actor) -> None:
    from console.data.models.contacts import contact

    await departments(desk, admin)
    one = await client_of(desk, admin, "approved")
    async with desk.change(admin, "client.contact") as change:
        piotr = await change.insert(contact, client_id=one, name="Piotr")
    await give(desk, admin, one, "piotr@acme.example", contact_id=piotr)
    made = await send(desk, sender="piotr@acme.example")
    found = await the_incident(desk, made.incident_id, "client_id", "contact_id", "reply_address")
    assert found == (one, piotr, "piotr@acme.example")


# Departments


async def test_without_access_it_is_held_with_the_reason_and_the_sender_is_told(
    desk: Desk, admin: Actor
) -> None:
    from console.data.models.clients import department_access

    _, billing = await departments(desk, admin, "Support", "Billing")
    one = await client_of(desk, admin, "approved")
    async with desk.change(admin, "client.access") as change:
        await change.insert(department_access, client_id=one, department_id=billing, allowed=False)
    made = await send(desk, department_id=billing)
    assert made.outcome == "quarantined"
    assert made.answer == "You cannot write to Billing. Your message is kept, and staff decide about it."
    found = await the_incident(desk, made.incident_id, "folder", "held_reason", "department_id")
    assert found == ("quarantine", "They have no access to Billing.", billing)
    assert (await send(desk, admin, department_id=billing, by_staff=True)).outcome == "created"


async def test_what_names_no_department_goes_to_the_one_set_else_to_the_first(
    desk: Desk, admin: Actor
) -> None:
    support, billing = await departments(desk, admin, "Support", "Billing")
    await client_of(desk, admin, "approved")
    assert await the_incident(desk, (await send(desk)).incident_id, "department_id") == (support,)
    await put(desk, admin, default_department="Billing")
    assert await the_incident(desk, (await send(desk)).incident_id, "department_id") == (billing,)
    async with desk.change(admin, "department.edit") as change:
        await change.update(department, billing, name="Accounts")
    assert await the_incident(desk, (await send(desk)).incident_id, "department_id") == (support,)


async def test_a_desk_without_departments_says_so(desk: Desk, admin: Actor) -> None:
    with pytest.raises(Refused, match="There is no department"):
        await send(desk)


# Staff


@pytest.mark.parametrize("status", ["approved", "pending", "disapproved", "banned", "spam"])
async def test_staff_log_for_a_client_of_any_status(desk: Desk, admin: Actor, status: str) -> None:
    await departments(desk, admin)
    one = await client_of(desk, admin, status)
    made = await send(desk, admin, client_id=one, kind="job", channel="staff", by_staff=True, notify=False)
    assert made.outcome == "created"
    assert await the_incident(desk, made.incident_id, "folder", "kind") == ("inbox", "job")
    assert await thread(desk, made.incident_id) == [
        ("event", "logged by Ann Admin, the client is not notified"),
        ("staff", "It burns."),
    ]


@pytest.mark.parametrize(
    "given", [{"channel": "fax"}, {"kind": "wish"}, {"priority": "now"}, {"subject": " ", "body": "\n"}]
)
async def test_what_cannot_be_is_said(desk: Desk, admin: Actor, given: dict[str, Any]) -> None:
    await departments(desk, admin)
    await client_of(desk, admin, "approved")
    with pytest.raises(Invalid):
        await send(desk, admin, by_staff=True, **given)


async def test_it_is_on_the_clients_timeline(desk: Desk, admin: Actor) -> None:
    from console.data import history

    await departments(desk, admin)
    made = await send(desk, admin, by_staff=True)
    assert made.client_id is not None
    async with desk.read() as connection:
        [line] = await history.of_record(connection, "client", made.client_id)
    assert (line.action, line.subject) == ("incident.create", "INC-000001")


# Hostile text


@pytest.mark.parametrize("payload", PAYLOADS)
async def test_hostile_text_is_taken_in_whole(
    unchanged_desk: Desk, unchanged_admin: Actor, payload: str
) -> None:
    desk, text = unchanged_desk, PAYLOADS[payload]
    await departments(desk, unchanged_admin)
    made = await send(desk, sender=text, subject=text, body=text, sender_name=text)
    assert made.outcome == "created"
    [(_, body)] = await thread(desk, made.incident_id)
    assert len(body) == len(text)
    named = await send(desk, subject=text, body=text, sender_name=text)
    assert named.registered
    subject = await value(desk, select(incident.c.subject).where(incident.c.id == named.incident_id))
    assert 0 < len(subject) <= 500
    assert await wrong(desk) == []


async def test_hostile_text_is_taken_in_by_either_database(desk: Desk, admin: Actor) -> None:
    await departments(desk, admin)
    for name in ("nul", "lone surrogates", "zalgo", "marks alone"):
        text = PAYLOADS[name]
        made = await send(
            desk, sender=f"{name.replace(' ', '')}@acme.example", subject=text, body=text, sender_name=text
        )
        assert made.registered


# What happens between two statements


def between(
    monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], Awaitable[None]], *, after: int = 1
) -> None:
    """Let something happen right after the sender was looked up for the ``after``-th time."""
    find, calls = senders.find, 0

    async def found(connection: AsyncConnection, given: Submission) -> senders.Sender:
        nonlocal calls
        sender = await find(connection, given)
        calls += 1
        if calls == after:
            await meanwhile()
        return sender

    monkeypatch.setattr(senders, "find", found)


@pytest.fixture
async def another(postgresql_url: str) -> AsyncIterator[Desk]:
    """A second process, on the engine where it writes between two statements of ``busy``'s."""
    async with await Desk.open(postgresql_url) as desk:
        yield desk


@pytest.fixture
async def busy(postgresql_url: str) -> AsyncIterator[tuple[Desk, Actor]]:
    """A desk with a department, and its admin."""
    async with await Desk.open(postgresql_url) as desk:
        who = await staff.first_admin(desk, "ann", "Ann Admin")
        await departments(desk, who)
        yield desk, who


@pytest.mark.parametrize("by_id", [False, True])
@pytest.mark.parametrize("purged", [False, True])
async def test_a_client_who_goes_meanwhile_loses_nothing(
    busy: tuple[Desk, Actor], another: Desk, monkeypatch: pytest.MonkeyPatch, by_id: bool, purged: bool
) -> None:
    desk, who = busy
    one = await client_of(desk, who, "approved")

    async def goes() -> None:
        await delete(another, who, one)
        if purged:
            await purge.purge(another, who, one)

    between(monkeypatch, goes)
    named: dict[str, Any] = {"client_id": one} if by_id else {}
    made = await send(desk, **named)
    assert made.outcome == ("created" if by_id else "waiting")
    assert made.client_id != one
    assert made.restorable == (None if purged else one)
    assert await wrong(desk) == []


async def test_an_address_that_staff_give_away_meanwhile_is_its_new_owners(
    busy: tuple[Desk, Actor], another: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, who = busy
    given: list[int] = []

    async def give_it() -> None:
        given.append(await client_of(another, who, "approved"))

    between(monkeypatch, give_it, after=2)
    made = await send(desk)
    assert (made.outcome, made.client_id, made.registered) == ("created", given[0], False)
    entry = journal_entry.c
    [(last, count)] = await rows(desk, select(entry.id, entry.rows).order_by(entry.id.desc()).limit(1))
    assert count == len(await items(desk, last))
    assert await wrong(desk) == []


async def test_what_names_a_client_who_is_gone_is_kept_and_staff_are_told(desk: Desk, admin: Actor) -> None:
    await departments(desk, admin)
    one = await client_of(desk, admin, "approved")
    await delete(desk, admin, one)
    with pytest.raises(Refused, match="Restore them first"):
        await send(desk, admin, client_id=one, by_staff=True)
    made = await send(desk, client_id=one)
    assert (made.outcome, made.client_id, made.restorable) == ("created", None, one)
