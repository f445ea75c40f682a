"""The rules of undo, each by name. That any sequence comes back is in test_undo_any_sequence.py."""

import pytest
from sqlalchemy import select, text, update

from console.data import staff
from console.data.batch import batch
from console.data.desk import Desk
from console.data.errors import NotFound, Refused, UndoConflict
from console.data.migrations import REVISIONS, Dropped, Renamed
from console.data.models.billing import credit_entry, credit_lot
from console.data.models.clients import client, client_tag, client_word, identity, tag
from console.data.models.contacts import contact
from console.data.models.duplicates import duplicate_form, duplicate_key
from console.data.models.incidents import incident, message
from console.data.models.journal import journal_entry
from console.data.models.mail import outbox
from console.data.models.notes import note
from console.data.models.organizations import organization
from console.data.records import Actor
from console.data.undo import undo, undo_last
from tests.colleagues import add_staff
from tests.data.rows import (
    add_client,
    add_department,
    add_incident,
    add_message,
    column,
    edit_client,
    entry_count,
    rows,
    snapshot,
    value,
    wrong,
)


async def test_unrelated_edits_do_not_block_undo_and_stay(desk: Desk, admin: Actor) -> None:
    client_id = await add_client(desk, admin, city="Kraków")
    entry = await edit_client(desk, admin, client_id, name="Anna Maria Nowak")
    await edit_client(desk, admin, client_id, city="Gdańsk")
    await undo(desk, admin, entry)
    assert await column(desk, client, client_id, "name") == "Anna Nowak"
    assert await column(desk, client, client_id, "city") == "Gdańsk"


async def test_versions_are_raised_by_undo_never_restored(desk: Desk, admin: Actor) -> None:
    client_id = await add_client(desk, admin)
    entry = await edit_client(desk, admin, client_id, city="Kraków")
    assert await column(desk, client, client_id, "version") == 2
    await undo(desk, admin, entry)
    assert await column(desk, client, client_id, "version") == 3


async def test_a_conflict_names_the_record_and_changes_nothing(desk: Desk, admin: Actor) -> None:
    client_id = await add_client(desk, admin)
    other = await add_client(desk, admin, "Jan Kowalski")
    async with desk.change(admin, "client.edit") as change:
        await change.update_where(client, client.c.id.in_([client_id, other]), {"city": "Kraków"})
    await edit_client(desk, admin, client_id, city="Gdańsk")
    before, count = await snapshot(desk), await entry_count(desk)
    with pytest.raises(UndoConflict) as refused:
        await undo(desk, admin, change.entry_id)
    assert refused.value.conflicts == ["client Anna Nowak was changed since"]
    assert str(refused.value) == "Not undone, nothing was changed: client Anna Nowak was changed since."
    assert await snapshot(desk) == before
    assert await entry_count(desk) == count


async def test_only_rows_that_others_changed_are_named_however_often_the_entry_wrote_them(
    desk: Desk, admin: Actor
) -> None:
    client_id = await add_client(desk, admin)
    other = await add_client(desk, admin, "Jan Kowalski")
    both = client.c.id.in_([client_id, other])
    async with desk.change(admin, "client.edit") as change:
        await change.update_where(client, both, {"city": "Kraków"})
        await change.update_where(client, both, {"city": "Gdańsk"})
    await edit_client(desk, admin, client_id, city="Toruń")
    with pytest.raises(UndoConflict) as refused:
        await undo(desk, admin, change.entry_id)
    assert refused.value.conflicts == ["client Anna Nowak was changed since"]


async def test_a_row_that_was_edited_since_does_not_vanish_with_the_edit(desk: Desk, admin: Actor) -> None:
    async with desk.change(admin, "client.add") as change:
        client_id = await change.insert(client, name="Anna Nowak")
    edit = await edit_client(desk, admin, client_id, city="Kraków")
    with pytest.raises(UndoConflict, match="client Anna Nowak was changed since"):
        await undo(desk, admin, change.entry_id)
    await undo(desk, admin, edit)
    await undo(desk, admin, change.entry_id)
    assert await rows(desk, select(client.c.id)) == []


