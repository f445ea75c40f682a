"""What came since a merge is the same rows, whether they are looked for in what was written since or among all rows."""

from typing import Any

from sqlalchemy import select

from console.data import newer
from console.data.desk import Desk
from console.data.merging.unmerge import unmerge_preview
from console.data.models.incidents import incident
from console.data.models.notes import note
from console.data.records import Actor
from console.data.undo import undo
from tests.data.merging.full import merged, people
from tests.data.rows import add_incident, rows


async def test_rows_given_brought_back_and_new_are_found_either_way(
    desk: Desk, admin: Actor, monkeypatch: Any
) -> None:
    one, two, third, last = await people(desk, admin, 4)
    [(deleted,), *_] = await rows(desk, select(note.c.id).where(note.c.client_id == two))
    async with desk.change(admin, "note.delete") as change:
        await change.delete(note, deleted)
    deletion = change.entry_id
    done = await merged(desk, admin, one, two)
    theirs = select(incident.c.id, incident.c.department_id).where(incident.c.client_id == third)
    [(given, department_id), *_] = await rows(desk, theirs)
    async with desk.change(admin, "incident.move") as change:
        await change.update(incident, given, client_id=one)
        new = await add_incident(change, one, department_id, 900)
    await undo(desk, admin, deletion)
    await merged(desk, admin, last, one)
    async with desk.change(admin, "test.note") as change:
        later = await change.insert(note, client_id=last, author_id=admin.staff_id, text="later")
    found = []
    for few in (newer.FEW, -1):
        monkeypatch.setattr(newer, "FEW", few)
        found.append([row.id for row in (await unmerge_preview(desk, admin, done.entry_id)).newer])
    assert found[0] == found[1] == sorted([deleted, given, new, later])
