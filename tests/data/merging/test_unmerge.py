"""Undoing a merge days later: exact rows go back, what came since is listed and handed out, conflicts are named."""

import pytest
from sqlalchemy import select

from console.data import clients, credit, deletion, submit
from console.data.desk import Desk
from console.data.drafts import ClientDraft
from console.data.errors import Invalid, NotFound, Refused, UndoConflict
from console.data.merging.as_contact import merge_as_contact, preview_as_contact
from console.data.merging.unmerge import entry_of, unmerge, unmerge_preview
from console.data.models.billing import credit_entry, credit_lot
from console.data.models.clients import client, identity
from console.data.models.contacts import contact
from console.data.models.incidents import incident
from console.data.models.notes import note
from console.data.records import Actor, Submission
from console.data.records.merging import Choices
from console.data.undo import undo, undo_last
from tests.conftest import FrozenClock
from tests.data.merging.full import merged, owned, people
from tests.data.rows import column, edit_client, rows, snapshot, wrong


async def _mail(desk: Desk, who: Actor, sender: str, subject: str) -> int:
    given = Submission(channel="email", sender=sender, subject=subject, body="hello", by_staff=False)
    async with desk.change(who, "incident.create") as change:
        return (await submit.submit(change, given)).incident_id or 0


async def _client(desk: Desk, who: Actor, **values: object) -> int:
    async with desk.change(who, "client.create") as change:
        return await clients.add(change, ClientDraft.model_validate(values))


async def test_new_mail_is_suggested_to_whose_address_it_came_from(
    desk: Desk, admin: Actor, clock: FrozenClock
) -> None:
    one, two = await people(desk, admin)
    done = await merged(desk, admin, one, two)
    clock.advance(days=3)
    theirs = await _mail(desk, admin, "anna1@acme.example", "from the absorbed")
    others = await _mail(desk, admin, "anna0@acme.example", "from the survivor")
    by_contact = await _mail(desk, admin, "piotr1@acme.example", "from a contact of the absorbed")
    shown = await unmerge_preview(desk, admin, done.entry_id)
    suggested = {row.id: row.suggested for row in shown.newer if row.table == "incident"}
    assert suggested == {theirs: two, others: one, by_contact: two}
    assert not shown.refusal
    assert not shown.conflicts
    back = await unmerge(desk, admin, done.entry_id, assign=suggested)
    assert back.assigned == 2
    assert [await column(desk, incident, each, "client_id") for each in suggested] == [two, one, two]
    assert await wrong(desk) == []


async def test_undo_by_key_says_that_rows_have_come_since(desk: Desk, admin: Actor) -> None:
    one, two = await people(desk, admin)
    await merged(desk, admin, one, two)
    await _mail(desk, admin, "anna1@acme.example", "new")
    entry = await _merge_entry(desk, two)
    before = await snapshot(desk, lasting=True)
    with pytest.raises(Refused, match="whose they are"):
        await undo(desk, admin, entry)
    assert await snapshot(desk, lasting=True) == before


async def _merge_entry(desk: Desk, record: int) -> int:
    async with desk.read() as connection:
        return await entry_of(connection, record)


async def test_credit_spent_after_the_merge_goes_back_with_its_lot(desk: Desk, admin: Actor) -> None:
    one, two = await people(desk, admin)
    done = await merged(desk, admin, one, two)
    lot = (await rows(desk, select(credit_lot.c.id).order_by(credit_lot.c.id.desc())))[0][0]
    async with desk.change(admin, "credit.spend") as change:
        await change.insert(credit_entry, lot_id=lot, client_id=one, unit="minutes", amount=-30)
    await unmerge(desk, admin, done.entry_id)
    async with desk.read() as connection:
        left = [await credit.balance(connection, each, desk.now()) for each in (one, two)]
    assert [each["minutes"] for each in left] == [120, 150]
    assert await rows(desk, select(credit_entry.c.client_id).where(credit_entry.c.amount < 0)) == [(two,)]


async def test_a_field_changed_since_is_a_conflict_or_kept(desk: Desk, admin: Actor) -> None:
    one, two = await people(desk, admin)
    done = await merged(desk, admin, one, two, keep={"name": two, "external_id": two})
    await edit_client(desk, admin, one, name="Anna Nowa")
    with pytest.raises(UndoConflict, match="client Anna Nowa was changed since"):
        await unmerge(desk, admin, done.entry_id)
    shown = await unmerge_preview(desk, admin, done.entry_id)
    assert shown.conflicts == ("client Anna Nowa keeps name as changed since",)
    back = await unmerge(desk, admin, done.entry_id, keep_changed=True)
    assert back.kept == shown.conflicts
    assert await column(desk, client, one, "name") == "Anna Nowa"
    assert await column(desk, client, one, "external_id") == "X-0"
    assert (await owned(desk, two))["incidents"] == 2


