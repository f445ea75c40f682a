"""What the database itself refuses, and the schema's way from nothing to its newest revision."""

import asyncio
import multiprocessing
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Connection, event, insert, inspect, text, update
from sqlalchemy.exc import IntegrityError

from console.data import schema
from console.data.desk import Desk, migrate
from console.data.errors import DatabaseError, DatabaseNewer, DatabaseOlder, Refused
from console.data.locations import locate, make_engine
from console.data.migrations import HEAD, REVISIONS
from console.data.models import metadata
from console.data.models.billing import credit_lot, invoice
from console.data.models.clients import client, favourite, identity
from console.data.models.contacts import contact
from console.data.models.departments import department
from console.data.models.incidents import incident, message
from console.data.models.organizations import organization
from console.data.models.staff import staff
from console.data.records import Actor
from console.data.text_index import NAMES
from tests.data.rows import rows, value

# Every closed list of words, by table and column, with what the other columns of a row need.
WORDS: list[tuple[Any, str, dict[str, Any]]] = [
    (client, "status", {}),
    (client, "kind", {}),
    (client, "portal", {}),
    (identity, "type", {"client_id": 1, "raw": "x", "normalized": "x"}),
    (contact, "access", {"client_id": 1, "name": "X"}),
    (
        incident,
        "state",
        {"client_id": 1, "number": 9, "hash": "h" * 16, "channel": "call", "department_id": 3},
    ),
    (
        incident,
        "folder",
        {"client_id": 1, "number": 9, "hash": "h" * 16, "channel": "call", "department_id": 3},
    ),
    (
        incident,
        "priority",
        {"client_id": 1, "number": 9, "hash": "h" * 16, "channel": "call", "department_id": 3},
    ),
    (incident, "channel", {"client_id": 1, "number": 9, "hash": "h" * 16, "department_id": 3}),
    (message, "kind", {"incident_id": 4, "channel": "call", "created_at": 0}),
    (staff, "role", {"login": "x", "name": "X"}),
    (credit_lot, "unit", {"client_id": 1, "created_at": 0}),
    (department, "billing", {"name": "X"}),
]


@pytest.fixture
async def filled(desk: Desk, admin: Actor) -> Desk:
    """Two clients (1, 2), a department (3) and an incident (4) of the first."""
    async with desk.change(admin, "test.fill") as change:
        for number in (1, 2):
            await change.insert(client, id=number, name=f"Client {number}")
        await change.insert(department, id=3, name="Support")
        await change.insert(
            incident, id=4, number=1, hash="h" * 15 + "1", client_id=1, channel="call", department_id=3
        )
    return desk


async def _write(desk: Desk, table: Any, **values: Any) -> None:
    stamped = {"created_at": 0} if "created_at" in table.c else {}
    async with desk.quiet() as connection:
        await connection.execute(insert(table).values({"id": values.get("id", 99), **stamped, **values}))


async def _refused(desk: Desk, table: Any, **values: Any) -> None:
    with pytest.raises((IntegrityError, Refused)) as refused:
        await _write(desk, table, **values)
    assert IntegrityError in (type(refused.value), type(refused.value.__cause__))


@pytest.mark.parametrize(("table", "name", "rest"), WORDS, ids=lambda part: getattr(part, "name", ""))
async def test_a_word_outside_its_list_is_refused(
    filled: Desk, table: Any, name: str, rest: dict[str, Any]
) -> None:
    await _refused(filled, table, **{**rest, name: "nonsense"})


@pytest.mark.parametrize("kind", ["email", "facebook", "twitter", "linkedin", "chat"])
async def test_a_live_identity_is_unique_on_type_and_normalized(filled: Desk, kind: str) -> None:
    one = {"type": kind, "raw": "X", "normalized": "x"}
    await _write(filled, identity, id=10, client_id=1, **one)
    await _refused(filled, identity, id=11, client_id=2, **one)
    await _write(filled, identity, id=12, client_id=2, live=False, **one)
    await _refused_sql(filled, update(identity).where(identity.c.id == 12).values(live=True))


async def test_a_phone_may_be_of_many(filled: Desk) -> None:
    for number in (1, 2):
        await _write(
            filled, identity, id=10 + number, client_id=number, type="phone", raw="1", normalized="+1"
        )


