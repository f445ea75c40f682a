"""The real `helpdesk` process, in a home of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[2]


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
        done = subprocess.run(
            [sys.executable, "-m", "console", *arguments],
            cwd=REPOSITORY,
            env=self.environment(env),
            input=b"" if stdin is None else stdin.encode(),
            capture_output=True,
            preexec_fn=before,
            check=False,
        )
        return Answer(
            done.returncode,
            done.stdout.decode("utf-8", "replace"),
            done.stderr.decode("utf-8", "replace"),
            done.stdout,
        )

    def ok(self, *arguments: str, **how: Any) -> Answer:
        """Run a command that must succeed."""
        answer = self(*arguments, **how)
        assert answer.code == 0, answer.out + answer.err
        return answer
