"""Records for the screens to show, made through the data layer as the console makes them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from console.commands import by_id
from console.data import clients, organizations, staff
from console.data.change import Change
from console.data.desk import Clock, Desk, utc_now
from console.data.drafts import ClientDraft, OrganizationDraft
from console.data.models.billing import credit_entry, credit_lot, invoice
from console.data.models.clients import client, favourite, identity
from console.data.models.contacts import contact
from console.data.models.departments import department, sla_target
from console.data.models.incidents import attachment, incident, message
from console.data.models.notes import note
from console.data.models.organizations import organization_manager
from console.data.records import Actor
from tests.colleagues import add_staff

LOGIN = "ann"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def noon() -> datetime:
    """A clock that stands at noon."""
    return NOON


@dataclass
class House:
    """An open desk, the first admin, and what was made, by name."""

    url: str
    desk: Desk
    boss: Actor
    me: Actor
    ids: dict[str, int] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """The desk's time."""
        return self.desk.now()

    async def client(self, name: str, **more: Any) -> int:
        """A client; an address is made up unless an identity is given."""
        if not any(more.get(kind) for kind in ("email", "mobile", "phone", "facebook", "chat")):
            more["email"] = (f"c{len(self.ids)}@mail.example",)
        async with self.desk.change(self.boss, "client.add") as change:
            made = await clients.add(change, ClientDraft(name=name, **more))
            change.entry.object_type, change.entry.object_id = "client", made
        self.ids[name] = made
        return made

    async def organization(self, name: str, **more: Any) -> int:
        """An organization."""
        async with self.desk.change(self.boss, "organization.add") as change:
            made = await organizations.add(change, OrganizationDraft(name=name, **more))
            change.entry.object_type, change.entry.object_id = "organization", made
        self.ids[name] = made
        return made

    async def department(self, name: str, **more: Any) -> int:
        """A department."""
        async with self.change() as change:
            made = await change.insert(department, name=name, **more)
        self.ids[name] = made
        return made

    async def incident(
        self, client_id: int | None, department_id: int, number: int, subject: str, **more: Any
    ) -> int:
        """An incident with this number."""
        values = {"kind": "request", "channel": "email", "state": "open", "created_at": self.now, **more}
        async with self.change() as change:
            made = await change.insert(
                incident,
                number=number,
                hash=f"{number:024d}",
                client_id=client_id,
                department_id=department_id,
                subject=subject,
                **values,
            )
        self.ids[subject] = made
        return made

    async def message(self, incident_id: int, kind: str, author: str, body: str, *files: str) -> int:
        """A part of a thread, with the names of its files."""
        async with self.change() as change:
            made = await change.insert(
                message,
                incident_id=incident_id,
                kind=kind,
                author=author,
                channel="email" if kind == "client" else "staff",
                body=body,
                created_at=self.now,
            )
            for number, name in enumerate(files):
                await change.insert(
                    attachment,
                    incident_id=incident_id,
                    message_id=made,
                    name=name,
                    media_type="application/pdf",
                    size=20_480 + number,
                    sha256="0" * 64,
                    created_at=self.now,
                )
        return made

    async def act(self, command: str, *ids: int, by: Actor | None = None, **answers: str) -> str:
        """Run a command of the table as a colleague would; returns its sentence."""
        run = by_id(command).run
        assert run is not None
        return (await run(self.desk, by or self.boss, ids, answers)).sentence

    @asynccontextmanager
    async def change(self) -> AsyncIterator[Change]:
        """A change of whatever kind."""
        async with self.desk.change(self.boss, "test.make") as change:
            yield change

    async def set(self, client_id: int, **values: Any) -> None:
        """Set columns of a client; whoever goes leaves their addresses to others."""
        async with self.change() as change:
            if values.get("deleted_at") or values.get("absorbed_into"):
                await change.update_where(identity, identity.c.client_id == client_id, {"live": False})
            await change.update(client, client_id, **values)


@asynccontextmanager
async def house(url: str, *, role: str = "agent", clock: Clock = utc_now) -> AsyncIterator[House]:
    """A desk with a boss, and with ``LOGIN``, who opens the console in this role."""
    async with await Desk.open(url, clock=clock) as desk:
        boss = await staff.first_admin(desk, "boss", "Bo Boss")
        mine = await add_staff(desk, boss, LOGIN, "Ann", role)
        yield House(url, desk, boss, Actor(mine, LOGIN, "Ann", role))


async def people(home: House, *given: str) -> list[int]:
    """Clients of these names, or of three."""
    return [await home.client(name) for name in given or ("Anna Kowalska", "Bartosz Kowal", "Celina Lis")]


