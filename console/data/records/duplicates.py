"""Clients who may be the same: why two look like one, and the pairs and groups that staff decide on."""

from dataclasses import dataclass
from datetime import datetime

WORDS = ("near certain", "likely", "possible")
"""How sure a score is, the surest first."""

RELATIONS = ("duplicate", "same household", "works at", "branch", "same company")
"""What two clients are to each other; all but the first are *related*: distinct, and never one client."""

QUEUES = ("duplicate", "related", "split review", "uncertain")
"""The lists of the queue: one client twice, related, groups too loose to be one, and pairs near the line."""

DECISIONS = ("same", "different", "related")
"""What staff may decide of a pair."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One clue in staff's words ('same phone, held by 2 clients'), and its points, whole and signed."""

    text: str
    points: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why two clients look like one, or do not.

    ``word`` is one of WORDS, or '' below the line of what is suggested; ``percent`` 0 to 99; ``points`` their sum,
    signed, the prior included. ``relation`` is one of RELATIONS. ``reasons`` are what speaks for it, ``against``
    what speaks against it, the heaviest first; ``missing`` is what neither could be compared by ('phone').
    ``levels`` and ``model_version`` are what it was scored from.
    """

    word: str
    percent: int
    points: int
    relation: str
    reasons: tuple[Reason, ...] = ()
    against: tuple[Reason, ...] = ()
    missing: tuple[str, ...] = ()
    levels: str = ""
    model_version: int = 0


@dataclass(frozen=True, slots=True)
class Side:
    """One client of a pair, as shown beside the other; texts are '' and tuples empty where nothing is known.

    ``kind`` is person or company, ``handles`` are written 'twitter:name', ``organization`` is its name,
    ``incidents`` how many there are, counted up to 100, -1 where nobody counted. ``version`` is the client's, as it
    was read.
    """

    id: int
    kind: str
    name: str
    status: str
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    organization: str = ""
    mail_domain: str = ""
    street: str = ""
    city: str = ""
    postcode: str = ""
    country: str = ""
    birth_date: str = ""
    external_id: str = ""
    incidents: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A client who may be the one that is looked at or typed, and why."""

    client_id: int
    name: str
    status: str
    email: str
    mobile: str
    organization: str
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class Pair:
    """Two clients and why they look like one. ``id`` is the stored pair's, 0 where it is not in the queue.

    ``decision`` is what staff last decided of it (one of DECISIONS), by ``decided_by``, or ''.
    """

    id: int
    first: Side
    second: Side
    explanation: Explanation
    decision: str = ""
    decided_by: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Clients who may all be one: two or more, with the pairs among them, the surest first.

    ``key`` stays the same while its clients do; ``relation`` is the surest pair's; ``split_review`` says that it is
    too large or too loose to be trusted whole, ``in_doubt`` that it is asked among the sure ones to learn from it.
    """

    key: str
    sides: tuple[Side, ...]
    pairs: tuple[Pair, ...]
    relation: str
    split_review: bool = False
    in_doubt: bool = False

    @property
    def ids(self) -> tuple[int, ...]:
        """The ids of its clients."""
        return tuple(side.id for side in self.sides)

    def pair(self, one: int, other: int) -> Pair | None:
        """The pair of two of its clients, if they were compared."""
        both = {one, other}
        return next((pair for pair in self.pairs if {pair.first.id, pair.second.id} == both), None)


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Groups of the queue, the surest first, and where the next page begins; '' where there is none."""

    groups: tuple[Group, ...]
    next: str = ""


@dataclass(frozen=True, slots=True)
class ScanState:
    """How far the search is: when the last full scan began and ended (UTC), None where it has not.

    ``done`` of ``total`` pairs of clients are compared.
    """

    started_at: datetime | None = None
    finished_at: datetime | None = None
    done: int = 0
    total: int = 0

    @property
    def is_running(self) -> bool:
        """Whether a scan has begun and not ended."""
        return self.started_at is not None and self.finished_at is None
