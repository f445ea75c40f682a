"""What a change must know of the search for duplicates before it knows whether it has anything to do with it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.models.clients import client
from console.data.models.duplicates import duplicate_form, duplicate_pair

WATCHED = frozenset(
    {"kind", "name", "organization_id", "street", "city", "postcode", "country", "birth_date", "external_id"}
    | {"deleted_at", "archived_at", "absorbed_into"}
)
"""Columns of a client that their form is made from."""


def listed() -> ColumnElement[bool]:
    """Clients who are looked for: in the lists, not deleted, archived or merged into another."""
    return and_(
        client.c.deleted_at.is_(None), client.c.archived_at.is_(None), client.c.absorbed_into.is_(None)
    )


async def neighbours_unscored(
    connection: AsyncConnection, ids: ColumnElement[bool], given: Mapping[str, Any] | None = None
) -> None:
    """The pairs of these clients are about to go: who else they name is scored anew.

    ``ids`` is a condition on ``client`` with the parameters ``given``.
    """
    gone = select(client.c.id).where(ids)
    pair = duplicate_pair.c
    others = select(pair.first_id).where(pair.second_id.in_(gone))
    more = select(pair.second_id).where(pair.first_id.in_(gone))
    mine = or_(duplicate_form.c.client_id.in_(others), duplicate_form.c.client_id.in_(more))
    await connection.execute(update(duplicate_form).where(mine).values(unscored=True), given or {})
