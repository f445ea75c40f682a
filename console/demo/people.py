"""Invented people and companies: a name, a place, telephone numbers and addresses that fit together."""

import random
import re
from dataclasses import dataclass
from functools import lru_cache

from console.data.normalize import fold
from console.demo.names import NAMES
from console.demo.places import COUNTRIES, FREE_MAIL, STEMS, Country, Town

_SHARES = [country.share for country in COUNTRIES]
_LETTERS = re.compile("[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Place:
    """A postal address."""

    street: str
    city: str
    postcode: str


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as it is written there, in E.164, and whether it is a mobile."""

    raw: str
    normalized: str
    mobile: bool


@lru_cache(maxsize=16384)
def letters(text: str) -> str:
    """The Latin letters and digits of a name, folded: what an address is made of."""
    return _LETTERS.sub("", fold(text))


class Inventor:
    """Everything that is made up, from one source of chance; addresses and usernames never repeat."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.taken: set[str] = set()

    def country(self) -> Country:
        """A country, the home market most often."""
        return self.rng.choices(COUNTRIES, _SHARES)[0]

    def digits(self, pattern: str) -> str:
        """The pattern with a digit in place of each `#`."""
        rng = self.rng
        return "".join(str(rng.randrange(10)) if char == "#" else char for char in pattern)

    def place(self, country: Country, town: Town | None = None) -> tuple[Place, str]:
        """An address, and the area code of its town."""
        rng = self.rng
        name, postcode, area = town or rng.choice(country.towns)
        street = country.street.format(street=rng.choice(country.streets), number=rng.randint(1, 140))
        return Place(street, name, self.digits(postcode)), area

    def mobile(self, country: Country) -> Phone:
        """A mobile number, written in one of the ways people write it."""
        national = self.digits(self.rng.choice(country.mobile))
        return Phone(self._written(country, national), f"+{country.calling}{national}", True)

    def landline(self, country: Country, area: str) -> Phone:
        """The number of a desk or a switchboard."""
        national = area + self.digits(country.landline)
        if country.code in ("PL", "CZ", "FR", "UA"):
            national = national[:9]
        return Phone(self._written(country, national), f"+{country.calling}{national}", False)

    def _written(self, country: Country, national: str) -> str:
        groups = " ".join(national[i : i + 3] for i in range(0, len(national), 3))
        way = self.rng.random()
        if way < 0.55:
            return f"+{country.calling} {groups}"
        if way < 0.8:
            return f"{country.trunk}{groups}"
        return f"{country.trunk}{national}"

    def person(self, country: Country) -> tuple[str, str, bool]:
        """Given name, family name and whether it is a woman."""
        names, rng = NAMES[country.code], self.rng
        woman = rng.random() < 0.52
        given = rng.choice(names.women if woman else names.men)
        family = names.family_of(rng.choice(names.families), woman=woman)
        if rng.random() < 0.03:
            family += "-" + names.family_of(rng.choice(names.families), woman=woman)
        return given, family, woman

    def email(self, given: str, family: str, host: str) -> str:
        """An address nobody has yet."""
        first, last, rng = letters(given), letters(family), self.rng
        local = rng.choice(
            (f"{first}.{last}", f"{first}.{last}", f"{first[:1]}.{last}", f"{last}.{first}", first + last)
        )
        if host in FREE_MAIL and rng.random() < 0.5:
            local += str(rng.randint(50, 99) if rng.random() < 0.6 else rng.randint(1, 999))
        return self.free(local, "@" + host)

    def free(self, start: str, end: str = "") -> str:
        """``start`` + ``end``, with a number between them if that is taken."""
        found, number = start + end, 1
        while found in self.taken:
            number = number + 1 if number < 9 else self.rng.randrange(10, 10**6)
            found = f"{start}{number}{end}"
        self.taken.add(found)
        return found

    def free_mail(self) -> str:
        """A host where anybody has an address."""
        return self.rng.choice(FREE_MAIL)

    def company(self, country: Country) -> tuple[str, str]:
        """A company's name and its mail domain, which nobody has yet."""
        rng = self.rng
        stem, trade, form = rng.choice(STEMS), rng.choice(country.trades), rng.choice(country.forms)
        if rng.random() < 0.25:
            stem = rng.choice(NAMES[country.code].families)
        elif rng.random() < 0.4:
            stem += rng.choice(
                ("net", "tech", "plus", "max", "pol", "line", "land", "soft", "group", "system")
            )
        shape = rng.random()
        if shape < 0.4:
            name = f"{stem} {trade} {form}"
        elif shape < 0.7:
            name = f"{trade} {stem} {form}"
        else:
            name = f"{stem} {form}"
        if country.code == "UA":
            name = f"{form} «{trade} {stem}»"
        label = letters(stem) if shape >= 0.7 else f"{letters(stem)}-{letters(trade)}"
        return name, self.free(label, f".{country.top_level}.example")

    def nickname(self, country: Country, given: str) -> str:
        """The short form of a given name, or the name itself."""
        return next((short for long, short in NAMES[country.code].nicknames if long == given), given)

    def misspelt(self, word: str) -> str:
        """The word with one slip of the fingers."""
        rng = self.rng
        if len(word) < 4:
            return word
        at = rng.randrange(1, len(word) - 1)
        slip = rng.random()
        if slip < 0.4:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        if slip < 0.7:
            return word[:at] + word[at + 1 :]
        return word[:at] + word[at] + word[at:]
