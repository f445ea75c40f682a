"""Days, times and amounts as staff write them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from console.data import spoken
from console.data.errors import Invalid

WARSAW = ZoneInfo("Europe/Warsaw")
NOW = datetime(2026, 3, 25, 10, 0, tzinfo=UTC)  # a Wednesday, four days before the clocks change


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("today", "2026-03-25 23:59:59+01:00"),
        ("tomorrow", "2026-03-26 23:59:59+01:00"),
        ("fri", "2026-03-27 23:59:59+01:00"),
        ("Friday", "2026-03-27 23:59:59+01:00"),
        ("wednesday", "2026-04-01 23:59:59+02:00"),
        ("sun", "2026-03-29 23:59:59+02:00"),
        ("3 d", "2026-03-28 23:59:59+01:00"),
        ("2w", "2026-04-08 23:59:59+02:00"),
        ("5 h", "2026-03-25 16:00:00+01:00"),
        ("2026-12-01", "2026-12-01 23:59:59+01:00"),
        ("2026-03-26 08:30", "2026-03-26 08:30:00+01:00"),
    ],
)
def test_a_day_means_its_end_where_the_reader_is(given: str, expected: str) -> None:
    found = spoken.moment(given, NOW, WARSAW)
    assert found is not None
    assert str(found.astimezone(WARSAW)) == expected


def test_nothing_written_means_no_end() -> None:
    assert spoken.moment("  ", NOW, WARSAW) is None


@pytest.mark.parametrize(
    "given", ["soon", "2026-13-01", "2026-02-30", "fr", "99", "9999 y", "-3 d", "2026-12-01 25:00"]
)
def test_what_is_no_day_is_refused_with_examples(given: str) -> None:
    with pytest.raises(Invalid, match="friday"):
        spoken.moment(given, NOW, WARSAW)


def test_a_day_that_is_over_is_refused() -> None:
    with pytest.raises(Invalid, match="over already"):
        spoken.moment("2026-03-24", NOW, WARSAW)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2 h", ("minutes", 120)),
        ("2h30", ("minutes", 150)),
        ("2 h 30 min", ("minutes", 150)),
        ("90 min", ("minutes", 90)),
        ("90m", ("minutes", 90)),
        ("4 incidents", ("incidents", 4)),
        ("1 inc", ("incidents", 1)),
        ("0 h", None),
        ("0 incidents", None),
        ("", None),
        ("4", None),
        ("lots", None),
    ],
)
def test_credit_is_in_minutes_or_incidents(given: str, expected: tuple[str, int] | None) -> None:
    if expected is None:
        with pytest.raises(Invalid, match="2 h, 90 min or 4 incidents"):
            spoken.credit(given)
    else:
        assert spoken.credit(given) == expected
