"""The PostgreSQL of a test run: no more rights than a customer's, and nothing left of it, however the run ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

REPOSITORY = Path(__file__).parents[2]
LONG_ENOUGH = 60

HANGING = """
import time
from tests.conftest import RUN_FOLDER

def test_that_hangs(postgresql_url, pytestconfig):
    print(pytestconfig.stash[RUN_FOLDER], postgresql_url, flush=True)
    time.sleep(600)
"""


async def test_the_console_is_no_superuser(postgresql_url: str) -> None:
    connection = await asyncpg.connect(postgresql_url)
    try:
        assert await connection.fetchval("SHOW is_superuser") == "off"
    finally:
        await connection.close()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_of_an_interrupted_run(how: signal.Signals, tmp_path: Path) -> None:
    (tmp_path / "test_hanging.py").write_text(HANGING)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    here = ["-p", "tests.conftest", "--rootdir", str(tmp_path), "-s", "-q"]
    with subprocess.Popen(
        [sys.executable, "-m", "pytest", *here, str(tmp_path)],
        cwd=REPOSITORY,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=heed_interrupts,  # noqa: PLW1509 - no thread holds a lock here
    ) as nested:
        assert nested.stdout
        run, url = nested.stdout.readline().split()
        port = urlsplit(url).port
        assert port
        assert answers(port)
        nested.send_signal(how)
    deadline = time.monotonic() + LONG_ENOUGH
    # The folder goes last.
    while Path(run).exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(run).exists()
    assert not answers(port)
    assert list(tmp_path.glob("helpdesk-*")) == []


def heed_interrupts() -> None:
    """A shell that starts something behind it makes it deaf to Ctrl+C, and with it all that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