async def test_an_identity_is_never_empty(filled: Desk) -> None:
    await _refused(filled, identity, client_id=1, type="email", raw="", normalized="")


async def test_a_client_has_at_most_one_primary_contact(filled: Desk) -> None:
    await _write(filled, contact, id=10, client_id=1, name="A", is_primary=True)
    await _refused(filled, contact, id=11, client_id=1, name="B", is_primary=True)
    await _write(filled, contact, id=12, client_id=2, name="C", is_primary=True)
    await _write(filled, contact, id=13, client_id=1, name="D", is_primary=True, deleted_at=0)


async def test_a_username_is_unique_among_live_clients(filled: Desk) -> None:
    await _write(filled, client, id=10, name="A", username="x")
    await _refused(filled, client, id=11, name="B", username="x")
    await _write(filled, client, id=12, name="C", username="x", deleted_at=0)


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (identity, {"client_id": 77, "type": "email", "raw": "x", "normalized": "x"}),
        (contact, {"client_id": 77, "name": "X"}),
        (client, {"name": "X", "organization_id": 77, "organization_by": "manual"}),
        (client, {"name": "X", "absorbed_into": 77}),
        (incident, {"client_id": 77, "number": 9, "hash": "h" * 16, "channel": "call", "department_id": 3}),
        (incident, {"client_id": 1, "number": 9, "hash": "h" * 16, "channel": "call", "department_id": 77}),
        (favourite, {"client_id": 1, "staff_id": 77}),
    ],
    ids=lambda part: getattr(part, "name", ""),
)
async def test_a_reference_to_nothing_is_refused(filled: Desk, table: Any, values: dict[str, Any]) -> None:
    await _refused(filled, table, **values)


async def test_what_others_refer_to_is_not_deleted(filled: Desk) -> None:
    await _refused_sql(filled, text("DELETE FROM client WHERE id = 1"))
    assert await value(filled, text("SELECT count(*) FROM client")) == 2


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (client, {"id": 50, "name": "X", "absorbed_into": 50}),
        (client, {"name": "X", "organization_by": "manual"}),
        (credit_lot, {"client_id": 1, "unit": "minutes", "remaining": -1}),
        (invoice, {"client_id": 1, "number": "1", "amount": -1, "issued_on": None, "due_on": None}),
        (incident, {"client_id": 1, "number": 9, "hash": "short", "channel": "call", "department_id": 3}),
        (incident, {"number": 9, "hash": "h" * 16, "channel": "call", "department_id": 3}),
        (incident, {"client_id": 1, "number": 1, "hash": "h" * 16, "channel": "call", "department_id": 3}),
        (organization, {"name": None}),
    ],
    ids=[
        "absorbed into itself",
        "assigned to none",
        "overspent",
        "invoice",
        "hash",
        "sender",
        "number",
        "name",
    ],
)
async def test_a_row_that_makes_no_sense_is_refused(filled: Desk, table: Any, values: dict[str, Any]) -> None:
    await _refused(filled, table, **values)


async def _refused_sql(desk: Desk, statement: Any) -> None:
    with pytest.raises((IntegrityError, Refused)) as refused:
        async with desk.quiet() as connection:
            await connection.execute(statement)
    assert IntegrityError in (type(refused.value), type(refused.value.__cause__))


# Migrations


async def test_the_models_equal_the_migrations(desk: Desk) -> None:
    def ours(name: str | None, kind: str, _parents: Any) -> bool:
        """The text index is the engine's own; there is no model of it."""
        return kind != "table" or not str(name).startswith(NAMES)

    def compared(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"include_name": ours})
        return [*compare_metadata(context, metadata)]

    async with desk.read() as connection:
        assert await connection.run_sync(compared) == []


