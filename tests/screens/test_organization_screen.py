"""The organization screen: who it is, members, incidents, domains, managers, history."""

from __future__ import annotations

from console.data.models.organizations import mail_domain, organization
from tests.screens.driving import (
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
        assert "Added" in text(pilot)
        await press(pilot, "right", "enter")
        assert place(pilot) == "client"


async def test_an_organization_with_nothing(home: House) -> None:
    await home.organization("Bare")
    async with open_console(home.url) as pilot:
        await press(pilot, "2", "enter")
        assert "No members yet." in text(pilot)
        for words in ("No incidents yet.", "No mail domains yet.", "No managers yet.", "Added"):
            await press(pilot, "right")
            assert words in text(pilot)
        await press(pilot, "m")
        assert pilot.app.is_running


async def test_an_organization_with_many_members_pages_them(home: House) -> None:
    from console.data.models.clients import client

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
