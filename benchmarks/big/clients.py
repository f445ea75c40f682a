"""A million clients with their identities, contacts, tags, notes and search words."""

import itertools
import random
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.big.names import SHARES, STOCKS, Part, Stock
from benchmarks.big.organizations import SKEW, Firm
from benchmarks.big.tables import NOW_MS, PIECE, START_MS, Row, insert, record_id, spread
from console.data.client_words import COLUMNS as WORD_COLUMNS
from console.data.client_words import ClientWords
from console.demo.places import FREE_MAIL

MEMBERS = 0.6
STATUSES = ("approved", "pending", "disapproved", "banned", "spam")
_STATUS_WEIGHTS = tuple(itertools.accumulate((940, 30, 10, 8, 12)))
_NOTES = (
    "Prefers to be called after {hour} o'clock, never before",
    "Asked for invoice {number} to be sent again by post",
    "Has the old contract {number}; renewal was promised in writing",
    "Reads mail only on Mondays; ring {hour} for anything urgent",
    "Printer model X{number} on the third floor, spare part ordered",
    "Speaks English and German; the colleague {hour} speaks French",
)
_COLUMNS: Mapping[str, Sequence[str]] = {
    "client": spread(
        "id kind name sort_name external_id status organization_id organization_by street city postcode country"
        " language time_zone archived_at email mobile mail_domain organization_sort contact_count created_at"
    ),
    "identity": spread("id client_id contact_id type raw normalized mobile position created_at"),
    "contact": spread("id client_id name job_title is_primary created_at"),
    "client_tag": spread("id client_id tag_id"),
    "note": spread("id client_id author_id level text created_at"),
    "favourite": spread("id client_id staff_id"),
    "client_word": spread("word client_id"),
}


@dataclass(frozen=True, slots=True)
class Home:
    """What was made by the house itself: ids, and the tags with their names."""

    staff: tuple[int, ...]
    tags: tuple[tuple[int, str], ...]
    departments: tuple[int, ...]


@dataclass(slots=True)
class Person:
    """A client while their rows are gathered."""

    id: int
    number: int
    created: int
    words: ClientWords
    identities: int = 0


