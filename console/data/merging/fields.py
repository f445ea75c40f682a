"""The fields of records that become one: whose value each keeps, as chosen, or the survivor's where they have one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Table

from console.data.errors import Invalid
from console.data.models.clients import client
from console.data.models.organizations import organization
from console.data.records.merging import Choices
from console.data.statuses import LIFTABLE

STATUS = ("status", "status_reason", "status_by", "status_at", "status_until", "status_before")


@dataclass(frozen=True, slots=True)
class Field:
    """A field and its columns, which go together; the first says whether there is a value at all."""

    name: str
    columns: tuple[str, ...]
    usual: tuple[object, ...] = ()

    def given(self, row: Row[Any]) -> bool:
        """Whether the record has a value of its own."""
        nothing = (None, "", *self.usual)
        return any(getattr(row, column) not in nothing for column in self.columns)


OF_CLIENT = (
    Field("name", ("name",)),
    Field("kind", ("kind",)),
    Field("username", ("username",)),
    Field("external_id", ("external_id",)),
    Field("status", STATUS),
    Field("organization", ("organization_id", "organization_by"), ("none",)),
    Field("address", ("street", "city", "postcode", "country")),
    Field("language", ("language",)),
    Field("time_zone", ("time_zone",)),
    Field("birth_date", ("birth_date",)),
    Field("portal", ("portal", "portal_scope", "portal_from")),
    Field("incident_approval", ("incident_approval",)),
)
OF_ORGANIZATION = (
    Field("name", ("name",)),
    Field("external_id", ("external_id",)),
    Field("phone", ("phone",)),
    Field("website", ("website",)),
    Field("address", ("street", "city", "postcode", "country")),
    Field("remarks", ("remarks",)),
)
FIELDS: dict[Table, tuple[Field, ...]] = {client: OF_CLIENT, organization: OF_ORGANIZATION}
DECIDED = ("kind", "status", "portal", "incident_approval")
"""What staff have decided about the survivor, which no other record's value fills in unasked."""
FIRST = ("email", "mobile")
"""Lists of a client of which every value stays, and staff may choose whose comes first."""


def winners(table: Table, rows: Mapping[int, Row[Any]], choices: Choices) -> dict[str, int]:
    """By field, the id of the record whose value is kept; Invalid where a choice names no field or none of them."""
    fields = FIELDS[table]
    names = {one.name for one in fields} | (set(FIRST) if table is client else set())
    for name, chosen in choices.keep.items():
        if name not in names:
            raise Invalid("keep", f"{name!r} is no field of theirs. Use one of {', '.join(sorted(names))}.")
        if chosen not in choices.ids:
            raise Invalid("keep", f"{name} cannot be kept from {chosen}, who is not among those merged.")
    return {one.name: choices.keep.get(one.name, _usual(one, rows, choices.ids)) for one in fields}


def _usual(one: Field, rows: Mapping[int, Row[Any]], ids: Sequence[int]) -> int:
    if one.name in DECIDED:
        return ids[0]
    return next((each for each in ids if one.given(rows[each])), ids[0])


def field_of(table: Table, column: str) -> str:
    """The field a column is part of, which is kept or given back as a whole; other columns stand for themselves."""
    return next((one.name for one in FIELDS.get(table, ()) if column in one.columns), column)


def undecided(rows: Mapping[int, Row[Any]], choices: Choices) -> bool:
    """Whether the statuses contradict each other (banned and approved) and nobody has said which one holds."""
    held = {rows[one].status for one in choices.ids}
    contradicts = len(held) > 1 and bool(held & {*LIFTABLE, "disapproved"})
    return contradicts and "status" not in choices.keep


def values(table: Table, rows: Mapping[int, Row[Any]], kept: Mapping[str, int]) -> dict[str, Any]:
    """The survivor's columns after the merge."""
    return {column: getattr(rows[kept[one.name]], column) for one in FIELDS[table] for column in one.columns}
