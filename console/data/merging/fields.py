"""The fields of records that become one: whose value each keeps, as chosen, or the survivor's where they have one."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Table

from console.data.errors import Invalid
from console.data.fields import FIELDS, Field
from console.data.models.clients import client
from console.data.records.merging import Choices
from console.data.statuses import LIFTABLE

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


def undecided(rows: Mapping[int, Row[Any]], choices: Choices) -> bool:
    """Whether the statuses contradict each other (banned and approved) and nobody has said which one holds."""
    held = {rows[one].status for one in choices.ids}
    contradicts = len(held) > 1 and bool(held & {*LIFTABLE, "disapproved"})
    return contradicts and "status" not in choices.keep


def values(table: Table, rows: Mapping[int, Row[Any]], kept: Mapping[str, int]) -> dict[str, Any]:
    """The survivor's columns after the merge."""
    return {column: getattr(rows[kept[one.name]], column) for one in FIELDS[table] for column in one.columns}
