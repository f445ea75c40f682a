"""Departments as admins manage them, what that means for clients, and the department a new desk begins with."""

import asyncio

import pytest

from console.commands import by_id
from console.data import clients, departments, departments_admin, history, settings, staff
from console.data.desk import Desk
from console.data.drafts import ClientDraft
from console.data.edits import EditConflict
from console.data.errors import Invalid, NotFound, Refused
from console.data.models.clients import client, department_access
from console.data.models.departments import schedule
from console.data.models.organizations import organization_access
from console.data.records import Actor, Department, Impact, Sort
from console.data.undo import undo, undo_last
from tests.data.rows import add_client, add_incident


async def act(desk: Desk, who: Actor, command: str, *ids: int, **inputs: str) -> str:
    run = by_id(command).run
    assert run is not None
    return (await run(desk, who, ids, inputs)).sentence


async def made(desk: Desk, who: Actor, name: str, **inputs: str) -> int:
    await act(desk, who, "department.add", name=name, **inputs)
    async with desk.read() as connection:
        return await departments_admin.find(connection, name)


async def one(desk: Desk, department_id: int) -> Department:
    async with desk.read() as connection:
        return await departments_admin.load(connection, department_id)


async def card(desk: Desk, who: Actor, department_id: int) -> Impact | None:
    weigh = by_id("department.deactivate").impact
    assert weigh is not None
    return await weigh(desk, who, [department_id], {})


async def test_a_new_desk_can_be_used_at_once(desk: Desk) -> None:
    ann = await staff.actor(desk, "ann")
    async with desk.read() as connection:
        assert await departments.names(connection) == ("Support",)
    with pytest.raises(Refused, match="nothing that could be undone"):
        await undo_last(desk, ann)  # the desk made it, not Ann
    await staff.actor(desk, "ann")
    async with desk.read() as connection:
        assert await departments.names(connection) == ("Support",)


async def test_a_department_is_added_changed_and_both_are_undone(desk: Desk, admin: Actor) -> None:
    async with desk.change(admin, "test.make") as change:
        await change.insert(schedule, name="Office hours", time_zone="Europe/Warsaw")
    assert (
        await act(desk, admin, "department.add", name="Sales", email="sales@desk.pl")
        == "Added the department Sales"
    )
    async with desk.read() as connection:
        sales = await departments_admin.find(connection, "SALES")
    said = await act(
        desk, admin, "department.edit", sales, name="Sales team", billing="time", credit_required="yes",
        schedule="Office hours",
    )  # fmt: skip
    assert (
        said
        == "Changed Sales team: name Sales team, billing time, credit required yes, schedule Office hours"
    )
    now = await one(desk, sales)
    assert (now.name, now.billing, now.credit_required, now.schedule) == (
        "Sales team",
        "time",
        True,
        "Office hours",
    )
    await act(desk, admin, "department.edit", sales, schedule="none")
    assert (await one(desk, sales)).schedule == ""
    for _ in range(2):
        await undo_last(desk, admin)
    now = await one(desk, sales)
    assert (now.name, now.billing, now.credit_required, now.schedule) == ("Sales", "none", False, "")
    assert "so already" in await act(desk, admin, "department.edit", sales, name="Sales")
    await undo_last(desk, admin)
    with pytest.raises(NotFound):
        await one(desk, sales)


@pytest.mark.parametrize(
    ("inputs", "sentence"),
    [
        ({"name": ""}, "The name is missing"),
        ({"name": "Support"}, "There is a department Support already"),
        ({"name": " SUPPORT "}, "There is a department Support already"),
        ({"name": "Süpport"}, "There is a department Support already"),
        ({"name": "Sales\x1b[2J"}, "nobody can see"),
        ({"name": "Sales\nand more"}, "a line break"),
        ({"name": "Sa\u200bles"}, "nobody can see"),
        ({"name": "\u202eselaS"}, "nobody can see"),
        ({"name": "\U0001f4a5"}, "no letter or digit"),
        ({"name": "\u0301\u0302"}, "no letter or digit"),
        ({"name": "S" * 61}, "Shorten it to 60"),
        ({"name": "Sa\x00les"}, "NUL"),
        ({"name": "Sales", "email": "sales"}, "is not an e-mail address"),
        ({"name": "Sales", "email": "HELP@desk.pl"}, "Support has the address HELP@desk.pl already"),
        (
            {"name": "Sales", "billing": "weekly"},
            "'weekly' is not a billing. Use one of none, incident, time.",
        ),
        ({"name": "Sales", "open_to_all": "perhaps"}, "neither yes nor no"),
        ({"name": "Sales", "credit_required": "yes"}, "only be required where billing is"),
        (
            {"name": "Sales", "schedule": "Nights"},
            "There are no business hours 'Nights'. There are: none yet.",
        ),
    ],
)
async def test_what_cannot_be_is_refused_in_one_sentence(
    unchanged_desk: Desk, unchanged_admin: Actor, inputs: dict[str, str], sentence: str
) -> None:
    await made(unchanged_desk, unchanged_admin, "Support", email="help@desk.pl")
    with pytest.raises(Invalid) as refused:
        await act(unchanged_desk, unchanged_admin, "department.add", **inputs)
    assert sentence in str(refused.value)
    async with unchanged_desk.read() as connection:
        assert await departments_admin.count(connection, "") == 1


