"""What must still hold when a change is finished, whoever made it and by which way; an undo is a change, too."""

from collections.abc import Awaitable, Callable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.dialect import Dialect
from console.data.errors import Refused
from console.data.models.staff import staff

Guard = Callable[[AsyncConnection, Dialect], Awaitable[None]]


async def an_admin_remains(connection: AsyncConnection, dialect: Dialect) -> None:
    """A desk without an active admin could never get one again.

    Two admins may demote each other at the same moment, each in sight of the other: the second waits here for the
    first, and then sees what the first has left.
    """
    await dialect.alone(connection, "staff")
    admins = select(staff.c.id).where(staff.c.role == "admin", staff.c.active).limit(1)
    if (await connection.execute(admins)).first() is None:
        raise Refused("That would leave the desk without an admin. Make somebody else an admin first.")


# By table: run once at the end of a change that wrote rows of it.
GUARDS: dict[str, Guard] = {"staff": an_admin_remains}
