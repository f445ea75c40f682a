"""Databases that cannot be used: each a sentence that says what to do, and nothing changed."""

import asyncio
import multiprocessing
import os
import resource
import shutil
import socket
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from console.data import locations, staff
from console.data.desk import Desk, migrate
from console.data.errors import DatabaseBusy, DatabaseError
from console.data.records import Actor
from tests.data.rows import add_client, rows


async def _refusal(database: str | Path, *, create: bool = True) -> str:
    with pytest.raises(DatabaseError) as refused:
        await Desk.open(str(database), create=create)
    sentence = str(refused.value)
    assert sentence.endswith((".", "migrate"))
    return sentence


def _file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def _bytes(file: Path) -> bytes:
    return file.read_bytes()


def _write(file: Path, content: bytes) -> None:
    file.write_bytes(content)


@pytest.mark.parametrize("content", [b"name,email\nAnna,anna@example.org\n", b"x", b"\x00" * 5000])
async def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "clients.csv"
    _write(file, content)
    sentence = await _refusal(file)
    assert f"{file} is not a helpdesk database" in sentence
    with pytest.raises(DatabaseError, match="is not a helpdesk database"):
        await migrate(str(file))
    assert _bytes(file) == content
    assert _names(tmp_path) == ["clients.csv"]


async def test_a_file_that_only_begins_like_a_database(tmp_path: Path) -> None:
    file = tmp_path / "half.db"
    content = b"SQLite format 3\x00" + b"nonsense" * 1000
    _write(file, content)
    assert "damaged or not a helpdesk database" in await _refusal(file)
    assert _bytes(file) == content


