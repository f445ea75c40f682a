"""Labelled records as they stand: each set's columns, and which clue each of them gives."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path

from console.data.duplicates.raw import Raw

# A column that only this set has, in the order in which they are asked.
_TELLING = {
    "handles": "clients",
    "soc_sec_id": "febrl",
    "postcode_fake": "historical",
    "primary_name_org": "senzing",
    "zip": "organizations",
    "dob": "fake",
}

# By set: target of `helpdesk duplicates evaluate --map` and the columns it is made of; + joins.
MAPS: dict[str, tuple[str, ...]] = {
    "clients": (
        "kind=kind",
        "name=name",
        "email=emails",
        "phone=phones",
        "handle=handles",
        "organization=org",
        "mail_domain=domain",
        "street=street",
        "city=city",
        "postcode=postcode",
        "country=country",
    ),
    "febrl": (
        "given_name=given_name",
        "family_name=surname",
        "street=street_number+address_1",
        "city=suburb",
        "postcode=postcode",
        "birth_date=date_of_birth",
        "external_id=soc_sec_id",
    ),
    "historical": (
        "given_name=first_name",
        "family_name=surname",
        "birth_date=dob",
        "city=birth_place",
        "postcode=postcode_fake",
        "organization=occupation",
    ),
    "senzing": (
        "kind=record_type",
        "name=primary_name_full+primary_name_org",
        "given_name=primary_name_first+primary_name_middle",
        "family_name=primary_name_last",
        "birth_date=date_of_birth",
        "email=email_address",
        "street=addr_full+addr_line1",
        "city=addr_city",
        "postcode=addr_postal_code",
        "phone=phone_number",
    ),
    "organizations": ("name=name", "street=address", "postcode=zip", "phone=phone", "email=email"),
    "fake": ("given_name=first_name", "family_name=surname", "birth_date=dob", "city=city", "email=email"),
}
_SEVERAL = {"email": "emails", "phone": "phones", "handle": "handles", "mail_domain": "mail_domains"}


def kind_of(columns: Sequence[str]) -> str:
    """Which set has these columns; raises KeyError where none does."""
    for telling, kind in _TELLING.items():
        if telling in columns:
            return kind
    raise KeyError(f"No set is known with the columns {', '.join(columns)}.")


def rows(file: Path) -> Iterator[dict[str, str]]:
    """The records of a file, packed or not, as the file has them."""
    opener = gzip.open if file.suffix == ".gz" else open
    with opener(file, "rt", encoding="utf-8-sig", newline="") as text:
        yield from csv.DictReader(text)


def raw(row: dict[str, str], kind: str) -> Raw:
    """One record of a set as clues."""
    found: dict[str, str | tuple[str, ...]] = {}
    for one in MAPS[kind]:
        target, _, columns = one.partition("=")
        value = " ".join(part for part in (row[name] or "" for name in columns.split("+")) if part)
        if target in _SEVERAL:
            found[_SEVERAL[target]] = tuple(part for part in value.split("|") if part)
        else:
            found[target] = value
    if kind == "organizations":
        found["kind"] = "company"
    elif kind in ("febrl", "historical", "fake"):
        found["kind"] = "person"
    elif kind == "senzing":
        found["kind"] = {"PERSON": "person", "ORGANIZATION": "company"}.get(row["record_type"], "")
    return Raw(**found)  # type: ignore[arg-type]
