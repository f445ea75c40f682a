"""Every payload as every text of the database, on every screen: the console lives, obeys nothing, stays aligned."""

from __future__ import annotations

import asyncio
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from rich.cells import cell_len

from console.data import staff
from console.data.models.billing import credit_entry, credit_lot, invoice
from console.data.models.clients import client, client_tag, identity, tag
from console.data.models.contacts import contact
from console.data.models.departments import department
from console.data.models.incidents import attachment, incident, message
from console.data.models.notes import note
from console.data.models.organizations import mail_domain, organization, organization_manager
from console.screens.client_tabs import CLIENT_TABS
from console.screens.organization_tabs import ORGANIZATION_TABS
from console.widgets.status_line import StatusLine
from tests.databases import SqliteFiles
from tests.hostile.payloads import LONG, PAYLOADS, TERMINAL
from tests.screens.driving import (
    Console,
    fill,
    lines,
    open_console,
    place,
    press,
    screen,
    settle,
    text,
    the_app,
    type_filter,
)
from tests.screens.making import LOGIN, House, house
from tests.widgets.drawing import foreign_characters

# The guard leaves the emoji joiner and selector where a text field shows them, counted with their neighbours.
WIDTH_CHANGING = set("\u200d\ufe0f")
SHORT = 3_000
"""Characters of the endless payloads that go where names go; bodies and notes get them whole."""
TALL = (80, 400)
EVERY_SO_MANY = 10
"""Of the records with one payload each only so many are opened; all of them stand in the lists."""


def storable(payload: str) -> str:
    """What a database takes: NUL and lone surrogates are refused at its door."""
    return payload.replace("\x00", "\x01").encode("utf-8", "replace").decode("utf-8")


@pytest.fixture(autouse=True)
def _who_sits_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff, "system_login", lambda: LOGIN)


class Poisoned:
    """A client, an organization and an incident for each payload, with the payload in each of their texts.

    ``all`` are a client and an incident that have every payload in every one of their lists.
    """

    def __init__(self) -> None:
        self.all = (0, 0)
        self.clients: dict[str, int] = {}
        self.organizations: dict[str, int] = {}
        self.incidents: dict[str, int] = {}


async def poison_one_with_all(home: House) -> tuple[int, int]:
    async with home.change() as change:
        one = await change.insert(client, name="All")
        desk = await change.insert(department, name="Desk")
        about = await change.insert(
            incident, number=9999, hash="9" * 20, client_id=one, department_id=desk, channel="email"
        )
        for number, payload in enumerate(PAYLOADS.values()):
            short = storable(payload)[:SHORT]
            for kind in ("email", "phone", "facebook", "chat"):
                await change.insert(
                    identity, client_id=one, type=kind, raw=short[:200], normalized=f"all {kind}{number}"
                )
            await change.insert(contact, client_id=one, name=short, job_title=short)
            await change.insert(note, client_id=one, author_id=home.boss.staff_id, text=short)
            lot = await change.insert(
                credit_lot, client_id=one, unit="minutes", reason=short, created_at=home.now
            )
            await change.insert(
                credit_entry, lot_id=lot, client_id=one, unit="minutes", amount=90, reason=short,
                created_at=home.now,
            )  # fmt: skip
            await change.insert(
                invoice, client_id=one, number=f"all {number}{short}", title=short, amount=5,
                issued_on=home.now.date(), due_on=home.now.date(),
            )  # fmt: skip
            await change.insert(
                incident, number=number + 1000, hash=f"1{number:020d}", client_id=one, department_id=desk,
                channel="email", subject=short,
            )  # fmt: skip
            part = await change.insert(
                message, incident_id=about, kind="client", author=short, channel="email", body=short[:500],
                created_at=home.now,
            )  # fmt: skip
            await change.insert(
                attachment, incident_id=about, message_id=part, name=short, media_type=short, size=1,
                sha256="0" * 64, created_at=home.now,
            )  # fmt: skip
    return one, about