async def test_names_with_emoji_or_in_other_scripts_are_kept_as_they_are(desk: Desk, admin: Actor) -> None:
    for name in ("\U0001f4a5 Boom", "\u0645\u0628\u064a\u0639\u0627\u062a", "\u0427\u0430\u0441"):
        assert (await one(desk, await made(desk, admin, name))).name == name


async def test_agents_manage_no_departments_and_undo_none(desk: Desk, admin: Actor, agent: Actor) -> None:
    sales = await made(desk, admin, "Sales")
    for command in ("department.add", "department.edit", "department.deactivate", "department.activate"):
        with pytest.raises(Refused, match="Only an admin"):
            await act(desk, agent, command, *([] if command.endswith("add") else [sales]), name="Mine")
    await act(desk, admin, "staff.add", login="ola", role="admin")
    ola = await staff.actor(desk, "ola")
    await act(desk, ola, "department.edit", sales, billing="time")
    await act(desk, admin, "staff.edit", ola.staff_id or 0, role="agent")
    with pytest.raises(Refused, match="Only an admin undoes changes of staff, departments and settings"):
        await undo_last(desk, ola)


async def test_closing_and_opening_says_how_many_clients_lose_or_gain_access(
    desk: Desk, admin: Actor
) -> None:
    sales = await made(desk, admin, "Sales")
    for name in ("Anna", "Bartosz", "Celina"):
        await add_client(desk, admin, name)
    own = await add_client(desk, admin, "Given by hand")
    gone = await add_client(desk, admin, "Gone")
    async with desk.change(admin, "client.add") as change:
        member = await clients.add(
            change, ClientDraft(name="Member", email=("m@acme.pl",), organization="Acme")
        )
        await change.insert(department_access, client_id=own, department_id=sales, allowed=True)
        await change.update(client, gone, deleted_at=desk.now())
    assert (await act(desk, admin, "department.edit", sales, open_to_all="no")).endswith(
        "; 4 clients lose access"
    )
    assert (await act(desk, admin, "department.edit", sales, open_to_all="yes")).endswith(
        "; 4 clients gain access"
    )
    async with desk.change(admin, "test.make") as change:
        async with desk.read() as connection:
            acme = (await clients.load(connection, member, None)).organization_id
        await change.insert(organization_access, organization_id=acme, department_id=sales, allowed=True)
    async with desk.read() as connection:
        assert await departments_admin.swayed(connection, sales) == 3
        assert await departments_admin.swayed(connection, sales, limit=2) == 3  # more than two
    said = await act(desk, admin, "department.add", name="Workshop", open_to_all="no")
    assert said.endswith("it is closed: give clients or organizations access to it")


async def test_a_department_with_open_incidents_is_deactivated_and_its_incidents_stay(
    desk: Desk, admin: Actor
) -> None:
    sales, other = await made(desk, admin, "Sales"), await made(desk, admin, "Other")
    anna = await add_client(desk, admin)
    async with desk.change(admin, "test.make") as change:
        await add_incident(change, anna, sales, 1)
        await add_incident(change, anna, sales, 2, state="closed")
    await act(desk, admin, "staff.edit", admin.staff_id or 0, departments="Sales")
    shown = await card(desk, admin, sales)
    assert shown is not None
    assert (shown.title, shown.touched) == (
        "Deactivate Sales",
        (("open incidents", 1), ("staff who serve it", 1)),
    )
    assert shown.sight[0] == "Nobody can submit to it any more: 1 client may now."
    said = await act(desk, admin, "department.deactivate", sales)
    assert said == (
        "Deactivated Sales: nobody can submit to it any more; its 1 open incident can still be worked on"
    )
    async with desk.read() as connection:
        assert [one.department for one in await departments.access(connection, anna)] == ["Other"]
    assert (await one(desk, sales)).open_incidents == 1
    assert "is not active already" in await act(desk, admin, "department.deactivate", sales)
    with pytest.raises(Refused, match="the last active department"):
        await act(desk, admin, "department.deactivate", other)
    assert await act(desk, admin, "department.activate", sales) == "Activated Sales"
    assert "is active already" in await act(desk, admin, "department.activate", sales)
    await act(desk, admin, "department.deactivate", other)
    assert await card(desk, admin, other) is not None


