"""Invented clients, before they are written: persons, companies, families, and duplicates on purpose."""

from collections import deque
from dataclasses import dataclass, field, replace

from console.data.normalize import fold
from console.demo.companies import Company
from console.demo.names import NAMES
from console.demo.people import Inventor, Phone, Place, letters
from console.demo.places import Country

REMEMBERED = 300


@dataclass(slots=True)
class Record:
    """A client to be. ``handles`` are (type, name) pairs."""

    kind: str
    name: str
    country: Country
    place: Place | None
    given: str = ""
    family: str = ""
    company: Company | None = None
    emails: list[str] = field(default_factory=list)
    phones: list[Phone] = field(default_factory=list)
    handles: list[tuple[str, str]] = field(default_factory=list)
    username: str | None = None
    external_id: str = ""


class Records:
    """Makes one record after the other; some depend on those made just before."""

    def __init__(self, inventor: Inventor, companies: list[Company]) -> None:
        self._inventor = inventor
        self._rng = inventor.rng
        self._companies = companies
        self._recent: deque[Record] = deque(maxlen=REMEMBERED)
        self._number = 0

    def next(self) -> Record:
        """The next client."""
        self._number += 1
        chance = self._rng.random()
        if self._recent and chance < 0.04:
            record = self._duplicate(self._rng.choice(self._recent))
        elif self._recent and chance < 0.08:
            record = self._relative(self._rng.choice(self._recent))
        elif chance < 0.2:
            record = self._office()
        else:
            record = self._person()
        self._recent.append(record)
        return record

    # Kinds

    def _person(self) -> Record:
        rng, inventor = self._rng, self._inventor
        company = rng.choice(self._companies) if self._companies and rng.random() < 0.6 else None
        country = company.country if company and rng.random() < 0.95 else inventor.country()
        given, family, _ = inventor.person(country)
        place, area = inventor.place(country)
        name = (
            f"{family} {given}"
            if country.code in ("PL", "UA") and rng.random() < 0.06
            else f"{given} {family}"
        )
        record = Record("person", name, country, place, given, family, company)
        if rng.random() < 0.35:
            record.place = None
        if rng.random() < 0.93:
            record.emails.append(
                inventor.email(given, family, company.host if company else inventor.free_mail())
            )
        if company and rng.random() < 0.12:
            record.emails.append(inventor.email(given, family, inventor.free_mail()))
        if rng.random() < 0.62:
            record.phones.append(inventor.mobile(country))
        if company and rng.random() < 0.3:
            record.phones.append(company.switchboard)
        elif rng.random() < 0.12:
            record.phones.append(inventor.landline(country, area))
        self._handles(record)
        if not record.emails and not record.phones:
            record.phones.append(inventor.mobile(country))
        self._names_of_their_own(record)
        return record

    def _office(self) -> Record:
        """A company as a client: a role address, the switchboard, perhaps one of several branches."""
        rng, inventor = self._rng, self._inventor
        if self._companies and rng.random() < 0.7:
            company = rng.choice(self._companies)
            name, host, country = company.name, company.host, company.country
            town = inventor.place(country)
            place = company.place if rng.random() < 0.5 else town[0]
            name += f", {place.city}" if place is not company.place else ""
            switchboard = company.switchboard
        else:
            company, country = None, inventor.country()
            name, host = inventor.company(country)
            place, area = inventor.place(country)
            switchboard = inventor.landline(country, area)
        record = Record("company", name, country, place, company=company)
        record.emails.append(
            inventor.free(rng.choice((country.role, country.role, "info", "office")), "@" + host)
        )
        record.phones.append(switchboard)
        if rng.random() < 0.1:
            record.handles.append(("linkedin", inventor.free(host.split(".")[0])))
        self._names_of_their_own(record)
        return record

    def _relative(self, other: Record) -> Record:
        """Somebody of the same household: the name, the address and often the telephone are shared."""
        if other.kind != "person":
            return self._person()
        rng, inventor, country = self._rng, self._inventor, other.country
        given, _, woman = inventor.person(country)
        family = other.family
        for man_ends, woman_ends in NAMES[country.code].feminine[:3]:
            if woman and family.endswith(man_ends):
                family = family.removesuffix(man_ends) + woman_ends
                break
            if not woman and family.endswith(woman_ends):
                family = family.removesuffix(woman_ends) + man_ends
                break
        place = other.place or inventor.place(country)[0]
        record = Record("person", f"{given} {family}", country, place, given, family)
        if rng.random() < 0.6 or not other.phones:
            record.emails.append(inventor.email(given, family, inventor.free_mail()))
        record.phones += other.phones[:1]
        self._handles(record)
        return record

    def _duplicate(self, other: Record) -> Record:
        """The same client once more, as it comes in by another channel or another hand."""
        rng = self._rng
        copy = replace(other, emails=[], phones=list(other.phones), handles=[], username=None, external_id="")
        if other.kind == "company":
            self._vary_company(copy)
        else:
            self._vary_person(copy)
        keeps_phone = bool(copy.phones) and rng.random() < 0.6
        if not keeps_phone:
            copy.phones = []
        if not keeps_phone or rng.random() < 0.5:
            host = other.company.host if other.company and rng.random() < 0.3 else self._inventor.free_mail()
            given, family = (
                (copy.given, copy.family) if copy.given else (other.country.role, letters(other.name))
            )
            copy.emails.append(self._inventor.email(given, family, host))
        if rng.random() < 0.5:
            copy.company = None
        if rng.random() < 0.3:
            copy.place = None
        return copy

    # Parts

    def _vary_person(self, copy: Record) -> None:
        rng, inventor = self._rng, self._inventor
        given, family = copy.given, copy.family
        ways = (
            f"{family} {given}",
            f"{inventor.nickname(copy.country, given)} {family}",
            f"{given} {inventor.misspelt(family)}",
            f"{given[0]}. {family}",
            f"{_plain(given)} {_plain(family)}",
            f"{given} {family}".upper(),
            f"{given} {family}",
        )
        copy.name = rng.choice(ways)

    def _vary_company(self, copy: Record) -> None:
        for form in copy.country.forms:
            if copy.name.endswith(f" {form}"):
                copy.name = copy.name.removesuffix(f" {form}")
                break
        if self._rng.random() < 0.3:
            copy.name = self._inventor.misspelt(copy.name)

    def _handles(self, record: Record) -> None:
        rng = self._rng
        for kind, share in (("facebook", 0.05), ("twitter", 0.03), ("linkedin", 0.04), ("chat", 0.03)):
            if rng.random() < share:
                mark = "" if kind == "chat" else "."
                name = f"{letters(record.given)}{mark}{letters(record.family)}"
                record.handles.append((kind, self._inventor.free(name)))

    def _names_of_their_own(self, record: Record) -> None:
        rng = self._rng
        if rng.random() < 0.25:
            start = (
                f"{letters(record.given)[:1]}{letters(record.family)}"
                if record.given
                else letters(record.name)[:20]
            )
            record.username = self._inventor.free(start or "client")
        if rng.random() < 0.3:
            record.external_id = f"K-{self._number:06d}"


def _plain(text: str) -> str:
    """A name as it is typed without the national keyboard."""
    return fold(text).title()
