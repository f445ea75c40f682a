"""`helpdesk doctor`: what is wrong with settings, database, terminal and staff, and how to mend it."""

import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import TYPE_CHECKING

import click

from console.cli import output
from console.cli.session import Session
from console.cli.session import command as made
from console.text import one_line

if TYPE_CHECKING:
    from console.data.health import Finding

MARKS = {"ok": "ok", "warning": "!", "wrong": "WRONG"}


@made(
    "doctor",
    click.Option(["--fast"], is_flag=True, help="Leave out what reads the whole database."),
    click.Option(["--mend"], is_flag=True, help="Make counters, list columns and search words anew first."),
    text="Say what is wrong with settings, database, terminal and staff, and how to mend each. Changes nothing, but for"
    " --mend. Exit code 1 if something is wrong.",
    examples="helpdesk doctor\nhelpdesk doctor --database postgresql://helpdesk@db.example/helpdesk --json",
)
async def command(session: Session, fast: bool, mend: bool) -> int:
    """Look at everything; what cannot be looked at is wrong by itself."""
    found = []
    async for finding in _findings(session, fast, mend):
        found.append(finding)
        if not session.json:
            _say(finding)
    if session.json:
        output.emit(
            {
                "healthy": all(one.level != "wrong" for one in found),
                "findings": [
                    {"what": one.what, "level": one.level, "sentence": one.sentence, "mend": one.mend}
                    for one in found
                ],
            }
        )
    wrong = sum(one.level == "wrong" for one in found)
    if not session.json:
        output.say(f"\n{wrong} wrong." if wrong else "\nNothing is wrong.")
    return 1 if wrong else 0


def _say(finding: "Finding") -> None:
    output.say(f"{MARKS[finding.level]:<6}{finding.what}: {one_line(finding.sentence)}")
    if finding.mend:
        output.say(f"      {one_line(finding.mend)}")


async def _findings(session: Session, fast: bool, mend: bool) -> "AsyncIterator[Finding]":
    from console.data.errors import DeskError, Refused
    from console.data.health import Finding, examine
    from console.data.health import mend as mend_derived
    from console.data.staff import actor, system_login
    from console.settings import BadSetting

    try:
        for finding in _settings(session):
            yield finding
        usable = True
    except BadSetting as error:
        yield Finding("settings", "wrong", str(error), "Correct it, then run helpdesk doctor again.")
        usable = False
    if usable:
        try:
            if _is_absent(session.settings.database):
                yield Finding("database", "ok", "There is no database yet; it is made when you first start.")
            else:
                async with session.desk(create=False) as desk:
                    if mend:
                        if not (await actor(desk, system_login(), via="command")).may_change:
                            raise Refused(
                                "Viewers mend nothing. Ask an agent or an admin to run doctor --mend."
                            )
                        yield Finding("mended", "ok", f"{await mend_derived(desk)} rows were out of step.")
                    async for finding in examine(desk, system_login(), thorough=not fast):
                        yield finding
        except DeskError as error:
            yield Finding("database", "wrong", str(error))
    for finding in _terminal(os.environ):
        yield finding


def _settings(session: Session) -> "Iterator[Finding]":
    from console.data.health import Finding
    from console.data.locations import locate
    from console.settings import settings_file

    file = settings_file()
    sentence = f"{file} is in order." if file.exists() else f"There is no {file}; what is usual holds."
    settings = session.settings
    yield Finding("settings", "ok", sentence)
    try:
        yield Finding("database", "ok", f"The database is {locate(settings.database).shown}.")
    except Exception as error:  # the sentence of a bad address comes with the database's own findings
        yield Finding("database", "warning", str(error))


def _is_absent(database: str) -> bool:
    from console.data.locations import locate

    path = locate(database).path
    return path is not None and not path.exists() and os.access(_standing(path.parent), os.W_OK)


def _standing(folder: os.PathLike[str]) -> os.PathLike[str]:
    from pathlib import Path

    path = Path(folder)
    return path if path.exists() or path == path.parent else _standing(path.parent)


def _terminal(environ: Mapping[str, str]) -> "Iterator[Finding]":
    from console.data.health import Finding
    from console.terminal.capabilities import charset, colours_off, refuse_terminal, too_small

    is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    if not is_terminal:
        yield Finding("terminal", "ok", "This is no terminal, so only commands work here, not the console.")
        return
    if (refusal := refuse_terminal(environ, is_terminal=True)) is not None:
        yield Finding("terminal", "wrong", refusal)
        return
    size = shutil.get_terminal_size()
    if (small := too_small(size.columns, size.lines)) is not None:
        yield Finding("terminal", "wrong", small)
    colours = (
        "no colours (NO_COLOR)" if colours_off(environ) else environ.get("COLORTERM") or "16 or 256 colours"
    )
    sentence = f"TERM={environ['TERM']}, {size.columns} by {size.lines}, {colours}, {charset(environ)}."
    yield Finding("terminal", "ok", sentence)
