"""Days, times and amounts as staff write them: 'friday', '2 w', '2026-12-01', '2 h 30 min', '4 incidents'."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from console.data.errors import Invalid

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPAN = re.compile(r"(\d{1,4})\s*(h|d|w|m|y|hours?|days?|weeks?|months?|years?)")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2}))?")
_HOURS = re.compile(r"(\d{1,5})\s*(?:h|hours?)\s*(?:(\d{1,5})\s*(?:m|min|minutes?)?)?")
_MINUTES = re.compile(r"(\d{1,6})\s*(?:m|min|minutes?)")
_LENGTH = re.compile(
    r"(?:(\d{1,4})\s*(?:d|days?))?\s*(?:(\d{1,5})\s*(?:h|hours?))?\s*(?:(\d{1,6})\s*(?:m|min|minutes?))?"
)
_INCIDENTS = re.compile(r"(\d{1,6})\s*(?:i|inc|incidents?)")
_END = time(23, 59, 59)


def moment(given: str, now: datetime, zone: tzinfo | None, field: str = "until") -> datetime | None:
    """The moment meant, in UTC; a day means its end in ``zone`` (None: the machine's). None for nothing written.

    Invalid for what cannot be read, and for what is over already.
    """
    written = given.strip().lower()
    if not written:
        return None
    here = now.astimezone(zone)
    found = _read(written, here)
    if found is None:
        raise Invalid(
            field,
            f"{given.strip()[:40]!r} is no day. Write one such as 2026-12-01, friday, tomorrow, 3 d or 2 w.",
        )
    if found <= here:
        raise Invalid(field, f"{given.strip()[:40]!r} is over already. Write a day to come.")
    return found.astimezone(UTC)


def _read(written: str, here: datetime) -> datetime | None:
    if written in ("today", "tomorrow"):
        return _end_of(here.date() + timedelta(days=written == "tomorrow"), here)
    days = [place for place, name in enumerate(_WEEKDAYS) if len(written) >= 3 and name.startswith(written)]
    if days:
        return _end_of(here.date() + timedelta(days=(days[0] - here.weekday() - 1) % 7 + 1), here)
    if (span := _SPAN.fullmatch(written)) is not None:
        return _after(int(span[1]), span[2][0], here)
    if (iso := _ISO.fullmatch(written)) is not None:
        return _on(iso, here)
    return None


def _after(number: int, unit: str, here: datetime) -> datetime | None:
    if unit == "h":
        return here + timedelta(hours=number)
    try:
        return _end_of(here.date() + timedelta(days=number * _DAYS[unit]), here)
    except OverflowError:
        return None


def _on(iso: re.Match[str], here: datetime) -> datetime | None:
    try:
        day = date(int(iso[1]), int(iso[2]), int(iso[3]))
        at = time(int(iso[4]), int(iso[5])) if iso[4] else _END
    except ValueError:
        return None
    return datetime.combine(day, at, here.tzinfo)


def _end_of(day: date, here: datetime) -> datetime:
    return datetime.combine(day, _END, here.tzinfo)


def credit(given: str) -> tuple[str, int]:
    """The unit ('minutes' or 'incidents') and how much of it; Invalid for what cannot be read."""
    written = given.strip().lower()
    if (found := _INCIDENTS.fullmatch(written)) is not None and int(found[1]):
        return "incidents", int(found[1])
    minutes = 0
    if (hours := _HOURS.fullmatch(written)) is not None:
        minutes = int(hours[1]) * 60 + int(hours[2] or 0)
    elif (spent := _MINUTES.fullmatch(written)) is not None:
        minutes = int(spent[1])
    if not minutes:
        raise Invalid("amount", f"{given.strip()[:40]!r} is no amount. Write 2 h, 90 min or 4 incidents.")
    return "minutes", minutes


def span(given: str, field: str) -> int:
    """Minutes of a length of time: '4 h', '2 h 30 min', '90 min', '2 d' (a day has 24 hours). Invalid otherwise."""
    written = given.strip().lower()
    if (found := _LENGTH.fullmatch(written)) is not None and written:
        days, hours, minutes = (int(part or 0) for part in found.groups())
        if total := days * 1440 + hours * 60 + minutes:
            return total
    raise Invalid(field, f"{given.strip()[:40]!r} is no length of time. Write 4 h, 2 h 30 min or 2 d.")
