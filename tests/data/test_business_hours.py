"""Working time by schedules in their zones: several intervals a day, holidays, 24:00, and changes of the clocks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.data.business_hours import Interval, Schedule, after, between

WARSAW = ZoneInfo("Europe/Warsaw")
OFFICE = tuple(Interval(day, *hours) for day in range(5) for hours in ((540, 720), (780, 1020)))
WEEK = Schedule("Europe/Warsaw", OFFICE)
ALWAYS = Schedule("Europe/Warsaw", tuple(Interval(day, 0, 1440) for day in range(7)))


def at(written: str, zone: ZoneInfo = WARSAW, fold: int = 0) -> datetime:
    """A local time, as UTC."""
    return datetime.fromisoformat(written).replace(tzinfo=zone, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-03-02 09:00", 60, "2026-03-02 10:00"),
        ("2026-03-02 11:30", 60, "2026-03-02 13:30"),  # over lunch
        ("2026-03-02 12:15", 1, "2026-03-02 13:01"),  # begun at lunch
        ("2026-03-02 07:00", 420, "2026-03-02 17:00"),  # a whole day ends with it
        ("2026-03-02 16:59", 2, "2026-03-03 09:01"),
        ("2026-03-06 16:00", 120, "2026-03-09 10:00"),  # over the weekend
        ("2026-03-07 12:00", 30, "2026-03-09 09:30"),
        ("2026-03-02 20:00", 0, "2026-03-02 20:00"),
    ],
)
def test_minutes_count_only_in_working_hours(start: str, minutes: int, end: str) -> None:
    assert after(WEEK, at(start), minutes) == at(end)
    assert between(WEEK, at(start), at(end)) == minutes


def test_a_holiday_does_not_count() -> None:
    closed = Schedule("Europe/Warsaw", OFFICE, frozenset({date(2026, 3, 3), date(2026, 3, 4)}))
    assert after(closed, at("2026-03-02 16:30"), 60) == at("2026-03-05 09:30")
    assert between(closed, at("2026-03-03 00:00"), at("2026-03-05 00:00")) == 0


def test_24_00_goes_over_into_the_next_day() -> None:
    late = Schedule("Europe/Warsaw", (Interval(0, 1200, 1440), Interval(1, 0, 60)))
    assert after(late, at("2026-03-02 23:30"), 60) == at("2026-03-03 00:30")
    assert after(late, at("2026-03-02 23:30"), 30) == at("2026-03-03 00:00")
    assert between(late, at("2026-03-02 00:00"), at("2026-03-04 00:00")) == 300


def test_intervals_that_overlap_or_touch_count_once() -> None:
    doubled = Schedule("UTC", (Interval(0, 540, 720), Interval(0, 600, 780), Interval(0, 780, 800)))
    monday = datetime(2026, 3, 2, tzinfo=UTC)
    assert between(doubled, monday, monday + timedelta(days=1)) == 260


@pytest.mark.parametrize(
    ("hours", "day", "minutes"),
    [
        ((0, 1440), "2026-03-29", 23 * 60),  # the hour from 02:00 is skipped
        ((60, 150), "2026-03-29", 60),  # 01:00 to 02:30, of which half an hour never was
        ((120, 180), "2026-03-29", 0),
        ((150, 240), "2026-03-29", 60),
        ((0, 1440), "2026-10-25", 25 * 60),  # the hour from 02:00 comes twice
        ((60, 150), "2026-10-25", 120),
        ((120, 180), "2026-10-25", 120),
        ((180, 240), "2026-10-25", 60),
    ],
)
def test_changes_of_the_clocks(hours: tuple[int, int], day: str, minutes: int) -> None:
    sunday = Schedule("Europe/Warsaw", (Interval(6, *hours),))
    start = at(f"{day} 00:00")
    assert between(sunday, start, start + timedelta(hours=30)) == minutes
    if minutes:
        end = after(sunday, start, minutes)
        assert end is not None
        assert between(sunday, start, end) == minutes


def test_due_times_keep_to_the_wall_clock_across_a_change() -> None:
    assert after(WEEK, at("2026-03-27 16:00"), 120) == at("2026-03-30 10:00")
    assert after(WEEK, at("2026-10-23 16:00"), 120) == at("2026-10-26 10:00")


@pytest.mark.parametrize(
    "zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu", "America/St_Johns"]
)
def test_zones_far_from_utc(zone: str) -> None:
    there = ZoneInfo(zone)
    week = Schedule(zone, tuple(Interval(day, 540, 1020) for day in range(5)))
    assert after(week, at("2026-03-06 16:30", there), 60) == at("2026-03-09 09:30", there)


def test_without_a_schedule_it_is_round_the_clock() -> None:
    start = at("2026-03-07 23:30")
    assert after(None, start, 90) == start + timedelta(minutes=90)
    assert between(None, start, start + timedelta(days=2)) == 2880


@pytest.mark.parametrize("schedule", [Schedule("UTC", ()), None])
def test_what_never_comes_is_none(schedule: Schedule | None) -> None:
    minutes = 60 if schedule else 10**12
    assert after(schedule, at("2026-03-02 09:00"), minutes) is None


def test_a_schedule_whose_only_days_are_holidays_has_no_time() -> None:
    mondays = frozenset(date(2026, 1, 5) + timedelta(weeks=week) for week in range(600))
    assert after(Schedule("UTC", (Interval(0, 0, 1440),), mondays), at("2026-03-02 09:00"), 1) is None


def test_the_end_before_the_start_is_nothing() -> None:
    assert between(WEEK, at("2026-03-03 12:00"), at("2026-03-02 12:00")) == 0


MOMENTS = st.integers(0, 3 * 365 * 1440).map(
    lambda one: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=one)
)


@given(MOMENTS, st.integers(1, 5000))
def test_after_and_between_agree(start: datetime, minutes: int) -> None:
    end = after(WEEK, start, minutes)
    assert end is not None
    assert between(WEEK, start, end) == minutes
    assert between(WEEK, start, end - timedelta(minutes=1)) == minutes - 1


@given(MOMENTS, st.integers(0, 5000))
def test_all_day_every_day_is_round_the_clock(start: datetime, minutes: int) -> None:
    assert after(ALWAYS, start, minutes) == start + timedelta(minutes=minutes)