async def test_a_row_that_was_edited_under_another_owner_does_not_vanish_with_the_edit(
    desk: Desk, admin: Actor
) -> None:
    one, two = await add_client(desk, admin), await add_client(desk, admin, "Jan Kowalski")
    async with desk.change(admin, "note.add") as added:
        noted = await added.insert(note, client_id=one, author_id=admin.staff_id, text="first")
    async with desk.change(admin, "note.hand_over") as moved:
        await moved.update(note, noted, client_id=two)
    async with desk.change(admin, "note.edit") as edited:
        await edited.update(note, noted, text="second")
    await undo(desk, admin, moved.entry_id)
    with pytest.raises(UndoConflict, match="note of Anna Nowak was changed since"):
        await undo(desk, admin, added.entry_id)
    await undo(desk, admin, edited.entry_id)
    await undo(desk, admin, added.entry_id)


async def test_a_row_others_need_by_now_is_named(desk: Desk, admin: Actor) -> None:
    async with desk.change(admin, "client.add") as change:
        client_id = await change.insert(client, name="Anna Nowak")
    async with desk.change(admin, "note.add") as added:
        await added.insert(note, client_id=client_id, author_id=admin.staff_id, text="hello")
    with pytest.raises(UndoConflict) as refused:
        await undo(desk, admin, change.entry_id)
    assert refused.value.conflicts == ["client Anna Nowak has a note that came later"]
    await undo(desk, admin, added.entry_id)
    await undo(desk, admin, change.entry_id)


async def test_a_row_whose_owner_is_gone_by_now_is_named(desk: Desk, admin: Actor) -> None:
    async with desk.change(admin, "organization.add") as added:
        company = await added.insert(organization, name="ACME")
    client_id = await add_client(desk, admin, organization_id=company, organization_by="manual")
    moved = await edit_client(desk, admin, client_id, organization_id=None, organization_by="none")
    await undo(desk, admin, added.entry_id)
    with pytest.raises(UndoConflict) as refused:
        await undo(desk, admin, moved)
    assert refused.value.conflicts == ["client Anna Nowak belongs to an organization that is gone"]


async def test_staff_who_have_acted_cannot_be_undone(desk: Desk, admin: Actor) -> None:
    await add_staff(desk, admin, "bob", "Bob", "agent")
    added = await value(desk, select(journal_entry.c.id).order_by(journal_entry.c.id.desc()).limit(1))
    bob = await staff.actor(desk, "bob")
    await add_client(desk, bob)
    with pytest.raises(UndoConflict, match="staff Bob has a journal entry that came later"):
        await undo(desk, admin, added)


async def test_what_is_no_change_of_its_own_goes_with_its_row(desk: Desk, admin: Actor) -> None:
    async with desk.change(admin, "client.add") as change:
        await change.insert(client, name="Anna Nowak")
    hanging = (client_word, duplicate_form, duplicate_key)
    assert all([await rows(desk, select(table)) for table in hanging])
    await undo(desk, admin, change.entry_id)
    assert [await rows(desk, select(table)) for table in hanging] == [[], [], []]


async def test_keys_an_identity_that_is_taken_is_a_named_conflict(desk: Desk, admin: Actor) -> None:
    one, two = await add_client(desk, admin), await add_client(desk, admin, "Jan Kowalski")
    address = {"type": "email", "raw": "Info@Example.org", "normalized": "info@example.org"}
    async with desk.change(admin, "client.edit") as added:
        held = await added.insert(identity, client_id=one, **address)
        await added.insert(identity, client_id=one, type="email", raw="b@b.pl", normalized="b@b.pl")
    async with desk.change(admin, "client.delete") as freed:
        await freed.update_where(identity, identity.c.client_id == one, {"live": False})
    async with desk.change(admin, "client.edit") as taken:
        await taken.insert(identity, client_id=two, **address)
    with pytest.raises(UndoConflict) as refused:
        await undo(desk, admin, freed.entry_id)
    assert refused.value.conflicts == ["identity Info@Example.org belongs to Jan Kowalski now"]
    assert await column(desk, identity, held, "live") is False
    await undo(desk, admin, taken.entry_id)
    await undo(desk, admin, freed.entry_id)
    assert await column(desk, client, one, "email") == "Info@Example.org"


