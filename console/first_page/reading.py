"""The first page of the list of clients, read with ``sqlite3`` alone, and only read.

The query is that of ``console.data.clients.page`` for all clients by name; a test compares what both find.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import NamedTuple

from console import places
from console.data.migrations import HEAD

PAGE = 100

_CLIENTS = f"""
SELECT c.id, c.name, c.kind, c.email, c.mobile, c.mail_domain, c.contact_count, c.open_incidents, c.status,
       c.incident_approval, c.organization_id, c.sort_name,
       coalesce((SELECT o.name FROM organization AS o WHERE o.id = c.organization_id), ''),
       EXISTS (SELECT 1 FROM favourite AS f WHERE f.client_id = c.id AND f.staff_id = ?)
FROM client AS c
WHERE c.deleted_at IS NULL AND c.archived_at IS NULL AND c.absorbed_into IS NULL
ORDER BY c.sort_name, c.id
LIMIT {PAGE + 1}
"""  # noqa: S608 - a number of ours


class FirstRow(NamedTuple):
    """A client of the first page; ``sorted_by`` is the name as the list is ordered by it."""

    id: int
    name: str
    kind: str
    email: str
    mobile: str
    mail_domain: str
    contacts: int
    open_incidents: int
    status: str
    approval: int
    organization_id: int | None
    sorted_by: str
    organization: str
    favourite: int

    @property
    def state(self) -> str:
        """Those on the first page are neither archived nor deleted."""
        return "live"


class Found(NamedTuple):
    """What the database holds: ``name`` and ``role`` of who works here, the rows, whether ``more`` follow."""

    name: str
    role: str
    rows: tuple[FirstRow, ...]
    more: bool


def read(path: str) -> Found | None:
    """The first page; None where there is nothing of it that this user may see, or that can be read at once."""
    if not os.path.isfile(path):  # noqa: PTH113 - pathlib is imported later
        return None
    address = "file:" + path.replace("%", "%25").replace("?", "%3f").replace("#", "%23") + "?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=0, isolation_level=None)) as connection:
            return _read(connection)
    except (sqlite3.Error, UnicodeError):
        return None  # the console itself will try, and wait, and say what is wrong


def _read(connection: sqlite3.Connection) -> Found | None:
    connection.execute("BEGIN")
    if connection.execute("SELECT version_num FROM alembic_version").fetchall() != [(HEAD,)]:
        return None
    me = connection.execute(
        "SELECT id, name, role FROM staff WHERE login = ? AND active", (places.login(),)
    ).fetchone()
    if me is None:
        return None
    rows = [FirstRow(*row) for row in connection.execute(_CLIENTS, (me[0],))]
    if any(isinstance(value, bytes) for row in rows for value in row):
        return None  # nothing of ours writes bytes there
    return Found(me[1], me[2], tuple(rows[:PAGE]), len(rows) > PAGE)
