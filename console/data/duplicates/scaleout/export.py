"""Forms, keys and weights as files."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from console.data.desk import Desk
from console.data.duplicates import candidates, models
from console.data.duplicates.block import kind_of, limit_of
from console.data.duplicates.form import FORM_VERSION
from console.data.duplicates.scaleout import folder as files
from console.data.duplicates.scaleout.folder import About
from console.data.models.base import milliseconds
from console.data.models.duplicates import duplicate_form

PIECE = 5_000
Told = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Exported:
    """How many clients were written, and how many postings of keys that two or more of them share."""

    clients: int
    postings: int
    model_version: int


async def export(desk: Desk, folder: Path, told: Told) -> Exported:
    """Write what is needed to score a base elsewhere into a new folder. Refused where the folder holds anything.

    ``told`` gets what is done, how much of it so far, and how much there is.
    """
    files.made(folder)
    at = milliseconds(desk.now())
    async with desk.read() as connection:
        model = await models.current(connection)
    clients = await _clients(desk, folder, told)
    postings = await _keys(desk, folder, told)
    found = About(
        files.FORMAT,
        FORM_VERSION,
        model.to_json(),
        *candidates.limits(clients),
        at,
        clients,
        postings,
    )
    files.keep(folder, found)
    return Exported(clients, postings, model.version)


async def _clients(desk: Desk, folder: Path, told: Told) -> int:
    """Write the forms, a page at a time; returns how many."""
    form = duplicate_form.c
    number, last = 0, -(1 << 63)
    with files.rows_to(folder, files.CLIENTS, files.OF_CLIENTS) as writer:
        while True:
            page = (
                select(form.client_id, form.form)
                .where(form.client_id > last, form.form != "")
                .order_by(form.client_id)
                .limit(PIECE)
            )
            async with desk.read() as connection:
                rows = (await connection.execute(page)).all()
            if not rows:
                return number
            writer.writerows(rows)
            number, last = number + len(rows), rows[-1].client_id
            told("clients", number, 0)


async def _keys(desk: Desk, folder: Path, told: Told) -> int:
    """Write the keys that make pairs, with their weights, and how many clients have what bears on scores."""
    number = 0
    with (
        files.rows_to(folder, files.KEYS, files.OF_KEYS) as keys,
        files.rows_to(folder, files.COUNTS, files.OF_COUNTS) as counts,
    ):
        for part in range(candidates.RANGES):
            async with desk.read() as connection:
                groups = await candidates.sharing(connection, part)
            for key, holders, members in groups:
                number += _write(keys, counts, key, holders, members)
            told("keys", part + 1, candidates.RANGES)
    return number


def _write(keys: Any, counts: Any, key: int, holders: int, members: str) -> int:
    kind = kind_of(key)
    if kind in candidates.TOLD and holders > 1:
        counts.writerow((key, min(holders, candidates.COUNTED)))
    if holders > limit_of(key):
        return 0
    weight = candidates.weight(kind, holders)
    keys.writerows([(key, one, weight) for one in members.split(",")])
    return holders
