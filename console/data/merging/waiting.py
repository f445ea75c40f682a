"""Incidents that waited, or lay in spam, for the status of a client who has another one once they are merged."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from console.data import held, incidents
from console.data.change import Change
from console.data.records.merging import Choices

_WAITING = frozenset({"pending", "disapproved"})
_HEARD = frozenset({"approved", "pending"})


async def come_back(change: Change, rows: Mapping[int, Row[Any]], choices: Choices, status: str) -> None:
    """Incidents of those marked as spam stand where they did, where ``status`` afterwards is no longer that.

    To be asked before they move: what others have in spam was put there one by one, and stays.
    """
    marked = [one for one in _moving(choices) if rows[one].status == "spam"]
    if marked and status in _HEARD:
        await incidents.from_spam(change, marked)


async def go_on(change: Change, rows: Mapping[int, Row[Any]], choices: Choices, status: str) -> None:
    """What waited for an approval goes on with an approved survivor. To be asked once all has moved."""
    waited = any(rows[one].status in _WAITING for one in _moving(choices))
    if waited and status == "approved":
        await held.let_go(change, [choices.survivor])


def _moving(choices: Choices) -> tuple[int, ...]:
    """Whose incidents are the survivor's afterwards."""
    return choices.ids[:1] if "incidents" in choices.without else choices.ids
