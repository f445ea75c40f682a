"""Merging organizations with the same engine: clients, mail domains, managers, switches and targets."""

import pytest
from sqlalchemy import select

from console.data.change import Change
from console.data.desk import Desk
from console.data.errors import Refused
from console.data.merging.apply import merge_organizations
from console.data.merging.preview import preview_organizations
from console.data.merging.unmerge import unmerge
from console.data.models.clients import client
from console.data.models.departments import department, sla_target
from console.data.models.organizations import (
    mail_domain,
    organization,
    organization_access,
    organization_manager,
)
from console.data.records import Actor
from console.data.records.merging import Choices
from console.data.undo import undo
from tests.data.rows import add_client, add_incident, column, rows, snapshot, wrong


async def _company(change: Change, place: int, support: int, members: int) -> int:
    one = await change.insert(organization, name=f"Acme {place}", phone=f"+4822000000{place}")
    await change.insert(mail_domain, organization_id=one, domain=f"acme{place}.example")
    await change.insert(organization_access, organization_id=one, department_id=support)
    await change.insert(
        sla_target, organization_id=one, kind="request", priority="high", resolution_minutes=9
    )
    for number in range(members):
        member = await change.insert(
            client, name=f"Member {place} {number}", organization_id=one, organization_by="auto"
        )
        await add_incident(change, member, support, place * 100 + number + 1)
        if number == 0:
            await change.insert(organization_manager, organization_id=one, client_id=member)
    return one


async def _three(desk: Desk, who: Actor) -> list[int]:
    async with desk.change(who, "test.house") as change:
        support = await change.insert(department, name="Support")
        return [await _company(change, place, support, members=place + 1) for place in range(3)]


async def test_everything_of_the_absorbed_is_the_survivors_and_back_again(desk: Desk, admin: Actor) -> None:
    one, two, three = await _three(desk, admin)
    before = await snapshot(desk, lasting=True)
    choices = Choices(one, (two, three), keep={"name": two})
    async with desk.read() as connection:
        shown = await preview_organizations(connection, choices)
    for line in shown.balance:
        assert sum(line.before) == line.after + line.same + line.left + line.ended, line
    assert {(each.name, each.gains) for each in shown.sight} == {
        ("Member 0 0", 5),
        ("Member 1 0", 4),
        ("Member 2 0", 3),
    }
    done = await merge_organizations(desk, admin, choices, seen=shown.seen)
    assert done.name == "Acme 1"
    assert await column(desk, organization, one, "client_count") == 6
    assert await column(desk, organization, one, "open_incidents") == 6
    domains = select(mail_domain.c.domain).where(mail_domain.c.organization_id == one)
    assert len(await rows(desk, domains)) == 3
    assert await wrong(desk) == []
    await undo(desk, admin, done.entry_id)
    assert await snapshot(desk, lasting=True) == before
    assert await wrong(desk) == []


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_a_chain_of_organizations_is_undone_in_any_order(
    desk: Desk, admin: Actor, order: tuple[int, int]
) -> None:
    one, two, three = await _three(desk, admin)
    before = await snapshot(desk, lasting=True)
    chain = [
        await merge_organizations(desk, admin, Choices(two, (three,))),
        await merge_organizations(desk, admin, Choices(one, (two,))),
    ]
    for place in order:
        await unmerge(desk, admin, chain[place].entry_id)
        assert await wrong(desk) == []
    assert await snapshot(desk, lasting=True) == before


async def test_who_joined_since_stays_with_the_survivor(desk: Desk, admin: Actor) -> None:
    one, two, _ = await _three(desk, admin)
    done = await merge_organizations(desk, admin, Choices(one, (two,)))
    new = await add_client(desk, admin, "New", organization_id=one, organization_by="manual")
    await undo(desk, admin, done.entry_id)
    assert await column(desk, client, new, "organization_id") == one
    assert await column(desk, organization, two, "client_count") == 2
    assert await wrong(desk) == []


async def test_what_cannot_be_merged_is_refused(desk: Desk, admin: Actor) -> None:
    one, two, three = await _three(desk, admin)
    with pytest.raises(Refused, match="with itself"):
        await merge_organizations(desk, admin, Choices(one, (one,)))
    await merge_organizations(desk, admin, Choices(one, (two,)))
    with pytest.raises(Refused, match="was merged into Acme 0 already"):
        await merge_organizations(desk, admin, Choices(three, (two,)))
