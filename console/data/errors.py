"""What a user can mend: one exception type per kind, each with a sentence that says what to do."""


class DeskError(Exception):
    """Anything the user can mend; ``str()`` of it is the sentence shown to them, with the notes added to it."""

    def __str__(self) -> str:
        return " ".join([super().__str__(), *getattr(self, "__notes__", ())])


class NotFound(DeskError):
    """The record does not exist, or no longer."""


class Refused(DeskError):
    """The action cannot run now; the sentence says why."""


class Invalid(DeskError):
    """A value cannot be taken; ``field`` names it."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class IdentityTaken(DeskError):
    """Another live record holds the identity; ``client_id`` is whose it is."""

    def __init__(self, sentence: str, client_id: int) -> None:
        super().__init__(sentence)
        self.client_id = client_id


class Stale(DeskError):
    """A colleague changed the record after it was read; nothing was written."""


class UndoConflict(DeskError):
    """Rows are no longer as the entry left them; ``conflicts`` names each one."""

    def __init__(self, conflicts: list[str]) -> None:
        shown = "; ".join(conflicts[:5]) + (f"; and {len(conflicts) - 5} more" if len(conflicts) > 5 else "")
        super().__init__(f"Not undone, nothing was changed: {shown}.")
        self.conflicts = conflicts


class DatabaseError(DeskError):
    """The database cannot be used as it is."""


class DatabaseNewer(DatabaseError):
    """The schema is newer than this program."""


class DatabaseOlder(DatabaseError):
    """The schema is older than this program; it must be migrated first."""


class DatabaseBusy(DatabaseError):
    """Another process held the database for too long; nothing was written, trying again is right."""