async def test_keys_the_primary_contact_changes_in_one_step_and_back(desk: Desk, admin: Actor) -> None:
    client_id = await add_client(desk, admin)
    async with desk.change(admin, "contact.add") as change:
        first = await change.insert(contact, client_id=client_id, name="First", is_primary=True)
        second = await change.insert(contact, client_id=client_id, name="Second")
    entries = []
    for chosen in (second, first, second):
        async with desk.change(admin, "contact.primary") as change:
            await change.update_where(
                contact, contact.c.client_id == client_id, {"is_primary": contact.c.id == chosen}
            )
        entries.append(change.entry_id)
    for entry, expected in zip(reversed(entries), (first, second, first), strict=True):
        await undo(desk, admin, entry)
        assert await value(desk, select(contact.c.id).where(contact.c.is_primary)) == expected


async def test_ledger_an_undone_lot_is_answered_by_reversals_and_redone(desk: Desk, admin: Actor) -> None:
    client_id = await add_client(desk, admin)
    async with desk.change(admin, "credit.add") as change:
        lot = await change.insert(credit_lot, client_id=client_id, unit="minutes")
        await change.insert(credit_entry, lot_id=lot, client_id=client_id, unit="minutes", amount=60)
    entry = change.entry_id
    for remaining, lines in ((0, 2), (60, 3), (0, 4)):
        entry = (await undo(desk, admin, entry)).entry_id
        assert await column(desk, credit_lot, lot, "remaining") == remaining
        assert len(await rows(desk, select(credit_entry.c.id))) == lines
    amounts = await rows(desk, select(credit_entry.c.amount).order_by(credit_entry.c.id))
    assert amounts == [(60,), (-60,), (60,), (-60,)]


async def test_ledger_credit_that_was_spent_since_is_a_named_conflict(desk: Desk, admin: Actor) -> None:
    client_id = await add_client(desk, admin)
    async with desk.change(admin, "credit.add") as added:
        lot = await added.insert(credit_lot, client_id=client_id, unit="minutes")
        await added.insert(credit_entry, lot_id=lot, client_id=client_id, unit="minutes", amount=60)
    async with desk.change(admin, "credit.spend") as spent:
        await spent.insert(credit_entry, lot_id=lot, client_id=client_id, unit="minutes", amount=-15)
    with pytest.raises(UndoConflict, match="credit entry of Anna Nowak has been spent since"):
        await undo(desk, admin, added.entry_id)
    await undo(desk, admin, spent.entry_id)
    await undo(desk, admin, added.entry_id)
    assert await column(desk, credit_lot, lot, "remaining") == 0


async def test_messages_an_undone_reply_stays_retracted_and_is_restored_by_redoing(
    desk: Desk, admin: Actor
) -> None:
    client_id = await add_client(desk, admin)
    async with desk.change(admin, "incident.add") as change:
        opened = await add_incident(change, client_id, await add_department(change), 1)
        await add_message(change, opened, "first", "client")
    async with desk.change(admin, "incident.reply") as change:
        await add_message(change, opened, "sorry, wrong thread")
    entry = change.entry_id
    for count in (1, 2, 1, 2):
        entry = (await undo(desk, admin, entry)).entry_id
        assert await column(desk, incident, opened, "message_count") == count
        assert len((await snapshot(desk))["threads"]) == count
    bodies = await rows(desk, select(message.c.body).order_by(message.c.id))
    assert bodies == [
        ("first",),
        ("sorry, wrong thread",),
        ("retracted",),
        ("restored",),
        ("retracted",),
        ("restored",),
    ]


