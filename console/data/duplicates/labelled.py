"""Labelled records of a file, as clues: what `evaluate` measures by."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Record:
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


def read(path: Path, entity: str, mapped: Mapping[str, Sequence[str]]) -> Iterator[Record]:
    """The records of a CSV file, which may be gzipped. Invalid where a column that is named is not in it."""
    with _opened(path) as file:
        try:
            yield from _records(path, csv.reader(file), entity, mapped)
        except (csv.Error, EOFError, OSError, zlib.error) as error:
            raise Invalid("file", f"{path.name} cannot be read as CSV: {error}.") from error


def _records(
    path: Path, rows: Iterator[list[str]], entity: str, mapped: Mapping[str, Sequence[str]]
) -> Iterator[Record]:
    places = {title.strip(): place for place, title in enumerate(next(rows, []))}
    for name in (entity, *(column for columns in mapped.values() for column in columns)):
        if name not in places:
            raise Invalid("file", f"{path.name} has no column {name!r}. It has {', '.join(places)}.")
    columns = {target: [places[name] for name in names] for target, names in mapped.items()}
    for row in rows:
        if row:
            yield _record(row, places[entity], columns)


def _opened(path: Path) -> io.TextIOBase:
    opened = gzip.open if path.suffix == ".gz" else open
    file = opened(path, "rt", encoding="utf-8-sig", errors="replace", newline="")
    assert isinstance(file, io.TextIOBase)
    return file


def _record(row: Sequence[str], entity: int, columns: Mapping[str, Sequence[int]]) -> Record:
    """A record; what joins columns with '+' is parted by spaces, what '|' parts is several values."""

    def cell(place: int) -> str:
        return row[place].strip().replace("\x00", "") if place < len(row) else ""

    found: dict[str, Any] = {"kind": "person" if OF_PEOPLE & columns.keys() else ""}
    for target, places in columns.items():
        text = " ".join(value for place in places if (value := cell(place)))
        if target in _SEVERAL:
            found[_SEVERAL[target]] = tuple(one for value in text.split(SEPARATOR) if (one := value.strip()))
        elif target == "kind":
            found[target] = _KINDS.get(text.lower(), "")
        else:
            found[target] = text.replace(SEPARATOR, " ")
    return Record(Raw(**found), cell(entity))
