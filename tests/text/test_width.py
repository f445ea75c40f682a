"""Widths agree with what Textual draws; fitted text takes exactly its cells."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from rich.cells import cell_len

from console import text
from console.text import cells, fit, visible, wrap


def test_every_character_has_the_width_textual_gives_it() -> None:
    every = (visible(chr(code)) for code in range(0x110000))
    assert [character for character in every if cells(character) != cell_len(character)] == []


def random_texts(count: int) -> list[str]:
    chance = random.Random(3)
    alphabets = ["abcł ", "日本 a", "e\u0301\u0302 ", "👨\u200d👩 ❤\ufe0f🇵🇱", "שלום مرحبا ", "नमस्ते"]
    return ["".join(chance.choices(chance.choice(alphabets), k=chance.randrange(30))) for _ in range(count)]


@pytest.mark.parametrize("width", [0, 1, 2, 7, 20])
def test_fit_takes_exactly_its_cells(width: int) -> None:
    for sample in random_texts(300):
        assert cell_len(fit(sample, width)) == width
        assert cell_len(fit(sample, width, "right")) == width


def test_visible_text_has_a_width_that_adds_up_by_character() -> None:
    for sample in random_texts(300):
        shown = visible(sample)
        assert cells(shown) == cell_len(shown) == sum(cells(character) for character in shown)


def test_fit_pads_and_aligns() -> None:
    assert fit("12", 4, "right") == "  12"
    assert fit("12", 4) == "12  "
    assert fit("approved", 5) == "appr…"
    assert fit("日本語", 4) == "日… "


@pytest.mark.parametrize("width", [2, 5, 12, 40])
def test_wrapped_lines_keep_within_the_width_and_lose_no_letter(width: int) -> None:
    for sample in random_texts(200):
        lines = wrap(sample, width)
        assert all(cell_len(line) <= width for line in lines)
        assert "".join("".join(lines).split()) == "".join(visible(sample).split())


def test_wrap_breaks_at_spaces_and_keeps_source_lines() -> None:
    assert wrap("the printer on the third floor", 12) == ["the printer", "on the third", "floor"]
    assert wrap("one\n\ntwo", 12) == ["one", "", "two"]
    assert wrap("https://example.org/long", 10) == ["https://ex", "ample.org/", "long"]
    assert wrap("", 10) == [""]


@pytest.mark.parametrize(
    ("delta", "past", "future"),
    [
        (timedelta(seconds=20), "just now", "now"),
        (timedelta(minutes=40), "40 m ago", "in 40 m"),
        (timedelta(hours=2, minutes=50), "2 h ago", "in 2 h"),
        (timedelta(days=3, hours=1), "3 d ago", "in 3 d"),
    ],
)
def test_short_durations(delta: timedelta, past: str, future: str) -> None:
    assert text.ago(delta) == past
    assert text.until(delta) == future


def test_when_is_relative_within_a_day_and_a_date_beyond() -> None:
    now = datetime(2025, 11, 21, 15, 0, tzinfo=UTC)
    assert text.when(now - timedelta(hours=2), now) == "2 h ago"
    assert text.when(now + timedelta(minutes=40), now) == "in 40 m"
    assert text.when(datetime(2025, 11, 28, 9, 0, tzinfo=UTC), now) == "28 Nov"
    assert text.when(datetime(2024, 2, 1, 9, 0, tzinfo=UTC), now) == "1 Feb 2024"


def test_minutes_money_and_counts() -> None:
    shown = [text.duration_minutes(minutes) for minutes in (150, 60, 45, 0, -130)]
    assert shown == ["2 h 30 min", "1 h", "45 min", "0 min", "-2 h 10 min"]
    assert text.money(24000, "PLN") == "240.00 PLN"
    assert text.money(-5, "EUR") == "-0.05 EUR"
    assert text.money(500, "JPY") == "500 JPY"
    assert text.money(1500, "KWD") == "1.500 KWD"
    assert text.plural(1, "client", "clients") == "1 client"
    assert text.plural(12000, "client", "clients") == "12,000 clients"
