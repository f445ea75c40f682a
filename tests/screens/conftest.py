"""Who sits at the console, and a desk for it."""

from collections.abc import AsyncIterator

import pytest

from console.data import staff
from tests.screens.making import LOGIN, House, house


@pytest.fixture(autouse=True)
def _who_sits_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff, "system_login", lambda: LOGIN)


@pytest.fixture
async def home(sqlite_url: str) -> AsyncIterator[House]:
    """A desk on SQLite where Ann is an agent."""
    async with house(sqlite_url) as home:
        yield home


@pytest.fixture
async def any_home(database_url: str) -> AsyncIterator[House]:
    """A desk on each engine in turn where Ann is an agent."""
    async with house(database_url) as home:
        yield home


@pytest.fixture
def url(home: House) -> str:
    """The URL of ``home``, for the console."""
    return home.url
