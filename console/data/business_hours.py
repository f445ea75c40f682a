"""Working time: minutes counted by a schedule in its own zone. Pure.

What counts are the instants whose local day and minute lie in an interval of that weekday and no holiday. Where the
clocks go forward, a skipped hour has no instants and does not count; where they go back, an hour that comes twice
counts twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

FURTHEST = 3660
"""Days after which a search for working time gives up: a schedule may have none."""
_DAY = timedelta(days=1)
# Zones are at most 14 hours from UTC; a local day lies within this much of the same day in UTC.
_AROUND = timedelta(hours=15)


@dataclass(frozen=True, slots=True)
class Interval:
    """Working time on a weekday (0 is Monday), in minutes from local midnight; 1440 is 24:00."""

    weekday: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """Business hours: a zone of the IANA list, intervals (they may touch or overlap), and days off."""

    zone: str
    intervals: tuple[Interval, ...]
    holidays: frozenset[date] = field(default_factory=frozenset)


def after(schedule: Schedule | None, start: datetime, minutes: int) -> datetime | None:
    """When this many working minutes from ``start`` are over; round the clock without a schedule.

    None where there is not so much working time within ten years. Zero minutes end at ``start`` itself.
    """
    left = timedelta(minutes=minutes)
    if left > FURTHEST * _DAY:
        return None
    if schedule is None or not left:
        return start + left
    for begin, end in _spells(schedule, start):
        if left <= end - begin:
            return begin + left
        left -= end - begin
    return None


def between(schedule: Schedule | None, start: datetime, end: datetime) -> int:
    """Whole working minutes from ``start`` to ``end``; 0 where the end comes first."""
    if end <= start:
        return 0
    if schedule is None:
        return (end - start) // timedelta(minutes=1)
    worked = timedelta()
    for begin, until in _spells(schedule, start):
        if begin >= end:
            break
        worked += min(until, end) - begin
    return worked // timedelta(minutes=1)


def _spells(schedule: Schedule, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The working spells from ``start`` on, in UTC and in order."""
    zone = ZoneInfo(schedule.zone)
    hours = {weekday: _merged(schedule, weekday) for weekday in range(7)}
    if not any(hours.values()):
        return
    first = start.astimezone(zone).date()
    for number in range(FURTHEST):
        today = first + number * _DAY
        if today in schedule.holidays:
            continue
        for begin, end in _instants(zone, today, hours[today.weekday()]):
            if end > start:
                yield max(begin, start), end


def _merged(schedule: Schedule, weekday: int) -> list[tuple[int, int]]:
    """The intervals of a weekday in order, those that touch or overlap made one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted((one.start, one.end) for one in schedule.intervals if one.weekday == weekday):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _instants(zone: ZoneInfo, today: date, hours: list[tuple[int, int]]) -> list[tuple[datetime, datetime]]:
    """The spells of one local day, in UTC: each interval by each offset from UTC that the day has."""
    if not hours:
        return []
    midnight = datetime(today.year, today.month, today.day, tzinfo=UTC)
    found = []
    for begin, end, offset in _offsets(zone, midnight - _AROUND, midnight + _DAY + _AROUND):
        for start, stop in hours:
            one = max(begin, midnight + timedelta(minutes=start) - offset)
            other = min(end, midnight + timedelta(minutes=stop) - offset)
            if one < other:
                found.append((one, other))
    return sorted(found)


def _offsets(zone: ZoneInfo, begin: datetime, end: datetime) -> list[tuple[datetime, datetime, timedelta]]:
    """The parts of a span, in UTC, each with its one offset; clocks change on whole minutes, once in a span."""
    first, last = _offset(zone, begin), _offset(zone, end)
    if first == last:
        return [(begin, end, first)]
    low, high = begin, end
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) // timedelta(minutes=2) * timedelta(minutes=1)
        if _offset(zone, middle) == first:
            low = middle
        else:
            high = middle
    return [(begin, high, first), (high, end, last)]


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()
