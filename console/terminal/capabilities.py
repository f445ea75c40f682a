"""What this terminal can do, read from the environment. Every refusal is a sentence that says what to do."""

from __future__ import annotations

import codecs
from collections.abc import Mapping

NEEDED = (80, 24)
"""The size the screens are designed for: columns, rows."""

USABLE = (60, 15)
"""The smallest size in which they can still be worked with."""

TIMES = "\u00d7"
_DUMB = ("dumb", "unknown")


def refuse_terminal(environ: Mapping[str, str], *, is_terminal: bool) -> str | None:
    """Why the console cannot open here at all, or None if it can. `is_terminal`: input and output are one."""
    if not is_terminal:
        return (
            "The console needs a terminal, and input or output is not one. "
            "Over SSH use ssh -t; in a script use the commands: helpdesk --help."
        )
    term = environ.get("TERM", "")
    if not term:
        return "The console cannot draw: TERM is not set. Try: TERM=xterm-256color helpdesk"
    if term in _DUMB:
        return (
            f"The console cannot draw on TERM={term}. Use a real terminal, or the commands: helpdesk --help."
        )
    return None


def too_small(width: int, height: int) -> str | None:
    """What to show instead of the screens in a terminal of this size, or None if they fit."""
    if width >= USABLE[0] and height >= USABLE[1]:
        return None
    return (
        f"The console needs {NEEDED[0]}{TIMES}{NEEDED[1]}; this terminal is {width}{TIMES}{height}. "
        "Enlarge it, or press q to leave."
    )


def colours_off(environ: Mapping[str, str]) -> bool:
    """Whether NO_COLOR (no-color.org) asks for none: set, and not empty."""
    return bool(environ.get("NO_COLOR"))


def mouse_wanted(environ: Mapping[str, str], *, asked: bool | None = None) -> bool:
    """Whether to report the mouse: as `asked` on the command line, else not over SSH: it costs bytes."""
    if asked is not None:
        return asked
    return not (environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))


def charset(environ: Mapping[str, str]) -> str:
    """What the terminal can print: a codec's name, `utf-8` unless the locale names another.

    No locale at all, C and POSIX count as UTF-8, as Python itself has it since 3.7.
    """
    locale = next((environ[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environ.get(name)), "")
    name = locale.partition("@")[0].partition(".")[2]
    if not name:
        return "utf-8"
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "utf-8"
