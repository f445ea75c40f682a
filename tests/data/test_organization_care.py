"""Organizations archived, deleted, edited; default access and SLA targets of their own."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from console.commands import by_id
from console.data import (
    clients,
    departments,
    organization_access,
    organization_profile,
    organization_state,
    organizations,
    sla,
    spoken,
)
from console.data.desk import Desk
from console.data.drafts import ClientDraft, OrganizationDraft
from console.data.edits import EditConflict
from console.data.errors import IdentityTaken, Invalid, NotFound, Refused
from console.data.models.clients import client
from console.data.models.departments import department, sla_target
from console.data.models.organizations import mail_domain, organization
from console.data.models.organizations import organization_access as default_access
from console.data.records import Actor
from console.data.sla import Wanted
from console.data.undo import undo, undo_last
from console.text import duration_minutes
from tests.data.rows import column, rows, snapshot, wrong


async def company(desk: Desk, who: Actor, name: str, *domains: str) -> int:
    async with desk.change(who, "organization.add") as change:
        return await organizations.add(change, OrganizationDraft(name=name, mail_domain=domains))


async def member(desk: Desk, who: Actor, name: str, owner: str) -> int:
    async with desk.change(who, "client.add") as change:
        draft = ClientDraft(name=name, email=(f"{name.lower()}@x.example",), organization=owner)
        return await clients.add(change, draft)


async def act(desk: Desk, who: Actor, action: str, *ids: int, **answers: str) -> str:
    run = by_id(action).run
    assert run is not None
    return (await run(desk, who, ids, answers)).sentence


async def listed(desk: Desk, view: str = "all") -> list[str]:
    async with desk.read() as connection:
        query = organizations.OrganizationQuery(view=view)
        return [one.name for one in (await organizations.page(connection, query, desk.now())).rows]


async def test_archive_and_delete_take_out_of_the_list_and_come_back(desk: Desk, admin: Actor) -> None:
    acme, bare = await company(desk, admin, "Acme", "acme.pl"), await company(desk, admin, "Bare", "bare.pl")
    await member(desk, admin, "Anna", "Acme")
    before = await snapshot(desk)
    assert await act(desk, admin, "organization.archive", acme) == "Archived Acme"
    assert (await listed(desk), await listed(desk, "archived")) == (["Bare"], ["Acme"])
    await act(desk, admin, "organization.unarchive", acme)
    with pytest.raises(Refused, match=r"Acme has 1 member, archived ones included\. Move them first"):
        await act(desk, admin, "organization.delete", acme)
    assert await act(desk, admin, "organization.delete", acme, bare) == (
        "Deleted Bare; 1 left out: Acme has 1 member, archived ones included. Move them first: in the list of"
        " clients, l sets another organization"
    )
    assert (await listed(desk), await listed(desk, "deleted")) == (["Acme"], ["Bare"])
    await act(desk, admin, "organization.restore", bare)
    assert await snapshot(desk) == before
    assert await wrong(desk) == []


async def test_a_deleted_organization_gives_its_mail_domain_up(desk: Desk, admin: Actor) -> None:
    old = await company(desk, admin, "Old", "acme.pl", "old.pl")
    await act(desk, admin, "organization.delete", old)
    async with desk.change(admin, "client.add") as change:
        anna = await clients.add(change, ClientDraft(name="Anna", email=("anna@acme.pl",)))
    async with desk.read() as connection:
        assert (await clients.load(connection, anna)).organization == ""
    new = await company(desk, admin, "New", "acme.pl")
    await act(desk, admin, "organization.restore", old)
    owners = select(mail_domain.c.domain, mail_domain.c.organization_id).order_by(mail_domain.c.domain)
    assert await rows(desk, owners) == [("acme.pl", new), ("old.pl", old)]


async def moved(desk: Desk, who: Actor, client_id: int, owner: int | None) -> int:
    async with desk.change(who, "client.organization") as change:
        await clients.set_organization(change, [client_id], owner)
    return change.entry_id


async def test_nobody_is_in_a_deleted_organization_by_any_way(desk: Desk, admin: Actor) -> None:
    acme = await company(desk, admin, "Acme")
    anna = await member(desk, admin, "Anna", "Acme")
    away = await moved(desk, admin, anna, None)
    async with desk.change(admin, "organization.delete") as deleted:
        await organization_state.delete(deleted, [acme])
    with pytest.raises(Refused, match=r"^Acme is deleted\. Restore it first"):
        await moved(desk, admin, anna, acme)
    with pytest.raises(Refused, match="Anna cannot be in Acme: it is deleted"):
        await undo(desk, admin, away)
    assert await column(desk, client, anna, "organization_id") is None
    back = await undo(desk, admin, deleted.entry_id)
    await undo(desk, admin, away)
    with pytest.raises(Refused, match="Acme has members by now"):
        await undo(desk, admin, back.entry_id)
    assert await column(desk, client, anna, "organization_id") == acme
    assert await wrong(desk) == []


async def test_an_organization_that_is_being_deleted_gets_no_member(
    desk: Desk, admin: Actor, database_url: str
) -> None:
    acme = await company(desk, admin, "Acme")
    anna = await member(desk, admin, "Anna", "Other")
    async with await Desk.open(database_url) as other:
        async with desk.change(admin, "organization.delete") as change:
            await organization_state.delete(change, [acme])
            moving = asyncio.create_task(moved(other, admin, anna, acme))
            adding = asyncio.create_task(member(other, admin, "Bob", "Acme"))
            await asyncio.sleep(0.3)
        found = await asyncio.gather(moving, adding, return_exceptions=True)
    assert isinstance(found[0], Refused), found
    # Bob is refused, or in another Acme that was made for him.
    assert isinstance(found[1], int | Refused), found
    assert await rows(desk, select(client.c.name).where(client.c.organization_id == acme)) == []


async def test_viewers_and_the_gone_are_refused(desk: Desk, admin: Actor) -> None:
    acme = await company(desk, admin, "Acme")
    viewer = Actor(admin.staff_id, "vic", "Vic", "viewer")
    for action in ("archive", "delete", "rescan"):
        with pytest.raises(Refused, match="Viewers change nothing"):
            await act(desk, viewer, f"organization.{action}", acme)
    with pytest.raises(NotFound):
        await act(desk, admin, "organization.archive", 42)
    await act(desk, admin, "organization.delete", acme)
    for action in ("archive", "delete"):
        with pytest.raises(Refused, match="Acme is deleted"):
            await act(desk, admin, f"organization.{action}", acme)
    with pytest.raises(Refused):
        await act(desk, admin, "organization.add-domain", acme, domain="acme.pl")


# Editing


async def test_only_named_fields_are_written_and_a_colleagues_are_kept(desk: Desk, admin: Actor) -> None:
    acme = await company(desk, admin, "Acme", "acme.pl", ".acme.com")
    async with desk.read() as connection:
        base = await organization_profile.values(connection, acme)
    assert base["mail_domain"] == (".acme.com", "acme.pl")
    async with desk.change(admin, "organization.edit") as change:
        await organization_profile.edit(change, acme, {"city": "Łódź", "phone": "1"}, base)
    async with desk.change(admin, "organization.edit") as change:
        given = {**base, "name": "Acme SA", "mail_domain": (".acme.com", ".acme.pl", "acme.eu")}
        assert set(await organization_profile.edit(change, acme, given, base)) == {"name", "mail_domain"}
    assert await column(desk, organization, acme, "city") == "Łódź"
    found = select(mail_domain.c.domain, mail_domain.c.subdomains).order_by(mail_domain.c.domain)
    assert await rows(desk, found) == [("acme.com", True), ("acme.eu", False), ("acme.pl", True)]
    async with desk.change(admin, "organization.edit") as change:
        with pytest.raises(EditConflict):
            await organization_profile.edit(change, acme, {"city": "Kraków"}, base)
    await company(desk, admin, "Zeta", "zeta.pl")
    for bad, error in (("gmail.com", Invalid), ("zeta.pl", IdentityTaken), ("zeta", Invalid)):
        with pytest.raises(error):
            async with desk.change(admin, "organization.edit") as change:
                await organization_profile.edit(change, acme, {"mail_domain": (bad,)})
    assert len(await rows(desk, found)) == 4
    assert await wrong(desk) == []


# Default access


async def test_the_default_counts_members_without_a_switch_of_their_own(desk: Desk, admin: Actor) -> None:
    acme = await company(desk, admin, "Acme")
    anna, bob, cy = [await member(desk, admin, name, "Acme") for name in ("Anna", "Bob", "Cy")]
    async with desk.change(admin, "department.add") as change:
        sales = await change.insert(department, name="Sales", open_to_all=False)
    async with desk.change(admin, "client.access") as change:
        await departments.set_access(change, [anna], sales, allowed=False)
        await clients.set_organization(change, [cy], None)
    sentence = await act(desk, admin, "organization.access", acme, department="sales", allowed="yes")
    assert sentence == "Members of Acme may submit to Sales now: 1 member newly may"
    async with desk.read() as connection:
        assert [
            one.allowed for one in await departments.access(connection, bob) if one.department == "Sales"
        ] == [True]
        assert [
            one.allowed for one in await departments.access(connection, anna) if one.department == "Sales"
        ] == [False]
        (shown,) = [
            one for one in await organization_access.access(connection, acme) if one.department == "Sales"
        ]
        assert (shown.allowed, shown.source) == (True, "organization")
    assert "changes nothing for anybody" in await act(
        desk, admin, "organization.access", acme, department="Sales", allowed="yes"
    )
    assert "1 member no longer may" in await act(
        desk, admin, "organization.access", acme, department="Sales", allowed="no"
    )
    await undo_last(desk, admin)
    assert await rows(desk, select(default_access.c.allowed)) == [(True,)]


# SLA targets


async def targets(desk: Desk, client_id: int) -> tuple[int | None, int | None, str]:
    async with desk.read() as connection:
        found = next(
            one
            for one in await departments.targets(connection, client_id)
            if (one.kind, one.priority) == ("request", "high")
        )
    return found.first_response, found.resolution, found.source


async def test_targets_fall_back_from_client_to_organization_to_default(desk: Desk, admin: Actor) -> None:
    acme = await company(desk, admin, "Acme")
    anna = await member(desk, admin, "Anna", "Acme")
    async with desk.change(admin, "sla.default") as change:
        await change.insert(
            sla_target, kind="request", priority="high", first_response_minutes=60, resolution_minutes=600
        )
    one = {"kind": "request", "priority": "high"}
    await act(desk, admin, "organization.sla", acme, first="30 min", **one)
    assert await targets(desk, anna) == (30, 600, "organization")
    await act(desk, admin, "client.sla", anna, resolution="1 d", **one)
    assert await targets(desk, anna) == (30, 1440, "client")
    await act(desk, admin, "client.sla", anna, first="none", **one)
    assert await targets(desk, anna) == (None, 1440, "client")
    await act(desk, admin, "client.sla", anna, first="-", **one)
    assert await targets(desk, anna) == (30, 600, "organization")
    await act(desk, admin, "organization.sla", acme, resolution="-", **one)
    assert await targets(desk, anna) == (60, 600, "default")
    await undo_last(desk, admin)
    assert await targets(desk, anna) == (30, 600, "organization")


@pytest.mark.parametrize(
    "bad",
    [
        Wanted("request", "high"),
        Wanted("ticket", "high", "4 h"),
        Wanted("request", "urgent", "4 h"),
        Wanted("request", "high", "soon"),
        Wanted("request", "high", "0 h"),
        Wanted("request", "high", "4 h", "1 h"),
        Wanted("request", "high", "-4 h"),
        Wanted("request", "high", "99999999999 h"),
    ],
)
async def test_what_is_no_target_is_refused(desk: Desk, admin: Actor, bad: Wanted) -> None:
    acme = await company(desk, admin, "Acme")
    with pytest.raises(Invalid):
        async with desk.change(admin, "organization.sla") as change:
            await sla.set_of_organization(change, acme, bad)
    assert await rows(desk, select(sla_target.c.id)) == []


@given(st.integers(1, 500_000))
def test_a_span_is_read_as_it_is_shown(minutes: int) -> None:
    assert spoken.span(duration_minutes(minutes), "first") == minutes


@pytest.mark.parametrize(
    ("given", "minutes"), [("4h", 240), ("2 d", 2880), ("1d 2h 3min", 1563), ("90 MIN", 90)]
)
def test_spans_are_read_in_several_ways(given: str, minutes: int) -> None:
    assert spoken.span(given, "first") == minutes
