"""CSV files as they are found: well-formed UTF-8 is read, everything else is named with what to do about it."""

import codecs
import csv
import io
import os
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, NamedTuple

from console.data.errors import Invalid

# A cell larger than this is a missing quotation mark.
MAX_CELL = 16 << 20
_BLOCK = 1 << 20
_WORD = re.compile(r"[\W_]+")
# Bytes that stand for Polish and Czech letters: in both encodings, in Windows-1250 alone, in ISO-8859-2 alone.
_CENTRAL = frozenset(b"\xb3\xbf\xea\xa3\xaf\xe8\xf8\xec\xf9")
_CP1250 = frozenset(b"\xb9\x9c\x9f\x8c\x8f\xa5\x9e\x9a\x8e\x8a")
_LATIN2 = frozenset(b"\xb1\xb6\xbc\xa6\xac\xa1\xbe\xae")


class Line(NamedTuple):
    """A record of the file: the physical line it begins on, and its cells, as many as the header has."""

    number: int
    cells: list[str]


class Table:
    """An open CSV file: its header is read, its records come by iteration. Use it as a context manager."""

    def __init__(self, path: Path, known: Sequence[str]) -> None:
        self.path = path
        self._size = check(path)
        self._bytes = path.open("rb")
        self._file = io.TextIOWrapper(self._bytes, encoding="utf-8-sig", newline="")
        csv.field_size_limit(MAX_CELL)
        self._reader = csv.reader(self._file)
        try:
            self._header = self._read_header()
            self.columns, self.unknown = self._understood(known)
        except BaseException:
            self._file.close()
            raise
        self.too_long: list[tuple[int, str]] = []

    def __enter__(self) -> "Table":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def share(self) -> float:
        """How much of the file has been read, 0 to 1."""
        return min(self._bytes.tell() / self._size, 1.0) if self._size else 1.0

    def __iter__(self) -> Iterator[Line]:
        """The records that hold anything. One with more cells than the header is kept for ``too_long`` instead."""
        width, begun = len(self._header), self._reader.line_num + 1
        for cells in self._records():
            number, begun = begun, self._reader.line_num + 1
            if len(cells) < width:
                cells += [""] * (width - len(cells))
            elif len(cells) > width and any(cells[width:]):
                self.too_long.append((number, self._too_long(cells)))
                continue
            if any(cells):
                yield Line(number, cells)

    def _records(self) -> Iterator[list[str]]:
        try:
            yield from self._reader
        except csv.Error as error:
            sentence = (
                f"{self.path.name}, line {self._reader.line_num}: {error}. Is a quotation mark missing?"
            )
            raise Invalid("file", sentence) from error

    def _too_long(self, cells: list[str]) -> str:
        return f"There are {len(cells)} cells under {len(self._header)} columns. Put cells with commas in quotes."

    def _read_header(self) -> list[str]:
        for cells in self._records():
            if any(cell.strip() for cell in cells):
                return [cell.strip() for cell in cells]
        raise Invalid("file", f"{self.path.name} is empty. Its first line must name the columns.")

    def _understood(self, known: Sequence[str]) -> tuple[dict[str, int], dict[str, str]]:
        """Where each known column is, and the unknown ones with the known one each may have meant ('' for none)."""
        self._check_delimiter()
        columns: dict[str, int] = {}
        unknown: dict[str, str] = {}
        for position, title in enumerate(self._header):
            name = _WORD.sub("_", title.lower()).strip("_")
            if name not in known:
                if title:
                    unknown[title] = nearest(name, known)
            elif name in columns:
                raise Invalid(
                    "file", f"{self.path.name} has two columns {name}. Rename or remove one of them."
                )
            else:
                columns[name] = position
        return columns, unknown

    def _check_delimiter(self) -> None:
        line = ",".join(self._header)
        if line.lower().startswith("sep="):
            sentence = f"{self.path.name} begins with {line[:8]!r}, a line for Excel. Remove that line."
            raise Invalid("file", sentence)
        if len(self._header) > 1:
            return
        for sign, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "upright bars")):
            if sign in line:
                raise Invalid(
                    "file",
                    f"{self.path.name} separates its columns by {name}. Save it as CSV with commas, then try again.",
                )


def nearest(name: str, known: Sequence[str]) -> str:
    """The known column that a name was probably meant to be, or ''."""
    from rapidfuzz import fuzz, process

    alike = {"handles": "", "org": "organization", "company": "organization", "domain": "mail_domain",
             "street": "address", "zip": "postcode", "e_mail": "email", "tel": "phone", "lang": "language"}  # fmt: skip
    if name in alike and alike[name] in known:
        return alike[name]
    found = process.extractOne(name, known, scorer=fuzz.ratio, score_cutoff=75)
    return str(found[0]) if found else ""


def check(path: Path) -> int:
    """The size of a file that can be imported; Invalid, with a sentence, for anything that cannot."""
    try:
        info = path.stat()
    except OSError as error:
        raise Invalid("file", f"{path} cannot be read: {error.strerror}.") from error
    if stat.S_ISDIR(info.st_mode):
        raise Invalid("file", f"{path} is a folder. Name a CSV file.")
    if not stat.S_ISREG(info.st_mode):
        raise Invalid("file", f"{path} is not a file that can be read twice. Save it to a file first.")
    if not os.access(path, os.R_OK):
        raise Invalid("file", f"{path} cannot be read by you. Check its permissions.")
    with path.open("rb") as file:
        _check_encoding(path, file)
    return info.st_size


def _check_encoding(path: Path, file: IO[bytes]) -> None:
    start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Invalid("file", f"{path.name} is UTF-16 text. {_save(path, 'utf-16')}")
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        sentence = f"{path.name} is a workbook, not CSV. Save the sheet as CSV UTF-8 (comma delimited)."
        raise Invalid("file", sentence)
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines = 1
    while block := file.read(_BLOCK):
        try:
            decoder.decode(block)
        except UnicodeDecodeError as error:
            line = lines + error.object[: error.start].count(b"\n")
            byte = error.object[error.start]
            name, codec = _guess(block)
            raise Invalid(
                "file",
                f"{path.name} is not UTF-8: line {line} holds the byte {byte:#04x}. It looks like {name}. "
                + _save(path, codec),
            ) from error
        lines += block.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise Invalid("file", f"{path.name} ends in the middle of a character. Is it whole?") from error


def _save(path: Path, codec: str) -> str:
    return f"Save it as CSV UTF-8, or run: iconv -f {codec} -t utf-8 {path.name} > new.csv"


def _guess(block: bytes) -> tuple[str, str]:
    """The likely encoding of text that is not UTF-8: its name for people and for iconv."""

    def count(wanted: frozenset[int]) -> int:
        return sum(byte in wanted for byte in block)

    if count(_LATIN2) > count(_CP1250):
        return "ISO-8859-2 (Central European)", "iso-8859-2"
    central = count(_CENTRAL | _CP1250)
    western = sum(0xC0 <= byte <= 0xFF and byte not in _CENTRAL for byte in block)
    if western > 3 * central:
        return "Windows-1252 (Western European)", "cp1252"
    return "Windows-1250 (Central European)", "cp1250"