async def test_rows_deleted_or_moved_on_since_are_named_and_left(desk: Desk, admin: Actor) -> None:
    one, two, other = await people(desk, admin, 3)
    done = await merged(desk, admin, one, two)
    async with desk.change(admin, "test.since") as change:
        await change.delete_where(note, note.c.text == "note 1")
        await change.update_where(incident, incident.c.number == 510_001, {"client_id": other})
    shown = await unmerge_preview(desk, admin, done.entry_id)
    assert len(shown.conflicts) == 2
    await unmerge(desk, admin, done.entry_id, keep_changed=True)
    assert "notes" not in await owned(desk, two)
    assert (await owned(desk, two))["incidents"] == 1
    assert await wrong(desk) == []


async def test_what_is_handed_out_must_be_new_and_go_to_one_of_them(desk: Desk, admin: Actor) -> None:
    one, two, other = await people(desk, admin, 3)
    done = await merged(desk, admin, one, two)
    came = await _mail(desk, admin, "anna1@acme.example", "new")
    with pytest.raises(Invalid, match="none of those merged"):
        await unmerge(desk, admin, done.entry_id, assign={came: other})
    with pytest.raises(Invalid, match="has not come in since"):
        await unmerge(desk, admin, done.entry_id, assign={12: two})


async def test_an_undone_merge_is_not_redone_but_merged_anew(desk: Desk, admin: Actor) -> None:
    one, two = await people(desk, admin)
    done = await merged(desk, admin, one, two)
    back = await unmerge(desk, admin, done.entry_id)
    with pytest.raises(Refused, match="merge them anew"):
        await undo(desk, admin, back.entry_id)
    with pytest.raises(Refused, match="already"):
        await unmerge(desk, admin, done.entry_id)
    await merged(desk, admin, one, two)


async def test_the_survivor_must_be_there(desk: Desk, admin: Actor) -> None:
    one, two = await people(desk, admin)
    done = await merged(desk, admin, one, two)
    async with desk.change(admin, "client.delete") as change:
        await deletion.delete_clients(change, [one])
    before = await snapshot(desk, lasting=True)
    with pytest.raises(Refused, match="is deleted"):
        await unmerge(desk, admin, done.entry_id)
    assert await snapshot(desk, lasting=True) == before


async def test_a_username_that_somebody_took_since_is_named(desk: Desk, admin: Actor) -> None:
    one, two = await people(desk, admin)
    done = await merged(desk, admin, one, two)
    await _client(desk, admin, name="New", username="anna1", email=("n@b.example",))
    with pytest.raises(UndoConflict, match="cannot have back"):
        await unmerge(desk, admin, done.entry_id, keep_changed=True)


async def test_what_is_no_merge_is_not_found(desk: Desk, admin: Actor) -> None:
    one, _ = await people(desk, admin)
    entry = await edit_client(desk, admin, one, name="B")
    with pytest.raises(NotFound, match="is no merge"):
        await unmerge(desk, admin, entry)


async def test_a_client_who_became_a_contact_is_a_client_again(desk: Desk, admin: Actor) -> None:
    one, two = await people(desk, admin)
    before = await snapshot(desk, lasting=True)
    choices = Choices(one, (two,))
    async with desk.read() as connection:
        shown = await preview_as_contact(connection, choices)
    assert shown.kind == "contact"
    done = await merge_as_contact(desk, admin, choices, seen=shown.seen)
    assert await owned(desk, two) == {}
    [(person, channel)] = await rows(
        desk, select(contact.c.id, contact.c.channel).where(contact.c.was_client_id == two)
    )
    assert channel == "staff"
    opened = select(incident.c.id).where(incident.c.client_id == one, incident.c.contact_id == person)
    assert len(await rows(desk, opened)) == 2
    assert await rows(
        desk, select(identity.c.client_id).where(identity.c.contact_id == person, identity.c.live)
    ) == [(one,), (one,)]
    await undo_last(desk, admin)
    assert await snapshot(desk, lasting=True) == before
    assert done.absorbed == (two,)
    assert await wrong(desk) == []


async def test_what_the_contact_opened_since_is_theirs_as_a_client(desk: Desk, admin: Actor) -> None:
    one, two = await people(desk, admin)
    done = await merge_as_contact(desk, admin, Choices(one, (two,)))
    came = await _mail(desk, admin, "anna1@acme.example", "by the contact")
    shown = await unmerge_preview(desk, admin, done.entry_id)
    assert [(row.id, row.suggested) for row in shown.newer] == [(came, two)]
    await unmerge(desk, admin, done.entry_id, assign={came: two})
    assert await column(desk, incident, came, "client_id") == two
    assert await column(desk, incident, came, "contact_id") is None
    assert await wrong(desk) == []
