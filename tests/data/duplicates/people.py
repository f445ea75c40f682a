"""Clients who are here twice, made for the tests of the search."""

import random
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from console.data.desk import Desk
from console.data.duplicates import feed
from console.data.models.clients import client, identity
from console.data.models.duplicates import duplicate_form, duplicate_pair
from console.data.normalize import identity as normalized
from console.data.records import Actor

FIRST = ("Anna", "Jan", "Łukasz", "Zofia", "Maria", "Piotr", "Jürgen", "Ines", "Tomáš", "Olga")
LAST = ("Nowak", "Kowalski", "Żak", "Müller", "García", "Novák", "Smith", "Dubois", "Rossi", "Larsen")
Row = tuple[Any, ...]


async def add(desk: Desk, who: Actor, name: str, *identities: str, **values: Any) -> int:
    """A client with e-mail addresses and phones, in a change of their own; returns their id."""
    async with desk.change(who, "client.add") as change:
        client_id = await change.insert(client, name=name, **values)
        for position, raw in enumerate(identities):
            one = normalized("email" if "@" in raw else "phone", raw, country="PL")
            await change.insert(
                identity,
                client_id=client_id,
                type=one.type,
                raw=one.raw,
                normalized=one.normalized,
                mobile=one.mobile,
                position=position,
            )
        change.entry.object_type, change.entry.object_id = "client", client_id
    return client_id


async def twice(desk: Desk, who: Actor, name: str = "Katarzyna Wiśniewska") -> tuple[int, int]:
    """Somebody who is here twice, the second time without diacritics and with another address."""
    one = await add(desk, who, name, "katarzyna.wisniewska@acme.example", "601 555 010", city="Gdynia")
    other = await add(
        desk, who, "Kasia Wisniewska", "k.wisniewska@post.example", "+48 601 555 010", city="Gdynia"
    )
    return one, other


async def crowd(desk: Desk, who: Actor, count: int, seed: int = 3) -> list[int]:
    """Made-up people, every fifth of them here twice; the same for the same seed."""
    rng = random.Random(seed)
    ids: list[int] = []
    async with desk.change(who, "demo.make") as change:
        for number in range(count):
            first, last = rng.choice(FIRST), rng.choice(LAST)
            phone, city = f"+4860{number:07d}", rng.choice(("Gdynia", "Praha", "Wien"))
            ids.append(await change.insert(client, name=f"{first} {last}{number % 37}", city=city))
            addresses = [f"{first}.{last}{number}@example{number % 7}.org"]
            if number % 5 == 0:
                ids.append(await change.insert(client, name=f"{last}{number % 37}, {first}", city=city))
                addresses.append(f"{first}{last}{number}@post.example")
            rows = [
                {"client_id": one, "type": kind, "raw": raw, "normalized": raw.lower()}
                for one, address in zip(ids[-len(addresses) :], addresses, strict=True)
                for kind, raw in (("email", address), ("phone", phone))
            ]
            await change.insert_many(identity, rows)
    return ids


async def scored(desk: Desk) -> None:
    """Everybody who waits for it is compared, and nobody waits any more."""
    await feed.catch_up(desk)
    async with desk.read() as connection:
        waiting = select(duplicate_form.c.client_id).where(duplicate_form.c.unscored)
        assert (await connection.execute(waiting)).all() == []


async def pairs(desk: Desk) -> list[Row]:
    """What is stored of each pair, but for ids and times; groups by the clients of the pair that leads."""
    pair = duplicate_pair.c
    names = ("first_id", "second_id", "relation", "queue", "score", "percent", "levels", "model_version")
    async with desk.read() as connection:
        rows = (
            await connection.execute(select(duplicate_pair).order_by(pair.first_id, pair.second_id))
        ).all()
    leads = {row.id: (row.first_id, row.second_id) for row in rows}
    return [(*(getattr(row, name) for name in names), leads[row.group_id]) for row in rows]


async def queues(desk: Desk, ids: Sequence[int]) -> dict[tuple[int, int], str]:
    """In which queue each pair of these clients stands, by their places among them."""
    places = {one: place for place, one in enumerate(ids)}
    return {
        (places[row[0]], places[row[1]]): row[3]
        for row in await pairs(desk)
        if row[0] in places and row[1] in places
    }
