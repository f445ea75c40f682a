"""What the engines say when they fail, turned into sentences that say what to do."""

import contextlib
import logging
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError

from console.data import taken
from console.data.errors import DatabaseBusy, DatabaseError, Refused
from console.data.locations import Location

log = logging.getLogger("helpdesk")
_HEADER = b"SQLite format 3\x00"


def check_file(path: Path, *, create: bool) -> None:
    """Refuse, with a sentence, a path that cannot be a SQLite database of ours."""
    if path.is_dir():
        raise DatabaseError(f"{path} is a folder. Name a file with --database.")
    if not path.exists():
        if not create:
            raise DatabaseError(f"There is no database at {path}. Name another with --database.")
        _check_folder(path.parent)
        return
    if not path.is_file():
        raise DatabaseError(f"{path} is not a file. Name a file with --database.")
    if not os.access(path, os.R_OK):
        raise DatabaseError(f"{path} cannot be read by you. Ask its owner for read and write access.")
    with path.open("rb") as file:
        start = file.read(len(_HEADER))
    if start and start != _HEADER:
        raise DatabaseError(
            f"{path} is not a helpdesk database. Name another with --database; it was not changed."
        )


def _check_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseError(
            f"The folder {folder} cannot be made: {error.strerror}. Choose another place."
        ) from error
    if not os.access(folder, os.W_OK):
        raise DatabaseError(f"No file can be made in {folder}. Choose another place with --database.")


@contextlib.contextmanager
def translated(location: Location) -> Iterator[None]:
    """Raise the engine's failures as DeskErrors with a sentence; errors of ours pass."""
    try:
        yield
    except IntegrityError as error:
        if (told := taken.sentence(error)) is None:
            raise
        raise Refused(told) from error
    except (OperationalError, InterfaceError, DBAPIError) as error:
        sentence = _sentence(_said(error), location)
        if sentence is None:
            raise
        kind = DatabaseBusy if "is busy" in sentence else DatabaseError
        raise kind(sentence) from error
    except (sqlite3.DatabaseError, OSError) as error:
        sentence = _sentence(str(error), location)
        if sentence is None and (location.path is None and isinstance(error, OSError)):
            sentence = (
                f"{location.shown} cannot be reached: {error}. Check that the server runs, and its address."
            )
        if sentence is None:
            raise
        raise DatabaseError(sentence) from error


_PHRASES = (
    (
        ("database is locked", "database table is locked", "lock timeout", "deadlock detected"),
        "{where} is busy: another process is writing. Nothing was changed; try again.",
    ),
    (
        ("readonly database", "read-only transaction", "permission denied"),
        "{where} is read-only for you, so nothing was changed. Ask its owner for write access.",
    ),
    (
        ("disk is full", "disk full", "No space left", "disk I/O error", "File too large"),
        "There is no room to write {where}, so nothing was changed. Free some disk space, then try again.",
    ),
    (
        ("not a database", "malformed", "file is encrypted"),
        "{where} is damaged or not a helpdesk database. Restore it from a backup; it was not changed.",
    ),
    (
        ("unable to open database file",),
        "{where} cannot be opened. Check that the file and its folder can be read and written by you.",
    ),
    (
        ("password authentication failed", "no pg_hba.conf entry", "InvalidAuthorizationSpecification"),
        "{where} refused the user or the password. Check the address given with --database.",
    ),
    (
        ("InvalidCatalogName",),
        "{where} does not exist. Create it with createdb, or check the address.",
    ),
    (
        (
            "Connect call failed",
            "Connection refused",
            "connection was closed",
            "Name or service not known",
            "nodename nor servname",
            "Temporary failure in name resolution",
            "connection is closed",
            "terminating connection",
        ),
        "{where} cannot be reached. Check that the server runs, and its address.",
    ),
)


def _said(error: DBAPIError) -> str:
    """What the driver said, with the kind of error, which PostgreSQL's messages (they are translated) leave out."""
    cause = getattr(error.orig, "__cause__", None)
    return f"{type(cause).__name__}: {error.orig}" if cause else str(error.orig)


def _sentence(message: str, location: Location) -> str | None:
    for phrases, sentence in _PHRASES:
        if any(phrase in message for phrase in phrases):
            return sentence.format(where=location.shown)
    return None


@contextlib.contextmanager
def ignored_at_exit() -> Iterator[None]:
    """Closing must not fail because the database has gone; it is written to the log."""
    try:
        yield
    except (DBAPIError, OSError, DatabaseError) as error:
        log.warning("closing the database: %s", error)
