"""visible(): what a terminal would obey or hide is shown as U+FFFD; the rest reads as it was."""

import random
import unicodedata

import pytest

from console.text import MAX_MARKS, REPLACEMENT, one_line, printable, visible


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Anna Kowalska",
        "Żółć gęślą jaźń",
        "Ольга Коваленко",
        "日本語",
        "שלום",
        "line\n\tindented",
        "50 % [/foo] \\",
    ],
)
def test_honest_text_is_unchanged(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    "bad",
    [
        *(chr(code) for code in range(0x20) if chr(code) not in "\n\t"),
        "\x7f",
        *(chr(code) for code in range(0x80, 0xA0)),
        *"\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff",
        *"\u115f\u1160\u3164\uffa0\u034f\u180e\ufff9\ufffe\uffff\ud800\udfff\U000e0041\U000e007f",
    ],
)
def test_a_dangerous_character_becomes_one_replacement(bad: str) -> None:
    assert visible(f"a{bad}b") == f"a{REPLACEMENT}b"
    assert visible(f"ż{bad}日") == f"ż{REPLACEMENT}日"


def test_carriage_returns_end_lines_only_before_a_line_feed() -> None:
    assert visible("one\r\ntwo\rthree") == f"one\ntwo{REPLACEMENT}three"


def test_an_escape_sequence_is_legible_and_inert() -> None:
    assert visible("\x1b]0;owned\x07hello") == f"{REPLACEMENT}]0;owned{REPLACEMENT}hello"


def test_stacked_marks_are_bounded() -> None:
    assert visible("Z" + "\u0301" * 50 + "al") == "Z" + "\u0301" * MAX_MARKS + "al"
    assert visible("กุ้ง") == "กุ้ง"
    assert visible("ᄒ" + "\u1161" * 9) == "ᄒ" + "\u1161" * MAX_MARKS


def test_every_combining_mark_is_bounded() -> None:
    marks = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code))[0] == "M"]
    stacked = [mark for mark in marks if len(visible("a" + mark * 9)) > 1 + MAX_MARKS]
    replaced = [mark for mark in stacked if visible("a" + mark * 9) == "a" + REPLACEMENT * 9]
    assert stacked == replaced


def test_an_emoji_chain_keeps_its_people() -> None:
    assert visible("👨\u200d👩\u200d👧 home") == "👨👩👧 home"
    assert visible("👍🏽 ❤\ufe0f 1\ufe0f\u20e3") == "👍 ❤ 1\u20e3"
    assert visible("🇵🇱 Anna") == "PL Anna"


def test_joiners_stay_silent_in_scripts_that_need_them_and_show_elsewhere() -> None:
    assert visible("می\u200cخواهم") == "میخواهم"
    assert visible("pay\u200cpal") == f"pay{REPLACEMENT}pal"


def test_visible_is_idempotent_on_random_text() -> None:
    chance = random.Random(7)
    alphabet = "ab \n\t\r\x1b\x9b\u0301\u0489\u200d\u200c\u202e👨👩🏽🇵❤\ufe0fकي日\U000e0041\ud800\xad\u1161"
    for _ in range(2_000):
        once = visible("".join(chance.choices(alphabet, k=12)))
        assert visible(once) == once


def test_one_line_collapses_white_space() -> None:
    assert one_line("  a\n\n b\t\tc\u00a0d\u3000e ") == "a b c d e"
    assert one_line("\n\t ") == ""


def test_one_line_cuts_by_cells() -> None:
    assert one_line("Anna Kowalska", 13) == "Anna Kowalska"
    assert one_line("Anna Kowalska", 6) == "Anna…"
    assert one_line("日本語日本語", 6) == "日本…"
    assert one_line("abc", 0) == ""
    assert one_line("e\u0301" * 5, 3) == "e\u0301" * 2 + "…"


def test_a_long_line_is_looked_at_only_as_far_as_shown() -> None:
    assert one_line(" " * 1_000_000 + "x", 10) == "x"
    assert one_line("word " * 200_000, 10) == "word word…"
    assert one_line("a" + " " * 1_000_000 + "b", 10) == "a…"


def test_printable_survives_a_legacy_standard_output() -> None:
    assert printable("Północ \x1b[2J", "utf-8") == f"Północ {REPLACEMENT}[2J"
    assert printable("Północ", "ascii") == "P\\xf3\\u0142noc"
    assert printable("\ud800", "utf-8") == REPLACEMENT