class Maker:
    """Gathers the rows of clients, some thousands at a time, and writes them."""

    def __init__(
        self, connection: sqlite3.Connection, rng: random.Random, home: Home, firms: list[Firm]
    ) -> None:
        self._connection = connection
        self._rng = rng
        self._home = home
        self._firms = firms
        self._taken: set[str] = set()
        self._rows: dict[str, list[Row]] = defaultdict(list)
        self._serial = 0

    def make(self, count: int) -> None:
        """Write this many clients; their words last, in the order of the index."""
        self._connection.execute(
            "CREATE TEMP TABLE found (word TEXT, client_id INTEGER, sort_name TEXT, kind INTEGER, heads INTEGER)"
        )
        step = (NOW_MS - START_MS) // count
        for number in range(count):
            self._client(number, START_MS + number * step)
            if number % PIECE == PIECE - 1:
                self._flush()
        self._flush()
        self._connection.execute(
            f"INSERT INTO client_word ({', '.join(WORD_COLUMNS)}) SELECT * FROM found ORDER BY 1, 2"
        )
        self._connection.execute("DROP TABLE found")
        members = [(firm.members, firm.id) for firm in self._firms]
        self._connection.executemany("UPDATE organization SET client_count = ? WHERE id = ?", members)

    def _flush(self) -> None:
        for table, columns in _COLUMNS.items():
            rows = self._rows.pop(table, [])
            if table == "client_word":
                self._connection.executemany("INSERT INTO found VALUES (?, ?, ?, ?, ?)", rows)
            else:
                insert(self._connection, table, columns, rows)

    def _client(self, number: int, created: int) -> None:
        rng = self._rng
        firm = self._firms[int(len(self._firms) * rng.random() ** SKEW)] if rng.random() < MEMBERS else None
        stock = firm.stock if firm else rng.choices(STOCKS, cum_weights=SHARES)[0]
        person = Person(record_id(created, number), number, created, ClientWords("", ""))
        external = f"C-{number:07d}" if rng.random() < 0.2 else ""
        person.words.coded(external)
        if firm is not None and rng.random() < 0.08:
            kind, name, sort_name = "company", firm.name, firm.sort_name
            person.words.named(name)
            email = self._email(person, stock.country.role, firm.host)
            mobile = self._phone(person, stock, mobile=False)
        else:
            kind = "person"
            given, family = self._name(stock)
            name, sort_name = f"{given.text} {family.text}", f"{given.folded} {family.folded}"
            person.words.named(name)
            email = self._address(person, given, family, firm)
            mobile = self._phone(person, stock, mobile=True) if rng.random() < 0.7 or not email else ""
            if rng.random() < 0.06:
                self._identity(person, "facebook", f"{given.letters}.{family.letters}.{number}")
        contacts = self._contact(person, stock) if rng.random() < 0.03 else 0
        archived = created + 1000 if rng.random() < 0.015 else None
        if firm is not None and archived is None:
            firm.members += 1
        town, postcode, _ = rng.choice(stock.country.towns)
        self._rows["client"].append(
            (person.id, kind, name, sort_name, external)
            + (rng.choices(STATUSES, cum_weights=_STATUS_WEIGHTS)[0],)
            + ((firm.id, "auto") if firm else (None, "none"))
            + (
                f"{rng.choice(stock.country.streets)} {rng.randrange(1, 140)}",
                town,
                postcode.replace("#", "3"),
            )
            + (stock.country.code, stock.country.language, stock.country.time_zone, archived)
            + (email, mobile, email.rpartition("@")[2], firm.sort_name if firm else "", contacts, created)
        )
        self._beside(person)
        person.words.sort_name = sort_name
        person.words.belongs(firm.name if firm else "")
        self._rows["client_word"] += person.words.rows(person.id)

    def _name(self, stock: Stock) -> tuple[Part, Part]:
        given, woman = self._rng.choices(stock.given, cum_weights=stock.given_weights)[0]
        families = self._rng.choices(stock.families, cum_weights=stock.family_weights)[0]
        return given, families[woman]

    def _address(self, person: Person, given: Part, family: Part, firm: Firm | None) -> str:
        rng = self._rng
        if firm is None and rng.random() < 0.12:
            return ""
        host = firm.host if firm else rng.choice(FREE_MAIL)
        local = (
            f"{given.letters}.{family.letters}" if rng.random() < 0.7 else given.letters[:1] + family.letters
        )
        return self._email(person, local, host)

    def _email(self, person: Person, local: str, host: str) -> str:
        address = f"{local}@{host}"
        if address in self._taken:
            address = f"{local}{person.number}@{host}"
        self._taken.add(address)
        self._identity(person, "email", address)
        return address

    def _phone(self, person: Person, stock: Stock, *, mobile: bool) -> str:
        country = stock.country
        pattern = self._rng.choice(country.mobile) if mobile else f"2{country.landline}"
        digits = "".join(str(self._rng.randrange(10)) if sign == "#" else sign for sign in pattern)
        raw = f"+{country.calling} " + " ".join(digits[at : at + 3] for at in range(0, len(digits), 3))
        self._identity(person, "phone", raw, f"+{country.calling}{digits}", mobile=mobile)
        return raw

    def _identity(
        self,
        person: Person,
        kind: str,
        raw: str,
        normalized: str = "",
        *,
        mobile: bool = False,
        contact_id: int | None = None,
    ) -> None:
        self._serial += 1
        normalized = normalized or raw
        place = (person.identities, person.created)
        self._rows["identity"].append(
            (
                record_id(person.created, self._serial),
                person.id,
                contact_id,
                kind,
                raw,
                normalized,
                mobile,
                *place,
            )
        )
        person.identities += 1
        person.words.reached(kind, normalized)

    def _contact(self, person: Person, stock: Stock) -> int:
        given, family = self._name(stock)
        row = (person.id, person.id, f"{given.text} {family.text}", "", True, person.created)
        self._rows["contact"].append(row)
        person.words.named(f"{given.text} {family.text}")
        self._identity(
            person, "chat", f"{given.letters}{family.letters}{person.number}", contact_id=person.id
        )
        return 1

    def _beside(self, person: Person) -> None:
        """Tags, notes, favourites."""
        rng = self._rng
        if rng.random() < 0.15:
            tag_id, tag = rng.choice(self._home.tags)
            self._rows["client_tag"].append((person.id, person.id, tag_id))
            person.words.tagged(tag)
        if rng.random() < 0.05:
            text = rng.choice(_NOTES).format(hour=rng.randrange(7, 19), number=rng.randrange(100, 9999))
            level = "warning" if rng.random() < 0.1 else "note"
            note: tuple[Any, ...] = (
                person.id,
                person.id,
                rng.choice(self._home.staff),
                level,
                text,
                person.created,
            )
            self._rows["note"].append(note)
        if person.number % 5000 == 7:
            self._rows["favourite"].append((person.id, person.id, self._home.staff[0]))
