"""The first page reads what the console reads, and changes nothing."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from console import places
from console.data import clients, waiting
from console.data.clients import ClientQuery
from console.data.desk import Desk
from console.data.locations import locate
from console.data.records import ClientRow, Waiting
from console.data.staff import actor
from console.data.views import Reader
from console.demo.generate import make
from console.first_page.reading import PAGE, read
from console.layout.clients import KEYS
from console.screens import keys
from console.screens.beginning import record_of


def file_of(url: str) -> str:
    path = locate(url).path
    assert path is not None
    return str(path)


@pytest.mark.parametrize("count", [30, 150])
async def test_it_finds_the_first_page_of_the_list(sqlite_url: str, count: int) -> None:
    async with await Desk.open(sqlite_url) as desk:
        me = await actor(desk, places.login())
        await make(desk, me, clients=count, seed=4, force=False, tell=lambda *_: None)
        async with desk.change(me, "client.favourite") as change:
            await clients.set_favourite(
                change, [row.id for row in await first(desk, me.staff_id)][:3], on=True
            )
        rows = await first(desk, me.staff_id)
        async with desk.read() as connection:
            counts = await waiting.counts(connection)
        found = read(file_of(sqlite_url))
    assert found is not None
    assert Waiting(*found.waits) == counts
    assert any(found.waits)
    assert (found.name, found.role) == (me.name, me.role)
    assert tuple(map(record_of, found.rows)) == rows
    assert sum(row.favourite for row in found.rows) >= 3
    assert found.more is (count > PAGE)


async def first(desk: Desk, me: int | None) -> tuple[ClientRow, ...]:
    async with desk.read() as connection:
        page = await clients.page(connection, ClientQuery(), Reader(me, desk.now()), limit=PAGE)
    return page.rows


def test_who_is_not_of_the_staff_sees_nothing(sqlite_url: str) -> None:
    assert read(file_of(sqlite_url)) is None


async def test_bytes_in_place_of_a_name_are_left_to_the_console(sqlite_url: str) -> None:
    async with await Desk.open(sqlite_url) as desk:
        me = await actor(desk, places.login())
        await make(desk, me, clients=5, seed=4, force=False, tell=lambda *_: None)
    assert read(file_of(sqlite_url)) is not None
    with closing(sqlite3.connect(file_of(sqlite_url))) as database, database:
        database.execute("UPDATE client SET email = CAST('a@b.pl' AS BLOB)")
    assert read(file_of(sqlite_url)) is None


def test_what_is_no_database_of_ours_is_left_as_it_is(tmp_path: Path) -> None:
    text = tmp_path / "notes?#%.txt"
    text.write_text("no database")
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("CREATE TABLE client (id, name)")
    before = other.read_bytes()
    assert [read(str(path)) for path in (text, other, tmp_path, tmp_path / "none.db")] == [None] * 4
    assert (text.read_text(), other.read_bytes()) == ("no database", before)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes?#%.txt", "other.db"]


async def test_a_path_with_the_signs_of_an_address_is_a_path(sqlite_url: str, tmp_path: Path) -> None:
    strange = tmp_path / "100%?a#b.db"
    shutil.copyfile(file_of(sqlite_url), strange)
    async with await Desk.open(str(strange)) as desk:
        await actor(desk, places.login())
        assert read(str(strange)) is not None


def test_the_last_line_is_that_of_the_table_of_commands() -> None:
    assert list(KEYS) == keys.hints("clients", leave="quit")
