"""What admins do to staff."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from console.commands.acting import entry_of
from console.commands.forms import Field, Form, Opened, base_of
from console.commands.house import one_of, told
from console.commands.model import SHOWN, Command, Inputs
from console.data import staffing
from console.data.desk import Desk
from console.data.models.words import ROLES
from console.data.records import Actor, Done, StaffMember
from console.data.staffing import COUNTED, STAFF_RULES, StaffDraft
from console.text import plural
from console.wording import past

_STAFF = frozenset({"staff"})
_FIELDS = (
    Field("name", "name", required=True),
    Field(
        "role",
        "role",
        choices=ROLES,
        default="agent",
        hint="viewers change nothing; admins manage staff, departments and settings, too",
    ),
    Field("email", "email"),
    Field("time_zone", "time zone", hint="such as Europe/Warsaw"),
    Field(
        "departments",
        "departments",
        several=True,
        hint="those they serve, with commas between them",
        option="department",
    ),
)
NEW_STAFF = Form(
    (Field("login", "login", required=True, hint="their name on this machine, one word"), *_FIELDS),
    STAFF_RULES,
)


async def _open(connection: AsyncConnection, actor: Actor, ids: Sequence[int]) -> Opened:
    return Opened(await staffing.values(connection, ids[0]))


EDIT_STAFF = Form(_FIELDS, STAFF_RULES, open=_open, edits=True)


async def _add(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    given = {name: value for name, value in NEW_STAFF.parse(inputs).items() if value}
    draft = StaffDraft.model_validate({"login": "", "name": given.get("login", ""), **given})
    async with desk.change(actor, "staff.add") as change:
        staff_id = await staffing.add(change, draft)
    return Done(f"{past('staff.add', draft.name)} as {draft.role}", entry_of(change), 1, staff_id)


async def _edit(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    staff_id = one_of(ids, "Staff are edited")
    async with desk.change(actor, "staff.edit", about=("staff", staff_id)) as change:
        changed = await staffing.edit(change, staff_id, EDIT_STAFF.parse(inputs), base_of(inputs))
        change.entry.detail = told(changed)
        now = await staffing.load(change.connection, staff_id)
    if not change.written:
        return Done(f"It is so already for {now.name}. Nothing was changed.")
    return Done(f"{past('staff.edit', now.name)}: {told(changed)}", entry_of(change), 1)


async def _deactivate(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    staff_id = one_of(ids, "Staff are deactivated")
    async with desk.change(actor, "staff.deactivate", about=("staff", staff_id)) as change:
        found = await staffing.load(change.connection, staff_id)
        theirs = await staffing.owned(change.connection, staff_id)
        await staffing.deactivate(change, staff_id)
    if not change.written:
        return Done(f"{found.name} is not active already. Nothing was changed.")
    sentence = f"{past('staff.deactivate', found.name)}: {found.login} can no longer log in"
    if theirs:
        more = " or more" if theirs >= COUNTED else ""
        sentence += f"; {plural(theirs, 'open incident stays', 'open incidents stay')} theirs{more}"
    return Done(sentence, entry_of(change), 1)


async def _activate(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    staff_id = one_of(ids, "Staff are activated")
    async with desk.change(actor, "staff.activate", about=("staff", staff_id)) as change:
        found = await staffing.load(change.connection, staff_id)
        await staffing.activate(change, staff_id)
    if not change.written:
        return Done(f"{found.name} is active already. Nothing was changed.")
    return Done(f"{past('staff.activate', found.name)} as {found.role}", entry_of(change), 1)


def _active(found: StaffMember) -> str | None:
    return None if found.active else f"{found.name} is not active already."


def _inactive(found: StaffMember) -> str | None:
    return f"{found.name} is active already." if found.active else None


def _any(found: StaffMember) -> str | None:
    return None


ON_STAFF: tuple[Command, ...] = (
    Command(
        "staff.add",
        "n",
        "New member of staff",
        "Add somebody by the login they have on this machine.",
        _STAFF,
        footer=SHOWN,
        form=NEW_STAFF,
        run=_add,
        changes=True,
        admins=True,
    ),
    Command(
        "staff.edit",
        "e",
        "Edit staff",
        "Name, role, address, time zone, the departments they serve; enter does the same.",
        _STAFF,
        footer=SHOWN,
        form=EDIT_STAFF,
        run=_edit,
        disabled=_any,
        changes=True,
        admins=True,
    ),
    Command(
        "staff.deactivate",
        "z",
        "Deactivate staff",
        "They can no longer log in; what they did, and what is theirs, stays.",
        _STAFF,
        footer=SHOWN,
        run=_deactivate,
        disabled=_active,
        changes=True,
        admins=True,
    ),
    Command(
        "staff.activate",
        "Z",
        "Activate staff",
        "Let them log in again, with the role they had.",
        _STAFF,
        run=_activate,
        disabled=_inactive,
        changes=True,
        admins=True,
    ),
)
