"""A real SSH session to this machine over a slow line: a server of its own, and a tunnel that holds the bytes up."""

from __future__ import annotations

import getpass
import os
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from select import select
from threading import Event, Thread

from benchmarks.terminal import SYNCHRONIZED, Flow, Line, Wire, program

SERVER = Path("/usr/sbin/sshd")
SEPARATION = Path("/run/sshd")
PATIENCE = 10.0
LOOK = 0.002


def at_hand() -> bool:
    """Whether a server can be started here, and a client."""
    return SERVER.exists() and shutil.which("ssh") is not None and (os.geteuid() != 0 or _separated())


def _separated() -> bool:
    """The folder that a server of root's insists on; the server's package makes it when the machine starts."""
    with suppress(OSError):
        SEPARATION.mkdir(mode=0o755, exist_ok=True)
    return SEPARATION.is_dir()


class Tunnel(Thread):
    """Carries one connection to a port of this machine, as a line would. `port` is where it is entered.

    `came` counts the bytes that have reached the user.
    """

    def __init__(self, to: int, line: Line) -> None:
        super().__init__(daemon=True)
        self._to, self._up, self._down = to, Flow(line), Flow(line)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._ended = Event()
        self.port: int = self._listening.getsockname()[1]
        self.came = 0

    def run(self) -> None:
        """Carry until one side ends."""
        near, _ = self._listening.accept()
        with near, socket.create_connection(("127.0.0.1", self._to)) as far, suppress(OSError):
            while not self._ended.wait(LOOK):
                self._up.take(lambda most: _read(near, most))
                self._down.take(lambda most: _read(far, most))
                if typed := self._up.arrived():
                    far.sendall(typed)
                if drawn := self._down.arrived():
                    self.came += len(drawn)
                    near.sendall(drawn)

    @property
    def busy(self) -> bool:
        """Whether the line still carries towards the user what was written before."""
        return self._down.busy

    def end(self) -> None:
        """Carry nothing more."""
        self._ended.set()
        self._listening.close()


def _read(connection: socket.socket, most: int) -> bytes:
    return connection.recv(most) if select([connection], [], [], 0)[0] else b""


@contextmanager
def session(
    command: Sequence[str], environ: Mapping[str, str], size: tuple[int, int], line: Line
) -> Iterator[tuple[Wire, Tunnel]]:
    """A program in an SSH session over a line: the user's terminal, and the tunnel its bytes go through."""
    folder = Path(environ["HOME"])
    with _server(folder) as port:
        tunnel = Tunnel(port, line)
        tunnel.start()
        given = [f"{name}={value}" for name, value in environ.items() if name != "SSH_CONNECTION"]
        remote = f"cd {shlex.quote(str(folder))}; exec env {shlex.join([*given, *command])}"
        client = [
            "ssh", "-F", "none", "-tt", "-p", str(tunnel.port), "-i", str(folder / "key"),
            "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR",
            "-o", "IdentitiesOnly=yes", f"{getpass.getuser()}@127.0.0.1", remote,
        ]  # fmt: skip
        try:
            with program(client, environ, size, answers=SYNCHRONIZED) as terminal:
                yield terminal, tunnel
        finally:
            tunnel.end()


@contextmanager
def _server(folder: Path) -> Iterator[int]:
    """A server that lets in whoever has the key made for it; its port."""
    for name in ("key", "host"):
        if not (folder / name).exists():
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True
            )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    settings = folder / "sshd_config"
    settings.write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder / 'host'}\nPidFile none\nUsePAM no\n"
        f"AuthorizedKeysFile {folder / 'key.pub'}\nStrictModes no\nPermitRootLogin prohibit-password\n"
        "PasswordAuthentication no\nKbdInteractiveAuthentication no\nPrintMotd no\n"
    )
    server = subprocess.Popen([SERVER, "-D", "-f", settings], stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return
