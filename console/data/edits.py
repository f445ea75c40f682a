"""Editing a record that colleagues may edit, too: only what somebody changed is written, and never over a colleague's.

Values are as forms have them: texts, or tuples of texts where a field holds several.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from console.data.errors import DeskError

Value = str | tuple[str, ...]
Values = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A field that two people changed: what it was when the editing began, what it is now, what is to be written."""

    field: str
    old: str
    theirs: str
    yours: str


class EditConflict(DeskError):
    """A colleague changed the same fields meanwhile; nothing was written. ``fields`` names each."""

    def __init__(self, fields: tuple[FieldConflict, ...]) -> None:
        names = ", ".join(one.field.replace("_", " ") for one in fields)
        super().__init__(f"A colleague changed {names} meanwhile. Nothing was written; choose which to keep.")
        self.fields = fields


def shown(value: Value) -> str:
    """A value on one line: several with commas between them."""
    return value if isinstance(value, str) else ", ".join(value)


def wanted(given: Values, base: Values | None, now: Values) -> dict[str, Value]:
    """What is to be written of ``given``: the fields that differ from ``base``, what was seen when the editing began.

    Without a base everything given is meant. Raises EditConflict where ``now`` has something else than the base in a
    field that is to be changed.
    """
    meant = {field: value for field, value in given.items() if base is None or value != base.get(field)}
    changed = {field: value for field, value in meant.items() if value != now[field]}
    if base is not None:
        conflicts = tuple(
            FieldConflict(field, shown(base.get(field, "")), shown(now[field]), shown(value))
            for field, value in changed.items()
            if now[field] != base.get(field)
        )
        if conflicts:
            raise EditConflict(conflicts)
    return changed