async def test_messages_go_with_an_incident_whose_opening_is_undone(desk: Desk, admin: Actor) -> None:
    client_id = await add_client(desk, admin)
    async with desk.change(admin, "department.add") as change:
        department = await add_department(change)
    before = await snapshot(desk, lasting=True)
    async with desk.change(admin, "incident.add") as opening:
        opened = await add_incident(opening, client_id, department, 1)
        await add_message(opening, opened, "first", "client")
    async with desk.change(admin, "incident.reply") as replying:
        await add_message(replying, opened, "hello")
    after = await snapshot(desk)
    with pytest.raises(UndoConflict, match="incident INC-000001 has a message that came later"):
        await undo(desk, admin, opening.entry_id)
    unsaid = await undo(desk, admin, replying.entry_id)
    gone = await undo(desk, admin, opening.entry_id)
    assert await snapshot(desk, lasting=True) == before
    await undo(desk, admin, gone.entry_id)
    await undo(desk, admin, unsaid.entry_id)
    assert await snapshot(desk) == after
    assert await wrong(desk) == []


async def test_effects_outside_queued_mail_is_cancelled_and_sent_mail_is_named(
    desk: Desk, admin: Actor
) -> None:
    client_id = await add_client(desk, admin)
    async with desk.change(admin, "incident.add") as change:
        opened = await add_incident(change, client_id, await add_department(change), 1)
        for number, state in enumerate(("queued", "sent")):
            await change.insert(
                outbox,
                client_id=client_id,
                incident_id=opened,
                recipient=f"{state}@example.org",
                subject="Incident INC-000001",
                mail_id=f"<{number}@desk>",
            )
    async with desk.quiet() as connection:
        sent = outbox.c.recipient == "sent@example.org"
        await connection.execute(update(outbox).where(sent).values(state="sent"))
    undone = await undo(desk, admin, change.entry_id)
    assert undone.already_sent == ("Incident INC-000001 to sent@example.org",)
    states = select(outbox.c.state, outbox.c.incident_id).order_by(outbox.c.mail_id)
    assert await rows(desk, states) == [("cancelled", None), ("sent", None)]
    assert await rows(desk, select(incident.c.id)) == []
    await undo(desk, admin, undone.entry_id)
    assert await rows(desk, states) == [("queued", opened), ("sent", opened)]


async def test_undo_of_an_undo_any_number_of_times(desk: Desk, admin: Actor) -> None:
    client_id = await add_client(desk, admin, city="Kraków")
    first = entry = await edit_client(desk, admin, client_id, city="Gdańsk")
    for expected in ("Kraków", "Gdańsk", "Kraków", "Gdańsk", "Kraków"):
        entry = (await undo(desk, admin, entry)).entry_id
        assert await column(desk, client, client_id, "city") == expected
        stands = expected == "Gdańsk"
        assert (await column(desk, journal_entry, first, "undone_by") is None) is stands
    with pytest.raises(Refused, match="undone already"):
        await undo(desk, admin, first)
    await undo(desk, admin, entry)
    await undo(desk, admin, first)
    assert await column(desk, client, client_id, "city") == "Kraków"


async def test_undo_last_takes_back_my_changes_one_after_the_other(
    desk: Desk, admin: Actor, agent: Actor
) -> None:
    client_id = await add_client(desk, admin, city="one")
    await edit_client(desk, agent, client_id, city="two")
    await edit_client(desk, agent, client_id, city="three")
    await edit_client(desk, admin, client_id, street="Long Street 1")
    assert (await undo_last(desk, agent)).action == "client.edit"
    await undo_last(desk, agent)
    assert await column(desk, client, client_id, "city") == "one"
    assert await column(desk, client, client_id, "street") == "Long Street 1"
    with pytest.raises(Refused, match="nothing"):
        await undo_last(desk, agent)


async def test_undo_by_another_agent_is_refused_and_by_an_admin_allowed(
    desk: Desk, admin: Actor, agent: Actor
) -> None:
    client_id = await add_client(desk, admin)
    mine = await edit_client(desk, admin, client_id, city="Kraków")
    theirs = await edit_client(desk, agent, client_id, street="Long Street 1")
    with pytest.raises(Refused, match="Another member of staff"):
        await undo(desk, agent, mine)
    await undo(desk, admin, theirs)
    assert await column(desk, client, client_id, "street") == ""


