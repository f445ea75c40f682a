"""The real `helpdesk` process, in a home of its own.

Its processes are forked from one that has the libraries imported (see ``tests.cli.ready``). A process from its very
start is what has an environment or limits of its own here, `console()` and the tests of the start and of the wheel.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cli.ready import REPOSITORY, ready


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    code: int
    out: str
    err: str
    raw: bytes

    @property
    def json(self) -> Any:
        """Its output as JSON."""
        return json.loads(self.raw.decode("utf-8"))


class Helpdesk:
    """Runs commands on one database; `home` is where settings and data would be."""

    def __init__(self, home: Path, database: str | None) -> None:
        self.home = home
        self.database = database

    def environment(self, changes: Mapping[str, str] | None = None) -> dict[str, str]:
        """A clean environment with this database."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("HELPDESK_", "XDG_"))
        }
        kept |= {"HOME": str(self.home), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TERM": "xterm-256color"}
        if self.database:
            kept["HELPDESK_DATABASE"] = self.database
        return kept | dict(changes or {})

    def __call__(
        self,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        before: Callable[[], None] | None = None,
        stdin: str | None = None,
    ) -> Answer:
        given = b"" if stdin is None else stdin.encode()
        if env or before:
            return self._from_the_start(arguments, env, before, given)
        with (
            tempfile.TemporaryFile() as into,
            tempfile.TemporaryFile() as out,
            tempfile.TemporaryFile() as err,
        ):
            into.write(given)
            for stream in (into, out, err):
                stream.seek(0)
            code = ready().run(arguments, self.environment(), (into, out, err))
            for stream in (out, err):
                stream.seek(0)
            return _answer(code, out.read(), err.read())

    def _from_the_start(
        self,
        arguments: Sequence[str],
        env: Mapping[str, str] | None,
        before: Callable[[], None] | None,
        given: bytes,
    ) -> Answer:
        done = subprocess.run(
            [sys.executable, "-m", "console", *arguments],
            cwd=REPOSITORY,
            env=self.environment(env),
            input=given,
            capture_output=True,
            preexec_fn=before,
            check=False,
        )
        return _answer(done.returncode, done.stdout, done.stderr)

    def ok(self, *arguments: str, **how: Any) -> Answer:
        """Run a command that must succeed."""
        answer = self(*arguments, **how)
        assert answer.code == 0, answer.out + answer.err
        return answer


def _answer(code: int, out: bytes, err: bytes) -> Answer:
    return Answer(code, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"), out)
