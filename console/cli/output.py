"""How commands speak: sentences, aligned tables and JSON. Whatever came from outside passes a filter here.

No colours and no cursor movements are ever written, so a pipe, a file and a dumb terminal read the same.
"""

import json
import re
import shutil
import sys
from collections.abc import AsyncIterable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import IO, Any, Literal

from console.text import cells, fit, one_line, printable, visible, wrap

# What JSON lets through raw, but a terminal would obey or a reader could not see: written as \uXXXX instead.
_RAW = re.compile("[\x7f-\x9f\u034f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff]")
_TAGS = re.compile("[\U000e0000-\U000e0fff]")
MAX_CELL = 60
MAX_SENTENCE = 2000
MAX_VALUE = 20_000


@dataclass(frozen=True)
class Column:
    """A column of a table: its title, the side its text is on, and whether it gives way when space is short."""

    title: str
    align: Literal["left", "right"] = "left"
    gives: bool = False


def say(text: str = "") -> None:
    """Write a line, or several, to standard output."""
    _write(sys.stdout, text + "\n")


def tell(sentence: str) -> None:
    """Write a sentence to standard output, whatever line ends the names in it hold.

    On a terminal it is broken between words; in a pipe it stays one line.
    """
    _write(sys.stdout, _sentence(sys.stdout, sentence))


def complain(sentence: str) -> None:
    """Write a sentence to standard error, in the same way."""
    _write(sys.stderr, _sentence(sys.stderr, sentence))


def report(lines: str) -> None:
    """Write several lines, such as a traceback, to standard error."""
    _write(sys.stderr, lines + "\n")


def _sentence(stream: IO[str], text: str) -> str:
    line = one_line(text, MAX_SENTENCE)
    lines = wrap(line, shutil.get_terminal_size().columns) if is_terminal(stream) else [line]
    return "\n".join(lines) + "\n"


def _write(stream: IO[str], text: str) -> None:
    stream.write(printable(text, getattr(stream, "encoding", None) or "utf-8"))


def is_terminal(stream: IO[str] | None = None) -> bool:
    """Whether someone is looking: standard output (or the stream) is a terminal."""
    return (stream or sys.stdout).isatty()


# Tables


def table(columns: Sequence[Column], rows: Iterable[Sequence[str]], *, titles: bool = True) -> None:
    """Write rows under titles, aligned; on a terminal within its width, in a pipe as wide as they are."""
    lines = [[one_line(cell, MAX_CELL) for cell in row] for row in rows]
    widths = [
        max(cells(line[i]) for line in [[c.title for c in columns], *lines]) for i in range(len(columns))
    ]
    if is_terminal():
        _narrow(columns, widths, shutil.get_terminal_size().columns)
    if titles:
        say(_line(columns, widths, [column.title for column in columns]))
    for line in lines:
        say(_line(columns, widths, line))


def _narrow(columns: Sequence[Column], widths: list[int], available: int) -> None:
    """Take cells from the widest columns that give way until the line fits, down to 8 each."""
    over = sum(widths) + 2 * (len(widths) - 1) - available
    while over > 0:
        giving = [i for i, column in enumerate(columns) if column.gives and widths[i] > 8]
        if not giving:
            return
        widest = max(giving, key=widths.__getitem__)
        widths[widest] -= 1
        over -= 1


def _line(columns: Sequence[Column], widths: Sequence[int], line: Sequence[str]) -> str:
    parts = [fit(cell, width, c.align) for cell, width, c in zip(line, widths, columns, strict=True)]
    return "  ".join(parts).rstrip()


def details(pairs: Iterable[tuple[str, str]]) -> None:
    """Write names and values one under the other; what is empty is left out, long values are wrapped."""
    kept = [(name, value) for name, value in pairs if value]
    margin = max((len(name) for name, _ in kept), default=0) + 2
    width = max((shutil.get_terminal_size().columns if is_terminal() else 100) - margin, 20)
    for name, value in kept:
        first, *more = wrap(visible(value[:MAX_VALUE]) + ("…" if len(value) > MAX_VALUE else ""), width)
        say(f"{name:<{margin}}{first}".rstrip())
        for line in more:
            say(f"{'':<{margin}}{line}".rstrip())


def heading(text: str) -> None:
    """Write a title with an empty line before it."""
    say(f"\n{one_line(text, MAX_CELL)}")


# JSON


def emit(value: Any) -> None:
    """Write one object or list as JSON: UTF-8 whatever the locale, times in UTC as ISO 8601."""
    _raw_bytes(dumps(value) + "\n")


async def emit_list(values: AsyncIterable[Mapping[str, Any]]) -> None:
    """Write a list whose objects arrive one by one, without holding them all."""
    opening = "["
    async for value in values:
        _raw_bytes(f"{opening}\n{dumps(value, indent=None)}")
        opening = ","
    _raw_bytes("[]\n" if opening == "[" else "\n]\n")


def dumps(value: Any, *, indent: int | None = 2) -> str:
    """The JSON of a value, with every character escaped that a terminal could obey."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=_plain)
    text = _RAW.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return _TAGS.sub(lambda found: json.dumps(found[0])[1:-1], text)


def _raw_bytes(text: str) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON")


def moment(value: datetime) -> str:
    """A point in time as JSON has it: UTC, to the second."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Progress:
    """One line on a terminal's standard error that is written over; in a pipe or a log nothing."""

    def __init__(self) -> None:
        self._shown = is_terminal(sys.stderr)
        self._length = 0

    def show(self, text: str) -> None:
        """Replace the line."""
        if self._shown:
            width = max(shutil.get_terminal_size().columns - 1, 20)
            line = one_line(text, width)
            sys.stderr.write("\r" + printable(fit(line, min(max(self._length, cells(line)), width)), "utf-8"))
            sys.stderr.flush()
            self._length = cells(line)

    def clear(self) -> None:
        """Take the line away."""
        if self._shown and self._length:
            sys.stderr.write("\r" + " " * self._length + "\r")
            sys.stderr.flush()
            self._length = 0
