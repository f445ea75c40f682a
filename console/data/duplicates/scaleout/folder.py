"""What stands in the folder of an export: packed CSV files for the rows, JSON for what is true of all of them."""

import csv
import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from console.data.errors import NotFound, Refused

FORMAT = 1
CLIENTS, KEYS, COUNTS, PAIRS = "clients.csv.gz", "keys.csv.gz", "counts.csv.gz", "pairs.csv.gz"
ABOUT, SCORED = "export.json", "scored.json"

OF_CLIENTS = ("client_id", "form")
OF_KEYS = ("key", "client_id", "weight")
OF_COUNTS = ("key", "clients")
OF_PAIRS = (
    "first_id",
    "second_id",
    "relation",
    "score",
    "percent",
    "levels",
    "first_form",
    "second_form",
)


@dataclass(frozen=True, slots=True)
class About:
    """What an export was made from: ``model`` as JSON; ``at`` in milliseconds.

    ``each``: pairs a client, at most; ``most``: pairs of all of them.
    """

    format: int
    form_version: int
    model: str
    each: int
    most: int
    at: int
    clients: int
    postings: int


def made(folder: Path) -> Path:
    """The folder, made if it is missing; only its owner may read it, for it will hold clients' data."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.iterdir()):
        raise Refused(f"{folder} is not empty. Name a folder that is, or a new one.")
    return folder


def about(folder: Path) -> About:
    """What the export in this folder was made from; NotFound without one, Refused for one of another version."""
    found = About(**_read(folder, ABOUT, "Make it: helpdesk duplicates export-scaleout"))
    if found.format != FORMAT:
        raise Refused(f"The export in {folder} is of another version of helpdesk. Export again.")
    return found


def keep(folder: Path, found: About) -> None:
    """Write what an export was made from: the last thing that is written, so that a half one is none."""
    write(folder, ABOUT, asdict(found))


def scored(folder: Path) -> dict[str, Any]:
    """What was scored in this folder; NotFound where nothing was."""
    return _read(folder, SCORED, "Score it: helpdesk duplicates score-scaleout")


def write(folder: Path, name: str, value: dict[str, Any]) -> None:
    """Write a JSON file, whole or not at all."""
    draft = folder / f"{name}.new"
    draft.write_text(json.dumps(value, indent=1) + "\n", "utf-8")
    draft.chmod(0o600)
    draft.replace(folder / name)


def _read(folder: Path, name: str, advice: str) -> dict[str, Any]:
    try:
        found = json.loads((folder / name).read_text("utf-8"))
    except FileNotFoundError:
        raise NotFound(f"There is no {name} in {folder}. {advice} {folder}") from None
    except ValueError:
        raise Refused(f"{folder / name} is damaged. {advice} {folder}") from None
    if not isinstance(found, dict):
        raise Refused(f"{folder / name} is damaged. {advice} {folder}")
    return found


@contextmanager
def rows_to(folder: Path, name: str, columns: tuple[str, ...]) -> Iterator[Any]:
    """A CSV writer for a new packed file, which has these columns."""
    with gzip.open(folder / name, "wt", compresslevel=1, encoding="utf-8", newline="") as text:
        (folder / name).chmod(0o600)
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        yield writer


def rows_of(folder: Path, name: str, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """The rows of a packed file, by column; NotFound where it is missing, Refused where it is damaged."""
    try:
        with gzip.open(folder / name, "rt", encoding="utf-8", newline="") as text:
            reader = csv.DictReader(text)
            if tuple(reader.fieldnames or ()) != columns:
                raise csv.Error
            yield from reader
    except FileNotFoundError:
        raise NotFound(
            f"There is no {name} in {folder}. Score it: helpdesk duplicates score-scaleout"
        ) from None
    except (EOFError, OSError, UnicodeError, csv.Error):
        raise Refused(f"{folder / name} is damaged. Score again, or copy it again.") from None
