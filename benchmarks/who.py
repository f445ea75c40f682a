"""How long Who-is-this takes to answer: everything a caller may be known by, on a base that is there.

Run: python -m benchmarks.who --database /tmp/big.db (without one, a demonstration base of 20,000 clients is made).
What is asked is taken from the base itself; each question is asked first with whatever the page cache holds, then
nine times more. The target of SPEC row 8 is a second at a million clients.
"""

import argparse
import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from console.data import who
from console.data.desk import Desk
from console.data.models.clients import client
from console.data.models.incidents import incident
from console.data.models.organizations import organization

ROUNDS = 9
TARGET = 1000.0  # milliseconds


async def questions(connection: AsyncConnection) -> list[tuple[str, str]]:
    """What is asked, each with its name: of one client, one incident, one organization, and of nobody."""
    c, i, o = client.c, incident.c, organization.c
    known = select(c.id, c.name, c.email, c.mobile).where(
        c.email != "", c.mobile != "", c.deleted_at.is_(None)
    )
    one = (await connection.execute(known.limit(1))).one()
    case = (await connection.execute(select(i.number, i.hash).limit(1))).first()
    company = (await connection.execute(select(o.name, o.domains).where(o.domains != "").limit(1))).one()
    newest = select(i.client_id).where(i.client_id.is_not(None)).order_by(i.id.desc()).limit(5000)
    owners = list((await connection.execute(newest)).scalars())
    digits = "".join(letter for letter in one.mobile if letter.isdigit())
    of_incidents = (
        [
            ("incident number", f"INC-{case.number:06d}"),
            ("incident hash", case.hash),
            ("digits alone", str(case.number)),
            ("the busiest of late", str(statistics.mode(owners))),
        ]
        if case
        else []
    )
    return [
        *of_incidents,
        ("e-mail address", one.email),
        ("phone number", one.mobile),
        ("last six digits", digits[-6:]),
        ("last four digits", digits[-4:]),
        ("client id", str(one.id)),
        ("whole name", one.name),
        ("common name", one.name.split()[0]),
        ("mail domain", company.domains.split(",")[0]),
        ("organization", company.name),
        ("a mistyped name", f"{one.name}x"),
        ("an unknown name", "Qwzx Ytrvb"),
        ("an unknown address", "nobody@nowhere.example"),
        ("an unknown number", "+48 999 999 999"),
    ]


async def measured(desk: Desk, pasted: str) -> tuple[float, list[float], str]:
    """Milliseconds of the first answer and of those after it, and what was answered."""
    times, kind = [], ""
    for _ in range(ROUNDS + 1):
        begin = time.perf_counter()
        async with desk.read() as connection:
            kind = (await who.answer(connection, pasted, None, desk.now())).kind
        times.append((time.perf_counter() - begin) * 1000)
    return times[0], times[1:], kind


async def run(database: str) -> bool:
    """Print a row for each question; whether all came within the target."""
    print("| asked | answered | first | median | slowest |\n|---|---|---|---|---|")
    slowest = 0.0
    async with await Desk.open(database, create=False) as desk:
        async with desk.read() as connection:
            asked = await questions(connection)
        for name, pasted in asked:
            first, rest, kind = await measured(desk, pasted)
            slowest = max(slowest, first, *rest)
            print(
                f"| {name} | {kind} | {first:.0f} ms | {statistics.median(rest):.0f} ms | {max(rest):.0f} ms |"
            )
    print(f"\nThe slowest answer took {slowest:.0f} ms; the target is {TARGET:.0f} ms.")
    return slowest <= TARGET


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; exit code 1 where an answer took longer than the target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        database = given.database or str(Path(folder) / "who.db")
        if not given.database:
            make = ["-m", "console", "--database", database, "demo", "--no-open", "--clients", "20000"]
            subprocess.run([sys.executable, *make], check=True)
        return 0 if asyncio.run(run(database)) else 1


if __name__ == "__main__":
    sys.exit(main())
