"""What admins do to the desk itself: its departments and its settings."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from console.commands.acting import entry_of
from console.commands.forms import Field, Form, Opened, base_of
from console.commands.model import SHOWN, Ask, Command, Inputs
from console.data import departments_admin, settings
from console.data.departments_admin import COUNTED, DEPARTMENT_RULES, NO_HOURS, OPEN_SHOWN, DepartmentDraft
from console.data.desk import Desk
from console.data.edits import Value, shown
from console.data.errors import Refused
from console.data.models.words import BILLING
from console.data.plain import YES_NO
from console.data.records import Actor, Department, Done, Impact
from console.text import plural
from console.wording import past

_DEPARTMENTS = frozenset({"departments"})
_FIELDS = (
    Field("name", "name", required=True),
    Field("email", "email", hint="mail to this address comes here"),
    Field(
        "open_to_all",
        "open to all",
        choices=YES_NO,
        default="yes",
        hint="no: only clients and organizations who are given access",
    ),
    Field(
        "billing", "billing", choices=BILLING, default="none", hint="what an incident takes from the credit"
    ),
    Field(
        "credit_required", "credit required", choices=YES_NO, default="no", hint="yes: none is opened without"
    ),
    Field("schedule", "business hours", hint=f"by name; {NO_HOURS}: its clocks never stop", default=NO_HOURS),
)


async def _open_new(connection: AsyncConnection, actor: Actor, ids: Sequence[int]) -> Opened:
    return Opened(choices=await _choices(connection))


async def _open_edit(connection: AsyncConnection, actor: Actor, ids: Sequence[int]) -> Opened:
    return Opened(await departments_admin.values(connection, ids[0]), await _choices(connection))


async def _choices(connection: AsyncConnection) -> Mapping[str, tuple[str, ...]]:
    return {"schedule": (NO_HOURS, *await departments_admin.schedules(connection))}


NEW_DEPARTMENT = Form(_FIELDS, DEPARTMENT_RULES, open=_open_new)
EDIT_DEPARTMENT = Form(_FIELDS, DEPARTMENT_RULES, open=_open_edit, edits=True)


def one_of(ids: Sequence[int], what: str) -> int:
    """The only id; Refused if there are several."""
    if len(ids) != 1:
        raise Refused(f"{what} one by one. Name one of them.")
    return ids[0]


def told(changed: Mapping[str, Value]) -> str:
    """What was changed, with what it is now."""
    return ", ".join(
        f"{field.replace('_', ' ')} {shown(value) or 'empty'}" for field, value in changed.items()
    )


async def _add_department(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    given = {name: value for name, value in NEW_DEPARTMENT.parse(inputs).items() if value}
    draft = DepartmentDraft.model_validate({"name": "", **given})
    async with desk.change(actor, "department.add") as change:
        department_id = await departments_admin.add(change, draft)
    sentence = past("department.add", draft.name)
    if not draft.open_to_all:
        sentence += "; it is closed: give clients or organizations access to it"
    return Done(sentence, entry_of(change), 1, department_id)


async def _edit_department(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    department_id = one_of(ids, "Departments are edited")
    async with desk.change(actor, "department.edit", about=("department", department_id)) as change:
        given = EDIT_DEPARTMENT.parse(inputs)
        changed = await departments_admin.edit(change, department_id, given, base_of(inputs))
        change.entry.detail = told(changed)
        now = await departments_admin.load(change.connection, department_id)
        swayed = await departments_admin.swayed(change.connection, department_id)
    if not changed:
        return Done(f"It is so already for {now.name}. Nothing was changed.")
    sentence = f"{past('department.edit', now.name)}: {told(changed)}"
    if "open_to_all" in changed:
        verb = ("gains" if swayed == 1 else "gain") if now.open_to_all else "loses" if swayed == 1 else "lose"
        sentence += f"; {_clients(swayed)} {verb} access"
    return Done(sentence, entry_of(change), 1)


def _clients(count: int) -> str:
    """How many clients, where no more than ``COUNTED`` were counted."""
    return f"more than {COUNTED:,} clients" if count > COUNTED else plural(count, "client", "clients")


def _incidents(found: Department) -> str:
    """Its open incidents, in words."""
    if found.open_incidents >= OPEN_SHOWN:
        return f"{OPEN_SHOWN} open incidents or more"
    return plural(found.open_incidents, "open incident", "open incidents")


async def _weigh_deactivation(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Impact | None:
    """The card of closing a department that has something to lose; None for one that nobody uses."""
    async with desk.read() as connection:
        found = await departments_admin.load(connection, ids[0])
        swayed = await departments_admin.swayed(connection, ids[0]) if found.open_to_all else 0
    if not (found.open_incidents or swayed or found.staff):
        return None
    counted = (("open incidents", found.open_incidents), ("staff who serve it", found.staff))
    sight = [f"Nobody can submit to it any more: {_clients(swayed)} may now." if swayed else ""]
    sight.append(
        "Its open incidents stay where they are and can be worked on." if found.open_incidents else ""
    )
    return Impact(
        title=f"Deactivate {found.name}",
        count=1,
        touched=tuple((what, number) for what, number in counted if number),
        names=(found.name,),
        sight=tuple(sentence for sentence in sight if sentence),
    )


async def _deactivate(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    department_id = one_of(ids, "Departments are deactivated")
    async with desk.change(actor, "department.deactivate", about=("department", department_id)) as change:
        found = await departments_admin.load(change.connection, department_id)
        await departments_admin.deactivate(change, department_id)
    if not change.written:
        return Done(f"{found.name} is not active already. Nothing was changed.")
    sentence = f"{past('department.deactivate', found.name)}: nobody can submit to it any more"
    if found.open_incidents:
        sentence += f"; its {_incidents(found)} can still be worked on"
    return Done(sentence, entry_of(change), 1)


async def _activate(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    department_id = one_of(ids, "Departments are activated")
    async with desk.change(actor, "department.activate", about=("department", department_id)) as change:
        found = await departments_admin.load(change.connection, department_id)
        await departments_admin.activate(change, department_id)
    if not change.written:
        return Done(f"{found.name} is active already. Nothing was changed.")
    return Done(past("department.activate", found.name), entry_of(change), 1)


def _active(found: Department) -> str | None:
    return None if found.active else f"{found.name} is not active already."


def _inactive(found: Department) -> str | None:
    return f"{found.name} is active already." if found.active else None


def _any(found: Department) -> str | None:
    return None


async def _put(desk: Desk, actor: Actor, ids: Sequence[int], inputs: Inputs) -> Done:
    """Set the setting ``name`` to ``value``."""
    name, value = inputs.get("name", ""), inputs.get("value", "").strip()
    async with desk.change(actor, "setting.put") as change:
        changed = await settings.put(change, name, value)
        now = settings.described(await settings.load(change.connection), name)
        change.entry.detail = f"{name}: {now.value}"
    shown_value = now.value or "empty"
    if not changed:
        return Done(f"{name} was {shown_value} already. Nothing was changed.")
    return Done(f"{name} is {shown_value} now", entry_of(change), 1)


ON_THE_HOUSE: tuple[Command, ...] = (
    Command(
        "department.add",
        "n",
        "New department",
        "Add a department: what is submitted has somewhere to go.",
        _DEPARTMENTS,
        footer=SHOWN,
        form=NEW_DEPARTMENT,
        run=_add_department,
        changes=True,
        admins=True,
    ),
    Command(
        "department.edit",
        "e",
        "Edit department",
        "Name, address, who may submit, billing, business hours; enter does the same.",
        _DEPARTMENTS,
        footer=SHOWN,
        form=EDIT_DEPARTMENT,
        run=_edit_department,
        disabled=_any,
        changes=True,
        admins=True,
    ),
    Command(
        "department.deactivate",
        "z",
        "Deactivate department",
        "Nobody can submit to it any more; its incidents stay and can be worked on.",
        _DEPARTMENTS,
        footer=SHOWN,
        run=_deactivate,
        disabled=_active,
        changes=True,
        admins=True,
        impact=_weigh_deactivation,
    ),
    Command(
        "department.activate",
        "Z",
        "Activate department",
        "Let clients submit to it again.",
        _DEPARTMENTS,
        run=_activate,
        disabled=_inactive,
        changes=True,
        admins=True,
    ),
    Command(
        "setting.put",
        "enter",
        "change",
        "Change the setting under the cursor: yes and no turn at once, others are asked for.",
        frozenset({"settings"}),
        footer=SHOWN,
        asks=(Ask("value", "Value"),),
        run=_put,
        changes=True,
        admins=True,
    ),
)
