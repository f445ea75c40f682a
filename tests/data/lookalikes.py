"""Clients of whom some are written down twice, with what people get wrong: made up, the same for the same seed."""

import random
from collections.abc import Sequence
from typing import Any

from console.data.change import Change
from console.data.desk import Desk
from console.data.models.clients import client, identity
from console.data.records import Actor

FIRST = (
    "Anna",
    "Katarzyna",
    "Piotr",
    "Łukasz",
    "Jürgen",
    "Zoë",
    "Thomas",
    "Maria",
    "Ines",
    "Olga",
    "Null",
    "Tomasz",
)
LAST = (
    "Nowak",
    "Kowalski",
    "Müller",
    "García",
    "Novák",
    "Smith",
    "Dubois",
    "None",
    "Żak",
    "Larsen",
    "Wiśniewska",
)
CITIES = ("Warszawa", "Kraków", "Berlin", "Praha", "London", "Paris")
STREETS = ("Długa", "Polna", "High Street", "Hauptstraße", "Leśna")


async def make(desk: Desk, actor: Actor, count: int, seed: int = 1) -> list[int]:
    """Write clients, a third of them copies of another; returns their ids, a copy behind its original."""
    rng = random.Random(seed)
    people: list[dict[str, Any]] = []
    while len(people) < count:
        person = _person(rng, len(people))
        people.append(person)
        if rng.random() < 0.5:
            people.append(_copy(rng, person, len(people)))
    async with desk.change(actor, "client.add") as change:
        return await _written(change, people[:count])


async def _written(change: Change, people: Sequence[dict[str, Any]]) -> list[int]:
    own = ("name", "street", "city", "postcode")
    rows = [{name: one[name] for name in own} | {"status": "approved", "country": "PL"} for one in people]
    ids = await change.insert_many(client, rows)
    owned = [
        {
            "client_id": number,
            "type": kind,
            "raw": one[kind],
            "normalized": one[kind],
            "mobile": kind == "phone",
        }
        for number, one in zip(ids, people, strict=True)
        for kind in ("email", "phone")
        if one[kind]
    ]
    await change.insert_many(identity, owned)
    return ids


def _person(rng: random.Random, number: int) -> dict[str, Any]:
    first, last = rng.choice(FIRST), rng.choice(LAST)
    return {
        "name": f"{first} {last}",
        "email": f"{last.lower()}.{number}@gmail.com" if rng.random() < 0.8 else "",
        "phone": f"+48600{rng.randrange(10**6):06d}" if rng.random() < 0.7 else "",
        "street": f"{rng.choice(STREETS)} {rng.randrange(1, 90)}" if rng.random() < 0.6 else "",
        "city": rng.choice(CITIES) if rng.random() < 0.7 else "",
        "postcode": f"{rng.randrange(100):02d}-{rng.randrange(1000):03d}" if rng.random() < 0.4 else "",
    }


def _copy(rng: random.Random, person: dict[str, Any], number: int) -> dict[str, Any]:
    """The same person as another colleague wrote them down: another address, a slip in the name, less known."""
    first, last = person["name"].split(" ")
    name = rng.choice(
        (f"{last}, {first}", f"{first[0]}. {last}", _slip(rng, person["name"]), person["name"].upper())
    )
    known = {
        key: person[key] if rng.random() < 0.6 else "" for key in ("phone", "street", "city", "postcode")
    }
    return {"name": name, "email": f"{first.lower()}{number}@work{number % 7}.example", **known}


def _slip(rng: random.Random, name: str) -> str:
    at = rng.randrange(1, len(name) - 1)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
