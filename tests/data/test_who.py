"""Who-is-this: whatever is pasted is answered with the person it means, in every state they may be in."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from console.commands import by_id
from console.data import clients, contacts, organizations, purge, who
from console.data.change import Change
from console.data.desk import Desk
from console.data.drafts import ClientDraft, ContactDraft, OrganizationDraft
from console.data.models.billing import credit_entry, credit_lot, invoice
from console.data.models.clients import alias, client, identity
from console.data.models.departments import department
from console.data.models.incidents import incident, message
from console.data.models.notes import note
from console.data.models.organizations import organization, organization_manager
from console.data.records import Actor, Submission
from console.data.records.who import Answer, KnownClient
from console.data.submit import submit
from tests.conftest import FrozenClock
from tests.data.rows import add_incident

HASH = "9f8e7d6c5b4a39281706f5e4"


@dataclass
class World:
    """A desk with Anna of Acme and what belongs to her, and others."""

    desk: Desk
    admin: Actor
    ids: dict[str, int] = field(default_factory=dict)

    @asynccontextmanager
    async def change(self) -> AsyncIterator[Change]:
        async with self.desk.change(self.admin, "test.make") as change:
            yield change

    async def client(self, name: str, **more: Any) -> int:
        async with self.change() as change:
            self.ids[name] = await clients.add(change, ClientDraft(name=name, status="approved", **more))
        return self.ids[name]

    async def act(self, command: str, client_id: int, **answers: str) -> None:
        run = by_id(command).run
        assert run is not None
        await run(self.desk, self.admin, [client_id], answers)

    async def ask(self, pasted: str) -> Answer:
        async with self.desk.read() as connection:
            return await who.answer(connection, pasted, self.admin.staff_id, self.desk.now())

    async def known(self, pasted: str) -> KnownClient:
        answer = await self.ask(pasted)
        assert answer.client is not None, answer
        return answer.client

    async def name(self, pasted: str) -> str:
        """The name of the client or organization that is answered, '' for anything else."""
        answer = await self.ask(pasted)
        if answer.client is not None:
            return answer.client.client.name
        return answer.organization.name if answer.organization is not None else ""


@pytest.fixture
async def world(desk: Desk, admin: Actor) -> World:
    made = World(desk, admin)
    async with made.change() as change:
        acme = OrganizationDraft(name="Acme sp. z o.o.", mail_domain=("acme.pl",), external_id="ORG-7")
        made.ids["acme"] = await organizations.add(change, acme)
        made.ids["support"] = await change.insert(department, name="Support")
    anna = await made.client(
        "Anna Kowalska", email=("anna@acme.pl",), mobile=("+48 601 555 010",), phone=("22 555 01 99",),
        twitter=("@AnnaK",), linkedin=("https://www.linkedin.com/in/anna-kowalska",), username="anna.kowalska",
        external_id="K-000812", organization="Acme sp. z o.o.",
    )  # fmt: skip
    async with made.change() as change:
        piotr = ContactDraft(name="Piotr Bąk", email=("piotr@acme.pl",), phone=("+48 604 555 300",))
        made.ids["piotr"] = await contacts.add(change, anna, piotr)
        made.ids["printer"] = await add_incident(
            change, anna, made.ids["support"], 812, subject="Printer on fire", hash=HASH
        )
        await change.insert(
            invoice, client_id=anna, number="FV/2026/031", amount=24_000, currency="PLN",
            issued_on=date(2026, 1, 2), due_on=date(2026, 1, 16),
        )  # fmt: skip
    await made.client("Bartosz Lis", email=("bartek@gmail.com",), mobile=("+48 602 777 123",))
    return made


SPELLINGS = (
    "anna@acme.pl", "ANNA@ACME.PL", "Anna Kowalska <anna@acme.pl>", "mailto:anna@acme.pl?subject=Hello",
    "From: anna@acme.pl\nTo: support@desk.example", "+48 601 555 010", "0048601555010", "601-555-010",
    "tel:+48601555010", "5010", "555 010", "225550199", "@annak", "https://twitter.com/AnnaK", "x.com/annak",
    "https://www.linkedin.com/in/anna-kowalska/?x=1", "INC-000812", "inc-812", "#812", "Re: [INC-000812] Printer",
    HASH, HASH.upper(), f"[#{HASH}]", f"https://portal.example/i/{HASH}?x=1", f"support+{HASH}@desk.example",
    "anna.kowalska", "K-000812", "FV/2026/031", "invoice FV/2026/031", "Anna Kowalska", "ANNA  kowalska",
    "Kowalska Anna", "kowal", "  Anna Kowalska \n", "\u202dAnna Kowalska\u202c",
)  # fmt: skip


@pytest.mark.parametrize("pasted", SPELLINGS)
async def test_a_client_is_answered_however_they_are_named(world: World, pasted: str) -> None:
    assert await world.name(pasted) == "Anna Kowalska"


async def test_ids_of_all_records_lead_to_the_person(world: World) -> None:
    anna = world.ids["Anna Kowalska"]
    assert (await world.known(str(anna))).client.id == anna
    assert (await world.known(str(world.ids["printer"]))).client.id == anna
    assert await world.name(str(world.ids["acme"])) == "Acme sp. z o.o."
    found = await world.known(str(world.ids["piotr"]))
    assert (found.client.id, found.contact and found.contact.name) == (anna, "Piotr Bąk")


@pytest.mark.parametrize("pasted", ["piotr@acme.pl", "+48 604 555 300", "555300", "Piotr Bąk", "piotr bak"])
async def test_a_contact_leads_to_their_client_and_is_named(world: World, pasted: str) -> None:
    answer = await world.ask(pasted)
    assert answer.client is not None
    assert answer.found is not None
    assert answer.client.client.name == "Anna Kowalska"
    assert answer.client.contact is not None
    assert answer.client.contact.name == "Piotr Bąk"
    assert "Piotr Bąk" in answer.found.why


async def test_an_incident_leads_to_its_client_with_that_incident_first(world: World) -> None:
    async with world.change() as change:
        await add_incident(
            change, world.ids["Anna Kowalska"], world.ids["support"], 813, subject="Sooner due",
            due_at=world.desk.now() - timedelta(hours=1),
        )  # fmt: skip
    found = await world.known("INC-000812")
    assert found.incident is not None
    assert found.incident.number == 812
    assert [one.number for one in found.incidents] == [812, 813]
    assert [one.number for one in (await world.known("anna@acme.pl")).incidents] == [813, 812]


@pytest.mark.parametrize(
    "pasted", ["acme.pl", "@acme.pl", "https://www.acme.pl/kontakt", "Acme sp. z o.o.", "ORG-7"]
)
async def test_an_organization_is_answered_by_mail_domain_name_and_external_id(
    world: World, pasted: str
) -> None:
    answer = await world.ask(pasted)
    assert answer.kind == "organization"
    assert answer.organization is not None
    assert answer.organization.name == "Acme sp. z o.o."


async def test_an_unknown_address_of_a_known_company_is_answered_with_the_company(world: World) -> None:
    answer = await world.ask("New Man <new.man@acme.pl>")
    assert answer.kind == "organization"
    assert dict(answer.new) == {"name": "New Man", "email": "new.man@acme.pl"}
    assert (await world.ask("new.man@gmail.com")).kind == "nobody"


async def test_mail_domains_below_count_only_where_that_is_said(world: World) -> None:
    assert (await world.ask("x@pl.acme.pl")).kind == "nobody"
    async with world.change() as change:
        await organizations.add(change, OrganizationDraft(name="Północ", mail_domain=(".polnoc.pl",)))
    assert await world.name("x@mail.polnoc.pl") == "Północ"


async def test_a_one_time_sender_is_answered_with_what_they_sent(world: World) -> None:
    async with world.change() as change:
        for number in (900, 901):
            await change.insert(
                incident, number=number, hash=f"{number:024d}", department_id=world.ids["support"],
                channel="email", sender_name="Old Jim", sender_address="jim@else.example", subject=f"Hello {number}",
            )  # fmt: skip
    answer = await world.ask("Jim <jim@else.example>")
    assert answer.kind == "sender"
    assert answer.sender is not None
    assert (answer.sender.name, answer.sender.address) == ("Old Jim", "jim@else.example")
    assert [one.number for one in answer.sender.incidents] == [901, 900]
    named = await world.ask("INC-000900")
    assert named.sender is not None
    assert [one.number for one in named.sender.incidents] == [900, 901]


# Odd states: all are answered, none is "not found"


async def test_a_deleted_client_is_answered_by_all_they_had(world: World) -> None:
    anna = world.ids["Anna Kowalska"]
    await world.act("client.delete", anna)
    for pasted in (
        "anna@acme.pl",
        "+48 601 555 010",
        "555 010",
        "@annak",
        str(anna),
        "INC-000812",
        "K-000812",
    ):
        found = await world.known(pasted)
        assert (found.client.id, found.client.state) == (anna, "deleted"), pasted
    for pasted in ("Anna Kowalska", "anna.kowalska", "kowalska"):
        assert await world.name(pasted) == "Anna Kowalska", pasted


async def test_whoever_has_an_address_now_is_answered_not_who_had_it_before(world: World) -> None:
    await world.act("client.delete", world.ids["Anna Kowalska"])
    new = await world.client("Anna Nowa", email=("anna@acme.pl",))
    assert (await world.known("anna@acme.pl")).client.id == new


async def test_archived_banned_and_spam_clients_are_answered(world: World) -> None:
    anna = world.ids["Anna Kowalska"]
    await world.act("client.archive", anna)
    assert (await world.known("anna@acme.pl")).client.state == "archived"
    assert (await world.known("Kowalska")).client.state == "archived"
    await world.act("client.unarchive", anna)
    await world.act("client.ban", anna, reason="shouts", until="")
    found = (await world.known("601555010")).client
    assert (found.status, found.status_reason, found.status_by) == ("banned", "shouts", "Ann Admin")
    await world.act("client.unban", anna)
    await world.act("client.spam", anna, incidents="yes")
    spam = await world.known("INC-000812")
    assert (spam.client.status, spam.incidents[0].folder) == ("spam", "spam")


async def test_a_merged_client_leads_to_the_survivor_and_says_so(world: World) -> None:
    anna, old = world.ids["Anna Kowalska"], await world.client("Ania K", email=("ania@old.pl",))
    async with world.change() as change:
        await change.update_where(identity, identity.c.client_id == old, {"live": False})
        await change.update(client, old, absorbed_into=anna)
        await change.insert(alias, kind="email", value="even.older@old.pl", client_id=anna)
    for pasted in (str(old), "ania@old.pl"):
        answer = await world.ask(pasted)
        assert answer.found is not None
        assert (answer.found.id, answer.found.former) == (anna, "Ania K")
    assert (await world.known("even.older@old.pl")).client.id == anna


async def test_a_purged_client_is_said_to_be_purged(world: World, clock: FrozenClock) -> None:
    anna = world.ids["Anna Kowalska"]
    await world.act("client.delete", anna)
    await purge.purge(world.desk, world.admin, anna)
    answer = await world.ask(str(anna))
    assert (answer.kind, answer.purged_at) == ("purged", clock.now())
    assert (await world.ask("anna@acme.pl")).kind == "organization"


async def test_a_merged_organization_leads_to_the_survivor(world: World) -> None:
    async with world.change() as change:
        old = await organizations.add(change, OrganizationDraft(name="Old Acme", mail_domain=("oldacme.pl",)))
        await change.update_where(
            organization,
            organization.c.id == old,
            {"absorbed_into": world.ids["acme"]},
        )
    answer = await world.ask(str(old))
    assert answer.found is not None
    assert (answer.found.id, answer.found.former) == (world.ids["acme"], "Old Acme")


# Several, and nobody


async def test_a_shared_number_names_all_who_have_it_and_what_tells_them_apart(world: World) -> None:
    jan = await world.client("Jan Kowalski", mobile=("+48 601 555 010",), organization="Dom")
    await world.act("client.ban", jan, reason="rude", until="")
    answer = await world.ask("+48601555010")
    assert answer.kind == "several"
    told = [(one.name, one.organization, one.status, one.why) for one in answer.candidates]
    assert sorted(told) == [
        ("Anna Kowalska", "Acme sp. z o.o.", "approved", "phone number"),
        ("Jan Kowalski", "Dom", "banned", "phone number"),
    ]
    assert {one.name: one.seen_at is not None for one in answer.candidates} == {
        "Anna Kowalska": True,
        "Jan Kowalski": False,
    }
    assert (await world.known("anna@acme.pl")).same_number == ("Jan Kowalski",)


async def test_digits_may_be_an_incident_and_the_end_of_a_number(world: World) -> None:
    async with world.change() as change:
        await add_incident(change, world.ids["Anna Kowalska"], world.ids["support"], 7123, subject="Both")
    answer = await world.ask("7123")
    assert answer.kind == "several"
    assert [(one.name, one.why) for one in answer.candidates] == [
        ("Anna Kowalska", "INC-007123"),
        ("Bartosz Lis", "phone number"),
    ]
    assert (await world.known("#7123")).client.name == "Anna Kowalska"


async def test_those_in_use_come_before_those_who_are_gone(world: World) -> None:
    gone = await world.client("Anna Kowalska", email=("other@x.pl",))
    await world.act("client.delete", gone)
    answer = await world.ask("Anna Kowalska")
    assert [one.state for one in answer.candidates] == ["live", "deleted"]


async def test_of_more_than_can_be_shown_it_is_said_that_there_are_more(world: World) -> None:
    for number in range(23):
        await world.client("Jan Nowak", email=(f"jan{number}@x.pl",))
    answer = await world.ask("Jan Nowak")
    assert (answer.kind, len(answer.candidates), answer.more) == ("several", 20, True)


async def test_two_addresses_in_one_line_name_both(world: World) -> None:
    answer = await world.ask("anna@acme.pl; bartek@gmail.com")
    assert sorted(one.name for one in answer.candidates) == ["Anna Kowalska", "Bartosz Lis"]


async def test_typing_errors_come_near(world: World) -> None:
    for pasted in ("Kowalsak", "Ana Kowalska", "bartk@gmail.com", "Bartosz Lys"):
        answer = await world.ask(pasted)
        assert answer.kind == "nobody", pasted
        assert [one.name for one in answer.candidates], pasted


async def test_nobody_is_said_with_those_who_come_near(world: World) -> None:
    answer = await world.ask("Zenon Kowalska")
    assert answer.kind == "nobody"
    assert [one.name for one in answer.candidates] == ["Anna Kowalska"]
    for pasted in ("", " \n\x00", "+48 999 999 999", "zenon@nowhere.example"):
        answer = await world.ask(pasted)
        assert (answer.kind, answer.candidates) == ("nobody", ()), pasted


HOSTILE = (
    "a" * 10_000, "7" * 10_000, "anna " * 2_000, "\x00", "\ud800", "Anna\x00Kowalska' --", "' OR 1=1 --", "%", "_",
    'kowal* OR "x" NEAR/2 y', "-kowalska AND (", "9223372036854775807", "9223372036854775808", "-1", "INC-" + "9" * 18,
    "#999999999999999999", "\u202eaksla\u202c", "a@b." + "c" * 300, "٣٤٥", "x" * 64 + "@acme.pl", "~010555106",
    "mailto:%00@x.pl", "\n".join(["a b c"] * 5_000), "💥💥💥", "@", "#", "+", "INC-", "://", "https://",
)  # fmt: skip


@pytest.mark.parametrize("pasted", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_text_is_answered(world: World, pasted: str) -> None:
    answer = await world.ask(pasted)
    assert answer.kind in ("nobody", "several", "client", "organization")


# What is told


async def test_the_answer_tells_what_must_be_known(world: World) -> None:
    anna, now = world.ids["Anna Kowalska"], world.desk.now()
    async with world.change() as change:
        late = await add_incident(
            change, anna, world.ids["support"], 820, subject="Late", due_at=now - timedelta(hours=2),
            last_message_at=now,
        )  # fmt: skip
        for minutes, kind, body in (
            (50, "client", "It burns"),
            (40, "note", "secret"),
            (30, "staff", "On my way"),
        ):
            await change.insert(
                message, incident_id=late, kind=kind, channel="email", author="Tom", body=body,
                created_at=now - timedelta(minutes=minutes),
            )  # fmt: skip
        await change.insert(
            note, client_id=anna, author_id=world.admin.staff_id, level="warning", text="Abroad"
        )
        await change.insert(note, client_id=anna, author_id=world.admin.staff_id, level="note", text="Tea")
        lot = await change.insert(
            credit_lot, client_id=anna, unit="minutes", expires_at=now + timedelta(days=9), created_at=now
        )
        await change.insert(
            credit_entry, lot_id=lot, client_id=anna, unit="minutes", amount=90, created_at=now
        )
        await change.insert(department, name="Paid", billing="incident", credit_required=True)
        await change.insert(department, name="Closed", open_to_all=False)
        await change.insert(organization_manager, organization_id=world.ids["acme"], client_id=anna)
    found = await world.known("anna@acme.pl")
    assert [one.text for one in found.notes] == ["Abroad"]
    assert (found.overdue, [one.number for one in found.incidents]) == (1, [820, 812])
    assert found.invoices == (1, (("PLN", 24_000),))
    assert (found.minutes, found.credits, found.had_credit) == (90, 0, True)
    assert [lot.remaining for lot in found.lapsing] == [90]
    assert found.lacking == ("Paid",)
    assert [one.department for one in found.access if one.allowed] == ["Paid", "Support"]
    assert found.client.manages == ("Acme sp. z o.o.",)
    assert [(one.way, one.words, one.number) for one in found.last] == [
        ("to", "On my way", 820),
        ("from", "It burns", 820),
    ]


async def test_what_is_held_of_a_banned_client_is_the_last_thing_said(world: World) -> None:
    await world.act("client.ban", world.ids["Anna Kowalska"], reason="rude", until="")
    async with world.change() as change:
        await submit(change, Submission("email", "Let me in", "please", "anna@acme.pl"))
    found = await world.known("anna@acme.pl")
    assert found.held == 1
    assert [(one.way, one.words) for one in found.last] == [("held", "Let me in please")]


async def test_what_was_retracted_is_not_told(world: World) -> None:
    async with world.change() as change:
        wrong = await change.insert(
            message, incident_id=world.ids["printer"], kind="client", channel="email", body="Oops",
            created_at=world.desk.now(),
        )  # fmt: skip
        await change.insert(
            message, incident_id=world.ids["printer"], kind="event", channel="staff", body="retracted",
            retracts=wrong, created_at=world.desk.now(),
        )  # fmt: skip
    assert (await world.known("anna@acme.pl")).last == ()


# Bounded


# Tables that are empty here PostgreSQL takes whole, whatever index there is.
LARGE = ("client", "incident", "identity", "client_word", "message")


async def test_every_query_of_an_answer_is_served_by_an_index(world: World) -> None:
    await _crowd(world)
    asked: list[tuple[str, Any]] = []

    def remember(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        asked.append((statement, parameters))

    event.listen(world.desk.engine.sync_engine, "before_cursor_execute", remember)
    for pasted in (
        *SPELLINGS,
        "Piotr Bąk",
        "Zenon Kowalska Anna",
        "x@acme.pl",
        "jim@else.example",
        "812",
        "kow ann",
    ):
        await world.ask(pasted)
    event.remove(world.desk.engine.sync_engine, "before_cursor_execute", remember)
    plans = await _plans(world.desk, [one for one in asked if one[0].lstrip().startswith(("SELECT", "WITH"))])
    assert len(plans) > 50
    for statement, plan in plans:
        assert not _looks_through(plan), f"{_looks_through(plan)}\n{statement}"


async def _crowd(world: World) -> None:
    """Incidents of many others, so that one index is better than another."""
    async with world.change() as change:
        others = await change.insert_many(
            client, [{"name": f"C{n}", "status": "approved"} for n in range(300)]
        )
        kept = {"department_id": world.ids["support"], "channel": "call", "subject": "x"}
        rows = [
            {"number": n, "hash": f"{n:024d}", "client_id": others[n % 300], **kept}
            for n in range(50_000, 52_000)
        ]
        await change.insert_many(incident, rows)
    async with world.desk.quiet() as connection:
        await connection.execute(text("ANALYZE"))


def _looks_through(plan: list[str]) -> list[str]:
    """The lines of a plan that read a whole large table, or a whole index of one."""
    tables = "|".join(LARGE)
    sqlite = re.compile(rf"SCAN ({tables})(_\d+)?\b")
    sequential = re.compile(rf"Seq Scan on ({tables})\b")
    by_index = re.compile(rf"(Index|Index Only) Scan.* on ({tables})\b")
    found = [line for line in plan if sqlite.search(line) or sequential.search(line)]
    for line, below in zip(plan, [*plan[1:], ""], strict=True):
        if by_index.search(line) and "Index Cond" not in below:
            found.append(line)
    return found


async def _plans(desk: Desk, asked: list[tuple[str, Any]]) -> list[tuple[str, list[str]]]:
    explain = "EXPLAIN QUERY PLAN " if desk.engine.dialect.name == "sqlite" else "EXPLAIN "
    plans = []
    async with desk.read() as connection:
        if desk.engine.dialect.name == "postgresql":
            for how in ("seqscan", "mergejoin", "hashjoin"):  # what it prefers while tables are small
                await connection.execute(text(f"SET LOCAL enable_{how} = off"))
        for statement, parameters in {one[0]: one for one in asked}.values():
            rows = await connection.exec_driver_sql(explain + statement, parameters)
            plans.append((statement, [str(row[-1]) for row in rows]))
    return plans


async def test_all_of_it_is_read_in_a_few_queries(world: World) -> None:
    count = 0

    def counted(*_: Any) -> None:
        nonlocal count
        count += 1

    event.listen(world.desk.engine.sync_engine, "before_cursor_execute", counted)
    await world.ask("anna@acme.pl")
    event.remove(world.desk.engine.sync_engine, "before_cursor_execute", counted)
    assert count < 50
