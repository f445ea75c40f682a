"""Ten tasks of a shift on the real console at 80x24: keys pressed, and seconds until the screen says it is done.

Text that has to be typed anyway (a reason, a name, a number) counts as no key. Run: python -m benchmarks.shift
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.end_to_end.terminal import Terminal, console, environment

CLIENTS = "2000"
KEYS = {"enter": "\r", "tab": "\t", "f2": "\x1bOQ", "right": "\x1b[C", "down": "\x1b[B", "space": " "}


@dataclass(frozen=True)
class Text:
    """Words that have to be typed whatever the interface."""

    words: str


@dataclass(frozen=True)
class Task:
    """What is to be done, with which keys, and what the screen says in the end."""

    what: str
    steps: Sequence[str | Text]
    done: str

    @property
    def keys(self) -> int:
        """Keys pressed, but for text."""
        return sum(isinstance(step, str) for step in self.steps)


TASKS = (
    Task("find a caller by the last digits of their number", ("/", Text("{digits}"), "enter"), "1 match"),
    Task(
        "ban them with a reason until Friday",
        ("b", Text("shouts at us"), "enter", Text("fri"), "enter"),
        "Banned {name}",
    ),
    Task("undo the ban", ("u",), "Undid the ban"),
    Task(
        "let them submit to one more department",
        ("enter", "right", "down", "enter"),
        "may submit to Consulting",
    ),
    Task(
        "add two hours of credit",
        ("c", Text("2 h"), "enter", "enter", "enter"),
        "Added credit to {name}: 2 h",
    ),
    Task(
        "leave a warning for colleagues until Friday",
        ("a", Text("call the mobile only"), "f2", "w", "enter", Text("fri"), "enter"),
        "Added a note to {name}",
    ),
    Task(
        "write down what they ask for on the phone",
        ("i", Text("Printer"), "tab", Text("It jams."), "f2"),
        "Made INC-",
    ),
    Task(
        "change their city",
        (":", Text("profile city"), "enter", Text("Gdansk"), "f2"),
        "Edited {name}: city",
    ),
    Task("approve the next who waits", ("6", "A"), "Approved "),
    Task(
        "write down a new client",
        ("1", "n", Text("Ewa Nowa"), "tab", "tab", Text("ewa@nowa.example"), "f2"),
        "Added Ewa Nowa",
    ),
)


def main() -> None:
    """Make a desk, do the tasks one after another, print the table."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        environ = environment(home, HELPDESK_DATABASE=str(home / "shift.db"))
        helpdesk = [sys.executable, "-m", "console"]
        subprocess.run([*helpdesk, "demo", "--no-open", "--clients", CLIENTS], env=environ, check=True)
        added = ["clients", "add", "Piotr Caller", "--mobile", "+48 601 778 899", "--status", "approved"]
        subprocess.run([*helpdesk, *added], env=environ, check=True)
        with console([], environ) as terminal:
            terminal.shows("all clients")
            terminal.settle()
            print("| task | keys | seconds |\n|---|---|---|")
            for task in TASKS:
                print(f"| {task.what} | {task.keys} | {_do(terminal, task):.2f} |", flush=True)


def _do(terminal: Terminal, task: Task) -> float:
    """Press the keys as fast as the console takes them; the seconds until it says the task is done."""
    words = {"digits": "778899", "name": "Piotr Caller"}
    began = time.monotonic()
    for step in task.steps:
        terminal.type(step.words.format(**words) if isinstance(step, Text) else KEYS.get(step, step))
    terminal.shows(task.done.format(**words))
    taken = time.monotonic() - began
    terminal.settle()
    return taken


if __name__ == "__main__":
    main()
