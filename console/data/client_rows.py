"""The rows of lists of clients, as records."""

from typing import Any

from sqlalchemy import ColumnElement, Row, Select, false, func, select

from console.data.models.clients import client, favourite
from console.data.models.organizations import organization
from console.data.records import Anchor, ClientRow

STATE = ("archived_at", "deleted_at", "absorbed_into")


def state(row: Row[Any]) -> str:
    """Whether a client is live, archived, deleted or absorbed, of a row with the columns of ``STATE``."""
    if row.absorbed_into is not None:
        return "absorbed"
    if row.deleted_at is not None:
        return "deleted"
    return "archived" if row.archived_at is not None else "live"


def rows(sorted_by: ColumnElement[Any], reader: int | None) -> Select[Any]:
    """The query of a list's rows; ``reader`` is whose favourites are marked."""
    mine = (
        select(favourite.c.id)
        .where(favourite.c.client_id == client.c.id, favourite.c.staff_id == reader)
        .exists()
    )
    name = select(organization.c.name).where(organization.c.id == client.c.organization_id).scalar_subquery()
    return select(
        client.c.id,
        client.c.name,
        client.c.kind,
        client.c.email,
        client.c.mobile,
        client.c.mail_domain,
        client.c.contact_count,
        client.c.open_incidents,
        client.c.status,
        client.c.incident_approval,
        client.c.archived_at,
        client.c.deleted_at,
        client.c.absorbed_into,
        client.c.organization_id,
        func.coalesce(name, "").label("organization"),
        (mine if reader is not None else false()).label("favourite"),
        sorted_by.label("sorted_by"),
    )


def row(row: Row[Any]) -> ClientRow:
    """The record of such a row."""
    return ClientRow(
        row.id,
        bool(row.favourite),
        row.name,
        row.kind,
        row.email,
        row.mobile,
        row.mail_domain,
        row.organization,
        row.contact_count,
        row.open_incidents,
        row.status,
        state(row),
        row.incident_approval,
        Anchor(row.sorted_by, row.id),
        row.organization_id,
    )