async def test_undo_of_what_is_not_in_the_journal_is_not_found(desk: Desk, admin: Actor) -> None:
    with pytest.raises(NotFound, match="no journal entry 17"):
        await undo(desk, admin, 17)


async def test_a_batch_with_a_conflict_in_one_chunk_changes_nothing(desk: Desk, admin: Actor) -> None:
    ids = [await add_client(desk, admin, f"Client {n}") for n in range(4)]
    async with batch(desk, admin, "client.approve") as running:
        for client_id in ids:
            async with running.chunk() as change:
                await change.update(client, client_id, status="approved")
    entry = running.last_entry
    assert entry is not None
    await edit_client(desk, admin, ids[1], status="banned")
    before = await snapshot(desk)
    with pytest.raises(UndoConflict, match="Not undone, nothing was changed: client Client 1 was changed"):
        await undo(desk, admin, entry)
    assert await snapshot(desk) == before
    await undo_last(desk, admin)
    await undo(desk, admin, entry)
    assert {row[0] for row in await rows(desk, select(client.c.status))} == {"pending"}


async def test_migrations_items_of_a_renamed_column_are_read_under_its_new_name(
    desk: Desk, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    client_id = await add_client(desk, admin, city="one")
    async with desk.change(admin, "client.edit") as edit:
        await edit.update(client, client_id, city="two", street="s")
    async with desk.change(admin, "tag.add") as added:
        await added.insert(client_tag, client_id=client_id, tag_id=await added.insert(tag, name="x"))
    async with desk.change(admin, "tag.remove") as removed:
        await removed.delete_where(client_tag, client_tag.c.client_id == client_id)
    # The column is called city since revision 0002; the items were written when it was town.
    async with desk.quiet() as connection:
        items = "UPDATE journal_item SET columns = replace(columns, 'city', 'town')"
        documents = "before = replace(before, 'city', 'town'), after = replace(after, 'city', 'town')"
        await connection.execute(text(f"{items}, {documents}"))
    _pretend(monkeypatch, Renamed("client", "town", "city"), Dropped("client_tag", "colour"))
    undone = await undo(desk, admin, edit.entry_id)
    assert await column(desk, client, client_id, "city") == "one"
    await undo(desk, admin, undone.entry_id)
    assert await column(desk, client, client_id, "city") == "two"
    await undo(desk, admin, removed.entry_id)
    assert len(await rows(desk, select(client_tag.c.id))) == 1


async def test_migrations_items_of_a_dropped_column_cannot_be_undone(
    desk: Desk, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    client_id = await add_client(desk, admin)
    lost = await edit_client(desk, admin, client_id, city="Kraków")
    kept = await edit_client(desk, admin, client_id, street="Long Street 1")
    _pretend(monkeypatch, Dropped("client", "city"))
    with pytest.raises(Refused, match="changed its form"):
        await undo(desk, admin, lost)
    await undo(desk, admin, kept)
    assert await column(desk, client, client_id, "street") == ""


async def test_migrations_an_entry_of_an_unknown_revision_cannot_be_undone(desk: Desk, admin: Actor) -> None:
    client_id = await add_client(desk, admin)
    entry = await edit_client(desk, admin, client_id, city="Kraków")
    async with desk.quiet() as connection:
        await connection.execute(update(journal_entry).values(revision="9999"))
    with pytest.raises(Refused, match="another version"):
        await undo(desk, admin, entry)


def _pretend(monkeypatch: pytest.MonkeyPatch, *changes: Renamed | Dropped) -> None:
    """A next revision that did this to the rows."""
    revisions = (*REVISIONS, "next")
    monkeypatch.setattr("console.data.migrations.REVISIONS", revisions)
    monkeypatch.setattr("console.data.migrations.ITEM_CHANGES", {"next": changes})
    monkeypatch.setattr("console.data.undo.REVISIONS", revisions)
    for module in ("inverse", "change"):
        monkeypatch.setattr(f"console.data.{module}.HEAD", "next")
