"""The big base, built small: what is measured on it must be what staff would have."""

from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from benchmarks import base
from benchmarks.big.tables import AT
from console.data import clients, derived, texts
from console.data.clients import ClientQuery
from console.data.desk import Desk
from console.data.models import metadata
from console.data.models.incidents import OPEN, incident
from console.data.views import Reader

CLIENTS = 3000


def _built(path: Path) -> Path:
    base.build_clients(path, CLIENTS)
    base.build_incidents(path, CLIENTS * 2)
    return path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _built(tmp_path_factory.mktemp("base") / "base.db")


@pytest.fixture
def again(tmp_path: Path) -> Path:
    return _built(tmp_path / "again.db")


async def test_counters_list_columns_and_words_are_as_a_recount_would_make_them(built: Path) -> None:
    async with await Desk.open(str(built)) as desk, desk.read() as connection:
        assert await derived.differences(connection) == []
        assert await texts.differences(connection) == []


async def test_the_schema_is_whole_and_what_refers_to_others_finds_them(built: Path) -> None:
    async with await Desk.open(str(built)) as desk, desk.read() as connection:
        assert (await connection.execute(text("PRAGMA foreign_key_check"))).all() == []
        assert (await connection.execute(text("PRAGMA integrity_check"))).scalar_one() == "ok"
        found = set((await connection.execute(text("SELECT name FROM sqlite_master"))).scalars())
    assert {index.name for table in metadata.tables.values() for index in table.indexes} <= found


async def test_most_incidents_are_over_and_those_that_are_not_stand_in_the_lists(built: Path) -> None:
    async with await Desk.open(str(built)) as desk, desk.read() as connection:
        many = select(func.count()).select_from(incident)
        total = (await connection.execute(many)).scalar_one()
        open_ = (await connection.execute(many.where(text(OPEN)))).scalar_one()
        late = await clients.page(connection, ClientQuery(view="overdue"), Reader(None, AT))
    assert total == CLIENTS * 2
    assert 0 < open_ < total / 20
    assert late.rows


async def _rows(database: str) -> list[object]:
    async with await Desk.open(database) as desk, desk.read() as connection:
        people = text("SELECT id, name, email, mobile, organization_sort FROM client ORDER BY id")
        tickets = text("SELECT id, hash, client_id, state, due_at, subject FROM incident ORDER BY id")
        return [(await connection.execute(query)).all() for query in (people, tickets)]


async def test_it_is_the_same_every_time(built: Path, again: Path) -> None:
    assert await _rows(str(built)) == await _rows(str(again))


async def test_its_copy_on_postgresql_is_the_same(built: Path, postgresql_url: str) -> None:
    await base.copy_to(built, postgresql_url)
    assert await _rows(postgresql_url) == await _rows(str(built))
    async with await Desk.open(postgresql_url) as desk, desk.read() as connection:
        assert await derived.differences(connection) == []
        assert await texts.differences(connection) == []
        found = set((await connection.execute(text("SELECT indexname FROM pg_indexes"))).scalars())
    assert {index.name for table in metadata.tables.values() for index in table.indexes} <= found
