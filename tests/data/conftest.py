"""What only the tests of the data layer use."""

from collections.abc import AsyncIterator

import pytest

from console.data import staff
from console.data.desk import Desk
from console.data.records import Actor
from tests.colleagues import add_staff


@pytest.fixture
async def unchanged_desk(sqlite_url: str) -> AsyncIterator[Desk]:
    """A desk for what does not depend on the engine."""
    async with await Desk.open(sqlite_url) as desk:
        yield desk


@pytest.fixture
async def unchanged_admin(unchanged_desk: Desk) -> Actor:
    return await staff.first_admin(unchanged_desk, "ann", "Ann Admin")


@pytest.fixture
async def agent(desk: Desk, admin: Actor) -> Actor:
    """Bob, an agent beside Ann."""
    await add_staff(desk, admin, "bob", "Bob Agent", "agent")
    return await staff.actor(desk, "bob")
