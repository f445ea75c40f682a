"""Builds the big base: python -m benchmarks.base FILE [--clients N] [--incidents] [--copy-to postgresql://…].

Everything is made up and the same every time, as of ``tables.AT``. It is written in bulk through the real schema;
``derived.differences`` finds nothing. ``--incidents`` adds ten incidents a client to a file made before.
"""

import argparse
import asyncio
import random
import time
from pathlib import Path

from sqlalchemy import select

from benchmarks.big import clients, incidents, organizations, postgres
from benchmarks.big.clients import Home
from benchmarks.big.tables import AT, PIECE, loading, spread
from console.data import staff, texts
from console.data.desk import Desk
from console.data.duplicates import store
from console.data.models.clients import tag
from console.data.models.departments import department
from console.data.models.staff import staff as people
from console.demo import house
from console.demo.writer import Writer

CLIENTS = 1_000_000
SEED = 1
_OF_CLIENTS = spread(
    "organization mail_domain organization_word client identity contact client_tag note favourite client_word"
)
_OF_INCIDENTS = ("incident", "message", "client", "organization")


def build_clients(path: Path, count: int) -> None:
    """Make a new SQLite file with this many clients, and an organization for each twenty."""
    home = asyncio.run(_house(path))
    rng = random.Random(SEED)
    with loading(path, _OF_CLIENTS) as connection:
        firms = organizations.make(connection, rng, max(1, count // organizations.CLIENTS_EACH))
        clients.Maker(connection, rng, home, firms).make(count)
    asyncio.run(_index_texts(str(path), texts.NOTES))
    asyncio.run(_normalize(str(path)))


def build_incidents(path: Path, count: int) -> None:
    """Add this many incidents, each with a message, to a file with clients."""
    home = asyncio.run(_home(path))
    with loading(path, _OF_INCIDENTS) as connection:
        incidents.make(connection, random.Random(SEED), home, count)
    asyncio.run(_index_texts(str(path), texts.SUBJECTS, texts.MESSAGES))


async def copy_to(path: Path, url: str) -> None:
    """Copy a file made before into an empty PostgreSQL database."""
    async with await Desk.open(url) as desk:
        await postgres.copy(path, desk)
    await _index_texts(url, *texts.PROSE.values())


async def _index_texts(database: str, *kinds: texts.Prose) -> None:
    """Take the words of all texts of these kinds into the index, which has none of them yet."""
    async with await Desk.open(database) as desk:
        for prose in kinds:
            last, number = -1, PIECE
            while number == PIECE:
                async with desk.quiet() as connection:
                    last, number = await texts.fill(prose, connection, last, PIECE)


async def _normalize(database: str) -> None:
    """Make what duplicates are found by."""
    async with await Desk.open(database) as desk:
        last, number = -1, PIECE
        while number == PIECE:
            async with desk.quiet() as connection:
                last, number = await store.fill(connection, last, PIECE)
        await store.key_waiting(desk)


async def _house(path: Path) -> Home:
    """Staff, departments, targets and tags; whoever builds it is its admin."""
    async with await Desk.open(str(path), clock=lambda: AT) as desk:
        admin = await staff.actor(desk, staff.system_login())
        async with desk.change(admin, "demo.make", bulk=True) as change:
            change.entry.fixed = "Made for measuring; it is taken away by deleting its database."
            writer = Writer(change)
            home = await house.build(writer, admin.staff_id or 0, admin.name)
            await house.assign(writer, home)
    return await _home(path)


async def _home(path: Path) -> Home:
    async with await Desk.open(str(path), create=False) as desk, desk.read() as connection:
        agents = select(people.c.id).where(people.c.role != "viewer").order_by(people.c.id)
        served = select(department.c.id).order_by(department.c.name)
        tags = await connection.execute(select(tag.c.id, tag.c.name).order_by(tag.c.name))
        return Home(
            tuple((await connection.execute(agents)).scalars()),
            tuple((row.id, row.name) for row in tags),
            tuple((await connection.execute(served)).scalars()),
        )


def main() -> None:
    """Build what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--incidents", action="store_true")
    parser.add_argument("--copy-to", metavar="URL")
    given = parser.parse_args()
    begun = time.monotonic()
    if not given.file.exists():
        build_clients(given.file, given.clients)
        print(f"{given.clients:,} clients in {time.monotonic() - begun:.0f} s", flush=True)
    if given.incidents:
        build_incidents(given.file, given.clients * incidents.EACH)
        print(f"with {given.clients * incidents.EACH:,} incidents after {time.monotonic() - begun:.0f} s")
    if given.copy_to:
        asyncio.run(copy_to(given.file, given.copy_to))
        print(f"copied after {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