async def crowd(home: House, count: int, name: Callable[[int], str] = "Client {:05d}".format) -> list[int]:
    """Many clients, in one change."""
    async with home.desk.change(home.boss, "client.import") as change:
        rows = [{"name": name(number), "status": "approved"} for number in range(count)]
        made = await change.insert_many(client, rows)
        mails = [
            {
                "client_id": one,
                "type": "email",
                "raw": f"c{number:05d}@crowd.example",
                "normalized": f"c{number:05d}@crowd.example",
            }
            for number, one in enumerate(made)
        ]
        await change.insert_many(identity, mails)
    return made


@dataclass(frozen=True)
class Everything:
    """A client who has everything, and what belongs to them."""

    client: int
    organization: int
    incident: int
    support: int
    closed_shop: int


async def client_with_everything(home: House) -> Everything:
    """Anna Kowalska: every fact of the client screen, and rows in every tab."""
    now = home.now
    acme = await home.organization("Acme sp. z o.o.", mail_domain=("acme.pl",))
    anna = await home.client(
        "Anna Kowalska",
        email=("anna@acme.pl", "anna.k@gmail.com"),
        mobile=("+48 601 555 010",),
        phone=("+48 22 555 01 99",),
        facebook=("anna.kowalska",),
        twitter=("annak",),
        linkedin=("anna-kowalska",),
        chat=("anna-chat",),
        organization="Acme sp. z o.o.",
        username="akowalska",
        external_id="K-000812",
        language="pl",
        time_zone="Europe/Warsaw",
        tags=("north", "vip"),
        address="ul. Polna 1",
        city="Warszawa",
        postcode="00-001",
        country="PL",
    )
    support = await home.department("Support")
    shop = await home.department("Workshop", open_to_all=False)
    burning = await home.incident(
        anna, support, 812, "Printer on fire", state="new", priority="high",
        due_at=now - timedelta(hours=2), owner_id=None,
    )  # fmt: skip
    await home.incident(
        anna, support, 815, "Cannot sign in", due_at=now + timedelta(minutes=40), owner_id=home.me.staff_id
    )
    await home.incident(anna, support, 700, "Old matter", state="closed")
    await home.message(burning, "client", "Anna Kowalska", "It burns since this morning.", "photo.pdf")
    await home.message(burning, "staff", "Bo Boss", "Which floor?")
    await home.message(burning, "note", "Bo Boss", "Keep calm, she is a manager.")
    await home.message(burning, "event", "the system", "State new -> open.")
    async with home.change() as change:
        await change.update(
            client, anna, birth_date=date(1980, 5, 17), incident_approval=True, portal="on",
            portal_scope="from_date", portal_from=date(2026, 1, 1), status_reason="checked by phone",
            status_by=home.boss.staff_id, status_at=now - timedelta(days=40),
        )  # fmt: skip
        await change.insert(organization_manager, organization_id=acme, client_id=anna, may_reply=True)
        await change.insert(favourite, client_id=anna, staff_id=home.me.staff_id)
        piotr = await change.insert(
            contact, client_id=anna, name="Piotr Bąk", job_title="Accountant", access="limited",
            is_primary=True,
        )  # fmt: skip
        await change.insert(
            identity, client_id=anna, contact_id=piotr, type="email", raw="piotr@acme.pl",
            normalized="piotr@acme.pl",
        )  # fmt: skip
        for level, text_ in (("warning", "Abroad until Friday, call the mobile only"), ("note", "Likes tea")):
            await change.insert(
                note, client_id=anna, author_id=home.boss.staff_id, level=level, text=text_,
                expires_at=now + timedelta(days=3) if level == "warning" else None,
            )  # fmt: skip
        for unit, amount, ends in (("minutes", 150, now + timedelta(days=9)), ("incidents", 4, None)):
            lot = await change.insert(
                credit_lot, client_id=anna, unit=unit, expires_at=ends, reason="Spring package",
                created_at=now,
            )  # fmt: skip
            await change.insert(
                credit_entry, lot_id=lot, client_id=anna, unit=unit, amount=amount,
                staff_id=home.boss.staff_id, reason="Spring package", created_at=now,
            )  # fmt: skip
        today = now.date()
        for number, due in (("FV/1", today + timedelta(days=9)), ("FV/2", today - timedelta(days=9))):
            await change.insert(
                invoice, client_id=anna, number=number, title="Support in March", amount=24_000,
                currency="PLN", issued_on=today - timedelta(days=20), due_on=due,
            )  # fmt: skip
        await change.insert(
            sla_target, client_id=anna, kind="request", priority="critical", first_response_minutes=15,
            resolution_minutes=120,
        )  # fmt: skip
    return Everything(anna, acme, burning, support, shop)
