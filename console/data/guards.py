"""What must still hold when a change is finished, whoever made it and by which way; an undo is a change, too."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data.dialect import Dialect
from console.data.errors import Refused
from console.data.models.base import BIGINT
from console.data.models.clients import client, identity
from console.data.models.contacts import contact
from console.data.models.departments import department
from console.data.models.journal import journal_item
from console.data.models.organizations import organization
from console.data.models.staff import staff
from console.data.records import Actor

# Actions that need an admin, by how their ids begin; taking them back needs one as well.
ADMINS_ONLY = ("staff.", "department.", "setting.")

# Before these the actor's role is read anew; of all others it is confirmed when the entry is written.
ASK_FIRST = (*ADMINS_ONLY, "client.purge", "journal.")


@dataclass(frozen=True, slots=True)
class Written:
    """A change that is complete but for its entry: ``steps`` are its first and last item step, by table."""

    connection: AsyncConnection
    dialect: Dialect
    entry_id: int
    steps: Mapping[str, tuple[int, int]]

    async def first(self, query: Select[Any], table: Table) -> Any:
        """The row, if any, of a query about the rows of this table that were written (see ``_written``)."""
        first, last = self.steps[table.name]
        given = {"the_entry": self.entry_id, "the_first": first, "the_last": last}
        return (await self.connection.execute(query, given)).first()


def _written(table: Table) -> ColumnElement[bool]:
    """The condition that a row of the table is one that was written."""
    item = journal_item.c
    entry, first, last = (bindparam(name, type_=BIGINT) for name in ("the_entry", "the_first", "the_last"))
    mine = and_(item.entry_id == entry, item.step.between(first, last), item.table_name == table.name)
    return table.c.id.in_(select(item.row_id).where(mine))


@dataclass(frozen=True, slots=True)
class Guard:
    """Refuses a change after which something would not hold; ``columns`` it is about, None: all of the table."""

    check: Callable[[Written], Awaitable[None]]
    columns: frozenset[str] | None = None

    def concerns(self, columns: Collection[str] | None) -> bool:
        """Whether it must run after these columns were written; None: whole rows came, or went."""
        return columns is None or self.columns is None or not self.columns.isdisjoint(columns)


async def an_admin_remains(written: Written) -> None:
    """A desk without an active admin could never get one again.

    Two admins may demote each other at the same moment, each in sight of the other: the second waits here for the
    first, and then sees what the first has left.
    """
    await written.dialect.alone(written.connection, "staff")
    admins = select(staff.c.id).where(staff.c.role == "admin", staff.c.active).limit(1)
    if (await written.connection.execute(admins)).first() is None:
        raise Refused("That would leave the desk without an admin. Make somebody else an admin first.")


async def a_department_remains(written: Written) -> None:
    """Where no department is active nobody could submit anything; a desk that has none at all is given one.

    Two who take one away each take turns, as above.
    """
    await written.dialect.alone(written.connection, "department")
    first = select(department.c.active).order_by(department.c.active.desc()).limit(1)
    if (await written.connection.execute(first)).scalar() is False:
        raise Refused("This is the last active department: nobody could submit anything. Add another first.")


_GONE = or_(client.c.deleted_at.is_not(None), client.c.absorbed_into.is_not(None))
_CLOSED = or_(organization.c.deleted_at.is_not(None), organization.c.absorbed_into.is_not(None))


async def addresses_are_of_the_living(written: Written) -> None:
    """A live identity of who is deleted, merged or taken away would keep it from everybody else."""
    if (found := await _kept_by_the_gone(written, identity)) is None:
        return
    raw, name, person, gone = found
    if person is not None and not gone:
        raise Refused(
            f"{person} is no contact of {name} any more, so {raw} cannot be theirs. Bring them back first."
        )
    raise Refused(f"{name} is deleted or was merged, so {raw} cannot be theirs. Restore them first.")


async def who_goes_leaves_no_address(written: Written) -> None:
    """The same where it is the client that goes: an undo gives back only what it wrote itself."""
    if (found := await _kept_by_the_gone(written, client)) is not None:
        raise Refused(
            f"{found[1]} has got {found[0]} since, so this cannot be done. Delete them anew instead."
        )


async def who_is_taken_away_leaves_no_address(written: Written) -> None:
    """The same where it is a contact."""
    if (found := await _kept_by_the_gone(written, contact)) is not None:
        raise Refused(
            f"{found[2]} has got {found[0]} since, so this cannot be done. Take them away anew instead."
        )


async def _kept_by_the_gone(written: Written, table: Table) -> tuple[str, str, str | None, bool] | None:
    """A live identity nobody may have, by the rows written: it, the client, their contact, if the client is gone."""
    row = await written.first(_held_by_the_gone(table), table)
    return None if row is None else (row[0], row[1] or "This client", row[2], bool(row[3]))


@cache
def _held_by_the_gone(table: Table) -> Select[Any]:
    held = identity.join(client, client.c.id == identity.c.client_id)
    held = held.join(contact, contact.c.id == identity.c.contact_id, isouter=table is not contact)
    return (
        select(identity.c.raw, client.c.name, contact.c.name, _GONE)
        .select_from(held)
        .where(_written(table), identity.c.live, or_(_GONE, contact.c.deleted_at.is_not(None)))
        .limit(1)
    )


async def members_have_an_organization(written: Written) -> None:
    """Whoever deletes an organization sees its members first, or its members see that it is deleted.

    Both write its row, for it counts its members, and so the second of two at the same moment comes here later.
    """
    if (found := await _member_of_none(written, client)) is not None:
        raise Refused(f"{found[0]} cannot be in {found[1]}: it is deleted. Restore it first (X on its list).")


async def no_member_is_left_behind(written: Written) -> None:
    """The same where it is the organization that goes."""
    if (found := await _member_of_none(written, organization)) is not None:
        raise Refused(f"{found[1]} has members by now, so it cannot be deleted. Move them first.")


async def _member_of_none(written: Written, table: Table) -> tuple[str, str] | None:
    """A member, by the rows written, of an organization that is deleted or merged, and its name."""
    row = await written.first(_in_a_closed_one(table), table)
    return None if row is None else (row[0] or "This client", row[1])


@cache
def _in_a_closed_one(table: Table) -> Select[Any]:
    return (
        select(client.c.name, organization.c.name)
        .select_from(client.join(organization, organization.c.id == client.c.organization_id))
        .where(_written(table), ~_GONE, _CLOSED)
        .limit(1)
    )


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


_STATE = frozenset({"deleted_at", "absorbed_into"})
GUARDS: dict[str, tuple[Guard, ...]] = {
    "staff": (Guard(an_admin_remains),),
    "department": (Guard(a_department_remains, frozenset({"active"})),),
    "identity": (Guard(addresses_are_of_the_living, frozenset({"live", "client_id", "contact_id"})),),
    "client": (
        Guard(who_goes_leaves_no_address, _STATE),
        Guard(members_have_an_organization, _STATE | {"organization_id"}),
    ),
    "contact": (Guard(who_is_taken_away_leaves_no_address, frozenset({"deleted_at"})),),
    "organization": (Guard(no_member_is_left_behind, _STATE),),
}
"""By table: what is asked, once, at the end of a change that wrote it."""


@dataclass(slots=True)
class Watch:
    """What a change has written so far, by table its first and last step, and the guards that must be asked for it."""

    tables: dict[str, tuple[int, int]] = field(default_factory=dict)
    asked: dict[Guard, None] = field(default_factory=dict)

    def note(self, table: str, columns: Collection[str] | None, step: int) -> None:
        """Columns of rows of a table are about to be written as this step; None: whole rows come, or go."""
        self.tables[table] = (self.tables.get(table, (step, step))[0], step)
        self.asked |= {guard: None for guard in GUARDS.get(table, ()) if guard.concerns(columns)}

    async def check(self, connection: AsyncConnection, dialect: Dialect, entry_id: int) -> None:
        """Refused where something would not hold; always in the same order, for some wait for others."""
        written = Written(connection, dialect, entry_id, self.tables)
        for guard in [one for guards in GUARDS.values() for one in guards if one in self.asked]:
            await guard.check(written)
