"""Whether clients may still be worked on: who is deleted or merged is left as they are."""

from sqlalchemy import ColumnElement, select

from console.data.change import Change
from console.data.errors import Refused
from console.data.models.clients import client


async def hold(change: Change, whose: ColumnElement[bool]) -> None:
    """Lock the clients of a condition, whose things are about to change: what is read afterwards holds.

    Refused where one is deleted or was merged into another.
    """
    await change.dialect.lock(change.connection, client, whose)
    columns = select(client.c.name, client.c.deleted_at, client.c.absorbed_into)
    for row in await change.connection.execute(columns.where(whose)):
        name = row.name or "This client"
        if row.absorbed_into is not None:
            raise Refused(f"{name} was merged into another client. Open that one.")
        if row.deleted_at is not None:
            raise Refused(f"{name} is deleted. Restore them first.")
