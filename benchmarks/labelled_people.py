"""Clients as they are, before anybody writes them down: people, households, those employed, companies, branches."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from benchmarks.labelled_countries import (
    COUNTRIES,
    SHARES,
    Country,
    Names,
    all_names,
    choose,
    drawn,
    letters,
    of_woman,
    spread,
)

_COMPANIES = 0.17  # of clients
_EMPLOYED = 0.5  # of people
_COMMON_FIRMS = 10
_TWINS, _NAMESAKES, _SHARED_MAIL, _LANDLINE = 0.03, 0.01, 0.12, 0.5
_HARD_NAMES = ("Null", "None", "NA", "Nan", "Test", "True", "Void")
_BRANDS = spread(
    "Alfa Nova Terra Vita Omni Luma Ardo Bela Cora Delta Eko Fero Gala Hexa Inter Juno Kappa Lito Maxi Neo Orbi"
)
_ENDS = spread(
    "tech net plan form line mark port vent nord sol flex pro dent med log trans lux print data plast"
)
_OFFICES = spread("info office kontakt contact biuro sales hello mail recepcja team")


@dataclass(slots=True)
class Place:
    """Where somebody is."""

    street: str = ""
    city: str = ""
    postcode: str = ""


@dataclass(slots=True)
class Firm:
    """A company. ``forms`` are the writings of its legal form, ``once`` is its name before it was renamed."""

    country: Country
    name: str
    forms: tuple[str, ...]
    domain: str
    place: Place
    phone: str
    scheme: int
    once: str = ""


@dataclass(slots=True)
class Client:
    """Somebody or some company, with all that a record of them may hold."""

    country: Country
    names: Names
    place: Place
    woman: bool = False
    given: str = ""
    middle: str = ""
    family: str = ""
    maiden: str = ""
    emails: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    handle: str = ""
    jobs: list[tuple[Firm, str]] = field(default_factory=list)
    before: Place | None = None
    firm: Firm | None = None
    branch: str = ""


class World:
    """Makes clients, each address that is personal given to one only."""

    def __init__(self, rng: random.Random, number: int, families: float) -> None:
        self._rng = rng
        self._families = families
        self._names = all_names(rng)
        self._taken: set[int] = set()
        self._firms = [self._firm() for _ in range(max(8, number // 14))]
        self._weights = drawn(len(self._firms), _COMMON_FIRMS)
        self._next = 0

    def clients(self) -> Iterator[Client]:
        """One after the other, without end; households and branches come together."""
        while True:
            if self._rng.random() < _COMPANIES:
                yield from self._company()
            else:
                yield from self._people()

    # Companies

    def _firm(self) -> Firm:
        rng = self._rng
        country = rng.choices(COUNTRIES, cum_weights=SHARES)[0]
        names = self._names[country.code]
        name = self._firm_name(country, names)
        host = f"{letters(name)[:24]}.{choose(country.top, rng)}"
        while not self._take(host):
            host = f"{letters(name)[:20]}{rng.randrange(1000)}.{choose(country.top, rng)}"
        forms = tuple(rng.choices(country.forms, [8, *[1] * (len(country.forms) - 1)])[0].split("|"))
        once = self._firm_name(country, names) if rng.random() < 0.04 else ""
        return Firm(
            country,
            name,
            forms,
            host,
            self._place(country, names),
            self._landline(country),
            rng.randrange(5),
            once,
        )

    def _firm_name(self, country: Country, names: Names) -> str:
        rng = self._rng
        trade, family = choose(country.trades, rng), names.one(names.families, rng)
        brand = rng.choice(_BRANDS) + rng.choice(_ENDS)
        return rng.choices(
            (
                f"{family} {trade}",
                f"{brand} {trade}",
                f"{family} & {names.one(names.families, rng)}",
                brand,
                f"{trade} {rng.choice(names.cities)}",
                f"{''.join(rng.choice('ABCDEFGHKLMNPRSTW') for _ in range(3))} {trade}",
                f"{rng.choice(_BRANDS)} {choose(country.trades, rng)} {trade}",
            ),
            (30, 24, 10, 8, 8, 8, 12),
        )[0]

    def _company(self) -> Iterator[Client]:
        rng = self._rng
        if self._next == len(self._firms):
            self._firms.append(self._firm())
        firm = self._firms[self._next]
        self._next += 1
        names = self._names[firm.country.code]
        head = Client(firm.country, names, firm.place, firm=firm, phones=[firm.phone])
        head.roles = [f"{office}@{firm.domain}" for office in rng.sample(_OFFICES, rng.choice((1, 1, 2)))]
        yield head
        if rng.random() < 0.12:
            for _ in range(rng.choice((1, 1, 2, 3))):
                yield self._branch(head, firm)

    def _branch(self, head: Client, firm: Firm) -> Client:
        rng = self._rng
        place = self._place(firm.country, head.names)
        while place.city == head.place.city:
            place = self._place(firm.country, head.names)
        phone = head.phones[0] if rng.random() < 0.3 else self._landline(firm.country)
        own = f"{letters(place.city)}@{firm.domain}" if rng.random() < 0.5 else head.roles[0]
        return replace(head, place=place, phones=[phone], roles=[own], branch=place.city)

    # People

    def _people(self) -> Iterator[Client]:
        rng = self._rng
        if rng.random() < _EMPLOYED:
            firm = self._employer()
            yield self._employed(self._person(firm.country), firm)
            return
        country = rng.choices(COUNTRIES, cum_weights=SHARES)[0]
        first = self._person(country)
        household = [first]
        # A household brings several, so that its share of people is as asked.
        if rng.random() < self._families / (1 + 1.7 * (1 - self._families)):
            household += [self._relative(first) for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 4)))]
            self._share(household)
        yield from household

    def _employer(self) -> Firm:
        """One of the companies so far, the first ones more often."""
        for rank in range(len(self._weights), len(self._firms)):
            self._weights.append(self._weights[-1] + 1 / (rank + _COMMON_FIRMS))
        return self._rng.choices(self._firms, cum_weights=self._weights)[0]

    def _person(self, country: Country) -> Client:
        rng, names = self._rng, self._names[country.code]
        woman = rng.random() < 0.5
        family = names.one(names.families, rng)
        if rng.random() < 0.0006:
            family = rng.choice(_HARD_NAMES)
        one = Client(country, names, self._place(country, names), woman=woman, family=family)
        first = names.women if woman else names.men
        one.given = names.one(first, rng)
        if rng.random() < 0.15:
            one.middle = names.one(first, rng)
        if woman:
            one.family = of_woman(family, country.code)
            if rng.random() < 0.08:
                one.maiden = of_woman(names.one(names.families, rng), country.code)
        if rng.random() < 0.03:
            second = names.one(names.families, rng)
            one.family += "-" + (of_woman(second, country.code) if woman else second)
        self._channels(one)
        if rng.random() < 0.15:
            one.before = self._place(country, names)
        return one

    def _channels(self, one: Client) -> None:
        rng = self._rng
        one.emails = [self._address(one) for _ in range(1 if rng.random() < 0.82 else 2)]
        one.phones = [self._mobile(one.country) for _ in range(1 if rng.random() < 0.85 else 2)]
        if rng.random() < 0.12:
            one.handle = self._handle(one)

    def _relative(self, first: Client) -> Client:
        """Somebody who lives with another: mostly of the same surname, now and then a twin or of the same name."""
        rng = self._rng
        one = self._person(first.country)
        one.place, one.before, one.maiden = first.place, first.before, ""
        if rng.random() < 0.88:
            family = first.family
            if one.woman and not first.woman:
                family = of_woman(first.family, first.country.code)
            elif first.woman:
                one.woman = True
                one.given = one.names.one(one.names.women, rng)
            one.family = family
        if rng.random() < _NAMESAKES:
            one.given, one.family, one.woman = first.given, first.family, first.woman
        elif rng.random() < _TWINS:
            alike = [
                name
                for name in (one.names.women if first.woman else one.names.men)
                if name[:2] == first.given[:2]
            ]
            one.given, one.family, one.woman = rng.choice(alike or [one.given]), first.family, first.woman
        self._channels(one)
        return one

    def _share(self, household: list[Client]) -> None:
        """What a household has together: a landline, now and then an address that all of them use."""
        rng, first = self._rng, household[0]
        landline = self._landline(first.country) if rng.random() < _LANDLINE else ""
        shared = ""
        if rng.random() < _SHARED_MAIL:
            bare = letters(first.family)
            local = rng.choice((bare, f"family.{bare}", f"{bare}s", f"{bare}{rng.randrange(10, 99)}"))
            shared = self._free(local, first.country)
        for one in household:
            if landline and rng.random() < 0.7:
                one.phones.append(landline)
            if shared and rng.random() < 0.8:
                one.emails.append(shared)

    def _employed(self, one: Client, firm: Firm) -> Client:
        rng = self._rng
        one.jobs = [(firm, self._work(one, firm))]
        if rng.random() < 0.1:
            other = self._employer()
            one.jobs.append((other, self._work(one, other)))
        if rng.random() < 0.25:
            one.phones.append(firm.phone)
        return one

    # Addresses and numbers

    def _take(self, text: str) -> bool:
        """Whether nobody has it yet."""
        mark = hash(text)
        if mark in self._taken:
            return False
        self._taken.add(mark)
        return True

    def _work(self, one: Client, firm: Firm) -> str:
        first, last = letters(one.given) or "x", letters(one.family) or "x"
        local = (f"{first}.{last}", f"{first[0]}.{last}", f"{first[0]}{last}", first, f"{last}.{first}")[
            firm.scheme
        ]
        made, number = f"{local}@{firm.domain}", 2
        while not self._take(made):
            made, number = f"{local}{number}@{firm.domain}", number + 1
        return made

    def _address(self, one: Client) -> str:
        rng = self._rng
        first, last = letters(one.given) or "x", letters(one.family) or "x"
        year = rng.choice((str(rng.randrange(60, 105) % 100).zfill(2), str(rng.randrange(1960, 2005))))
        local = rng.choices(
            (
                f"{first}.{last}",
                f"{first}{last}",
                f"{last}.{first}",
                f"{first[0]}{last}",
                f"{first}_{last}",
                f"{first}{year}",
                f"{last}{year}",
                f"{first}.{last}{year}",
                f"{letters(rng.choice(_BRANDS))}{rng.choice(_ENDS)}{year}",
                f"{first[:3]}{last[:4]}{rng.randrange(10)}",
            ),
            (22, 10, 8, 8, 6, 8, 6, 14, 8, 6),
        )[0]
        return self._free(local, one.country)

    def _free(self, local: str, country: Country) -> str:
        rng = self._rng
        host = choose(country.mail, rng)
        made = f"{local}@{host}"
        while not self._take(made):
            made = f"{local}{rng.randrange(10000)}@{host}"
        return made

    def _handle(self, one: Client) -> str:
        rng = self._rng
        first, last = letters(one.given) or "x", letters(one.family) or "x"
        local = rng.choice(
            (
                f"{first}{last}",
                f"{first}_{last}",
                f"{first}.{rng.choice(_ENDS)}",
                f"{rng.choice(_ENDS)}{last}",
            )
        )
        while not self._take("@" + local):
            local = f"{local}{rng.randrange(100)}"
        return local

    def _mobile(self, country: Country) -> str:
        code, begins, size = country.calls
        first = begins if len(begins) < 3 else self._rng.choice(begins)
        return f"+{code}{first}{self._digits(size - len(first))}"

    def _landline(self, country: Country) -> str:
        code, _, size = country.calls
        return f"+{code}{self._rng.choice('1234')}{self._digits(size - 1)}"

    def _digits(self, number: int) -> str:
        return str(self._rng.randrange(10**number)).zfill(number)

    def _place(self, country: Country, names: Names) -> Place:
        rng = self._rng
        house = str(rng.randrange(1, 180))
        if rng.random() < 0.12:
            house += rng.choice(("a", "b", "/3", "/12", "A"))
        street = country.street.format(s=names.one(names.families, rng), n=house)
        return Place(street, names.one(names.cities, rng), _postcode(country.postcode, rng))


def _postcode(pattern: str, rng: random.Random) -> str:
    made = (
        str(rng.randrange(10)) if sign == "#" else rng.choice("ABCDEGHKLMNPRSTW") if sign == "X" else sign
        for sign in pattern
    )
    return "".join(made)
