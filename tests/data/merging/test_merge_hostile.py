"""What staff may do to a merge that they should not have done: each of these was wrong once, or could well be."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from console.data import clients, contacts, deletion, held, history, incidents, notes, purge, statuses, submit
from console.data.desk import Desk
from console.data.drafts import ClientDraft, ContactDraft
from console.data.errors import DeskError, Refused, UndoConflict
from console.data.merging.apply import merge_organizations
from console.data.merging.as_contact import merge_as_contact, preview_as_contact
from console.data.merging.preview import preview
from console.data.merging.unmerge import unmerge, unmerge_preview
from console.data.models.clients import alias, client, identity
from console.data.models.contacts import contact
from console.data.models.incidents import incident
from console.data.models.journal import journal_entry
from console.data.models.notes import note
from console.data.models.organizations import organization, organization_manager
from console.data.records import Actor, Submission
from console.data.records.merging import Choices
from console.data.undo import undo
from tests.data.merging.full import merged, owned, people
from tests.data.rows import (
    add_client,
    add_department,
    add_incident,
    column,
    edit_client,
    rows,
    snapshot,
    value,
    wrong,
)


async def _client(desk: Desk, who: Actor, **values: object) -> int:
    async with desk.change(who, "client.create") as change:
        one = await clients.add(change, ClientDraft.model_validate(values))
        change.entry.object_type, change.entry.object_id = "client", one
    return one


async def _last(desk: Desk) -> int:
    found: int = await value(desk, select(journal_entry.c.id).order_by(journal_entry.c.id.desc()).limit(1))
    return found


async def test_a_number_both_have_may_come_first(desk: Desk, admin: Actor) -> None:
    one, two = await people(desk, admin)
    before = await snapshot(desk, lasting=True)
    done = await merged(desk, admin, one, two, keep={"mobile": two, "email": two})
    assert await column(desk, client, one, "mobile") == "+48601555010"
    assert await column(desk, client, one, "email") == "anna1@acme.example"
    await undo(desk, admin, done.entry_id)
    assert await snapshot(desk, lasting=True) == before


async def test_a_client_who_was_merged_is_not_undone(desk: Desk, admin: Actor) -> None:
    one = await _client(desk, admin, name="One", email=("one@a.example",))
    two = await _client(desk, admin, name="Two", email=("two@a.example",))
    made = await _last(desk)
    done = await merged(desk, admin, one, two)
    before = await snapshot(desk, lasting=True)
    with pytest.raises(UndoConflict, match="Two"):
        await undo(desk, admin, made)
    assert await snapshot(desk, lasting=True) == before
    await unmerge(desk, admin, done.entry_id)
    await undo(desk, admin, made)
    assert await value(desk, select(client.c.id).where(client.c.id == two)) is None


async def test_what_an_earlier_deletion_gives_back_is_listed(desk: Desk, admin: Actor) -> None:
    one, two = await people(desk, admin)
    async with desk.change(admin, "note.delete") as change:
        await change.delete_where(note, note.c.client_id == two)
    gone = await _last(desk)
    done = await merged(desk, admin, one, two)
    await undo(desk, admin, gone)
    assert await rows(desk, select(note.c.client_id).where(note.c.text == "note 1")) == [(one,)]
    shown = await unmerge_preview(desk, admin, done.entry_id)
    assert [(row.table, row.suggested) for row in shown.newer] == [("note", two)]


async def test_a_manager_grant_is_in_the_access_change(desk: Desk, admin: Actor) -> None:
    one = await add_client(desk, admin, "Owner")
    two = await add_client(desk, admin, "Boss")
    third = await add_client(desk, admin, "Worker")
    async with desk.change(admin, "test") as change:
        org = await change.insert(organization, name="Acme")

        dep = await add_department(change)
        for each in (one, two, third):
            await change.update(client, each, organization_id=org, organization_by="manual")
        await change.insert(organization_manager, organization_id=org, client_id=two)
        for n in range(3):
            await add_incident(change, third, dep, 100 + n)
    async with desk.read() as connection:
        shown = await preview(connection, Choices(one, (two,)))
        as_contact = await preview_as_contact(connection, Choices(one, (two,)))
    assert any(each.name == "Owner" and each.gains == 3 for each in shown.sight), shown.sight
    assert any(each.name == "Owner" and each.gains == 3 for each in as_contact.sight), as_contact.sight


async def test_status_is_kept_whole(desk: Desk, admin: Actor) -> None:
    one, two = await people(desk, admin)
    until = desk.now() + timedelta(days=5)
    async with desk.change(admin, "client.ban") as change:
        await statuses.give(change, [one], "banned", reason="a", until=until)
    done = await merged(desk, admin, one, two, keep={"status": two})
    async with desk.change(admin, "client.ban") as change:
        await statuses.give(change, [one], "banned", reason="b")
    await unmerge(desk, admin, done.entry_id, keep_changed=True)
    async with desk.read() as connection:
        row = (await connection.execute(select(client).where(client.c.id == one))).one()
    assert (row.status, row.status_reason, row.status_until, row.status_before) == (
        "banned",
        "b",
        None,
        "approved",
    )


async def test_organization_is_kept_whole(desk: Desk, admin: Actor) -> None:
    one = await add_client(desk, admin, "One")
    two = await add_client(desk, admin, "Two")
    async with desk.change(admin, "test") as change:
        a = await change.insert(organization, name="A")
        b = await change.insert(organization, name="B")
        await change.update(client, two, organization_id=a, organization_by="manual")
    done = await merged(desk, admin, one, two)
    assert await column(desk, client, one, "organization_id") == a
    await edit_client(desk, admin, one, organization_id=b, organization_by="manual")
    await unmerge(desk, admin, done.entry_id, keep_changed=True)
    assert await column(desk, client, one, "organization_id") == b
    assert await column(desk, client, one, "organization_by") == "manual"
    assert await wrong(desk) == []


async def test_what_waited_for_approval_goes_on_with_an_approved_survivor(desk: Desk, admin: Actor) -> None:
    one, two = await people(desk, admin)
    await edit_client(desk, admin, two, status="pending")
    async with desk.change(admin, "test") as change:
        await change.update_where(incident, incident.c.client_id == two, {"held_reason": held.WAITS})
    before = await snapshot(desk, lasting=True)
    done = await merged(desk, admin, one, two)
    assert await rows(desk, select(incident.c.id).where(incident.c.held_reason != "")) == []
    await unmerge(desk, admin, done.entry_id)
    assert await snapshot(desk, lasting=True) == before


async def test_one_contact_is_primary_after_an_undo(desk: Desk, admin: Actor) -> None:
    one, two = await people(desk, admin)
    [_, (p2,)] = await rows(desk, select(contact.c.id).order_by(contact.c.client_id))
    done = await merged(desk, admin, one, two)
    async with desk.change(admin, "contact.primary") as change:
        await contacts.make_primary(change, p2)
    with pytest.raises(UndoConflict):
        await unmerge(desk, admin, done.entry_id)
    await unmerge(desk, admin, done.entry_id, keep_changed=True)
    found = await rows(desk, select(contact.c.client_id, contact.c.is_primary).order_by(contact.c.client_id))
    assert found == [(one, True), (two, True)]


async def test_a_banned_client_does_not_become_a_contact_who_may_submit(desk: Desk, admin: Actor) -> None:
    one, two = await people(desk, admin)
    async with desk.change(admin, "client.ban") as change:
        await statuses.give(change, [two], "banned", reason="a")
    with pytest.raises(Refused, match="banned"):
        await merge_as_contact(desk, admin, Choices(one, (two,)))
    async with desk.read() as connection:
        with pytest.raises(Refused, match="banned"):
            await preview_as_contact(connection, Choices(one, (two,)))


async def test_a_contact_changed_since_is_said_to_go(desk: Desk, admin: Actor) -> None:
    one, two = await people(desk, admin)
    done = await merge_as_contact(desk, admin, Choices(one, (two,)))
    [(person,)] = await rows(desk, select(contact.c.id).where(contact.c.was_client_id == two))
    async with desk.change(admin, "contact.edit") as change:
        await contacts.edit(change, person, {"job_title": "Boss"})
    with pytest.raises(UndoConflict):
        await unmerge(desk, admin, done.entry_id)
    await unmerge(desk, admin, done.entry_id, keep_changed=True)
    assert await wrong(desk) == []


async def test_nonsense(desk: Desk, admin: Actor) -> None:
    one, two = await people(desk, admin)
    for bad in (
        Choices(one, (two, two)),
        Choices(one, (one,)),
        Choices(one, ()),
        Choices(one, (two,), {"nope": two}),
        Choices(one, (two,), {"name": 5}),
        Choices(one, (two,), {}, frozenset({"x"})),
        Choices(1, (two,)),
        Choices(one, (two, 9223372036854775807)),
        Choices(one, tuple(range(1, 12))),
    ):
        with pytest.raises(DeskError):
            await merged(desk, admin, bad.survivor, *bad.absorbed, keep=bad.keep, without=bad.without)
        async with desk.read() as connection:
            with pytest.raises(DeskError):
                await preview(connection, bad)


async def test_incident_given_to_the_survivor_since_is_listed(desk: Desk, admin: Actor) -> None:
    one, two, other = await people(desk, admin, 3)
    [(old,)] = (await rows(desk, select(incident.c.id).where(incident.c.client_id == other)))[:1]
    done = await merged(desk, admin, one, two)
    async with desk.change(admin, "incident.move") as change:
        await change.update(incident, old, client_id=one)
    shown = await unmerge_preview(desk, admin, done.entry_id)
    assert [(row.id) for row in shown.newer] == [old]


async def test_a_new_contact_who_is_primary_goes_to_who_has_one(desk: Desk, admin: Actor) -> None:

    one, two = await people(desk, admin)
    done = await merged(desk, admin, one, two)
    async with desk.change(admin, "contact.add") as change:
        new = await contacts.add(change, one, ContactDraft(name="New", email=("new@acme.example",)))
        mail = Submission(channel="email", sender="new@acme.example", subject="x", by_staff=False)
        opened = (await submit.submit(change, mail)).incident_id or 0
    async with desk.change(admin, "contact.primary") as change:
        await contacts.make_primary(change, new)
    shown = await unmerge_preview(desk, admin, done.entry_id)
    assert {row.id for row in shown.newer} == {new, opened}
    await unmerge(desk, admin, done.entry_id, assign={new: two, opened: one}, keep_changed=True)
    query = select(contact.c.client_id, contact.c.is_primary).order_by(contact.c.client_id, contact.c.id)
    assert await rows(desk, query) == [(one, True), (two, True), (two, False)]
    assert await column(desk, incident, opened, "contact_id") is None
    assert await rows(desk, select(identity.c.client_id).where(identity.c.contact_id == new)) == [(two,)]
    assert await wrong(desk) == []


async def test_spam_comes_back_with_who_is_no_spam(desk: Desk, admin: Actor) -> None:
    one, two = await people(desk, admin)
    async with desk.change(admin, "client.spam") as change:
        await statuses.give(change, [two], "spam")
        await incidents.to_spam(change, [two])
        own = select(incident.c.id).where(incident.c.client_id == one).limit(1)
        [kept] = (await change.connection.execute(own)).scalars()
        await change.update(incident, kept, folder="spam", folder_before="inbox")
    before = await snapshot(desk, lasting=True)
    with pytest.raises(Refused, match="contradict"):
        await merged(desk, admin, one, two)
    done = await merged(desk, admin, one, two, keep={"status": one})
    assert await rows(desk, select(incident.c.id).where(incident.c.folder == "spam")) == [(kept,)]
    await unmerge(desk, admin, done.entry_id)
    assert await snapshot(desk, lasting=True) == before


async def test_undo_of_an_import_whose_clients_were_merged_names_them(desk: Desk, admin: Actor) -> None:
    old = await _client(desk, admin, name="Old", email=("old@a.example",))
    batch = await desk.new_id()
    async with desk.change(admin, "client.import", batch_id=batch) as change:
        one = await clients.add(
            change, ClientDraft(name="Imp One", email=("i1@a.example",), external_id="E1")
        )
        two = await clients.add(
            change, ClientDraft(name="Imp Two", email=("i2@a.example",), external_id="E2")
        )
    imported = await _last(desk)
    done = await merged(desk, admin, old, one)
    other = await merged(desk, admin, two, old)
    before = await snapshot(desk, lasting=True)
    with pytest.raises(DeskError) as found:
        await undo(desk, admin, imported)
    assert "Imp" in str(found.value), str(found.value)
    assert await snapshot(desk, lasting=True) == before
    await unmerge(desk, admin, done.entry_id)
    await unmerge(desk, admin, other.entry_id)
    await undo(desk, admin, imported)
    assert await rows(desk, select(client.c.id)) == [(old,)]


async def test_survivor_deleted_and_restored_between(desk: Desk, admin: Actor) -> None:
    one, two = await people(desk, admin)
    before = await snapshot(desk, lasting=True)
    done = await merged(desk, admin, one, two)
    async with desk.change(admin, "client.delete") as change:
        await deletion.delete_clients(change, [one])
    async with desk.change(admin, "client.restore") as change:
        await deletion.restore(change, [one])
    await unmerge(desk, admin, done.entry_id)
    after = await snapshot(desk, lasting=True)
    # of the grants that a deletion ends only those that the merge took away come back
    assert {t for t in before if before[t] != after[t]} <= {"organization_manager", "organization"}
    assert await wrong(desk) == []


async def test_purge_of_the_survivor_takes_the_absorbed(desk: Desk, admin: Actor) -> None:

    one, two, three = await people(desk, admin, 3)
    await merged(desk, admin, two, three, without=frozenset({"notes"}))
    done = await merged(desk, admin, one, two, without=frozenset({"credit", "contacts"}))
    async with desk.change(admin, "client.delete") as change:
        await deletion.delete_clients(change, [one])
    await purge.purge(desk, admin, one)
    assert await rows(desk, select(client.c.id)) == []
    assert await rows(desk, select(note.c.id)) == []
    assert await rows(desk, select(alias.c.id)) == []
    assert await wrong(desk) == []
    with pytest.raises(DeskError):
        await unmerge(desk, admin, done.entry_id)
    with pytest.raises(DeskError):
        await undo(desk, admin, done.entry_id)


async def test_viewers_and_other_agents(desk: Desk, admin: Actor, agent: Actor) -> None:

    one, two = await people(desk, admin)
    viewer = replace(agent, role="viewer")
    with pytest.raises(Refused, match="iewers"):
        await merged(desk, viewer, one, two)
    done = await merged(desk, admin, one, two)
    with pytest.raises(Refused):
        await unmerge(desk, viewer, done.entry_id)
    with pytest.raises(Refused, match="Another member"):
        await unmerge(desk, agent, done.entry_id)
    assert (await unmerge_preview(desk, agent, done.entry_id)).refusal


async def test_ten_at_once_and_hostile_names(desk: Desk, admin: Actor) -> None:
    names = ["\x1b[2J", "'; DROP", "a" * 5000, "\u202eevil", "%s{}", "x\ny", "\ud7ff", "[/b]", "=1+1", ""]
    ids = [await add_client(desk, admin, name) for name in names]
    before = await snapshot(desk, lasting=True)
    async with desk.read() as connection:
        await preview(connection, Choices(ids[0], tuple(ids[1:]), {"name": ids[4]}))
    done = await merged(desk, admin, ids[0], *ids[1:], keep={"name": ids[4]})
    await unmerge_preview(desk, admin, done.entry_id)
    await unmerge(desk, admin, done.entry_id)
    assert await snapshot(desk, lasting=True) == before


async def test_both_timelines_show_the_merge(desk: Desk, admin: Actor) -> None:

    one, two = await people(desk, admin)
    bare1 = await add_client(desk, admin, "Bare 1")
    bare2 = await add_client(desk, admin, "Bare 2")
    done = await merged(desk, admin, one, two)
    other = await merged(desk, admin, bare1, bare2)
    for entry, ids in ((done, (one, two)), (other, (bare1, bare2))):
        for each in ids:
            async with desk.read() as connection:
                lines = await history.of_record(connection, "client", each)
            assert entry.entry_id in [line.id for line in lines]
    back = await unmerge(desk, admin, done.entry_id)
    for each in (one, two):
        async with desk.read() as connection:
            assert back.entry_id in [line.id for line in await history.of_record(connection, "client", each)]


async def test_organization_merged_or_deleted_between(desk: Desk, admin: Actor) -> None:

    one, two = await people(desk, admin)
    async with desk.change(admin, "test") as change:
        org = (
            await change.connection.execute(select(client.c.organization_id).where(client.c.id == two))
        ).scalar()
        b = await change.insert(organization, name="B")
        await change.update(client, one, organization_id=None, organization_by="none")
        await change.delete_where(organization_manager, organization_manager.c.client_id == one)
    before = await snapshot(desk, lasting=True)
    done = await merged(desk, admin, one, two)
    assert await column(desk, client, one, "organization_id") == org
    orgs = await merge_organizations(desk, admin, Choices(b, (org,)))
    await unmerge(desk, admin, done.entry_id)
    assert await column(desk, client, one, "organization_id") is None
    assert await column(desk, client, two, "organization_id") == b
    assert await wrong(desk) == []
    await undo(desk, admin, orgs.entry_id)
    assert await snapshot(desk, lasting=True) == before


async def test_what_is_not_shown_of_many_can_be_handed_out_too(desk: Desk, admin: Actor) -> None:
    one, two = await people(desk, admin)
    done = await merged(desk, admin, one, two)
    async with desk.change(admin, "test.many") as change:
        [support] = (await change.connection.execute(select(incident.c.department_id).limit(1))).scalars()
        came = [await add_incident(change, one, support, 900_000 + number) for number in range(203)]
    shown = await unmerge_preview(desk, admin, done.entry_id)
    assert (len(shown.newer), shown.more) == (200, 3)
    back = await unmerge(desk, admin, done.entry_id, assign=dict.fromkeys(came, two))
    assert back.assigned == 203
    assert (await owned(desk, two))["incidents"] == 205


async def test_the_creation_of_a_survivor_is_not_undone(desk: Desk, admin: Actor) -> None:
    one = await _client(desk, admin, name="One", email=("one@a.example",))
    made = await _last(desk)
    two = await _client(desk, admin, name="Two", email=("two@a.example",))
    await merged(desk, admin, one, two)
    with pytest.raises(UndoConflict, match="client One"):
        await undo(desk, admin, made)


async def test_what_a_redo_gives_back_is_listed(desk: Desk, admin: Actor) -> None:
    one, two = await people(desk, admin)
    async with desk.change(admin, "client.note") as change:
        [made] = await notes.add(change, [two], "earlier")
    taken = await undo(desk, admin, change.entry_id)
    done = await merged(desk, admin, one, two)
    await undo(desk, admin, taken.entry_id)
    shown = await unmerge_preview(desk, admin, done.entry_id)
    assert [(row.id, row.suggested) for row in shown.newer] == [(made, two)]
