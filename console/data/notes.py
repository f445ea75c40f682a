"""Client notes: shown on the client and on every incident of theirs, warnings before anything else."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.change import Change
from console.data.errors import Invalid
from console.data.models.notes import note
from console.data.models.staff import staff
from console.data.records import Note

MAX_NOTE = 1_000_000


async def of_client(connection: AsyncConnection, client_id: int, limit: int = 200) -> list[Note]:
    """The newest notes of a client, pinned ones first."""
    query = (
        select(note, staff.c.name.label("author"))
        .join(staff, staff.c.id == note.c.author_id)
        .where(note.c.client_id == client_id)
        .order_by(note.c.pinned.desc(), note.c.created_at.desc(), note.c.id.desc())
        .limit(limit)
    )
    rows = await connection.execute(query)
    return [Note(r.id, r.level, r.text, r.author, r.pinned, r.expires_at, r.created_at) for r in rows]


async def warnings(connection: AsyncConnection, client_id: int, now: datetime) -> list[Note]:
    """The warnings that hold now, newest first: what staff must see before anything else."""
    holds = or_(note.c.expires_at.is_(None), note.c.expires_at > now)
    query = (
        select(note, staff.c.name.label("author"))
        .join(staff, staff.c.id == note.c.author_id)
        .where(note.c.client_id == client_id, note.c.level == "warning", holds)
        .order_by(note.c.created_at.desc(), note.c.id.desc())
        .limit(20)
    )
    rows = await connection.execute(query)
    return [Note(r.id, r.level, r.text, r.author, r.pinned, r.expires_at, r.created_at) for r in rows]


async def add(
    change: Change,
    ids: Sequence[int],
    text: str,
    *,
    level: str = "note",
    expires_at: datetime | None = None,
    pinned: bool = False,
) -> list[int]:
    """Add the same note to clients, by the actor; returns the notes' ids. Invalid if it is empty or too long."""
    body = text.strip()
    if not body:
        raise Invalid("text", "The note is empty. Write what the next colleague should know.")
    if len(body) > MAX_NOTE:
        raise Invalid(
            "text", f"The note is longer than {MAX_NOTE:,} characters. Shorten it, or attach a file."
        )
    rows = [
        {
            "client_id": client_id,
            "author_id": change.actor.staff_id,
            "level": level,
            "text": body,
            "expires_at": expires_at,
            "pinned": pinned,
        }
        for client_id in ids
    ]
    return await change.insert_many(note, rows)
