"""What a rescan of mail domains would do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Move:
    """A client who would move: from one organization to another, by name; '' where they have or get none."""

    client_id: int
    client: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A client whose addresses point to several organizations, by name; they are left where they are."""

    client_id: int
    client: str
    organizations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rescan:
    """How many clients would move, organizations be made and clients stay in conflict, with the first few of each.

    ``managers`` of those who move would lose their rights; ``seen`` open incidents of those who move would come into
    the sight of managers of where they go.
    """

    moves: int
    made: int
    conflicts: int
    managers: int
    seen: int
    moving: tuple[Move, ...]
    conflicting: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class Rescanned:
    """What a rescan did: clients moved, organizations made, clients left in conflict, and the last journal entry of its
    batch (None: nothing was changed).
    """

    moved: int
    made: int
    conflicts: int
    entry_id: int | None
