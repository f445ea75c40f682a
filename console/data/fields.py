"""The fields of clients and organizations: columns that are kept, given back and compared together."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Table

from console.data.models.clients import client
from console.data.models.organizations import organization

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


def field_of(table: Table, column: str) -> str:
    """The field a column is part of, which is kept or given back as a whole; other columns stand for themselves."""
    return next((one.name for one in FIELDS.get(table, ()) if column in one.columns), column)
