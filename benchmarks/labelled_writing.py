"""How clients are written down: by whom knows half of it, in a hurry, from a scan, in another alphabet."""

from __future__ import annotations

import random

from benchmarks.labelled_countries import choose, latin, plain
from benchmarks.labelled_people import Client, Firm
from benchmarks.noise import misread, other_digit, typo

Record = dict[str, str]
_TAGS = ("support", "web", "shop", "1", "helpdesk", "account")


class Writer:
    """Writes records; ``noise`` multiplies how often something goes amiss."""

    def __init__(self, rng: random.Random, noise: float) -> None:
        self._rng = rng
        self._noise = noise

    def _amiss(self, share: float) -> bool:
        return self._rng.random() < share * self._noise

    def _now(self, share: float) -> bool:
        return self._rng.random() < share

    def record(self, one: Client, *, again: bool) -> Record:
        """One record of a client; ``again``: there is one already, so that something may have changed since."""
        found = self._company(one, one.firm, again=again) if one.firm else self._person(one, again=again)
        self._place(one, found, again=again)
        return found

    # People

    def _person(self, one: Client, *, again: bool) -> Record:
        found = {"kind": "person"}
        job = one.jobs[-1 if again and self._now(0.7) else 0] if one.jobs else None
        emails = self._emails(one, job)
        phones = [self._phone(number) for number in one.phones if self._now(0.38)]
        if self._now(0.6 if one.handle else 0):
            found["handles"] = one.handle
        if not emails and not phones and "handles" not in found:
            if self._now(0.5):
                emails = [self._email(one.emails[0])]
            else:
                phones = [self._phone(one.phones[0])]
        found["name"] = self._name(one, again=again, named=bool(emails))
        found["emails"], found["phones"] = "|".join(emails), "|".join(phones)
        if job and self._now(0.5):
            found["org"] = self._firm_name(job[0], again=again)
            if self._now(0.15):
                found["domain"] = job[0].domain
        return found

    def _emails(self, one: Client, job: tuple[Firm, str] | None) -> list[str]:
        if not self._now(0.88):
            return []
        if job and self._now(0.68):
            some = [job[1]]
            if self._now(0.06):
                some.append(one.emails[0])
        elif len(one.emails) > 1 and self._now(0.08):
            some = list(one.emails)
        else:
            some = [self._rng.choice(one.emails)]
        return [self._email(email) for email in dict.fromkeys(some)]

    def _email(self, email: str) -> str:
        local, _, host = email.partition("@")
        if self._amiss(0.02):
            local = typo(local, self._rng)
        elif self._amiss(0.006):
            local = misread(local, self._rng)
        if self._amiss(0.006):
            name, _, top = host.partition(".")
            host = f"{typo(name, self._rng)}.{top}"
        if self._now(0.03):
            local += "+" + self._rng.choice(_TAGS)
        if host == "gmail.com" and self._now(0.04) and len(local) > 5:
            local = f"{local[:3]}.{local[3:]}" if "." not in local else local.replace(".", "", 1)
        made = f"{local}@{host}"
        return made.upper() if self._now(0.02) else made.capitalize() if self._now(0.02) else made

    def _phone(self, number: str) -> str:
        if self._amiss(0.012):
            number = other_digit(number, self._rng)
        digits = number[1:]
        code = 3 if digits[:3] in ("421", "380", "359", "351") else 2
        own = digits[code:]
        how = self._rng.random()
        if how < 0.4:
            return number
        if how < 0.55:
            return f"+{digits[:code]} {own[:3]} {own[3:6]} {own[6:]}"
        if how < 0.63:
            return f"00{digits}"
        if how < 0.75:
            return f"0{own}" if digits[:2] not in ("48", "39") else own
        if how < 0.85:
            return f"{own[:2]} {own[2:5]} {own[5:7]} {own[7:]}"
        return own if how < 0.95 else f"({own[:2]}) {own[2:6]}-{own[6:]}"

    def _name(self, one: Client, *, again: bool, named: bool) -> str:
        given, family = one.given, one.family
        if again and one.maiden and self._now(0.4):
            family = one.maiden if self._now(0.75) else f"{one.maiden}-{family}"
        if "-" in family and self._now(0.25):
            family = family.partition("-")[0] if self._now(0.5) else family.replace("-", " ")
        given = self._given(one, given)
        if one.middle and self._now(0.35):
            given += f" {one.middle}" if self._now(0.6) else f" {one.middle[0]}."
        if self._now(0.045):
            given = given[0] + ("." if self._now(0.7) else "")
        given, family = self._mistyped(given, family)
        if named and self._now(0.11):
            return ("", given, family)[self._rng.choices((0, 1, 2), (3, 5, 3))[0]]
        return self._cased(self._ordered(one, *self._lettered(given, family)))

    def _given(self, one: Client, given: str) -> str:
        short = one.names.short.get(given)
        if short and self._now(0.2):
            return short
        return given

    def _mistyped(self, given: str, family: str) -> tuple[str, str]:
        if self._amiss(0.035):
            given = typo(given, self._rng)
        if self._amiss(0.045):
            family = typo(family, self._rng)
        elif self._amiss(0.012):
            family = misread(family, self._rng)
        return given, family

    def _lettered(self, given: str, family: str) -> tuple[str, str]:
        """Without marks, or in Latin letters, as much of the world writes it."""
        foreign = latin(given) != given or latin(family) != family
        if foreign and self._now(0.45):
            older = self._now(0.35)
            return latin(given, older=older), latin(family, older=older)
        if not foreign and self._now(0.25):
            umlauts = self._now(0.5)
            return plain(given, umlauts=umlauts), plain(family, umlauts=umlauts)
        return given, family

    def _ordered(self, one: Client, given: str, family: str) -> str:
        usual = one.country.code != "HU"
        if self._now(0.06 if usual else 0.35):
            usual = not usual
        if self._now(0.05):
            return f"{family}, {given}"
        made = f"{given} {family}" if usual else f"{family} {given}"
        return f"{choose(one.country.titles, self._rng)} {made}" if self._now(0.03) else made

    def _cased(self, name: str) -> str:
        how = self._rng.random()
        if how < 0.05:
            return name.lower()
        return name.upper() if how < 0.08 else name

    # Companies

    def _company(self, one: Client, firm: Firm, *, again: bool) -> Record:
        found = {"kind": "company"}
        name = self._firm_name(firm, again=again)
        if one.branch and self._now(0.85):
            name = choose(
                (f"{name} {one.branch}", f"{name}, {one.branch}", f"{name} ({one.branch})"), self._rng
            )
        elif self._now(0.03):
            name = f"{name} {one.place.city}"
        emails = [self._email(self._rng.choice(one.roles))] if self._now(0.82) else []
        phones = [self._phone(number) for number in one.phones if self._now(0.6)]
        found["name"] = "" if emails and self._now(0.04) else name
        found["emails"], found["phones"] = "|".join(emails), "|".join(phones)
        if self._now(0.3):
            found["domain"] = firm.domain
        return found

    def _firm_name(self, firm: Firm, *, again: bool) -> str:
        name = firm.once if again and firm.once and self._now(0.5) else firm.name
        if self._amiss(0.035):
            name = typo(name, self._rng)
        if self._amiss(0.015):
            name = misread(name, self._rng)
        if " " in name and self._now(0.03):
            name = name.replace(" ", self._rng.choice(("", "-")), 1)
        elif name.count(" ") > 1 and self._now(0.03):
            name = name.rpartition(" ")[0]
        elif name.count(" ") > 1 and self._now(0.012):
            name = "".join(word[0] for word in name.split() if word[0].isalpha()).upper()
        if "&" in name and self._now(0.3):
            name = name.replace("&", choose(("und", "i", "and", "+"), self._rng))
        if self._now(0.6):
            name = f"{name} {self._rng.choice(firm.forms)}"
        if not name.isascii() and self._now(0.3):
            name = plain(latin(name, older=self._now(0.3)))
        return self._cased(name)

    # Places

    def _place(self, one: Client, found: Record, *, again: bool) -> None:
        if not self._now(0.45):
            return
        place = one.before if again and one.before and self._now(0.5) else one.place
        found["city"] = self._spelt(place.city)
        if self._now(0.75):
            found["street"] = self._spelt(place.street)
            found["postcode"] = place.postcode if self._now(0.8) else ""
            if self._now(0.15):
                found["postcode"] = found["postcode"].replace("-", "").replace(" ", "")
            if self._amiss(0.03):
                found["postcode"] = other_digit(found["postcode"], self._rng)
        if self._now(0.8):
            found["country"] = one.country.code

    def _spelt(self, text: str) -> str:
        if self._amiss(0.025):
            text = typo(text, self._rng)
        if text.isascii() or not self._now(0.25):
            return text
        return plain(latin(text))
