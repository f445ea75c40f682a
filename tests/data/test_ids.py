"""Ids: 64 bits, rising, of their own in every process and database."""

import asyncio
import time

import pytest
from sqlalchemy import select

from console.data import staff
from console.data.desk import Desk
from console.data.ids import NODES, IdFactory
from console.data.models.journal import node
from console.data.records import Actor
from tests.conftest import FrozenClock
from tests.data.rows import add_client, rows


def test_ids_of_one_process_rise_and_fit_into_64_bits() -> None:
    new_id = IdFactory(NODES - 1)
    made = [new_id() for _ in range(100_000)]
    assert made == sorted(set(made))
    assert made[-1] < 1 << 63


def test_ids_rise_though_the_clock_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    new_id = IdFactory(1)
    before = new_id()
    now = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: now - 3_600_000_000_000)
    assert new_id() > before


def test_ids_of_two_nodes_never_meet() -> None:
    one, two = IdFactory(1), IdFactory(2)
    assert {one() for _ in range(5000)}.isdisjoint({two() for _ in range(5000)})


async def test_each_process_on_a_database_has_a_node_of_its_own(
    database_url: str, clock: FrozenClock
) -> None:
    async with await Desk.open(database_url, clock=clock) as first:
        ann = await staff.first_admin(first, "ann", "Ann")
        others = [await Desk.open(database_url, clock=clock) for _ in range(5)]
        await asyncio.gather(*(add_client(desk, ann) for desk in others))
        claimed = await rows(first, select(node.c.number))
        assert len(claimed) == len(set(claimed)) == 6
        for desk in others:
            await desk.close()
        assert len(await rows(first, select(node.c.number))) == 1


async def test_a_claim_outlives_a_change_that_fails(desk: Desk) -> None:
    ann = Actor(None, "system", "the system", "admin", via="system")
    with pytest.raises(ZeroDivisionError):
        async with desk.change(ann, "test"):
            raise ZeroDivisionError
    assert len(await rows(desk, select(node))) == 1


async def test_a_claim_is_renewed_each_day(desk: Desk, admin: Actor, clock: FrozenClock) -> None:
    ((number, _),) = await rows(desk, select(node))
    clock.advance(days=2)
    await add_client(desk, admin)
    assert await rows(desk, select(node)) == [(number, clock.now())]


async def test_a_claim_that_others_took_for_dead_is_made_anew(
    desk: Desk, database_url: str, clock: FrozenClock
) -> None:
    ann = await staff.first_admin(desk, "ann", "Ann")
    clock.advance(days=31)
    async with await Desk.open(database_url, clock=clock) as other:
        await add_client(other, ann)
        assert len(await rows(desk, select(node))) == 1
        await add_client(desk, ann)
        assert len({row[0] for row in await rows(desk, select(node))}) == 2