async def test_a_database_that_was_cut_off(sqlite_url: str) -> None:
    whole = _bytes(_file(sqlite_url))
    _write(_file(sqlite_url), whole[: len(whole) // 2])

    async def works() -> None:
        async with await Desk.open(sqlite_url) as desk:
            await add_client(desk, await staff.first_admin(desk, "ann", "Ann"))

    with pytest.raises(DatabaseError, match="damaged"):
        await works()


async def test_a_folder(tmp_path: Path) -> None:
    assert f"{tmp_path} is a folder" in await _refusal(tmp_path)


async def test_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "is not a file" in await _refusal(tmp_path / "pipe")


async def test_a_missing_file_that_is_not_to_be_made(tmp_path: Path) -> None:
    assert "There is no database at" in await _refusal(tmp_path / "none.db", create=False)
    assert _names(tmp_path) == []


async def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    async with await Desk.open(str(tmp_path / "new" / "folder" / "helpdesk.db")) as desk:
        assert desk.created


async def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    _write(tmp_path / "file", b"")
    sentence = await _refusal(tmp_path / "file" / "folder" / "helpdesk.db")
    assert "cannot be made" in sentence
    assert "Choose another place" in sentence


def _as_nobody(work: Callable[[], None]) -> int | None:
    """Do it as a user whom permissions bind; a process of root forks and becomes nobody."""

    def bound() -> None:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        work()

    process = multiprocessing.get_context("fork").Process(target=bound)
    process.start()
    process.join()
    return process.exitcode


def _open_to_all(path: Path) -> None:
    """Let another user reach a temporary folder, where the tests run as root."""
    if os.geteuid() == 0:
        os.chown(path, 65534, 65534)


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that another user can reach, as those of pytest are not."""
    folder = Path(tempfile.mkdtemp())
    _open_to_all(folder)
    yield folder
    folder.chmod(0o700)
    shutil.rmtree(folder)


def test_a_file_that_may_not_be_read(place: Path) -> None:
    file = place / "helpdesk.db"
    file.write_bytes(b"SQLite format 3\x00")
    file.chmod(0)
    assert _as_nobody(lambda: _says(str(file), "cannot be read by you")) == 0


def test_a_folder_that_may_not_be_written(place: Path) -> None:
    place.chmod(0o555)
    assert _as_nobody(lambda: _says(str(place / "helpdesk.db"), "No file can be made in")) == 0
    assert list(place.iterdir()) == []


def test_a_file_that_may_only_be_read(place: Path, sqlite_url: str) -> None:
    file = place / "helpdesk.db"
    shutil.copyfile(sqlite_url.removeprefix("sqlite:///"), file)
    file.chmod(0o444)
    place.chmod(0o555)
    before = file.read_bytes()
    assert _as_nobody(lambda: _says(str(file), "read-only for you", write=True)) == 0
    assert file.read_bytes() == before


def _says(database: str, words: str, *, write: bool = False) -> None:
    """End the process with 0 if the refusal has these words."""

    async def opens() -> None:
        async with await Desk.open(database) as desk:
            if write:
                await staff.first_admin(desk, "ann", "Ann")

    try:
        asyncio.run(opens())
    except DatabaseError as error:
        if words in str(error):
            return
        raise
    raise AssertionError("not refused")


def _full_disk(url: str, bound: int) -> None:
    """Write until no file may grow; the refusal must say so, and what was written before must be whole."""

    async def fills() -> None:
        async with await Desk.open(url) as desk:
            ann = await staff.first_admin(desk, "ann", "Ann")
            resource.setrlimit(resource.RLIMIT_FSIZE, (bound, bound))
            try:
                for number in range(100_000):
                    await add_client(desk, ann, f"Client {number} " + "x" * 5000)
            except DatabaseError as error:
                if "no room to write" not in str(error):
                    raise
                return
            raise AssertionError("never full")

    asyncio.run(fills())


async def test_a_full_disk(sqlite_url: str) -> None:
    size = len(_bytes(_file(sqlite_url)))
    process = multiprocessing.get_context("spawn").Process(
        target=_full_disk, args=(sqlite_url, size + 200_000)
    )
    process.start()
    process.join()
    assert process.exitcode == 0
    async with await Desk.open(sqlite_url) as desk:
        assert await rows(desk, text("PRAGMA integrity_check")) == [("ok",)]
        written = await rows(desk, text("SELECT count(*) FROM client"))
        assert written == await rows(
            desk, text("SELECT count(*) FROM journal_entry WHERE action = 'client.add'")
        )


async def test_a_database_that_another_process_holds(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locations, "BUSY_SECONDS", 0.1)
    async with await Desk.open(sqlite_url) as desk:
        ann = await staff.first_admin(desk, "ann", "Ann")
        other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy, match="is busy: another process is writing"):
            await add_client(desk, ann)
        assert await rows(desk, text("SELECT * FROM client")) == []
        other.execute("ROLLBACK")
        other.close()
        await add_client(desk, ann)


async def test_a_server_that_does_not_run() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    sentence = await _refusal(f"postgresql://ann:secret@127.0.0.1:{port}/helpdesk")
    assert f"127.0.0.1:{port}/helpdesk cannot be reached" in sentence
    assert "secret" not in sentence


async def test_a_server_whose_name_is_unknown() -> None:
    assert "cannot be reached" in await _refusal("postgresql://ann@no-such-host.invalid/helpdesk")


async def test_a_wrong_password(postgresql_url: str) -> None:
    role, _, rest = postgresql_url.removeprefix("postgresql://").partition(":")
    sentence = await _refusal(f"postgresql://{role}:wrong@{rest.partition('@')[2]}")
    assert "refused the user or the password" in sentence
    assert "wrong" not in sentence


async def test_an_unknown_database(postgresql_url: str) -> None:
    sentence = await _refusal(f"{postgresql_url}_none")
    assert "does not exist. Create it with createdb" in sentence


async def test_a_server_that_goes_away_while_it_is_used(postgresql_url: str) -> None:
    backends = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    async with await Desk.open(postgresql_url) as desk:
        admin = await staff.first_admin(desk, "ann", "Ann")
        with pytest.raises(DatabaseError, match="cannot be reached"):
            await _terminated(desk, admin, backends)
        assert await rows(desk, text("SELECT * FROM client")) == []
        await add_client(desk, admin)


async def _terminated(desk: Desk, admin: Actor, backends: str) -> None:
    async with desk.change(admin, "client.add") as change:
        async with desk.read() as connection:
            await connection.execute(text(backends))
        await asyncio.sleep(0.2)  # until the end of the connection has arrived, too
        await change.connection.execute(text("SELECT 1"))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("mysql://localhost/x", "kind 'mysql' is not supported"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("postgresql://localhost", "names no database"),
        ("postgresql://localhost:port/x", "cannot be read"),
        ("://", "cannot be read"),
        ("https://example.org/helpdesk.db", "kind 'https' is not supported"),
    ],
)
async def test_a_wrong_address(given: str, words: str) -> None:
    sentence = await _refusal(given)
    assert words in sentence
    assert "Write " in sentence


@pytest.mark.parametrize("form", ["{}", "sqlite:///{}", "sqlite+pysqlite:///{}", "sqlite+aiosqlite:///{}"])
async def test_the_forms_of_a_file(tmp_path: Path, form: str) -> None:
    async with await Desk.open(form.format(tmp_path / "helpdesk.db")) as desk:
        assert desk.location.shown == str(tmp_path / "helpdesk.db")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+asyncpg"])
async def test_the_forms_of_a_server(postgresql_url: str, scheme: str) -> None:
    async with await Desk.open(postgresql_url.replace("postgresql", scheme, 1)) as desk:
        assert desk.location.shown.startswith("postgresql://helpdesk:***@")
