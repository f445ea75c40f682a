"""Labelled records of a file, as clues: what `evaluate` measures by."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from console.data.duplicates.raw import Raw
from console.data.errors import Invalid, Refused

TARGETS = (
    "name", "given_name", "family_name", "birth_date", "email", "phone", "handle", "organization", "mail_domain",
    "street", "city", "postcode", "country", "external_id", "kind",
)  # fmt: skip
_SEVERAL = {"email": "emails", "phone": "phones", "handle": "handles", "mail_domain": "mail_domains"}
_KINDS = {"person": "person", "people": "person", "company": "company", "organization": "company"}
_KINDS |= {"organisation": "company", "org": "company", "p": "person", "c": "company"}
SEPARATOR = "|"
OF_PEOPLE = frozenset({"given_name", "family_name", "birth_date"})
"""Targets that only people have: where one of them is mapped and no kind is, all records are people."""


class Record(NamedTuple):
    """One record: its clues, and the name of the entity it is of ('' for one of its own)."""

    raw: Raw
    entity: str


def targets(given: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The columns of each target, from texts like 'name=first_name+surname'. Refused where one says nothing."""
    found: dict[str, tuple[str, ...]] = {}
    for text in given:
        target, equals, columns = text.partition("=")
        names = tuple(name.strip() for name in columns.split("+") if name.strip())
        if not equals or not names:
            raise Refused(f"{text!r} names no column. Write it like name=first_name+surname.")
        if target.strip() not in TARGETS:
            raise Refused(f"There is no target {target!r}. Use one of {', '.join(TARGETS)}.")
        found[target.strip()] = names
    if not found:
        raise Refused("No column is named. Add --map name=COLUMN, and one for each clue there is.")
    return found


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a file as they are written, the first being number ``first`` of all, from 1 on; and its columns."""

    first: int
    rows: list[list[str]]
    entity: int
    columns: dict[str, list[int]]

    def records(self) -> Iterator[Record]:
        """The records of these rows."""
        kind = "person" if OF_PEOPLE & self.columns.keys() else ""
        columns = list(self.columns.items())
        return (_record(row, self.entity, columns, kind) for row in self.rows)


def read(path: Path, entity: str, mapped: Mapping[str, Sequence[str]], size: int) -> Iterator[Page]:
    """The rows of a CSV file, which may be gzipped, ``size`` of them at a time.

    Invalid where a column that is named is not in it.
    """
    with _opened(path) as file:
        try:
            yield from _pages(path, csv.reader(file), entity, mapped, size)
        except (csv.Error, EOFError, OSError, zlib.error) as error:
            raise Invalid("file", f"{path.name} cannot be read as CSV: {error}.") from error


def _pages(
    path: Path, rows: Iterator[list[str]], entity: str, mapped: Mapping[str, Sequence[str]], size: int
) -> Iterator[Page]:
    places = {title.strip(): place for place, title in enumerate(next(rows, []))}
    for name in (entity, *(column for columns in mapped.values() for column in columns)):
        if name not in places:
            raise Invalid("file", f"{path.name} has no column {name!r}. It has {', '.join(places)}.")
    columns = {target: [places[name] for name in names] for target, names in mapped.items()}
    written, first = (row for row in rows if row), 1
    while some := list(islice(written, size)):
        yield Page(first, some, places[entity], columns)
        first += len(some)


def _opened(path: Path) -> io.TextIOBase:
    opened = gzip.open if path.suffix == ".gz" else open
    file = opened(path, "rt", encoding="utf-8-sig", errors="replace", newline="")
    assert isinstance(file, io.TextIOBase)
    return file


def _record(
    row: Sequence[str], entity: int, columns: Sequence[tuple[str, Sequence[int]]], kind: str
) -> Record:
    """A record; what joins columns with '+' is parted by spaces, what '|' parts is several values."""
    found: dict[str, Any] = {"kind": kind}
    for target, places in columns:
        text = _cell(row, places[0])
        if len(places) > 1:
            text = " ".join(value for place in places if (value := _cell(row, place)))
        if target == "kind":
            found[target] = _KINDS.get(text.lower(), "")
        elif text and target in _SEVERAL:
            found[_SEVERAL[target]] = tuple(
                [one for value in text.split(SEPARATOR) if (one := value.strip())]
            )
        elif text:
            found[target] = text.replace(SEPARATOR, " ")
    return Record(Raw(**found), _cell(row, entity))


def _cell(row: Sequence[str], place: int) -> str:
    return row[place].strip().replace("\x00", "") if place < len(row) else ""
