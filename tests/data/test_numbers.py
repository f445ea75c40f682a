"""Numbers of incidents never repeat, whoever takes them and whatever becomes of them; hashes are not guessed."""

import asyncio
import os
import subprocess
import sys

from sqlalchemy import select

from console.data.desk import Desk
from console.data.models.incidents import counter, incident
from console.data.numbers import new_hash
from console.data.records import Actor
from console.data.undo import undo_last
from tests.data.rows import add_incident, rows, value
from tests.data.submitting import client_of, departments, send

SENDER = """
import asyncio, sys
from console.data.desk import Desk
from tests.data.submitting import send

async def main():
    async with await Desk.open(sys.argv[1]) as desk:
        for number in range(25):
            await send(desk, sender=f"{sys.argv[2]}{number % 5}@acme.example")

asyncio.run(main())
"""


async def test_numbers_go_on_from_those_there_are(desk: Desk, admin: Actor) -> None:
    [support] = await departments(desk, admin)
    one = await client_of(desk, admin, "approved")
    async with desk.change(admin, "incident.import") as change:
        await add_incident(change, one, support, 4711)
    assert (await send(desk)).number == "INC-004712"
    assert (await send(desk)).number == "INC-004713"


async def test_a_number_taken_back_is_not_given_again(desk: Desk, admin: Actor) -> None:
    await departments(desk, admin)
    await client_of(desk, admin, "approved")
    await send(desk, admin)
    await undo_last(desk, admin)
    assert (await send(desk)).number == "INC-000002"


async def test_two_processes_at_once_never_take_the_same(desk: Desk, admin: Actor, database_url: str) -> None:
    await departments(desk, admin)

    def run(name: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", SENDER, database_url, name]
        there = {**os.environ, "PYTHONPATH": "."}
        return subprocess.run(command, check=False, capture_output=True, text=True, env=there)

    done = await asyncio.gather(*(asyncio.to_thread(run, name) for name in ("same", "same")))
    assert [one.returncode for one in done] == [0, 0], done
    numbers = [row[0] for row in await rows(desk, select(incident.c.number))]
    assert len(numbers) == len(set(numbers)) == 50
    assert await value(desk, select(counter.c.value)) >= max(numbers)
    clients = await rows(desk, select(incident.c.client_id).distinct())
    assert len(clients) == 5  # who wrote to both at once was registered once


def test_hashes_hold_96_random_bits() -> None:
    made = {new_hash() for _ in range(1000)}
    assert len(made) == 1000
    assert {len(one) for one in made} == {24}
    differing = [int(one, 16) for one in made]
    for bit in range(96):
        ones = sum(one >> bit & 1 for one in differing)
        assert 350 < ones < 650, bit
