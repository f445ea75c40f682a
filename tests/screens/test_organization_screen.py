"""The organization screen: who it is, members, incidents, domains, managers, history."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from console.data.models.clients import client
from console.data.models.departments import sla_target
from console.data.models.organizations import mail_domain, organization, organization_access
from tests.screens.driving import (
    answer,
    line_with,
    lines,
    listing,
    open_console,
    place,
    press,
    said,
    settle,
    text,
    the_app,
)
from tests.screens.making import House, client_with_everything, crowd


async def test_an_organization_whole(any_home: House) -> None:
    made = await client_with_everything(any_home)
    async with any_home.change() as change:
        await change.update(
            organization, made.organization, phone="+48 22 555", website="https://acme.pl", remarks="Pays late",
            external_id="O-1", street="Prosta 5", city="Łódź", postcode="90-001", country="PL",
        )  # fmt: skip
        await change.insert(
            mail_domain, organization_id=made.organization, domain="acme.example", subdomains=True
        )
    async with open_console(any_home.url, (110, 40)) as pilot:
        await press(pilot, "2", "enter")
        assert place(pilot) == "organization"
        for part in (
            "Acme sp. z o.o.",
            "acme.pl",
            ".acme.example",
            "+48 22 555",
            "https://acme.pl",
            "Pays late",
            "O-1",
            "Prosta 5",
            "2 h 30 min",
            "4 incidents",
        ):
            assert part in text(pilot), part
        assert line_with(pilot, "members").split()[1] == "1"
        assert line_with(pilot, "open").split()[1] == "2"
        assert line_with(pilot, "overdue").split()[1] == "1"
        assert "anna@acme.pl" in text(pilot)
        await press(pilot, "right")
        assert "INC-000812" in text(pilot)
        await press(pilot, "right")
        assert "included" in text(pilot)
        await press(pilot, "right")
        assert "see and reply" in text(pilot)
        await press(pilot, "enter")
        assert place(pilot) == "client"
        assert lines(pilot)[0].startswith(" Clients > Anna Kowalska")
        await press(pilot, "q", "right")
        assert "members may submit" in text(pilot)
        await press(pilot, "right")
        assert "critical" in text(pilot)
        await press(pilot, "right")
        assert "Added" in text(pilot)
        await press(pilot, "right", "enter")
        assert place(pilot) == "client"


async def test_an_organization_with_nothing(home: House) -> None:
    await home.organization("Bare")
    async with open_console(home.url) as pilot:
        await press(pilot, "2", "enter")
        assert "No members yet." in text(pilot)
        for words in (
            "No incidents yet.",
            "No mail domains yet.",
            "No managers yet.",
            "[x]",
            "none",
            "Added",
        ):
            await press(pilot, "right")
            assert words in text(pilot), words
        await press(pilot, "m")
        assert "Archive" in text(pilot)
        assert line_with(pilot, "Add mail domain").split()[0] == "+"


async def test_an_organization_with_many_members_pages_them(home: House) -> None:
    big = await home.organization("Big")
    ids = await crowd(home, 450)
    async with home.change() as change:
        await change.update_where(
            client, client.c.id.in_(ids), {"organization_id": big, "organization_by": "manual"}
        )
    async with open_console(home.url) as pilot:
        the_app(pilot).open_record("organization", big)
        await settle(pilot)
        assert line_with(pilot, "members").split()[1] == "450"
        seen: set[int] = set()
        for _ in range(40):
            seen |= {row.id for row in listing(pilot).visible_rows}
            if len(seen) == 450:
                break
            await press(pilot, "pagedown")
        assert len(seen) == 450
        await press(pilot, "g", "G")
        assert "Client 00449" in text(pilot)
        await press(pilot, "g")
        assert "Client 00000" in text(pilot)


async def test_an_organization_that_is_gone_says_so(home: House) -> None:
    async with open_console(home.url) as pilot:
        the_app(pilot).open_record("organization", 42)
        await settle(pilot)
        assert "no such organization" in said(pilot)
        await press(pilot, "q")
        assert place(pilot) == "clients"


async def found(home: House, query: Any) -> list[Any]:
    async with home.desk.read() as connection:
        return list(await connection.execute(query))


async def member(home: House, name: str, owner: int, email: str) -> int:
    client_id = await home.client(name, email=(email,))
    async with home.change() as change:
        await change.update(client, client_id, organization_id=owner, organization_by="manual")
    return client_id


async def test_a_target_is_set_and_taken_away_in_its_tab(any_home: House) -> None:
    await any_home.organization("Acme")
    async with open_console(any_home.url) as pilot:
        await press(pilot, "2", "enter", *["right"] * 5, "enter")
        assert "requests, critical: first response" in text(pilot)
        await answer(pilot, "4 h")
        await answer(pilot, "2 d")
        await settle(pilot)
        assert said(pilot).startswith("Changed an SLA target of Acme")
        assert line_with(pilot, "critical").split()[-5:] == ["4", "h", "48", "h", "own"]
        query = select(sla_target.c.first_response_minutes, sla_target.c.resolution_minutes)
        assert [tuple(row) for row in await found(any_home, query)] == [(240, 2880)]
        await press(pilot, "enter")
        await answer(pilot, "-")
        await press(pilot, "enter")
        await settle(pilot)
        assert await found(any_home, query) == []
        await press(pilot, "u")
        await settle(pilot)
        assert [tuple(row) for row in await found(any_home, query)] == [(240, 2880)]


async def test_a_target_that_cannot_be_read_is_asked_for_again(home: House) -> None:
    await home.organization("Acme")
    async with open_console(home.url) as pilot:
        await press(pilot, "2", "enter", *["right"] * 5, "enter")
        await answer(pilot, "soon")
        await press(pilot, "enter")
        await settle(pilot)
        assert "'soon' is no length of time" in text(pilot)
        assert "soon" in text(pilot)


async def test_the_default_access_says_whom_it_shuts_out(any_home: House) -> None:
    await any_home.department("Sales")
    owner = await any_home.organization("Acme")
    for name in ("Anna", "Bob"):
        await member(any_home, name, owner, f"{name.lower()}@acme.pl")
    async with open_console(any_home.url) as pilot:
        await press(pilot, "2", "enter", *["right"] * 4, "enter")
        await settle(pilot)
        assert "2 members no longer may" in said(pilot)
        assert "[ ]" in text(pilot)
        await press(pilot, "enter")
        await settle(pilot)
        assert "2 members newly may" in said(pilot)
    assert len(await found(any_home, select(organization_access.c.id))) == 1


async def test_a_mail_domain_is_added_after_its_card_and_removed_from_its_row(any_home: House) -> None:
    owner = await any_home.organization("Acme")
    anna = await any_home.client("Anna", email=("anna@it.acme.pl",))
    place_of = select(client.c.organization_id).where(client.c.id == anna)
    async with open_console(any_home.url) as pilot:
        await press(pilot, "2", "enter", "plus")
        await answer(pilot, ".acme.pl")
        await settle(pilot)
        assert place(pilot) == "impact"
        assert ".acme.pl for Acme: would move 1 client" in text(pilot)
        assert "Anna: none > Acme" in text(pilot)
        await press(pilot, "q")
        await settle(pilot)
        assert await found(any_home, select(mail_domain.c.domain)) == []
        await press(pilot, "plus")
        await answer(pilot, ".acme.pl")
        await settle(pilot)
        await press(pilot, "enter")
        await settle(pilot)
        assert "Mail from .acme.pl means Acme now; moved 1 client" in said(pilot)
        assert [row[0] for row in await found(any_home, place_of)] == [owner]
        await press(pilot, "right", "right", "minus")
        await settle(pilot)
        assert "acme.pl no longer for Acme" in text(pilot)
        await press(pilot, "enter")
        await settle(pilot)
        assert [row[0] for row in await found(any_home, place_of)] == [None]
        await press(pilot, "u")
        await settle(pilot)
        assert [row[0] for row in await found(any_home, place_of)] == [owner]


@pytest.mark.parametrize("given", ["gmail.com", "acme", "a b.pl"])
async def test_what_is_no_company_domain_is_refused(home: House, given: str) -> None:
    await home.organization("Acme")
    async with open_console(home.url) as pilot:
        await press(pilot, "2", "enter", "plus")
        await answer(pilot, given)
        await settle(pilot)
        assert place(pilot) == "organization"
        assert given in text(pilot)
    assert await found(home, select(mail_domain.c.domain)) == []


async def test_only_an_organization_without_members_is_deleted(any_home: House) -> None:
    owner = await any_home.organization("Acme")
    await any_home.organization("Bare")
    await member(any_home, "Anna", owner, "anna@acme.pl")
    async with open_console(any_home.url) as pilot:
        await press(pilot, "2", "x")
        assert "Acme has 1 member" in said(pilot)
        await press(pilot, "down", "x")
        await settle(pilot)
        assert said(pilot).startswith("Deleted Bare")
        assert "Bare" not in "".join(lines(pilot)[2:-3])
        await press(pilot, "v", "x")
        await settle(pilot)
        assert "Bare" in text(pilot)
        await press(pilot, "X")
        await settle(pilot)
        assert said(pilot).startswith("Restored Bare")
        await press(pilot, "q")
        await settle(pilot)
        await press(pilot, "z")
        await settle(pilot)
        assert said(pilot).startswith("Archived")


async def test_every_tab_fits_eighty_columns(home: House) -> None:
    made = await client_with_everything(home)
    async with open_console(home.url, (80, 24)) as pilot:
        the_app(pilot).open_record("organization", made.organization)
        await settle(pilot)
        for _ in range(7):
            assert all(len(line) <= 80 for line in lines(pilot))
            assert "Members" in text(pilot) or "<" in text(pilot)
            await press(pilot, "right")


async def test_a_rescan_from_the_list_says_what_it_did(any_home: House) -> None:
    await any_home.organization("Acme", mail_domain=("acme.pl",))
    await any_home.client("Hand", email=("hand@acme.pl",), organization="Zeta")
    anna = await any_home.client("Anna", email=("anna@acme.pl",))
    async with any_home.change() as change:
        await change.update(client, anna, organization_id=None, organization_by="none")
    async with open_console(any_home.url) as pilot:
        await press(pilot, "2", "R")
        await settle(pilot)
        assert "would move 1 client" in text(pilot)
        await press(pilot, "enter")
        await settle(pilot)
        assert said(pilot).startswith("Moved 1 client")
        await press(pilot, "R")
        await settle(pilot)
        assert said(pilot).startswith("Everybody is where the mail domains say")


async def test_the_details_of_a_client_say_why_they_are_there(home: House) -> None:
    await home.organization("Acme", mail_domain=("acme.pl",))
    await home.client("Anna", email=("anna@acme.pl",))
    async with open_console(home.url) as pilot:
        await press(pilot, "enter", "d")
        assert "mail from there means this organization" in " ".join(text(pilot).split())
