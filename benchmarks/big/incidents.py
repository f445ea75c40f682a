"""Ten incidents for each client, each with one message; nearly all are closed, as in a desk of some years."""

import random
import sqlite3
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.big.clients import Home
from benchmarks.big.tables import NOW_MS, PIECE, START_MS, Row, insert, record_id, spread
from console.data.models.words import CHANNELS, OPEN_STATES, PRIORITIES
from console.demo.house import TARGETS

EACH = 10
_DAY = 86_400_000
_MINUTE = 60_000
_INCIDENT = spread(
    "id number hash client_id kind channel department_id priority state folder held_reason owner_id reply_address"
    " subject first_response_at first_response_due resolution_due due_at first_response_minutes"
    " resolution_minutes resolved_at closed_at last_message_at message_count created_at"
)
_MESSAGE = spread("id incident_id kind client_id author channel body created_at")
_WHAT = spread("""printer scanner invoice password order delivery contract laptop screen keyboard network router phone
mailbox calendar backup licence update server account portal report payment refund address subscription""")
_HOW = spread("""broken missing late wrong slow blocked empty double unreadable expired lost locked frozen delayed
incomplete unavailable""")
_WHERE = spread("""Warsaw Kraków Prague Berlin London Paris office warehouse reception floor basement branch shop
kitchen laboratory workshop""")
_ASK = spread("""please kindly could would help check call answer repair replace send confirm cancel extend explain
restart install remove today tomorrow morning urgently again since yesterday Monday Friday week month""")
_CHANNEL_WEIGHTS = tuple(n / 100 for n in (55, 69, 74, 90, 92, 93, 94, 100))


@dataclass(frozen=True, slots=True)
class Whom:
    """The clients of a base, by their place in the order they were made: ids, and their open incidents."""

    ids: "array[int]"
    open: "array[int]"


def make(connection: sqlite3.Connection, rng: random.Random, home: Home, count: int) -> None:
    """Write incidents and messages, and the counters they move."""
    ids = array("q", (row[0] for row in connection.execute("SELECT id FROM client ORDER BY id")))
    whom = Whom(ids, array("q", bytes(8 * len(ids))))
    maker = _Maker(rng, home, whom, count)
    for begin in range(0, count, PIECE):
        incidents, messages = maker.piece(range(begin, min(begin + PIECE, count)))
        insert(connection, "incident", _INCIDENT, incidents)
        insert(connection, "message", _MESSAGE, messages)
    _settle(connection, whom)
    connection.execute("DELETE FROM counter WHERE name = 'incident'")
    connection.execute("INSERT INTO counter (name, value) VALUES ('incident', ?)", (count,))


def _settle(connection: sqlite3.Connection, whom: Whom) -> None:
    opened = ((many, one) for one, many in zip(whom.ids, whom.open, strict=True) if many)
    connection.executemany("UPDATE client SET open_incidents = ? WHERE id = ?", opened)
    connection.execute(
        "UPDATE organization SET open_incidents = total FROM (SELECT organization_id AS owner, sum(open_incidents)"
        " AS total FROM client WHERE archived_at IS NULL AND deleted_at IS NULL AND absorbed_into IS NULL"
        " GROUP BY organization_id) WHERE owner = organization.id"
    )


class _Maker:
    def __init__(self, rng: random.Random, home: Home, whom: Whom, count: int) -> None:
        self._rng = rng
        self._home = home
        self._whom = whom
        self._count = count
        self._step = (NOW_MS - START_MS) / count

    def piece(self, numbers: range) -> tuple[list[Row], list[Row]]:
        """The rows of some incidents, and of their messages."""
        incidents, messages = [], []
        for one, other in self._rows(numbers):
            incidents.append(one)
            messages.append(other)
        return incidents, messages

    def _rows(self, numbers: range) -> Iterator[tuple[Row, Row]]:
        random_, home, ids, count = self._rng.random, self._home, self._whom.ids, self._count
        departments, staff = home.departments, home.staff
        for number in numbers:
            opened = int(START_MS + number * self._step)
            # Who writes was there before; a few write by the thousand.
            place = int(len(ids) * (0.3 + 0.7 * number / count) * random_() ** 2)
            chance = random_()
            state, folder = _state(random_(), chance, (NOW_MS - opened) / _DAY)
            if folder == "inbox" and state in OPEN_STATES:
                self._whom.open[place] += 1
            client_id, record = ids[place], record_id(opened, number)
            channel = CHANNELS[next(at for at, most in enumerate(_CHANNEL_WEIGHTS) if chance <= most)]
            priority = PRIORITIES[(chance > 0.2) + (chance > 0.78) + (chance > 0.95)]
            response, resolution = TARGETS[priority]
            over = state in ("resolved", "closed", "cancelled")
            ended = min(opened + int(random_() * 3 * _DAY), NOW_MS) if over else None
            answered = None if state == "new" else min(opened + int(random_() * response * _MINUTE), NOW_MS)
            first_due, due = opened + response * _MINUTE, opened + resolution * _MINUTE
            if state in ("new", "open") and due < NOW_MS and random_() < 0.7:
                due = NOW_MS + int(random_() * 10 * _DAY)
            subject, body = self._texts(number)
            yield (
                (
                    record,
                    number + 1,
                    f"{number:08x}{int(random_() * 2**68):017x}",
                    client_id,
                    "job" if channel == "staff" else "request",
                    channel,
                    departments[int(random_() * len(departments))],
                    priority,
                    state,
                    folder,
                    "",
                    None if state == "new" or folder != "inbox" else staff[int(random_() * len(staff))],
                    "",
                    subject,
                    answered,
                    first_due,
                    due,
                    (first_due if answered is None else due) if state in ("new", "open") else None,
                    response,
                    resolution,
                    ended if state != "cancelled" else None,
                    ended if state == "closed" else None,
                    opened,
                    1,
                    opened,
                ),
                (record, record, "client", client_id, "", channel, body, opened),
            )

    def _texts(self, number: int) -> tuple[str, str]:
        bits = self._rng.getrandbits(60)
        found = []
        for stock in (_WHAT, _HOW, _WHERE, _ASK, _ASK, _WHAT, _ASK, _HOW, _ASK):
            bits, at = divmod(bits, len(stock))
            found.append(stock[at])
        what, how, where = found[:3]
        subject = f"{what.capitalize()} {how} {where} {number % 99_991}"
        return subject, f"The {' '.join(found)} {bits % 99_991}"


def _state(chance: float, other: float, days: float) -> tuple[str, str]:
    """State and folder of an incident that came this many days ago."""
    if other < 0.012:
        return "new", "spam"
    if other < 0.014:
        return "new", "quarantine"
    still = 0.9 if days < 1 else 0.6 if days < 3 else 0.3 if days < 10 else 0.03 if days < 40 else 0.0008
    if chance < still:
        part = chance / still
        fresh = days < 1
        return ("new" if part < (0.6 if fresh else 0.1) else "open" if part < 0.8 else "awaiting"), "inbox"
    if days < 10 and other < 0.5:
        return "resolved", "inbox"
    return ("cancelled" if other > 0.97 else "closed"), "inbox"
