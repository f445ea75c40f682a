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
COUNTED = 100

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


# In the words of the partial indexes, and each counted no further than it is shown.
_WAITS = f"""
SELECT (SELECT count(*) FROM (SELECT 1 FROM client
                              WHERE deleted_at IS NULL AND archived_at IS NULL AND absorbed_into IS NULL
                                    AND status = 'pending' LIMIT {COUNTED})),
       (SELECT count(*) FROM (SELECT 1 FROM held WHERE released_at IS NULL LIMIT {COUNTED})),
       (SELECT count(*) FROM (SELECT 1 FROM incident
                              WHERE folder = 'quarantine' AND folder <> 'inbox' LIMIT {COUNTED})),
       (SELECT count(*) FROM (SELECT 1 FROM duplicate_pair
                              WHERE group_id = id AND queue <> '' AND queue = 'duplicate' LIMIT {COUNTED}))
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


class Waits(NamedTuple):
    """How many wait behind the other tabs, each counted up to ``COUNTED``."""

    pending: int = 0
    held: int = 0
    duplicates: int = 0


class Found(NamedTuple):
    """What is there: ``name`` and ``role`` of who works here, the rows, whether ``more`` follow, and what waits."""

    name: str
    role: str
    rows: tuple[FirstRow, ...]
    more: bool
    waits: Waits


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
    pending, messages, quarantined, duplicates = connection.execute(_WAITS).fetchone()
    waits = Waits(pending, min(messages + quarantined, COUNTED), duplicates)
    return Found(me[1], me[2], tuple(rows[:PAGE]), len(rows) > PAGE, waits)
