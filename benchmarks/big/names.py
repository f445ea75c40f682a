"""Names as they are spread in a country: a few that thousands bear, and thousands that a few bear."""

import itertools
import random
from dataclasses import dataclass
from functools import cache

from benchmarks.big.tables import spread
from console.data.normalize import fold, words
from console.demo.names import NAMES
from console.demo.people import letters
from console.demo.places import COUNTRIES, Country

RARE_FAMILIES = 6000  # beside the common ones of each country
_ENDINGS = {
    "PL": spread("ski cki wicz owicz czyk ak iak ek arz ura owski iński"),
    "CZ": spread("ek ák ník ský čka ec al il ovec ička"),
    "DE": spread("mann er bauer hofer meier inger stein berg feld ner"),
    "GB": spread("son ton ley ford well by worth ham field wood"),
    "US": spread("son ton ley ford well by worth ham field wood"),
    "FR": spread("ard et eau in ier on ois elle ot igny"),
    "UA": spread("енко чук ук як ко ець ий ський ишин"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A given or family name: as written, folded, as it stands in an address, and its search words."""

    text: str
    folded: str
    letters: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Stock:
    """The names of a country with their cumulative weights; ``families`` are (a man's, a woman's)."""

    country: Country
    given: tuple[tuple[Part, bool], ...]
    given_weights: tuple[float, ...]
    families: tuple[tuple[Part, Part], ...]
    family_weights: tuple[float, ...]


@cache
def part(text: str) -> Part:
    """A name with all that is made of it."""
    return Part(text, fold(text), letters(text), frozenset(words(text)))


def _weights(count: int) -> tuple[float, ...]:
    return tuple(itertools.accumulate(1 / (rank + 4) for rank in range(count)))


def _families(country: Country, rng: random.Random) -> list[str]:
    """The common ones first, then rare ones of the same sound: the beginning of one with another ending."""
    common = list(NAMES[country.code].families)
    rng.shuffle(common)
    made = dict.fromkeys(common)
    while len(made) < len(common) + RARE_FAMILIES:
        stem = rng.choice(common)[: rng.randint(2, 5)] + rng.choice(common)[1 : rng.randint(2, 5)].lower()
        made[stem + rng.choice(_ENDINGS[country.code])] = None
    return list(made)


def stock(country: Country) -> Stock:
    """The names of a country, the same every time."""
    rng, names = random.Random(country.code), NAMES[country.code]
    given = [(part(name), False) for name in names.men] + [(part(name), True) for name in names.women]
    rng.shuffle(given)
    families = [(part(name), part(names.family_of(name, woman=True))) for name in _families(country, rng)]
    return Stock(country, tuple(given), _weights(len(given)), tuple(families), _weights(len(families)))


STOCKS = tuple(stock(country) for country in COUNTRIES)
SHARES = tuple(itertools.accumulate(country.share for country in COUNTRIES))
