"""Organizations: the list and its counts, one whole, mail domains that belong to one only."""

from datetime import timedelta

import pytest

from console.data import clients, deletion, organizations
from console.data.desk import Desk
from console.data.drafts import ClientDraft, OrganizationDraft
from console.data.errors import IdentityTaken, Invalid, NotFound
from console.data.models.organizations import organization_manager
from console.data.organizations import SORTS, OrganizationQuery
from console.data.paging import At
from console.data.records import Actor, OrganizationRow, Sort
from tests.data.rows import add_department, add_incident, wrong


async def add(desk: Desk, who: Actor, name: str, *domains: str) -> int:
    async with desk.change(who, "organization.add") as change:
        return await organizations.add(change, OrganizationDraft(name=name, mail_domain=domains))


async def member(desk: Desk, who: Actor, name: str, organization: str) -> int:
    async with desk.change(who, "client.add") as change:
        draft = ClientDraft(name=name, email=(f"{name.lower()}@x.example",), organization=organization)
        return await clients.add(change, draft)


async def rows(desk: Desk, text: str = "", sort: str = "name") -> list[OrganizationRow]:
    async with desk.read() as connection:
        query = OrganizationQuery(text, Sort(sort))
        return list((await organizations.page(connection, query, desk.now())).rows)


async def test_the_list_shows_domains_members_manager_open_and_overdue(desk: Desk, admin: Actor) -> None:
    acme = await add(desk, admin, "Acme sp. z o.o.", "acme.example", "acme.pl.example")
    await add(desk, admin, "Zeta")
    anna = await member(desk, admin, "Anna", "acme sp. Z O.O.")
    await member(desk, admin, "Bob", "Acme sp. z o.o.")
    async with desk.change(admin, "test") as change:
        await change.insert(organization_manager, organization_id=acme, client_id=anna)
        department = await add_department(change)
        late = desk.now() - timedelta(minutes=1)
        await add_incident(change, anna, department, 1, due_at=late)
        await add_incident(change, anna, department, 2, due_at=desk.now() + timedelta(hours=1))
        await add_incident(change, anna, department, 3, due_at=late, state="closed")
    first, second = await rows(desk)
    assert (first.name, first.domains, first.clients) == (
        "Acme sp. z o.o.",
        "acme.example, acme.pl.example",
        2,
    )
    assert (first.manager, first.open_incidents, first.overdue) == ("Anna", 2, 1)
    assert (second.name, second.clients, second.overdue) == ("Zeta", 0, 0)
    assert await wrong(desk) == []


@pytest.mark.parametrize("column", list(SORTS))
@pytest.mark.parametrize("descending", [False, True])
async def test_pages_in_every_order_show_each_organization_once(
    desk: Desk, admin: Actor, column: str, descending: bool
) -> None:
    for number in range(9):
        await add(desk, admin, f"Org {number % 3}", f"d{number}.example")
    query = OrganizationQuery(sort=Sort(column, descending))
    seen: list[int] = []
    at = At()
    while True:
        async with desk.read() as connection:
            found = await organizations.page(connection, query, desk.now(), at=at, limit=2)
        seen += [row.id for row in found.rows]
        if not found.has_after:
            break
        at = At(after=found.rows[-1].anchor)
    assert len(seen) == len(set(seen)) == 9


async def test_overdue_is_counted_up_to_a_hundred(desk: Desk, admin: Actor) -> None:
    await add(desk, admin, "Acme")
    anna = await member(desk, admin, "Anna", "Acme")
    async with desk.change(admin, "test") as change:
        department = await add_department(change)
        for number in range(103):
            await add_incident(change, anna, department, number, due_at=desk.now() - timedelta(days=1))
    assert (await rows(desk))[0].overdue == 100


async def test_a_mail_domain_belongs_to_one_organization(desk: Desk, admin: Actor) -> None:
    acme = await add(desk, admin, "Acme", "acme.example")
    with pytest.raises(IdentityTaken, match="belongs to Acme already") as error:
        await add(desk, admin, "Other", "ACME.example")
    assert error.value.client_id == acme
    assert [row.name for row in await rows(desk)] == ["Acme"]
    with pytest.raises(Invalid, match="not a mail domain"):
        await add(desk, admin, "Bad", "no spaces allowed.example")


async def test_the_filter_finds_names_and_mail_domains(desk: Desk, admin: Actor) -> None:
    await add(desk, admin, "Hurtownia Północ", "polnoc.example")
    await add(desk, admin, "Acme")
    for typed in ("hurt", "północ", "POLNOC.ex"):
        assert [row.name for row in await rows(desk, typed)] == ["Hurtownia Północ"], typed
    assert await rows(desk, "acme north") == []


async def test_members_who_leave_are_no_longer_counted(desk: Desk, admin: Actor) -> None:
    await add(desk, admin, "Acme")
    anna = await member(desk, admin, "Anna", "Acme")
    async with desk.change(admin, "client.delete") as change:
        await deletion.delete_clients(change, [anna])
    assert (await rows(desk))[0].clients == 0
    async with desk.change(admin, "client.restore") as change:
        await deletion.restore(change, [anna])
    assert (await rows(desk))[0].clients == 1


async def test_an_organization_that_does_not_exist_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        async with desk.read() as connection:
            await organizations.load(connection, 12345, desk.now())
