"""`helpdesk` processes that need not import first: each is forked from one that has imported what all commands need.

Most of a command's time is the import of the libraries. A fork has them, and is a process of its own for all else:
its arguments, environment, streams, exit code and end.

`python -m tests.cli.ready FD` is the process that is forked: it reads what to run from a socket, with the command's
three streams, and answers with the exit code. It ends when the other side of the socket is closed.
"""

import array
import atexit
import functools
import json
import os
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, NoReturn

REPOSITORY = Path(__file__).parents[2]
LONGEST = 1 << 20
STREAMS = 3


class Ready:
    """The other side of one such process; commands run one at a time."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        for side in (ours, theirs):
            side.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, LONGEST)
        with theirs:
            # The streams of a forked process are these, made anew for its files: they take bytes as UTF-8.
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.cli.ready", str(theirs.fileno())],
                cwd=REPOSITORY,
                env={**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        self._socket = ours
        atexit.register(self.close)

    def run(self, arguments: Sequence[str], environ: Mapping[str, str], streams: Sequence[IO[bytes]]) -> int:
        """Run a command with this environment and these three streams; its exit code, negative for a signal."""
        wanted = json.dumps({"arguments": list(arguments), "environ": dict(environ)}).encode()
        rights = array.array("i", [stream.fileno() for stream in streams])
        self._socket.sendmsg([wanted], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
        answer = self._socket.recv(LONGEST)
        if not answer:
            raise RuntimeError("the process that commands are forked from has ended")
        return int(answer)

    def close(self) -> None:
        """End the process."""
        self._socket.close()
        self._process.wait()


@functools.cache
def ready() -> Ready:
    """The one of this test process, started when the first command is run."""
    return Ready()


def serve(descriptor: int) -> None:
    """Fork a process for each command that is asked for."""
    _import_what_all_need()
    with socket.socket(fileno=descriptor) as asked:
        while True:
            wanted, descriptors, _, _ = socket.recv_fds(asked, LONGEST, STREAMS)
            if not wanted:
                return
            child = os.fork()
            if child == 0:
                asked.close()
                _become(descriptors, **json.loads(wanted))
            for one in descriptors:
                os.close(one)
            _, status = os.waitpid(child, 0)
            asked.send(str(os.waitstatus_to_exitcode(status)).encode())


def _import_what_all_need() -> None:
    import aiosqlite  # noqa: F401
    import asyncpg  # noqa: F401
    import sqlalchemy.dialects.postgresql.asyncpg
    import sqlalchemy.dialects.sqlite.aiosqlite  # noqa: F401

    import console.cli.root
    import console.data.desk
    import console.settings  # noqa: F401


def _become(descriptors: Sequence[int], arguments: list[str], environ: dict[str, str]) -> NoReturn:
    """Be the `helpdesk` process of one command, to its end."""
    for place, descriptor in enumerate(descriptors):
        os.dup2(descriptor, place)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(environ)
    time.tzset()
    sys.argv = ["helpdesk", *arguments]
    os._exit(_ended())


def _ended() -> int:
    from console.__main__ import main

    try:
        code = main()
        threading._shutdown()  # type: ignore[attr-defined]  # as the interpreter does: wait for what still runs
        sys.stdout.flush()
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stderr.flush()
    return code


if __name__ == "__main__":
    serve(int(sys.argv[1]))
