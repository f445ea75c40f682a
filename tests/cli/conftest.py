"""A `helpdesk` command on a new SQLite file, or on each engine in turn."""

from pathlib import Path

import pytest

from tests.cli.running import Helpdesk


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def helpdesk(sqlite_url: str, home: Path) -> Helpdesk:
    """On a SQLite file that has tables and nothing in them."""
    return Helpdesk(home, sqlite_url)


@pytest.fixture
def helpdesk_on(database_url: str, home: Path) -> Helpdesk:
    """The same on each engine in turn."""
    return Helpdesk(home, database_url)
