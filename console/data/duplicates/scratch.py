"""A folder for what a scan lays down, gone with it: it holds what clients are called and where they are reached."""

import errno
import fcntl
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from console.data.errors import Refused

_PREFIX, _LOCK = "helpdesk-scan-", "lock"
_MAKING = 60.0  # seconds after which a folder without a lock is nobody's


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that nobody else reads; what scans have left behind that were killed goes first.

    Refused where there is no room for it.
    """
    with _room(), tempfile.TemporaryDirectory(prefix=_PREFIX) as name:
        folder = Path(name)
        with (folder / _LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            _sweep(folder.parent)
            yield folder


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        place = tempfile.gettempdir()
        raise Refused(
            f"There is no room in {place} for what a scan lays down, some 300 bytes a client. "
            "Make room, or name a larger folder: TMPDIR=/var/tmp helpdesk duplicates scan"
        ) from error


def _sweep(place: Path) -> None:
    """Remove the folders of scans that have ended without doing so."""
    for folder in place.glob(_PREFIX + "*"):
        try:
            if time.time() - folder.stat().st_mtime > _MAKING and _is_nobodys(folder):
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:  # another user's, or gone meanwhile
            continue


def _is_nobodys(folder: Path) -> bool:
    """Whether no process holds a folder's lock; one dies with its process."""
    lock = folder / _LOCK
    if not lock.exists():
        return True
    with lock.open("r") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
