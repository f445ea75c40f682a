"""Rows as the bytes of a file: CSV that no spreadsheet executes, JSON, and names that are safe for files. Pure."""

import csv
import io
import json
import re
import unicodedata
from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

MAX_NAME = 200  # bytes of UTF-8
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_STARTS_A_FORMULA = re.compile(
    "[\\s\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
)
_NOT_IN_NAMES = re.compile(
    '[\x00-\x1f\x7f-\x9f<>:"/\\\\|?*\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]'
)

Line = Mapping[str, Any]


def inert(text: str) -> str:
    """A cell that a spreadsheet takes for text: an apostrophe before what would be a formula."""
    return f"'{text}" if _STARTS_A_FORMULA.match(text) else text


def harmless(text: str) -> str:
    """A text without the controls that a terminal would obey, should somebody look at the file in one."""
    return _CONTROL.sub("\ufffd", text)


def plain(value: Any) -> Any:
    """A value as JSON has it: moments in UTC, days as such, ids and other long numbers as text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 1 << 53:
        return str(value)
    return value


def cell(value: Any) -> str:
    """A value as a cell of a CSV file: empty for nothing, yes and no; only texts can be formulas."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    shown = plain(value)
    return "" if shown is None else inert(harmless(shown)) if isinstance(value, str) else str(shown)


async def as_csv(columns: Sequence[str], lines: AsyncIterable[Line]) -> AsyncIterator[bytes]:
    """A CSV file in UTF-8, commas and CR LF, a line at a time."""
    yield _csv_line(columns)
    async for line in lines:
        yield _csv_line([cell(line[name]) for name in columns])


def _csv_line(cells: Sequence[str]) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue().encode("utf-8", "replace")


async def as_json(columns: Sequence[str], lines: AsyncIterable[Line]) -> AsyncIterator[bytes]:
    """A JSON list of objects in UTF-8, an object at a time."""
    opening = b"["
    async for line in lines:
        yield opening + b"\n" + document({name: line[name] for name in columns})
        opening = b","
    yield b"[]\n" if opening == b"[" else b"\n]\n"


def document(value: Any, *, indent: int | None = None) -> bytes:
    """A value as JSON in UTF-8."""
    made = json.dumps(_plain(value), ensure_ascii=False, indent=indent)
    return made.encode("utf-8", "replace")


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return plain(value)


def parsed(text: str | None) -> dict[str, Any]:
    """A JSON object that may not be there."""
    found: dict[str, Any] = json.loads(text) if text else {}
    return found


def file_name(given: str) -> str:
    """A name as a file may be called anywhere: no folders, no controls, no leading dot or dash, 200 bytes."""
    base = _NOT_IN_NAMES.sub("_", unicodedata.normalize("NFC", given.replace("\\", "/").rpartition("/")[2]))
    base = base.strip().lstrip(".-").rstrip(". ") or "file"
    stem, dot, ending = base.rpartition(".")
    if not dot or len(ending) > 10:
        stem, ending = base, ""
    room = MAX_NAME - len(ending.encode()) - 1
    stem = stem.encode()[:room].decode("utf-8", "ignore")
    return f"{stem}.{ending}" if ending else stem
