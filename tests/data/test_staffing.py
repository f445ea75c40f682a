"""Staff as admins manage them, and that an admin always remains: by edit, by undo, at the same moment."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from console.commands import by_id
from console.data import departments_admin, guards, staff, staffing
from console.data.desk import Desk
from console.data.edits import EditConflict
from console.data.errors import DeskError, Invalid, NotFound, Refused
from console.data.models.staff import staff as people
from console.data.records import Actor, StaffMember
from console.data.undo import undo, undo_last
from tests.colleagues import add_staff
from tests.data.rows import add_client, add_department, add_incident, column


async def act(desk: Desk, who: Actor, command: str, *ids: int, **inputs: str) -> str:
    run = by_id(command).run
    assert run is not None
    return (await run(desk, who, ids, inputs)).sentence


async def one(desk: Desk, staff_id: int) -> StaffMember:
    async with desk.read() as connection:
        return await staffing.load(connection, staff_id)


async def departments(desk: Desk, who: Actor, *names: str) -> None:
    async with desk.change(who, "test.make") as change:
        for name in names:
            await add_department(change, name)


async def test_somebody_is_added_with_what_they_serve_and_changed_and_it_is_undone(
    desk: Desk, admin: Actor
) -> None:
    await departments(desk, admin, "Support", "Sales", "Accounts")
    said = await act(
        desk,
        admin,
        "staff.add",
        login="tom",
        name="Tom Baker",
        departments="sales, Support",
        email="tom@d.pl",
    )
    assert said == "Added Tom Baker to staff as agent"
    tom = (await staff.actor(desk, "tom")).staff_id or 0
    assert (await one(desk, tom)).departments == ("Sales", "Support")
    said = await act(
        desk, admin, "staff.edit", tom, role="viewer", departments="Accounts", time_zone="Europe/Warsaw"
    )
    assert said == "Changed Tom Baker: role viewer, time zone Europe/Warsaw, departments Accounts"
    now = await one(desk, tom)
    assert (now.role, now.departments, now.time_zone, now.email) == (
        "viewer", ("Accounts",), "Europe/Warsaw", "tom@d.pl",
    )  # fmt: skip
    await undo_last(desk, admin)
    now = await one(desk, tom)
    assert (now.role, now.departments, now.time_zone) == ("agent", ("Sales", "Support"), "")
    assert "so already" in await act(
        desk, admin, "staff.edit", tom, role="agent", departments="Support, Sales"
    )


async def test_a_department_that_was_closed_may_still_be_named_by_those_who_serve_it(
    desk: Desk, admin: Actor
) -> None:
    await departments(desk, admin, "Support", "Sales")
    await act(desk, admin, "staff.add", login="tom", departments="Sales")
    tom = (await staff.actor(desk, "tom")).staff_id or 0
    async with desk.read() as connection:
        sales = await departments_admin.find(connection, "Sales")
    await act(desk, admin, "department.deactivate", sales)
    assert "Support" in await act(desk, admin, "staff.edit", tom, departments="Sales, Support")
    with pytest.raises(Invalid, match="no active department 'Sales'"):
        await act(desk, admin, "staff.edit", admin.staff_id or 0, departments="Sales")


@pytest.mark.parametrize(
    ("inputs", "sentence"),
    [
        ({"login": "two words"}, "one word"),
        ({"login": ""}, "one word"),
        ({"login": "t\u200bom"}, "nobody can see"),
        ({"login": "t" * 65}, "Shorten it to 64"),
        ({"login": "tom", "role": "boss"}, "'boss' is not a role. Use one of admin, agent, viewer."),
        ({"login": "tom", "email": "tom"}, "is not an e-mail address"),
        ({"login": "tom", "time_zone": "Mars/Base"}, "is not a time zone"),
        ({"login": "tom", "name": "\x1b]0;x\x07Tom"}, "nobody can see"),
        ({"login": "tom", "name": "\u202eTom"}, "nobody can see"),
        ({"login": "tom", "name": "\u0301\u0301"}, "no letter or digit"),
        ({"login": "tom", "departments": "Nowhere"}, "There is no active department 'Nowhere'"),
    ],
)
async def test_what_cannot_be_is_refused_in_one_sentence(
    unchanged_desk: Desk, unchanged_admin: Actor, inputs: dict[str, str], sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        await act(unchanged_desk, unchanged_admin, "staff.add", **inputs)
    assert [member.login for member in await staff.members(unchanged_desk)] == ["ann"]


async def test_a_login_is_taken_once_and_never_changed(desk: Desk, admin: Actor) -> None:
    with pytest.raises(Refused, match="the login ann already"):
        await act(desk, admin, "staff.add", login="ann")
    async with desk.change(admin, "staff.edit") as change:
        with pytest.raises(Invalid, match="A login stays as it is"):
            await staffing.edit(change, admin.staff_id or 0, {"login": "anna"})
    with pytest.raises(NotFound, match="no such member"):
        await act(desk, admin, "staff.edit", 5, name="X")


async def test_agents_and_viewers_manage_nobody(desk: Desk, admin: Actor, agent: Actor) -> None:
    for command in ("staff.edit", "staff.deactivate", "staff.activate"):
        with pytest.raises(Refused, match="Only an admin"):
            await act(desk, agent, command, admin.staff_id or 0, role="viewer")
    await act(desk, admin, "staff.edit", agent.staff_id or 0, role="viewer")
    with pytest.raises(Refused, match="You are a viewer now"):
        await act(desk, agent, "staff.add", login="tom")
    with pytest.raises(Refused, match="Viewers change nothing"):
        await act(desk, await staff.actor(desk, "bob"), "staff.add", login="tom")


async def test_a_deactivated_login_acts_no_more_not_even_in_a_console_that_is_open(
    desk: Desk, admin: Actor, agent: Actor
) -> None:
    bob = agent.staff_id or 0
    one_client = await add_client(desk, agent)
    async with desk.change(admin, "test.make") as change:
        await add_incident(change, one_client, await add_department(change), 1, owner_id=bob)
        await add_incident(
            change, one_client, await add_department(change, "Sales"), 2, owner_id=bob, state="closed"
        )
    said = await act(desk, admin, "staff.deactivate", bob)
    assert said == "Deactivated Bob Agent: bob can no longer log in; 1 open incident stays theirs"
    with pytest.raises(Refused, match="no longer active"):
        await staff.actor(desk, "bob")
    with pytest.raises(Refused, match="The login bob is no longer active, so nothing was changed"):
        await add_client(desk, agent, "Too Late")
    with pytest.raises(Refused, match="no longer active"):
        await undo_last(desk, agent)
    assert "is not active already" in await act(desk, admin, "staff.deactivate", bob)
    assert await act(desk, admin, "staff.activate", bob) == "Activated Bob Agent as agent"
    await add_client(desk, agent, "In Time")


async def test_a_demoted_admin_has_no_more_rights_in_a_console_that_is_open(desk: Desk, admin: Actor) -> None:
    await act(desk, admin, "staff.add", login="ola", role="admin")
    ola = await staff.actor(desk, "ola")
    await act(desk, admin, "staff.edit", ola.staff_id or 0, role="agent")
    with pytest.raises(Refused, match="Only an admin adds staff"):
        await act(desk, ola, "staff.add", login="tom")


# The last admin


async def test_the_last_admin_is_neither_demoted_nor_deactivated(desk: Desk, admin: Actor) -> None:
    ann = admin.staff_id or 0
    for role in ("agent", "viewer"):
        with pytest.raises(Refused, match=r"without an admin\. Make somebody else an admin first"):
            await act(desk, admin, "staff.edit", ann, role=role)
    with pytest.raises(Refused, match="You cannot deactivate yourself"):
        await act(desk, admin, "staff.deactivate", ann)
    await act(desk, admin, "staff.add", login="ola", role="admin")
    ola = await staff.actor(desk, "ola")
    await act(desk, admin, "staff.deactivate", ola.staff_id or 0)
    with pytest.raises(Refused, match="without an admin"):  # one who is not active does not count
        await act(desk, admin, "staff.edit", ann, role="agent")
    await act(desk, admin, "staff.activate", ola.staff_id or 0)
    await act(desk, admin, "staff.edit", ann, role="agent")
    assert (await staff.actor(desk, "ann")).role == "agent"
    with pytest.raises(Refused, match="You cannot deactivate yourself"):
        await act(desk, ola, "staff.deactivate", ola.staff_id or 0)


async def test_an_undo_does_not_take_the_last_admin_away(desk: Desk, admin: Actor) -> None:
    await act(desk, admin, "staff.add", login="tom")
    tom = await staff.actor(desk, "tom")
    async with desk.change(admin, "staff.edit", about=("staff", tom.staff_id or 0)) as change:
        await staffing.edit(change, tom.staff_id or 0, {"role": "admin"})
    made_admin = change.entry_id
    await act(desk, tom, "staff.edit", admin.staff_id or 0, role="agent")
    with pytest.raises(Refused, match="without an admin"):
        await undo(desk, await staff.actor(desk, "tom"), made_admin)
    assert await column(desk, people, tom.staff_id or 0, "role") == "admin"
    await undo_last(desk, tom)  # Ann is an admin again, and then it may be taken back
    await undo(desk, admin, made_admin)
    assert (await staff.actor(desk, "tom")).role == "agent"


async def test_a_batch_that_touches_the_last_admin_by_any_way_is_refused(desk: Desk, admin: Actor) -> None:
    with pytest.raises(Refused, match="without an admin"):
        async with desk.change(admin, "test.make") as change:
            await change.update_where(people, people.c.role == "admin", {"active": False})
    with pytest.raises(Refused, match="without an admin"):
        async with desk.change(admin, "test.make") as change:
            await change.delete(people, admin.staff_id or 0)


async def _both(
    desk: Desk, first: Callable[[], Awaitable[str]], second: Callable[[], Awaitable[str]]
) -> list[str]:
    """Run two actions at the same moment; returns the sentences of those that were refused."""
    found = await asyncio.gather(first(), second(), return_exceptions=True)
    errors = [one for one in found if isinstance(one, BaseException)]
    assert all(isinstance(one, DeskError) for one in errors), errors
    return [str(one) for one in errors]


@pytest.mark.parametrize("moment", range(5))
async def test_two_admins_who_demote_each_other_at_the_same_moment_do_not_both_succeed(
    desk: Desk, admin: Actor, database_url: str, moment: int
) -> None:
    await act(desk, admin, "staff.add", login="ola", role="admin")
    ola = await staff.actor(desk, "ola")
    async with await Desk.open(database_url) as other:
        refused = await _both(
            desk,
            lambda: act(desk, admin, "staff.edit", ola.staff_id or 0, role="agent"),
            lambda: act(other, ola, "staff.edit", admin.staff_id or 0, role="agent"),
        )
    assert len(refused) == 1
    assert "without an admin" in refused[0] or "Only an admin" in refused[0]
    assert sorted(member.role for member in await staff.members(desk)) == ["admin", "agent"]


async def test_the_second_of_two_waits_for_the_first_and_sees_what_it_left(
    postgresql_url: str,
) -> None:
    async with await Desk.open(postgresql_url) as desk, await Desk.open(postgresql_url) as other:
        ann = await staff.first_admin(desk, "ann", "Ann")
        await add_staff(desk, ann, "ola", "Ola", "admin")
        ola = await staff.actor(desk, "ola")
        written, go_on = asyncio.Event(), asyncio.Event()

        async def first() -> None:
            async with desk.change(ann, "staff.edit") as change:
                await staffing.edit(change, ola.staff_id or 0, {"role": "agent"})
                # As at its end, before its commit.
                written_so_far = guards.Written(
                    change.connection, change.dialect, change.entry_id, change.watch.tables
                )
                await guards.an_admin_remains(written_so_far)
                written.set()
                await go_on.wait()

        one = asyncio.create_task(first())
        await written.wait()
        # Ola is still an admin to everybody else, and so both would find that one remains.
        two = asyncio.create_task(act(other, ola, "staff.edit", ann.staff_id or 0, role="agent"))
        await asyncio.sleep(0.3)
        assert not two.done()
        go_on.set()
        results = await asyncio.gather(one, two, return_exceptions=True)
        refused = [str(found) for found in results if isinstance(found, Refused)]
        assert len(refused) == 1
        assert "without an admin" in refused[0]


async def test_only_one_becomes_the_first_admin(desk: Desk, database_url: str) -> None:
    async with await Desk.open(database_url) as other:
        found = await asyncio.gather(
            staff.first_admin(desk, "ann", "Ann"),
            staff.first_admin(other, "eve", "Eve"),
            return_exceptions=True,
        )
    assert [type(one) for one in found].count(Refused) == 1
    assert len(await staff.members(desk)) == 1


async def test_what_a_colleague_changed_is_not_written_over(desk: Desk, admin: Actor, agent: Actor) -> None:
    bob = agent.staff_id or 0
    async with desk.read() as connection:
        seen = await staffing.values(connection, bob)
    await act(desk, admin, "staff.edit", bob, email="bob@desk.pl")
    async with desk.change(admin, "staff.edit") as change:
        changed = await staffing.edit(change, bob, {"role": "viewer"}, seen)
    assert changed == {"role": "viewer"}
    with pytest.raises(EditConflict):
        async with desk.change(admin, "staff.edit") as change:
            await staffing.edit(change, bob, {"email": "b@desk.pl"}, seen)
    assert (await one(desk, bob)).email == "bob@desk.pl"


async def test_staff_are_listed_page_by_page_and_found_by_any_part(desk: Desk, admin: Actor) -> None:
    for number in range(7):
        await add_staff(desk, admin, f"s{number}", f"Person {number}", "agent", f"p{number}@desk.pl")
    async with desk.read() as connection:
        first = await staffing.page(connection, limit=3)
        assert ([row.login for row in first.rows], first.has_after) == (["ann", "s0", "s1"], True)
        found = await staffing.page(connection, "SON 4")
        assert [row.login for row in found.rows] == ["s4"]
        assert await staffing.count(connection, "%") == 0
        assert await staffing.find(connection, "s3") == await staffing.find(
            connection, str(await staffing.find(connection, "s3"))
        )
        with pytest.raises(NotFound, match="helpdesk staff list"):
            await staffing.find(connection, "nobody")
    assert len(await staff.members(desk)) == 8


async def test_a_demoted_admin_does_not_do_again_what_they_undid_as_admin(desk: Desk, admin: Actor) -> None:
    await act(desk, admin, "staff.add", login="ola", role="admin")
    await act(desk, admin, "staff.add", login="eva", role="agent")
    ola = await staff.actor(desk, "ola")
    eva = (await staff.actor(desk, "eva")).staff_id or 0
    await act(desk, ola, "staff.edit", eva, role="admin")
    undone = await undo_last(desk, ola)
    await act(desk, admin, "staff.edit", ola.staff_id or 0, role="agent")
    agent_now = await staff.actor(desk, "ola")
    with pytest.raises(Refused, match="Only an admin undoes changes of staff"):
        await undo(desk, agent_now, undone.entry_id)
    assert (await staff.actor(desk, "eva")).role == "agent"
