"""Clients made comparable in one line, and pairs of clients with everything a base may hold."""

import random
from typing import Any

from console.data.duplicates.form import Form, form
from console.data.duplicates.raw import Raw

_GIVEN = (
    "Anna",
    "Kasia",
    "Katarzyna",
    "Robert",
    "Bob",
    "Jan",
    "Żaneta",
    "Müller",
    "A",
    "",
    "Null",
    "محمد",
    "李雷",
)
_FAMILY = (
    "Kowalska",
    "Kowalski",
    "Nowak",
    "Novak",
    "Smith-Jones",
    "Smith",
    "O'Neill",
    "de la Cruz",
    "",
    "None",
)
_COMPANY = (
    "Acme Sp. z o.o.",
    "ACME",
    "Acme Kraków",
    "Sun Ocean Studio Ltd",
    "SOS",
    "Хліб ТОВ",
    "",
    "🚀",
    "1234",
)
_LOCAL = (
    "anna.kowalska",
    "a.kowalska",
    "kowalska",
    "info",
    "ifno",
    "gdynia",
    "x",
    "robert255",
    "annakowalska",
)
_HOST = ("gmail.com", "googlemail.com", "acme.pl", "acme.com", "wp.pl", "mail.acme.co.uk", "żółw.pl", "")
_PHONE = (
    "+48 601 555 010",
    "601555010",
    "(601) 555-010",
    "601555011",
    "00441632960961",
    "12",
    "٦٠١٥٥٥٠١٠",
    "",
)
_CITY = ("Warszawa", "Warsaw", "Warszwa", "Kraków", "", "München")
_BIRTH = ("1978-11-12", "12/11/1978", "19781112", "Mar 1 1970", "1970", "31.12.1999", "soon", "")


def person(name: str = "", **known: Any) -> Form:
    """A person, made comparable."""
    return form(Raw("person", name, **known))


def company(name: str = "", **known: Any) -> Form:
    """A company, made comparable."""
    return form(Raw("company", name, **known))


def anybody(chance: random.Random) -> Form:
    """Some client: most clues of few values, so that any two may agree, nearly agree or differ in each."""
    pick = chance.choice
    kind = pick(("person", "person", "company", ""))
    apart = kind == "person" and chance.random() < 0.4
    name = pick(_COMPANY) if kind != "person" else f"{pick(_GIVEN)} {pick(_FAMILY)}"
    return form(
        Raw(
            kind,
            name="" if apart else name,
            given_name=pick(_GIVEN) if apart else "",
            family_name=pick(_FAMILY) if apart else "",
            emails=tuple(f"{pick(_LOCAL)}@{pick(_HOST)}" for _ in range(chance.randrange(3))),
            phones=tuple(pick(_PHONE) for _ in range(chance.randrange(3))),
            handles=tuple(f"twitter:{pick(_LOCAL)}" for _ in range(chance.randrange(2))),
            organization=pick(_COMPANY) if chance.random() < 0.3 else "",
            mail_domains=(pick(_HOST),) if chance.random() < 0.2 else (),
            street=pick(("12 Main Street", "Main St. 12/4", "ul. Długa 7", "")),
            city=pick(_CITY),
            postcode=pick(("00-950", "00950", "30-001", "")),
            birth_date=pick(_BIRTH),
            external_id=pick(("C-1001", "c1001", "C-1002", "")),
        )
    )
