"""The desk's own side: its staff, its departments, its settings."""

from dataclasses import dataclass

from console.data.records.lists import Anchor


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A person who works in the console. ``departments`` are the names of those they serve, in order."""

    id: int
    login: str
    name: str
    email: str
    role: str
    active: bool
    time_zone: str
    departments: tuple[str, ...]
    version: int
    anchor: Anchor

    @property
    def state(self) -> str:
        """Live, or archived: deactivated staff stay where their names are read."""
        return "live" if self.active else "archived"

    @property
    def noun(self) -> str:
        """What the journal calls them."""
        return "staff"


@dataclass(frozen=True, slots=True)
class Department:
    """A department: ``schedule`` is the name of its business hours or '', ``billing`` none, incident or time.

    ``staff`` is how many active members of staff serve it; ``open_incidents`` counts up to 100.
    """

    id: int
    name: str
    email: str
    active: bool
    open_to_all: bool
    billing: str
    credit_required: bool
    schedule: str
    staff: int
    open_incidents: int
    version: int
    anchor: Anchor

    @property
    def state(self) -> str:
        """Live, or archived: nobody submits to a department that is not active."""
        return "live" if self.active else "archived"

    @property
    def noun(self) -> str:
        """What the journal calls it."""
        return "department"


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting: its value and what it is by default, both as words; ``allowed`` says what it can be.

    ``group`` is where it stands: 'clients' or 'retention'. ``choices`` are all it can be, empty for numbers and texts.
    """

    name: str
    title: str
    group: str
    value: str
    default: str
    allowed: str
    choices: tuple[str, ...]
    about: str
