"""The schema's history. Known here without importing Alembic, which only creating and migrating need.

The first page asks for ``HEAD`` too: the standard library only, and not ``dataclasses``, which is slow to import.
"""

from typing import NamedTuple

REVISIONS = ("0001", "0002", "0003", "0004", "0005")
HEAD = REVISIONS[-1]


class Renamed(NamedTuple):
    """A column has another name since a revision; items written before it are read under the new name."""

    table: str
    old: str
    new: str


class Dropped(NamedTuple):
    """A table, or one column of it, is gone since a revision; items of it cannot be undone any more."""

    table: str
    column: str = ""


# What each revision did to rows that older journal items describe. A migration that renames or drops says so here.
ITEM_CHANGES: dict[str, tuple[Renamed | Dropped, ...]] = {
    "0001": (),
    "0002": (),
    "0003": (),
    "0004": (),
    "0005": (),
}


def since(revision: str) -> tuple[Renamed | Dropped, ...]:
    """What happened to journalled rows after ``revision``, oldest first."""
    later = REVISIONS[REVISIONS.index(revision) + 1 :]
    return tuple(change for one in later for change in ITEM_CHANGES.get(one, ()))