async def poison(home: House) -> Poisoned:
    made = Poisoned()
    made.all = await poison_one_with_all(home)
    for number, (name, payload) in enumerate(PAYLOADS.items()):
        whole = storable(payload)
        short = whole[:SHORT]
        async with home.change() as change:
            owner = await change.insert(
                organization, name=short, phone=short, website=short, remarks=short, external_id=short,
                street=short, city=short, postcode=short, country=short,
            )  # fmt: skip
            await change.insert(mail_domain, organization_id=owner, domain=f"{number}{short}")
            one = await change.insert(
                client, name=short, status="banned", status_reason=short, username=f"{number}{short}",
                external_id=short, street=short, city=short, postcode=short, country=short, language=short,
                time_zone=short, organization_id=owner, organization_by="manual",
                status_by=home.boss.staff_id, status_at=home.now,
            )  # fmt: skip
            await change.insert(organization_manager, organization_id=owner, client_id=one)
            for kind in ("email", "phone", "facebook", "twitter", "linkedin", "chat"):
                await change.insert(
                    identity, client_id=one, type=kind, raw=short, normalized=f"{kind}{number}",
                    mobile=number % 2 == 0,
                )  # fmt: skip
            tagged = await change.insert(tag, name=f"{number}{short}")
            await change.insert(client_tag, client_id=one, tag_id=tagged)
            person = await change.insert(contact, client_id=one, name=short, job_title=short, street=short)
            await change.insert(
                identity, client_id=one, contact_id=person, type="email", raw=short,
                normalized=f"contact{number}",
            )  # fmt: skip
            for level in ("note", "warning"):
                await change.insert(
                    note, client_id=one, author_id=home.boss.staff_id, level=level, text=whole
                )
            lot = await change.insert(
                credit_lot, client_id=one, unit="minutes", reason=short, created_at=home.now
            )
            await change.insert(
                credit_entry, lot_id=lot, client_id=one, unit="minutes", amount=90, reason=short,
                created_at=home.now,
            )  # fmt: skip
            await change.insert(
                invoice, client_id=one, number=f"{number}{short}", title=short, amount=5,
                issued_on=home.now.date(), due_on=home.now.date(),
            )  # fmt: skip
            desk = await change.insert(department, name=f"{number}{short}")
            about = await change.insert(
                incident, number=number + 1, hash=f"{number:020d}", client_id=one, department_id=desk,
                channel="email", subject=short, held_reason=short, sender_name=short, sender_address=short,
                due_at=home.now - timedelta(hours=1),
            )  # fmt: skip
            for kind in ("client", "staff", "note", "event"):
                part = await change.insert(
                    message, incident_id=about, kind=kind, author=short, channel="email", body=whole,
                    created_at=home.now,
                )  # fmt: skip
                await change.insert(
                    attachment, incident_id=about, message_id=part, name=short, media_type=short, size=1,
                    sha256="0" * 64, created_at=home.now,
                )  # fmt: skip
            change.entry.reason = change.entry.detail = short
            change.entry.object_type, change.entry.object_id = "client", one
            change.entry.client_id = one
        made.clients[name], made.organizations[name], made.incidents[name] = one, owner, about
    return made


@pytest.fixture(scope="module")
def poisoned_url(tmp_path_factory: pytest.TempPathFactory, sqlite_files: SqliteFiles) -> tuple[str, Poisoned]:
    url = sqlite_files.new(tmp_path_factory.mktemp("poison"))

    async def fill() -> Poisoned:
        async with house(url) as home:
            return await poison(home)

    with ThreadPoolExecutor(1) as thread:
        return url, thread.submit(asyncio.run, fill()).result()


def some(records: dict[str, int]) -> list[tuple[str, int]]:
    """The longest payloads, and of the others one in so many."""
    found = list(records.items())
    return [pair for place, pair in enumerate(found) if place % EVERY_SO_MANY == 0 or pair[0] in LONG]


