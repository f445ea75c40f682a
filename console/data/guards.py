"""What must still hold when a change is finished, whoever made it and by which way; an undo is a change, too."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.dialect import Dialect
from console.data.errors import Refused
from console.data.models.staff import staff
from console.data.records import Actor

# Actions that need an admin, by how their ids begin; taking them back needs one as well.
ADMINS_ONLY = ("staff.", "department.", "setting.")

# Before these the actor's role is read anew; of all others it is confirmed when the entry is written.
ASK_FIRST = (*ADMINS_ONLY, "client.purge", "journal.")

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


async def as_now(connection: AsyncConnection, actor: Actor) -> Actor:
    """The actor with the role they have now; Refused where they may not act any more."""
    if actor.staff_id is None:
        return actor
    return replace(actor, role=await role_now(connection, actor, themselves=True))


async def role_now(connection: AsyncConnection, actor: Actor, *, themselves: bool) -> str:
    """The role of an actor whose role is not what their console knows: an admin has changed it meanwhile.

    Refused where they may no longer act, or have lost rights by which the change was allowed. ``themselves``: the
    change wrote staff, perhaps their own row; whether they might was settled before.
    """
    query = select(staff.c.active, staff.c.role).where(staff.c.id == actor.staff_id)
    found = (await connection.execute(query)).first()
    if found is None or not found.active:
        raise Refused(f"The login {actor.login} is no longer active, so nothing was changed. Ask an admin.")
    if found.role == "viewer":
        raise Refused("You are a viewer now, and viewers change nothing. Ask an admin.")
    if found.role != "admin" and not themselves:
        raise Refused("Your role was changed a moment ago, so nothing was written. Try again.")
    return str(found.role)


# By table: run once at the end of a change that wrote rows of it.
GUARDS: dict[str, Guard] = {"staff": an_admin_remains}