async def test_a_department_nobody_uses_is_deactivated_without_a_card(desk: Desk, admin: Actor) -> None:
    await made(desk, admin, "Support")
    assert await card(desk, admin, await made(desk, admin, "Sales")) is None


async def test_an_undo_does_not_take_the_last_active_department_away(desk: Desk, admin: Actor) -> None:
    support, sales = await made(desk, admin, "Support"), await made(desk, admin, "Sales")
    await act(desk, admin, "department.deactivate", sales)
    await act(desk, admin, "department.activate", sales)
    async with desk.change(admin, "department.deactivate") as change:
        await departments_admin.deactivate(change, support)
    with pytest.raises(Refused, match="the last active department"):
        async with desk.change(admin, "department.deactivate") as refused:
            await departments_admin.deactivate(refused, sales)
    async with desk.read() as connection:
        lines = await history.newest(connection, limit=5)
    activated = next(line.id for line in lines if line.action == "department.activate")
    with pytest.raises(Refused, match="the last active department"):
        await undo(desk, admin, activated)
    assert (await one(desk, sales)).active


async def test_one_name_given_twice_at_once_is_given_once(
    desk: Desk, admin: Actor, database_url: str
) -> None:
    async with await Desk.open(database_url) as other:
        async with desk.change(admin, "department.add") as change:
            await departments_admin.add(change, departments_admin.DepartmentDraft(name="Sales"))
            second = asyncio.create_task(act(other, admin, "department.add", name="SALES"))
            await asyncio.sleep(0.3)
        (found,) = await asyncio.gather(second, return_exceptions=True)
    assert isinstance(found, Invalid)
    assert "There is a department Sales already" in str(found)


async def test_what_a_colleague_changed_is_not_written_over(desk: Desk, admin: Actor) -> None:
    sales = await made(desk, admin, "Sales")
    async with desk.read() as connection:
        seen = await departments_admin.values(connection, sales)
    await act(desk, admin, "department.edit", sales, billing="time")
    with pytest.raises(EditConflict) as conflict:
        async with desk.change(admin, "department.edit") as change:
            await departments_admin.edit(change, sales, {"billing": "incident"}, seen)
    (field,) = conflict.value.fields
    assert (field.field, field.old, field.theirs, field.yours) == ("billing", "none", "time", "incident")


async def test_the_default_department_stays_so_under_another_name(desk: Desk, admin: Actor) -> None:
    await made(desk, admin, "Support")
    sales = await made(desk, admin, "Sales")
    await act(desk, admin, "setting.put", name="default_department", value="sales")
    await act(desk, admin, "department.edit", sales, name="Sales team")
    async with desk.read() as connection:
        assert (await settings.load(connection)).default_department == "Sales team"
        assert (await departments.addressed(connection, None, None, "Sales team")).department_id == sales
    await undo_last(desk, admin)
    async with desk.read() as connection:
        assert (await settings.load(connection)).default_department == "Sales"


async def test_departments_are_listed_page_by_page_in_either_order(desk: Desk, admin: Actor) -> None:
    for name in ("Alpha", "Beta", "Gamma"):
        await made(desk, admin, name, email=f"{name}@desk.pl")
    async with desk.read() as connection:
        page = await departments_admin.page(connection, limit=2)
        assert ([row.name for row in page.rows], page.has_after) == (["Alpha", "Beta"], True)
        page = await departments_admin.page(connection, sort=Sort("name", descending=True))
        assert [row.name for row in page.rows] == ["Gamma", "Beta", "Alpha"]
        assert [row.name for row in (await departments_admin.page(connection, "gAm")).rows] == ["Gamma"]
        with pytest.raises(NotFound, match="helpdesk departments list"):
            await departments_admin.find(connection, "Delta")
        with pytest.raises(Invalid, match="no order by"):
            await departments_admin.page(connection, sort=Sort("email"))
