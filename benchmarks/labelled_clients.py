"""Makes labelled clients of a helpdesk: python -m benchmarks.labelled_clients OUT.csv.gz [--records N] [--seed S].

The columns are those of ``shared/duplicates/clients_50k.csv.gz``; ``cluster`` says which records are one client. People
(private, in households, employed) and companies (with branches) are made first, as they are; then each is written down
once or several times, as staff, forms and mail write people down. ``--noise`` makes all mishaps more or less likely,
``--families`` is the share of private people who live in a household with others. The same arguments make the same.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from benchmarks.labelled_countries import spread
from benchmarks.labelled_people import World
from benchmarks.labelled_writing import Writer

COLUMNS = spread("unique_id kind name emails phones handles org domain street city postcode country cluster")
_TIMES = ((1, 2, 3, 4, 5, 6), (745, 165, 50, 20, 12, 8))  # records of a client, and how often


def records(number: int, seed: int, noise: float, families: float) -> Iterator[dict[str, str]]:
    """This many records, those of one client one behind the other."""
    rng = random.Random(seed)
    world, writer = World(rng, number, families), Writer(rng, noise)
    made = 0
    for cluster, client in enumerate(world.clients()):
        for written in range(rng.choices(*_TIMES)[0]):
            yield writer.record(client, again=written > 0) | {"cluster": str(cluster)}
            made += 1
            if made == number:
                return


def write(path: Path, number: int, seed: int, noise: float, families: float) -> None:
    """Write the records to a file, in an order that says nothing."""
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\n")
    lines: list[str] = []
    for record in records(number, seed, noise, families):
        line.seek(0)
        line.truncate()
        writer.writerow([record.get(name, "") for name in COLUMNS[1:]])
        lines.append(line.getvalue())
    random.Random(seed).shuffle(lines)
    with _opened(path) as file:
        file.write(",".join(COLUMNS) + "\n")
        file.writelines(f"{place},{one}" for place, one in enumerate(lines))


def _opened(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "wt", compresslevel=3, encoding="utf-8", newline="")
    return path.open("w", encoding="utf-8", newline="")


def main() -> None:
    """Make the file that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--noise", type=float, default=1.0)
    parser.add_argument("--families", type=float, default=0.25)
    given = parser.parse_args()
    begun = time.monotonic()
    write(given.file, given.records, given.seed, given.noise, given.families)
    print(f"{given.records:,} records in {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
