"""What an import was told, and what came of every row."""

from collections.abc import Callable
from dataclasses import dataclass, field

LISTED = 1000

Tell = Callable[[int, float], None]


def nobody(_rows: int, _share: float) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to import. ``update`` brings known records up to date instead of skipping them; ``dry_run`` writes nothing.

    ``tell`` gets the rows read and the share of the file (0 to 1) after each chunk.
    """

    update: bool = False
    dry_run: bool = False
    tell: Tell = nobody
    chunk: int = 2000


@dataclass(slots=True)
class Report:
    """What came of an import: ``rows`` = created + updated + skipped + len(rejected).

    Lines are physical lines of the file, counted from 1. ``skips`` and ``warnings`` list the first thousand. ``batch``
    is what the journal calls it all by; None where nothing was written.
    """

    rows: int = 0
    created: int = 0
    updated: int = 0
    skipped: int = 0
    rejected: list[tuple[int, str]] = field(default_factory=list)
    skips: list[tuple[int, str]] = field(default_factory=list)
    warnings: list[tuple[int, str]] = field(default_factory=list)
    organizations: int = 0
    unknown_columns: dict[str, str] = field(default_factory=dict)
    batch: int | None = None

    def skip(self, line: int, reason: str) -> None:
        """A row that needs nothing."""
        self.skipped += 1
        if len(self.skips) < LISTED:
            self.skips.append((line, reason))

    def reject(self, line: int, reason: str) -> None:
        """A row that cannot be taken as it is."""
        self.rejected.append((line, reason))

    def warn(self, line: int, reason: str) -> None:
        """A row was taken, but not all of it."""
        if len(self.warnings) < LISTED:
            self.warnings.append((line, reason))

    def add(self, other: "Report") -> None:
        """Add what came of a chunk, once it is written."""
        self.created += other.created
        self.updated += other.updated
        self.skipped += other.skipped
        self.organizations += other.organizations
        self.rejected += other.rejected
        self.skips += other.skips[: LISTED - len(self.skips)]
        self.warnings += other.warnings[: LISTED - len(self.warnings)]
