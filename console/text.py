"""Untrusted text made safe and fitting to show. Pure: the standard library only.

Three kinds of character are told apart:

- *invisible but honest* (variation selectors, skin tones, soft hyphens, joiners in an emoji, an Indic or an
  Arabic word): dropped, for terminals disagree about their width and the text reads the same without them;
- *dangerous or deceiving* (controls, bidirectional overrides, zero-width and tag characters, surrogates):
  shown as U+FFFD, one for one, so that staff see that something was there;
- *marks stacked on one letter*: the first four are kept.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Literal

REPLACEMENT = "\ufffd"
ELLIPSIS = "…"
MAX_MARKS = 4

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MINOR_DIGITS = {
    **dict.fromkeys(("BIF", "CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}

# Latin, Greek and Cyrillic without marks or format characters: one cell each, nothing to do.
_PLAIN = re.compile(r"[ -~\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u0556]*")
# The same with the signs that screens are made of: dashes, dots, lines, arrows.
_STEADY = re.compile(
    r"[ -~\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u0556"
    r"\u2010-\u2027\u2030-\u203b\u20ac\u2190-\u2193\u2500-\u259f\ufffd]*"
)
_TONES = "\U0001f3fb-\U0001f3ff"
_DROPPED = f"[\xad\ufe00-\ufe0f{_TONES}\U000e0100-\U000e01ef]"
_JOINED_SCRIPTS = "\u0620-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\ua840-\ua87f\ufb50-\ufdff"
_EMOJI = "\xa9\xae\u203c-\u2049\u20e3-\u2bff\u3030-\u3299\U0001f000-\U0001faff"
_JOINER = f"(?<=[{_JOINED_SCRIPTS}])[\u200c\u200d](?=[{_JOINED_SCRIPTS}])|(?<=[{_EMOJI}])\u200d(?=[{_EMOJI}])"
_FLAGS = {0x1F1E6 + index: chr(ord("A") + index) for index in range(26)}
_FLAG = "[\U0001f1e6-\U0001f1ff]"
_BAD = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"
    "\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# A superset of all combining marks, by block: a run of five is looked at character by character.
_STACKED = (
    "[\u0300-\u036f\u0483-\u0489\u0591-\u08ff\u0900-\u11ff\u135d-\u135f\u1700-\u1cff\u1dc0-\u1dff"
    "\u20d0-\u20ff\u2cef-\u2cf1\u2d7f\u2de0-\u2dff\u302a-\u302f\u3099\u309a\ua66f-\ua6f1\ua800-\uabff"
    "\ud7b0-\ud7ff\ufb1e\ufe20-\ufe2f\U000101fd-\U000102e0\U00010376-\U0001037a\U00010a00-\U00011fff"
    "\U00016000-\U00016fff\U0001bc9d\U0001bc9e\U0001cf00-\U0001e95f]{5,}"
)

# Assigned, or made wide, after Unicode 14, the table of Python 3.11.
_NEW_MARK = (
    "[\u0897\u0cf3\u0ece\u1acf-\u1add\u1ae0-\u1aeb\U00010d69-\U00010d6d\U00010efa-\U00010eff\U00011241"
    "\U000113b8-\U000113c0\U000113c2\U000113c5\U000113c7-\U000113ca\U000113cc-\U000113d0\U000113d2"
    "\U000113e1-\U000113e2\U00011b60-\U00011b67\U00011f00-\U00011f01\U00011f03\U00011f34-\U00011f3a"
    "\U00011f3e-\U00011f42\U00011f5a\U00013440\U00013447-\U00013455\U0001611e-\U0001612f\U0001e08f"
    "\U0001e4ec-\U0001e4ef\U0001e5ee-\U0001e5ef\U0001e6e3\U0001e6e6\U0001e6ee-\U0001e6ef\U0001e6f5]"
)
_NEW_WIDE = (
    "[\u2630-\u2637\u268a-\u268f\u2ffc-\u2fff\u31e4-\u31e5\u31ef\u4dc0-\u4dff\ufa6e-\ufa6f\ufada-\ufaff"
    "\U00016ff2-\U00016ff6\U000187f8-\U000187ff\U00018cff\U00018d09-\U00018d1e\U00018d80-\U00018df2"
    "\U0001b132\U0001b155\U0001d300-\U0001d356\U0001d360-\U0001d376\U0001f6d8\U0001f6dc"
    "\U0001fa75-\U0001fa77\U0001fa87-\U0001fa8a\U0001fa8e-\U0001fa8f\U0001faad-\U0001faaf"
    "\U0001fabb-\U0001fabf\U0001fac6\U0001fac8\U0001facd-\U0001facf\U0001fada-\U0001fadc\U0001fadf"
    "\U0001fae8-\U0001faea\U0001faef\U0001faf7-\U0001faf8\U0002a6e0-\U0002a6ff\U0002b739-\U0002b73f"
    "\U0002b81e-\U0002b81f\U0002cea2-\U0002ceaf\U0002ebe1-\U0002f7ff\U0002fa1e-\U0002fffd"
    "\U0003134b-\U0003fffd]"
)


@cache
def _pattern(source: str) -> re.Pattern[str]:
    """Compiled when it is needed: most texts need none of them, and the first page of the console has to be quick."""
    return re.compile(source)


def visible(text: str) -> str:
    """`text` with everything a terminal would obey, or a reader could not see, replaced by U+FFFD.

    Line feeds and tabs stay, CR LF becomes a line feed. Linear in the length of `text`; idempotent.
    """
    if _PLAIN.fullmatch(text):
        return text
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if text.isascii():
        return _pattern(_BAD).sub(REPLACEMENT, text)
    text = _pattern(_JOINER).sub("", _pattern(_DROPPED).sub("", text))
    if _pattern(_FLAG).search(text):
        text = text.translate(_FLAGS)
    return _pattern(_STACKED).sub(_unstack, _pattern(_BAD).sub(REPLACEMENT, text))


def _unstack(run: re.Match[str]) -> str:
    """The matched run with at most MAX_MARKS marks after one another."""
    kept: list[str] = []
    marks = 0
    for character in run[0]:
        marks = marks + 1 if _is_mark(character) else 0
        if marks <= MAX_MARKS:
            kept.append(character)
    return "".join(kept)


def _is_mark(character: str) -> bool:
    """Whether terminals draw `character` on the one before: a combining mark, a vowel or final of Hangul."""
    if unicodedata.category(character)[0] == "M" or _pattern(_NEW_MARK).match(character):
        return True
    return "\u1160" <= character <= "\u11ff" or "\ud7b0" <= character <= "\ud7ff"


def one_line(text: str, limit: int | None = None) -> str:
    """`text` on one line: visible, white space collapsed to single spaces, trimmed.

    With a `limit` in cells, a longer text ends in an ellipsis within the limit, and no more of it is looked
    at than could be shown, so that a line of a megabyte costs what a short one does.
    """
    if limit is None:
        return " ".join(visible(text).split())
    enough = 16 * limit + 256
    more = False
    if len(text) > enough:
        text = text.lstrip()
        more = len(text) > enough
        text = text[:enough]
    line = " ".join(visible(text).split())
    return shorten(line, limit, more=more)


def shorten(line: str, limit: int, *, more: bool = False) -> str:
    """`line`, already visible, within `limit` cells: with an ellipsis if it is longer or `more` follows."""
    if not more and cells(line) <= limit:
        return line
    if limit <= 0:
        return ""
    return _cut(line, limit - 1).rstrip() + ELLIPSIS


def is_steady(text: str) -> bool:
    """Whether every character takes one cell on every terminal: Latin, Greek and Cyrillic letters, digits, signs."""
    return _STEADY.fullmatch(text) is not None


def cells(text: str) -> int:
    """How many terminal cells visible `text` takes when drawn: wide characters two, combining marks none."""
    return len(text) if _STEADY.fullmatch(text) else sum(map(_cell, text))


@lru_cache(maxsize=4096)
def _cell(character: str) -> int:
    """The cells of one character, as Unicode 17 and the terminals that follow it have it."""
    if _is_mark(character) or unicodedata.category(character) == "Cc":
        return 0
    if _pattern(_NEW_WIDE).match(character):
        return 2
    # Python 3.11 calls all that is unassigned full-width.
    wide = unicodedata.east_asian_width(character) in "WF" and unicodedata.category(character) != "Cn"
    return 2 if wide else 1


def _cut(text: str, limit: int) -> str:
    """The longest beginning of `text` within `limit` cells, marks of its last letter included."""
    if _PLAIN.fullmatch(text):
        return text[:limit]
    total = 0
    for index, character in enumerate(text):
        total += _cell(character)
        if total > limit:
            return text[:index]
    return text


def fit(text: str, width: int, align: Literal["left", "right"] = "left") -> str:
    """`text` in exactly `width` cells: padded with spaces, or cut with an ellipsis."""
    if "\u200d" in text or "\ufe0f" in text:
        text = visible(text)
    text = shorten(text, width)
    padding = " " * (width - cells(text))
    return padding + text if align == "right" else text + padding


def wrap(text: str, width: int) -> list[str]:
    """`text`, visible, in lines of at most `width` cells, broken at spaces; words longer than a line are cut.

    Lines of the source stay lines; an empty text is one empty line.
    """
    lines: list[str] = []
    for source in visible(text).expandtabs(4).split("\n"):
        lines.extend(_wrap_line(source.rstrip(), max(width, 2)))
    return lines


def _wrap_line(source: str, width: int) -> list[str]:
    if cells(source) <= width:
        return [source]
    lines: list[str] = []
    line, used = "", 0
    for word in source.split():
        size = cells(word)
        if line and used + 1 + size <= width:
            line, used = f"{line} {word}", used + 1 + size
            continue
        if line:
            lines.append(line)
        *full, line = _chop(word, width) if size > width else [word]
        lines.extend(full)
        used = cells(line)
    return [*lines, line]


def _chop(word: str, width: int) -> list[str]:
    """`word` in pieces of at most `width` cells."""
    pieces: list[str] = []
    start = total = 0
    for index, character in enumerate(word):
        size = _cell(character)
        if total + size > width:
            pieces.append(word[start:index])
            start, total = index, 0
        total += size
    return [*pieces, word[start:]]


def printable(text: str, encoding: str | None = None) -> str:
    """`text` for standard output: visible, with escapes like `\\xf3` for what `encoding` (stdout's) lacks."""
    codec = encoding or sys.stdout.encoding or "ascii"
    return visible(text).encode(codec, "backslashreplace").decode(codec)


def plural(count: int, one: str, many: str) -> str:
    """`count` with its noun: `1 client`, `3 clients`, `12,000 clients`."""
    return f"{count:,} {one if count == 1 else many}"


def ended(sentence: str) -> str:
    """`sentence` with a full stop, unless it ends in that of a name: 'Acme a.s.'."""
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


def _short(delta: timedelta) -> str:
    """A positive duration in its largest whole unit: `40 m`, `2 h`, `3 d`."""
    minutes = int(delta.total_seconds()) // 60
    if minutes < 60:
        return f"{minutes} m"
    if minutes < 24 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // (24 * 60)} d"


def ago(delta: timedelta) -> str:
    """How long ago something was: `just now`, `5 m ago`, `2 h ago`, `3 d ago`."""
    return "just now" if delta < timedelta(minutes=1) else f"{_short(delta)} ago"


def until(delta: timedelta) -> str:
    """How long until something is: `now`, `in 40 m`, `in 2 h`, `in 3 d`."""
    return "now" if delta < timedelta(minutes=1) else f"in {_short(delta)}"


def day(moment: date, today: date) -> str:
    """A date in words: `28 Nov`, with its year if that is not the year of `today`."""
    short = f"{moment.day} {_MONTHS[moment.month - 1]}"
    return short if moment.year == today.year else f"{short} {moment.year}"


def when(moment: datetime, now: datetime) -> str:
    """`moment` beside `now`, both in the viewer's zone: `2 h ago`, `in 40 m`, a date from a day away on."""
    distance = moment - now
    if abs(distance) >= timedelta(days=1):
        return day(moment.date(), now.date())
    return until(distance) if distance >= timedelta(0) else ago(-distance)


def duration_minutes(minutes: int) -> str:
    """A number of minutes in hours and minutes: `2 h 30 min`, `45 min`, `-2 h`."""
    hours, rest = divmod(abs(minutes), 60)
    parts = [f"{hours} h"] if hours else []
    if rest or not hours:
        parts.append(f"{rest} min")
    return ("-" if minutes < 0 else "") + " ".join(parts)


def hours(minutes: int) -> str:
    """A number of minutes where columns are narrow: `3h00`, `0h45`, `-2h00`."""
    whole, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else ''}{whole:,}h{rest:02d}"


def money(minor: int, currency: str) -> str:
    """An amount in the currency's minor units (ISO 4217), written out: 24000, PLN is `240.00 PLN`."""
    digits = _MINOR_DIGITS.get(currency, 2)
    whole, rest = divmod(abs(minor), 10**digits)
    fraction = f".{rest:0{digits}d}" if digits else ""
    return f"{'-' if minor < 0 else ''}{whole}{fraction} {currency}"
