"""What happens to a client's name, address and number when somebody else writes them down again."""

from __future__ import annotations

import random
from functools import cache

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_READ = {
    "m": "rn",
    "d": "cl",
    "l": "1",
    "o": "0",
    "i": "l",
    "e": "c",
    "h": "b",
    "u": "v",
    "w": "vv",
    "g": "q",
}


@cache
def _neighbours(letter: str) -> str:
    for row, letters in enumerate(_ROWS):
        at = letters.find(letter)
        if at >= 0:
            below = _ROWS[row + 1] if row < len(_ROWS) - 1 else ""
            return letters[max(at - 1, 0) : at] + letters[at + 1 : at + 2] + below[max(at - 1, 0) : at + 1]
    return ""


def typo(text: str, rng: random.Random, first: int = 0) -> str:
    """The text with one letter left out, doubled, swapped with the next, or its neighbour on the keyboard.

    ``first`` letters stay as they are. A text with nothing to mistype stays the same.
    """
    places = [at for at in range(first, len(text)) if text[at].isalnum()]
    if len(places) < 2:
        return text
    for _ in range(8):
        made = _edited(text, rng.choice(places), rng)
        if made != text:
            return made
    return text


def _edited(text: str, at: int, rng: random.Random) -> str:
    sign = text[at]
    what = rng.random()
    if what < 0.25:
        return text[:at] + text[at + 1 :]
    if what < 0.4:
        return text[:at] + sign + text[at:]
    if what < 0.65 and at + 1 < len(text) and text[at + 1].isalnum():
        return text[:at] + text[at + 1] + sign + text[at + 2 :]
    near = _neighbours(sign.lower())
    if not near:
        return text[:at] + text[at + 1 :]
    other = rng.choice(near)
    return text[:at] + (other.upper() if sign.isupper() else other) + text[at + 1 :]


def misread(text: str, rng: random.Random) -> str:
    """The text as a scanner would read it: one letter taken for one or two that look like it."""
    places = [at for at, sign in enumerate(text) if sign in _READ]
    if not places:
        return text
    at = rng.choice(places)
    return text[:at] + _READ[text[at]] + text[at + 1 :]


def other_digit(number: str, rng: random.Random) -> str:
    """The number with two digits swapped or one of the last ones wrong."""
    places = [at for at, sign in enumerate(number) if sign.isdigit()][-7:]
    if len(places) < 2:
        return number
    at = rng.randrange(len(places) - 1)
    one, other = places[at], places[at + 1]
    if number[one] != number[other] and rng.random() < 0.5:
        swapped = list(number)
        swapped[one], swapped[other] = number[other], number[one]
        return "".join(swapped)
    wrong = rng.choice([digit for digit in "0123456789" if digit != number[one]])
    return number[:one] + wrong + number[one + 1 :]
