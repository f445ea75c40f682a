"""What every test may use: databases of both engines, a frozen clock, an open desk, an admin to act as."""

import contextlib
import fcntl
import gc
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Generator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

import hypothesis
import pytest

from tests import postgres, shared_dialects
from tests.databases import ENGINES, PostgresDatabases, SqliteFiles

if TYPE_CHECKING:
    from console.data.desk import Desk
    from console.data.records import Actor

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

shared_dialects.use()
RUN_FOLDER = pytest.StashKey[Path]()
ALIVE = pytest.StashKey[IO[str]]()
NOTHING_SKIPS = os.environ.get("CI") == "true"

# A slow machine is no bug; and new examples each run find more than the same ones again.
hypothesis.settings.register_profile("ci", deadline=None, derandomize=False, max_examples=30, print_blob=True)
hypothesis.settings.register_profile("thorough", hypothesis.settings.get_profile("ci"), max_examples=1000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_configure(config: pytest.Config) -> None:
    """Give the run a folder that its processes share, and a lock that tells when it has ended."""
    given = getattr(config, "workerinput", {}).get("run_folder")
    if given:
        config.stash[RUN_FOLDER] = Path(given)
        return
    place = Path(tempfile.gettempdir())
    _sweep(place)
    new = Path(tempfile.mkdtemp(prefix="helpdesk-new-", dir=place))
    config.stash[ALIVE] = (new / "alive").open("w")
    fcntl.flock(config.stash[ALIVE], fcntl.LOCK_EX)
    # Named so only now that it is locked, and so cannot be taken for a dead run's.
    config.stash[RUN_FOLDER] = new.rename(new.with_name(new.name.replace("-new-", "-run-")))


def _sweep(place: Path) -> None:
    """Remove the folders of runs that were killed."""
    for run in place.glob("helpdesk-run-*"):
        with contextlib.suppress(OSError), (run / "alive").open("r+") as alive:
            fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(run, ignore_errors=True)


def pytest_collection_finish() -> None:
    """Look for garbage among what tests make, and seldom: what was imported stays, and is most of all there is."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a parallel worker the run's folder."""
    node.workerinput["run_folder"] = str(node.config.stash[RUN_FOLDER])


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the run's PostgreSQL, if a test had started one."""
    alive = config.stash.get(ALIVE, None)
    if alive:
        alive.close()
        postgres.wait_until_gone(config.stash[RUN_FOLDER])
        shutil.rmtree(config.stash[RUN_FOLDER], ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Under CI=true a test that skips has failed: what it needs must be there."""
    return _without_skips((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a file that skips as a whole."""
    return _without_skips((yield))


def _without_skips(report: Report) -> Report:
    if NOTHING_SKIPS and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"Under CI=true nothing may skip. {reason}"
    return report


class FrozenClock:
    """A clock that stands still until a test moves it on."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """The time, in UTC."""
        return self._now

    def __call__(self) -> datetime:
        return self._now

    def advance(self, **duration: float) -> datetime:
        """Move on by days, hours, minutes and so on, as `timedelta` takes them; returns the new time."""
        self._now += timedelta(**duration)
        return self._now


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def sqlite_files(pytestconfig: pytest.Config) -> SqliteFiles:
    return SqliteFiles(pytestconfig.stash[RUN_FOLDER])


@pytest.fixture(scope="session")
def postgres_databases(pytestconfig: pytest.Config) -> PostgresDatabases:
    return PostgresDatabases(pytestconfig.stash[RUN_FOLDER])


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """The engine of this test's database; the test runs once on each."""
    name: str = request.param
    return name


@pytest.fixture
def sqlite_url(sqlite_files: SqliteFiles, tmp_path: Path) -> str:
    """A new SQLite database with all tables."""
    return sqlite_files.new(tmp_path)


@pytest.fixture
def postgresql_url(postgres_databases: PostgresDatabases) -> Iterator[str]:
    """A new PostgreSQL database with all tables."""
    url = postgres_databases.new()
    yield url
    postgres_databases.drop(url)


@pytest.fixture
def database_url(engine_name: str, request: pytest.FixtureRequest) -> str:
    """A new database with all tables, on each engine in turn."""
    url: str = request.getfixturevalue(f"{engine_name}_url")
    return url


@pytest.fixture
def empty_url(engine_name: str, tmp_path: Path, postgres_databases: PostgresDatabases) -> Iterator[str]:
    """A database without tables, on each engine in turn; on SQLite there is no file yet."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        url = postgres_databases.new_empty()
        yield url
        postgres_databases.drop(url)


@pytest.fixture
async def desk(database_url: str, clock: FrozenClock) -> AsyncIterator["Desk"]:
    """The open desk of a new database."""
    from console.data.desk import Desk

    desk = await Desk.open(database_url, clock=clock)
    yield desk
    await desk.close()


@pytest.fixture
async def admin(desk: "Desk") -> "Actor":
    """Ann, the first admin, in the console."""
    from console.data import staff

    return await staff.first_admin(desk, login="ann", name="Ann Admin")
