"""The folder of a scan: gone with it, however it ends."""

import errno
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from console.data.duplicates.scratch import scratch
from console.data.errors import Refused

_HOLDS = """
import sys, time
from console.data.duplicates.scratch import scratch
with scratch() as folder:
    (folder / "forms").write_text("somebody")
    print(folder, flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def _aged(folder: Path) -> None:
    os.utime(folder, (0, 0))


def test_the_folder_goes_with_the_scan_and_nobody_else_reads_it(place: Path) -> None:
    with scratch() as folder:
        assert folder.parent == place
        assert folder.stat().st_mode & 0o077 == 0
    assert list(place.iterdir()) == []


def test_what_a_killed_scan_has_left_goes_with_the_next_and_what_a_running_one_holds_stays(
    place: Path,
) -> None:
    environment = {**os.environ, "TMPDIR": str(place)}
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDS], stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        theirs = Path(process.stdout.readline().strip())
        _aged(theirs)
        with scratch():
            assert theirs.exists()
        process.kill()
    assert theirs.exists()
    _aged(theirs)
    with scratch():
        assert not theirs.exists()


def test_a_folder_that_has_just_been_made_stays(place: Path) -> None:
    made = place / "helpdesk-scan-new"
    made.mkdir()
    with scratch():
        assert made.exists()


def test_a_full_disk_is_told_with_what_to_do() -> None:
    with pytest.raises(Refused, match=r"There is no room in .* TMPDIR="), scratch():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with pytest.raises(PermissionError), scratch():
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