def assert_inert(pilot: Console, where: str) -> None:
    """Every line is as wide as the terminal, and nothing but the console's own sequences would be written."""
    app = pilot.app
    assert app.is_running, where
    status = app.screen.query_one(StatusLine)
    assert status.kind != "error", f"{where}: {status.text}"
    for line in lines(pilot):
        assert cell_len(line) == app.size.width, where
        foreign = {c for c in line if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
        assert foreign == set(), where
    written = app.screen._compositor.render_full_update().render_segments(app.console)
    assert foreign_characters(written) == set(), where


async def test_lists_of_poison(poisoned_url: tuple[str, Poisoned]) -> None:
    url, made = poisoned_url
    for size in ((80, 24), (180, 60)):
        async with open_console(url, size) as pilot:
            for tab in ("1", "2"):
                await press(pilot, tab)
                seen = 0
                while True:
                    assert_inert(pilot, f"list {tab} at {size}")
                    header = lines(pilot)[2]
                    if tab == "1":
                        at = cell_len(header[: header.rindex("status")])
                        rows = [line for line in lines(pilot)[3:] if "banned" in line]
                        assert all(cell_len(row[: row.rindex("banned")]) == at for row in rows)
                        seen += len(rows)
                    before = text(pilot)
                    await press(pilot, "pagedown")
                    if text(pilot) == before:
                        break
                if tab == "1":
                    assert seen >= len(made.clients)


async def test_every_payload_in_every_list_of_a_client_and_in_a_thread(
    poisoned_url: tuple[str, Poisoned],
) -> None:
    url, made = poisoned_url
    async with open_console(url, TALL) as pilot:
        the_app(pilot).open_record("client", made.all[0])
        await settle(pilot)
        for tab in CLIENT_TABS:
            assert_inert(pilot, tab.title)
            await press(pilot, "pagedown")
            assert_inert(pilot, tab.title)
            await press(pilot, "right")
        the_app(pilot).open_record("incident", made.all[1])
        await settle(pilot)
        for key in ("g", "pagedown", "G"):
            await press(pilot, key)
            assert_inert(pilot, key)


async def test_clients_of_poison_on_every_tab(poisoned_url: tuple[str, Poisoned]) -> None:
    url, made = poisoned_url
    async with open_console(url) as pilot:
        for name, one in some(made.clients):
            the_app(pilot).open_record("client", one)
            await settle(pilot)
            assert place(pilot) == "client"
            for tab in CLIENT_TABS:
                assert_inert(pilot, f"{name} on {tab.title}")
                await press(pilot, "right")
            await press(pilot, "q")


async def test_organizations_of_poison_on_every_tab(poisoned_url: tuple[str, Poisoned]) -> None:
    url, made = poisoned_url
    async with open_console(url, (100, 30)) as pilot:
        for name, one in some(made.organizations):
            the_app(pilot).open_record("organization", one)
            await settle(pilot)
            for tab in ORGANIZATION_TABS:
                assert_inert(pilot, f"{name} on {tab.title}")
                await press(pilot, "right")
            await press(pilot, "q")


async def test_incidents_of_poison_from_end_to_beginning(poisoned_url: tuple[str, Poisoned]) -> None:
    url, made = poisoned_url
    async with open_console(url) as pilot:
        for name, one in some(made.incidents):
            the_app(pilot).open_record("incident", one)
            await settle(pilot)
            for key in ("g", "pagedown", "G"):
                await press(pilot, key)
                assert_inert(pilot, f"{name}: {key}")
            await press(pilot, "q")


async def test_rows_of_poison_opened_to_read(poisoned_url: tuple[str, Poisoned]) -> None:
    url, made = poisoned_url
    wanted = ("contacts", "notes", "credit", "invoices", "history")
    async with open_console(url) as pilot:
        for name, one in some(made.clients)[::2]:
            the_app(pilot).open_record("client", one)
            await settle(pilot)
            for tab in CLIENT_TABS:
                if tab.id in wanted:
                    await press(pilot, "enter")
                    assert place(pilot) == "reading", f"{name} on {tab.title}"
                    assert_inert(pilot, f"{name}: read on {tab.title}")
                    await press(pilot, "q")
                await press(pilot, "right")
            await press(pilot, "q")


async def test_actions_on_poison_name_it_safely(poisoned_url: tuple[str, Poisoned]) -> None:
    url, made = poisoned_url
    async with open_console(url) as pilot:
        for name, one in some(made.clients):
            the_app(pilot).open_record("client", one)
            await settle(pilot)
            for key in ("b", "a", "m"):
                await press(pilot, key)
                assert_inert(pilot, f"{name}: {key}")
                await press(pilot, "ctrl+g")
            await press(pilot, "f")
            assert_inert(pilot, f"{name}: favourite")
            await press(pilot, "u")
            assert_inert(pilot, f"{name}: undo")
            await press(pilot, "q")


async def test_answers_about_poison_and_to_poison(poisoned_url: tuple[str, Poisoned]) -> None:
    url, made = poisoned_url
    async with open_console(url) as pilot:
        asked = {f"about {name}": str(one) for name, one in some(made.clients)}
        asked |= {f"of {name}": str(one) for name, one in some(made.organizations)}
        for where, pasted in {**asked, "all": str(made.all[0]), "thread": "INC-009999", **PAYLOADS}.items():
            the_app(pilot).open_who(pasted)
            await settle(pilot)
            assert place(pilot) == "who", where
            assert_inert(pilot, where)


async def test_poison_in_the_filter_and_in_questions_finds_and_harms_nothing(
    poisoned_url: tuple[str, Poisoned],
) -> None:
    url, _ = poisoned_url
    async with open_console(url) as pilot:
        for payload in list(PAYLOADS.values())[::2]:
            await type_filter(pilot, storable(payload)[:SHORT])
            assert pilot.app.is_running
            for line in lines(pilot):
                bad = {c for c in line if unicodedata.category(c) in ("Cc", "Cf", "Cs")}
                assert bad <= WIDTH_CHANGING
        await type_filter(pilot, "")


async def test_poison_typed_as_a_name_is_refused_in_a_sentence_or_kept_as_it_is(sqlite_url: str) -> None:
    async with house(sqlite_url) as home, open_console(home.url) as pilot:
        for number, payload in enumerate(list(TERMINAL.values())[::4]):
            await press(pilot, "1", "n")
            await fill(pilot, name=payload[:200], email=f"p{number}@mail.example")
            await press(pilot, "f2")
            assert pilot.app.is_running
            written = pilot.app.screen._compositor.render_full_update().render_segments(pilot.app.console)
            assert foreign_characters(written) <= WIDTH_CHANGING
            assert screen(pilot).said != "" or place(pilot) == "client"
            await press(pilot, "f5", "ctrl+g", "1")