async def test_the_checks_of_the_models_equal_those_of_the_migrations(desk: Desk) -> None:
    """Alembic does not compare these."""
    async with desk.read() as connection:
        found = await connection.run_sync(
            lambda sync: {
                (table, check["name"])
                for table in inspect(sync).get_table_names()
                for check in inspect(sync).get_check_constraints(table)
            }
        )
    expected = {
        (table.name, constraint.name)
        for table in metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert found == expected


async def test_opening_a_new_database_makes_its_tables(empty_url: str) -> None:
    async with await Desk.open(empty_url) as desk:
        assert desk.created
        assert await value(desk, text("SELECT version_num FROM alembic_version")) == HEAD
    async with await Desk.open(empty_url) as desk:
        assert not desk.created


async def test_an_empty_database_is_left_alone_where_none_is_to_be_made(postgres_empty: str) -> None:
    with pytest.raises(DatabaseError, match=r"is empty\. Run: helpdesk migrate"):
        await Desk.open(postgres_empty, create=False)
    assert await _tables(postgres_empty) == []


async def test_a_migration_that_fails_half_way_leaves_the_old_schema(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = schema._introduce

    async def fails(connection: Any) -> None:
        await real(connection)
        raise ZeroDivisionError

    monkeypatch.setattr(schema, "_introduce", fails)
    with pytest.raises(ZeroDivisionError):
        await migrate(empty_url)
    assert await _tables(empty_url) == []
    monkeypatch.undo()
    assert await migrate(empty_url) == ""
    assert await migrate(empty_url) == HEAD


def _die_in_the_middle(url: str) -> None:
    def killed(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "CREATE TABLE message" in statement:
            os._exit(9)

    location = locate(url)
    engine = make_engine(location)
    event.listen(engine.sync_engine, "before_cursor_execute", killed)
    asyncio.run(schema.upgrade(engine, location))


async def test_a_killed_migration_leaves_the_old_schema_and_can_be_run_again(empty_url: str) -> None:
    assert _in_a_process(_die_in_the_middle, empty_url) == 9
    assert await _tables(empty_url) == []
    assert await migrate(empty_url) == ""


def _open_once(url: str) -> None:
    async def opens() -> None:
        await (await Desk.open(url)).close()

    asyncio.run(opens())


async def test_processes_that_create_the_same_database_at_once_all_succeed(empty_url: str) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_open_once, args=(empty_url,)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    async with await Desk.open(empty_url) as desk:
        assert len(await rows(desk, text("SELECT version_num FROM alembic_version"))) == 1
        assert len(await rows(desk, text("SELECT value FROM about WHERE name = 'database'"))) == 1


def _in_a_process(work: Callable[[str], None], url: str) -> int | None:
    process = multiprocessing.get_context("spawn").Process(target=work, args=(url,))
    process.start()
    process.join()
    return process.exitcode


async def test_a_newer_schema_is_refused_and_says_to_upgrade(database_url: str) -> None:
    await _set_revision(database_url, "9999")
    with pytest.raises(DatabaseNewer, match=r"newer helpdesk.*Upgrade"):
        await Desk.open(database_url)
    with pytest.raises(DatabaseNewer, match="newer helpdesk"):
        await migrate(database_url)


async def test_an_older_schema_is_refused_and_says_to_migrate(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _set_revision(database_url, "0000")
    monkeypatch.setattr(schema, "REVISIONS", ("0000", *REVISIONS))
    with pytest.raises(DatabaseOlder, match=r"older schema 0000.*helpdesk migrate"):
        await Desk.open(database_url)


@pytest.mark.parametrize("with_alembic", [False, True])
async def test_the_database_of_another_program_is_refused_and_left_alone(
    empty_url: str, with_alembic: bool
) -> None:
    engine = make_engine(locate(empty_url))
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE invoices (id integer)"))
        if with_alembic:
            await connection.execute(text("CREATE TABLE alembic_version (version_num text)"))
            await connection.execute(text("INSERT INTO alembic_version VALUES ('a1b2c3')"))
    await engine.dispose()
    before = await _tables(empty_url)
    with pytest.raises(DatabaseError, match="another program"):
        await Desk.open(empty_url)
    with pytest.raises(DatabaseError, match="another program"):
        await migrate(empty_url)
    assert await _tables(empty_url) == before


@pytest.fixture
def postgres_empty(empty_url: str, engine_name: str, tmp_path: Path) -> str:
    """A database without tables that is there."""
    if engine_name == "sqlite":
        sqlite3.connect(tmp_path / "empty.db").close()
        (tmp_path / "empty.db").touch()
    return empty_url


async def _set_revision(url: str, revision: str) -> None:
    engine = make_engine(locate(url))
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})
    await engine.dispose()


async def _tables(url: str) -> list[str]:
    engine = make_engine(locate(url))
    async with engine.connect() as connection:
        found = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    await engine.dispose()
    return sorted(found)
