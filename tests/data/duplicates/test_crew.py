"""Who helps: in order, started when needed, and a sentence where one of them is killed."""

import os
import signal

import pytest

from console.data.duplicates.crew import crew
from console.data.errors import Refused


def _process(_number: int) -> int:
    return os.getpid()


def _dies(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


async def test_answers_come_in_the_order_of_the_calls() -> None:
    async with crew(2) as helpers:
        assert [one async for one in helpers.calls(abs, range(-50, 0), many=True)] == list(range(50, 0, -1))


async def test_processes_are_started_for_much_and_then_used_for_little() -> None:
    async with crew(2) as helpers:
        assert {one async for one in helpers.calls(_process, range(3))} == {os.getpid()}
        assert helpers.width(many=False) == 1
        assert os.getpid() not in {one async for one in helpers.calls(_process, range(3), many=True)}
        assert os.getpid() not in {one async for one in helpers.calls(_process, range(3))}
    async with crew(1) as alone:
        assert {one async for one in alone.calls(_process, range(3), many=True)} == {os.getpid()}


async def test_a_helper_that_is_killed_is_told() -> None:
    async with crew(2) as helpers:
        made = helpers.calls(_dies, range(6), many=True)
        with pytest.raises(Refused, match="was killed, perhaps because memory ran out"):
            assert [one async for one in made] == []
